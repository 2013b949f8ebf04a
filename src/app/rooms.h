/* rooms.h - the list of rooms. A new room is a line in rooms.c. */
#ifndef WHARF_APP_ROOMS_H
#define WHARF_APP_ROOMS_H

#include <stddef.h>

struct room;
struct route_list;

/* NULL-ended, lowest first. */
extern const struct room *const rooms[];
/* Their route tables, NULL-ended, in `ret`; `max` bounds it. */
void rooms_routes(const struct route_list **ret, size_t max);

#endif
