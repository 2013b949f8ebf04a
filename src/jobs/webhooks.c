/* webhooks.c - reading what endpoints want, calling them, recording it. */
#include "jobs/webhooks.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "net/client.h"
#include "oms/notify/notify_webhook.h"
#include "store/call.h"

enum {
    FIRST_RETRY_MS = 5000,
    TIMEOUT_MS = 15000,
    QUEUE_MAX = 20,     /* Deliveries of an endpoint read ahead. */
    PLAN_MS = 1000,     /* A look at the store, whatever happens. */
    IDLE_MS = 200,      /* Between two looks where there is no endpoint. */
    REST_MS = 20,       /* Between two looks. */
    LEASE_MS = 20000,   /* So long an endpoint is this node's. */
    RENEW_MS = 10000,   /* Left of a lease when it is renewed. */
    SAVE_MS = 5000,     /* A cursor that passed nothing wanted is saved. */
    AROUND_BYTES = 2048 /* Of a body, beside the event's data. */
};

struct endpoint { /* As this worker has it. */
    struct endpoint *next;
    struct webhooks *owner;
    webhook_id id;
    struct event_cursor cursor; /* Events before it were looked at. */
    int64_t cursor_seq;
    int64_t saved_ns;
    bool is_seen; /* In the last look at the store. */
    bool is_more; /* The log holds more than was looked at. */
    size_t waiting;
    utc_ms next_at; /* When one that waits is due; 0: none. */
    /* Read ahead, in arena: */
    struct arena *arena;
    struct webhook_due *queue;
    size_t count, at;
    struct webhook_target target;
    /* The call under way. */
    bool is_calling;
    struct arena *call_arena;
    struct http_call call;
    struct webhook_outcome outcome;
};

struct webhooks {
    struct webhooks_config config;
    struct store *store;
    struct http_client *client;
    struct arena *arena; /* Of one look at the store. */
    struct endpoint *endpoints;
    int64_t owner; /* Names this worker in leases. */
    struct arena *done_arena;
    struct webhook_outcome *done; /* Not yet recorded. */
    size_t done_count, done_room;
    bool is_stuck; /* The store would not take them; try again. */
    pthread_t thread;
    atomic_bool has_news, is_closing;
    _Atomic int64_t calls, failures, waiting;
};

/* ---- the store ---- */

static err_t ask(struct webhooks *webhooks, enum work_lane lane,
                 store_call_fn *fn, void *arg)
{
    struct ctx ctx = {.arena = webhooks->arena,
                      .now = clock_now(),
                      .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, webhooks->store, lane, "webhooks", fn, arg);
    if (err != OK && err != ERR_BUSY)
        log_ctx(&ctx, LOG_ERROR, "webhooks", "%s", ctx.err.text);
    return err;
}

/* ---- what came of calls ---- */

static err_t record_all(struct ctx *ctx, void *arg)
{
    const struct webhooks *webhooks = arg;
    for (size_t i = 0; i < webhooks->done_count; i++)
        TRY(webhook_record(ctx, &webhooks->done[i]));
    return OK;
}

static void record(struct webhooks *webhooks)
{
    if (webhooks->done_count == 0)
        return;
    webhooks->is_stuck = ask(webhooks, LANE_LOW, record_all, webhooks) != OK;
    if (webhooks->is_stuck)
        return;
    webhooks->done_count = 0;
    arena_reset(webhooks->done_arena);
}

static void add_done(struct webhooks *webhooks,
                     const struct webhook_outcome *outcome)
{
    if (webhooks->done_count == webhooks->done_room) {
        webhooks->done_room =
            webhooks->done_room ? webhooks->done_room * 2 : 64;
        webhooks->done = mem_resize(webhooks->done, webhooks->done_room *
                                                        sizeof *webhooks->done);
    }
    struct webhook_outcome *to = &webhooks->done[webhooks->done_count++];
    *to = *outcome;
    to->error = str_copy(webhooks->done_arena, outcome->error);
}

/* ---- one call ---- */

