/* feed.c - orders into the pipeline, as the HTTP front gives them. */
#define WHARF_UNBANNED
#include "bench_store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "app/rooms.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/consumers.h"
#include "load/load.h"
#include "net/route.h"
#include "oms/order/order.h"
#include "oms/room.h"

enum { ID_EVERY = 97, LISTS_MAX = 32 };

/* One order on its way, reused. */
struct slot {
    struct slot *next;
    struct order_feed *feed;
    struct arena *arena;
    struct work work;
    struct request req;
    struct json_out out;
    struct ctx ctx;
    int64_t n;
    char text[REQUEST_BYTES];
};

struct order_feed {
    const struct bench *bench;
    struct store *store;
    struct consumers *consumers;
    const struct event_list *lists[LISTS_MAX];
    const struct route *route;
    struct options options;
    struct maker *maker;
    size_t head_len; /* Of the HTTP request: the body comes after. */
    struct slot *slots;
    size_t slot_count;
    pthread_mutex_t lock;
    pthread_cond_t has_free;
    struct slot *free;
    size_t free_count;
    int64_t refused;
    FILE *ids;
};

/* ---- on the writer's thread ---- */

static err_t run_many(struct ctx *batch, struct work **work, size_t n)
{
    struct request **reqs = arena_array(batch->arena, struct request *, n);
    err_t *results = arena_array(batch->arena, err_t, n);
    for (size_t i = 0; i < n; i++) {
        struct slot *slot = work[i]->arg;
        slot->req.ctx = &work[i]->ctx;
        slot->req.status = 200;
        json_in_rebind(slot->req.body, &work[i]->ctx);
        json_out_init(&slot->out, &work[i]->reply);
        slot->req.reply = &slot->out;
        reqs[i] = &slot->req;
    }
    TRY(reqs[0]->route->run_many(batch, reqs, results, n));
    for (size_t i = 0; i < n; i++) {
        work[i]->err = results[i];
        work[i]->status = reqs[i]->status;
    }
    return OK;
}

static const struct work_kind place_kind = {.name = "bench_place",
                                            .run_many = run_many};

static void keep_id(struct order_feed *feed, const struct slot *slot)
{
    static const char mark[] = "\"id\":\"";
    str reply = buf_str(&slot->work.reply);
    const char *at = memmem(reply.ptr, reply.len, mark, sizeof(mark) - 1);
    if (at)
        fprintf(feed->ids, "%.17s\n", at + sizeof(mark) - 1);
}

static void done(struct work *work)
{
    struct slot *slot = work->arg;
    struct order_feed *feed = slot->feed;
    pthread_mutex_lock(&feed->lock);
    if (work->err != OK) {
        if (feed->refused++ == 0)
            fprintf(stderr, "order %lld: %s %s\n", (long long)slot->n,
                    work->ctx.err.field, work->ctx.err.text);
    } else if (feed->ids && slot->n % ID_EVERY == 0) {
        keep_id(feed, slot);
    }
    slot->next = feed->free;
    feed->free = slot;
    feed->free_count++;
    if (feed->free_count == 1 || feed->free_count == feed->slot_count)
        pthread_cond_signal(&feed->has_free);
    pthread_mutex_unlock(&feed->lock);
}

/* ---- on the caller's thread ---- */

static const struct route *hot_route(void)
{
    const struct route_list *list = order_room.routes;
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].kind == ROUTE_HOT)
            return &list->at[i];
    UNREACHABLE("the order room places no orders");
}

static struct options make_options(const struct bench *bench)
{
    return (struct options){.mode = MODE_INTAKE,
                            .host = "localhost",
                            .port = 1,
                            .key = "none",
                            .connections = 1,
                            .first = bench->first,
                            .is_random = bench->is_random,
                            .skus = bench->skus,
                            .channel = bench->channel,
                            .query = ""};
}

