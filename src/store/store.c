/* store.c - opening, starting and closing a store. */
#include "store/store.h"

#include <errno.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/epoch.h"
#include "store/event_sql.h"
#include "store/pipeline.h"
#include "store/sql.h"

void store_config_init(struct store_config *config, enum store_engine engine)
{
    bool is_sqlite = engine == STORE_SQLITE;
    *config = (struct store_config){
        .engine = engine,
        .writers = is_sqlite ? 1 : 4,
        .readers = 4,
        .queue_max = 8192,
        .batch_max = is_sqlite ? 512 : 256,
        .cache_mib = 128,
        .reader_cache_mib = 16,
    };
}

static const struct engine_ops *ops_of(enum store_engine engine)
{
    switch (engine) {
    case STORE_SQLITE: return &engine_sqlite;
    case STORE_POSTGRES: return &engine_postgres;
    }
    UNREACHABLE("a store without an engine");
}

static const struct idem_ops *idem_of(enum store_engine engine)
{
    switch (engine) {
    case STORE_SQLITE: return &idem_sqlite;
    case STORE_POSTGRES: return &idem_postgres;
    }
    UNREACHABLE("a store without an engine");
}

/* ---- opening ---- */

static int between(int value, int least, int most)
{
    if (value < least)
        return least;
    return value > most ? most : value;
}

static bool is_file(const struct store_config *config)
{
    return config->engine == STORE_SQLITE &&
           !str_equal_cstr(STR(":memory:"), config->path);
}

static void normalise(struct store_config *config)
{
    bool is_sqlite = config->engine == STORE_SQLITE;
    config->writers = is_sqlite ? 1 : between(config->writers, 1, WRITERS_MAX);
    /* A database in memory belongs to its connection. */
    config->readers = between(config->readers, 0, READERS_MAX);
    if (is_sqlite && !is_file(config))
        config->readers = 0;
    config->queue_max = between(config->queue_max, 1, 1 << 20);
    config->batch_max = between(config->batch_max, 1, 4096);
    config->node = between(config->node, 0, ID_NODES - config->writers);
}

static void condition_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

static struct store *store_new(const struct store_config *config)
{
    struct store *store = mem_new(sizeof(*store));
    store->config = *config;
    normalise(&store->config);
    store->ops = ops_of(config->engine);
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->stats_lock, NULL);
    pthread_mutex_init(&store->wake_lock, NULL);
    condition_init(&store->has_read);
    store->tail = config->engine == STORE_POSTGRES ? tail_open() : NULL;
    store->writer_count = store->config.writers;
    store->reader_count = store->config.readers;
    for (int i = 0; i < store->writer_count; i++) {
        struct writer *writer = &store->writers[i];
        writer->store = store;
        writer->arena = arena_open();
        writer->batch = mem_new((size_t)(store->config.batch_max + LOW_MAX) *
                                sizeof(struct work *));
        condition_init(&writer->has_work);
    }
    for (int i = 0; i < store->reader_count; i++)
        store->readers[i].store = store;
    store->sweep.ctx.arena = arena_open();
    buf_init(&store->sweep.reply, store->sweep.ctx.arena, 1);
    atomic_store(&store->is_ready, true);
    return store;
}

static void conn_close(struct store *store, struct store_tx *tx)
{
    for (int i = 0; tx && i < MEMO_COUNT; i++)
        if (tx->memos[i].data)
            tx->memos[i].drop(tx->memos[i].data);
    store->ops->close(tx);
}

struct store_memo *store_memo(struct ctx *ctx, enum memo_slot slot)
{
    ASSERT(ctx->tx && slot < MEMO_COUNT);
    return &ctx->tx->memos[slot];
}

bool store_memo_holds(const struct ctx *ctx)
{
    ASSERT(ctx->tx);
    return ctx->tx->ops->engine == STORE_SQLITE && ctx->tx->role == CONN_WRITER;
}

size_t store_memo_bytes(const struct ctx *ctx)
{
    ASSERT(ctx->tx);
    return (size_t)ctx->tx->store->config.cache_mib << 18;
}

int64_t store_mark(const struct ctx *ctx)
{
    ASSERT(ctx->tx);
    return ctx->tx->mark;
}

int64_t store_mark_begun(const struct ctx *ctx)
{
    ASSERT(ctx->tx);
    return ctx->tx->mark_begun;
}