static str error_of(struct arena *arena, const struct http_call *call)
{
    if (call->error != CALL_OK)
        return str_from_cstr(call_error_name(call->error));
    if (call->status >= 200 && call->status < 300)
        return STR_NONE;
    return str_printf(arena, "status_%d", call->status);
}

static void finish(struct endpoint *endpoint)
{
    struct webhooks *webhooks = endpoint->owner;
    atomic_fetch_add(&webhooks->calls, 1);
    if (endpoint->outcome.error.len)
        atomic_fetch_add(&webhooks->failures, 1);
    add_done(webhooks, &endpoint->outcome);
    endpoint->is_calling = false;
}

static void on_done(struct http_call *call)
{
    struct endpoint *endpoint = call->arg;
    endpoint->outcome.status = call->error == CALL_OK ? call->status : 0;
    endpoint->outcome.error = error_of(endpoint->call_arena, call);
    endpoint->outcome.retry_after_s = call->retry_after_s;
    endpoint->outcome.duration_ms = call->duration_ms;
    finish(endpoint);
}

/* {"type": …, "timestamp": …, "data": the event as all feeds show it} */
static str make_body(struct arena *arena, const struct event *event)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, AROUND_BYTES + event->data.len);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "type", event->type);
    json_put_time(&out, "timestamp", event->at);
    event_write(&out, "data", event);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

static const char *header(struct arena *arena, const char *name, str value)
{
    return str_to_cstr(arena,
                       str_printf(arena, "%s: %.*s", name, STR_ARG(value)));
}

static void make_call(struct endpoint *endpoint, const struct event *event)
{
    struct arena *arena = endpoint->call_arena;
    const struct webhook_target *target = &endpoint->target;
    char id_text[ID_TEXT_BYTES];
    str id = {id_text, id_to_text("evt", event->id, id_text)};
    int64_t now_s = clock_now() / 1000;
    str body = make_body(arena, event);
    str signature = webhook_sign(arena, target->secret, id, now_s, body);
    if (target->old_secret.len) {
        str old = webhook_sign(arena, target->old_secret, id, now_s, body);
        signature =
            str_printf(arena, "%.*s %.*s", STR_ARG(signature), STR_ARG(old));
    }
    endpoint->call = (struct http_call){
        .url = str_to_cstr(arena, target->url),
        .headers = {"Content-Type: application/json",
                    "User-Agent: Wharf/" WHARF_VERSION,
                    header(arena, "webhook-id", id),
                    header(arena, "webhook-timestamp",
                    str_printf(arena, "%lld", (long long)now_s)),
                    header(arena, "webhook-signature", signature)},
        .body = body,
        .timeout_ms = endpoint->owner->config.timeout_ms,
        .done = on_done,
        .arg = endpoint,
    };
}

static void send_next(struct endpoint *endpoint)
{
    const struct webhook_due *due = &endpoint->queue[endpoint->at++];
    arena_reset(endpoint->call_arena);
    endpoint->outcome = (struct webhook_outcome){
        .id = endpoint->id,
        .n = due->n,
        .event_id = due->event.id,
        .attempts = due->attempts,
        .first_ms = endpoint->owner->config.first_retry_ms,
    };
    endpoint->is_calling = true;
    if (endpoint->target.secret_why) {
        /* Unsigned it must not go out. */
        endpoint->outcome.error = str_from_cstr(endpoint->target.secret_why);
        finish(endpoint);
        return;
    }
    make_call(endpoint, &due->event);
    http_client_start(endpoint->owner->client, &endpoint->call);
}

/* ---- a look at the store ---- */

static struct endpoint *endpoint_of(struct webhooks *webhooks, webhook_id id)
{
    struct endpoint *at = webhooks->endpoints;
    while (at && at->id.v != id.v)
        at = at->next;
    if (at)
        return at;
    at = mem_new(sizeof *at);
    at->owner = webhooks;
    at->id = id;
    at->arena = arena_open();
    at->call_arena = arena_open();
    at->next = webhooks->endpoints;
    webhooks->endpoints = at;
    return at;
}

