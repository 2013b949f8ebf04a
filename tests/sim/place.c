/* place.c - a store in a temporary folder, or in a schema of its own. */
#define WHARF_UNBANNED
#include "place.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/rooms.h"
#include "app/verify.h"
#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/consumers.h"
#include "jobs/digest.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/order/order.h"
#include "oms/room.h"
#include "store/engine.h"

enum { LISTS_MAX = 64 };

_Noreturn void place_stop(const char *what, const char *why)
{
    fprintf(stderr, "sim: %s: %s\n", what, why);
    abort();
}

/* ---- the clock ---- */

/* All that the same seed does must not hang on how fast the machine is. */
static _Atomic utc_ms shown;

utc_ms __real_clock_now(void);
utc_ms __wrap_clock_now(void);

utc_ms __wrap_clock_now(void)
{
    utc_ms now = shown;
    return now ? now : __real_clock_now();
}

void place_tick(const struct place *place)
{
    shown = place->now;
}

/* Nor on luck: codes that are drawn are those of the run. */
static _Atomic uint64_t drawn;

uint32_t __wrap_randombytes_random(void);
uint32_t __wrap_randombytes_uniform(uint32_t bound);

uint32_t __wrap_randombytes_random(void)
{
    uint64_t z = ++drawn * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(z >> 32);
}

uint32_t __wrap_randombytes_uniform(uint32_t bound)
{
    return __wrap_randombytes_random() % bound;
}

/* ---- a store ---- */

