/* dispatch.c - from an HTTP exchange to work of the store and back.
 *
 * A read goes to a reader with a snapshot, a command to the writer. The reply
 * is written by the room inside the transaction, kept by the store under the
 * idempotency key, and sent only after the commit. A change of who may do what
 * is answered only once this node's key ring knows it.
 */
#include "app/dispatch.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/tenant.h"
#include "app/tenants.h"
#include "app/toil.h"
#include "base/arena.h"
#include "base/str.h"
#include "jobs/feeds.h"
#include "net/list_csv.h"
#include "store/sql.h"

struct lane_kind {
    const struct route *route;
    struct work_kind kind;
    struct work_kind prepare; /* Of routes that have one. */
};

struct dispatcher {
    struct toil *toil, *asking;
    const struct call_guard *guard;
    struct tenants *tenants;
    size_t count;
    struct lane_kind *at; /* Sorted by route address. */
};

/* One request on its way; lives with the exchange. */
struct ticket {
    struct work work;
    struct dispatcher *dispatcher;
    struct tenant_slot *slot;
    struct tenant *tenant; /* Entered; NULL: not yet. */
    struct tenant_guest guest;
    struct http_exchange *exchange;
    struct request *req;
    struct json_out out;
};

static void bind_request(struct work *work)
{
    struct ticket *ticket = work->arg;
    struct request *req = ticket->req;
    req->ctx = &work->ctx;
    req->status = 200;
    if (req->body)
        json_in_rebind(req->body, &work->ctx);
    json_out_init(&ticket->out, &work->reply);
    req->reply = &ticket->out;
}

static err_t run_one(struct work *work)
{
    struct ticket *ticket = work->arg;
    bind_request(work);
    const struct route *route = ticket->req->route;
    if (ticket->req->is_stream)
        return route->stream(&work->ctx, ticket->req);
    if (route->table)
        TRY(list_run(&work->ctx, ticket->req));
    else
        TRY(route->run(&work->ctx, ticket->req));
    work->status = ticket->req->status;
    work->secret = ticket->req->secret;
    return OK;
}

static err_t run_prepare(struct work *work)
{
    struct ticket *ticket = work->arg;
    bind_request(work);
    return ticket->req->route->prepare(&work->ctx, ticket->req);
}

static err_t run_many(struct ctx *batch, struct work **work, size_t n)
{
    struct request **reqs = arena_array(batch->arena, struct request *, n);
    err_t *results = arena_array(batch->arena, err_t, n);
    for (size_t i = 0; i < n; i++) {
        bind_request(work[i]);
        reqs[i] = ((struct ticket *)work[i]->arg)->req;
    }
    TRY(reqs[0]->route->run_many(batch, reqs, results, n));
    for (size_t i = 0; i < n; i++) {
        work[i]->err = results[i];
        work[i]->status = reqs[i]->status;
    }
    return OK;
}

static int compare_routes(const void *a, const void *b)
{
    const struct lane_kind *x = a, *y = b;
    return x->route < y->route ? -1 : x->route > y->route;
}

struct dispatcher *dispatcher_open(const struct dispatcher_toil *toil,
                                   struct tenants *tenants,
                                   const struct route_list *const *lists)
{
    struct dispatcher *dispatcher = mem_new(sizeof *dispatcher);
    dispatcher->toil = toil->own;
    dispatcher->asking = toil->asking;
    dispatcher->guard = toil->guard;
    dispatcher->tenants = tenants;
    size_t count = 0;
    for (size_t i = 0; lists[i]; i++)
        count += lists[i]->count;
    dispatcher->at = mem_new(count * sizeof *dispatcher->at);
    for (size_t i = 0; lists[i]; i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            const struct route *route = &lists[i]->at[j];
            struct lane_kind *to = &dispatcher->at[dispatcher->count++];
            to->route = route;
            to->kind.name = route->operation;
            to->prepare =
                (struct work_kind){route->operation, run_prepare, NULL};
            if (route->kind == ROUTE_HOT)
                to->kind.run_many = run_many;
            else
                to->kind.run = run_one;
        }
    }
    qsort(dispatcher->at, count, sizeof *dispatcher->at, compare_routes);
    return dispatcher;
}

