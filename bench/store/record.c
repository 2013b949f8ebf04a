/* record.c - every call to the engine, with its arguments, and once more.
 *
 * The recorder stands before the engine of a store and passes everything on.
 * What it kept is the bare loop: the same statements with the same arguments
 * in the same transactions, without anything that decided them.
 */
#define WHARF_UNBANNED
#include "bench_store.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "store/pipeline.h"

enum call_kind {
    CALL_BEGIN = 1,
    CALL_COMMIT,
    CALL_ROLLBACK,
    CALL_SAVEPOINT,
    CALL_RELEASE,
    CALL_UNDO,
    CALL_RUN,
    CALL_LIST,
    CALL_EACH
};

struct call {
    enum call_kind kind;
    int stmt;
    size_t rows;
    int64_t changed; /* Run only. */
    struct sql_arg *args;
};

enum { BLOCK_BYTES = 64 * 1024 * 1024 };

struct recorder {
    const struct engine_ops *real;
    struct engine_ops ops;
    struct call *calls;
    size_t count, room;
    int64_t commits;
    char *block; /* Where arguments are kept; never freed. */
    size_t used;
};

static struct recorder recorder;

static void *keep(const void *from, size_t len)
{
    size_t size = (len + 15) & ~(size_t)15;
    ASSERT(size <= BLOCK_BYTES);
    if (!recorder.block || recorder.used + size > BLOCK_BYTES) {
        recorder.block = mem_new(BLOCK_BYTES);
        recorder.used = 0;
    }
    char *to = recorder.block + recorder.used;
    recorder.used += size;
    if (len > 0)
        memcpy(to, from, len);
    return to;
}

static struct call *note(enum call_kind kind)
{
    if (recorder.count == recorder.room) {
        recorder.room = recorder.room ? recorder.room * 2 : 4096;
        recorder.calls =
            mem_resize(recorder.calls, recorder.room * sizeof(struct call));
    }
    struct call *call = &recorder.calls[recorder.count++];
    *call = (struct call){.kind = kind};
    return call;
}

static void note_args(struct store_tx *conn, enum call_kind kind, int stmt,
                      const struct sql_arg *args, size_t rows, int64_t changed)
{
    size_t params = (size_t)conn->list->at[stmt].params;
    size_t count = params * (kind == CALL_EACH ? 1 : rows);
    struct call *call = note(kind);
    call->stmt = stmt;
    call->rows = rows;
    call->changed = changed;
    call->args = keep(args, count * sizeof(*args));
    for (size_t i = 0; i < count; i++)
        if (args[i].is_text && !args[i].is_null)
            call->args[i].s.ptr = keep(args[i].s.ptr, args[i].s.len);
}

/* The engine asserts that a connection is its own: lend it back per call. */
static void lend(struct store_tx *conn)
{
    conn->ops = recorder.real;
}

static void take_back(struct store_tx *conn)
{
    conn->ops = &recorder.ops;
}

static err_t r_begin(struct ctx *ctx, struct store_tx *conn)
{
    note(CALL_BEGIN);
    lend(conn);
    err_t err = recorder.real->begin(ctx, conn);
    take_back(conn);
    return err;
}

static enum batch_end r_commit(struct ctx *ctx, struct store_tx *conn)
{
    note(CALL_COMMIT);
    recorder.commits++;
    lend(conn);
    enum batch_end end = recorder.real->commit(ctx, conn);
    take_back(conn);
    return end;
}

static void r_rollback(struct store_tx *conn)
{
    note(CALL_ROLLBACK);
    lend(conn);
    recorder.real->rollback(conn);
    take_back(conn);
}

static err_t r_savepoint(struct ctx *ctx, struct store_tx *conn)
{
    note(CALL_SAVEPOINT);
    lend(conn);
    err_t err = recorder.real->savepoint(ctx, conn);
    take_back(conn);
    return err;
}

static err_t r_release(struct ctx *ctx, struct store_tx *conn)
{
    note(CALL_RELEASE);
    lend(conn);
    err_t err = recorder.real->release(ctx, conn);
    take_back(conn);
    return err;
}

static err_t r_undo(struct ctx *ctx, struct store_tx *conn)
{
    note(CALL_UNDO);
    lend(conn);
    err_t err = recorder.real->undo(ctx, conn);
    take_back(conn);
    return err;
}

static bool r_is_open(struct store_tx *conn)
{
    lend(conn);
    bool is_open = recorder.real->is_open(conn);
    take_back(conn);
    return is_open;
}

static err_t r_run(struct ctx *ctx, struct store_tx *conn, int stmt,
                   const struct sql_arg *args, size_t rows, int64_t *changed)
{
    int64_t count = 0;
    lend(conn);
    err_t err = recorder.real->run(ctx, conn, stmt, args, rows, &count);
    take_back(conn);
    note_args(conn, CALL_RUN, stmt, args, rows, count);
    if (changed)
        *changed = count;
    return err;
}

