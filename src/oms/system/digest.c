/* digest.c - the chain of hashes over the event log, and its rows. */
#include "oms/system/digest.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/system/digest_sql.h"
#include "store/sql.h"
#include "store/store.h"

/* ---- the hash ---- */

static void add_i64(crypto_generichash_state *state, int64_t value)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

/* With its length in front, so that no two events read alike. */
static void add_str(crypto_generichash_state *state, str text)
{
    add_i64(state, (int64_t)text.len);
    crypto_generichash_update(state, (const unsigned char *)text.ptr, text.len);
}

/* The hash so far, then the event. */
static void chain_event(struct digest_chain *chain, const struct event *event)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    crypto_generichash_update(&state, chain->hash, DIGEST_BYTES);
    add_i64(&state, event->id);
    add_i64(&state, event->at);
    add_str(&state, event->type);
    add_str(&state, event->subject_kind);
    add_i64(&state, event->subject_id);
    add_i64(&state, event->actor.kind);
    add_i64(&state, event->actor.id);
    add_str(&state, event->data);
    crypto_generichash_final(&state, chain->hash, DIGEST_BYTES);
    chain->through = (struct event_cursor){event->xid, event->id};
    chain->events++;
}

err_t digest_extend(struct ctx *ctx, struct digest_chain *chain, size_t limit,
                    size_t *ret_count)
{
    struct event *events;
    TRY(event_list_after(ctx, chain->through, limit, &events, ret_count));
    for (size_t i = 0; i < *ret_count; i++)
        chain_event(chain, &events[i]);
    return OK;
}

/* ---- rows ---- */

static str hex_of(struct arena *arena, const unsigned char hash[DIGEST_BYTES])
{
    char *hex = arena_array(arena, char, DIGEST_HEX + 1);
    sodium_bin2hex(hex, DIGEST_HEX + 1, hash, DIGEST_BYTES);
    return (str){hex, DIGEST_HEX};
}

static err_t read_hash(struct ctx *ctx, str hex,
                       unsigned char ret[DIGEST_BYTES])
{
    size_t len = 0;
    if (sodium_hex2bin(ret, DIGEST_BYTES, hex.ptr, hex.len, NULL, &len, NULL) !=
            0 ||
        len != DIGEST_BYTES)
        return fail(ctx, ERR_INTERNAL, "", "a digest of the log is no hash");
    return OK;
}

err_t digest_state_get(struct ctx *ctx, struct digest_chain *ret)
{
    struct sql_rows rows;
    *ret = (struct digest_chain){.events = 0};
    TRY(sql_list(ctx, SQL_DIGEST_STATE, NULL, 0, &rows));
    if (rows.count == 0)
        return OK;
    ret->through.xid = sql_int(&rows, 0, 0);
    ret->through.id = sql_int(&rows, 0, 1);
    ret->events = sql_int(&rows, 0, 2);
    return read_hash(ctx, sql_str(&rows, 0, 3), ret->hash);
}

err_t digest_state_save(struct ctx *ctx, const struct digest_chain *before,
                        const struct digest_chain *chain)
{
    struct sql_arg open[] = {sql_i(before->through.xid),
                             sql_i(before->through.id), sql_i(before->events),
                             sql_s(hex_of(ctx->arena, before->hash))};
    struct sql_arg save[] = {
        sql_i(chain->through.xid),  sql_i(chain->through.id),
        sql_i(chain->events),       sql_s(hex_of(ctx->arena, chain->hash)),
        sql_i(before->through.xid), sql_i(before->through.id),
        sql_i(before->events),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_DIGEST_STATE_OPEN, open, COUNT_OF(open), NULL));
    TRY(sql_run(ctx, SQL_DIGEST_STATE_SAVE, save, COUNT_OF(save), &changed));
    if (changed != 1)
        return fail(ctx, ERR_CONFLICT, "", "another node made the digest");
    return OK;
}

err_t digest_add(struct ctx *ctx, const struct digest_chain *chain)
{
    struct log_digest last;
    struct digest_chain next = *chain;
    str signature = STR_NONE;
    int64_t added;
    TRY(digest_last(ctx, &last));
    struct log_digest fresh = {last.n + 1, ctx->now, *chain, STR_NONE};
    if (store_secrets(ctx))
        TRY(secret_sign(ctx, store_secrets(ctx),
                        digest_text(ctx->arena, &fresh), &signature));
    struct sql_arg args[] = {
        sql_i(fresh.n),
        sql_i(fresh.made_at),
        sql_i(chain->through.xid),
        sql_i(chain->through.id),
        sql_i(chain->events),
        sql_s(hex_of(ctx->arena, chain->hash)),
        sql_s_or_null(signature),
    };
    TRY(sql_run(ctx, SQL_DIGEST_ADD, args, COUNT_OF(args), &added));
    if (added != 1)
        return fail(ctx, ERR_CONFLICT, "", "another node made the digest");
    next.events = 0;
    return digest_state_save(ctx, chain, &next);
}

static err_t read_digests(struct ctx *ctx, const struct sql_rows *rows,
                          struct log_digest **ret)
{
    struct log_digest *list =
        arena_array(ctx->arena, struct log_digest, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        list[i].n = sql_int(rows, i, 0);
        list[i].made_at = sql_int(rows, i, 1);
        list[i].chain.through.xid = sql_int(rows, i, 2);
        list[i].chain.through.id = sql_int(rows, i, 3);
        list[i].chain.events = sql_int(rows, i, 4);
        TRY(read_hash(ctx, sql_str(rows, i, 5), list[i].chain.hash));
        list[i].signature = sql_str(rows, i, 6);
    }
    *ret = list;
    return OK;
}

err_t digest_list(struct ctx *ctx, int64_t after, size_t limit,
                  struct log_digest **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DIGEST_PAGE, args, COUNT_OF(args), &rows));
    *ret_count = rows.count;
    return read_digests(ctx, &rows, ret);
}

err_t digest_last(struct ctx *ctx, struct log_digest *ret)
{
    struct sql_rows rows;
    struct log_digest *list;
    TRY(sql_list(ctx, SQL_DIGEST_LAST, NULL, 0, &rows));
    TRY(read_digests(ctx, &rows, &list));
    *ret = rows.count ? list[0] : (struct log_digest){.n = 0};
    return OK;
}

err_t digest_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct digest_chain chain;
    struct event *events;
    size_t count;
    TRY(digest_state_get(ctx, &chain));
    TRY(event_list_after(ctx, chain.through, 1, &events, &count));
    bool is_new = count > 0 || chain.events > 0;
    *ret = is_new ? (ctx->now / DIGEST_HOUR_MS + 1) * DIGEST_HOUR_MS : 0;
    return OK;
}

str digest_text(struct arena *arena, const struct log_digest *digest)
{
    return str_printf(arena, "wharf log %lld %lld %.*s", (long long)digest->n,
                      (long long)digest->made_at,
                      STR_ARG(hex_of(arena, digest->chain.hash)));
}
