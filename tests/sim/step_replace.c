/* step_replace.c - goods are sent once more, for nothing. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/json.h"
#include "goods.h"
#include "later.h"
#include "pay.h"

/* Shipped units of a line that are with the buyer and have no other in their
 * place. */
static int64_t room_of(const struct m_order *order, int at)
{
    const struct m_line *line = &order->lines[at];
    int64_t room = line->shipped - line->returned - line->written_off -
                   line->return_requested;
    for (int i = 0; i < order->line_count; i++)
        if (order->lines[i].replaces == at + 1)
            room -= order->lines[i].added - order->lines[i].cancelled;
    return room;
}

struct replacing {
    const char *code;
    bool may_wait;
    struct m_order after;
    struct m_edit_plan plan;
};

static void plan(struct sim *sim, const struct m_order *order, int at,
                 int64_t qty, struct replacing *ret)
{
    struct m_leaving found;
    ret->after = *order;
    ret->plan = (struct m_edit_plan){.cut = {0}};
    ret->may_wait = false;
    ret->code = at == order->line_count    ? "line_unknown"
                : qty > room_of(order, at) ? "over_replaced"
                : order->is_cancelled      ? "order_not_changeable"
                                           : "";
    if (ret->code[0] != '\0')
        return;
    const struct m_line want = {.sku = order->lines[at].sku, .qty = qty};
    int n = order->line_count;
    m_line_add(&sim->model, &ret->after, &want);
    ret->after.lines[n].replaces = at + 1;
    ret->plan.added[n] = qty;
    bool refuses = sim->model.channels[order->channel].refuses;
    ret->may_wait =
        refuses && m_edit_is_unsure(&sim->model, &ret->after, &ret->plan);
    if (refuses &&
        m_edit_find(&sim->model, &ret->after, &ret->plan, &found) > 0)
        ret->code = "out_of_stock";
}

void replace_work(struct sim *sim, struct m_order *order)
{
    static const char *const causes[] = {"lost", "damaged", "wrong_item",
                                         "missing"};
    static struct replacing now;
    struct json_out out;
    struct json_in *page;
    bool is_stale = sim_chance(sim, 4);
    int at = (int)sim_between(sim, 0, order->line_count - 1);
    for (int i = 0; i < order->line_count && room_of(order, at) <= 0; i++)
        at = i;
    int64_t room = room_of(order, at);
    int64_t qty = room > 0 && sim_chance(sim, 85) ? sim_between(sim, 1, room)
                                                  : (room > 0 ? room : 0) + 1;
    if (order->line_count == M_LINES)
        return;
    at = sim_chance(sim, 2) ? order->line_count : at;
    plan(sim, order, at, qty, &now);
    struct call *call = sim_begin(sim, "replaceGoods", &out);
    sim_path(call, 0, "ord", order->id);
    json_put_i64(&out, "version", order->version + is_stale);
    json_put_i64(&out, "line", at + 1);
    json_put_i64(&out, "quantity", qty);
    json_put_cstr(&out, "cause", causes[sim_between(sim, 0, 3)]);
    sim_body(call, &out);
    const char *code = is_stale ? "stale" : now.code;
    sim_call(sim, call);
    bool is_unsure = now.may_wait && code[0] == '\0' &&
                     strcmp(call->code, "out_of_stock") == 0;
    if (!is_unsure && sim_ended(sim, call, code) && code[0] == '\0' &&
        sim_expect(sim, json_get_object(call->json, "order", &page) == OK,
                   "%s: a replacement without its order", order->external)) {
        int64_t balance = m_balance(order);
        edit_follow(sim, page, order, &now.after, &now.plan);
        sim_expect(sim, m_balance(order) == balance,
                   "%s: a replacement is to be paid", order->external);
        sim->replaced += qty;
    }
    call_close(call);
}
