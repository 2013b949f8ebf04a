/* notify_deliver.c - what the worker that calls webhooks asks of the store. */
#include "base/arena.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/notify/notify_room.h"
#include "oms/notify/notify_sql.h"
#include "oms/notify/notify_store.h"
#include "oms/room.h"
#include "store/epoch.h"
#include "store/sql.h"
#include "store/store.h"

enum {
    GIVE_UP_DAYS = 5,       /* An endpoint that fails so long is disabled. */
    KEPT_DELIVERED = 10000, /* Of an endpoint, and no longer than a day. */
    KEPT_DEAD = 50000,      /* And no longer than thirty. */
    PRUNE_MAX = 500,
    STATUS_GONE = 410
};

/* ---- targets ---- */

static void open_secrets(struct ctx *ctx, const struct webhook *webhook,
                         struct webhook_target *target)
{
    const struct secret_ring *ring = store_secrets(ctx);
    str place = webhook_place(ctx, webhook->id);
    err_t err = secret_open(ctx, ring, place, webhook->secret, &target->secret);
    if (err == OK && webhook->old_secret.len && webhook->old_until > ctx->now &&
        secret_open(ctx, ring, place, webhook->old_secret,
                    &target->old_secret) != OK)
        target->old_secret = STR_NONE; /* The new one suffices. */
    if (err != OK)
        target->secret_why = ctx->err.slug;
    err_clear(ctx);
}

err_t webhook_target_list(struct ctx *ctx, struct webhook_target **ret,
                          size_t *ret_count)
{
    bool is_paused;
    struct webhook *webhooks;
    size_t count;
    *ret_count = 0;
    *ret = NULL;
    TRY(outbound_is_paused(ctx, &is_paused));
    if (is_paused)
        return OK;
    TRY(webhook_page(ctx, (webhook_id){0}, LIMIT_WEBHOOKS, &webhooks, &count));
    *ret = arena_array(ctx->arena, struct webhook_target, count);
    for (size_t i = 0; i < count; i++) {
        const struct webhook *webhook = &webhooks[i];
        struct webhook_target target = {
            .id = webhook->id,
            .url = webhook->url,
            .cursor = webhook->cursor,
            .cursor_seq = webhook->cursor_seq,
            .replay = webhook->replay,
            .taken = webhook->taken,
            .lease_owner = webhook->lease_owner,
            .lease_until = webhook->lease_until,
        };
        if (!webhook->is_active)
            continue;
        if (webhook->types.len)
            TRY(event_types_read(ctx, webhook->types, "types", &target.types));
        open_secrets(ctx, webhook, &target);
        (*ret)[(*ret_count)++] = target;
    }
    return OK;
}

err_t webhook_due_list(struct ctx *ctx, webhook_id id, size_t limit,
                       struct webhook_due **ret, size_t *ret_count,
                       size_t *ret_waiting, utc_ms *ret_next_at)
{
    struct sql_rows rows;
    struct sql_arg cap[] = {sql_i(id.v), sql_i(WEBHOOK_WINDOW)};
    TRY(sql_list(ctx, SQL_DELIVERY_WAITING, cap, COUNT_OF(cap), &rows));
    *ret_waiting = (size_t)sql_int(&rows, 0, 0);
    *ret_next_at = *ret_waiting ? sql_int(&rows, 0, 1) : 0;
    struct sql_arg args[] = {sql_i(id.v), sql_i(ctx->now),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_DELIVERY_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct webhook_due, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct webhook_due){
            .n = sql_int(&rows, i, 9),
            .attempts = sql_int(&rows, i, 10),
            .event = {
                      .id = sql_int(&rows, i, 0),
                      .at = sql_int(&rows, i, 2),
                      .type = sql_str(&rows, i, 3),
                      .subject_kind = sql_str(&rows, i, 4),
                      .subject_id = sql_int(&rows, i, 5),
                      .actor = {.kind = (enum actor_kind)sql_int(&rows, i, 6),
                          .id = sql_int(&rows, i, 7)},
                      .data = sql_str(&rows, i, 8),
                      }
        };
    return OK;
}

/* ---- taking ---- */

/* A webhook is not told of itself: a failing one would hear of its failures.
 * Pings are put there by hand. */
