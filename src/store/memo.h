/* memo.h - what a room keeps in memory beside a connection.
 *
 * A connection belongs to one thread at a time, so a memo needs no lock; each
 * has its own. What is kept must be checked against the store in every
 * transaction that goes by it: another node may have changed the rows, and a
 * transaction undone may have filled the memo.
 */
#ifndef WHARF_STORE_MEMO_H
#define WHARF_STORE_MEMO_H

#include "base/base.h"

enum memo_slot { MEMO_ROUTING, MEMO_COUNT };
struct store_memo {
    void *data;               /* NULL: nothing yet. */
    void (*drop)(void *data); /* Called when the connection closes. */
};
/* Of the connection that ctx has a transaction of. */
struct store_memo *store_memo(struct ctx *ctx, enum memo_slot slot);

#endif
