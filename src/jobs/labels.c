/* labels.c - taking calls, asking carriers, recording what came of it. */
#include "jobs/labels.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "net/client.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_job.h"
#include "store/call.h"
#include "store/store.h"

enum {
    IDLE_MS = 1000,      /* A look at the store, whatever happens. */
    REST_MS = 20,        /* Between two looks. */
    BUSY_MS = 200,       /* Until the store is asked again to take outcomes. */
    UNDER_WAY_MAX = 400, /* Calls at once, */
    OF_ACCOUNT = UNDER_WAY_MAX / CALL_BUSY_MAX, /* and of one account. */
    ANSWER_BYTES = 4 * 1024 * 1024
};

struct flight { /* One call under way. */
    struct arena *arena;
    const struct call_task *task;
    struct carrier_outcome outcome;
    struct http_call call;
    struct buf answer;
    bool is_done, is_recorded;
};

/* What was taken at once. Each call is recorded when it is done: one that
 * hangs holds up neither the others nor the next round, and an account with
 * many that hang gets no more until some of them are done. */
struct round {
    struct round *next;
    struct arena *arena;
    struct flight *flights;
    size_t count, recorded;
};

struct labels {
    struct store *store;
    struct http_client *client;
    struct arena *arena; /* Of one batch of jobs. */
    struct arena *look;  /* Of one question to the store. */
    struct round *rounds;
    size_t under_way;
    bool is_stuck; /* The store would not take outcomes; try again. */
    int64_t owner;
    utc_ms next_at; /* When more is due; 0: not known. */
    pthread_t thread;
    atomic_bool has_news, is_closing;
    _Atomic int64_t calls, unknown;
};

/* ---- the store ---- */

static err_t try_ask(struct labels *labels, struct arena *arena,
                     enum work_lane lane, store_call_fn *fn, void *arg,
                     struct err_detail *ret)
{
    struct ctx ctx = {
        .arena = arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, labels->store, lane, "labels", fn, arg);
    *ret = ctx.err;
    return err;
}

static err_t ask(struct labels *labels, struct arena *arena,
                 enum work_lane lane, store_call_fn *fn, void *arg)
{
    struct err_detail why;
    err_t err = try_ask(labels, arena, lane, fn, arg, &why);
    if (err != OK && err != ERR_BUSY)
        log_line(LOG_ERROR, "labels", "%s", why.text);
    return err;
}

/* ---- one round: take, ask, record ---- */

struct take {
    struct call_taker taker;
    struct call_task *tasks;
    size_t count;
    utc_ms next_at;
};

static err_t run_peek(struct ctx *ctx, void *arg)
{
    struct take *take = arg;
    return call_peek(ctx, &take->taker, &take->next_at);
}

static err_t run_take(struct ctx *ctx, void *arg)
{
    struct take *take = arg;
    return call_take(ctx, &take->taker, &take->tasks, &take->count);
}

static struct carrier_outcome lost(struct arena *arena, const char *why)
{
    return (struct carrier_outcome){.result = CARRIER_UNKNOWN,
                                    .text = str_copy(arena, str_from_cstr(why)),
                                    .field = STR("")};
}

/* A request that never left us has done nothing. */
static bool is_unsent(enum call_error error)
{
    switch (error) {
    case CALL_URL:
    case CALL_NAME:
    case CALL_ADDRESS:
    case CALL_CONNECT:
    case CALL_TLS: return true;
    case CALL_OK:
    case CALL_TIMEOUT:
    case CALL_BROKEN: return false;
    }
    UNREACHABLE("not a call error");
}

static void on_done(struct http_call *call)
{
    struct flight *flight = call->arg;
    const struct call_task *task = flight->task;
    struct ctx ctx = {.arena = flight->arena, .now = clock_now()};
    struct carrier_reply reply = {.is_answered = call->error == CALL_OK &&
                                                 !flight->answer.is_full,
                                  .is_unsent = is_unsent(call->error),
                                  .status = call->status,
                                  .retry_after_s = call->retry_after_s,
                                  .body = buf_str(&flight->answer)};
    flight->is_done = true;
    if (task->carrier->read(&ctx, &task->account, &task->request, &reply,
                            &flight->outcome) != OK)
        flight->outcome = lost(ctx.arena, "the answer could not be read");
}