void store_undone(struct store_tx *conn, int64_t since)
{
    for (int i = 0; i < MEMO_COUNT; i++)
        if (conn->memos[i].data && conn->memos[i].undone)
            conn->memos[i].undone(conn->memos[i].data, since);
}

static void store_free(struct store *store)
{
    idem_close(store->idem);
    park_close(store->park);
    for (int i = 0; i < store->reader_count; i++)
        conn_close(store, store->readers[i].tx);
    for (int i = 0; i < store->writer_count; i++) {
        struct writer *writer = &store->writers[i];
        conn_close(store, writer->tx);
        arena_close(writer->arena);
        mem_free(writer->batch);
        pthread_cond_destroy(&writer->has_work);
    }
    tail_close(store->tail);
    arena_close(store->sweep.ctx.arena);
    pthread_cond_destroy(&store->has_read);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->stats_lock);
    pthread_mutex_destroy(&store->wake_lock);
    mem_free(store);
}

static err_t connect_one(struct ctx *ctx, struct store *store,
                         enum conn_role role, struct store_tx **ret)
{
    TRY(store->ops->open(ctx, &store->config, role, ret));
    (*ret)->store = store;
    (*ret)->tail = store->tail;
    return OK;
}

/* The others open only once the schema stands, and all statements on it. */
static err_t connect_all(struct ctx *ctx, struct store *store)
{
    struct store_tx *first = store->writers[0].tx;
    TRY(store->ops->prepare(ctx, first, first->list,
                            store->config.is_prepared_late));
    for (int i = 1; i < store->writer_count; i++) {
        struct store_tx **tx = &store->writers[i].tx;
        TRY(connect_one(ctx, store, CONN_WRITER, tx));
        TRY(store->ops->prepare(ctx, *tx, first->list, true));
    }
    for (int i = 0; i < store->reader_count; i++) {
        struct store_tx **tx = &store->readers[i].tx;
        TRY(connect_one(ctx, store, CONN_READER, tx));
        TRY(store->ops->prepare(ctx, *tx, first->list, true));
    }
    return OK;
}

static err_t last_of(struct ctx *ctx, int stmt, int64_t *most)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, NULL, 0, &rows));
    if (rows.count == 1 && sql_int(&rows, 0, 0) > *most)
        *most = sql_int(&rows, 0, 0);
    return OK;
}

enum { MARGIN_MS = 1000 };

/* Every row change names its event, and what a transaction numbers after its
 * last event is far less than a second of ids: so no stored id is above the
 * last event's plus one second, whatever the clock says. */
static err_t high_water(struct ctx *ctx, int64_t *ret)
{
    int64_t last = 0;
    TRY(last_of(ctx, SQL_EVENT_LAST, &last));
    *ret = last ? id_floor(id_time(last) + MARGIN_MS) : 0;
    return OK;
}

/* Readers of the log on PostgreSQL go by transaction id, so new rows must not
 * come to stand before those they have read. */
static err_t check_log(struct ctx *ctx, const struct store *store)
{
    struct sql_rows rows;
    if (store->config.engine != STORE_POSTGRES)
        return OK;
    TRY(sql_list(ctx, SQL_EVENT_AHEAD, NULL, 0, &rows));
    if (rows.count == 0)
        return OK;
    return fail_as(ctx, ERR_STATE, "event_log_ahead", "",
                   "the event log was written in a cluster with higher "
                   "transaction ids; see docs/postgres.md");
}

static err_t load(struct ctx *ctx, struct store *store)
{
    int64_t most;
    TRY(check_log(ctx, store));
    TRY(high_water(ctx, &most));
    for (int i = 0; i < store->writer_count; i++)
        id_source_init(&store->writers[i].ids, store->config.node + i, most);
    ctx->ids = &store->writers[0].ids;
    TRY(epoch_ensure(ctx));
    return idem_open(ctx, idem_of(store->config.engine), &store->idem);
}

static err_t load_in_transaction(struct ctx *ctx, struct store *store)
{
    struct store_tx *tx = store->writers[0].tx;
    TRY(store->ops->begin(ctx, tx));
    struct ctx inside = *ctx;
    inside.tx = tx;
    inside.now = clock_now();
    err_t err = load(&inside, store);
    if (err != OK) {
        ctx->err = inside.err;
        store->ops->rollback(tx);
        return err;
    }
    if (store->ops->commit(ctx, tx) != BATCH_COMMITTED)
        return fail(ctx, ERR_BUSY, "", "the store cannot be written");
    return OK;
}

