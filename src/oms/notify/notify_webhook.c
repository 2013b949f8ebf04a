/* notify_webhook.c - commands on webhooks: made, changed, rotated, replayed. */
#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/url.h"
#include "oms/notify/notify_sql.h"
#include "oms/notify/notify_store.h"
#include "store/sql.h"
#include "store/store.h"

enum { SECRET_RAW_BYTES = 32, REPLAY_MAX = 1000 };
static const utc_ms OVERLAP_MS = (utc_ms)24 * 60 * 60 * 1000;

static err_t check(struct ctx *ctx, const struct webhook_cmd *cmd)
{
    struct url url;
    struct event_types types;
    const char *why = url_parse(cmd->url, &url);
    if (why)
        return fail_as(ctx, ERR_INVALID, "url_invalid", "url", "the URL: %s",
                       why);
    if (cmd->types.len)
        TRY(event_types_read(ctx, cmd->types, "types", &types));
    return OK;
}

/* "whsec_" and 32 random bytes, as Standard Webhooks has it. */
static str make_secret(struct ctx *ctx)
{
    unsigned char raw[SECRET_RAW_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_RAW_BYTES,
                                        sodium_base64_VARIANT_ORIGINAL)];
    randombytes_buf(raw, sizeof raw);
    sodium_bin2base64(text, sizeof text, raw, sizeof raw,
                      sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(raw, sizeof raw);
    str secret = str_printf(ctx->arena, "whsec_%s", text);
    ASSERT(secret.len == WEBHOOK_SECRET_BYTES);
    return secret;
}

static err_t check_count(struct ctx *ctx)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WEBHOOK_COUNT, NULL, 0, &rows));
    if (sql_int(&rows, 0, 0) >= LIMIT_WEBHOOKS)
        return fail_as(ctx, ERR_STATE, "webhooks_limit", "",
                       "there are %d webhooks already", LIMIT_WEBHOOKS);
    return OK;
}

err_t webhook_create(struct ctx *ctx, const struct webhook_cmd *cmd,
                     struct webhook *ret, str *ret_secret)
{
    ASSERT(ctx->tx != NULL);
    TRY(check(ctx, cmd));
    TRY(check_count(ctx));
    webhook_id id = {id_next(ctx->ids, ctx->now, 0)};
    str secret = make_secret(ctx), sealed;
    struct event_cursor head;
    TRY(secret_seal(ctx, store_secrets(ctx), webhook_place(ctx, id), secret,
                    &sealed));
    TRY(event_head(ctx, &head));
    str reason = cmd->is_active ? STR_NONE : STR("by_hand");
    struct sql_arg args[] = {
        sql_i(id.v),           sql_s(cmd->url),
        sql_s(cmd->types),     sql_s(cmd->description),
        sql_i(cmd->is_active), sql_s_or_null(reason),
        sql_s(sealed),         sql_i(head.xid),
        sql_i(head.id),        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_ADD, args, COUNT_OF(args), NULL));
    TRY(webhook_tell(ctx, "webhook.created", id, 1, STR_NONE, NULL));
    *ret_secret = secret;
    return webhook_get(ctx, id, ret);
}

err_t webhook_change(struct ctx *ctx, const struct webhook_change *change,
                     struct webhook *ret)
{
    struct webhook now;
    TRY(webhook_lock(ctx, change->id, change->version, &now));
    const struct webhook_cmd *to = &change->to;
    struct webhook_cmd cmd = {
        .url = change->has_url ? to->url : now.url,
        .types = change->has_types ? to->types : now.types,
        .description =
            change->has_description ? to->description : now.description,
        .is_active = change->has_active ? to->is_active : now.is_active,
    };
    TRY(check(ctx, &cmd));
    /* What was switched on again begins with a clean slate. */
    bool is_woken = cmd.is_active && !now.is_active;
    str reason = cmd.is_active             ? STR_NONE
                 : now.disabled_reason.len ? now.disabled_reason
                                           : STR("by_hand");
    struct sql_arg args[] = {
        sql_s(cmd.url),         sql_s(cmd.types),
        sql_s(cmd.description), sql_i(cmd.is_active),
        sql_s_or_null(reason),  sql_i_or_null(is_woken ? 0 : now.failing_since),
        sql_i(ctx->now),        sql_i(change->id.v),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_SAVE, args, COUNT_OF(args), NULL));
    TRY(webhook_tell(ctx, "webhook.changed", now.id, now.version + 1, STR_NONE,
                     NULL));
    return webhook_get(ctx, change->id, ret);
}

err_t webhook_remove(struct ctx *ctx, webhook_id id)
{
    struct webhook now;
    struct sql_arg arg = sql_i(id.v);
    TRY(webhook_lock(ctx, id, 0, &now));
    TRY(sql_run(ctx, SQL_DELIVERY_DELETE_ALL, &arg, 1, NULL));
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(id.v)};
    TRY(sql_run(ctx, SQL_WEBHOOK_DELETE, args, COUNT_OF(args), NULL));
    return webhook_tell(ctx, "webhook.deleted", id, now.version + 1, STR_NONE,
                        NULL);
}

