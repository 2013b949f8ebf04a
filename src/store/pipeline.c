/* pipeline.c - a batch of work becomes one transaction; answers follow the
 * commit.
 *
 * A batch is tried as a whole: begin, look up the idempotency keys, run hot
 * kinds through run_many and the others each in a savepoint, remember the
 * answers, commit. Where that fails for a reason of one command (a guard that
 * did not hold, a conflict, an error of the whole) everything is rolled back
 * and each command runs again in a transaction of its own, so that a bad one
 * never spoils its neighbours. Where the store itself is gone, all get
 * ERR_BUSY.
 */
#include "store/pipeline.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/meta_sql.h"
#include "store/sql.h"

enum outcome {
    GO_ON = 1, /* Nothing against a commit so far. */
    DONE,      /* Committed. */
    REFUSED,   /* The only command of the batch was; nothing to commit. */
    AGAIN,     /* A conflict: roll back, run it again. */
    SINGLY,    /* Roll back, run its members one by one. */
    GONE       /* The store cannot be written. */
};

struct batch {
    struct writer *writer;
    struct store *store;
    struct store_tx *tx;
    struct ctx ctx; /* Of the batch: run_many, keys. */
    struct arena_mark mark;
    struct work **work;
    size_t n;
    struct idem_entry *keys; /* Of work[i]. */
    bool *is_decided;        /* Answered by its key, or already run. */
    struct idem_entry **added;
    size_t added_count;
    bool has_events;
    int64_t commit_ns;
};

void work_reset(struct work *work, struct store_tx *tx, struct id_source *ids)
{
    arena_reset_to(work->ctx.arena,
                   (struct arena_mark){work->mark.block, work->mark.used});
    err_clear(&work->ctx);
    work->ctx.tx = tx;
    work->ctx.ids = ids;
    work->err = OK;
    work->status = 200;
    work->is_replay = false;
    /* What an earlier try wrote went with the arena. */
    if (work->reply.arena)
        buf_init(&work->reply, work->reply.arena, work->reply.max);
    else
        buf_clear(&work->reply);
}

/* ---- what an error means for the batch ---- */

static enum outcome broken(struct batch *b, err_t err)
{
    if (b->tx->is_gone || b->n == 0) /* 0: the probe of a store away. */
        return GONE;
    if (err == ERR_RETRY || !b->store->ops->is_open(b->tx))
        return AGAIN;
    if (b->n != 1)
        return SINGLY;
    struct work *work = b->work[0];
    if (work->ctx.err.code == OK)
        work->ctx.err = b->ctx.err;
    work->err = err;
    return REFUSED;
}

/* ---- idempotency ---- */

static void answer_from_key(struct work *work, const struct idem_entry *key)
{
    if (key->found_body_hash != key->body_hash) {
        work->err =
            fail_as(&work->ctx, ERR_CONFLICT, "idempotency_key_reused", "",
                    "this Idempotency-Key was used with another "
                    "request");
        return;
    }
    if (key->found_status == 0) {
        work->err = fail_as(&work->ctx, ERR_CONFLICT, "reply_erased", "",
                            "the answer to this request was erased with the "
                            "data of a person; ask for what it was about");
        return;
    }
    work->status = key->found_status;
    work->is_replay = true;
    buf_add_str(&work->reply, key->found_reply);
}

static enum outcome find_keys(struct batch *b)
{
    struct idem_entry **asked =
        arena_array(b->ctx.arena, struct idem_entry *, b->n);
    size_t count = 0;
    for (size_t i = 0; i < b->n; i++) {
        b->keys[i].is_found = false;
        b->is_decided[i] = false;
        if (b->work[i]->idem_key.len > 0)
            asked[count++] = &b->keys[i];
    }
    struct idem *idem = b->store->idem;
    err_t err = count ? idem->ops->find(&b->ctx, idem, asked, count) : OK;
    if (err != OK)
        return broken(b, err);
    for (size_t i = 0; i < b->n; i++) {
        if (!b->keys[i].is_found)
            continue;
        b->is_decided[i] = true;
        answer_from_key(b->work[i], &b->keys[i]);
    }
    return GO_ON;
}

/* The reply as it may be stored: a secret is told once and never kept. */
static str without_secret(struct arena *arena, const struct work *work)
{
    str reply = buf_str(&work->reply), secret = work->secret;
    if (secret.len == 0)
        return reply;
    const char *at = memmem(reply.ptr, reply.len, secret.ptr, secret.len);
    /* It stands there as a JSON string of its own, in quotes. */
    ASSERT(at && at > reply.ptr && at[-1] == '"' && at[secret.len] == '"');
    const char *rest = at + secret.len + 1;
    return str_printf(arena, "%.*snull%.*s", (int)(at - 1 - reply.ptr),
                      reply.ptr, (int)(reply.ptr + reply.len - rest), rest);
}

