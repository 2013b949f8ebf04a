/* shipping_manifest.c - parcels given to their carrier at the end of a day, and
 * carriers that come for them. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_named.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_handover_sql.h"
#include "oms/shipping/shipping_pack.h"
#include "store/event.h"
#include "store/sql.h"

/* The error of a visit that was called off, and its carrier had booked. */
#define STILL_COMES "its carrier has booked it: call it off there"

const char *handover_state_name(enum handover_state state)
{
    switch (state) {
    case HANDOVER_REQUESTED: return "requested";
    case HANDOVER_CONFIRMED: return "confirmed";
    case HANDOVER_REFUSED: return "refused";
    case HANDOVER_CANCELLED: return "cancelled";
    }
    UNREACHABLE("not a state of a manifest");
}

/* ---- rows ---- */

/* Newest first. */
static err_t page(struct ctx *ctx, int stmt, int64_t after, size_t limit,
                  struct handover **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after ? after : INT64_MAX),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct handover, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct handover){
            .id = sql_int(&rows, i, 0),
            .location = {sql_int(&rows, i, 1)},
            .account = {sql_int(&rows, i, 2)},
            .state = (enum handover_state)sql_int(&rows, i, 3),
            .ready_at = sql_int(&rows, i, 4),
            .until = sql_int(&rows, i, 5),
            .packages = sql_int(&rows, i, 6),
            .weight_g = sql_int(&rows, i, 7),
            .confirmation = sql_str(&rows, i, 8),
            .error = sql_str(&rows, i, 9),
            .version = sql_int(&rows, i, 10),
            .created_at = sql_int(&rows, i, 11),
            .updated_at = sql_int(&rows, i, 12),
        };
    return OK;
}

static err_t one(struct ctx *ctx, int stmt, int64_t id, struct handover *ret)
{
    struct handover *rows;
    size_t count;
    TRY(page(ctx, stmt, id + 1, 1, &rows, &count));
    if (count == 0 || rows[0].id != id)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such thing");
    *ret = rows[0];
    return OK;
}

err_t manifest_get(struct ctx *ctx, manifest_id id, struct handover *ret)
{
    return one(ctx, SQL_MANIFEST_PAGE, id.v, ret);
}

err_t manifest_page(struct ctx *ctx, manifest_id after, size_t limit,
                    struct handover **ret, size_t *ret_count)
{
    return page(ctx, SQL_MANIFEST_PAGE, after.v, limit, ret, ret_count);
}

err_t carrier_pickup_get(struct ctx *ctx, carrier_pickup_id id,
                         struct handover *ret)
{
    return one(ctx, SQL_CARRIER_PICKUP_PAGE, id.v, ret);
}

err_t carrier_pickup_page(struct ctx *ctx, carrier_pickup_id after,
                          size_t limit, struct handover **ret,
                          size_t *ret_count)
{
    return page(ctx, SQL_CARRIER_PICKUP_PAGE, after.v, limit, ret, ret_count);
}

static err_t tell(struct ctx *ctx, const char *type, const char *kind,
                  const struct handover *h)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "location_id", "loc", h->location.v);
    json_put_id(&out, "carrier_account_id", "car", h->account.v);
    json_put_cstr(&out, "state", handover_state_name(h->state));
    json_put_i64(&out, "packages", h->packages);
    json_put_str(&out, "confirmation", h->confirmation);
    if (h->state == HANDOVER_CANCELLED)
        json_put_bool(&out, "is_booked", h->error.len > 0);
    json_put_i64(&out, "version", h->version);
    json_end_object(&out);
    return event_add(ctx, type, kind, h->id, buf_str(&buf), NULL);
}

