/* hold_drop_set.c - the commands that make and change a drop. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/hold/hold_drop_store.h"
#include "store/event.h"

err_t drop_tell(struct ctx *ctx, const char *type, const struct drop *drop,
                const struct drop_entry *entry)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", drop->version);
    json_put_id(&out, "sku", "sku", drop->sku.v);
    if (entry) {
        json_put_id(&out, "entry", "dwt", entry->id.v);
        json_put_i64(&out, "quantity", entry->qty);
        if (entry->hold.v)
            json_put_id(&out, "hold", "hld", entry->hold.v);
    }
    json_end_object(&out);
    return event_add(ctx, type, "drop", drop->id.v, buf_str(&buf), NULL);
}

static err_t check_drop(struct ctx *ctx, const struct drop *drop)
{
    TRY(check_line(ctx, "name", drop->name, 1, LIMIT_NAME_BYTES));
    TRY(check_range(ctx, "customer_cap", drop->cap, 1, LIMIT_DROP_CAP));
    TRY(check_range(ctx, "offer_ttl_s", drop->offer_ttl_s, 0,
                    LIMIT_HOLD_TTL_S));
    if (drop->ends_at <= drop->starts_at)
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "ends_at",
                       "must be after starts_at");
    return OK;
}

/* Of two drops of one SKU and channel nobody could say which binds. */
static err_t check_apart(struct ctx *ctx, const struct drop *drop)
{
    struct drop *others;
    size_t count;
    TRY(drop_lock_skus(ctx, &drop->sku, 1, &others, &count));
    for (size_t i = 0; i < count; i++) {
        const struct drop *other = &others[i];
        bool is_same = drop->channel.v == 0 || other->channel.v == 0 ||
                       drop->channel.v == other->channel.v;
        if (other->id.v != drop->id.v && is_same &&
            other->starts_at < drop->ends_at &&
            drop->starts_at < other->ends_at)
            return fail_as(ctx, ERR_CONFLICT, "drop_overlaps", "starts_at",
                           "another drop of this SKU runs at that time");
    }
    return OK;
}

static err_t find_codes(struct ctx *ctx, const struct drop_cmd *cmd,
                        struct drop *drop)
{
    struct sku sku;
    struct channel channel;
    bool is_found;
    TRY(sku_find(ctx, cmd->sku, &sku, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    if (!sku.is_tracked)
        return fail_as(ctx, ERR_INVALID, "sku_untracked", "sku",
                       "the SKU takes no stock: there is nothing to share out");
    drop->sku = sku.id;
    drop->sku_code = sku.code;
    if (cmd->channel.len == 0)
        return OK;
    TRY(channel_find(ctx, cmd->channel, &channel, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with this code");
    drop->channel = channel.id;
    drop->channel_code = channel.code;
    return OK;
}

err_t drop_create(struct ctx *ctx, const struct drop_cmd *cmd, drop_id *ret)
{
    ASSERT(ctx->tx != NULL);
    struct drop drop = {
        .name = cmd->name,
        .cap = cmd->cap,
        .greatest_cap = cmd->cap,
        .starts_at = cmd->starts_at ? cmd->starts_at : ctx->now,
        .ends_at = cmd->ends_at,
        .offer_ttl_s = cmd->offer_ttl_s,
        .version = 1,
        .created_at = ctx->now,
    };
    TRY(find_codes(ctx, cmd, &drop));
    TRY(check_drop(ctx, &drop));
    TRY(sku_flag_drop(ctx, drop.sku)); /* Also makes two creators take turns. */
    TRY(check_apart(ctx, &drop));
    drop.id.v = id_next(ctx->ids, ctx->now, id_bucket(drop.sku.v));
    TRY(drop_insert(ctx, &drop));
    TRY(drop_tell(ctx, "drop.created", &drop, NULL));
    *ret = drop.id;
    return OK;
}

err_t drop_set(struct ctx *ctx, drop_id id, const struct drop_change *change)
{
    ASSERT(ctx->tx != NULL);
    struct drop drop;
    TRY(drop_lock(ctx, id, &drop));
    TRY(check_version(ctx, change->version, drop.version));
    if (change->name)
        drop.name = *change->name;
    if (change->cap)
        drop.cap = *change->cap;
    if (change->offer_ttl_s)
        drop.offer_ttl_s = *change->offer_ttl_s;
    if (change->starts_at)
        drop.starts_at = *change->starts_at;
    if (change->ends_at)
        drop.ends_at = *change->ends_at;
    if (drop.cap > drop.greatest_cap)
        drop.greatest_cap = drop.cap;
    TRY(check_drop(ctx, &drop));
    TRY(check_apart(ctx, &drop));
    drop.version += 1;
    TRY(drop_save(ctx, &drop));
    return drop_tell(ctx, "drop.changed", &drop, NULL);
}