static enum outcome add_keys(struct batch *b)
{
    b->added = arena_array(b->ctx.arena, struct idem_entry *, b->n);
    b->added_count = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct work *work = b->work[i];
        struct idem_entry *key = &b->keys[i];
        if (work->idem_key.len == 0 || key->is_found || work->err != OK)
            continue;
        key->status = work->status;
        key->reply = without_secret(b->ctx.arena, work);
        b->added[b->added_count++] = key;
    }
    if (b->added_count == 0)
        return GO_ON;
    struct idem *idem = b->store->idem;
    err_t err = idem->ops->add(&b->ctx, idem, b->added, b->added_count);
    return err == OK ? GO_ON : broken(b, err);
}

/* ---- running ---- */

static enum outcome run_single(struct batch *b, struct work *work)
{
    const struct engine_ops *ops = b->store->ops;
    bool is_alone = b->n == 1;
    err_t err = is_alone ? OK : ops->savepoint(&b->ctx, b->tx);
    if (err != OK)
        return broken(b, err);
    int64_t begun_ns = work->lane == LANE_LOW ? clock_mono_ns() : 0;
    work->err = work->kind->run(work);
    if (work->lane == LANE_LOW)
        b->writer->low_ns += clock_mono_ns() - begun_ns;
    if (b->tx->is_gone || work->err == ERR_RETRY || !ops->is_open(b->tx))
        return broken(b, ERR_RETRY);
    if (is_alone)
        return work->err == OK ? GO_ON : REFUSED;
    err = work->err == OK ? ops->release(&b->ctx, b->tx)
                          : ops->undo(&b->ctx, b->tx);
    return err == OK ? GO_ON : broken(b, err);
}

/* All of the batch that are of the kind of work[first]. */
static enum outcome run_group(struct batch *b, size_t first)
{
    const struct work_kind *kind = b->work[first]->kind;
    struct work **group = arena_array(b->ctx.arena, struct work *, b->n);
    size_t count = 0;
    for (size_t i = first; i < b->n; i++) {
        if (b->is_decided[i] || b->work[i]->kind != kind)
            continue;
        b->is_decided[i] = true;
        group[count++] = b->work[i];
    }
    b->tx->mark++;
    err_t err = kind->run_many(&b->ctx, group, count);
    for (size_t i = 0; i < count && err == OK; i++)
        err = group[i]->err == ERR_RETRY ? ERR_RETRY : OK;
    if (err != OK || b->tx->is_gone || !b->store->ops->is_open(b->tx))
        return broken(b, err);
    return b->n == 1 && group[0]->err != OK ? REFUSED : GO_ON;
}

static enum outcome run_all(struct batch *b)
{
    enum outcome outcome = find_keys(b);
    for (size_t i = 0; i < b->n && outcome == GO_ON; i++) {
        if (b->is_decided[i])
            continue;
        outcome = b->work[i]->kind->run_many ? run_group(b, i)
                                             : run_single(b, b->work[i]);
    }
    return outcome == GO_ON ? add_keys(b) : outcome;
}

/* While the store is away each try must write, or its success means nothing. */
static enum outcome write_probe(struct batch *b)
{
    if (atomic_load(&b->store->is_ready))
        return GO_ON;
    struct sql_arg args[] = {
        sql_s(STR("probe")),
        sql_s(str_printf(b->ctx.arena, "%lld", (long long)b->ctx.now))};
    err_t err = sql_run(&b->ctx, SQL_META_SAVE, args, COUNT_OF(args), NULL);
    return err == OK ? GO_ON : broken(b, err);
}

static enum outcome commit(struct batch *b)
{
    int64_t began_ns = clock_mono_ns();
    enum batch_end end = b->store->ops->commit(&b->ctx, b->tx);
    b->commit_ns = clock_mono_ns() - began_ns;
    switch (end) {
    case BATCH_COMMITTED: return DONE;
    case BATCH_RETRY:
    case BATCH_UNKNOWN: return AGAIN;
    case BATCH_GONE: return GONE;
    }
    UNREACHABLE("a commit that ended in no way");
}

static enum outcome attempt(struct batch *b)
{
    arena_reset_to(b->ctx.arena, b->mark);
    err_clear(&b->ctx);
    b->ctx.now = clock_now();
    b->has_events = false;
    b->added_count = 0;
    b->commit_ns = 0;
    for (size_t i = 0; i < b->n; i++)
        work_reset(b->work[i], b->tx, &b->writer->ids);
    err_t err = b->store->ops->begin(&b->ctx, b->tx);
    if (err != OK)
        return b->tx->is_gone || err != ERR_RETRY ? GONE : AGAIN;
    park_begin(b->store->park, b->keys, b->n);
    enum outcome outcome = run_all(b);
    if (outcome == GO_ON)
        outcome = write_probe(b);
    if (outcome == GO_ON)
        outcome = commit(b);
    park_end(b->store->park);
    if (outcome == DONE)
        b->has_events = b->tx->has_events;
    else
        b->store->ops->rollback(b->tx);
    return outcome;
}

