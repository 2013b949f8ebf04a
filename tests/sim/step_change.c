/* step_change.c - cancellations, whole and in part, right and wrong. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "model_pay.h"

struct cut {
    int64_t n, qty;
};
struct plan {
    struct cut cuts[M_LINES + 1];
    int count; /* 0: everything. */
    int64_t version;
};

static void pick_cuts(struct sim *sim, const struct m_order *order,
                      struct plan *plan)
{
    if (sim_chance(sim, 35))
        return;
    for (int i = 0; i < order->line_count; i++) {
        int64_t open = m_open(&order->lines[i]);
        if (open > 0 && sim_chance(sim, 50))
            plan->cuts[plan->count++] =
                (struct cut){i + 1, sim_between(sim, 1, open)};
    }
    if (plan->count == 0)
        plan->cuts[plan->count++] = (struct cut){1, 1};
    int last = plan->count - 1;
    if (sim_chance(sim, 5)) /* A line that is not there. */
        plan->cuts[last].n = order->line_count + 1;
    else if (sim_chance(sim, 5)) /* More than there is. */
        plan->cuts[last].qty += 1000;
    else if (sim_chance(sim, 5)) { /* A line named twice. */
        plan->cuts[plan->count] = plan->cuts[last];
        plan->count++;
    }
}

struct call *cancel_call(struct sim *sim, struct m_order *order)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "cancelOrder", &out);
    struct plan *plan = arena_new(call->ctx.arena, struct plan);
    plan->version = order->version;
    if (sim_chance(sim, 10))
        plan->version += sim_chance(sim, 50) || order->version == 1 ? 1 : -1;
    pick_cuts(sim, order, plan);
    sim_path(call, 0, "ord", order->id);
    json_put_i64(&out, "version", plan->version);
    json_put_cstr(&out, "reason", "changed their mind");
    if (plan->count > 0) {
        json_begin_list(&out, "lines");
        for (int i = 0; i < plan->count; i++) {
            json_begin(&out, NULL);
            json_put_i64(&out, "n", plan->cuts[i].n);
            json_put_i64(&out, "quantity", plan->cuts[i].qty);
            json_end_object(&out);
        }
        json_end_list(&out);
    }
    sim_body(call, &out);
    call->plan = plan;
    return call;
}

static const char *judge_cuts(const struct m_order *order,
                              const struct plan *plan)
{
    for (int i = 0; i < plan->count; i++) {
        const struct cut *cut = &plan->cuts[i];
        if (cut->n > order->line_count)
            return "line_unknown";
        for (int j = 0; j < i; j++) {
            if (plan->cuts[j].n == cut->n)
                return "line_twice";
        }
        if (cut->qty > m_open(&order->lines[cut->n - 1]))
            return "quantity_too_large";
    }
    return "";
}

static const char *judge_plan(const struct m_order *order,
                              const struct plan *plan)
{
    if (plan->version != order->version)
        return "stale";
    if (order->is_cancelled || order->is_completed)
        return "state";
    for (int i = 0; i < order->line_count; i++)
        if (plan->count > 0 || m_open(&order->lines[i]) > 0)
            return judge_cuts(order, plan);
    return "nothing_open";
}

/* Units that somebody walks with cannot be cancelled. Whether those of a line
 * were wanted depends on which of its units go. */
static bool is_in_hand(const struct m_order *order, const struct plan *plan)
{
    bool is = false;
    for (int i = 0; i < order->line_count; i++)
        is |= plan->count == 0 && order->lines[i].in_hand > 0;
    for (int i = 0; i < plan->count; i++)
        is |= plan->cuts[i].n <= order->line_count &&
              order->lines[plan->cuts[i].n - 1].in_hand > 0;
    return is;
}

/* Units of who was asked to send them are not cancelled here. */
static bool is_elsewhere(const struct m_order *order, const struct plan *plan)
{
    bool is = false;
    for (int i = 0; i < order->line_count; i++)
        is |= plan->count == 0 && order->lines[i].elsewhere > 0;
    for (int i = 0; i < plan->count; i++) {
        const struct m_line *line = &order->lines[plan->cuts[i].n - 1];
        is |= plan->cuts[i].qty > m_open(line) - line->elsewhere;
    }
    return is;
}

/* Units of nobody go first, then those that wait; where the others were, the
 * house says. */
static void cut_line(struct sim *sim, struct json_in *in, struct m_order *order,
                     int at, int64_t qty)
{
    struct m_line *line = &order->lines[at];
    int64_t now[M_PLACES] = {0};
    int64_t idle = qty < line->unallocated ? qty : line->unallocated;
    m_take_off(order, line, qty);
    line->cancelled += qty;
    line->unallocated -= idle;
    qty -= idle;
    int64_t waiting = qty < line->backordered ? qty : line->backordered;
    line->backordered -= waiting;
    qty -= waiting;
    line->allocated -= qty;
    if (!line->takes_stock || qty == 0 || !order_places(sim, in, at, now))
        return;
    for (int i = 0; i < M_PLACES; i++) {
        int64_t freed = m_held_at(line, i) - now[i];
        if (freed > 0)
            m_free(&sim->model, line, i, freed);
        qty -= freed;
        sim_expect(sim, freed >= 0,
                   "%s line %d: a cancellation allocated units",
                   order->external, at + 1);
    }
    sim_expect(sim, qty == 0, "%s line %d: %lld units were not freed",
               order->external, at + 1, (long long)qty);
}

