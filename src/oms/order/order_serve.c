/* order_serve.c - gives free units to the orders that wait for them.
 *
 * Queue by queue, in order of rank and age, each line by the same router and
 * the same rules of what its channel may sell as a new order; a batch of lines
 * is decided in memory on orders and levels locked in this order. What a line
 * cannot use goes to the next.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/catalog/catalog.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_store.h"
#include "oms/order/order_then.h"
#include "oms/order/order_wait.h"
#include "oms/routing/routing_capacity.h"
#include "store/event.h"

enum { SERVE_TURNS = 8, SERVE_LINES = 32 };

/* An order that may get something. */
struct served {
    struct order order, before;
    int64_t event_id;
    const struct routing_strategy *strategy;
    struct order_ask *ask;        /* Of any of its lines; NULL: not yet made. */
    struct order_allocation *got; /* In this turn, as it came. */
    size_t got_count, got_room;
};

/* A turn and the lines of its queue that are looked at. */
struct serving_turn {
    struct wait_turn *turn;
    struct wait_line *lines;
    size_t count;
    bool is_full; /* There may be more. */
};

struct serving {
    struct ctx *ctx;
    struct serving_turn *turns;
    size_t turn_count, line_count;
    struct served *orders; /* By id. */
    size_t order_count;
    struct map *by_id;
    struct stock *stock;
    struct routing_loads *loads;
    struct order_bar *bars; /* Places that do not send some of them. */
    size_t bar_count;
};

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* ---- what is needed to decide ---- */

/* Whether anything of the SKU may be given: units that are free, or a place
 * where units that take no stock may leave from. */
static err_t is_worth_walking(struct ctx *ctx, sku_id id, bool *ret)
{
    struct sku sku;
    TRY(wait_has_free(ctx, id, ret));
    if (*ret)
        return OK;
    TRY(sku_get(ctx, id, &sku));
    *ret = !sku.is_tracked;
    return OK;
}

static err_t read_turns(struct serving *s)
{
    struct ctx *ctx = s->ctx;
    struct wait_turn *turns;
    size_t count;
    TRY(wait_turn_list(ctx, WAIT_SERVE, SERVE_TURNS, &turns, &count));
    s->turns = arena_array(ctx->arena, struct serving_turn, count);
    for (size_t i = 0; i < count && s->line_count < SERVE_LINES; i++) {
        struct serving_turn *turn = &s->turns[s->turn_count];
        size_t most = SERVE_LINES - s->line_count;
        bool is_free;
        TRY(is_worth_walking(ctx, turns[i].sku, &is_free));
        turn->turn = &turns[i];
        s->turn_count++;
        if (!is_free)
            continue;
        TRY(wait_queue(ctx, turns[i].sku, &turns[i].from, most, &turn->lines,
                       &turn->count));
        turn->is_full = turn->count == most;
        s->line_count += turn->count;
    }
    return OK;
}

static int compare_ids(const void *a, const void *b)
{
    const order_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

/* In order of id, as everybody locks them. */
static err_t lock_orders(struct serving *s)
{
    struct ctx *ctx = s->ctx;
    order_id *ids = arena_array(ctx->arena, order_id, s->line_count);
    size_t n = 0;
    for (size_t i = 0; i < s->turn_count; i++)
        for (size_t j = 0; j < s->turns[i].count; j++)
            ids[n++] = s->turns[i].lines[j].key.order;
    if (n > 1)
        qsort(ids, n, sizeof *ids, compare_ids);
    s->orders = arena_array(ctx->arena, struct served, n);
    s->by_id = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && ids[i].v == ids[i - 1].v)
            continue;
        struct served *to = &s->orders[s->order_count++];
        TRY(order_lock(ctx, ids[i], &to->order));
        to->before = order_keep(ctx->arena, &to->order);
        map_set(s->by_id, id_key(ids[i].v), to);
    }
    return OK;
}

static err_t read_bars(struct serving *s)
{
    order_id *ids = arena_array(s->ctx->arena, order_id, s->order_count);
    for (size_t i = 0; i < s->order_count; i++)
        ids[i] = s->orders[i].order.id;
    return order_bar_list(s->ctx, ids, s->order_count, &s->bars, &s->bar_count);
}

/* Places that do not send the line. */
static size_t bars_of(const struct serving *s, order_id order, int64_t n,
                      location_id *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < s->bar_count; i++)
        if (s->bars[i].order.v == order.v && s->bars[i].n == n)
            ret[count++] = s->bars[i].location;
    return count;
}