/* ---- afterwards ---- */

static void set_ready(struct store *store, bool is_ready, str why)
{
    if (atomic_exchange(&store->is_ready, is_ready) == is_ready)
        return;
    if (is_ready)
        log_line(LOG_INFO, "store_back", "the store takes writes again");
    else
        log_line(LOG_ERROR, "store_gone", "%.*s", STR_ARG(why));
}

static void gone(struct batch *b)
{
    const char *why = b->ctx.err.text;
    for (size_t i = 0; i < b->n && why[0] == '\0'; i++)
        why = b->work[i]->ctx.err.text;
    set_ready(b->store, false, str_from_cstr(why));
    for (size_t i = 0; i < b->n; i++) {
        work_reset(b->work[i], NULL, NULL);
        b->work[i]->err = fail(&b->work[i]->ctx, ERR_BUSY, "",
                               "the store cannot be written at the moment");
    }
}

static void count(struct batch *b, enum outcome outcome)
{
    struct store_stats *stats = &b->store->stats;
    int64_t now_ns = clock_mono_ns();
    pthread_mutex_lock(&b->store->stats_lock);
    if (outcome == DONE) {
        stats->commits++;
        stats_count(stats->commit_us, b->commit_ns / 1000);
        stats->commit_us_sum += b->commit_ns / 1000;
    }
    int64_t commands = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct work *work = b->work[i];
        if (work->lane != LANE_WRITE)
            continue;
        int64_t wait_us = (now_ns - work->queued_ns) / 1000;
        commands++;
        stats->replays += work->is_replay;
        stats->refused += work->err != OK;
        stats_count(stats->wait_us, wait_us);
        stats->wait_us_sum += wait_us;
    }
    stats->commands += commands;
    if (commands > 0)
        stats_count(stats->batch_size, commands);
    pthread_mutex_unlock(&b->store->stats_lock);
}

static void count_failure(struct store *store)
{
    pthread_mutex_lock(&store->stats_lock);
    store->stats.failed_batches++;
    pthread_mutex_unlock(&store->stats_lock);
}

/* Text for 5xx stays in the house: here is where it goes. */
static void log_internal(const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct work *work = b->work[i];
        if (work->err == ERR_INTERNAL)
            log_ctx(&work->ctx, LOG_ERROR, "command", "%s: %s",
                    work->kind->name, work->ctx.err.text);
    }
}

/* Under a lock, so that once store_off_commit() returned nobody is in it. */
static void wake(struct store *store)
{
    pthread_mutex_lock(&store->wake_lock);
    for (size_t i = 0; i < WAKES_MAX; i++)
        if (store->wakes[i].wake)
            store->wakes[i].wake(store->wakes[i].arg);
    pthread_mutex_unlock(&store->wake_lock);
}

static void finish(struct batch *b, enum outcome outcome)
{
    struct store *store = b->store;
    struct idem *idem = store->idem;
    if (outcome == DONE) {
        set_ready(store, true, STR_NONE);
        if (idem->ops->committed && b->added_count > 0)
            idem->ops->committed(idem, b->added, b->added_count);
    } else if (outcome == GONE) {
        gone(b);
    }
    log_internal(b);
    count(b, outcome);
    if (b->has_events)
        wake(store);
    for (size_t i = 0; i < b->n; i++) {
        b->work[i]->ctx.tx = NULL;
        b->work[i]->ctx.ids = NULL;
        b->work[i]->done(b->work[i]);
    }
}

/* ---- one by one ---- */

/* Others write as well on PostgreSQL: give them time to end. */
static void pause_before(const struct store *store, int try)
{
    if (store->config.engine == STORE_POSTGRES)
        (void)usleep((useconds_t)1000 << (try < 5 ? try : 5));
}

/* What refused it may be what the first use of its key did on another writer
 * while it ran: then that one's answer is the answer. */
static bool may_be_replay(struct batch *b)
{
    const struct engine_ops *ops = b->store->ops;
    struct idem *idem = b->store->idem;
    struct ctx ctx = b->ctx;
    if (b->store->config.engine != STORE_POSTGRES || b->n != 1 ||
        b->work[0]->idem_key.len == 0)
        return false;
    err_clear(&ctx);
    err_t err = ops->begin(&ctx, b->tx);
    if (err != OK)
        return true;
    err = idem->ops->find(&ctx, idem, &b->keys, 1);
    ops->rollback(b->tx);
    return err != OK || b->keys[0].is_found;
}

