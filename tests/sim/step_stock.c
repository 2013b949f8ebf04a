/* step_stock.c - stock adjusted, moved and set by hand. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

enum { ITEMS = 5 };

static const char *const bucket_names[M_BUCKETS] = {"available", "damaged",
                                                    "quality_control", "held"};

struct item {
    int sku, place; /* -1: a code nobody knows. */
    int64_t delta;
    bool is_move;
    int from, to, bucket;
};

/* What a call carries from its making to its judgement. */
struct adjust {
    struct item items[ITEMS];
    int count;
};

static int pick_sku(struct sim *sim, int parity)
{
    int sku = (int)sim_between(sim, 0, sim->model.sku_count - 1);
    if (parity >= 0 && sku % 2 != parity)
        sku = sku > 0 ? sku - 1 : 1;
    return sku;
}

static struct item pick_item(struct sim *sim, int parity)
{
    struct item item = {.sku = pick_sku(sim, parity)};
    item.place = (int)sim_between(sim, 0, sim->model.place_count - 1);
    item.delta = sim_chance(sim, 65) ? sim_between(sim, 1, 250)
                                     : -sim_between(sim, 1, 30);
    item.bucket = sim_chance(sim, 80) ? 0 : (int)sim_between(sim, 1, 3);
    item.is_move = sim_chance(sim, 20);
    item.from = (int)sim_between(sim, 0, 3);
    item.to = (int)sim_between(sim, 0, 3);
    if (sim_chance(sim, 3))
        item.sku = -1;
    if (sim_chance(sim, 3))
        item.place = -1;
    if (sim_chance(sim, 2))
        item.delta = 0;
    return item;
}

static void put_item(struct sim *sim, struct json_out *out,
                     const struct item *item)
{
    json_begin(out, NULL);
    json_put_cstr(out, "sku",
                  item->sku < 0 ? "NOBODY" : sim->model.skus[item->sku].code);
    json_put_cstr(out, "location",
                  item->place < 0 ? "NOWHERE"
                                  : sim->model.places[item->place].code);
    json_put_i64(out, "delta", item->delta);
    if (item->is_move) {
        json_put_cstr(out, "from", bucket_names[item->from]);
        json_put_cstr(out, "to", bucket_names[item->to]);
    } else if (item->bucket > 0) {
        json_put_cstr(out, "bucket", bucket_names[item->bucket]);
    }
    json_end_object(out);
}

struct call *adjust_call(struct sim *sim, int parity)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "adjustStock", &out);
    struct adjust *adjust = arena_new(call->ctx.arena, struct adjust);
    adjust->count = (int)sim_between(sim, 1, ITEMS);
    json_put_cstr(&out, "reason", "counted");
    json_begin_list(&out, "items");
    for (int i = 0; i < adjust->count; i++) {
        adjust->items[i] = pick_item(sim, parity);
        put_item(sim, &out, &adjust->items[i]);
    }
    json_end_list(&out);
    sim_body(call, &out);
    call->plan = adjust;
    return call;
}

static int64_t units_in(const struct m_level *level, int bucket)
{
    return bucket ? level->blocked[bucket] : level->on_hand - m_claimed(level);
}

/* "" or the slug; changes the model. */
static const char *apply_item(struct model *model, const struct item *item)
{
    if (item->delta == 0)
        return "number_out_of_range";
    if (item->is_move && item->delta < 0)
        return "number_out_of_range";
    if (item->is_move && item->from == item->to)
        return "same_bucket";
    if (item->sku < 0)
        return "sku_unknown";
    if (item->place < 0)
        return "location_unknown";
    struct m_level *level = &model->levels[item->sku][item->place];
    bool comes_in = !item->is_move && item->delta > 0;
    if (comes_in && model->skus[item->sku].part_count > 0)
        return "sku_is_kit";
    if (comes_in && !level->is_there && !model->skus[item->sku].is_tracked)
        return "sku_untracked";
    int64_t qty = item->delta < 0 ? -item->delta : item->delta;
    int from = item->is_move ? item->from : item->bucket;
    if (!comes_in && units_in(level, from) < qty)
        return "not_enough_stock";
    if (item->is_move) {
        level->blocked[item->from] -= item->from ? qty : 0;
        level->blocked[item->to] += item->to ? qty : 0;
    } else {
        level->on_hand += item->delta;
        level->is_there = true;
        level->blocked[item->bucket] += item->bucket ? item->delta : 0;
    }
    return "";
}