static void apply(struct sim *sim, struct json_in *in, struct m_order *order,
                  const struct plan *plan)
{
    for (int i = 0; i < plan->count; i++)
        cut_line(sim, in, order, (int)plan->cuts[i].n - 1, plan->cuts[i].qty);
    for (int i = 0; i < order->line_count; i++) {
        int64_t open = m_open(&order->lines[i]);
        if (plan->count == 0 && open > 0)
            cut_line(sim, in, order, i, open);
    }
    order->version++;
    order_settle(order);
}

void cancel_judge(struct sim *sim, struct call *call, struct m_order *order)
{
    const struct plan *plan = call->plan;
    const char *code = judge_plan(order, plan);
    if (code[0] == '\0' && is_elsewhere(order, plan))
        code = "units_in_work";
    if (code[0] == '\0' && is_in_hand(order, plan) &&
        strcmp(call->code, "units_in_work") == 0)
        return;
    if (!sim_ended(sim, call, code) || code[0] != '\0')
        return;
    apply(sim, call->json, order, plan);
    order_compare(sim, call->json, order);
    sim->cancels++;
}

void step_cancel(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->order_count == 0)
        return;
    /* Mostly the newest, which are still open. */
    int64_t last = (int64_t)model->order_count - 1;
    int64_t least = sim_chance(sim, 70) && last > 50 ? last - 50 : 0;
    struct m_order *order = model->orders[sim_between(sim, least, last)];
    struct call *call = cancel_call(sim, order);
    sim_call(sim, call);
    cancel_judge(sim, call, order);
    call_close(call);
}

/* ---- what must never get in ---- */

void step_invalid(struct sim *sim)
{
    static const struct {
        const char *operation, *body, *code;
    } rows[] = {
        {"placeOrder",  "{",                                                 "json_syntax"        },
        {"placeOrder",  "[]",                                                "wrong_type"         },
        {"placeOrder",  "{}",                                                "missing_field"      },
        {"placeOrder",  "{\"channel\":\"CH-0\",\"channel\":\"CH-0\"}",
         "json_duplicate_key"                                                                     },
        {"placeOrder",
         "{\"channel\":\"CH-0\",\"external_id\":\"x\",\"lines\":[]}",        "too_short"          },
        {"placeOrder",
         "{\"channel\":\"CH-0\",\"external_id\":\"x\",\"lines\":[{\"sku\":"
         "\"SKU-0\",\"quantity\":-1,\"unit_price\":{\"amount\":1,"
         "\"currency\":\"EUR\"}}]}",                                         "number_out_of_range"},
        {"placeOrder",
         "{\"channel\":\"CH-0\",\"external_id\":\"x\",\"lines\":[{\"sku\":"
         "\"SKU-0\",\"quantity\":1.5,\"unit_price\":{\"amount\":1,"
         "\"currency\":\"EUR\"}}]}",                                         "wrong_type"         },
        {"placeOrder",
         "{\"channel\":\"CH-0\",\"external_id\":\"x\",\"lines\":[{\"sku\":"
         "\"SKU-0\",\"quantity\":1,\"unit_price\":{\"amount\":1,"
         "\"currency\":\"EUR\"}}],\"colour\":1}",                            "unknown_field"      },
        {"placeOrder",
         "{\"channel\":\"CH-0\",\"external_id\":\"x\",\"currency\":\"USD\","
         "\"lines\":[{\"sku\":\"SKU-0\",\"quantity\":1,\"unit_price\":"
         "{\"amount\":1,\"currency\":\"EUR\"}}]}",                           "currency_mismatch"  },
        {"createSku",   "{\"code\":\"\",\"title\":\"x\"}",                   "too_short"          },
        {"createSku",   "{\"code\":\"x\"}",                                  "missing_field"      },
        {"adjustStock", "{\"reason\":\"x\",\"items\":[]}",                   "too_short"          },
        {"adjustStock",
         "{\"reason\":\"x\",\"items\":[{\"sku\":\"a\",\"location\":\"b\","
         "\"delta\":9223372036854775808}]}",                                 "number_out_of_range"},
        {"setStock",    "{\"sku\":\"a\",\"location\":\"b\",\"on_hand\":-1}",
         "number_out_of_range"                                                                    },
    };
    size_t i = (size_t)sim_between(sim, 0, COUNT_OF(rows) - 1);
    struct call *call = call_open(rows[i].operation);
    call->now = sim->now;
    call->body = str_from_cstr(rows[i].body);
    call->key = str_printf(call->ctx.arena, "bad-%lld",
                           (long long)++sim->model.key_count);
    sim_call(sim, call);
    sim_ended(sim, call, rows[i].code);
    call_close(call);
}