err_t webhook_rotate(struct ctx *ctx, webhook_id id, int64_t version,
                     struct webhook *ret, str *ret_secret)
{
    struct webhook now;
    str secret = make_secret(ctx), sealed;
    TRY(webhook_lock(ctx, id, version, &now));
    TRY(secret_seal(ctx, store_secrets(ctx), webhook_place(ctx, id), secret,
                    &sealed));
    struct sql_arg args[] = {
        sql_s(sealed),   sql_s(now.secret), sql_i(ctx->now + OVERLAP_MS),
        sql_i(ctx->now), sql_i(id.v),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_SECRET_SAVE, args, COUNT_OF(args), NULL));
    TRY(webhook_tell(ctx, "webhook.secret_rotated", id, now.version + 1,
                     STR_NONE, NULL));
    *ret_secret = secret;
    return webhook_get(ctx, id, ret);
}

err_t webhook_ping(struct ctx *ctx, webhook_id id, int64_t *ret_event)
{
    struct webhook now;
    TRY(webhook_lock(ctx, id, 0, &now));
    if (!now.is_active)
        return fail_as(ctx, ERR_STATE, "webhook_disabled", "",
                       "the webhook is switched off");
    TRY(webhook_tell(ctx, "webhook.ping", id, now.version, STR_NONE,
                     ret_event));
    struct event event = {.id = *ret_event};
    struct webhook_target target = {
        .id = id, .cursor_seq = now.cursor_seq, .taken = now.taken};
    bool is_taken;
    TRY(webhook_take_now(ctx, &target, &event, 1, now.cursor, &is_taken));
    ASSERT(is_taken); /* We hold the row. */
    return OK;
}

err_t delivery_replay(struct ctx *ctx, webhook_id id, int64_t event_id,
                      struct delivery *ret)
{
    struct webhook now;
    TRY(webhook_lock(ctx, id, 0, &now));
    TRY(delivery_get(ctx, id, event_id, ret));
    ASSERT(delivery_next(ret->state, DELIVERY_EVENT_REPLAY) ==
           DELIVERY_PENDING);
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(id.v), sql_i(event_id)};
    TRY(sql_run(ctx, SQL_DELIVERY_REPLAY, args, COUNT_OF(args), NULL));
    TRY(webhook_tell(ctx, "webhook.replayed", id, now.version, STR("one"),
                     NULL));
    return delivery_get(ctx, id, event_id, ret);
}

err_t webhook_replay_dead(struct ctx *ctx, webhook_id id, utc_ms since,
                          size_t *ret_count, bool *ret_is_more)
{
    struct webhook now;
    struct sql_rows rows;
    TRY(webhook_lock(ctx, id, 0, &now));
    struct sql_arg args[] = {sql_i(id.v), sql_i(since), sql_i(REPLAY_MAX + 1)};
    TRY(sql_list(ctx, SQL_DELIVERY_DEAD, args, COUNT_OF(args), &rows));
    *ret_is_more = rows.count > REPLAY_MAX;
    *ret_count = rows.count - *ret_is_more;
    for (size_t i = 0; i < *ret_count; i++) {
        struct sql_arg one[] = {sql_i(ctx->now), sql_i(id.v),
                                sql_i(sql_int(&rows, i, 0))};
        TRY(sql_run(ctx, SQL_DELIVERY_REPLAY, one, COUNT_OF(one), NULL));
    }
    return webhook_tell(ctx, "webhook.replayed", id, now.version, STR("dead"),
                        NULL);
}

/* What an unfinished replay was to bring, this one brings too. */
static struct webhook_replay replay_of(const struct webhook *now, utc_ms since)
{
    struct webhook_replay replay = {.since = since, .until = now->cursor};
    if (event_cursor_cmp(now->cursor, now->replay.until) >= 0)
        return replay;
    replay.until = now->replay.until;
    if (now->replay.since < since)
        replay.since = now->replay.since;
    return replay;
}

err_t webhook_replay_all(struct ctx *ctx, webhook_id id, utc_ms since)
{
    struct webhook now;
    struct sql_rows rows;
    TRY(webhook_lock(ctx, id, 0, &now));
    struct sql_arg from[] = {sql_i(id_floor(since)), sql_i(now.cursor.id),
                             sql_i(since), sql_i(now.cursor.xid)};
    TRY(sql_list(ctx, SQL_EVENT_FIRST_SINCE, from, COUNT_OF(from), &rows));
    struct event_cursor to = now.cursor; /* It takes all behind it anyway. */
    if (rows.count)
        to = (struct event_cursor){.xid = sql_int(&rows, 0, 0),
                                   .id = sql_int(&rows, 0, 1)};
    struct webhook_replay replay = replay_of(&now, since);
    struct sql_arg args[] = {
        sql_i(to.xid),
        sql_i(to.id),
        sql_i(replay.since),
        sql_i(replay.until.xid),
        sql_i(replay.until.id),
        sql_i(ctx->now),
        sql_i(id.v),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_REWIND, args, COUNT_OF(args), NULL));
    return webhook_tell(ctx, "webhook.replayed", id, now.version + 1,
                        STR("all"), NULL);
}
