/* notify_store.c - rows of webhooks and deliveries. */
#include "oms/notify/notify_store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/notify/notify_sql.h"
#include "store/sql.h"

enum { WEBHOOK_COLUMNS = 26, DELIVERY_COLUMNS = 11 };

static void read_webhook(const struct sql_rows *rows, size_t i,
                         struct webhook *ret)
{
    ASSERT(rows->columns == WEBHOOK_COLUMNS);
    *ret = (struct webhook){
        .id.v = sql_int(rows, i, 0),
        .url = sql_str(rows, i, 1),
        .types = sql_str(rows, i, 2),
        .description = sql_str(rows, i, 3),
        .is_active = sql_int(rows, i, 4) != 0,
        .disabled_reason = sql_str(rows, i, 5),
        .secret = sql_str(rows, i, 6),
        .old_secret = sql_str(rows, i, 7),
        .old_until = sql_int(rows, i, 8),
        .cursor.xid = sql_int(rows, i, 9),
        .cursor.id = sql_int(rows, i, 10),
        .cursor_seq = sql_int(rows, i, 11),
        .taken = sql_int(rows, i, 12),
        .failing_since = sql_int(rows, i, 13),
        .last_attempt_at = sql_int(rows, i, 14),
        .last_success_at = sql_int(rows, i, 15),
        .last_status = sql_int(rows, i, 16),
        .last_error = sql_str(rows, i, 17),
        .lease_owner = sql_int(rows, i, 18),
        .lease_until = sql_int(rows, i, 19),
        .created_at = sql_int(rows, i, 20),
        .updated_at = sql_int(rows, i, 21),
        .version = sql_int(rows, i, 22),
        .replay.since = sql_int(rows, i, 23),
        .replay.until.xid = sql_int(rows, i, 24),
        .replay.until.id = sql_int(rows, i, 25),
    };
}

static err_t one_webhook(struct ctx *ctx, int stmt, webhook_id id,
                         struct webhook *ret)
{
    struct sql_arg arg = sql_i(id.v);
    struct sql_rows rows;
    TRY(sql_one(ctx, stmt, &arg, 1, "webhook", &rows));
    read_webhook(&rows, 0, ret);
    return OK;
}

err_t webhook_get(struct ctx *ctx, webhook_id id, struct webhook *ret)
{
    return one_webhook(ctx, SQL_WEBHOOK_ROW, id, ret);
}

err_t webhook_lock(struct ctx *ctx, webhook_id id, int64_t version,
                   struct webhook *ret)
{
    TRY(one_webhook(ctx, SQL_WEBHOOK_LOCK, id, ret));
    if (version == 0 || version == ret->version)
        return OK;
    err_t err = fail(ctx, ERR_STALE, "version",
                     "the webhook has changed; its version is %lld",
                     (long long)ret->version);
    ctx->err.version = ret->version;
    return err;
}

err_t webhook_page(struct ctx *ctx, webhook_id after, size_t limit,
                   struct webhook **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WEBHOOK_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct webhook, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_webhook(&rows, i, &(*ret)[i]);
    return OK;
}

static void read_delivery(const struct sql_rows *rows, size_t i,
                          struct delivery *ret)
{
    ASSERT(rows->columns == DELIVERY_COLUMNS);
    *ret = (struct delivery){
        .n = sql_int(rows, i, 0),
        .event_id = sql_int(rows, i, 1),
        .state = (enum delivery_state)sql_int(rows, i, 2),
        .attempts = sql_int(rows, i, 3),
        .next_at = sql_int(rows, i, 4),
        .created_at = sql_int(rows, i, 5),
        .last_at = sql_int(rows, i, 6),
        .last_status = sql_int(rows, i, 7),
        .last_error = sql_str(rows, i, 8),
        .duration_ms = sql_int(rows, i, 9),
        .type = sql_str(rows, i, 10),
    };
}

err_t delivery_page(struct ctx *ctx, webhook_id id, int64_t before,
                    enum delivery_state state, size_t limit,
                    struct delivery **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(before ? before : INT64_MAX),
                             sql_i(state), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DELIVERY_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct delivery, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_delivery(&rows, i, &(*ret)[i]);
    return OK;
}

err_t delivery_get(struct ctx *ctx, webhook_id id, int64_t event_id,
                   struct delivery *ret)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(event_id)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DELIVERY_ROW, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "",
                    "this event was not sent to this webhook, or is forgotten");
    read_delivery(&rows, 0, ret);
    return OK;
}

str webhook_place(struct ctx *ctx, webhook_id id)
{
    return str_printf(ctx->arena, "webhook:%lld", (long long)id.v);
}

err_t webhook_tell(struct ctx *ctx, const char *type, webhook_id id,
                   int64_t version, str reason, int64_t *ret_event)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, 1024);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", version);
    if (reason.len)
        json_put_str(&out, "reason", reason);
    json_end_object(&out);
    return event_add(ctx, type, "webhook", id.v, buf_str(&buf), ret_event);
}
