/* shipping_track.c - links made, taken back and followed. */
#include "oms/shipping/shipping_track.h"

#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_then.h"
#include "oms/shipping/shipping_track_sql.h"
#include "store/event.h"
#include "store/sql.h"
#include "store/store.h"

static const utc_ms HOUR_MS = (utc_ms)60 * 60 * 1000;

static err_t read_generation(struct ctx *ctx, order_id id, int64_t *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_TRACK_GENERATION, args, COUNT_OF(args), &rows));
    *ret = rows.count == 1 ? sql_int(&rows, 0, 0) : 1;
    return OK;
}

err_t track_link_make(struct ctx *ctx, order_id id, enum track_kind kind,
                      int64_t days, struct track_token *ret_token, str *ret)
{
    struct order order;
    struct track_token token = {
        .kind = kind, .store = store_name(ctx), .order = id};
    ASSERT(days >= 1 && days <= TRACK_DAYS_MAX);
    TRY(order_get(ctx, id, &order));
    TRY(read_generation(ctx, id, &token.generation));
    /* A whole hour, so that asking again gives the same text for a while. */
    token.ends_at = (ctx->now / HOUR_MS + 1 + days * 24) * HOUR_MS;
    *ret_token = token;
    return track_token_make(ctx, store_secrets(ctx), &token, ret);
}

err_t track_quote_make(struct ctx *ctx, draft_id id, int64_t version,
                       utc_ms ends_at, str *ret)
{
    struct track_token token = {.kind = TRACK_QUOTE,
                                .store = store_name(ctx),
                                .draft = id,
                                .generation = version,
                                .ends_at = ends_at};
    return track_token_make(ctx, store_secrets(ctx), &token, ret);
}

err_t track_links_revoke(struct ctx *ctx, order_id id, int64_t version,
                         struct order *ret, int64_t *ret_generation)
{
    struct order order;
    int64_t generation;
    TRY(order_lock(ctx, id, &order));
    TRY(check_version(ctx, version, order.version));
    TRY(read_generation(ctx, id, &generation));
    struct sql_arg args[] = {sql_i(id.v), sql_i(id_bucket(id.v)),
                             sql_i(generation + 1)};
    struct order before = order_keep(ctx->arena, &order);
    struct order_note note = {.type = "order.tracking_revoked",
                              .event_id = event_id(ctx, id.v)};
    TRY(sql_run(ctx, SQL_TRACK_REVOKE, args, COUNT_OF(args), NULL));
    TRY(order_note(ctx, &before, &order, &note));
    *ret = order;
    *ret_generation = generation + 1;
    return OK;
}

static err_t unknown(struct ctx *ctx)
{
    return fail_as(ctx, ERR_NOT_FOUND, "token_unknown", "token",
                   "this link leads nowhere");
}

/* What can be told without a look at rows comes first. */
static err_t check_token(struct ctx *ctx, str text, enum track_kind kind,
                         struct track_token *ret)
{
    int64_t generation;
    if (!track_token_read(text, ret) || ret->kind != kind)
        return unknown(ctx);
    err_t err = track_token_judge(ctx->arena, store_secrets(ctx),
                                  store_name(ctx), ctx->now, ret);
    if (err == ERR_NOT_FOUND)
        return unknown(ctx);
    if (err != OK)
        return fail_as(ctx, ERR_GONE, "token_expired", "token",
                       "this link has ended; ask for a new one");
    if (kind == TRACK_QUOTE)
        return OK;
    TRY(read_generation(ctx, ret->order, &generation));
    if (ret->generation != generation)
        return fail_as(ctx, ERR_GONE, "token_revoked", "token",
                       "this link was taken back; ask for a new one");
    return OK;
}

err_t track_open(struct ctx *ctx, str text, enum track_kind kind,
                 struct track_token *ret, struct order *ret_order)
{
    ASSERT((kind == TRACK_QUOTE) == (ret_order == NULL));
    TRY(check_token(ctx, text, kind, ret));
    if (!ret_order)
        return OK;
    err_t err = order_get(ctx, ret->order, ret_order);
    if (err != ERR_NOT_FOUND)
        return err;
    err_clear(ctx);
    return unknown(ctx);
}
