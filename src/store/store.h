/* store.h - one store: a writer, readers, and the work queued for them.
 *
 * Two engines stand behind it. A store owns one writer thread on SQLite (W on
 * PostgreSQL) that commits queued work in batches, and a small pool of reader
 * threads with snapshot connections. Rooms never see a connection: they get a
 * context whose `tx` runs named statements (sql.h), and never open or end a
 * transaction themselves.
 */
#ifndef WHARF_STORE_STORE_H
#define WHARF_STORE_STORE_H

#include "base/base.h"
#include "base/buf.h"

struct secret_ring;
struct store;
struct sql_list;
struct migration_step;

enum store_engine { STORE_SQLITE = 1, STORE_POSTGRES = 2 };

struct store_config {
    enum store_engine engine;
    const char *path;     /* SQLite: the file, or ":memory:" for tests. */
    const char *conninfo; /* PostgreSQL: libpq connection string. */
    const char *schema;   /* PostgreSQL: made if need be; NULL: as conninfo. */
    const char *vfs;      /* SQLite: a registered VFS, or NULL. */
    int writers;          /* PostgreSQL: 1 to 16; SQLite always has one. */
    int readers;          /* 0 to 16; with 0 the writer reads too. */
    int queue_max;        /* Work waiting for a writer; past it ERR_BUSY. */
    int batch_max;        /* Work in one transaction. */
    int cache_mib, reader_cache_mib; /* SQLite: of the writer, each reader. */
    /* 0 to 31. Each writer of a process takes one number, from `node` up, so
     * that no two writers of a store make the same id. */
    int node;
    bool is_unsafe_allowed; /* Run on weaker durability than it promises. */
    bool is_prepared_late;  /* Tests: all was prepared on this schema before. */
    bool is_read_only; /* Beside the owner: one snapshot connection, no lock,
                          no migration; only LANE_READ through store_run. */
    /* What seals secrets in rows; outlives the store. NULL: none are taken. */
    const struct secret_ring *secrets;
    char name[48]; /* The tenant's code; empty: the only store. */
    /* For tests and tools: statements that begin with those of sql_all, and
     * more migration steps. NULL and 0: what the product has. */
    const struct sql_list *sql;
    const struct migration_step *steps;
    size_t step_count;
};
/* Defaults for that engine; the caller sets path or conninfo. */
void store_config_init(struct store_config *config, enum store_engine engine);

/* Opens, takes the exclusive lock (SQLite), brings the schema up to date,
 * checks what durability rests on and prepares all statements once. Fails with
 * ERR_STATE (locked by another process, weaker durability) or ERR_BUSY. */
MUST_USE err_t store_open(struct ctx *ctx, const struct store_config *config,
                          struct store **ret);
/* Starts the writer and reader threads; before it only store_run works. */
void store_start(struct store *store);
/* Refuses new work, finishes what was accepted, joins, closes. Takes NULL. */
void store_close(struct store *store);
enum store_engine store_engine(const struct store *store);
const struct store_config *store_config_of(const struct store *store);
enum store_engine store_engine_of(const struct ctx *ctx); /* Of its tx. */
/* The ring of the store that ctx has a transaction of; may be NULL. */
const struct secret_ring *store_secrets(const struct ctx *ctx);
str store_name(const struct ctx *ctx); /* Of its configuration. */
/* False while the database is gone or the disk is full. */
bool store_is_ready(const struct store *store);

/* ---- work ---- */

enum work_lane {
    LANE_WRITE = 1, /* Commands of clients. */
    LANE_LOW = 2,   /* Consumers, timers, roll-ups. Never starved for long. */
    LANE_READ = 3   /* Runs on a reader with a snapshot. */
};

struct work;

/* Runs inside a transaction. May be run again from the start after a conflict,
 * with its arena reset to the mark of submission, reply cleared and err too. */
typedef err_t work_run_fn(struct work *work);
/* Hot kinds: decides every work[i] of the batch. Sets work[i]->err and fills
 * work[i]->reply; a refused one has written nothing. What it returns is for
 * the batch as a whole: not OK means undo everything and run them singly. */
typedef err_t work_run_many_fn(struct ctx *batch, struct work **work, size_t n);

struct work_kind {
    const char *name;           /* For metrics. */
    work_run_fn *run;           /* Single: in a savepoint of its own. */
    work_run_many_fn *run_many; /* Hot; then run is not used. */
};

/* One command or read. The submitter owns the memory until done() is called,
 * on a thread of the store, exactly once. */
struct work {
    const struct work_kind *kind;
    enum work_lane lane;
    struct ctx ctx;     /* arena set by the submitter; tx, ids by the store. */
    void *arg;          /* The submitter's own. */
    void *cmd;          /* Decoded command of a hot kind. */
    str idem_key;       /* Empty: not idempotent (own work only). */
    uint64_t idem_body; /* Hash of method, path and body. */
    err_t err;          /* The outcome; details in ctx.err. */
    int status;         /* HTTP status of the reply, 200 unless set. */
    struct buf reply;   /* The body; initialised by the submitter. */
    /* Alone on a writer's thread between two batches, outside any transaction;
     * of the low lane. For what belongs to the connection (backup.h). */
    bool is_bare, is_prompt; /* Prompt: behind one that is not, at most. */
    str secret;              /* A string of the reply that is stored as null. */
    bool is_replay; /* The stored answer to an earlier use of the key. */
    void (*done)(struct work *work);
    /* The store's own. */
    struct work *next;
    struct arena_mark_store {
        void *block;
        size_t used;
    } mark;
    int64_t queued_ns;
    void *waiter;
};

/* ERR_BUSY when the queue is full or the store closes; then done() is not
 * called and nothing was stored. After OK the work is the store's: it may be
 * done and gone before this returns. */
err_t store_submit(struct store *store, struct work *work);
/* Submits, waits, returns work->err; sets work->done to its own. For CLI,
 * tests and jobs. Without started threads it runs on the calling thread. */
err_t store_run(struct store *store, struct work *work);
/* Calls `wake(arg)` after each commit that wrote events, on a writer's thread;
 * it must be short and submit nothing. A few listeners, told apart by `arg`. */
void store_on_commit(struct store *store, void (*wake)(void *arg), void *arg);
/* No more, also not now running. One that is not known is passed over. */
void store_off_commit(struct store *store, const void *arg);

/* ---- figures, for /metrics and benches ---- */

enum { STORE_BUCKETS = 16 }; /* Upper bounds: 1, 2, 4 … in the unit named. */
struct store_stats {
    int64_t commits, commands, replays, refused, failed_batches;
    int64_t queue_depth, queue_low_depth;
    int64_t batch_size[STORE_BUCKETS]; /* Commands. */
    int64_t commit_us[STORE_BUCKETS];  /* COMMIT alone. */
    int64_t commit_us_sum;
    int64_t wait_us[STORE_BUCKETS]; /* Queue to done. */
    int64_t wait_us_sum;
};
void store_stats_get(const struct store *store, struct store_stats *ret);

#endif
