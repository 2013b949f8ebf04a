/* perm.h - what a caller may do, as bits: scopes of keys, permissions of roles.
 *
 * The names are part of the contract ("orders:read"); the bits are stored.
 */
#ifndef WHARF_BASE_PERM_H
#define WHARF_BASE_PERM_H

#include "base/base.h"

/* Scopes of an API key, as bits; names in perm.c ("orders:read"). */
enum perm {
    PERM_NONE = 0, /* Anybody: health, contract. */
    PERM_ORDERS_READ = 1 << 0,
    PERM_ORDERS_WRITE = 1 << 1,
    PERM_CATALOG_READ = 1 << 2,
    PERM_CATALOG_WRITE = 1 << 3,
    PERM_INVENTORY_READ = 1 << 4,
    PERM_INVENTORY_WRITE = 1 << 5,
    PERM_CHANNELS_READ = 1 << 6,
    PERM_CHANNELS_WRITE = 1 << 7,
    PERM_EVENTS_READ = 1 << 8,
    PERM_KEYS_READ = 1 << 9,
    PERM_KEYS_WRITE = 1 << 10,
    PERM_CUSTOMERS_READ = 1 << 11,
    PERM_CUSTOMERS_WRITE = 1 << 12,
    PERM_USERS_READ = 1 << 13,
    PERM_USERS_WRITE = 1 << 14,
    PERM_WEBHOOKS_READ = 1 << 15,
    PERM_WEBHOOKS_WRITE = 1 << 16,
    PERM_FINANCE_READ = 1 << 17,
    PERM_FINANCE_WRITE = 1 << 18,
    PERM_SYSTEM_READ = 1 << 19,  /* Consumers, jobs, usage, exports. */
    PERM_SYSTEM_WRITE = 1 << 20, /* Outbound work, imports, jobs. */
    /* Of operators: they hold only in the control store. */
    PERM_TENANTS_READ = 1 << 21,
    PERM_TENANTS_WRITE = 1 << 22,
    PERM_FULFILLMENT_READ = 1 << 23,
    PERM_FULFILLMENT_WRITE = 1 << 24, /* Pick, hand over, move, hold. */
    PERM_SHIPPING_READ = 1 << 25,
    PERM_SHIPPING_WRITE = 1 << 26, /* Pack, buy labels, ship. */
    PERM_TASKS_READ = 1 << 27,
    PERM_TASKS_WRITE = 1 << 28,
    PERM_REPORTS_READ = 1 << 29,
    PERM_ALL = (1 << 30) - 1,
    PERM_SELF = 1 << 30 /* Whoever is known: never granted, always held. */
};
const char *perm_name(enum perm perm);
bool perm_from_str(str name, enum perm *ret);

#endif