static void pg_exec(const char *sql)
{
    PGconn *conn = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    if (PQstatus(conn) != CONNECTION_OK)
        place_stop("postgres", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET client_min_messages = warning"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        place_stop(sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

void place_pg(struct place *place, const char *verb, const char *name,
              const char *end)
{
    pg_exec(str_printf(place->arena, "%s %s%s", verb, name, end).ptr);
}

static void config_postgres(struct place *place, struct store_config *config)
{
    char sql[128];
    snprintf(place->dir, sizeof(place->dir), "wharf_sim_%d_%lld", (int)getpid(),
             (long long)clock_mono_ns());
    snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", place->dir);
    pg_exec(sql);
    str conninfo = str_printf(place->arena, "%s options='-csearch_path=%s'",
                              getenv("WHARF_PG_CONNINFO"), place->dir);
    config->conninfo = conninfo.ptr;
}

static void config_sqlite(struct place *place, struct store_config *config)
{
    /* In memory where there is such a folder: nothing here outlives a run. */
    snprintf(place->dir, sizeof(place->dir), "%s/wharf-sim-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(place->dir))
        place_stop("mkdtemp", place->dir);
    config->path = str_printf(place->arena, "%s/store", place->dir).ptr;
}

static void open_consumers(struct place *place, struct ctx *ctx, int writers)
{
    place->lists =
        arena_array(place->arena, const struct event_list *, LISTS_MAX);
    size_t count = 0;
    for (size_t i = 0; rooms[i]; i++) {
        if (!rooms[i]->events)
            continue;
        ASSERT(count + 1 < LISTS_MAX);
        place->lists[count++] = rooms[i]->events;
    }
    if (writers > 1 && consumers_open(ctx, place->store, place->lists,
                                      &place->consumers) != OK)
        place_stop("consumers_open", ctx->err.text);
}

void place_open(struct place *place, enum store_engine engine, int batch_max,
                int writers)
{
    drawn = 0;
    *place = (struct place){
        .engine = engine, .arena = arena_open(), .now = place->now};
    struct store_config *config = &place->config;
    store_config_init(config, engine);
    if (engine == STORE_POSTGRES)
        config_postgres(place, config);
    else
        config_sqlite(place, config);
    memcpy(place->base, place->dir, sizeof(place->base));
    if (engine == STORE_POSTGRES)
        config->writers = writers;
    config->readers = 2;
    config->batch_max = batch_max;
    config->is_unsafe_allowed = true;
    struct ctx ctx = {.arena = place->arena, .now = clock_now()};
    str keys = str_printf(place->arena, "%s/%s.key",
                          engine == STORE_POSTGRES ? "/tmp" : place->dir,
                          engine == STORE_POSTGRES ? place->dir : "sim");
    place->key_file = keys.ptr;
    if (secret_ring_open(&ctx, place->key_file, &place->ring) != OK)
        place_stop("secret_ring_open", ctx.err.text);
    config->secrets = place->ring;
    if (store_open(&ctx, config, &place->store) != OK)
        place_stop("store_open", ctx.err.text);
    store_start(place->store);
    rooms_routes(place->routes, COUNT_OF(place->routes));
    open_consumers(place, &ctx, writers);
}

static void remove_folder(const char *dir)
{
    char path[512];
    DIR *list = opendir(dir);
    if (!list)
        return;
    for (struct dirent *at = readdir(list); at; at = readdir(list)) {
        snprintf(path, sizeof(path), "%s/%s", dir, at->d_name);
        unlink(path);
    }
    closedir(list);
    rmdir(dir);
}

void place_close(struct place *place)
{
    consumers_close(place->consumers);
    store_close(place->store);
    secret_ring_close(place->ring);
    unlink(place->key_file);
    if (place->engine == STORE_POSTGRES) {
        char sql[128];
        snprintf(sql, sizeof(sql), "DROP SCHEMA %s CASCADE", place->dir);
        pg_exec(sql);
    } else {
        remove_folder(place->dir);
    }
    arena_close(place->arena);
}

/* ---- work of our own ---- */

static err_t run_forge(struct work *work)
{
    struct store_tx *tx = work->ctx.tx;
    return tx->ops->exec(&work->ctx, tx, work->arg);
}

struct verify_run {
    struct arena *arena;
    struct verify_report *report;
};

static err_t run_verify(struct work *work)
{
    struct verify_run *run = work->arg;
    return verify_run(&work->ctx, run->arena, run->report);
}

static void run(struct place *place, enum work_lane lane, work_run_fn *fn,
                void *arg)
{
    const struct work_kind kind = {.name = "sim", .run = fn};
    struct work work = {
        .kind = &kind,
        .lane = lane,
        .ctx = {.arena = arena_open()},
        .arg = arg,
    };
    place_tick(place);
    work.ctx.now = clock_now();
    work.ctx.actor.kind = ACTOR_CLI;
    buf_init(&work.reply, work.ctx.arena, LIMIT_REPLY_BYTES);
    if (store_run(place->store, &work) != OK)
        place_stop("store_run", work.ctx.err.text);
    arena_close(work.ctx.arena);
}

/* One step of each consumer; how many events they had. */
struct step_run {
    const struct event_list *const *lists;
    size_t handled;
};

static err_t run_step(struct work *work)
{
    enum { STEP = 500 };
    struct step_run *s = work->arg;
    work->ctx.actor.kind = ACTOR_SYSTEM;
    for (size_t i = 0; s->lists[i]; i++)
        for (size_t j = 0; j < s->lists[i]->count; j++) {
            size_t count;
            TRY(event_step(&work->ctx, &s->lists[i]->at[j], STEP, &count));
            s->handled += count;
        }
    return OK;
}

/* How many consumers have events before them. */
static err_t run_lag(struct work *work)
{
    struct step_run *s = work->arg;
    for (size_t i = 0; s->lists[i]; i++)
        for (size_t j = 0; j < s->lists[i]->count; j++) {
            size_t lag;
            TRY(event_lag(&work->ctx, s->lists[i]->at[j].name, 1, &lag));
            s->handled += lag;
        }
    return OK;
}

/* Events that are there and may not be read yet: on PostgreSQL anybody's older
 * transaction, as that of an autovacuum, holds them back until it ends. */
static bool is_behind(struct place *place, struct step_run *s)
{
    if (place->engine != STORE_POSTGRES)
        return false;
    run(place, LANE_LOW, run_lag, s);
    if (s->handled > 0)
        usleep(1000);
    return s->handled > 0;
}

void place_drain(struct place *place)
{
    struct step_run s = {.lists = place->lists, .handled = 1};
    if (place->consumers && !consumers_drain(place->consumers))
        place_stop("consumers_drain", "a consumer has stopped");
    while (!place->consumers && (s.handled > 0 || is_behind(place, &s))) {
        s.handled = 0;
        run(place, LANE_LOW, run_step, &s);
    }
}

/* One turn of each timer of a room, in a transaction of its own as the server
 * does it, until nothing is left to do. */
struct timers_run {
    const struct timer_list *timers;
    utc_ms now;
    enum actor_kind actor;
    bool is_more;
};

static err_t run_timers(struct work *work)
{
    struct timers_run *t = work->arg;
    t->is_more = false;
    work->ctx.now = t->now;
    work->ctx.actor.kind = t->actor;
    for (size_t i = 0; i < t->timers->count; i++)
        if (t->timers->at[i].run) /* Others are run by jobs of their own. */
            TRY(t->timers->at[i].run(&work->ctx, &t->is_more));
    return OK;
}

static void turn_all(struct place *place, const struct timer_list *timers,
                     utc_ms now)
{
    struct timers_run t = {timers, now, ACTOR_CLI, true};
    while (t.is_more)
        run(place, LANE_LOW, run_timers, &t);
}

void place_turn(struct place *place, utc_ms now)
{
    for (size_t i = 0; rooms[i]; i++)
        if (rooms[i] != &fulfillment_room && rooms[i]->timers)
            turn_all(place, rooms[i]->timers, now);
}

void place_serve(struct place *place, utc_ms now)
{
    turn_all(place, order_room.timers, now);
}

/* What opens is told apart from what a command did by who did it. */
void place_due(struct place *place, utc_ms now)
{
    const struct timer_list first = {fulfillment_room.timers->at, 1};
    struct timers_run t = {&first, now, ACTOR_SYSTEM, true};
    ASSERT(strcmp(first.at->name, "fulfillment") == 0);
    while (t.is_more)
        run(place, LANE_LOW, run_timers, &t);
}

void place_closures(struct place *place, utc_ms now)
{
    const struct timer_list others = {fulfillment_room.timers->at + 1,
                                      fulfillment_room.timers->count - 1};
    turn_all(place, &others, now);
}

struct served_run {
    struct event_cursor *after;
    struct place_deed *ret;
    size_t count, max;
};

static err_t run_served(struct work *work)
{
    struct served_run *s = work->arg;
    for (size_t count = 1; count > 0;) {
        struct event *events;
        TRY(event_list_after(&work->ctx, *s->after, 1000, &events, &count));
        for (size_t i = 0; i < count; i++) {
            const struct event *event = &events[i];
            bool is_served = str_equal_cstr(event->type, "order.allocated");
            bool is_shown =
                event->actor.kind == ACTOR_SYSTEM &&
                str_equal_cstr(event->type, "order.fulfillment_changed");
            if ((is_served || is_shown) && s->count < s->max)
                s->ret[s->count++] =
                    (struct place_deed){event->subject_id, is_served};
            *s->after = (struct event_cursor){event->xid, event->id};
        }
    }
    return OK;
}

size_t place_served(struct place *place, struct place_deed *ret, size_t max)
{
    struct served_run s = {&place->served, ret, 0, max};
    run(place, LANE_READ, run_served, &s);
    return s.count;
}

void place_forget(struct place *place)
{
    (void)place_served(place, NULL, 0);
}

void place_digest(struct place *place, utc_ms now)
{
    digest_turn(place->store, now);
}

void place_forge(struct place *place, const char *sql)
{
    char *copy = str_to_cstr(place->arena, str_from_cstr(sql));
    run(place, LANE_WRITE, run_forge, copy);
}

void place_verify(struct place *place, struct arena *arena,
                  struct verify_report *ret)
{
    struct verify_run verify = {arena, ret};
    run(place, LANE_READ, run_verify, &verify);
}