static void endpoint_free(struct endpoint *endpoint)
{
    arena_close(endpoint->arena);
    arena_close(endpoint->call_arena);
    mem_free(endpoint);
}

/* What one endpoint has to be told, as read; applied outside the snapshot. */
struct plan {
    struct webhook_target target;
    struct endpoint *endpoint;
    struct webhook_due *due;
    size_t due_count, waiting;
    utc_ms next_at;
    struct event_page page;
    bool has_page;
};

struct look {
    struct webhooks *webhooks;
    struct plan *plans;
    size_t count;
};

static err_t look_at_one(struct ctx *ctx, struct plan *plan)
{
    struct endpoint *endpoint = plan->endpoint;
    const struct webhook_target *target = &plan->target;
    TRY(webhook_due_list(ctx, target->id, QUEUE_MAX, &plan->due,
                         &plan->due_count, &plan->waiting, &plan->next_at));
    if (endpoint->cursor_seq != target->cursor_seq) {
        endpoint->cursor = target->cursor;
        endpoint->cursor_seq = target->cursor_seq;
        endpoint->saved_ns = clock_mono_ns();
    }
    if (plan->waiting >= WEBHOOK_WINDOW)
        return OK;
    plan->has_page = true;
    plan->page.limit = WEBHOOK_WINDOW - plan->waiting;
    return webhook_wanted(ctx, target, endpoint->cursor, &plan->page);
}

static err_t look(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    struct webhook_target *targets;
    size_t count;
    TRY(webhook_target_list(ctx, &targets, &count));
    look->plans = arena_array(ctx->arena, struct plan, count);
    look->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct webhook_target *target = &targets[i];
        if (target->lease_owner != look->webhooks->owner &&
            target->lease_until >= ctx->now)
            continue; /* Another node's. */
        struct plan *plan = &look->plans[look->count++];
        *plan = (struct plan){.target = *target};
        plan->endpoint = endpoint_of(look->webhooks, target->id);
        TRY(look_at_one(ctx, plan));
    }
    return OK;
}

struct take {
    struct webhook_taking taking;
    bool is_mine;
};

static err_t run_take(struct ctx *ctx, void *arg)
{
    struct take *take = arg;
    return webhook_take(ctx, &take->taking, &take->is_mine);
}

/* True if the endpoint is ours and as it was read. */
static bool take(struct webhooks *webhooks, struct plan *plan)
{
    struct endpoint *endpoint = plan->endpoint;
    const struct webhook_target *target = &plan->target;
    int64_t now_ns = clock_mono_ns();
    utc_ms now = clock_now();
    bool is_leased = target->lease_owner == webhooks->owner &&
                     target->lease_until - now >= RENEW_MS;
    bool is_wanted = plan->has_page && plan->page.count > 0;
    struct event_cursor to =
        plan->has_page ? plan->page.after : endpoint->cursor;
    bool is_old = now_ns - endpoint->saved_ns >= (int64_t)SAVE_MS * 1000000 &&
                  to.id != target->cursor.id;
    bool is_busy = plan->due_count > 0;
    if (is_wanted || is_old || (is_busy && !is_leased)) {
        struct take take = {
            .taking = {.target = target,
                       .owner = webhooks->owner,
                       .lease_until = now + LEASE_MS,
                       .events = plan->page.items,
                       .count = plan->page.count,
                       .cursor = to},
        };
        if (ask(webhooks, LANE_LOW, run_take, &take) != OK || !take.is_mine)
            return false;
        endpoint->saved_ns = now_ns;
    }
    endpoint->cursor = to;
    endpoint->is_more =
        plan->has_page && (!plan->page.is_end || plan->page.count > 0);
    return true;
}

static struct event copy_event(struct arena *arena, const struct event *from)
{
    struct event event = *from;
    event.type = str_copy(arena, from->type);
    event.subject_kind = str_copy(arena, from->subject_kind);
    event.data = str_copy(arena, from->data);
    return event;
}