static err_t save(struct ctx *ctx, bool is_manifest, const char *type,
                  struct handover *h)
{
    int64_t changed;
    struct sql_arg args[] = {
        sql_i(h->state), sql_s(h->confirmation), sql_s(h->error),
        sql_i(ctx->now), sql_i(h->id),           sql_i(h->version),
    };
    TRY(sql_run(ctx, is_manifest ? SQL_MANIFEST_SAVE : SQL_CARRIER_PICKUP_SAVE,
                args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    h->version++;
    return tell(ctx, type, is_manifest ? "manifest" : "carrier_pickup", h);
}

/* ---- a manifest is closed ---- */

static err_t named_place(struct ctx *ctx, str code, struct location *ret)
{
    bool found;
    TRY(location_find(ctx, code, ret, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "no location \"%.*s\"", STR_ARG(code));
    return OK;
}

static err_t choose(struct ctx *ctx, const struct manifest_cmd *cmd,
                    const struct location *place, const struct account *account,
                    struct package **ret, size_t *ret_count)
{
    struct package_filter filter = {.to_ship = place->id,
                                    .account = account->id,
                                    .limit = LIMIT_MANIFEST_PACKAGES};
    if (cmd->count == 0)
        return package_page(ctx, &filter, ret, ret_count);
    *ret = arena_array(ctx->arena, struct package, cmd->count);
    *ret_count = cmd->count;
    for (size_t i = 0; i < cmd->count; i++) {
        struct package *p = &(*ret)[i];
        TRY(fail_in(ctx, package_get(ctx, cmd->packages[i], p), "packages", i));
        if (p->location.v != place->id.v || p->account.v != account->id.v)
            return fail_in(ctx,
                           fail_as(ctx, ERR_INVALID, "other_manifest", "",
                                   "is of another location or account"),
                           "packages", i);
    }
    return OK;
}

static int by_fo(const void *a, const void *b)
{
    const struct package *x = a, *y = b;
    if (x->fo.v != y->fo.v)
        return x->fo.v < y->fo.v ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

/* Parcels of one order leave together. */
static err_t ship_group(struct ctx *ctx, struct package *packages, size_t count,
                        manifest_id manifest)
{
    struct fulfillment_work work;
    const struct package **list =
        arena_array(ctx->arena, const struct package *, count);
    TRY(fulfillment_lock(ctx, packages[0].fo, &work));
    for (size_t i = 0; i < count; i++) {
        TRY(package_lock(ctx, packages[i].id, &packages[i]));
        TRY(package_may_ship(ctx, &packages[i]));
        list[i] = &packages[i];
    }
    TRY(package_ship_units(ctx, &work, list, count));
    for (size_t i = 0; i < count; i++) {
        package_move(&packages[i], PACKAGE_EVENT_SHIP);
        packages[i].shipped_at = ctx->now;
        packages[i].manifest = manifest;
        TRY(package_finish(ctx, "package.shipped", &packages[i], STR_NONE));
    }
    return OK;
}

static err_t add_manifest(struct ctx *ctx, struct handover *h)
{
    struct sql_arg args[] = {
        sql_i(h->id),       sql_i(h->location.v), sql_i(h->account.v),
        sql_i(h->packages), sql_i(h->weight_g),   sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_MANIFEST_ADD, args, COUNT_OF(args), NULL));
    return tell(ctx, "manifest.created", "manifest", h);
}

/* Where the carrier keeps no manifests, ours is all there is. */
static err_t ask(struct ctx *ctx, enum carrier_op op, bool is_manifest,
                 const struct account *account, struct handover *h)
{
    if (account->carrier->caps & 1U << op)
        return call_want(ctx, op, h->id, h->account);
    h->state = HANDOVER_CONFIRMED;
    return save(ctx, is_manifest,
                is_manifest ? "manifest.confirmed" : "carrier_pickup.confirmed",
                h);
}

err_t manifest_close(struct ctx *ctx, const struct manifest_cmd *cmd,
                     manifest_id *ret)
{
    struct location place;
    struct account account;
    struct package *packages;
    size_t count;
    TRY(named_place(ctx, cmd->location, &place));
    TRY(account_by_code(ctx, cmd->account, &account));
    TRY(choose(ctx, cmd, &place, &account, &packages, &count));
    if (count == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_ship", "",
                       "no labelled package waits there");
    qsort(packages, count, sizeof *packages, by_fo);
    struct handover h = {.id = id_next(ctx->ids, ctx->now, 0),
                         .location = place.id,
                         .account = account.id,
                         .state = HANDOVER_REQUESTED,
                         .packages = (int64_t)count,
                         .confirmation = STR(""),
                         .error = STR(""),
                         .version = 1};
    for (size_t i = 0; i < count; i++)
        h.weight_g += packages[i].weight_g;
    TRY(add_manifest(ctx, &h));
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count; end++)
            if (packages[end].fo.v != packages[i].fo.v)
                break;
        for (size_t k = i + 1; k < end; k++)
            if (packages[k].id.v == packages[k - 1].id.v)
                return fail_as(ctx, ERR_INVALID, "package_twice", "packages",
                               "a package is named twice");
        TRY(ship_group(ctx, &packages[i], end - i, (manifest_id){h.id}));
    }
    TRY(ask(ctx, CARRIER_MANIFEST, true, &account, &h));
    ret->v = h.id;
    return OK;
}

/* ---- a pickup is wanted ---- */

err_t carrier_pickup_want(struct ctx *ctx, const struct carrier_pickup_cmd *cmd,
                          carrier_pickup_id *ret)
{
    struct location place;
    struct account account;
    TRY(named_place(ctx, cmd->location, &place));
    TRY(account_by_code(ctx, cmd->account, &account));
    if (!(account.carrier->caps & 1U << CARRIER_PICKUP))
        return fail_as(ctx, ERR_STATE, "carrier_cannot", "account",
                       "%s cannot be asked to come", account.carrier->title);
    if (cmd->until <= cmd->ready_at || cmd->until <= ctx->now)
        return fail_as(ctx, ERR_INVALID, "window_invalid", "until",
                       "must lie behind ready_at and ahead");
    struct handover h = {.id = id_next(ctx->ids, ctx->now, 0),
                         .location = place.id,
                         .account = account.id,
                         .state = HANDOVER_REQUESTED,
                         .packages = cmd->packages,
                         .confirmation = STR(""),
                         .version = 1};
    struct sql_arg args[] = {
        sql_i(h.id),          sql_i(h.location.v), sql_i(h.account.v),
        sql_i(cmd->ready_at), sql_i(cmd->until),   sql_i(cmd->packages),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_CARRIER_PICKUP_ADD, args, COUNT_OF(args), NULL));
    TRY(tell(ctx, "carrier_pickup.requested", "carrier_pickup", &h));
    TRY(call_want(ctx, CARRIER_PICKUP, h.id, h.account));
    ret->v = h.id;
    return OK;
}

