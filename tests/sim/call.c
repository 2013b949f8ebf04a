/* call.c - requests to the routes, decoded and queued as the server does. */
#define WHARF_UNBANNED
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "place.h"

/* Holds the writer until everybody queues behind it, and counts answers. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_entered, is_open;
    size_t waiting;
};

static void gate_init(struct gate *gate)
{
    *gate = (struct gate){.waiting = 0};
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
}

static void gate_done(struct gate *gate)
{
    pthread_mutex_destroy(&gate->lock);
    pthread_cond_destroy(&gate->changed);
}

static void answered(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->waiting--;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void wait_answers(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->waiting > 0)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static err_t run_gate(struct work *work)
{
    struct gate *gate = work->arg;
    pthread_mutex_lock(&gate->lock);
    gate->is_entered = true;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return OK;
}

static void done_gate(struct work *work)
{
    answered(work->arg);
}

static const struct work_kind gate_kind = {.name = "sim_gate", .run = run_gate};

/* ---- as app/dispatch.c ---- */

static void bind_request(struct work *work)
{
    struct call *call = work->arg;
    call->req.ctx = &work->ctx;
    call->req.status = 200;
    if (call->req.body)
        json_in_rebind(call->req.body, &work->ctx);
    json_out_init(&call->out, &work->reply);
    call->req.reply = &call->out;
}

static err_t run_one(struct work *work)
{
    struct call *call = work->arg;
    bind_request(work);
    TRY(call->req.route->run(&work->ctx, &call->req));
    work->status = call->req.status;
    return OK;
}

static err_t run_many(struct ctx *batch, struct work **work, size_t n)
{
    struct request **reqs = arena_array(batch->arena, struct request *, n);
    err_t *results = arena_array(batch->arena, err_t, n);
    for (size_t i = 0; i < n; i++) {
        bind_request(work[i]);
        reqs[i] = &((struct call *)work[i]->arg)->req;
    }
    TRY(reqs[0]->route->run_many(batch, reqs, results, n));
    for (size_t i = 0; i < n; i++) {
        work[i]->err = results[i];
        work[i]->status = reqs[i]->status;
    }
    return OK;
}

static const struct work_kind one_kind = {.name = "sim_one", .run = run_one};
static const struct work_kind many_kind = {.name = "sim_many",
                                           .run_many = run_many};

static void done_call(struct work *work)
{
    struct call *call = work->arg;
    answered(call->gate);
}

static const struct route *route_of(const struct place *place,
                                    const char *operation)
{
    for (size_t i = 0; place->routes[i]; i++) {
        for (size_t j = 0; j < place->routes[i]->count; j++) {
            const struct route *route = &place->routes[i]->at[j];
            if (strcmp(route->operation, operation) == 0)
                return route;
        }
    }
    fprintf(stderr, "sim: there is no operation %s\n", operation);
    abort();
}

static uint64_t hash_of(const struct call *call)
{
    uint64_t hash = str_hash(call->body);
    hash = hash * 31 + str_hash(str_from_cstr(call->operation));
    return hash * 31 + str_hash(call->path[0]);
}

static void put_query(struct request *req, const char *query)
{
    str rest = str_from_cstr(query);
    while (rest.len > 0) {
        str value;
        str name = str_split(str_split(rest, '&', &rest), '=', &value);
        ASSERT(req->query_count < REQUEST_QUERY_PARAMS);
        req->query[req->query_count++] =
            (struct query_param){.name = name, .value = value};
    }
}

/* What the server does before it queues: parse, decode. */
static err_t prepare(struct place *place, struct call *call)
{
    struct request *req = &call->req;
    struct ctx *ctx = &call->work.ctx;
    *req = (struct request){
        .ctx = ctx,
        .route = route_of(place, call->operation),
        .path_params = {call->path[0], call->path[1]},
        .body_bytes = call->body,
        .idem_key = call->key,
        .perms = ~0u, /* Whoever calls here may do everything. */
        .status = 200,
    };
    put_query(req, call->query);
    if (call->body.ptr)
        TRY(json_parse(ctx, call->body, &req->body));
    if (req->route->kind == ROUTE_HOT)
        TRY(req->route->decode(ctx, req));
    return OK;
}

static void make_work(struct place *place, struct call *call)
{
    struct work *work = &call->work;
    bool is_read = call->req.route->kind == ROUTE_READ;
    work->kind = call->req.route->kind == ROUTE_HOT ? &many_kind : &one_kind;
    work->lane = is_read ? LANE_READ : LANE_WRITE;
    work->arg = call;
    work->cmd = call->req.cmd;
    work->done = done_call;
    if (!is_read && place->tamper != TAMPER_KEY)
        work->idem_key = call->key;
    work->idem_body = hash_of(call);
    buf_init(&work->reply, work->ctx.arena, LIMIT_REPLY_BYTES);
}

