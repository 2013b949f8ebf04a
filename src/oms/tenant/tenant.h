/* tenant.h - the tenant room: whom an installation serves, and how much.
 *
 * Tenants stand in a control store. Each has a store of its own, which no
 * statement of another can reach; this room only knows whose request is
 * whose: by host name, and by the hash of a key or a session. What a store
 * was used for is counted in that store.
 */
#ifndef WHARF_OMS_TENANT_H
#define WHARF_OMS_TENANT_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

/* Stored as numbers: append, never renumber. */
enum tenant_state {
    TENANT_ACTIVE = 1,
    TENANT_SUSPENDED = 2 /* Every request is refused; nothing is lost. */
};
enum { TENANT_CODE_BYTES = 40, TENANT_HOSTS = 16, TENANT_HASH_BYTES = 32 };

struct tenant_row {
    tenant_id id;
    str code; /* Lower-case letters, digits and hyphens; never changes. */
    str name;
    enum tenant_state state;
    utc_ms wake_at; /* Work waits for this moment; 0: none. */
    int64_t version;
    utc_ms created_at;
    const str *hosts; /* In lower case. */
    size_t host_count;
};

struct tenant_cmd {
    str code, name;
    const str *hosts;
    size_t host_count;
};
/* ERR_CONFLICT where the code (code_taken) or a host (host_taken) is taken. */
MUST_USE err_t tenant_create(struct ctx *ctx, const struct tenant_cmd *cmd,
                             struct tenant_row *ret);
/* What a change may name; what is NULL stays. */
struct tenant_change {
    int64_t version; /* The one the caller saw. */
    const str *name;
    const enum tenant_state *state;
    const str *hosts; /* With host_count; replaces them all. */
    size_t host_count;
};
MUST_USE err_t tenant_change(struct ctx *ctx, tenant_id id,
                             const struct tenant_change *change,
                             struct tenant_row *ret);
MUST_USE err_t tenant_get(struct ctx *ctx, tenant_id id,
                          struct tenant_row *ret);
MUST_USE err_t tenant_find(struct ctx *ctx, str code, struct tenant_row *ret,
                           bool *found);
/* In order of id, keyset by id. */
MUST_USE err_t tenant_list(struct ctx *ctx, tenant_id after, size_t limit,
                           struct tenant_row **ret, size_t *ret_count);
/* When a closed store must be opened for work that waits; 0: it need not. */
MUST_USE err_t tenant_set_wake(struct ctx *ctx, tenant_id id, utc_ms at);

/* Whose key or session it is. */
struct tenant_credential {
    int64_t id; /* Rises with time: for those that are new. */
    tenant_id tenant;
    unsigned char hash[TENANT_HASH_BYTES];
};
/* Adds those that are not there: `count` hashes, one behind the other. */
MUST_USE err_t tenant_credential_add(struct ctx *ctx, tenant_id tenant,
                                     const unsigned char *hashes, size_t count);
/* Those with an id over `after`, in order of id. */
MUST_USE err_t tenant_credential_list(struct ctx *ctx, int64_t after,
                                      size_t limit,
                                      struct tenant_credential **ret,
                                      size_t *ret_count);

/* ---- usage ---- */

struct usage {
    int64_t day; /* UTC, days since 1970. */
    str name;    /* "orders", "requests" … */
    int64_t value;
};
/* Adds to the counters of this store. */
MUST_USE err_t usage_add(struct ctx *ctx, const struct usage *rows,
                         size_t count);
/* Counters of this store from that day to that, both counted in. */
MUST_USE err_t usage_list(struct ctx *ctx, int64_t from, int64_t to,
                          struct usage **ret, size_t *ret_count);
/* In the control store: replaces what is known of a tenant's counters. */
MUST_USE err_t tenant_usage_save(struct ctx *ctx, tenant_id tenant,
                                 const struct usage *rows, size_t count);

extern const struct room tenant_room;

#endif
