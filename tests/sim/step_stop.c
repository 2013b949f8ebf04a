/* step_stop.c - orders, and lines of them, are put on hold and let go, by hand
 * and when their time is over. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "goods.h"
#include "later.h"
#include "pay.h"

enum { STOPS = 200 };

static struct m_order *order;

static bool is_active(const struct m_stop *stop)
{
    return strcmp(stop->state, "active") == 0;
}

bool m_is_stopped(const struct m_order *of, int line)
{
    for (const struct m_stop *at = of->stops; at; at = at->next)
        if (is_active(at) && (at->line < 0 || at->line == line))
            return true;
    return false;
}

bool g_is_stopped(const struct m_order *of, const struct g_fo *fo)
{
    for (int i = 0; i < fo->line_count; i++)
        if (m_is_stopped(of, (int)fo->lines[i].n - 1))
            return true;
    return false;
}

static void compare(struct sim *sim, struct json_in *in,
                    const struct m_stop *stop)
{
    sim_expect(sim,
               sim_id(in, "id", "ohd") == stop->id &&
                   sim_id(in, "order_id", "ord") == order->id &&
                   sim_has_text(in, "state", stop->state) &&
                   sim_i64(in, "version") == stop->version &&
                   json_has(in, "line") == (stop->line >= 0),
               "%s: a hold must be %s at version %lld", order->external,
               stop->state, (long long)stop->version);
}

/* The order says so at once, and so do its fulfillment orders. */
static void follow(struct sim *sim)
{
    order->version++;
    sim->stops++;
    if (!sim->is_wrong)
        check_gate(sim, order);
}

static int count_of(void)
{
    int count = 0;
    for (const struct m_stop *at = order->stops; at; at = at->next)
        count++;
    return count;
}

static void place(struct sim *sim)
{
    struct json_out out;
    bool is_stale = sim_chance(sim, 5), is_early = sim_chance(sim, 3);
    int line =
        sim_chance(sim, 40) ? (int)sim_between(sim, 0, order->line_count) : -1;
    utc_ms until = is_early ? sim->now
                   : sim_chance(sim, 40)
                       ? sim->now + sim_between(sim, 1, 600000)
                       : 0;
    struct call *call = sim_begin(sim, "holdOrder", &out);
    sim_path(call, 0, "ord", order->id);
    json_put_i64(&out, "version", order->version + is_stale);
    json_put_cstr(&out, "reason", "address");
    if (line >= 0)
        json_put_i64(&out, "line", line + 1);
    if (until)
        json_put_time(&out, "until", until);
    sim_body(call, &out);
    const char *code = is_stale ? "stale"
                       : order->is_cancelled || order->is_completed
                           ? "order_over"
                       : line == order->line_count ? "line_unknown"
                       : is_early                  ? "time_out_of_range"
                       : count_of() >= STOPS       ? "too_many_holds"
                                                   : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_stop *stop = arena_new(sim->model.arena, struct m_stop);
        *stop = (struct m_stop){.next = order->stops,
                                .id = sim_id(call->json, "id", "ohd"),
                                .version = 1,
                                .state = "active",
                                .line = line,
                                .until = until};
        order->stops = stop;
        compare(sim, call->json, stop);
        follow(sim);
    }
    call_close(call);
}

static void release(struct sim *sim, struct m_stop *stop)
{
    struct json_out out;
    bool is_stale = sim_chance(sim, 5);
    struct call *call = sim_begin(sim, "releaseOrderHold", &out);
    sim_path(call, 0, "ohd", stop->id);
    json_put_i64(&out, "version", stop->version + is_stale);
    sim_body(call, &out);
    const char *code = is_stale           ? "stale"
                       : !is_active(stop) ? "hold_state"
                                          : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        stop->state = "released";
        stop->version++;
        compare(sim, call->json, stop);
        follow(sim);
    }
    call_close(call);
}

/* With the last of its units they end. */
void stops_over(struct m_order *of)
{
    bool is_over = of->is_cancelled || of->is_completed;
    for (struct m_stop *at = of->stops; at && is_over; at = at->next)
        if (is_active(at)) {
            at->state = "expired";
            at->version++;
        }
}

void stops_due(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.order_count; i++) {
        struct m_order *of = sim->model.orders[i];
        for (struct m_stop *at = of->stops; at; at = at->next) {
            if (!is_active(at) || at->until == 0 || at->until > sim->now)
                continue;
            at->state = "expired";
            at->version++;
            of->version++;
        }
    }
}

void check_stops(struct sim *sim, struct m_order *of)
{
    struct json_list list = {0};
    struct call *call = call_open("listHoldsOfOrder");
    order = of;
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, STOPS, &list) == OK &&
                       list.count == (size_t)count_of(),
                   "%s: must have %d holds", order->external, count_of());
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++) {
        struct json_in *in;
        const struct m_stop *at = order->stops;
        if (json_list_object(&list, i, &in) != OK)
            continue;
        while (at && at->id != sim_id(in, "id", "ohd"))
            at = at->next;
        if (sim_expect(sim, at != NULL, "%s: a stray hold", order->external))
            compare(sim, in, at);
    }
    call_close(call);
}

void stop_work(struct sim *sim, struct m_order *of)
{
    order = of;
    struct m_stop *stop = order->stops;
    if (stop && sim_chance(sim, 30) && stop->next)
        stop = stop->next;
    if (stop && sim_chance(sim, is_active(stop) ? 65 : 5))
        release(sim, stop);
    else
        place(sim);
    if (!sim->is_wrong && sim_chance(sim, 20))
        check_stops(sim, order);
}