static bool is_of_itself(const struct webhook_target *target,
                         const struct event *event)
{
    return str_equal_cstr(event->subject_kind, "webhook") &&
           (event->subject_id == target->id.v ||
            str_equal_cstr(event->type, "webhook.ping"));
}

static bool is_before_replay(const struct webhook_replay *replay,
                             const struct event *event)
{
    struct event_cursor at = {event->xid, event->id};
    return event->at < replay->since &&
           event_cursor_cmp(at, replay->until) <= 0;
}

err_t webhook_wanted(struct ctx *ctx, const struct webhook_target *target,
                     struct event_cursor after, struct event_page *ret)
{
    struct event_filter filter = {.types = target->types};
    size_t count = 0;
    TRY(event_page(ctx, &filter, after, ret));
    for (size_t i = 0; i < ret->count; i++)
        if (!is_of_itself(target, &ret->items[i]) &&
            !is_before_replay(&target->replay, &ret->items[i]))
            ret->items[count++] = ret->items[i];
    ret->count = count;
    return OK;
}

static err_t add_deliveries(struct ctx *ctx,
                            const struct webhook_target *target,
                            const struct event *events, size_t count)
{
    enum { PARAMS = 5 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(target->id.v);
        args[i * PARAMS + 1] = sql_i(target->taken + 1 + (int64_t)i);
        args[i * PARAMS + 2] = sql_i(id_bucket(target->id.v));
        args[i * PARAMS + 3] = sql_i(events[i].id);
        args[i * PARAMS + 4] = sql_i(ctx->now);
    }
    if (count == 0)
        return OK;
    return sql_run_many(ctx, SQL_DELIVERY_ADD, args, PARAMS, count, NULL);
}

err_t webhook_take_now(struct ctx *ctx, const struct webhook_target *target,
                       const struct event *events, size_t count,
                       struct event_cursor cursor, bool *ret_is_taken)
{
    int64_t changed;
    struct sql_arg args[] = {
        sql_i(cursor.xid),   sql_i(cursor.id),          sql_i((int64_t)count),
        sql_i(target->id.v), sql_i(target->cursor_seq), sql_i(target->taken),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_TAKE, args, COUNT_OF(args), &changed));
    *ret_is_taken = changed == 1;
    if (changed == 0)
        return OK;
    return add_deliveries(ctx, target, events, count);
}

err_t webhook_take(struct ctx *ctx, const struct webhook_taking *take,
                   bool *ret_is_mine)
{
    int64_t changed;
    struct sql_arg args[] = {
        sql_i(take->owner),
        sql_i(take->lease_until),
        sql_i(take->target->id.v),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_LEASE, args, COUNT_OF(args), &changed));
    *ret_is_mine = changed == 1;
    if (!*ret_is_mine)
        return OK;
    return webhook_take_now(ctx, take->target, take->events, take->count,
                            take->cursor, ret_is_mine);
}

err_t webhook_lease_end(struct ctx *ctx, int64_t owner, bool is_all)
{
    struct sql_arg args[] = {sql_i(owner), sql_i(is_all)};
    return sql_run(ctx, SQL_WEBHOOK_UNLEASE, args, COUNT_OF(args), NULL);
}

/* ---- outcomes ---- */

static enum delivery_state state_after(const struct webhook_outcome *outcome)
{
    enum delivery_state from =
        outcome->attempts ? DELIVERY_RETRYING : DELIVERY_PENDING;
    bool is_last = outcome->attempts + 1 >= WEBHOOK_TRIES;
    enum delivery_event event = outcome->error.len == 0 ? DELIVERY_EVENT_ANSWER
                                : is_last               ? DELIVERY_EVENT_GIVE_UP
                                                        : DELIVERY_EVENT_FAIL;
    enum delivery_state to = delivery_next(from, event);
    ASSERT(to != DELIVERY_NONE);
    return to;
}

static err_t save_outcome(struct ctx *ctx,
                          const struct webhook_outcome *outcome,
                          int64_t *ret_changed)
{
    int64_t wait_ms = webhook_backoff_ms(
        outcome->attempts + 1, outcome->first_ms, (uint64_t)outcome->event_id);
    if (wait_ms < outcome->retry_after_s * 1000)
        wait_ms = outcome->retry_after_s * 1000;
    struct sql_arg args[] = {
        sql_i(state_after(outcome)),
        sql_i(ctx->now + wait_ms),
        sql_i(ctx->now),
        sql_i_or_null(outcome->status),
        sql_s_or_null(outcome->error),
        sql_i(outcome->duration_ms),
        sql_i(outcome->id.v),
        sql_i(outcome->n),
        sql_i(outcome->event_id),
        sql_i(outcome->attempts),
    };
    return sql_run(ctx, SQL_DELIVERY_RECORD, args, COUNT_OF(args), ret_changed);
}

