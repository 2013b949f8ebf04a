/* tenant.c - opens and closes what runs on one store. */
#include "app/tenant.h"

#include "app/key_ring.h"
#include "app/rooms.h"
#include "base/arena.h"
#include "jobs/consumers.h"
#include "jobs/feeds.h"
#include "jobs/gateways.h"
#include "jobs/labels.h"
#include "jobs/timers.h"
#include "jobs/webhooks.h"
#include "oms/room.h"

enum { CONSUMER_LISTS_MAX = 64, TIMER_LISTS_MAX = 64 };

static err_t open_consumers(struct ctx *ctx, struct tenant *tenant)
{
    const struct event_list *lists[CONSUMER_LISTS_MAX];
    size_t count = 0;
    for (size_t i = 0; rooms[i]; i++)
        if (rooms[i]->events)
            lists[count++] = rooms[i]->events;
    ASSERT(count < CONSUMER_LISTS_MAX);
    lists[count] = NULL;
    return consumers_open(ctx, tenant->store, lists, &tenant->consumers);
}

static err_t open_timers(struct ctx *ctx, struct tenant *tenant)
{
    const struct timer_list *lists[TIMER_LISTS_MAX];
    size_t count = 0;
    for (size_t i = 0; rooms[i]; i++)
        if (rooms[i]->timers)
            lists[count++] = rooms[i]->timers;
    ASSERT(count < TIMER_LISTS_MAX);
    lists[count] = NULL;
    return timers_open(ctx, tenant->store, lists, &tenant->timers);
}

static err_t open_parts(struct ctx *ctx, const struct store_config *config,
                        const struct webhooks_config *webhooks,
                        struct tenant *tenant)
{
    TRY(store_open(ctx, config, &tenant->store));
    store_start(tenant->store);
    TRY(key_ring_open(ctx, tenant->store, &tenant->keys));
    TRY(open_consumers(ctx, tenant));
    TRY(open_timers(ctx, tenant));
    TRY(feeds_open(ctx, tenant->store, &tenant->feeds));
    TRY(asker_open(ctx, tenant->store, webhooks->guard, &gateways_kind,
                   &tenant->gateways));
    TRY(asker_open(ctx, tenant->store, webhooks->guard, &labels_kind,
                   &tenant->labels));
    return webhooks_open(ctx, tenant->store, webhooks, &tenant->webhooks);
}

err_t tenant_open(struct ctx *ctx, const struct store_config *config,
                  const struct webhooks_config *webhooks, struct tenant **ret)
{
    struct tenant *tenant = mem_new(sizeof *tenant);
    err_t err = open_parts(ctx, config, webhooks, tenant);
    if (err != OK) {
        tenant_close(tenant);
        return err;
    }
    *ret = tenant;
    return OK;
}

void tenant_close(struct tenant *tenant)
{
    if (!tenant)
        return;
    webhooks_close(tenant->webhooks);
    asker_close(tenant->labels);
    asker_close(tenant->gateways);
    feeds_stop(tenant->feeds);
    timers_close(tenant->timers);
    consumers_close(tenant->consumers);
    key_ring_stop(tenant->keys);
    store_close(tenant->store);
    key_ring_close(tenant->keys);
    feeds_close(tenant->feeds);
    mem_free(tenant);
}
