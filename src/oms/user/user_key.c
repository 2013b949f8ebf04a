/* user_key.c - API keys: rows and the commands that write them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/user/user_grant.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_sql.h"
#include "oms/user/user_store.h"
#include "store/event.h"
#include "store/sql.h"

static void read_key(const struct sql_rows *rows, size_t i, struct api_key *ret)
{
    *ret = (struct api_key){
        .id = {sql_int(rows, i, 0)},
        .name = sql_str(rows, i, 1),
        .hint = sql_str(rows, i, 2),
        .perms = (unsigned)sql_int(rows, i, 3),
        .created_at = sql_int(rows, i, 4),
        .expires_at = sql_int(rows, i, 5),
        .revoked_at = sql_int(rows, i, 6),
        .version = sql_int(rows, i, 7),
        .rate_per_s = sql_int(rows, i, 8),
        .burst = sql_int(rows, i, 9),
        .old_until = sql_int(rows, i, 10),
    };
}

err_t key_row_lock(struct ctx *ctx, key_id id, struct api_key *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_KEY_LOCK, args, COUNT_OF(args), "key", &rows));
    read_key(&rows, 0, ret);
    return OK;
}

err_t key_list(struct ctx *ctx, key_id before, size_t limit,
               struct api_key **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(before.v ? before.v : INT64_MAX),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_KEY_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct api_key, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_key(&rows, i, &(*ret)[i]);
    return OK;
}

static err_t tell(struct ctx *ctx, const char *type, const struct api_key *key)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "hint", key->hint);
    json_put_i64(&out, "perms", key->perms);
    json_put_i64(&out, "version", key->version);
    json_end_object(&out);
    return event_add(ctx, type, "key", key->id.v, buf_str(&buf), NULL);
}

static err_t check(struct ctx *ctx, const struct key_cmd *cmd)
{
    TRY(check_line(ctx, "name", cmd->name, 1, LIMIT_NAME_BYTES));
    if (cmd->perms == 0)
        return fail_as(ctx, ERR_INVALID, "too_short", "scopes",
                       "must name at least one scope");
    if (cmd->expires_at != 0 && cmd->expires_at <= ctx->now)
        return fail_as(ctx, ERR_INVALID, "time_past", "expires_at",
                       "must lie in the future");
    if (cmd->rate_per_s != 0)
        TRY(check_range(ctx, "rate_per_s", cmd->rate_per_s, 1, KEY_RATE_MAX));
    if (cmd->burst != 0)
        TRY(check_range(ctx, "burst", cmd->burst, 1, KEY_RATE_MAX));
    if (cmd->burst != 0 && cmd->rate_per_s == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "rate_per_s",
                       "a burst needs a rate");
    return grant_check(ctx, "scopes", cmd->granting, cmd->perms);
}

/* A new secret of the key, as text and as it is stored. */
static str secret_new(struct ctx *ctx, struct api_key *key,
                      char ret_hex[KEY_HEX_BYTES])
{
    unsigned char hash[KEY_HASH_BYTES];
    char *text = arena_alloc(ctx->arena, KEY_SECRET_BYTES);
    secret_make("wk", text);
    bool is_formed = key_hash((str){text, KEY_SECRET_BYTES}, hash);
    ASSERT(is_formed);
    hash_to_hex(hash, ret_hex);
    key->hint = (str){text + KEY_SECRET_BYTES - KEY_HINT_BYTES, KEY_HINT_BYTES};
    return (str){text, KEY_SECRET_BYTES};
}

static err_t key_row_add(struct ctx *ctx, const struct api_key *key, str hash)
{
    struct sql_arg args[] = {
        sql_i(key->id.v),
        sql_s(key->name),
        sql_s(hash),
        sql_s(key->hint),
        sql_i(key->perms),
        sql_i(key->created_at),
        sql_i_or_null(key->expires_at),
    };
    struct sql_arg limit[] = {sql_i(key->id.v), sql_i(key->rate_per_s),
                              sql_i(key->burst)};
    TRY(sql_run(ctx, SQL_KEY_ADD, args, COUNT_OF(args), NULL));
    if (key->rate_per_s == 0)
        return OK;
    return sql_run(ctx, SQL_KEY_LIMIT_ADD, limit, COUNT_OF(limit), NULL);
}

