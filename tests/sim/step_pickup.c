/* step_pickup.c - units that their buyer comes for: made ready, handed over by
 * a code, called off, and back to stock where nobody came. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"

enum { TRIES = 5 };

struct pickup {
    int64_t id, version, fo, tries;
    char state[16];
};
static struct pickup pickup;
static struct g_fos *was;
static const struct g_fo *fo;

static bool is(const char *state)
{
    return strcmp(pickup.state, state) == 0;
}

/* ---- reading ---- */

static bool read_pickup(struct sim *sim, struct json_in *in, struct pickup *ret)
{
    str state = STR_NONE;
    json_allow_rest(in);
    *ret = (struct pickup){.id = sim_id(in, "id", "pup"),
                           .version = sim_i64(in, "version"),
                           .fo = sim_id(in, "fulfillment_order", "fo"),
                           .tries = sim_i64(in, "tries_left")};
    if (!sim_expect(sim,
                    ret->id > 0 && ret->fo > 0 &&
                        json_opt_str(in, "state", 1, 15, &state) == OK,
                    "a pickup cannot be read"))
        return false;
    snprintf(ret->state, sizeof(ret->state), "%.*s", STR_ARG(state));
    return true;
}

static bool read_one(struct sim *sim, int64_t id)
{
    struct call *call = call_open("getPickup");
    sim_path(call, 0, "pup", id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_fine =
        sim_ended(sim, call, "") && read_pickup(sim, call->json, &pickup);
    call_close(call);
    return is_fine;
}

/* Each FO of that method has one. */
static bool find(struct sim *sim)
{
    char query[64], text[ID_TEXT_BYTES];
    struct json_list list = {0};
    struct json_in *in;
    size_t len = id_to_text("ord", was->order->id, text);
    snprintf(query, sizeof(query), "order=%.*s&limit=250", (int)len, text);
    struct call *call = call_open("listPickups");
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_found = false;
    if (sim_ended(sim, call, "") &&
        json_get_list(call->json, "items", 0, 250, &list) == OK)
        for (size_t i = 0; i < list.count && !is_found; i++)
            is_found = json_list_object(&list, i, &in) == OK &&
                       read_pickup(sim, in, &pickup) && pickup.fo == fo->id;
    call_close(call);
    return sim_expect(sim, is_found,
                      "%s: an FO that is picked up has no pickup",
                      was->order->external);
}

bool pickup_is_ready(struct sim *sim, struct g_fos *fos, const struct g_fo *of)
{
    was = fos;
    fo = of;
    return of->is_pickup && !g_is_over(of) && find(sim) && is("ready");
}

/* ---- those that are ready ---- */

static struct m_pickup *kept(struct sim *sim, int64_t id)
{
    struct m_pickups *all = &sim->model.goods.pickups;
    for (int i = 0; i < all->count; i++)
        if (all->at[i].id == id)
            return &all->at[i];
    return NULL;
}

static void forget(struct sim *sim, int64_t id)
{
    struct m_pickups *all = &sim->model.goods.pickups;
    struct m_pickup *at = kept(sim, id);
    if (at)
        *at = all->at[--all->count];
}

/* Minutes or hours. */
static utc_ms pick_end(struct sim *sim)
{
    return sim->now +
           sim_between(sim, 1000, sim_chance(sim, 70) ? 120000 : 7200000);
}

/* ---- calls ---- */

static struct call *begin(struct sim *sim, const char *operation,
                          struct json_out *out, const char *allowed,
                          const char **ret_code)
{
    struct call *call = sim_begin(sim, operation, out);
    bool is_stale = sim_chance(sim, 5);
    sim_path(call, 0, "pup", pickup.id);
    json_put_i64(out, "version", pickup.version + is_stale);
    *ret_code = is_stale                        ? "stale"
                : strstr(allowed, pickup.state) ? ""
                                                : "state";
    return call;
}

static bool must_be(struct sim *sim, struct json_in *in, const char *state)
{
    int64_t version = pickup.version;
    return read_pickup(sim, in, &pickup) &&
           sim_expect(sim, is(state) && pickup.version == version + 1,
                      "a pickup must be %s and is %s", state, pickup.state);
}

static bool all_picked(void)
{
    int64_t units = 0;
    for (int i = 0; i < fo->line_count; i++) {
        units += fo->lines[i].picked - fo->lines[i].shipped;
        if (fo->lines[i].picked < fo->lines[i].qty)
            return false;
    }
    return units > 0;
}

static void ready(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct m_pickups *all = &sim->model.goods.pickups;
    bool is_late = sim_chance(sim, 5);
    utc_ms at = pick_end(sim);
    struct call *call = begin(sim, "readyPickup", &out, "preparing", &code);
    json_put_time(&out, "expires_at", is_late ? sim->now : at);
    sim_body(call, &out);
    if (code[0] == '\0' && !all_picked())
        code = "not_picked_yet";
    if (code[0] == '\0' && is_late)
        code = "out_of_range";
    if (all->count < M_PICKUPS) {
        sim_call(sim, call);
        if (sim_ended(sim, call, code) && code[0] == '\0' &&
            must_be(sim, call->json, "ready"))
            all->at[all->count++] = (struct m_pickup){.id = pickup.id,
                                                      .fo = fo->id,
                                                      .order = was->order,
                                                      .expires_at = at};
    }
    call_close(call);
}

static void extend(struct sim *sim)
{
    struct json_out out;
    const char *code;
    utc_ms at = pick_end(sim);
    struct call *call = begin(sim, "extendPickup", &out, "ready", &code);
    json_put_time(&out, "expires_at", at);
    sim_body(call, &out);
    sim_call(sim, call);
    struct m_pickup *known = kept(sim, pickup.id);
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        must_be(sim, call->json, "ready") && known)
        known->expires_at = at;
    call_close(call);
}