/* Strings of the look are copied: it is forgotten, the queue stays. */
static void fill_queue(struct endpoint *endpoint, const struct plan *plan)
{
    struct arena *arena = endpoint->arena;
    arena_reset(arena);
    endpoint->target = plan->target;
    endpoint->target.url = str_copy(arena, plan->target.url);
    endpoint->target.secret = str_copy(arena, plan->target.secret);
    endpoint->target.old_secret = str_copy(arena, plan->target.old_secret);
    endpoint->queue =
        arena_array(arena, struct webhook_due, plan->due_count + 1);
    endpoint->at = endpoint->count = 0;
    for (size_t i = 0; i < plan->due_count; i++) {
        struct webhook_due *to = &endpoint->queue[endpoint->count];
        /* Its outcome is not in the store yet. */
        if (endpoint->is_calling && plan->due[i].n == endpoint->outcome.n)
            continue;
        *to = plan->due[i];
        to->event = copy_event(arena, &plan->due[i].event);
        endpoint->count++;
    }
}

static void forget_unseen(struct webhooks *webhooks)
{
    struct endpoint **at = &webhooks->endpoints;
    while (*at) {
        struct endpoint *endpoint = *at;
        if (!endpoint->is_seen) {
            endpoint->at = endpoint->count = 0;
            endpoint->is_more = false;
            endpoint->next_at = 0;
            endpoint->waiting = 0;
        }
        if (!endpoint->is_seen && !endpoint->is_calling) {
            *at = endpoint->next;
            endpoint_free(endpoint);
        } else {
            at = &endpoint->next;
        }
    }
}

/* Outcomes are recorded before, so what the store calls due is due. */
static void plan(struct webhooks *webhooks)
{
    struct look what = {.webhooks = webhooks};
    int64_t waiting = 0;
    for (struct endpoint *at = webhooks->endpoints; at; at = at->next)
        at->is_seen = false;
    arena_reset(webhooks->arena);
    if (ask(webhooks, LANE_READ, look, &what) != OK)
        return;
    for (size_t i = 0; i < what.count; i++) {
        struct plan *one = &what.plans[i];
        struct endpoint *endpoint = one->endpoint;
        endpoint->is_seen = true;
        if (!take(webhooks, one)) {
            one->due_count = 0;
            endpoint->is_more = true;
        }
        endpoint->next_at = one->next_at;
        endpoint->waiting = one->waiting;
        waiting += (int64_t)one->waiting;
        fill_queue(endpoint, one);
    }
    forget_unseen(webhooks);
    atomic_store(&webhooks->waiting, waiting);
}

/* ---- the thread ---- */

/* How long until the next look at the store; 0: now. */
static int64_t rest_ms(struct webhooks *webhooks, int64_t planned_ns)
{
    int64_t past_ms = (clock_mono_ns() - planned_ns) / 1000000;
    int64_t least_ms = webhooks->endpoints ? REST_MS : IDLE_MS;
    int64_t wait_ms = PLAN_MS - past_ms;
    utc_ms now = clock_now();
    bool is_wanted = atomic_load(&webhooks->has_news);
    for (struct endpoint *at = webhooks->endpoints; at; at = at->next) {
        bool is_empty = at->at == at->count && !at->is_calling;
        is_wanted |= is_empty && at->is_more;
        if (is_empty && at->next_at && at->next_at - now < wait_ms)
            wait_ms = at->next_at - now;
    }
    if (is_wanted)
        wait_ms = 0;
    if (wait_ms < least_ms - past_ms)
        wait_ms = least_ms - past_ms;
    return wait_ms > 0 ? wait_ms : 0;
}

