/* demo.c - the command `wharf demo`: a small merchant to play with.
 *
 * A store that has the first demo channel is left alone. In a store without
 * any events two months go by hour by hour up to now; in any other, where the
 * log may not go back, all of it happens at once.
 */
#include "app/demo.h"

#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/outbound_options.h"
#include "app/room_call.h"
#include "app/rooms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/channel/channel.h"
#include "oms/room.h"
#include "store/event.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, STEP_EVENTS = 500 };

err_t demo_run(struct demo *demo, store_call_fn *fn, void *arg)
{
    struct cli *cli = demo->cli;
    if (cli->is_stopped && atomic_load(cli->is_stopped))
        return fail_as(&cli->ctx, ERR_BUSY, "stopped", "",
                       "stopped before the end");
    cli->ctx.now = demo->now;
    cli->ctx.actor = demo->self;
    struct arena_mark mark = arena_mark(cli->arena);
    TRY(store_call(&cli->ctx, demo->store, LANE_WRITE, "demo", fn, arg));
    arena_reset_to(cli->arena, mark);
    return OK;
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

static err_t count_behind(struct ctx *ctx, void *arg)
{
    size_t *ret = arg, count;
    *ret = 0;
    for (size_t i = 0; rooms[i]; i++) {
        const struct event_list *list = rooms[i]->events;
        for (size_t j = 0; list && j < list->count; j++) {
            TRY(event_lag(ctx, list->at[j].name, 1, &count));
            *ret += count;
        }
    }
    return OK;
}

/* On PostgreSQL a transaction does not read its own events, nor those behind
 * the oldest transaction of the server, whoever runs it. */
static err_t drain(struct demo *demo)
{
    enum { PAUSE_US = 5000, PAUSES_MOST = 12000 };
    size_t handled, behind = 1;
    for (int pauses = 0; pauses < PAUSES_MOST && behind > 0;) {
        TRY(demo_run(demo, follow, &handled));
        if (handled > 0)
            continue;
        TRY(demo_run(demo, count_behind, &behind));
        if (behind > 0 && pauses++ < PAUSES_MOST)
            usleep(PAUSE_US);
    }
    return OK;
}

struct walking {
    const struct demo *demo;
    int hour;
    struct demo_tale tales[DEMO_TALES];
};

/* From the start again after a conflict, so what it changes is its own. */
static err_t walk(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    memcpy(w->tales, w->demo->tales, sizeof w->tales);
    for (int n = 0; n < DEMO_TALES; n++) {
        if (!demo_is_due(n, w->hour, &w->tales[n]))
            continue;
        ctx->actor = w->demo->people[0];
        TRY(demo_do(ctx, w->demo, w->hour, &w->tales[n]));
        ctx->actor = w->demo->people[1];
        TRY(demo_walk(ctx, w->demo, n, w->hour, &w->tales[n]));
    }
    return OK;
}

static err_t walk_all(struct demo *demo, struct walking *w, int hour)
{
    w->demo = demo;
    w->hour = hour;
    TRY(demo_run(demo, walk, w));
    memcpy(demo->tales, w->tales, sizeof demo->tales);
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

static utc_ms time_of(const struct demo *demo, int hour, int minute)
{
    if (!demo->has_past)
        return demo->now;
    return demo->begun_at + (utc_ms)hour * HOUR_MS + (utc_ms)minute * MINUTE_MS;
}

/* Those of one hour share it out among them; the last ones come on the dot. */
static int minute_of(const struct demo *demo, int n)
{
    int before = 0, all = 1;
    if (n >= DEMO_OLD)
        return 0;
    while (before < n &&
           demo->tales[n - before - 1].hour == demo->tales[n].hour)
        before++;
    while (demo->tales[n + all].hour == demo->tales[n].hour)
        all++;
    return (before + 1) * 60 / (before + all + 1);
}

static err_t place_until(struct demo *demo, int hour)
{
    while (demo->placed < DEMO_ORDERS) {
        int n = demo->placed, at = demo->tales[n].hour;
        if (at + (n < DEMO_OLD) > hour)
            break;
        demo->now = time_of(demo, at, minute_of(demo, n));
        TRY(demo_place_order(demo, n));
    }
    return OK;
}

/* Long ago it is enough to look now and then. */
static bool is_looked_at(int hour)
{
    return hour % 3 == 0 || hour > DEMO_HOURS - 66;
}

static err_t live(struct demo *demo)
{
    struct walking *w = arena_new(demo->cli->arena, struct walking);
    for (int hour = 0; hour <= DEMO_HOURS; hour++) {
        if (!is_looked_at(hour))
            continue;
        TRY(place_until(demo, hour));
        demo->now = time_of(demo, hour, 0);
        TRY(walk_all(demo, w, hour));
        TRY(drain(demo));
    }
    return OK;
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
    TRY(demo_run(demo, demo_make_people, demo));
    demo_plan_orders(demo);
    demo_plan_office(demo);
    return live(demo);
}

/* The key file that `serve` will use; where none is named, codes and signing
 * secrets are left out. */
static err_t open_secrets(struct cli *cli, struct secret_ring **ret)
{
    struct store_config store;
    const char *path;
    *ret = NULL;
    if (cli->host)
        return OK;
    TRY(cli_store_config(cli, &store));
    path = key_file_path(cli, &store);
    if (path)
        TRY(secret_ring_open(&cli->ctx, path, ret));
    cli->secrets = *ret;
    return OK;
}

static int run(struct cli *cli)
{
    utc_ms now = clock_now();
    struct demo *demo = arena_new(cli->arena, struct demo);
    *demo = (struct demo){.cli = cli,
                          .self = cli->ctx.actor,
                          .now = now,
                          .begun_at = now - (utc_ms)DEMO_HOURS * HOUR_MS};
    struct secret_ring *secrets;
    err_t err = open_secrets(cli, &secrets);
    if (err == OK)
        err = cli_store_open(cli, &demo->store);
    if (err == OK)
        err = fill(demo);
    cli_store_close(cli, demo->store);
    secret_ring_close(secrets);
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

/* clang-format off */
static const struct cli_option options[] = {
    {"key-file", "FILE",
     "seals secrets; default: the store's path with .key; for postgres the "
     "environment's WHARF_KEY_FILE, and without one there are no webhooks", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_demo = {
    .name = "demo",
    .line = "fill an empty store with demo data",
    .usage = "[options]",
    .about =
        "Adds channels, locations, SKUs with stock, boxes, a carrier of our "
        "own with its rates, suppliers, companies, and two months of orders: "
        "most have arrived, some came back, the last ones are being picked, "
        "packed and shipped, and a few went wrong. A store that already has "
        "them is left as it is.",
    .examples = "wharf demo --store sqlite:demo.db",
    .options = options,
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