static err_t open_parts(struct ctx *ctx, struct store *store)
{
    struct store_tx **first = &store->writers[0].tx;
    if (store->config.is_read_only) {
        TRY(connect_one(ctx, store, CONN_READER, first));
        return store->ops->prepare(ctx, *first, (*first)->list, false);
    }
    TRY(connect_one(ctx, store, CONN_WRITER, first));
    if (is_file(&store->config))
        store->park = park_open(ctx->arena, store->config.path);
    if (!store->config.is_unsafe_allowed)
        TRY(store->ops->check(ctx, *first));
    TRY(migrate_run(ctx, *first, &store->config));
    TRY(connect_all(ctx, store));
    return load_in_transaction(ctx, store);
}

err_t store_open(struct ctx *ctx, const struct store_config *config,
                 struct store **ret)
{
    struct store *store = store_new(config);
    err_t err = open_parts(ctx, store);
    if (err == ERR_RETRY)
        err = fail(ctx, ERR_BUSY, "", "the store is busy");
    if (err != OK) {
        store_free(store);
        return err;
    }
    *ret = store;
    return OK;
}

/* ---- starting and closing ---- */

static void thread_start(pthread_t *thread, const char *name,
                         void *(*fn)(void *), void *arg)
{
    int failed = pthread_create(thread, NULL, fn, arg);
    ASSERT(failed == 0);
    pthread_setname_np(*thread, name);
}

/* Several writers' ids rise together by the clock alone, so none is made before
 * it is past the high water. Where it stepped back further nobody waits. */
static void await_clock(const struct store *store)
{
    utc_ms ahead = id_source_time(&store->writers[0].ids) - clock_now() + 1;
    struct timespec rest = {.tv_sec = ahead / 1000,
                            .tv_nsec = ahead % 1000 * 1000000};
    if (store->writer_count == 1 || ahead <= 0 || ahead > MARGIN_MS + 1)
        return;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        ;
}

void store_start(struct store *store)
{
    await_clock(store);
    ASSERT(!store->is_started && !store->config.is_read_only);
    store->is_started = true;
    store->sweep_at_ns = clock_mono_ns();
    for (int i = 0; i < store->writer_count; i++)
        thread_start(&store->writers[i].thread, "writer", writer_main,
                     &store->writers[i]);
    for (int i = 0; i < store->reader_count; i++)
        thread_start(&store->readers[i].thread, "reader", reader_main,
                     &store->readers[i]);
}

static void threads_stop(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    store->is_closing = true;
    for (int i = 0; i < store->writer_count; i++)
        pthread_cond_signal(&store->writers[i].has_work);
    pthread_cond_broadcast(&store->has_read);
    pthread_mutex_unlock(&store->lock);
    for (int i = 0; i < store->writer_count; i++)
        pthread_join(store->writers[i].thread, NULL);
    for (int i = 0; i < store->reader_count; i++)
        pthread_join(store->readers[i].thread, NULL);
    ASSERT(store->write.depth == 0 && store->low.depth == 0);
    ASSERT(store->read.depth == 0 && store->bare.depth == 0);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->is_started)
        threads_stop(store);
    store_free(store);
}

enum store_engine store_engine(const struct store *store)
{
    return store->config.engine;
}

enum store_engine store_engine_of(const struct ctx *ctx)
{
    ASSERT(ctx->tx != NULL);
    return ctx->tx->ops->engine;
}

const struct store_config *store_config_of(const struct store *store)
{
    return &store->config;
}

const struct secret_ring *store_secrets(const struct ctx *ctx)
{
    return ctx->tx->store->config.secrets;
}

str store_name(const struct ctx *ctx)
{
    return str_from_cstr(ctx->tx->store->config.name);
}

bool store_is_ready(const struct store *store)
{
    return atomic_load(&store->is_ready);
}

void store_on_commit(struct store *store, void (*wake)(void *arg), void *arg)
{
    size_t i = 0;
    pthread_mutex_lock(&store->wake_lock);
    while (i < WAKES_MAX && store->wakes[i].wake)
        i++;
    ASSERT(i < WAKES_MAX);
    store->wakes[i].wake = wake;
    store->wakes[i].arg = arg;
    pthread_mutex_unlock(&store->wake_lock);
}

void store_off_commit(struct store *store, const void *arg)
{
    pthread_mutex_lock(&store->wake_lock);
    for (size_t i = 0; i < WAKES_MAX; i++)
        if (store->wakes[i].arg == arg)
            store->wakes[i].wake = NULL;
    pthread_mutex_unlock(&store->wake_lock);
}
