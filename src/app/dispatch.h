/* dispatch.h - from an HTTP exchange to work of the store and back. */
#ifndef WHARF_APP_DISPATCH_H
#define WHARF_APP_DISPATCH_H

#include "base/base.h"
#include "net/http.h"
#include "store/store.h"

struct dispatcher;
struct tenants;
struct call_guard;
struct toil;

/* Threads for toil of our own, those that wait for services outside, and whom
 * they may call. */
struct dispatcher_toil {
    struct toil *own, *asking;
    const struct call_guard *guard;
};
/* Knows every route of `lists`. A request's tenant is a slot of that table,
 * bound to it by tenants_auth(). Closes after server and tenants. */
struct dispatcher *dispatcher_open(const struct dispatcher_toil *toil,
                                   struct tenants *tenants,
                                   const struct route_list *const *lists);
void dispatcher_close(struct dispatcher *dispatcher);
/* An http_dispatch_fn; arg is the dispatcher. */
void dispatch(void *arg, struct http_exchange *exchange);

#endif