static void start(struct labels *labels, struct flight *flight)
{
    const struct call_task *task = flight->task;
    const struct carrier *carrier = task->carrier;
    struct ctx ctx = {.arena = flight->arena, .now = clock_now()};
    struct carrier_call out = {0};
    if (carrier->answer) {
        flight->is_done = true;
        if (carrier->answer(&ctx, &task->account, &task->request,
                            &flight->outcome) != OK)
            flight->outcome = lost(ctx.arena, ctx.err.text);
        return;
    }
    if (carrier->ask(&ctx, &task->account, &task->request, &out) != OK) {
        flight->is_done = true; /* Nobody was asked. */
        flight->outcome = (struct carrier_outcome){
            .result = CARRIER_REFUSED,
            .field = str_copy(ctx.arena, str_from_cstr(ctx.err.field)),
            .text = str_copy(ctx.arena, str_from_cstr(ctx.err.text))};
        return;
    }
    buf_init(&flight->answer, ctx.arena, ANSWER_BYTES);
    flight->call = (struct http_call){.method = out.method,
                                      .url = out.url,
                                      .body = out.body,
                                      .timeout_ms = CALL_TIMEOUT_MS,
                                      .answer = &flight->answer,
                                      .done = on_done,
                                      .arg = flight};
    _Static_assert((int)CARRIER_HEADERS_MAX < (int)CALL_HEADERS_MAX, "fits");
    for (size_t i = 0; i < CARRIER_HEADERS_MAX && out.headers[i]; i++)
        flight->call.headers[i] = out.headers[i];
    http_client_start(labels->client, &flight->call);
}

static bool is_news(const struct flight *flight)
{
    return flight->is_done && !flight->is_recorded;
}

static bool has_news(const struct round *round)
{
    for (size_t i = 0; i < round->count; i++)
        if (is_news(&round->flights[i]))
            return true;
    return false;
}

static err_t record_all(struct ctx *ctx, void *arg)
{
    const struct round *round = arg;
    for (size_t i = 0; i < round->count; i++)
        if (is_news(&round->flights[i]))
            TRY(call_record(ctx, round->flights[i].task->id,
                            &round->flights[i].outcome));
    return OK;
}

static err_t record_one(struct ctx *ctx, void *arg)
{
    const struct flight *flight = arg;
    return call_record(ctx, flight->task->id, &flight->outcome);
}

/* Outcomes are kept until the store takes them; one that it refuses for its
 * own sake does not hold up the others: its lease ends and it is looked up. */
static void record(struct labels *labels, struct round *round)
{
    arena_reset(labels->look);
    err_t all = ask(labels, labels->look, LANE_LOW, record_all, round);
    labels->is_stuck |= all == ERR_BUSY;
    for (size_t i = 0; !labels->is_stuck && i < round->count; i++) {
        struct flight *flight = &round->flights[i];
        if (!is_news(flight))
            continue;
        arena_reset(labels->look);
        if (all != OK)
            labels->is_stuck = ask(labels, labels->look, LANE_LOW, record_one,
                                   flight) == ERR_BUSY;
        if (labels->is_stuck)
            continue;
        if (flight->outcome.result == CARRIER_UNKNOWN)
            atomic_fetch_add(&labels->unknown, 1);
        atomic_fetch_add(&labels->calls, 1);
        flight->is_recorded = true;
        round->recorded++;
        labels->under_way--;
    }
}

static void record_rounds(struct labels *labels)
{
    labels->is_stuck = false;
    for (struct round **at = &labels->rounds; *at;) {
        struct round *round = *at;
        if (has_news(round) && !labels->is_stuck)
            record(labels, round);
        if (round->recorded < round->count) {
            at = &round->next;
            continue;
        }
        *at = round->next;
        arena_close(round->arena);
    }
}

/* ---- jobs: labels asked for in bulk ---- */