void dispatcher_close(struct dispatcher *dispatcher)
{
    if (!dispatcher)
        return;
    mem_free(dispatcher->at);
    mem_free(dispatcher);
}

static const struct lane_kind *kind_of(const struct dispatcher *dispatcher,
                                       const struct route *route)
{
    struct lane_kind key = {.route = route};
    const struct lane_kind *found = bsearch(
        &key, dispatcher->at, dispatcher->count, sizeof key, compare_routes);
    ASSERT(found != NULL);
    return found;
}

static void count_use(const struct ticket *ticket)
{
    const struct work *work = &ticket->work;
    const struct request *req = ticket->req;
    struct tenant_use use = {
        .requests = 1,
        .writes = req->route->kind != ROUTE_READ && work->err == OK,
        .refused = work->err != OK,
        .bytes_in = (int64_t)req->body_bytes.len,
        .bytes_out = work->err == OK ? (int64_t)buf_str(&work->reply).len : 0,
    };
    tenants_count(ticket->slot, &use);
}

/* The exchange and all that is in it may be gone with the reply. */
static void leave(struct ticket *ticket)
{
    count_use(ticket);
    if (ticket->tenant)
        tenants_leave(ticket->slot);
}

static void answer(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    struct request *req = ticket->req;
    work->ctx.tx = NULL;
    json_out_init(&ticket->out, &work->reply);
    req->reply = &ticket->out;
    req->status = work->status ? work->status : 200;
    if (work->err == OK && work->reply.is_full)
        work->err = fail(&work->ctx, ERR_INTERNAL, "", "reply is too large");
    leave(ticket);
    http_reply(ticket->exchange, work->err, work->is_replay);
}

static void keys_done(void *arg)
{
    answer(arg);
}

/* The feed has the exchange then, and its streams keep the tenant in use: each
 * asks again and again who its caller is. */
static void stream(struct ticket *ticket)
{
    struct tenant_slot *slot = ticket->slot;
    struct feeds *feeds = ticket->tenant->feeds;
    ticket->work.ctx.tx = NULL;
    count_use(ticket);
    feeds_take(feeds, ticket->exchange);
    tenants_leave(slot);
}

static void done(struct work *work)
{
    struct ticket *ticket = work->arg;
    if (work->err == OK && ticket->req->is_stream)
        stream(ticket);
    else if (work->err == OK && ticket->req->route->is_access)
        tenants_access_changed(ticket->slot, keys_done, ticket);
    else
        answer(ticket);
}

/* SipHash under a fixed key: stable over restarts, quick over bodies. Whoever
 * could make two bodies collide would only be answered his own first one. */
static uint64_t hash_bytes(str s, uint64_t seed)
{
    unsigned char key[crypto_shorthash_KEYBYTES] = {0};
    uint64_t hash;
    memcpy(key, &seed, sizeof seed);
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)s.ptr,
                     s.len, key);
    return hash;
}

static uint64_t hash_of(const struct request *req)
{
    uint64_t hash = hash_bytes(req->body_bytes, (uint64_t)req->route->method);
    hash = hash_bytes(str_from_cstr(req->route->path), hash);
    for (size_t i = 0; i < REQUEST_PATH_PARAMS && req->path_params[i].ptr; i++)
        hash = hash_bytes(req->path_params[i], hash);
    return hash;
}

/* Once it is taken, it may be answered and gone before this returns. */
static void submit(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    err_t err = store_submit(ticket->tenant->store, work);
    if (err != OK) {
        work->err = fail(&work->ctx, err, "", "the queue is full; try again");
        answer(ticket);
    }
}

/* The command itself, after what its route has before it. */
static void submit_run(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    const struct request *req = ticket->req;
    bool is_read = req->route->kind == ROUTE_READ;
    work->kind = &kind_of(ticket->dispatcher, req->route)->kind;
    work->lane = is_read ? LANE_READ : LANE_WRITE;
    work->done = done;
    if (!is_read && !req->route->is_unkept) {
        work->idem_key = req->idem_key;
        work->idem_body = hash_of(req);
    }
    submit(ticket);
}

