/* user_session.c - sessions: rows and the commands that write them. */
#include "oms/user/user_session.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum { SWEEP_ROWS = 500 }; /* As its statement says. */

static void read_session(const struct sql_rows *rows, size_t i,
                         struct session *ret)
{
    *ret = (struct session){
        .id = {sql_int(rows, i, 0)},
        .user = {sql_int(rows, i, 1)},
        .peer = sql_str(rows, i, 2),
        .created_at = sql_int(rows, i, 3),
        .seen_at = sql_int(rows, i, 4),
        .expires_at = sql_int(rows, i, 5),
    };
}

static bool is_over(const struct session *session, utc_ms now)
{
    return session->expires_at <= now ||
           session->seen_at + SESSION_IDLE_MS <= now;
}

/* About the person: a session's row goes when it ends. */
static err_t tell(struct ctx *ctx, const char *type,
                  const struct session *session)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "session_id", "ses", session->id.v);
    json_end_object(&out);
    return event_add(ctx, type, "user", session->user.v, buf_str(&buf), NULL);
}

static err_t rows_of(struct ctx *ctx, user_id user, struct session **ret,
                     size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(user.v)};
    TRY(sql_list(ctx, SQL_SESSION_OF_USER, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct session, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_session(&rows, i, &(*ret)[i]);
    return OK;
}

err_t session_list(struct ctx *ctx, user_id user, struct session **ret,
                   size_t *ret_count)
{
    struct session *all;
    size_t count, n = 0;
    TRY(rows_of(ctx, user, &all, &count));
    for (size_t i = 0; i < count && n < SESSIONS_MAX; i++)
        if (!is_over(&all[i], ctx->now))
            all[n++] = all[i];
    *ret = all;
    *ret_count = n;
    return OK;
}

err_t session_get(struct ctx *ctx, session_id id, struct session *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_SESSION_ROW, args, COUNT_OF(args), "session", &rows));
    read_session(&rows, 0, ret);
    return OK;
}

err_t session_find(struct ctx *ctx, str token, struct session *ret, bool *found)
{
    unsigned char hash[KEY_HASH_BYTES];
    char hex[KEY_HEX_BYTES];
    struct sql_rows rows;
    *found = session_hash(token, hash);
    if (!*found)
        return OK;
    hash_to_hex(hash, hex);
    struct sql_arg args[] = {sql_s((str){hex, sizeof hex})};
    TRY(sql_list(ctx, SQL_SESSION_BY_TOKEN, args, COUNT_OF(args), &rows));
    *found = rows.count > 0;
    if (*found)
        read_session(&rows, 0, ret);
    return OK;
}

err_t session_end(struct ctx *ctx, const struct session *session)
{
    ASSERT(ctx->tx != NULL);
    struct sql_arg args[] = {sql_i(session->id.v)};
    TRY(sql_run(ctx, SQL_SESSION_END, args, COUNT_OF(args), NULL));
    return tell(ctx, "session.ended", session);
}

err_t session_end_all(struct ctx *ctx, user_id user, int64_t *ret_count)
{
    struct session *all;
    size_t count;
    TRY(rows_of(ctx, user, &all, &count));
    for (size_t i = 0; i < count; i++)
        TRY(tell(ctx, "session.ended", &all[i]));
    struct sql_arg args[] = {sql_i(user.v)};
    TRY(sql_run(ctx, SQL_SESSION_END_ALL, args, COUNT_OF(args), NULL));
    *ret_count = (int64_t)count;
    return OK;
}

/* Those that are over go, and the one used longest ago where there are too
 * many, so that the table is bounded by the number of people. */
static err_t make_room(struct ctx *ctx, user_id user)
{
    struct session *all;
    size_t count, live = 0, oldest = 0;
    TRY(rows_of(ctx, user, &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (is_over(&all[i], ctx->now)) {
            TRY(session_end(ctx, &all[i]));
            continue;
        }
        if (live == 0 || all[i].seen_at < all[oldest].seen_at)
            oldest = i;
        live++;
    }
    return live >= SESSIONS_MAX ? session_end(ctx, &all[oldest]) : OK;
}

static err_t add_row(struct ctx *ctx, const struct session *session, str token)
{
    unsigned char hash[KEY_HASH_BYTES];
    char hex[KEY_HEX_BYTES];
    bool is_formed = session_hash(token, hash);
    ASSERT(is_formed);
    hash_to_hex(hash, hex);
    struct sql_arg args[] = {
        sql_i(session->id.v),          sql_i(session->user.v),
        sql_s((str){hex, sizeof hex}), sql_s(session->peer),
        sql_i(session->created_at),    sql_i(session->seen_at),
        sql_i(session->expires_at),
    };
    return sql_run(ctx, SQL_SESSION_ADD, args, COUNT_OF(args), NULL);
}

err_t session_start(struct ctx *ctx, const struct session_cmd *cmd,
                    struct session *ret, str *ret_token)
{
    ASSERT(ctx->tx != NULL && cmd->peer.len <= SESSION_PEER_BYTES);
    struct session before = {0};
    bool found;
    TRY(session_find(ctx, cmd->replaces, &before, &found));
    if (found)
        TRY(session_end(ctx, &before));
    TRY(make_room(ctx, cmd->user));
    char *text = arena_alloc(ctx->arena, SESSION_TOKEN_BYTES);
    secret_make("ws", text);
    str token = {text, SESSION_TOKEN_BYTES};
    struct session session = {
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .user = cmd->user,
        .peer = cmd->peer,
        .created_at = ctx->now,
        .seen_at = ctx->now,
        .expires_at = ctx->now + SESSION_MAX_MS,
    };
    TRY(add_row(ctx, &session, token));
    TRY(tell(ctx, "session.started", &session));
    *ret = session;
    *ret_token = token;
    return OK;
}

err_t session_touch(struct ctx *ctx, const int64_t *ids, size_t count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    for (size_t i = 0; i < count; i++) {
        args[i * 2] = sql_i(ctx->now);
        args[i * 2 + 1] = sql_i(ids[i]);
    }
    return sql_run_many(ctx, SQL_SESSION_TOUCH, args, 2, count, NULL);
}

err_t session_sweep(struct ctx *ctx, bool *ret_more)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now),
                             sql_i(ctx->now - SESSION_IDLE_MS)};
    TRY(sql_list(ctx, SQL_SESSION_OVER, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct session session;
        read_session(&rows, i, &session);
        TRY(session_end(ctx, &session));
    }
    *ret_more = rows.count == SWEEP_ROWS;
    struct sql_arg now[] = {sql_i(ctx->now)};
    return sql_run(ctx, SQL_KEY_OLD_OVER, now, COUNT_OF(now), NULL);
}
