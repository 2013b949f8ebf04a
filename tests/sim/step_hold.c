/* step_hold.c - holds: made, extended, released, bought, run out. */
#define WHARF_UNBANNED
#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "later.h"

enum { OPEN = 1, RELEASED = 3, EXPIRED = 4 };

static const utc_ms LIFE_MS = (utc_ms)LIMIT_HOLD_LIFE_S * 1000;

static const char *state_name(const struct m_order *hold, utc_ms now)
{
    static const char *const names[] = {"", "open", "confirmed", "released",
                                        "expired"};
    bool is_late = hold->hold_state == OPEN && hold->expires_at <= now;
    return names[is_late ? EXPIRED : hold->hold_state];
}

static void compare(struct sim *sim, struct json_in *in,
                    const struct m_order *hold)
{
    utc_ms expires_at = 0;
    const char *state = state_name(hold, sim->now);
    bool is_read = json_opt_time(in, "expires_at", &expires_at) == OK;
    sim_expect(sim,
               is_read && sim_id(in, "id", "hld") == hold->id &&
                   sim_has_text(in, "state", state) &&
                   sim_i64(in, "version") == hold->version &&
                   expires_at == hold->expires_at,
               "hold %lld must be %s at version %lld until %lld, and is at "
               "version %lld until %lld",
               (long long)hold->id, state, (long long)hold->version,
               (long long)hold->expires_at, (long long)sim_i64(in, "version"),
               (long long)expires_at);
}

static struct m_order *pick(struct sim *sim)
{
    struct model *model = &sim->model;
    int64_t last = (int64_t)model->held_count - 1;
    if (last < 0)
        return NULL;
    /* Mostly young ones, which are still open. */
    int64_t least = sim_chance(sim, 80) && last > 12 ? last - 12 : 0;
    return model->held[sim_between(sim, least, last)];
}

static void place(struct sim *sim)
{
    struct json_out out;
    struct m_order want, *kept = NULL;
    order_make(sim, -1, &want);
    want.is_pickup = false;
    if (want.line_count > 4)
        want.line_count = 4;
    int64_t ttl_s = sim_chance(sim, 50) ? sim_between(sim, 1, 120)
                                        : sim_between(sim, 600, 86400);
    struct call *call = sim_begin(sim, "placeHold", &out);
    json_put_cstr(&out, "channel",
                  want.channel < 0 ? "NOBODY"
                                   : sim->model.channels[want.channel].code);
    json_put_i64(&out, "ttl_s", ttl_s);
    json_begin_list(&out, "items");
    for (int i = 0; i < want.line_count; i++) {
        int sku = want.lines[i].sku;
        json_begin(&out, NULL);
        json_put_cstr(&out, "sku",
                      sku < 0 ? "NOBODY" : sim->model.skus[sku].code);
        json_put_i64(&out, "quantity", want.lines[i].qty);
        json_end_object(&out);
    }
    json_end_list(&out);
    sim_body(call, &out);
    const char *code = m_hold(&sim->model, &want, &kept);
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        kept->id = sim_id(call->json, "id", "hld");
        kept->created_at = sim->now;
        kept->expires_at = sim->now + ttl_s * 1000;
        compare(sim, call->json, kept);
    }
    call_close(call);
}

/* What extending must answer; changes the model where it is done. */
static const char *extended(struct m_order *hold, utc_ms now, int64_t ttl_s)
{
    const char *why = m_hold_open(hold, now);
    utc_ms to = now + ttl_s * 1000;
    if (why[0] != '\0')
        return why;
    if (to > hold->created_at + LIFE_MS)
        to = hold->created_at + LIFE_MS;
    if (to <= hold->expires_at)
        return to == hold->created_at + LIFE_MS ? "hold_life_over" : "";
    hold->expires_at = to;
    hold->version++;
    return "";
}

static void extend(struct sim *sim, struct m_order *hold)
{
    struct json_out out;
    int64_t ttl_s = sim_between(sim, 1, 86400);
    struct call *call = sim_begin(sim, "extendHold", &out);
    sim_path(call, 0, "hld", hold->id);
    json_put_i64(&out, "ttl_s", ttl_s);
    sim_body(call, &out);
    const char *code = extended(hold, sim->now, ttl_s);
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0')
        compare(sim, call->json, hold);
    call_close(call);
}

static void release(struct sim *sim, struct m_order *hold)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "releaseHold", &out);
    sim_path(call, 0, "hld", hold->id);
    const char *code = m_hold_open(hold, sim->now);
    if (code[0] == '\0')
        m_hold_end(&sim->model, hold, RELEASED);
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, code) && code[0] == '\0')
        compare(sim, call->json, hold);
    call_close(call);
}

static void look(struct sim *sim, const struct m_order *hold)
{
    struct call *call = call_open("getHold");
    sim_path(call, 0, "hld", hold->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        compare(sim, call->json, hold);
    call_close(call);
}

/* The timers' turn: all that ran out, and nothing else. */
static void turn(struct sim *sim)
{
    pickups_due(sim);
    place_turn(sim->place, sim->now);
    stops_due(sim);
    for (size_t i = 0; i < sim->model.held_count; i++) {
        struct m_order *hold = sim->model.held[i];
        if (hold->hold_state == OPEN && hold->expires_at <= sim->now)
            m_hold_end(&sim->model, hold, EXPIRED);
    }
    pickups_expired(sim);
}

void step_hold_open(struct sim *sim)
{
    for (int tries = 0; tries < 200 && !sim->is_wrong; tries++) {
        size_t count = sim->model.held_count;
        if (count > 0 && sim->model.held[count - 1]->hold_state == OPEN &&
            sim->model.held[count - 1]->expires_at > sim->now)
            return;
        place(sim);
    }
}

void step_hold(struct sim *sim)
{
    int64_t deeds = sim_between(sim, 1, 6);
    for (int64_t i = 0; i < deeds && !sim->is_wrong; i++) {
        struct m_order *hold = pick(sim);
        int64_t deed = sim_between(sim, 0, 99);
        if (deed < 45 || !hold)
            place(sim);
        else if (deed < 60)
            extend(sim, hold);
        else if (deed < 70)
            release(sim, hold);
        else if (deed < 85)
            step_held_order(sim, hold);
        else if (deed < 90)
            look(sim, hold);
        else
            turn(sim);
        step_wait(sim);
    }
}
