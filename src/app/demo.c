/* demo.c - the command `wharf demo`: a small merchant to play with.
 *
 * A store that has the first demo channel is left alone. In a store without
 * any events two months go by hour by hour up to now; in any other, where the
 * log may not go back, all of it happens at once.
 */
#include "app/demo.h"

#include <string.h>

#include "app/commands.h"
#include "app/room_call.h"
#include "app/rooms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/channel/channel.h"
#include "oms/room.h"
#include "store/event.h"

enum { HOUR_MS = 60 * 60 * 1000, STEP_EVENTS = 500 };

err_t demo_run(struct demo *demo, store_call_fn *fn, void *arg)
{
    struct cli *cli = demo->cli;
    if (cli->is_stopped && atomic_load(cli->is_stopped))
        return fail_as(&cli->ctx, ERR_BUSY, "stopped", "",
                       "stopped before the end");
    cli->ctx.now = demo->now;
    return store_call(&cli->ctx, demo->store, LANE_WRITE, "demo", fn, arg);
}

err_t demo_call(struct ctx *ctx, const char *operation, const char *id,
                str body, struct json_in **ret)
{
    struct buf reply;
    struct room_call call = {
        .operation = operation, .id = id, .body = body, .reply = &reply};
    buf_init(&reply, ctx->arena, LIMIT_REPLY_BYTES);
    TRY(room_call(ctx, &call));
    TRY(json_parse(ctx, buf_str(&reply), ret));
    json_allow_rest(*ret);
    return OK;
}

/* Steps of every consumer, until none sees more in this transaction. */
static err_t follow(struct ctx *ctx, void *arg)
{
    size_t *handled = arg, before, count;
    *handled = 0;
    do {
        before = *handled;
        for (size_t i = 0; rooms[i]; i++) {
            const struct event_list *list = rooms[i]->events;
            for (size_t j = 0; list && j < list->count; j++) {
                TRY(event_step(ctx, &list->at[j], STEP_EVENTS, &count));
                *handled += count;
            }
        }
    } while (*handled > before);
    return OK;
}

/* On PostgreSQL a transaction does not read its own events. */
static err_t drain(struct demo *demo)
{
    size_t handled = 1;
    while (handled > 0)
        TRY(demo_run(demo, follow, &handled));
    return OK;
}

struct walking {
    const struct demo *demo;
    int hour;
    struct demo_order orders[DEMO_ORDERS];
};

/* From the start again after a conflict, so what it changes is its own. */
static err_t walk(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    memcpy(w->orders, w->demo->orders, sizeof w->orders);
    for (int n = 0; n < w->demo->placed; n++)
        TRY(demo_walk(ctx, w->demo, n, w->hour, &w->orders[n]));
    return OK;
}

static err_t walk_all(struct demo *demo, int hour)
{
    struct walking *w = arena_new(demo->cli->arena, struct walking);
    w->demo = demo;
    w->hour = hour;
    TRY(demo_run(demo, walk, w));
    memcpy(demo->orders, w->orders, sizeof demo->orders);
    return OK;
}

static err_t look(struct ctx *ctx, void *arg)
{
    struct demo *demo = arg;
    struct channel first;
    struct event *events;
    size_t count;
    TRY(event_list_after(ctx, (struct event_cursor){0, 0}, 1, &events, &count));
    demo->has_past = count == 0;
    return channel_find(ctx, STR("web-de"), &first, &demo->is_there);
}

static err_t fill(struct demo *demo)
{
    TRY(demo_run(demo, look, demo));
    if (demo->is_there)
        return OK;
    if (demo->has_past)
        demo->now = demo->begun_at;
    TRY(demo_run(demo, demo_make_base, demo));
    TRY(demo_run(demo, demo_make_setup, demo));
    for (int hour = 0; hour <= DEMO_HOURS; hour++) {
        if (demo->has_past)
            demo->now = demo->begun_at + (utc_ms)hour * HOUR_MS;
        /* Long ago it is enough to look now and then. */
        if (hour % 17 == 0 || hour > DEMO_HOURS - 60)
            TRY(walk_all(demo, hour));
        if (demo->placed == DEMO_ORDERS || demo_order_hour(demo->placed) > hour)
            continue;
        TRY(demo_place_order(demo, demo->placed));
        TRY(drain(demo));
    }
    return drain(demo);
}

static int run(struct cli *cli)
{
    utc_ms now = clock_now();
    struct demo *demo = arena_new(cli->arena, struct demo);
    *demo = (struct demo){
        .cli = cli, .now = now, .begun_at = now - (utc_ms)DEMO_HOURS * HOUR_MS};
    err_t err = cli_store_open(cli, &demo->store);
    if (err == OK)
        err = fill(demo);
    cli_store_close(cli, demo->store);
    if (err != OK)
        return cli_failed(cli);
    if (demo->is_there)
        fputs("demo data are there already\n", cli->out);
    else
        fprintf(cli->out,
                "demo data: %d channels, %d locations, %d SKUs, %d orders\n",
                DEMO_CHANNELS, DEMO_PLACES, DEMO_SKUS, demo->placed);
    return EXIT_FINE;
}

const struct cli_command cmd_demo = {
    .name = "demo",
    .line = "fill an empty store with demo data",
    .usage = "[options]",
    .about =
        "Adds channels, locations, SKUs with stock, boxes, a carrier of our "
        "own with its rates, and two months of orders: most have arrived, "
        "the last ones are being picked, packed and shipped, and a few went "
        "wrong. A store that already has them is left as it is.",
    .examples = "wharf demo --store sqlite:demo.db",
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