err_t key_create(struct ctx *ctx, const struct key_cmd *cmd,
                 struct api_key *ret, str *ret_text)
{
    ASSERT(ctx->tx != NULL);
    TRY(check(ctx, cmd));
    char hex[KEY_HEX_BYTES];
    struct api_key key = {
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .name = cmd->name,
        .perms = cmd->perms,
        .created_at = ctx->now,
        .expires_at = cmd->expires_at,
        .rate_per_s = cmd->rate_per_s,
        .burst = cmd->burst ? cmd->burst : cmd->rate_per_s,
        .version = 1,
    };
    str text = secret_new(ctx, &key, hex);
    TRY(key_row_add(ctx, &key, (str){hex, sizeof hex}));
    TRY(tell(ctx, "key.created", &key));
    *ret = key;
    *ret_text = text;
    return OK;
}

/* ---- rotation ---- */

static err_t check_rotation(struct ctx *ctx, const struct key_rotation *cmd,
                            const struct api_key *key)
{
    TRY(check_range(ctx, "overlap_s", cmd->overlap_s, 0, KEY_OVERLAP_MAX_S));
    /* Who gets the secret has all that the key has. */
    TRY(grant_check(ctx, "id", cmd->granting, key->perms));
    if (key->revoked_at != 0)
        return fail_as(ctx, ERR_STATE, "key_revoked", "id",
                       "the key was revoked");
    if (key->expires_at != 0 && key->expires_at <= ctx->now)
        return fail_as(ctx, ERR_STATE, "key_expired", "id",
                       "the key has expired; make another");
    return OK;
}

/* The secret until now works on for a while, or none but the new one does. */
static err_t keep_old(struct ctx *ctx, struct api_key *key, int64_t overlap_s)
{
    struct sql_rows rows;
    struct sql_arg who[] = {sql_i(key->id.v)};
    struct sql_arg live[] = {sql_i(key->id.v), sql_i(ctx->now)};
    if (overlap_s == 0) {
        key->old_until = 0;
        return sql_run(ctx, SQL_KEY_OLD_CLEAR, who, COUNT_OF(who), NULL);
    }
    TRY(sql_list(ctx, SQL_KEY_OLD_LIVE, live, COUNT_OF(live), &rows));
    if (rows.count >= KEY_OLDS_MAX)
        return fail_as(ctx, ERR_STATE, "too_many_secrets", "overlap_s",
                       "%d old secrets still work; let them end, or end them "
                       "all with 0",
                       KEY_OLDS_MAX);
    TRY(sql_list(ctx, SQL_KEY_SECRET, who, COUNT_OF(who), &rows));
    utc_ms until = ctx->now + overlap_s * 1000;
    struct sql_arg old[] = {sql_s(sql_str(&rows, 0, 0)), sql_i(key->id.v),
                            sql_i(until)};
    key->old_until = until > key->old_until ? until : key->old_until;
    return sql_run(ctx, SQL_KEY_OLD_ADD, old, COUNT_OF(old), NULL);
}

err_t key_rotate(struct ctx *ctx, key_id id, const struct key_rotation *cmd,
                 struct api_key *ret, str *ret_text)
{
    ASSERT(ctx->tx != NULL);
    struct api_key key = {0};
    char hex[KEY_HEX_BYTES];
    int64_t changed;
    TRY(key_row_lock(ctx, id, &key));
    TRY(check_rotation(ctx, cmd, &key));
    TRY(keep_old(ctx, &key, cmd->overlap_s));
    str text = secret_new(ctx, &key, hex);
    struct sql_arg args[] = {sql_s((str){hex, sizeof hex}), sql_s(key.hint),
                             sql_i(id.v), sql_i(key.version)};
    TRY(sql_run(ctx, SQL_KEY_ROTATE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    key.version++;
    TRY(tell(ctx, "key.rotated", &key));
    *ret = key;
    *ret_text = text;
    return OK;
}

err_t key_revoke(struct ctx *ctx, key_id id, unsigned granting,
                 struct api_key *ret)
{
    ASSERT(ctx->tx != NULL);
    struct api_key key = {0};
    TRY(key_row_lock(ctx, id, &key));
    /* Who holds less must not take from others what they do more. */
    TRY(grant_check(ctx, "id", granting, key.perms));
    if (key.revoked_at != 0)
        return fail(ctx, ERR_STATE, "id", "the key was revoked before");
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(id.v)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_KEY_REVOKE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    key.revoked_at = ctx->now;
    key.version += 1;
    TRY(tell(ctx, "key.revoked", &key));
    *ret = key;
    return OK;
}
