/* asker.c - taking calls, asking those outside, recording what came of it. */
#include "jobs/asker.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "net/client.h"
#include "store/call.h"
#include "store/store.h"

enum {
    IDLE_MS = 1000,      /* A look at the store, whatever happens. */
    REST_MS = 20,        /* Between two looks. */
    BUSY_MS = 200,       /* Until the store is asked again to take outcomes. */
    UNDER_WAY_MAX = 400, /* Calls at once, */
    OF_ACCOUNT = UNDER_WAY_MAX / CALL_BUSY_MAX, /* and of one account. */
    FEW = 8, /* Somebody waits for these; more are a job's and take turns. */
    ANSWER_BYTES = 4 * 1024 * 1024
};

struct flight { /* One call under way. */
    struct arena *arena;
    struct asker *asker;
    struct asker_task *task;
    struct http_call call;
    struct buf answer;
    bool is_done, is_recorded;
};

/* What was taken at once. Each call is recorded when it is done: one that
 * hangs holds up neither the others nor the next round, and an account with
 * many that hang gets no more until some of them are done. */
struct round {
    struct round *next;
    struct asker *asker;
    struct arena *arena;
    struct flight *flights;
    size_t count, recorded;
};

struct asker {
    const struct asker_kind *kind;
    struct store *store;
    struct http_client *client;
    struct arena *arena; /* Of what is done besides. */
    struct arena *look;  /* Of one question to the store. */
    struct round *rounds;
    size_t under_way;
    bool is_stuck; /* The store would not take outcomes; try again. */
    bool is_much;  /* There were more than few. */
    int64_t owner;
    utc_ms next_at; /* When more is due; 0: not known. */
    pthread_t thread;
    atomic_bool has_news, is_closing;
    _Atomic int64_t calls, unknown;
};

/* ---- the store ---- */