static void submit(struct place *place, struct call *call, struct gate *gate)
{
    call->gate = gate;
    call->work = (struct work){
        .ctx = {.arena = call->ctx.arena, .now = call->now},
    };
    call->work.ctx.actor = (struct actor){ACTOR_KEY, 1};
    call->work.err = prepare(place, call);
    place->work_count++;
    if (call->work.err != OK)
        return;
    make_work(place, call);
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    pthread_mutex_unlock(&gate->lock);
    /* Once it is taken, its outcome is the store's to write. */
    err_t err = store_submit(place->store, &call->work);
    if (err != OK) {
        call->work.err = err;
        answered(gate);
    }
}

static void read_answer(struct call *call)
{
    struct work *work = &call->work;
    call->err = work->err;
    call->is_replay = work->is_replay;
    call->code = "";
    call->status = work->status ? work->status : 200;
    if (work->err != OK) {
        const struct err_detail *err = &work->ctx.err;
        call->code = err->slug ? err->slug : err_slug(work->err);
        call->status = err_http_status(work->err);
        memcpy(call->field, err->field, sizeof(call->field));
        return;
    }
    call->reply = buf_str(&work->reply);
    if (json_parse(&call->ctx, call->reply, &call->json) != OK) {
        fprintf(stderr, "sim: %s answered no JSON: %s: '%.*s' (%d%s)\n",
                call->operation, call->ctx.err.text, STR_ARG(call->reply),
                call->status, call->is_replay ? ", replayed" : "");
        abort();
    }
    json_allow_rest(call->json);
}

static void enter(struct place *place, struct gate *gate, struct work *work)
{
    *work = (struct work){
        .kind = &gate_kind,
        .lane = LANE_WRITE,
        .ctx = {.arena = arena_open()},
        .arg = gate,
        .done = done_gate,
    };
    buf_init(&work->reply, work->ctx.arena, 0);
    gate->waiting = 1;
    ASSERT(store_submit(place->store, work) == OK);
    pthread_mutex_lock(&gate->lock);
    while (!gate->is_entered)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->is_open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void run_calls(struct place *place, struct call *const *calls,
                      size_t count)
{
    struct gate gate;
    struct work holder = {.arg = NULL};
    gate_init(&gate);
    place_tick(place);
    if (count > 1)
        enter(place, &gate, &holder);
    for (size_t i = 0; i < count; i++)
        submit(place, calls[i], &gate);
    open_gate(&gate);
    wait_answers(&gate);
    gate_done(&gate);
    if (count > 1)
        arena_close(holder.ctx.arena);
    for (size_t i = 0; i < count; i++) {
        read_answer(calls[i]);
        place->hash = place->hash * 31 + hash_of(calls[i]);
        place->hash = place->hash * 31 + str_hash(calls[i]->reply) +
                      str_hash(str_from_cstr(calls[i]->code));
    }
}

/* Mutants: one call carried out as it should not be. */
static bool is_tampered(struct place *place, struct call *call)
{
    if (place->tamper == TAMPER_LOSE &&
        strcmp(call->operation, "cancelOrder") == 0) {
        struct call *read = call_open("getOrder");
        read->path[0] = call->path[0];
        run_calls(place, &read, 1);
        bool is_found = read->err == OK;
        if (is_found) {
            call->reply = str_copy(call->ctx.arena, read->reply);
            call->status = 200;
            call->code = "";
            ASSERT(json_parse(&call->ctx, call->reply, &call->json) == OK);
            json_allow_rest(call->json);
        }
        call_close(read);
        return is_found;
    }
    if (place->tamper == TAMPER_TWICE &&
        strcmp(call->operation, "adjustStock") == 0) {
        struct call *twin = call_open("adjustStock");
        twin->body = call->body;
        twin->now = call->now;
        run_calls(place, &twin, 1);
        call_close(twin);
    }
    return false;
}

/* Mutants: whose store the calls go to. */
static struct place *house_of(struct place *place, const struct call *call)
{
    enum { STRAY_EVERY = 20 };
    bool is_read = route_of(place, call->operation)->kind == ROUTE_READ;
    bool is_stray = place->tamper == (is_read ? TAMPER_PEEK : TAMPER_STRAY);
    if (!is_stray || ++place->stray_count % STRAY_EVERY != 0)
        return place;
    return place->other;
}

void place_calls(struct place *place, struct call *const *calls, size_t count)
{
    place = house_of(place, calls[0]);
    if (count == 1 && is_tampered(place, calls[0]))
        return;
    run_calls(place, calls, count);
    if (place->tamper == TAMPER_SHOW && count == 1 &&
        calls[0]->err == ERR_NOT_FOUND)
        run_calls(place->other, calls, count);
}

struct call *call_open(const char *operation)
{
    struct call *call = mem_new(sizeof(*call));
    call->operation = operation;
    call->code = "";
    call->ctx.arena = arena_open();
    return call;
}

void call_close(struct call *call)
{
    if (!call)
        return;
    arena_close(call->ctx.arena);
    mem_free(call);
}