struct order_feed *feed_open(const struct bench *bench, struct store *store)
{
    struct order_feed *feed = mem_new(sizeof(*feed));
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    size_t lists = 0;
    feed->bench = bench;
    feed->store = store;
    feed->route = hot_route();
    feed->options = make_options(bench);
    feed->maker = maker_open(&feed->options);
    for (size_t i = 0; rooms[i]; i++)
        if (rooms[i]->events)
            feed->lists[lists++] = rooms[i]->events;
    ASSERT(lists < LISTS_MAX);
    if (consumers_open(&ctx, store, feed->lists, &feed->consumers) != OK)
        fprintf(stderr, "consumers: %s\n", ctx.err.text);
    arena_close(ctx.arena);
    pthread_mutex_init(&feed->lock, NULL);
    pthread_cond_init(&feed->has_free, NULL);
    feed->slot_count = (size_t)bench->batch * 4;
    feed->slots = mem_new(feed->slot_count * sizeof(*feed->slots));
    for (size_t i = 0; i < feed->slot_count; i++) {
        struct slot *slot = &feed->slots[i];
        slot->feed = feed;
        slot->arena = arena_open();
        slot->next = feed->free;
        feed->free = slot;
    }
    feed->free_count = feed->slot_count;
    if (bench->ids)
        feed->ids = fopen(bench->ids, "a");
    return feed;
}

static struct slot *slot_take(struct order_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    while (feed->free == NULL)
        pthread_cond_wait(&feed->has_free, &feed->lock);
    struct slot *slot = feed->free;
    feed->free = slot->next;
    feed->free_count--;
    pthread_mutex_unlock(&feed->lock);
    return slot;
}

static err_t submit(struct order_feed *feed, struct slot *slot)
{
    struct request *req = &slot->req;
    struct work *work = &slot->work;
    size_t len = maker_order(feed->maker, slot->n, slot->text);
    char *gap = memmem(slot->text, len, "\r\n\r\n", 4);
    ASSERT(gap != NULL);
    str body = {gap + 4, len - (size_t)(gap + 4 - slot->text)};
    slot->ctx = (struct ctx){
        .arena = slot->arena, .now = clock_now(), .actor = {.kind = ACTOR_CLI}};
    *req = (struct request){
        .ctx = &slot->ctx, .route = feed->route, .body_bytes = body};
    req->idem_key =
        str_printf(slot->arena, "first-%016lld", (long long)slot->n);
    TRY(json_parse(&slot->ctx, body, &req->body));
    TRY(feed->route->decode(&slot->ctx, req));
    *work = (struct work){.kind = &place_kind,
                          .lane = LANE_WRITE,
                          .ctx = slot->ctx,
                          .arg = slot,
                          .cmd = req->cmd,
                          .done = done};
    if (feed->bench->has_keys) {
        work->idem_key = req->idem_key;
        work->idem_body = str_hash(body);
    }
    buf_init(&work->reply, slot->arena, LIMIT_REPLY_BYTES);
    return store_submit(feed->store, work);
}

static void wait_all(struct order_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    while (feed->free_count < feed->slot_count)
        pthread_cond_wait(&feed->has_free, &feed->lock);
    pthread_mutex_unlock(&feed->lock);
}

bool feed_run(struct order_feed *feed)
{
    const struct bench *bench = feed->bench;
    int64_t began_ns = clock_mono_ns();
    for (int64_t i = 0; i < bench->count; i++) {
        struct slot *slot = slot_take(feed);
        slot->req.body = NULL;
        arena_reset(slot->arena);
        slot->n = bench->first + i;
        if (submit(feed, slot) != OK) {
            fprintf(stderr, "order %lld: %s %s\n", (long long)slot->n,
                    slot->ctx.err.field, slot->ctx.err.text);
            return false;
        }
        if ((i + 1) % 500000 == 0)
            fprintf(stderr, "%lld orders, %.0f/s\n", (long long)(i + 1),
                    (double)(i + 1) * 1e9 /
                        (double)(clock_mono_ns() - began_ns));
    }
    wait_all(feed);
    return consumers_drain(feed->consumers) && feed->refused == 0;
}

void feed_close(struct order_feed *feed)
{
    wait_all(feed);
    consumers_close(feed->consumers);
    for (size_t i = 0; i < feed->slot_count; i++) {
        arena_close(feed->slots[i].arena);
    }
    if (feed->ids)
        fclose(feed->ids);
    mem_free(feed->slots);
    mem_free(feed->maker);
    mem_free(feed);
}
