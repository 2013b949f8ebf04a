/* people.h - customers and addresses of foreign orders. */
#ifndef WHARF_CONNECT_CHANNEL_PEOPLE_H
#define WHARF_CONNECT_CHANNEL_PEOPLE_H

#include "connect/channel/draft.h"

/* Which key of the source holds which part; NULL where it has none. A second
 * key is asked where the first is blank. */
struct people_keys {
    const char *name, *first_name, *last_name, *company, *line1, *line2, *city,
        *region, *region_name, *postal_code, *country, *country_name, *phone;
};
/* NULL where nothing of it is known. */
const struct order_party *people_address(struct draft *draft, json_any from,
                                         const struct people_keys *keys);
/* "First Last", or the first text that is not blank. */
str people_name(struct draft *draft, json_any from,
                const struct people_keys *keys);

#endif