static void toil_run(void *arg)
{
    struct ticket *ticket = arg;
    struct work *work = &ticket->work;
    work->err = ticket->req->route->toil(&work->ctx, ticket->req);
    if (work->err == OK)
        submit_run(ticket);
    else
        answer(ticket);
}

static void toil_or_run(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    const struct dispatcher *dispatcher = ticket->dispatcher;
    struct request *req = ticket->req;
    struct toil *toil =
        req->route->crowded ? dispatcher->asking : dispatcher->toil;
    req->guard = dispatcher->guard;
    if (!req->route->toil || req->is_light) {
        submit_run(ticket);
    } else if (!toil_submit(toil, toil_run, ticket)) {
        work->err = req->route->crowded
                        ? req->route->crowded(&work->ctx, req)
                        : fail(&work->ctx, ERR_BUSY, "", "too busy; try again");
        if (work->err == OK)
            submit_run(ticket);
        else
            answer(ticket);
    }
}

static void prepared(struct work *work)
{
    struct ticket *ticket = work->arg;
    work->ctx.tx = NULL;
    if (work->err == OK)
        toil_or_run(ticket);
    else
        answer(ticket);
}

/* What the route has before its command, or that. */
static void begin(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    const struct route *route = ticket->req->route;
    if (!route->prepare) {
        toil_or_run(ticket);
        return;
    }
    work->kind = &kind_of(ticket->dispatcher, route)->prepare;
    work->lane = LANE_READ;
    work->done = prepared;
    submit(ticket);
}

/* The store was closed when the caller was looked at: now it can be told. */
static err_t recognize(struct ticket *ticket)
{
    struct request *req = ticket->req;
    struct http_identity who = {.perms = 0};
    TRY(tenants_auth(ticket->dispatcher->tenants, req->ctx, req->caller, &who));
    /* Meanwhile the host may have become another tenant's, or nobody's. */
    if (who.tenant != ticket->slot || who.is_unsure)
        return fail(req->ctx, ERR_BUSY, "", "the tenant has moved; try again");
    return request_permit(req, who.perms);
}

static void entered(struct ticket *ticket)
{
    struct work *work = &ticket->work;
    if (ticket->req->is_unsure)
        work->err = recognize(ticket);
    if (work->err == OK)
        begin(ticket);
    else
        answer(ticket);
}

static void guest_entered(struct tenant_guest *guest, struct tenant *tenant,
                          err_t err)
{
    struct ticket *ticket =
        (struct ticket *)((char *)guest - offsetof(struct ticket, guest));
    ticket->tenant = tenant;
    if (err == OK) {
        entered(ticket);
        return;
    }
    ticket->work.err = fail(&ticket->work.ctx, ERR_BUSY, "",
                            "the store could not be opened; try again");
    answer(ticket);
}

void dispatch(void *arg, struct http_exchange *exchange)
{
    struct dispatcher *dispatcher = arg;
    struct ticket *ticket = http_exchange_space(exchange, sizeof *ticket);
    struct request *req = http_request(exchange);
    *ticket = (struct ticket){
        .dispatcher = dispatcher,
        .slot = req->tenant,
        .guest = {.then = guest_entered},
        .exchange = exchange,
        .req = req,
    };
    struct work *work = &ticket->work;
    work->ctx = *req->ctx;
    work->arg = ticket;
    work->cmd = req->cmd;
    buf_init(&work->reply, work->ctx.arena, LIMIT_REPLY_BYTES);
    req->ctx = &work->ctx;
    if (req->body) /* For toil, which may come first. */
        json_in_rebind(req->body, &work->ctx);
    /* Where it waits for its store, another thread has the ticket. */
    struct tenant *tenant = tenants_enter(ticket->slot, &ticket->guest);
    if (!tenant)
        return;
    ticket->tenant = tenant;
    entered(ticket);
}
