/* tenant.h - one merchant's store and everything that runs on it.
 *
 * What works per store is opened and closed here, in one order: store, key
 * ring, consumers, timers, feeds, webhooks, labels, gateways. Whoever serves
 * requests does so between open and stop.
 */
#ifndef WHARF_APP_TENANT_H
#define WHARF_APP_TENANT_H

#include "base/base.h"
#include "store/store.h"

struct asker;
struct consumers;
struct feeds;
struct key_ring;
struct timers;
struct webhooks;
struct webhooks_config;

struct tenant {
    struct store *store;
    struct key_ring *keys;
    struct consumers *consumers;
    struct timers *timers;
    struct feeds *feeds;
    struct webhooks *webhooks;
    struct asker *labels, *gateways;
};

/* Opens the store, brings it up to date and starts all its threads. On failure
 * nothing is left open. */
MUST_USE err_t tenant_open(struct ctx *ctx, const struct store_config *config,
                           const struct webhooks_config *webhooks,
                           struct tenant **ret);
/* Finishes what was accepted, then closes. Takes NULL. */
void tenant_close(struct tenant *tenant);

#endif
