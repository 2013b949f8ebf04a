/* routing_load.h - how full sites with a capacity are. Private to the room.
 *
 * A batch reads the windows of a day and an hour of each such site once; what
 * it sends there counts at once for the orders behind it. Written last, and
 * only the rows that changed.
 */
#ifndef WHARF_OMS_ROUTING_LOAD_H
#define WHARF_OMS_ROUTING_LOAD_H

#include "oms/routing/routing_types.h"

/* loads NULL: nothing is known to be full. */
bool load_has_room(const struct routing_loads *loads,
                   const struct routing_site *site, int64_t units);
/* Of its fullest capacity, in thousandths; 0 without one. */
int64_t load_permille(const struct routing_loads *loads,
                      const struct routing_site *site);

#endif