struct batch {
    struct job_item *items;
    size_t count;
    size_t at; /* Of the one that is run alone. */
    struct err_detail why;
};

static err_t read_jobs(struct ctx *ctx, void *arg)
{
    struct batch *batch = arg;
    return job_next(ctx, JOB_BATCH, &batch->items, &batch->count);
}

static err_t run_items(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    for (size_t i = 0; i < batch->count; i++)
        TRY(job_item_run(ctx, &batch->items[i]));
    return OK;
}

static err_t run_item(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    return job_item_run(ctx, &batch->items[batch->at]);
}

static err_t refuse_item(struct ctx *ctx, void *arg)
{
    const struct batch *batch = arg;
    return job_item_refuse(ctx, &batch->items[batch->at], &batch->why);
}

/* Many in one transaction; where one of them is refused, each in its own. True
 * where there was something to do. */
static bool run_jobs(struct labels *labels)
{
    struct batch batch = {0};
    arena_reset(labels->arena);
    if (ask(labels, labels->arena, LANE_READ, read_jobs, &batch) != OK ||
        batch.count == 0)
        return false;
    arena_reset(labels->look);
    err_t err =
        try_ask(labels, labels->look, LANE_LOW, run_items, &batch, &batch.why);
    for (; err != OK && err != ERR_BUSY && batch.at < batch.count; batch.at++) {
        arena_reset(labels->look);
        err_t one = try_ask(labels, labels->look, LANE_LOW, run_item, &batch,
                            &batch.why);
        if (one == ERR_BUSY)
            return false;
        if (one != OK)
            (void)ask(labels, labels->look, LANE_LOW, refuse_item, &batch);
    }
    return err != ERR_BUSY;
}

static size_t count_of(const struct labels *labels, carrier_account_id account)
{
    size_t count = 0;
    for (const struct round *r = labels->rounds; r; r = r->next)
        for (size_t i = 0; i < r->count; i++)
            count += !r->flights[i].is_recorded &&
                     r->flights[i].task->account_id.v == account.v;
    return count;
}

static bool is_named(const struct call_taker *taker, carrier_account_id account)
{
    for (size_t i = 0; i < CALL_BUSY_MAX; i++)
        if (taker->busy[i].v == account.v)
            return true;
    return false;
}

/* At most CALL_BUSY_MAX accounts have as many under way. */
static struct call_taker taker_of(const struct labels *labels)
{
    size_t left = UNDER_WAY_MAX - labels->under_way, n = 0;
    struct call_taker taker = {.owner = labels->owner,
                               .limit = left < CALL_BATCH ? left : CALL_BATCH};
    if (labels->under_way < OF_ACCOUNT)
        return taker;
    for (const struct round *r = labels->rounds; r; r = r->next)
        for (size_t i = 0; i < r->count && n < CALL_BUSY_MAX; i++) {
            carrier_account_id account = r->flights[i].task->account_id;
            if (!is_named(&taker, account) &&
                count_of(labels, account) >= OF_ACCOUNT)
                taker.busy[n++] = account;
        }
    return taker;
}

/* In an arena of its own; NULL where nothing is due. */
static struct round *take_round(struct labels *labels,
                                const struct call_taker *taker)
{
    struct take take = {.taker = *taker};
    struct arena *arena = arena_open();
    if (ask(labels, arena, LANE_LOW, run_take, &take) != OK ||
        take.count == 0) {
        arena_close(arena);
        return NULL;
    }
    struct round *round = arena_new(arena, struct round);
    *round = (struct round){
        .next = labels->rounds, .arena = arena, .count = take.count};
    round->flights = arena_array(arena, struct flight, take.count);
    for (size_t i = 0; i < take.count; i++) {
        round->flights[i] =
            (struct flight){.arena = arena, .task = &take.tasks[i]};
        start(labels, &round->flights[i]);
    }
    return round;
}

