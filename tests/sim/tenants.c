/* tenants.c - two merchants in turn, who must see nothing of each other (I28).
 *
 * Each has a store and an auditor of its own. Codes, keys and external ids are
 * the same on purpose: both count them from one. What strays is not what the
 * auditor of its store expects; beside that each asks for what only the other
 * has.
 */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

enum { BOTH = 2, ASKED = 5, CHECK_EVERY = 20, DAY_MS = 86400000 };

struct pair {
    struct place places[BOTH];
    struct sim sims[BOTH];
};

static bool has_id(struct m_order *const *list, size_t count, int64_t id)
{
    for (size_t i = count; i > 0; i--) {
        if (list[i - 1]->id == id)
            return true;
    }
    return false;
}

static const struct m_order *pick(struct sim *sim, struct m_order *const *list,
                                  size_t count)
{
    return count ? list[sim_between(sim, 0, (int64_t)count - 1)] : NULL;
}

/* What the other has by that id is not there. */
static void ask_foreign(struct sim *sim, const char *operation,
                        const char *prefix, int64_t id)
{
    struct call *call = call_open(operation);
    sim_path(call, 0, prefix, id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    sim->calls++;
    sim_ended(sim, call, "not_found");
    call_close(call);
}

static void check_foreign(struct sim *sim, struct sim *other)
{
    const struct model *mine = &sim->model, *theirs = &other->model;
    for (int i = 0; i < ASKED; i++) {
        const struct m_order *order =
            pick(sim, theirs->orders, theirs->order_count);
        const struct m_order *hold =
            pick(sim, theirs->held, theirs->held_count);
        if (order && !has_id(mine->orders, mine->order_count, order->id)) {
            ask_foreign(sim, "getOrder", "ord", order->id);
            ask_foreign(sim, "listOrderEvents", "ord", order->id);
        }
        if (hold && !has_id(mine->held, mine->held_count, hold->id))
            ask_foreign(sim, "getHold", "hld", hold->id);
    }
}

/* The list has one's own orders, `want` of them. */
static void check_list(struct sim *sim, const char *query, size_t want,
                       int64_t want_id)
{
    const struct model *model = &sim->model;
    struct json_list list = {0};
    struct call *call = call_open("listOrders");
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, "") &&
        sim_expect(sim, json_get_list(call->json, "items", 0, 250, &list) == OK,
                   "listOrders: no items")) {
        sim_expect(sim, list.count == want, "%s: %zu orders and not %zu", query,
                   list.count, want);
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in = NULL;
            int64_t id = json_list_object(&list, i, &in) == OK
                             ? sim_id(in, "id", "ord")
                             : 0;
            sim_expect(sim,
                       has_id(model->orders, model->order_count, id) &&
                           (want_id == 0 || id == want_id),
                       "%s: an order of somebody else", query);
        }
    }
    call_close(call);
}

/* The other has most external ids, too. */
static void check_lists(struct sim *sim)
{
    const struct model *model = &sim->model;
    check_list(sim, "limit=250",
               model->order_count < 250 ? model->order_count : 250, 0);
    for (int i = 0; i < ASKED; i++) {
        char query[100];
        const struct m_order *order =
            pick(sim, model->orders, model->order_count);
        if (!order || order->channel < 0)
            continue;
        snprintf(query, sizeof(query), "channel=%s&external_id=%s",
                 model->channels[order->channel].code, order->external);
        check_list(sim, query, 1, order->id);
    }
}

/* A key that both have used: each gets its own answer. */
static void check_keys(struct sim *sim, const struct sim *other)
{
    for (int i = 0; i < ASKED; i++) {
        char key[40];
        snprintf(key, sizeof(key), "order-%lld",
                 (long long)sim_between(sim, 1, sim->model.key_count));
        const struct m_key *mine = m_key_find(&sim->model, key);
        if (!mine || !m_key_find(&other->model, key))
            continue;
        struct call *call = call_open("placeOrder");
        call->now = sim->now;
        call->key = str_copy(call->ctx.arena, str_from_cstr(key));
        call->body = mine->body;
        place_calls(sim->place, &call, 1);
        sim->calls++;
        if (sim_ended(sim, call, ""))
            sim_expect(sim,
                       call->is_replay && str_equal(call->reply, mine->reply),
                       "the key %s did not replay its own answer", key);
        call_close(call);
    }
}

static void check_pair(struct pair *pair)
{
    for (int i = 0; i < BOTH; i++) {
        struct sim *sim = &pair->sims[i], *other = &pair->sims[1 - i];
        check_all(sim);
        check_foreign(sim, other);
        check_lists(sim);
        check_keys(sim, other);
    }
}

static bool is_wrong(const struct pair *pair)
{
    return pair->sims[0].is_wrong || pair->sims[1].is_wrong;
}

static void pair_open(struct pair *pair, uint64_t seed,
                      enum store_engine engine)
{
    for (int i = 0; i < BOTH; i++) {
        sim_open(&pair->sims[i], &pair->places[i], seed * BOTH + (uint64_t)i,
                 engine, 1);
        pair->places[i].other = &pair->places[1 - i];
    }
    /* So that ids of orders differ. */
    pair->sims[1].now += DAY_MS;
}

static void pair_close(struct pair *pair, struct tenants_end *ret)
{
    for (int i = 0; i < BOTH; i++) {
        struct sim *sim = &pair->sims[i];
        ret->calls += sim->calls;
        ret->orders += sim->orders;
        ret->checks += sim->checks;
        if (sim->is_wrong && ret->why[0] == '\0')
            snprintf(ret->why, sizeof(ret->why), "merchant %d: %.480s", i + 1,
                     sim->why);
        sim_close(sim);
    }
}

void tenants_run(uint64_t seed, int steps, enum store_engine engine,
                 enum tamper tamper, struct tenants_end *ret)
{
    struct arena *arena = arena_open();
    struct pair *pair = arena_new(arena, struct pair);
    *ret = (struct tenants_end){.step = 0};
    pair_open(pair, seed, engine);
    while (ret->step < steps && !is_wrong(pair)) {
        ret->step++;
        sim_step(&pair->sims[sim_chance(&pair->sims[0], 50)]);
        if (ret->step % CHECK_EVERY == 0 && !is_wrong(pair))
            check_pair(pair);
        if (ret->step == steps / 2)
            pair->places[0].tamper = pair->places[1].tamper = tamper;
    }
    if (!is_wrong(pair))
        check_pair(pair);
    pair_close(pair, ret);
    arena_close(arena);
}