static err_t disable(struct ctx *ctx, const struct webhook *webhook, str reason)
{
    struct sql_arg args[] = {sql_s(reason), sql_i(ctx->now),
                             sql_i(webhook->id.v)};
    TRY(sql_run(ctx, SQL_WEBHOOK_DISABLE, args, COUNT_OF(args), NULL));
    return webhook_tell(ctx, "webhook.disabled", webhook->id,
                        webhook->version + 1, reason, NULL);
}

static err_t save_health(struct ctx *ctx, const struct webhook *webhook,
                         const struct webhook_outcome *outcome)
{
    bool is_good = outcome->error.len == 0;
    utc_ms since = webhook->failing_since ? webhook->failing_since : ctx->now;
    struct sql_arg args[] = {
        sql_i_or_null(is_good ? 0 : since),
        sql_i(ctx->now),
        sql_i_or_null(is_good ? ctx->now : webhook->last_success_at),
        sql_i_or_null(outcome->status),
        sql_s_or_null(outcome->error),
        sql_i(webhook->id.v),
    };
    TRY(sql_run(ctx, SQL_WEBHOOK_HEALTH, args, COUNT_OF(args), NULL));
    if (is_good || !webhook->is_active)
        return OK;
    if (outcome->status == STATUS_GONE)
        return disable(ctx, webhook, STR("gone"));
    if (ctx->now - since >= GIVE_UP_DAYS * DAY_MS)
        return disable(ctx, webhook, STR("failing"));
    return OK;
}

err_t webhook_record(struct ctx *ctx, const struct webhook_outcome *outcome)
{
    struct webhook webhook;
    int64_t changed;
    err_t err = webhook_lock(ctx, outcome->id, 0, &webhook);
    if (err == ERR_NOT_FOUND) { /* Deleted while it was called. */
        err_clear(ctx);
        return OK;
    }
    TRY(err);
    TRY(save_outcome(ctx, outcome, &changed));
    return save_health(ctx, &webhook, outcome);
}

/* ---- the timer: what is old goes; when the worker is needed ---- */

static err_t prune(struct ctx *ctx, bool *ret_is_more)
{
    struct webhook *webhooks;
    size_t count;
    TRY(webhook_page(ctx, (webhook_id){0}, LIMIT_WEBHOOKS, &webhooks, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t changed;
        struct sql_arg args[] = {
            sql_i(webhooks[i].id.v),
            sql_i(webhooks[i].taken - KEPT_DELIVERED),
            sql_i(ctx->now - DAY_MS),
            sql_i(webhooks[i].taken - KEPT_DEAD),
            sql_i(ctx->now - 30 * DAY_MS),
            sql_i(PRUNE_MAX),
        };
        TRY(sql_run(ctx, SQL_DELIVERY_PRUNE, args, COUNT_OF(args), &changed));
        *ret_is_more |= changed == PRUNE_MAX;
    }
    return OK;
}

static err_t next_at(struct ctx *ctx, utc_ms *ret)
{
    struct webhook_target *targets;
    struct event_cursor head;
    size_t count;
    *ret = 0;
    TRY(webhook_target_list(ctx, &targets, &count));
    TRY(event_head(ctx, &head));
    for (size_t i = 0; i < count; i++) {
        struct webhook_due *due;
        struct event_page page = {.limit = 1};
        size_t due_count, waiting;
        utc_ms at;
        TRY(webhook_due_list(ctx, targets[i].id, 1, &due, &due_count, &waiting,
                             &at));
        if (waiting == 0)
            TRY(webhook_wanted(ctx, &targets[i], targets[i].cursor, &page));
        if (waiting == 0 && (page.count > 0 || !page.is_end))
            at = ctx->now;
        if (at != 0 && (*ret == 0 || at < *ret))
            *ret = at;
    }
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "webhooks", .period_ms = 60000, .run = prune, .next_at = next_at},
};
const struct timer_list notify_timers = {timers, COUNT_OF(timers)};