/* True where there was something to do. */
static bool run_round(struct labels *labels)
{
    struct take take = {.taker = taker_of(labels)};
    labels->next_at = 0;
    if (take.taker.limit == 0)
        return false;
    arena_reset(labels->look);
    if (ask(labels, labels->look, LANE_READ, run_peek, &take) != OK)
        return false;
    labels->next_at = take.next_at;
    if (take.next_at == 0 || take.next_at > clock_now())
        return false;
    struct round *round = take_round(labels, &take.taker);
    if (!round)
        return false;
    labels->rounds = round;
    labels->under_way += round->count;
    return true;
}

/* ---- the thread ---- */

static int wait_ms(const struct labels *labels)
{
    int64_t wait = labels->is_stuck ? BUSY_MS : IDLE_MS;
    if (labels->next_at && labels->next_at - clock_now() < wait)
        wait = labels->next_at - clock_now();
    if (wait < REST_MS)
        wait = REST_MS;
    return (int)wait;
}

static void *labels_main(void *arg)
{
    struct labels *labels = arg;
    while (!atomic_load(&labels->is_closing)) {
        atomic_store(&labels->has_news, false);
        bool is_more = true;
        while (!atomic_load(&labels->is_closing) && is_more) {
            is_more = run_jobs(labels);
            is_more |= run_round(labels);
            if (labels->rounds) /* Its calls go on meanwhile. */
                http_client_poll(labels->client, 0);
            record_rounds(labels);
        }
        if (!atomic_load(&labels->has_news))
            http_client_poll(labels->client, wait_ms(labels));
        else
            http_client_poll(labels->client, REST_MS);
    }
    record_rounds(labels);
    return NULL;
}

/* Each commit with events comes here. */
static void wake(void *arg)
{
    struct labels *labels = arg;
    if (!atomic_exchange(&labels->has_news, true))
        http_client_wake(labels->client);
}

/* ---- the face ---- */

static err_t release_own(struct ctx *ctx, void *arg)
{
    const struct labels *labels = arg;
    return call_release(ctx, labels->owner, false);
}

/* What a process before us had of a store that only one may own. */
static err_t release_others(struct ctx *ctx, void *arg)
{
    const struct labels *labels = arg;
    return call_release(ctx, labels->owner, true);
}

static void free_all(struct labels *labels)
{
    http_client_close(labels->client);
    while (labels->rounds) {
        struct arena *arena = labels->rounds->arena;
        labels->rounds = labels->rounds->next;
        arena_close(arena);
    }
    arena_close(labels->arena);
    arena_close(labels->look);
    mem_free(labels);
}

err_t labels_open(struct ctx *ctx, struct store *store,
                  const struct call_guard *guard, struct labels **ret)
{
    struct labels *labels = mem_new(sizeof *labels);
    labels->store = store;
    labels->arena = arena_open();
    labels->look = arena_open();
    labels->owner = (int64_t)randombytes_random() + 1;
    err_t err = http_client_open(ctx, guard, &labels->client);
    if (err == OK && store_engine(store) == STORE_SQLITE)
        err = ask(labels, labels->look, LANE_LOW, release_others, labels);
    if (err == OK &&
        pthread_create(&labels->thread, NULL, labels_main, labels) != 0)
        err = fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    if (err != OK) {
        free_all(labels);
        return err;
    }
    pthread_setname_np(labels->thread, "labels");
    store_on_commit(store, wake, labels);
    *ret = labels;
    return OK;
}

void labels_close(struct labels *labels)
{
    if (!labels)
        return;
    store_off_commit(labels->store, labels);
    atomic_store(&labels->is_closing, true);
    http_client_wake(labels->client);
    pthread_join(labels->thread, NULL);
    (void)ask(labels, labels->look, LANE_LOW, release_own, labels);
    free_all(labels);
}

void labels_metrics(const struct labels *labels, struct buf *out)
{
    buf_addf(out,
             "# TYPE wharf_carrier_calls_total counter\n"
             "wharf_carrier_calls_total %lld\n"
             "# TYPE wharf_carrier_unknown_total counter\n"
             "wharf_carrier_unknown_total %lld\n",
             (long long)atomic_load(&labels->calls),
             (long long)atomic_load(&labels->unknown));
}