static bool compare_level(struct sim *sim, struct json_in *in,
                          const struct m_level *level, const char *where)
{
    return sim_expect(
        sim,
        sim_i64(in, "on_hand") == level->on_hand &&
            sim_i64(in, "committed") == level->committed &&
            sim_i64(in, "damaged") == level->blocked[1] &&
            sim_i64(in, "quality_control") == level->blocked[2] &&
            sim_i64(in, "held") == level->blocked[3] &&
            sim_i64(in, "safety_stock") == level->safety &&
            sim_i64(in, "available_raw") == m_available(level),
        "%s: on_hand must be %lld and is %lld, committed %lld and is %lld",
        where, (long long)level->on_hand, (long long)sim_i64(in, "on_hand"),
        (long long)level->committed, (long long)sim_i64(in, "committed"));
}

/* Each item of the answer beside what the model says; the level it shows is
 * that after all items, so it is compared at the end. */
static void judge_items(struct sim *sim, struct json_list *list,
                        const struct adjust *adjust)
{
    bool is_fine[ITEMS];
    for (int i = 0; i < adjust->count; i++) {
        struct json_in *in = NULL, *error = NULL;
        const char *code = apply_item(&sim->model, &adjust->items[i]);
        is_fine[i] = code[0] == '\0';
        if (!sim_expect(sim,
                        json_list_object(list, (size_t)i, &in) == OK &&
                            json_opt_object(in, "error", &error) == OK,
                        "adjustStock: no item %d", i))
            return;
        if (!sim_expect(sim,
                        is_fine[i] ? error == NULL
                                   : error && sim_has_text(error, "code", code),
                        "adjustStock: item %d must end with \"%s\"", i, code))
            return;
    }
    for (int i = 0; i < adjust->count; i++) {
        struct json_in *in = NULL, *level = NULL;
        const struct item *item = &adjust->items[i];
        if (!is_fine[i])
            continue;
        if (sim_expect(sim,
                       json_list_object(list, (size_t)i, &in) == OK &&
                           json_opt_object(in, "level", &level) == OK && level,
                       "adjustStock: no level in item %d", i))
            compare_level(sim, level,
                          &sim->model.levels[item->sku][item->place],
                          "adjustStock");
    }
}

void adjust_judge(struct sim *sim, struct call *call)
{
    struct json_list list;
    const struct adjust *adjust = call->plan;
    if (!sim_ended(sim, call, ""))
        return;
    if (sim_expect(sim,
                   json_get_list(call->json, "items", 1, ITEMS, &list) == OK &&
                       list.count == (size_t)adjust->count,
                   "adjustStock: the answer has no items"))
        judge_items(sim, &list, adjust);
}

void step_adjust(struct sim *sim, int parity)
{
    struct call *call = adjust_call(sim, parity);
    sim_call(sim, call);
    adjust_judge(sim, call);
    call_close(call);
}

/* ---- set ---- */

static const char *judge_set(const struct model *model, const struct item *item,
                             int64_t on_hand, int64_t expected)
{
    if (item->sku < 0)
        return "sku_unknown";
    if (item->place < 0)
        return "location_unknown";
    const struct m_level *level = &model->levels[item->sku][item->place];
    if (model->skus[item->sku].part_count > 0)
        return "sku_is_kit";
    if (expected != level->on_hand)
        return "stale";
    if (!level->is_there && !model->skus[item->sku].is_tracked)
        return "sku_untracked";
    return on_hand < m_claimed(level) ? "units_claimed" : "";
}

void step_set(struct sim *sim)
{
    struct model *model = &sim->model;
    struct item item = pick_item(sim, -1);
    struct json_out out;
    bool is_known = item.sku >= 0 && item.place >= 0;
    struct m_level *level =
        is_known ? &model->levels[item.sku][item.place] : NULL;
    int64_t on_hand = sim_between(sim, 0, 120), safety = -1;
    int64_t expected = level ? level->on_hand : 0;
    if (sim_chance(sim, 15))
        expected++;
    if (sim_chance(sim, 20))
        safety = sim_between(sim, 0, 8);
    struct call *call = sim_begin(sim, "setStock", &out);
    json_put_cstr(&out, "sku",
                  item.sku < 0 ? "NOBODY" : model->skus[item.sku].code);
    json_put_cstr(&out, "location",
                  item.place < 0 ? "NOWHERE" : model->places[item.place].code);
    json_put_i64(&out, "on_hand", on_hand);
    if (safety >= 0)
        json_put_i64(&out, "safety_stock", safety);
    json_put_i64(&out, "expected_on_hand", expected);
    json_put_cstr(&out, "reason", "stock-taking");
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = judge_set(model, &item, on_hand, expected);
    if (sim_ended(sim, call, code) && code[0] == '\0' && level) {
        level->is_there = true;
        level->on_hand = on_hand;
        level->safety = safety >= 0 ? safety : level->safety;
        compare_level(sim, call->json, level, "setStock");
    }
    call_close(call);
}
