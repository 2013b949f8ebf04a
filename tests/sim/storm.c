/* storm.c - many clients at once, several writers, a few hot SKUs.
 *
 * Nobody can say here which order gets the last unit. What must hold however
 * it went: each external id became one order; what an order was promised is
 * what it holds; each level's committed units are those its orders hold; no
 * reply is one that a client could not act on; verify is clean.
 */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

enum { ORDERS = 40, AGAIN = 8, CANCELS = 8, ADJUSTS = 6 };
enum { CALLS = ORDERS + AGAIN + CANCELS + ADJUSTS };

struct round {
    struct m_order orders[ORDERS + AGAIN];
    struct call *calls[CALLS];
    struct m_order *cancelled[CANCELS];
    size_t cancel_count, count;
};

static bool is_one_of(const char *code, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(code, *list) == 0)
            return true;
    }
    return false;
}

/* On a few SKUs, so that they meet. */
static void make_order(struct sim *sim, struct m_order *ret)
{
    order_make(sim, -1, ret);
    for (int i = 0; i < ret->line_count; i++) {
        if (ret->lines[i].sku > 2)
            ret->lines[i].sku %= 3;
    }
}

static void make_round(struct sim *sim, struct round *round)
{
    struct model *model = &sim->model;
    *round = (struct round){.count = 0};
    for (size_t i = 0; i < ORDERS + AGAIN; i++) {
        if (i < ORDERS) {
            make_order(sim, &round->orders[i]);
        } else { /* The same order with another key. */
            round->orders[i] = round->orders[sim_between(sim, 0, ORDERS - 1)];
            snprintf(round->orders[i].key, sizeof(round->orders[i].key),
                     "again-%lld", (long long)++model->key_count);
        }
        round->calls[round->count] = order_call(sim, &round->orders[i]);
        round->orders[i].body = round->calls[round->count++]->body;
    }
    for (size_t i = 0; i < CANCELS && model->order_count > 0; i++) {
        struct m_order *order =
            model->orders[sim_between(sim, 0, (int64_t)model->order_count - 1)];
        round->cancelled[round->cancel_count++] = order;
        round->calls[round->count++] = cancel_call(sim, order);
    }
    for (size_t i = 0; i < ADJUSTS; i++)
        round->calls[round->count++] = adjust_call(sim, -1);
}

/* Clients come in no order. */
static void shuffle(struct sim *sim, const struct round *round,
                    struct call *ret[CALLS])
{
    for (size_t i = 0; i < round->count; i++) {
        size_t to = (size_t)sim_between(sim, 0, (int64_t)i);
        ret[i] = ret[to];
        ret[to] = round->calls[i];
    }
}

static struct m_order *known(const struct model *model, const char *external)
{
    for (size_t i = model->order_count; i > 0; i--) {
        if (strcmp(model->orders[i - 1]->external, external) == 0)
            return model->orders[i - 1];
    }
    return NULL;
}

/* One external id, one order, told as new once. */
static void judge_order(struct sim *sim, const struct call *call,
                        const struct m_order *order)
{
    static const char *const codes[] = {
        "",
        "out_of_stock",
        "sku_unknown",
        "channel_unknown",
        "totals_mismatch",
        "location_no_pickup",
        "conflict",
        NULL,
    };
    if (!sim_expect(sim, is_one_of(call->code, codes), "%s ended with %s (%s)",
                    order->external, call->code, call->work.ctx.err.text) ||
        call->err != OK) {
        sim->refusals++;
        return;
    }
    int64_t id = sim_id(call->json, "id", "ord");
    struct m_order *old = known(&sim->model, order->external);
    if (!old) {
        struct m_order fresh = *order;
        fresh.id = id;
        fresh.version = 1;
        fresh.total = m_total(order);
        fresh.fee = call->status == 201; /* How often it was told as new. */
        m_keep(&sim->model, &fresh);
        sim->orders++;
        return;
    }
    old->fee += call->status == 201;
    sim_expect(sim, old->id == id && old->fee <= 1,
               "%s became two orders or was told as new %lld times",
               order->external, (long long)old->fee);
}

