/* change_remark.c - the command that notes something on an order, and rows. */
#include "oms/change/change_remark.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_remark_sql.h"
#include "oms/order/order.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 128 };

static err_t check_room(struct ctx *ctx, order_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_REMARK_COUNT, args, 1, &rows));
    if (sql_int(&rows, 0, 0) >= LIMIT_ORDER_NOTES)
        return fail_as(ctx, ERR_STATE, "too_many_notes", "id",
                       "an order has %d notes at most", LIMIT_ORDER_NOTES);
    return OK;
}

static err_t tell(struct ctx *ctx, const struct remark *remark)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "note", "ont", remark->id.v);
    json_end_object(&out);
    return event_add(ctx, "order_note.added", "order", remark->order.v,
                     buf_str(&buf), NULL);
}

err_t remark_add(struct ctx *ctx, struct remark *remark)
{
    struct order order;
    ASSERT(ctx->tx && ctx->ids && remark->text.len > 0);
    TRY(order_lock(ctx, remark->order, &order));
    TRY(check_room(ctx, order.id));
    remark->id.v = id_next(ctx->ids, ctx->now, id_bucket(order.id.v));
    remark->created_at = ctx->now;
    remark->actor = ctx->actor;
    struct sql_arg args[] = {
        sql_i(remark->id.v),  sql_i(id_bucket(remark->id.v)),
        sql_i(order.id.v),    sql_s(remark->text),
        sql_i(ctx->now),      sql_i(ctx->actor.kind),
        sql_i(ctx->actor.id),
    };
    TRY(sql_run(ctx, SQL_REMARK_ADD, args, COUNT_OF(args), NULL));
    return tell(ctx, remark);
}

err_t remark_list(struct ctx *ctx, order_id id, order_remark_id after,
                  size_t limit, struct remark **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_i(after.v),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_REMARK_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct remark, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct remark){
            .id = {sql_int(&rows, i, 0)},
            .order = id,
            .text = sql_str(&rows, i, 1),
            .created_at = sql_int(&rows, i, 2),
            .actor = { (enum actor_kind)sql_int(&rows, i, 3),
                   sql_int(&rows, i, 4)},
        };
    return OK;
}

/* ---- verify ---- */

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "notes", "ont", "is of no such order"};
    return verify_none(ctx, SQL_REMARK_VERIFY, check);
}

static const struct verify_check checks[] = {
    {"notes", "notes are of orders", run},
};
const struct verify_list remark_verify = {checks, COUNT_OF(checks)};
