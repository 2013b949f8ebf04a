/* system.h - the store as a whole: what it is, and its switch for outbound
 * work. The state itself is the store's (store/epoch.h); this room shows it.
 */
#ifndef WHARF_OMS_SYSTEM_H
#define WHARF_OMS_SYSTEM_H

#include "store/epoch.h"
#include "store/event.h"
#include "store/store.h"

struct system_state {
    enum store_engine engine;
    struct epoch epoch;
    struct schema_state schema;
    struct outbound outbound;
    struct event_stop *stops; /* Consumers that cannot go on; oldest first. */
    size_t stop_count;
};
MUST_USE err_t system_get(struct ctx *ctx, struct system_state *ret);

extern const struct room system_room;

#endif
