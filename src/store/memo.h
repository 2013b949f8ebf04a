/* memo.h - what a room keeps in memory beside a connection.
 *
 * A connection belongs to one thread at a time, so a memo needs no lock; each
 * has its own. What is kept must be checked against the store in every
 * transaction that goes by it: another node may have changed the rows, and a
 * transaction undone may have filled the memo. Only the one writer of a SQLite
 * file is told of both, and may keep rows as long as nobody tells it otherwise.
 */
#ifndef WHARF_STORE_MEMO_H
#define WHARF_STORE_MEMO_H

#include "base/base.h"

enum memo_slot { MEMO_ROUTING, MEMO_STOCK, MEMO_COUNT };
struct store_memo {
    void *data;               /* NULL: nothing yet. */
    void (*drop)(void *data); /* Called when the connection closes. */
    /* What was read or written at marks from `since` on was undone; 0: rows
     * were changed by somebody else. NULL: the room checks by itself. */
    void (*undone)(void *data, int64_t since);
};
/* Of the connection that ctx has a transaction of. */
struct store_memo *store_memo(struct ctx *ctx, enum memo_slot slot);

/* Whether what this connection reads stays so until it writes it itself or is
 * told that it was undone. */
bool store_memo_holds(const struct ctx *ctx);
/* How much it may keep of it: a quarter of the page cache. */
size_t store_memo_bytes(const struct ctx *ctx);
/* Rises with every transaction and every savepoint: with every command. */
int64_t store_mark(const struct ctx *ctx);
/* The mark at which the transaction began. */
int64_t store_mark_begun(const struct ctx *ctx);

#endif
