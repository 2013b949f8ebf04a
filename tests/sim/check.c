/* check.c - everything the house shows beside the model, and `verify`. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "app/verify.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "bill.h"
#include "draft.h"
#include "exchange.h"
#include "goods.h"
#include "oms/system/digest.h"
#include "pay.h"
#include "till.h"

enum { ORDERS_SEEN = 20 };

static struct call *read_page(struct sim *sim, const char *operation,
                              const char *query)
{
    struct call *call = call_open(operation);
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    return call;
}

static bool is_same(struct json_in *in, const struct m_level *level)
{
    return sim_i64(in, "on_hand") == level->on_hand &&
           sim_i64(in, "committed") == level->committed &&
           sim_i64(in, "reserved") == level->reserved &&
           sim_i64(in, "incoming") == level->incoming &&
           sim_i64(in, "damaged") == level->blocked[1] &&
           sim_i64(in, "quality_control") == level->blocked[2] &&
           sim_i64(in, "held") == level->blocked[3] &&
           sim_i64(in, "safety_stock") == level->safety &&
           json_has(in, "low_stock") == level->has_low &&
           (!level->has_low || sim_i64(in, "low_stock") == level->low);
}

/* All levels fit one page: the model has at most 144. A level the house does
 * not have must be empty in the model. */
static void check_levels(struct sim *sim)
{
    struct model *model = &sim->model;
    bool is_seen[M_SKUS][M_PLACES] = {{false}};
    struct json_list list;
    struct call *call = read_page(sim, "listLevels", "limit=250");
    if (sim_ended(sim, call, "") &&
        sim_expect(sim, json_get_list(call->json, "items", 0, 250, &list) == OK,
                   "listLevels: no items")) {
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in;
            str code = STR_NONE;
            bool is_read = json_list_object(&list, i, &in) == OK &&
                           json_get_str(in, "sku", 1, 64, &code) == OK;
            int sku = m_sku_of(model, code);
            int place =
                is_read ? m_place_of(model, sim_id(in, "location_id", "loc"))
                        : -1;
            if (!sim_expect(sim, sku >= 0 && place >= 0, "a stray level"))
                break;
            is_seen[sku][place] = true;
            sim_expect(sim, is_same(in, &model->levels[sku][place]),
                       "level %s at %s: on_hand must be %lld and is %lld, "
                       "committed %lld and is %lld",
                       model->skus[sku].code, model->places[place].code,
                       (long long)model->levels[sku][place].on_hand,
                       (long long)sim_i64(in, "on_hand"),
                       (long long)model->levels[sku][place].committed,
                       (long long)sim_i64(in, "committed"));
        }
    }
    for (int i = 0; i < model->sku_count; i++) {
        for (int j = 0; j < model->place_count; j++)
            sim_expect(sim, is_seen[i][j] || model->levels[i][j].on_hand == 0,
                       "level %s at %s is gone", model->skus[i].code,
                       model->places[j].code);
    }
    call_close(call);
}

static void check_order(struct sim *sim, struct m_order *order)
{
    check_gate(sim, order);
    if (!sim->is_wrong)
        check_payments(sim, order);
    if (!sim->is_wrong)
        check_refunds(sim, order);
    if (!sim->is_wrong)
        check_exchanges(sim, order);
    if (!sim->is_wrong)
        check_bills(sim, order);
}

/* The newest, and some others by chance. */
static void check_orders(struct sim *sim)
{
    const struct model *model = &sim->model;
    for (int i = 0; i < ORDERS_SEEN && model->order_count > 0; i++) {
        int64_t last = (int64_t)model->order_count - 1;
        int64_t at = i < ORDERS_SEEN / 2 && last >= i
                         ? last - i
                         : sim_between(sim, 0, last);
        check_order(sim, model->orders[at]);
    }
}

/* Each has a key nobody else has, so there are no more of them than keys. */
static void check_customers(struct sim *sim)
{
    struct json_list list = {0};
    struct call *call = read_page(sim, "listCustomers", "limit=250");
    if (sim_ended(sim, call, "") &&
        sim_expect(sim, json_get_list(call->json, "items", 0, 250, &list) == OK,
                   "listCustomers: no items"))
        sim_expect(sim, list.count <= SIM_EMAILS + SIM_PHONES,
                   "%zu customers for %d keys", list.count,
                   SIM_EMAILS + SIM_PHONES);
    sim_expect(sim, list.count > 0 || sim->model.order_count < 20,
               "%zu orders and no customer", sim->model.order_count);
    call_close(call);
}

void check_verify(struct sim *sim)
{
    struct arena *arena = arena_open();
    struct verify_report report = {.count = 0};
    if (sim->makes_digests) {
        utc_ms next = sim->hour_at + DIGEST_HOUR_MS;
        sim->hour_at = next > sim->now ? next : sim->now;
        place_digest(sim->place, sim->hour_at);
    }
    place_verify(sim->place, arena, &report);
    struct buf found;
    buf_init(&found, arena, LIMIT_REPLY_BYTES);
    for (size_t i = 0; i < report.count; i++) {
        const struct verify_outcome *outcome = &report.at[i];
        const struct verify_bad *bad = &outcome->shown[0];
        if (outcome->bad)
            buf_addf(&found, "%sverify: %s %s: %.*s: %.*s",
                     found.len ? "; " : "", outcome->invariant, outcome->title,
                     STR_ARG(bad->row), STR_ARG(bad->what));
    }
    str all = buf_str(&found);
    sim_expect(sim, all.len == 0, "%.*s", STR_ARG(all));
    sim_expect(sim, report.count > 0, "verify: there are no checks");
    arena_close(arena);
}

void check_look(struct sim *sim, const char *only)
{
    place_drain(sim->place);
    for (size_t i = 0; i < sim->model.order_count && !sim->is_wrong; i++)
        if (!*only || strcmp(sim->model.orders[i]->external, only) == 0)
            check_order(sim, sim->model.orders[i]);
    if (!sim->is_wrong)
        check_levels(sim);
}

void check_all(struct sim *sim)
{
    check_till(sim);
    step_wait(sim); /* Money may have come that lets things leave. */
    place_drain(sim->place);
    check_levels(sim);
    check_orders(sim);
    check_cards(sim);
    check_customers(sim);
    check_waiting(sim);
    if (!sim->is_wrong && sim_chance(sim, 25))
        check_numbers(sim);
    if (!sim->is_wrong)
        check_credit(sim);
    check_labels(sim);
    step_wait(sim);
    check_verify(sim);
    sim->checks++;
}
