/* tenants.h - whom this process serves: one store, or many by a control store.
 *
 * A request is bound to one tenant's slot before any room runs, by the key or
 * session it shows, or by its host name. Only the slot leads to a store, so no
 * statement can reach another tenant's rows. In a control installation stores
 * open when they are first asked for and close when they have been idle.
 */
#ifndef WHARF_APP_TENANTS_H
#define WHARF_APP_TENANTS_H

#include "base/base.h"
#include "net/http.h"
#include "store/store.h"

struct buf;
struct tenant;
struct tenants;
struct tenant_slot; /* One tenant, open or not. Lives as long as the table. */

struct tenants_config {
    const struct store_config *store; /* The only store, or the control one. */
    const struct webhooks_config *webhooks;
    bool is_control;
    int idle_s; /* A store nobody asks is closed after so long. */
};
MUST_USE err_t tenants_open(struct ctx *ctx,
                            const struct tenants_config *config,
                            struct tenants **ret);
/* Closes every store; no request is under way any more. Takes NULL. */
void tenants_close(struct tenants *tenants);

/* The only tenant, or the control store: always open. */
struct tenant *tenants_first(struct tenants *tenants);
/* The slot of that code; "" is the first one's. NULL: there is none. */
struct tenant_slot *tenants_find(struct tenants *tenants, str code);
/* An http_auth_fn; arg is the table. request.tenant becomes a slot. While its
 * store is closed nobody can be recognized: then ret->is_unsure, and who
 * enters asks again. */
err_t tenants_auth(void *arg, struct ctx *ctx, const struct http_caller *caller,
                   struct http_identity *ret);

/* Who waits for a store to open; lives until `then` is called. */
struct tenant_guest {
    void (*then)(struct tenant_guest *guest, struct tenant *tenant, err_t err);
    struct tenant_guest *next;
};
/* The open tenant, which stays open until tenants_leave(). NULL: it is being
 * opened, and guest->then is called later from another thread, entered unless
 * it says an error. */
struct tenant *tenants_enter(struct tenant_slot *slot,
                             struct tenant_guest *guest);
void tenants_leave(struct tenant_slot *slot);

/* What came of one request, for the tenant's bill. */
struct tenant_use {
    int64_t requests, writes, refused, bytes_in, bytes_out;
};
void tenants_count(struct tenant_slot *slot, const struct tenant_use *use);

/* After a change of who may do what, or of tenants: then(arg) is called once
 * this node goes by it. */
void tenants_access_changed(struct tenant_slot *slot, void (*then)(void *arg),
                            void *arg);

/* Where the store of a tenant is, beside the control store: a file in its
 * folder `tenants`, or a schema of the same database. */
void tenants_store_config(struct arena *arena,
                          const struct store_config *control, str code,
                          struct store_config *ret);
/* Makes the folder of tenants' files where it is not there yet. */
MUST_USE err_t tenants_folder_make(struct ctx *ctx,
                                   const struct store_config *config);
/* Prometheus text: wharf_tenants_open, wharf_tenants. */
void tenants_metrics(struct tenants *tenants, struct buf *out);

#endif
