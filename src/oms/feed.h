/* feed.h - what a stream route leaves in req->cmd: which feed, what of it.
 *
 * A room decides in a snapshot what a client wants; who follows the store and
 * writes the stream stands above the rooms (jobs). The want lives as long as
 * the request and is copied.
 */
#ifndef WHARF_OMS_FEED_H
#define WHARF_OMS_FEED_H

enum feed_kind { FEED_EVENTS = 1, FEED_LEVELS = 2 };

/* First in what the rooms leave: struct event_want, struct level_want. */
struct feed_want {
    enum feed_kind kind;
};

#endif
