/* idem.h - idempotency keys of a batch; private to the store floor.
 *
 * The pipeline asks for all keys of a batch in one go, inside the batch's
 * transaction, and adds a row for each accepted command in the same
 * transaction. Two keys of one batch are never equal (the second waits for
 * the next batch). One `struct idem` belongs to a store and is shared by its
 * writers; an engine that keeps something in memory guards it itself.
 *
 *   find  ->  the commands run  ->  add  ->  COMMIT  ->  committed
 */
#ifndef WHARF_STORE_IDEM_H
#define WHARF_STORE_IDEM_H

#include "base/base.h"

enum {
    IDEM_SECRET_BYTES = 32,
    IDEM_KEEP_MS = 24 * 60 * 60 * 1000, /* The least a key is kept. */
    IDEM_SWEEP_ROWS = 500               /* Removed in one transaction. */
};

struct idem_entry {
    /* Of the command: 128 bits of keyed BLAKE2b of its key; its body. */
    int64_t key_hash;
    int64_t key_check;
    int64_t body_hash;
    /* Filled by find: what is stored under the key. */
    bool is_found;
    int64_t found_body_hash;
    int found_status;
    str found_reply; /* In ctx->arena. */
    /* Filled by the pipeline for add: the answer to remember. */
    int status;
    str reply;
    /* The engine's own between add and committed. */
    int64_t id;
};

struct idem {
    const struct idem_ops *ops;
    uint8_t secret[IDEM_SECRET_BYTES]; /* From meta; one for all nodes. */
    void *state;                       /* The engine's own. */
};

/* Statements go through ctx->tx; entries are pointers, so that the pipeline
 * can pass those of a batch that are left. */
struct idem_ops {
    /* Loads what is kept in memory; in a transaction, before the threads. */
    err_t (*open)(struct ctx *ctx, struct idem *idem);
    void (*close)(struct idem *idem);
    err_t (*find)(struct ctx *ctx, struct idem *idem,
                  struct idem_entry *const *entries, size_t count);
    /* ERR_RETRY where another writer added one of the keys since find: the
     * batch is rolled back and run again, and find sees it then. */
    err_t (*add)(struct ctx *ctx, struct idem *idem,
                 struct idem_entry *const *entries, size_t count);
    /* After COMMIT succeeded, on the writer's thread; may be NULL. A batch
     * that was rolled back is never reported: add keeps nothing in memory. */
    void (*committed)(struct idem *idem, struct idem_entry *const *entries,
                      size_t count);
    /* Low lane: removes one chunk of what is older than IDEM_KEEP_MS (or
     * makes and drops day partitions). *ret_more: call again soon. */
    err_t (*sweep)(struct ctx *ctx, struct idem *idem, bool *ret_more);
    /* After the transaction of sweep committed; may be NULL. */
    void (*swept)(struct idem *idem);
};

extern const struct idem_ops idem_sqlite;
extern const struct idem_ops idem_postgres;

/* Reads or makes the secret in meta, then ops->open. */
MUST_USE err_t idem_open(struct ctx *ctx, const struct idem_ops *ops,
                         struct idem **ret);
/* Takes NULL. */
void idem_close(struct idem *idem);
void idem_hash(const struct idem *idem, str key, struct idem_entry *ret);

#endif