err_t carrier_pickup_cancel(struct ctx *ctx, carrier_pickup_id id,
                            int64_t version)
{
    struct handover h;
    struct call call;
    TRY(carrier_pickup_get(ctx, id, &h));
    TRY(check_version(ctx, version, h.version));
    if (h.state != HANDOVER_REQUESTED && h.state != HANDOVER_CONFIRMED)
        return fail(ctx, ERR_STATE, "state",
                    "event cancel is refused in state %s; allowed: nothing",
                    handover_state_name(h.state));
    TRY(call_last(ctx, h.id, &call));
    if (call.state == CALL_WANTED && call.tries == 0)
        TRY(call_move(ctx, &call, CALL_EVENT_CANCEL));
    if (h.state == HANDOVER_CONFIRMED)
        h.error = STR(STILL_COMES);
    h.state = HANDOVER_CANCELLED;
    return save(ctx, false, "carrier_pickup.cancelled", &h);
}

/* ---- calls ---- */

err_t visit_is_over(struct ctx *ctx, const struct call *call, bool *ret)
{
    struct handover h;
    *ret = false;
    if (call->state != CALL_WANTED)
        return OK;
    TRY(one(ctx, SQL_CARRIER_PICKUP_PAGE, call->subject, &h));
    *ret = h.state == HANDOVER_CANCELLED;
    return OK;
}

err_t handover_outcome(struct ctx *ctx, const struct call *call,
                       const struct carrier_outcome *outcome)
{
    bool is_manifest = call->op == CARRIER_MANIFEST;
    bool is_done = outcome->result == CARRIER_DONE;
    struct handover h;
    TRY(one(ctx, is_manifest ? SQL_MANIFEST_PAGE : SQL_CARRIER_PICKUP_PAGE,
            call->subject, &h));
    if (h.state == HANDOVER_CANCELLED && is_done && h.error.len == 0) {
        h.confirmation = outcome->confirmation;
        h.error = STR(STILL_COMES);
        return save(ctx, false, "carrier_pickup.booked", &h);
    }
    if (h.state != HANDOVER_REQUESTED &&
        !(h.state == HANDOVER_REFUSED && is_done))
        return OK;
    h.state = is_done ? HANDOVER_CONFIRMED : HANDOVER_REFUSED;
    h.confirmation = is_done ? outcome->confirmation : STR("");
    h.error = is_done ? STR("") : outcome->text;
    if (is_manifest)
        return save(ctx, true,
                    is_done ? "manifest.confirmed" : "manifest.refused", &h);
    return save(ctx, false,
                is_done ? "carrier_pickup.confirmed" : "carrier_pickup.refused",
                &h);
}

err_t handover_request(struct ctx *ctx, const struct call *call,
                       struct carrier_request *ret)
{
    bool is_manifest = call->op == CARRIER_MANIFEST;
    char text[ID_TEXT_BYTES];
    struct handover h = {0};
    struct package *packages = NULL;
    size_t count = 0;
    struct package_filter filter = {.manifest = {call->subject},
                                    .limit = LIMIT_MANIFEST_PACKAGES};
    TRY(one(ctx, is_manifest ? SQL_MANIFEST_PAGE : SQL_CARRIER_PICKUP_PAGE,
            call->subject, &h));
    size_t len = id_to_text(is_manifest ? "mfs" : "cpu", h.id, text);
    if (is_manifest)
        TRY(package_page(ctx, &filter, &packages, &count));
    str *trackings = arena_array(ctx->arena, str, count + 1);
    for (size_t i = 0; i < count; i++)
        trackings[i] = packages[i].tracking;
    *ret = (struct carrier_request){
        .op = call->op,
        .reference = str_copy(ctx->arena, (str){text, len}),
        .trackings = trackings,
        .tracking_count = count,
        .ready_at = h.ready_at,
        .until = h.until,
        .now = ctx->now,
    };
    return is_manifest ? OK : place_address(ctx, h.location, &ret->from);
}