static err_t call(struct asker *asker, struct arena *arena, enum work_lane lane,
                  store_call_fn *fn, void *arg)
{
    struct ctx ctx = {
        .arena = arena, .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err =
        store_call(&ctx, asker->store, lane, asker->kind->name, fn, arg);
    if (err != OK && err != ERR_BUSY)
        log_line(LOG_ERROR, asker->kind->name, "%s", ctx.err.text);
    return err;
}

/* What somebody waits for goes with the commands of clients; what a job has
 * left to do waits behind them. */
static enum work_lane lane_of(bool is_much)
{
    return is_much ? LANE_LOW : LANE_WRITE;
}

/* ---- one round: take, ask, record ---- */

struct take {
    const struct asker_kind *kind;
    struct call_taker taker;
    void *tasks;
    size_t count;
    utc_ms next_at;
};

static err_t run_peek(struct ctx *ctx, void *arg)
{
    struct take *take = arg;
    return take->kind->peek(ctx, &take->taker, &take->next_at);
}

static err_t run_take(struct ctx *ctx, void *arg)
{
    struct take *take = arg;
    return take->kind->take(ctx, &take->taker, &take->tasks, &take->count);
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

static void on_done(struct http_call *done)
{
    struct flight *flight = done->arg;
    struct ctx ctx = {.arena = flight->arena, .now = clock_now()};
    struct outside_reply reply = {.is_answered = done->error == CALL_OK &&
                                                 !flight->answer.is_full,
                                  .is_unsent = is_unsent(done->error),
                                  .status = done->status,
                                  .retry_after_s = done->retry_after_s,
                                  .body = buf_str(&flight->answer)};
    flight->is_done = true;
    flight->asker->kind->read(&ctx, flight->task, &reply);
}

static void start(struct asker *asker, struct flight *flight)
{
    struct ctx ctx = {.arena = flight->arena, .now = clock_now()};
    struct outside_call out = {0};
    if (asker->kind->ask(&ctx, flight->task, &out)) {
        flight->is_done = true;
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
    _Static_assert((int)OUTSIDE_HEADERS_MAX < (int)CALL_HEADERS_MAX, "fits");
    for (size_t i = 0; i < OUTSIDE_HEADERS_MAX && out.headers[i]; i++)
        flight->call.headers[i] = out.headers[i];
    http_client_start(asker->client, &flight->call);
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
            TRY(round->asker->kind->record(ctx, round->flights[i].task));
    return OK;
}

static err_t record_one(struct ctx *ctx, void *arg)
{
    const struct flight *flight = arg;
    return flight->asker->kind->record(ctx, flight->task);
}

/* Outcomes are kept until the store takes them; one that it refuses for its
 * own sake does not hold up the others: its lease ends and it is looked up. */
static void record(struct asker *asker, struct round *round)
{
    arena_reset(asker->look);
    enum work_lane lane = lane_of(round->count >= FEW);
    err_t all = call(asker, asker->look, lane, record_all, round);
    asker->is_stuck |= all == ERR_BUSY;
    for (size_t i = 0; !asker->is_stuck && i < round->count; i++) {
        struct flight *flight = &round->flights[i];
        if (!is_news(flight))
            continue;
        arena_reset(asker->look);
        if (all != OK)
            asker->is_stuck =
                call(asker, asker->look, lane, record_one, flight) == ERR_BUSY;
        if (asker->is_stuck)
            continue;
        if (flight->task->is_unknown)
            atomic_fetch_add(&asker->unknown, 1);
        atomic_fetch_add(&asker->calls, 1);
        flight->is_recorded = true;
        round->recorded++;
        asker->under_way--;
    }
}

static void record_rounds(struct asker *asker)
{
    asker->is_stuck = false;
    for (struct round **at = &asker->rounds; *at;) {
        struct round *round = *at;
        if (has_news(round) && !asker->is_stuck)
            record(asker, round);
        if (round->recorded < round->count) {
            at = &round->next;
            continue;
        }
        *at = round->next;
        arena_close(round->arena);
    }
}

/* ---- taking turns ---- */

static size_t count_of(const struct asker *asker, int64_t account)
{
    size_t count = 0;
    for (const struct round *r = asker->rounds; r; r = r->next)
        for (size_t i = 0; i < r->count; i++)
            count += !r->flights[i].is_recorded &&
                     r->flights[i].task->account == account;
    return count;
}

static bool is_named(const struct call_taker *taker, int64_t account)
{
    for (size_t i = 0; i < CALL_BUSY_MAX; i++)
        if (taker->busy[i] == account)
            return true;
    return false;
}

/* At most CALL_BUSY_MAX accounts have as many under way. */
static struct call_taker taker_of(const struct asker *asker)
{
    size_t left = UNDER_WAY_MAX - asker->under_way, n = 0;
    struct call_taker taker = {.owner = asker->owner,
                               .limit = left < CALL_BATCH ? left : CALL_BATCH};
    if (asker->under_way < OF_ACCOUNT)
        return taker;
    for (const struct round *r = asker->rounds; r; r = r->next)
        for (size_t i = 0; i < r->count && n < CALL_BUSY_MAX; i++) {
            int64_t account = r->flights[i].task->account;
            if (!is_named(&taker, account) &&
                count_of(asker, account) >= OF_ACCOUNT)
                taker.busy[n++] = account;
        }
    return taker;
}

/* In an arena of its own; NULL where nothing is due. */
static struct round *take_round(struct asker *asker,
                                const struct call_taker *taker)
{
    struct take take = {.kind = asker->kind, .taker = *taker};
    struct arena *arena = arena_open();
    enum work_lane lane = lane_of(asker->is_much);
    if (call(asker, arena, lane, run_take, &take) != OK || take.count == 0) {
        arena_close(arena);
        return NULL;
    }
    struct round *round = arena_new(arena, struct round);
    *round = (struct round){.next = asker->rounds,
                            .asker = asker,
                            .arena = arena,
                            .count = take.count};
    round->flights = arena_array(arena, struct flight, take.count);
    for (size_t i = 0; i < take.count; i++) {
        void *task = (char *)take.tasks + i * asker->kind->task_bytes;
        round->flights[i] =
            (struct flight){.arena = arena, .asker = asker, .task = task};
        start(asker, &round->flights[i]);
    }
    return round;
}

/* True where there was something to do. */
static bool run_round(struct asker *asker)
{
    struct take take = {.kind = asker->kind, .taker = taker_of(asker)};
    asker->next_at = 0;
    if (take.taker.limit == 0)
        return false;
    if (!asker->is_much && take.taker.limit > FEW)
        take.taker.limit = FEW;
    arena_reset(asker->look);
    if (call(asker, asker->look, LANE_READ, run_peek, &take) != OK)
        return false;
    asker->next_at = take.next_at;
    if (take.next_at == 0 || take.next_at > clock_now())
        return false;
    struct round *round = take_round(asker, &take.taker);
    asker->is_much = round && round->count >= FEW;
    if (!round)
        return false;
    asker->rounds = round;
    asker->under_way += round->count;
    return true;
}

/* ---- the thread ---- */

static bool run_besides(struct asker *asker)
{
    return asker->kind->besides &&
           asker->kind->besides(asker->store, asker->arena, asker->look);
}

static int wait_ms(const struct asker *asker)
{
    int64_t wait = asker->is_stuck ? BUSY_MS : IDLE_MS;
    if (asker->next_at && asker->next_at - clock_now() < wait)
        wait = asker->next_at - clock_now();
    if (wait < REST_MS)
        wait = REST_MS;
    return (int)wait;
}

static void *asker_main(void *arg)
{
    struct asker *asker = arg;
    while (!atomic_load(&asker->is_closing)) {
        atomic_store(&asker->has_news, false);
        bool is_more = true;
        while (!atomic_load(&asker->is_closing) && is_more) {
            is_more = run_besides(asker);
            is_more |= run_round(asker);
            if (asker->rounds) /* Its calls go on meanwhile. */
                http_client_poll(asker->client, 0);
            record_rounds(asker);
        }
        if (!atomic_load(&asker->has_news))
            http_client_poll(asker->client, wait_ms(asker));
        else
            http_client_poll(asker->client, REST_MS);
    }
    record_rounds(asker);
    return NULL;
}

/* Each commit with events comes here. */
static void wake(void *arg)
{
    struct asker *asker = arg;
    if (!atomic_exchange(&asker->has_news, true))
        http_client_wake(asker->client);
}

/* ---- the face ---- */

static err_t release_own(struct ctx *ctx, void *arg)
{
    const struct asker *asker = arg;
    return asker->kind->release(ctx, asker->owner, false);
}

/* What a process before us had of a store that only one may own. */
static err_t release_others(struct ctx *ctx, void *arg)
{
    const struct asker *asker = arg;
    return asker->kind->release(ctx, asker->owner, true);
}

static void free_all(struct asker *asker)
{
    http_client_close(asker->client);
    while (asker->rounds) {
        struct arena *arena = asker->rounds->arena;
        asker->rounds = asker->rounds->next;
        arena_close(arena);
    }
    arena_close(asker->arena);
    arena_close(asker->look);
    mem_free(asker);
}

err_t asker_open(struct ctx *ctx, struct store *store,
                 const struct call_guard *guard, const struct asker_kind *kind,
                 struct asker **ret)
{
    struct asker *asker = mem_new(sizeof *asker);
    asker->kind = kind;
    asker->store = store;
    asker->arena = arena_open();
    asker->look = arena_open();
    asker->owner = (int64_t)randombytes_random() + 1;
    err_t err = http_client_open(ctx, guard, &asker->client);
    if (err == OK && store_engine(store) == STORE_SQLITE)
        err = call(asker, asker->look, LANE_LOW, release_others, asker);
    if (err == OK &&
        pthread_create(&asker->thread, NULL, asker_main, asker) != 0)
        err = fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    if (err != OK) {
        free_all(asker);
        return err;
    }
    pthread_setname_np(asker->thread, kind->name);
    store_on_commit(store, wake, asker);
    *ret = asker;
    return OK;
}

void asker_close(struct asker *asker)
{
    if (!asker)
        return;
    store_off_commit(asker->store, asker);
    atomic_store(&asker->is_closing, true);
    http_client_wake(asker->client);
    pthread_join(asker->thread, NULL);
    (void)call(asker, asker->look, LANE_LOW, release_own, asker);
    free_all(asker);
}

static void put_metric(const struct asker *asker, const char *name,
                       int64_t value, struct buf *out)
{
    buf_addf(out, "# TYPE %s_%s_total counter\n%s_%s_total %lld\n",
             asker->kind->metrics, name, asker->kind->metrics, name,
             (long long)value);
}

void asker_metrics(const struct asker *asker, struct buf *out)
{
    put_metric(asker, "calls", atomic_load(&asker->calls), out);
    put_metric(asker, "unknown", atomic_load(&asker->unknown), out);
}
