/* inventory_place.c - the commands that create and change locations. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_store.h"
#include "store/event.h"

static err_t tell(struct ctx *ctx, const char *type,
                  const struct location_row *row)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", row->location.code);
    json_put_bool(&out, "is_active", row->location.is_active);
    json_put_bool(&out, "is_shipping", row->location.is_shipping);
    json_put_i64(&out, "version", row->version);
    json_end_object(&out);
    return event_add(ctx, type, "location", row->location.id.v, buf_str(&buf),
                     NULL);
}

err_t location_create(struct ctx *ctx, const struct location_cmd *cmd,
                      location_id *ret)
{
    ASSERT(ctx->tx != NULL);
    struct location other;
    bool found;
    TRY(location_check(ctx, cmd));
    TRY(location_find(ctx, cmd->code, &other, &found));
    if (found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a location with this code");
    struct location_row row = {
        .location = {.id = {id_next(ctx->ids, ctx->now, 0)},
                     .type = cmd->type,
                     .is_active = true,
                     .is_shipping = cmd->is_shipping,
                     .code = cmd->code,
                     .name = cmd->name},
        .address = cmd->address.len > 0 ? cmd->address : STR("{}"),
        .has_point = cmd->has_point,
        .lat_e6 = cmd->lat_e6,
        .lon_e6 = cmd->lon_e6,
        .tz = cmd->tz,
        .is_pickup = cmd->is_pickup,
        .attrs = cmd->attrs.len > 0 ? cmd->attrs : STR("{}"),
        .version = 1,
        .created_at = ctx->now,
    };
    int64_t added;
    TRY(location_row_add(ctx, &row, &added));
    if (added != 1)
        return ERR_RETRY; /* Another writer was faster: look again. */
    TRY(tell(ctx, "location.created", &row));
    *ret = row.location.id;
    return OK;
}

static void apply(const struct location_change *change,
                  struct location_row *row)
{
    if (change->name)
        row->location.name = *change->name;
    if (change->address)
        row->address = *change->address;
    if (change->tz)
        row->tz = *change->tz;
    if (change->attrs)
        row->attrs = *change->attrs;
    if (change->type)
        row->location.type = *change->type;
    if (change->lat_e6) {
        row->has_point = true;
        row->lat_e6 = *change->lat_e6;
        row->lon_e6 = *change->lon_e6;
    }
    if (change->clears_point)
        row->has_point = false;
    if (change->is_active)
        row->location.is_active = *change->is_active;
    if (change->is_shipping)
        row->location.is_shipping = *change->is_shipping;
    if (change->is_pickup)
        row->is_pickup = *change->is_pickup;
}

err_t location_change(struct ctx *ctx, location_id id,
                      const struct location_change *change)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(!change->lat_e6 == !change->lon_e6);
    ASSERT(!change->clears_point || !change->lat_e6);
    struct location_row row;
    TRY(location_row_lock(ctx, id, &row));
    TRY(check_version(ctx, change->version, row.version));
    apply(change, &row);
    struct location_cmd cmd = {
        .code = row.location.code,
        .name = row.location.name,
        .type = row.location.type,
        .address = row.address,
        .has_point = row.has_point,
        .lat_e6 = row.lat_e6,
        .lon_e6 = row.lon_e6,
        .tz = row.tz,
        .attrs = row.attrs,
    };
    TRY(location_check(ctx, &cmd));
    TRY(location_row_save(ctx, &row));
    ASSERT(row.version == change->version + 1);
    return tell(ctx, "location.changed", &row);
}