static err_t read_strategies(struct serving *s)
{
    struct arena *arena = s->ctx->arena;
    struct routing_strategy *found;
    channel_id *ids = arena_array(arena, channel_id, s->order_count);
    struct map *by_channel = map_open(arena, s->order_count);
    size_t n = 0;
    for (size_t i = 0; i < s->order_count; i++) {
        struct map_key key = id_key(s->orders[i].order.channel.v);
        if (map_find(by_channel, key))
            continue;
        ids[n++] = s->orders[i].order.channel;
        map_set(by_channel, key, &ids[n - 1]);
    }
    TRY(routing_strategy_list(s->ctx, ids, n, &found));
    for (size_t i = 0; i < n; i++)
        map_set(by_channel, id_key(ids[i].v), &found[i]);
    TRY(routing_loads_read(s->ctx, &found[0], &s->loads));
    for (size_t i = 0; i < s->order_count; i++)
        s->orders[i].strategy =
            map_find(by_channel, id_key(s->orders[i].order.channel.v));
    return OK;
}

static struct order_line *line_of(const struct serving *s,
                                  const struct wait_line *wait,
                                  struct served **ret)
{
    *ret = map_find(s->by_id, id_key(wait->key.order.v));
    ASSERT(*ret);
    int64_t n = wait->key.n / WAIT_PART;
    ASSERT(n >= 1 && n <= (int64_t)(*ret)->order.line_count);
    return &(*ret)->order.lines[n - 1];
}

/* The levels of all that the lines take: of kits, of all components. */
static err_t lock_stock(struct serving *s)
{
    size_t room = 0, n = 0;
    struct served *of;
    for (size_t i = 0; i < s->turn_count; i++)
        for (size_t j = 0; j < s->turns[i].count; j++)
            room += 1 + line_of(s, &s->turns[i].lines[j], &of)->part_count;
    sku_id *skus = arena_array(s->ctx->arena, sku_id, room);
    for (size_t i = 0; i < s->turn_count; i++)
        for (size_t j = 0; j < s->turns[i].count; j++) {
            const struct order_line *line =
                line_of(s, &s->turns[i].lines[j], &of);
            if (line->part_count == 0)
                skus[n++] = line->sku;
            for (size_t k = 0; k < line->part_count; k++)
                skus[n++] = line->parts[k].sku;
        }
    TRY(stock_lock(s->ctx, skus, n, &s->stock));
    for (size_t i = 0; i < s->order_count; i++)
        TRY(routing_ages_read(s->ctx, s->orders[i].strategy, s->stock));
    return OK;
}

/* ---- deciding ---- */

static err_t ask(struct serving *s, struct served *of,
                 const struct order_line *line, struct routing_plan *ret)
{
    struct arena *arena = s->ctx->arena;
    struct routing_line *want = arena_new(arena, struct routing_line);
    struct routing_part *parts =
        arena_array(arena, struct routing_part, line->part_count);
    for (size_t i = 0; i < line->part_count; i++)
        parts[i] =
            (struct routing_part){line->parts[i].sku, line->parts[i].quantity};
    *want = (struct routing_line){.sku = line->sku,
                                  .qty = line->backordered,
                                  .is_tracked =
                                      line->is_tracked && line->part_count == 0,
                                  .parts = parts,
                                  .part_count = line->part_count};
    if (!of->ask) {
        of->ask = arena_new(arena, struct order_ask);
        TRY(order_route_ask(s->ctx, &of->order, of->strategy, of->ask));
    }
    TRY(order_route_ask_lines(s->ctx, of->strategy, want, 1));
    location_id *barred = arena_array(arena, location_id, s->bar_count);
    struct routing_request request = of->ask->request;
    request.lines = want;
    request.line_count = 1;
    request.stock = s->stock;
    request.loads = s->loads;
    request.excluded = barred;
    request.excluded_count = bars_of(s, of->order.id, line->n, barred);
    location_id nowhere = {0}, at = of->ask->at;
    if (of->ask->is_pinned)
        routing_pin_all(arena, routing_is_excluded(&request, at) ? nowhere : at,
                        &request);
    routing_decide(arena, &request, ret);
    return OK;
}

static void note_got(struct serving *s, struct served *of,
                     struct order_allocation got)
{
    if (of->got_count == of->got_room) {
        size_t room = of->got_room ? of->got_room * 2 : 8;
        struct order_allocation *more =
            arena_array(s->ctx->arena, struct order_allocation, room);
        if (of->got_count > 0)
            memcpy(more, of->got, of->got_count * sizeof *more);
        of->got = more;
        of->got_room = room;
    }
    of->got[of->got_count++] = got;
}

