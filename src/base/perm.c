/* perm.c - scopes by name. */
#include "base/perm.h"

#include "base/str.h"

static const struct {
    enum perm perm;
    const char *name;
} perms[] = {
    {PERM_ORDERS_READ,       "orders:read"      },
    {PERM_ORDERS_WRITE,      "orders:write"     },
    {PERM_CATALOG_READ,      "catalog:read"     },
    {PERM_CATALOG_WRITE,     "catalog:write"    },
    {PERM_INVENTORY_READ,    "inventory:read"   },
    {PERM_INVENTORY_WRITE,   "inventory:write"  },
    {PERM_CHANNELS_READ,     "channels:read"    },
    {PERM_CHANNELS_WRITE,    "channels:write"   },
    {PERM_EVENTS_READ,       "events:read"      },
    {PERM_KEYS_READ,         "keys:read"        },
    {PERM_KEYS_WRITE,        "keys:write"       },
    {PERM_CUSTOMERS_READ,    "customers:read"   },
    {PERM_CUSTOMERS_WRITE,   "customers:write"  },
    {PERM_USERS_READ,        "users:read"       },
    {PERM_USERS_WRITE,       "users:write"      },
    {PERM_WEBHOOKS_READ,     "webhooks:read"    },
    {PERM_WEBHOOKS_WRITE,    "webhooks:write"   },
    {PERM_FINANCE_READ,      "finance:read"     },
    {PERM_FINANCE_WRITE,     "finance:write"    },
    {PERM_SYSTEM_READ,       "system:read"      },
    {PERM_SYSTEM_WRITE,      "system:write"     },
    {PERM_TENANTS_READ,      "tenants:read"     },
    {PERM_TENANTS_WRITE,     "tenants:write"    },
    {PERM_FULFILLMENT_READ,  "fulfillment:read" },
    {PERM_FULFILLMENT_WRITE, "fulfillment:write"},
    {PERM_SHIPPING_READ,     "shipping:read"    },
    {PERM_SHIPPING_WRITE,    "shipping:write"   },
    {PERM_TASKS_READ,        "tasks:read"       },
    {PERM_TASKS_WRITE,       "tasks:write"      },
    {PERM_REPORTS_READ,      "reports:read"     },
    {PERM_SELF,              "self"             },
    {PERM_NONE,              "none"             },
    {PERM_ALL,               "all"              },
};

const char *perm_name(enum perm perm)
{
    for (size_t i = 0; i < COUNT_OF(perms); i++)
        if (perms[i].perm == perm)
            return perms[i].name;
    return "several";
}

bool perm_from_str(str name, enum perm *ret)
{
    for (size_t i = 0; i < COUNT_OF(perms); i++) {
        if (perms[i].perm != PERM_NONE && perms[i].perm != PERM_SELF &&
            str_equal_cstr(name, perms[i].name)) {
            *ret = perms[i].perm;
            return true;
        }
    }
    return false;
}