static enum outcome run_alone(struct batch *b)
{
    enum { TRIES = 10 };
    enum outcome outcome = AGAIN;
    for (int try = 0; try < TRIES && outcome == AGAIN; try++) {
        if (try > 0) {
            count_failure(b->store);
            pause_before(b->store, try);
        }
        outcome = attempt(b);
        if (outcome == REFUSED && may_be_replay(b))
            outcome = AGAIN;
    }
    ASSERT(outcome != SINGLY && outcome != GO_ON);
    if (outcome == AGAIN && b->n == 1) {
        work_reset(b->work[0], NULL, NULL);
        b->work[0]->err = fail_as(&b->work[0]->ctx, ERR_BUSY, "conflict", "",
                                  "it met conflicts; try again in a moment");
        log_ctx(&b->work[0]->ctx, LOG_WARN, "conflict", "%s",
                b->work[0]->kind->name);
        outcome = REFUSED;
    }
    return outcome;
}

/* A command that was running each time the process died runs no more. */
static enum outcome run_unless_parked(struct batch *b)
{
    struct park *park = b->store->park;
    if (park_crashes(park, &b->keys[0]) >= PARK_CRASHES) {
        work_reset(b->work[0], NULL, NULL);
        b->work[0]->err =
            fail_as(&b->work[0]->ctx, ERR_INTERNAL, "command_parked", "",
                    "this command is parked: it was running at %d crashes",
                    PARK_CRASHES);
        return REFUSED;
    }
    enum outcome outcome = run_alone(b);
    park_clear(park, &b->keys[0]);
    return outcome;
}

static void run_singly(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct batch one = *b;
        one.work = &b->work[i];
        one.keys = &b->keys[i];
        one.is_decided = &b->is_decided[i];
        one.n = 1;
        finish(&one, run_unless_parked(&one));
    }
}

static bool has_suspects(const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (park_crashes(b->store->park, &b->keys[i]) > 0)
            return true;
    return false;
}

/* ---- the whole ---- */

/* The second use of a key in one batch waits for the next batch, where it
 * finds the answer to the first. */
static size_t hold_same_keys(struct batch *b, size_t n)
{
    size_t room = 16;
    while (room < n * 2)
        room *= 2;
    size_t *seen = arena_array(b->ctx.arena, size_t, room); /* Index + 1. */
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct work *work = b->work[i];
        struct idem_entry key = {.body_hash = (int64_t)work->idem_body};
        bool is_same = false;
        if (work->idem_key.len > 0) {
            idem_hash(b->store->idem, work->idem_key, &key);
            size_t at = (uint64_t)key.key_hash & (room - 1);
            for (; seen[at] && !is_same; at = (at + 1) & (room - 1)) {
                const struct idem_entry *other = &b->keys[seen[at] - 1];
                is_same = other->key_hash == key.key_hash &&
                          other->key_check == key.key_check;
            }
            if (!is_same)
                seen[at] = kept + 1;
        }
        if (is_same) {
            queue_push(&b->writer->held, work);
        } else {
            b->keys[kept] = key;
            b->work[kept++] = work;
        }
    }
    return kept;
}

static struct batch batch_of(struct writer *writer, size_t n)
{
    struct batch b = {
        .writer = writer,
        .store = writer->store,
        .tx = writer->tx,
        .work = writer->batch,
        .ctx = {.arena = writer->arena,
                .tx = writer->tx,
                .ids = &writer->ids,
                .actor = {.kind = ACTOR_SYSTEM}},
    };
    arena_reset(writer->arena);
    b.keys = arena_array(writer->arena, struct idem_entry, n + 1);
    b.is_decided = arena_array(writer->arena, bool, n + 1);
    b.n = hold_same_keys(&b, n);
    b.mark = arena_mark(writer->arena);
    return b;
}

static void run_batch(struct writer *writer, size_t n)
{
    struct batch b = batch_of(writer, n);
    if (b.n == 1 || has_suspects(&b)) {
        run_singly(&b);
        return;
    }
    /* What fails on SQLite fails again: nobody else writes. */
    int tries = b.store->config.engine == STORE_SQLITE ? 1 : 2;
    enum outcome outcome = AGAIN;
    for (int try = 0; try < tries && outcome == AGAIN; try++) {
        outcome = attempt(&b);
        if (outcome != DONE)
            count_failure(b.store);
    }
    if (outcome == AGAIN || outcome == SINGLY)
        run_singly(&b);
    else
        finish(&b, outcome);
}

void pipeline_run(struct writer *writer, size_t n)
{
    writer->low_ns = 0;
    run_batch(writer, n);
    if (writer->low_ns > 0)
        writer->low_again_ns = clock_mono_ns() + writer->low_ns * LOW_REST;
}

void pipeline_probe(struct writer *writer)
{
    struct batch b = batch_of(writer, 0);
    finish(&b, run_alone(&b));
}
