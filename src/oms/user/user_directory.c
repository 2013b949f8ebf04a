/* user_directory.c - live keys and sessions, for the guard of the doors. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_session.h"
#include "oms/user/user_sql.h"
#include "oms/user/user_store.h"
#include "store/sql.h"

static int compare(const void *a, const void *b)
{
    const struct key_entry *x = a, *y = b;
    return memcmp(x->hash, y->hash, KEY_HASH_BYTES);
}

/* Id, perms, expires_at, hash, rate_per_s, burst; of old secrets also until
 * when. */
static err_t read_keys(struct ctx *ctx, const struct sql_rows *rows,
                       struct key_entry *ret)
{
    for (size_t i = 0; i < rows->count; i++) {
        ret[i] = (struct key_entry){
            .id = sql_int(rows, i, 0),
            .perms = (unsigned)sql_int(rows, i, 1),
            .expires_at = sql_int(rows, i, 2),
            .rate_per_s = sql_int(rows, i, 4),
            .burst = sql_int(rows, i, 5),
        };
        utc_ms until = rows->columns > 6 ? sql_int(rows, i, 6) : 0;
        if (until && (!ret[i].expires_at || until < ret[i].expires_at))
            ret[i].expires_at = until;
        if (!hash_from_hex(sql_str(rows, i, 3), ret[i].hash))
            return fail(ctx, ERR_INTERNAL, "", "key %lld is not a hash",
                        (long long)ret[i].id);
    }
    return OK;
}

/* Session id, user, hash, seen_at, expires_at; ordered by user. */
static err_t read_sessions(struct ctx *ctx, const struct sql_rows *rows,
                           struct key_entry *ret)
{
    for (size_t i = 0; i < rows->count; i++) {
        ret[i] = (struct key_entry){
            .id = sql_int(rows, i, 0),
            .user = {sql_int(rows, i, 1)},
            .seen_at = sql_int(rows, i, 3),
            .expires_at = sql_int(rows, i, 4),
        };
        if (!hash_from_hex(sql_str(rows, i, 2), ret[i].hash))
            return fail(ctx, ERR_INTERNAL, "", "session %lld is not a hash",
                        (long long)ret[i].id);
    }
    return OK;
}

/* Both ordered by user: what his roles hold goes to each of his sessions. */
static err_t add_perms(struct ctx *ctx, struct key_entry *sessions,
                       size_t count)
{
    struct sql_rows rows;
    struct role *own;
    size_t own_count, first = 0;
    TRY(sql_list(ctx, SQL_SESSION_ROLES, NULL, 0, &rows));
    TRY(role_rows(ctx, &own, &own_count));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t user = sql_int(&rows, i, 0);
        str code = sql_str(&rows, i, 1);
        unsigned perms = role_perms(own, own_count, &code, 1);
        while (first < count && sessions[first].user.v < user)
            first++;
        for (size_t j = first; j < count && sessions[j].user.v == user; j++)
            sessions[j].perms |= perms;
    }
    return OK;
}

err_t key_directory_load(struct ctx *ctx, struct key_entry **ret,
                         size_t *ret_count)
{
    struct sql_rows keys, olds, sessions;
    struct sql_arg live[] = {sql_i(ctx->now),
                             sql_i(ctx->now - SESSION_IDLE_MS)};
    TRY(sql_list(ctx, SQL_KEY_DIRECTORY, NULL, 0, &keys));
    TRY(sql_list(ctx, SQL_KEY_OLD_DIRECTORY, live, 1, &olds));
    TRY(sql_list(ctx, SQL_SESSION_DIRECTORY, live, COUNT_OF(live), &sessions));
    size_t known = keys.count + olds.count, count = known + sessions.count;
    struct key_entry *entries =
        arena_array(ctx->arena, struct key_entry, count);
    TRY(read_keys(ctx, &keys, entries));
    TRY(read_keys(ctx, &olds, entries + keys.count));
    TRY(read_sessions(ctx, &sessions, entries + known));
    if (sessions.count > 0)
        TRY(add_perms(ctx, entries + known, sessions.count));
    if (count > 1)
        qsort(entries, count, sizeof *entries, compare);
    *ret = entries;
    *ret_count = count;
    return OK;
}