static void judge_round(struct sim *sim, const struct round *round)
{
    static const char *const cancel_codes[] = {"",
                                               "stale",
                                               "state",
                                               "quantity_too_large",
                                               "line_unknown",
                                               "line_twice",
                                               "nothing_open",
                                               "conflict",
                                               NULL};
    static const char *const adjust_codes[] = {"", "conflict", NULL};
    for (size_t i = 0; i < ORDERS + AGAIN; i++)
        judge_order(sim, round->calls[i], &round->orders[i]);
    for (size_t i = ORDERS + AGAIN; i < round->count; i++) {
        const struct call *call = round->calls[i];
        bool is_cancel = i < ORDERS + AGAIN + round->cancel_count;
        sim_expect(
            sim, is_one_of(call->code, is_cancel ? cancel_codes : adjust_codes),
            "%s ended with %s (%s)", call->operation, call->code,
            call->work.ctx.err.text);
        if (is_cancel && call->err == OK) {
            round->cancelled[i - ORDERS - AGAIN]->version =
                sim_i64(call->json, "version");
            sim->cancels++;
        }
    }
}

/* ---- at the end ---- */

static void add_line(struct sim *sim, struct json_in *in, int sku,
                     int64_t held[M_SKUS][M_PLACES])
{
    struct json_list list;
    int64_t sum = 0;
    if (json_get_list(in, "allocations", 0, 100, &list) != OK)
        return;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *row = NULL;
        if (json_list_object(&list, i, &row) != OK)
            return;
        int place = m_place_of(&sim->model, sim_id(row, "location", "loc"));
        if (place >= 0)
            held[sku][place] += sim_i64(row, "quantity");
        sum += sim_i64(row, "quantity");
    }
    sim_expect(sim,
               sum == sim_i64(in, "allocated") &&
                   sim_i64(in, "quantity") - sim_i64(in, "cancelled") ==
                       sim_i64(in, "allocated") + sim_i64(in, "backordered"),
               "a line's units do not add up");
}

static void add_order(struct sim *sim, const struct m_order *order,
                      int64_t held[M_SKUS][M_PLACES])
{
    struct json_list list;
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "") &&
        json_get_list(call->json, "lines", 1, M_LINES, &list) == OK) {
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *line = NULL;
            str code = STR_NONE;
            bool is_tracked = false;
            if (json_list_object(&list, i, &line) == OK &&
                json_get_str(line, "sku", 1, 64, &code) == OK &&
                json_opt_bool(line, "is_tracked", &is_tracked) == OK &&
                is_tracked)
                add_line(sim, line, m_sku_of(&sim->model, code), held);
        }
    }
    call_close(call);
}

static void check_held(struct sim *sim)
{
    const struct model *model = &sim->model;
    int64_t held[M_SKUS][M_PLACES] = {{0}};
    struct json_list list;
    for (size_t i = 0; i < model->order_count; i++)
        add_order(sim, model->orders[i], held);
    struct call *call = call_open("listLevels");
    call->query = "limit=250";
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "") &&
        json_get_list(call->json, "items", 0, 250, &list) == OK) {
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in = NULL;
            str code = STR_NONE;
            if (json_list_object(&list, i, &in) != OK ||
                json_get_str(in, "sku", 1, 64, &code) != OK)
                break;
            int sku = m_sku_of(model, code);
            int place = m_place_of(model, sim_id(in, "location_id", "loc"));
            if (sim_expect(sim, sku >= 0 && place >= 0, "a stray level"))
                sim_expect(sim, sim_i64(in, "committed") == held[sku][place],
                           "%s at %s: %lld units are committed, orders hold "
                           "%lld",
                           model->skus[sku].code, model->places[place].code,
                           (long long)sim_i64(in, "committed"),
                           (long long)held[sku][place]);
        }
    }
    call_close(call);
}

void storm_run(struct sim *sim, int rounds)
{
    struct arena *arena = arena_open();
    struct round *round = arena_new(arena, struct round);
    for (int i = 0; i < rounds && !sim->is_wrong; i++) {
        struct call *calls[CALLS];
        make_round(sim, round);
        shuffle(sim, round, calls);
        place_calls(sim->place, calls, round->count);
        sim->calls += (int64_t)round->count;
        judge_round(sim, round);
        for (size_t j = 0; j < round->count; j++)
            call_close(round->calls[j]);
    }
    if (!sim->is_wrong) {
        place_drain(sim->place);
        check_held(sim);
        check_verify(sim);
    }
    arena_close(arena);
}
