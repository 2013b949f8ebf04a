/* tail.h - the newest events as they were read, kept for the other consumers.
 *
 * Every consumer reads every event. On PostgreSQL that is a third of what the
 * database does, so what one has read in a process the others get from memory.
 * Events that readers may see are final there: nothing is ever put before them.
 * Not on SQLite, where a consumer may share its transaction with commands that
 * are undone. Any thread.
 */
#ifndef WHARF_STORE_TAIL_H
#define WHARF_STORE_TAIL_H

#include "store/event.h"

struct tail;

struct tail *tail_open(void);
/* Takes NULL, as all below do. */
void tail_close(struct tail *tail);
/* After a link was lost: another server may know less than the one before. */
void tail_forget(struct tail *tail);

/* A piece of the log in the caller's arena, without a gap. */
struct tail_piece {
    struct event *at; /* Room for as many as were asked. */
    size_t count;
    bool is_cut; /* There is more of it than LIMIT_EVENTS_BYTES. */
    int64_t age; /* For tail_keep. */
};
/* What is kept behind `after`, up to `limit` events; none where the event just
 * behind it is not kept. */
struct tail_piece tail_read(struct tail *tail, struct arena *arena,
                            struct event_cursor after, size_t limit);
/* Keeps all events of the log behind `after` up to the last of these, read
 * after a tail_read() that gave this age. */
void tail_keep(struct tail *tail, int64_t age, struct event_cursor after,
               const struct event *events, size_t count);

#endif