static err_t r_list(struct ctx *ctx, struct store_tx *conn, int stmt,
                    const struct sql_arg *args, size_t rows,
                    struct sql_rows *ret)
{
    note_args(conn, CALL_LIST, stmt, args, rows, 0);
    lend(conn);
    err_t err = recorder.real->list(ctx, conn, stmt, args, rows, ret);
    take_back(conn);
    return err;
}

static err_t r_each(struct ctx *ctx, struct store_tx *conn, int stmt,
                    const struct sql_arg *args, sql_each_fn *fn, void *arg)
{
    note_args(conn, CALL_EACH, stmt, args, 1, 0);
    lend(conn);
    err_t err = recorder.real->each(ctx, conn, stmt, args, fn, arg);
    take_back(conn);
    return err;
}

void record_start(struct store *store)
{
    ASSERT(store->writer_count == 1);
    recorder.real = store->ops;
    recorder.ops = *store->ops;
    recorder.ops.begin = r_begin;
    recorder.ops.commit = r_commit;
    recorder.ops.rollback = r_rollback;
    recorder.ops.savepoint = r_savepoint;
    recorder.ops.release = r_release;
    recorder.ops.undo = r_undo;
    recorder.ops.is_open = r_is_open;
    recorder.ops.run = r_run;
    recorder.ops.list = r_list;
    recorder.ops.each = r_each;
    store->ops = &recorder.ops;
    store->writers[0].tx->ops = &recorder.ops;
}

/* Only when the writer is at rest. */
void record_stop(struct store *store)
{
    store->ops = recorder.real;
    store->writers[0].tx->ops = recorder.real;
}

int64_t record_commits(void)
{
    return recorder.commits;
}

/* ---- once more ---- */

static err_t ignore_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    (void)row;
    (void)arg;
    return OK;
}

static bool again(struct ctx *ctx, struct store_tx *conn,
                  const struct engine_ops *ops, const struct call *call)
{
    struct sql_rows rows;
    int64_t changed = 0;
    switch (call->kind) {
    case CALL_BEGIN:
        arena_reset(ctx->arena);
        return ops->begin(ctx, conn) == OK;
    case CALL_COMMIT: return ops->commit(ctx, conn) == BATCH_COMMITTED;
    case CALL_ROLLBACK: ops->rollback(conn); return true;
    case CALL_SAVEPOINT: return ops->savepoint(ctx, conn) == OK;
    case CALL_RELEASE: return ops->release(ctx, conn) == OK;
    case CALL_UNDO: return ops->undo(ctx, conn) == OK;
    case CALL_RUN:
        return ops->run(ctx, conn, call->stmt, call->args, call->rows,
                        &changed) == OK &&
               changed == call->changed;
    case CALL_LIST:
        return ops->list(ctx, conn, call->stmt, call->args, call->rows,
                         &rows) == OK;
    case CALL_EACH:
        return ops->each(ctx, conn, call->stmt, call->args, ignore_row, NULL) ==
               OK;
    }
    return false;
}

/* Where the time went, for `--profile`: statements first, then the three
 * that hold no rows. */
static void print_profile(const struct store_tx *conn, const int64_t *ns,
                          size_t count)
{
    static const char *const others[] = {"", "BEGIN", "COMMIT"};
    for (size_t i = 0; i < count; i++) {
        size_t stmts = conn->list->count;
        if (ns[i] > 0)
            fprintf(stderr, "%9.3f ms  %s\n", (double)ns[i] / 1e6,
                    i < stmts ? conn->list->at[i].name
                              : others[(i - stmts) % COUNT_OF(others)]);
    }
}

static size_t profile_slot(const struct store_tx *conn, const struct call *call)
{
    size_t stmts = conn->list->count;
    if (call->kind >= CALL_RUN)
        return (size_t)call->stmt;
    return stmts + (call->kind <= CALL_COMMIT ? (size_t)call->kind : 0);
}

bool record_replay(struct store *store, bool is_profile, double *ret_s)
{
    struct store_tx *conn = store->writers[0].tx;
    struct ctx ctx = {.arena = arena_open(), .tx = conn, .now = clock_now()};
    bool is_same = true;
    size_t slots = conn->list->count + 3;
    int64_t *ns = mem_new(slots * sizeof(*ns));
    int64_t began_ns = clock_mono_ns(), last_ns = began_ns;
    for (size_t i = 0; i < recorder.count; i++) {
        const struct call *call = &recorder.calls[i];
        bool is_like = again(&ctx, conn, store->ops, call);
        if (is_profile) {
            int64_t now_ns = clock_mono_ns();
            ns[profile_slot(conn, call)] += now_ns - last_ns;
            last_ns = now_ns;
        }
        if (is_like)
            continue;
        if (is_same)
            fprintf(stderr, "bare: call %zu (%s) went another way: %s\n", i,
                    call->kind >= CALL_RUN ? conn->list->at[call->stmt].name
                                           : "transaction",
                    ctx.err.text);
        err_clear(&ctx);
        is_same = false;
    }
    *ret_s = (double)(clock_mono_ns() - began_ns) / 1e9;
    if (is_profile)
        print_profile(conn, ns, slots);
    mem_free(ns);
    arena_close(ctx.arena);
    return is_same;
}