/* It is told once: asked again with the same key, it is not. */
static void new_code(struct sim *sim)
{
    struct json_out out;
    struct json_in *in = NULL;
    const char *code;
    str told = STR_NONE;
    struct m_pickup *known = kept(sim, pickup.id);
    struct call *call = begin(sim, "newPickupCode", &out, "ready", &code);
    sim_body(call, &out);
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        sim_expect(sim,
                   json_opt_object(call->json, "pickup", &in) == OK && in &&
                       json_opt_str(call->json, "code", 6, 6, &told) == OK &&
                       told.len == 6,
                   "a new code was not told") &&
        must_be(sim, in, "ready") && known)
        snprintf(known->code, sizeof(known->code), "%.*s", STR_ARG(told));
    call_close(call);
}

/* ---- handed over ---- */

static void take_collected(struct sim *sim)
{
    static struct g_fos after;
    struct g_deed deed = {.place = fo->place, .is_pickup = true};
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        deed.shipped[line->n - 1] = line->picked - line->shipped;
        sim->shipped += line->picked - line->shipped;
    }
    goods_take(sim, was->order, &deed);
    if (!sim->is_wrong)
        (void)goods_read(sim, was->order, &after);
    forget(sim, pickup.id);
}

static void collect(struct sim *sim)
{
    struct json_out out;
    struct json_in *in = NULL;
    const struct m_pickup *at = kept(sim, pickup.id);
    bool is_told = at && at->code[0] && sim_chance(sim, 75), is_done = false;
    const char *code = !is("ready")                  ? "state"
                       : pickup.tries <= 0           ? "code_locked"
                       : is_told && !g_is_picked(fo) ? "not_picked_yet"
                                                     : "";
    struct call *call = sim_begin(sim, "collectPickup", &out);
    sim_path(call, 0, "pup", pickup.id);
    json_put_cstr(&out, "code", is_told ? at->code : "00000x");
    sim_body(call, &out);
    int64_t tries = pickup.tries;
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        sim_expect(sim,
                   json_opt_bool(call->json, "is_collected", &is_done) == OK &&
                       is_done == is_told &&
                       json_opt_object(call->json, "pickup", &in) == OK && in,
                   "a pickup was handed over by a wrong code, or not by the "
                   "right one") &&
        must_be(sim, in, is_told ? "collected" : "ready")) {
        sim_expect(sim, is_told || pickup.tries == tries - 1,
                   "a wrong code does not count");
        if (is_told)
            take_collected(sim);
    }
    call_close(call);
}

/* ---- back to stock ---- */

/* Units that somebody walks with must be put back first. */
static bool is_in_hand(void)
{
    for (int i = 0; i < fo->line_count; i++)
        if (was->order->lines[fo->lines[i].n - 1].in_hand > 0)
            return true;
    return false;
}

static void cancel(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call =
        begin(sim, "cancelPickup", &out, "reserved preparing ready", &code);
    if (code[0] == '\0' && g_is_elsewhere(fo))
        code = "request_state";
    sim_body(call, &out);
    sim_call(sim, call);
    bool is_held = code[0] == '\0' && is_in_hand() &&
                   strcmp(call->code, "units_in_work") == 0;
    if (!is_held && sim_ended(sim, call, code) && code[0] == '\0' &&
        must_be(sim, call->json, "cancelled")) {
        goods_give_back(sim, was->order, fo);
        goods_are_back(sim, was->order, fo);
        forget(sim, pickup.id);
    }
    call_close(call);
}

/* At least as many of them as may run out in one turn. */
static struct g_fos due_fos[M_PICKUPS];
static int64_t due[M_PICKUPS], due_fo[M_PICKUPS];
static int due_count;

void pickups_due(struct sim *sim)
{
    struct m_pickups *all = &sim->model.goods.pickups;
    due_count = 0;
    for (int i = 0; i < all->count && !sim->is_wrong; i++) {
        struct m_pickup at = all->at[i];
        if (at.expires_at > sim->now || !read_one(sim, at.id))
            continue;
        if (!is("ready")) { /* It went with its FO. */
            forget(sim, at.id);
            i--;
            continue;
        }
        due[due_count] = at.id;
        due_fo[due_count] = at.fo;
        (void)goods_read(sim, at.order, &due_fos[due_count++]);
    }
}

/* An order may have more than one of them. */
void pickups_expired(struct sim *sim)
{
    const struct g_fo *fos[M_PICKUPS];
    for (int i = 0; i < due_count && !sim->is_wrong; i++) {
        fos[i] = g_fo_of(&due_fos[i], due_fo[i]);
        if (!read_one(sim, due[i]) ||
            !sim_expect(sim, is("expired") && fos[i],
                        "a pickup that ran out is %s", pickup.state))
            return;
        goods_give_back(sim, due_fos[i].order, fos[i]);
        forget(sim, due[i]);
        sim->expired++;
    }
    for (int i = 0; i < due_count && !sim->is_wrong; i++)
        goods_are_back(sim, due_fos[i].order, fos[i]);
}

/* ---- deeds ---- */

void pickup_work(struct sim *sim, struct g_fos *fos, const struct g_fo *of)
{
    was = fos;
    fo = of;
    if (!find(sim))
        return;
    int64_t dice = sim_between(sim, 0, 99);
    if (!is("ready") && !all_picked() && dice < 60)
        task_rush(sim, fo);
    else if (dice < 66 && dice >= 60)
        cancel(sim);
    else if (is("ready") && dice < 30)
        new_code(sim);
    else if (is("ready") && dice < 90)
        collect(sim);
    else if (is("ready") || dice >= 97)
        extend(sim);
    else if (dice >= 94)
        collect(sim);
    else
        ready(sim);
}