/* An untracked line takes no stock: it stands where its order says. */
static err_t take(struct serving *s, struct served *of, struct order_line *line,
                  const struct routing_allocation *from)
{
    struct ctx *ctx = s->ctx;
    struct stock_owner owner = {OWNER_ORDER_LINE, of->order.id.v, line->n,
                                of->event_id};
    if (from->level)
        stock_commit(ctx, s->stock, from->level, from->qty, &owner);
    for (size_t i = 0; i < line->part_count; i++)
        stock_commit(ctx, s->stock, from->parts[i],
                     from->qty * line->parts[i].quantity, &owner);
    if (!line->is_tracked)
        line->untracked_at = from->location;
    note_got(s, of,
             (struct order_allocation){line->n, from->location, from->qty});
    return order_fulfil(ctx, &of->order, ORDER_SERVE, line->n, from->qty);
}

/* A kit stands in the queues of several components: it is asked for once in
 * each, and what it got the first time it does not get again. */
static err_t serve_line(struct serving *s, const struct wait_line *wait)
{
    struct served *of;
    struct routing_plan plan;
    struct order_line *line = line_of(s, wait, &of);
    if (of->order.status != ORDER_CONFIRMED || line->backordered == 0)
        return OK;
    TRY(ask(s, of, line, &plan));
    if (plan.count > 0 && plan.at[0].location.v == 0)
        return OK; /* It takes no stock, and no place may send it. */
    routing_loads_take_plan(s->ctx, s->loads, of->order.id, &plan);
    if (plan.count > 0 && of->event_id == 0)
        of->event_id = event_id(s->ctx, of->order.id.v);
    for (size_t i = 0; i < plan.count; i++)
        TRY(take(s, of, line, &plan.at[i]));
    return OK;
}

/* ---- writing ---- */

static void write_got(struct json_out *out, const void *arg)
{
    const struct served *of = arg;
    int64_t waiting = 0;
    for (size_t i = 0; i < of->order.line_count; i++)
        waiting += of->order.lines[i].backordered;
    json_put_str(out, "number", of->order.number);
    json_put_i64(out, "waiting", waiting);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < of->got_count; i++) {
        const struct order_allocation *got = &of->got[i];
        json_begin(out, NULL);
        json_put_i64(out, "n", got->n);
        json_put_str(out, "sku", of->order.lines[got->n - 1].sku_code);
        json_put_i64(out, "quantity", got->qty);
        json_put_id(out, "location", "loc", got->location.v);
        json_end_object(out);
    }
    json_end_list(out);
}

/* The queues follow at once, or they would be pegged as they were. */
static err_t save_orders(struct serving *s)
{
    order_id *ids = arena_array(s->ctx->arena, order_id, s->order_count);
    size_t n = 0;
    for (size_t i = 0; i < s->order_count; i++) {
        struct served *of = &s->orders[i];
        struct order_note note = {.type = "order.allocated",
                                  .event_id = of->event_id,
                                  .write = write_got,
                                  .arg = of};
        if (of->got_count == 0)
            continue;
        TRY(order_note(s->ctx, &of->before, &of->order, &note));
        ids[n++] = of->order.id;
    }
    return order_backorder_follow(s->ctx, ids, n);
}

static err_t end_turns(struct serving *s)
{
    for (size_t i = 0; i < s->turn_count; i++) {
        const struct serving_turn *turn = &s->turns[i];
        struct wait_key next = {0};
        if (turn->is_full && turn->count > 0) {
            next = turn->lines[turn->count - 1].key;
            next.n += 1;
        }
        TRY(wait_turn_done(s->ctx, turn->turn, turn->is_full ? &next : NULL));
    }
    return OK;
}

err_t order_serve_turn(struct ctx *ctx, bool *ret_is_more)
{
    ASSERT(ctx->tx && ctx->ids);
    struct serving s = {.ctx = ctx};
    TRY(read_turns(&s));
    if (s.line_count > 0) {
        TRY(lock_orders(&s));
        TRY(read_strategies(&s));
        TRY(read_bars(&s));
        TRY(lock_stock(&s));
        for (size_t i = 0; i < s.turn_count; i++)
            for (size_t j = 0; j < s.turns[i].count; j++)
                TRY(serve_line(&s, &s.turns[i].lines[j]));
        TRY(stock_save(ctx, s.stock));
        TRY(save_orders(&s));
    }
    TRY(end_turns(&s));
    struct wait_turn *left;
    size_t count;
    TRY(wait_turn_list(ctx, WAIT_SERVE, 1, &left, &count));
    *ret_is_more |= count > 0;
    return OK;
}