static void *webhooks_main(void *arg)
{
    struct webhooks *webhooks = arg;
    int64_t planned_ns = 0;
    while (!atomic_load(&webhooks->is_closing)) {
        record(webhooks);
        int64_t wait_ms =
            webhooks->is_stuck ? REST_MS * 10 : rest_ms(webhooks, planned_ns);
        if (wait_ms == 0) {
            atomic_store(&webhooks->has_news, false);
            planned_ns = clock_mono_ns();
            plan(webhooks);
            wait_ms = rest_ms(webhooks, planned_ns);
        }
        bool is_begun = false;
        /* Outcomes wait in memory for the store only so long. */
        for (struct endpoint *at = webhooks->endpoints;
             at && !webhooks->is_stuck; at = at->next) {
            if (at->is_calling || at->at == at->count)
                continue;
            send_next(at);
            is_begun = true;
        }
        http_client_poll(webhooks->client,
                         is_begun && webhooks->done_count ? 0 : (int)wait_ms);
        arena_reset(webhooks->arena);
    }
    record(webhooks);
    return NULL;
}

/* Each commit with events comes here. */
static void wake(void *arg)
{
    struct webhooks *webhooks = arg;
    if (!atomic_exchange(&webhooks->has_news, true))
        http_client_wake(webhooks->client);
}

/* ---- the face ---- */

static err_t end_leases(struct ctx *ctx, void *arg)
{
    const struct webhooks *webhooks = arg;
    return webhook_lease_end(ctx, webhooks->owner, false);
}

/* What a process before us had of a store that only one may own. */
static err_t end_all_leases(struct ctx *ctx, void *arg)
{
    const struct webhooks *webhooks = arg;
    return webhook_lease_end(ctx, webhooks->owner, true);
}

static void free_all(struct webhooks *webhooks)
{
    while (webhooks->endpoints) {
        struct endpoint *endpoint = webhooks->endpoints;
        webhooks->endpoints = endpoint->next;
        endpoint_free(endpoint);
    }
    arena_close(webhooks->arena);
    arena_close(webhooks->done_arena);
    mem_free(webhooks->done);
    mem_free(webhooks);
}

err_t webhooks_open(struct ctx *ctx, struct store *store,
                    const struct webhooks_config *config, struct webhooks **ret)
{
    struct webhooks *webhooks = mem_new(sizeof *webhooks);
    webhooks->config = *config;
    if (webhooks->config.first_retry_ms == 0)
        webhooks->config.first_retry_ms = FIRST_RETRY_MS;
    if (webhooks->config.timeout_ms == 0)
        webhooks->config.timeout_ms = TIMEOUT_MS;
    webhooks->store = store;
    webhooks->arena = arena_open();
    webhooks->done_arena = arena_open();
    webhooks->owner = (int64_t)randombytes_random() + 1;
    err_t err = http_client_open(ctx, config->guard, &webhooks->client);
    if (err == OK && store_engine(store) == STORE_SQLITE)
        err = ask(webhooks, LANE_LOW, end_all_leases, webhooks);
    if (err == OK &&
        pthread_create(&webhooks->thread, NULL, webhooks_main, webhooks) != 0)
        err = fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    if (err != OK) {
        http_client_close(webhooks->client);
        free_all(webhooks);
        return err;
    }
    pthread_setname_np(webhooks->thread, "webhooks");
    store_on_commit(store, wake, webhooks);
    *ret = webhooks;
    return OK;
}

void webhooks_close(struct webhooks *webhooks)
{
    if (!webhooks)
        return;
    store_off_commit(webhooks->store, webhooks);
    atomic_store(&webhooks->is_closing, true);
    http_client_wake(webhooks->client);
    pthread_join(webhooks->thread, NULL);
    http_client_close(webhooks->client);
    (void)ask(webhooks, LANE_LOW, end_leases, webhooks);
    free_all(webhooks);
}

void webhooks_metrics(const struct webhooks *webhooks, struct buf *out)
{
    buf_addf(out,
             "# TYPE wharf_webhook_calls_total counter\n"
             "wharf_webhook_calls_total %lld\n"
             "# TYPE wharf_webhook_failures_total counter\n"
             "wharf_webhook_failures_total %lld\n"
             "# TYPE wharf_webhook_waiting gauge\n"
             "wharf_webhook_waiting %lld\n",
             (long long)atomic_load(&webhooks->calls),
             (long long)atomic_load(&webhooks->failures),
             (long long)atomic_load(&webhooks->waiting));
}
