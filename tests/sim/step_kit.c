/* step_kit.c - kits and policies of stock: set, changed, ended, refused. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

bool kit_has(const struct model *model, int sku)
{
    for (int i = 0; i < model->sku_count; i++) {
        for (int j = 0; j < model->skus[i].part_count; j++) {
            if (model->skus[i].parts[j].sku == sku)
                return true;
        }
    }
    return false;
}

/* Components are of the kit's parity, so that a step of mixed commands can
 * keep apart what they touch. */
static int pick_parts(struct sim *sim, int kit, struct m_part ret[M_PARTS])
{
    int count = 0;
    int want = sim_chance(sim, 20) ? 0 : (int)sim_between(sim, 1, M_PARTS);
    memset(ret, 0, M_PARTS * sizeof(*ret));
    for (int tries = 0; tries < 12 && count < want; tries++) {
        int sku = (int)sim_between(sim, 0, sim->model.sku_count - 1);
        bool is_new = sku % 2 == kit % 2;
        for (int i = 0; i < count; i++)
            is_new = is_new && ret[i].sku != sku;
        if (is_new)
            ret[count++] = (struct m_part){sku, sim_between(sim, 1, 4)};
    }
    return count;
}

static bool is_stocked(const struct model *model, int sku)
{
    for (int i = 0; i < model->place_count; i++) {
        if (model->levels[sku][i].on_hand > 0 ||
            model->levels[sku][i].incoming > 0)
            return true;
    }
    return false;
}

/* Lines sold as the SKU itself that wait. */
static bool is_awaited(const struct model *model, int sku)
{
    for (size_t i = 0; i < model->order_count; i++) {
        const struct m_order *order = model->orders[i];
        for (int j = 0; j < order->line_count; j++) {
            const struct m_line *line = &order->lines[j];
            if (line->sku == sku && line->part_count == 0 &&
                line->backordered > 0)
                return true;
        }
    }
    return false;
}

static const char *judge_kit(const struct model *model, int kit,
                             const struct m_part *parts, int count)
{
    for (int i = 0; i < count; i++) {
        const struct m_sku *part = &model->skus[parts[i].sku];
        if (parts[i].sku == kit || part->part_count > 0)
            return "component_is_kit";
        if (!part->is_tracked)
            return "component_untracked";
    }
    if (count == 0)
        return "";
    if (kit_has(model, kit))
        return "sku_is_component";
    if (is_stocked(model, kit))
        return "sku_has_stock";
    return is_awaited(model, kit) ? "sku_is_awaited" : "";
}

/* Mostly a SKU that has a chance to be one. */
static int pick_kit(struct sim *sim)
{
    int sku = 0;
    for (int tries = 0; tries < 8; tries++) {
        sku = (int)sim_between(sim, 0, sim->model.sku_count - 1);
        if (!is_stocked(&sim->model, sku) && !kit_has(&sim->model, sku))
            break;
    }
    return sku;
}

void step_kit(struct sim *sim)
{
    struct model *model = &sim->model;
    int kit = pick_kit(sim);
    struct m_sku *sku = &model->skus[kit];
    struct m_part parts[M_PARTS];
    int count = pick_parts(sim, kit, parts);
    bool is_stale = sim_chance(sim, 10);
    struct json_out out;
    struct call *call = sim_begin(sim, "setComponents", &out);
    sim_path(call, 0, "sku", sku->id);
    json_put_i64(&out, "version", sku->version + is_stale);
    json_begin_list(&out, "components");
    for (int i = 0; i < count; i++) {
        json_begin(&out, NULL);
        json_put_cstr(&out, "sku", model->skus[parts[i].sku].code);
        json_put_i64(&out, "quantity", parts[i].qty);
        json_end_object(&out);
    }
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = is_stale ? "stale" : judge_kit(model, kit, parts, count);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        sku->version++;
        sku->is_tracked = sku->is_tracked && count == 0;
        memcpy(sku->parts, parts, sizeof(parts));
        sku->part_count = count;
        sim_expect(sim, sim_i64(call->json, "version") == sku->version,
                   "%s must be at version %lld", sku->code,
                   (long long)sku->version);
    }
    call_close(call);
}

bool kit_is_sold(const struct model *model)
{
    for (size_t i = 0; i < model->order_count; i++) {
        const struct m_order *order = model->orders[i];
        for (int j = 0; j < order->line_count; j++) {
            if (order->lines[j].part_count > 1 && order->lines[j].hold_count)
                return true;
        }
    }
    return false;
}

/* ---- policies ---- */

struct policy {
    int sku, place, channel; /* Channel -1: of the level. */
    bool has_safety, has_low, clears;
    int64_t safety, low;
};

static struct policy pick_policy(struct sim *sim)
{
    const struct model *model = &sim->model;
    struct policy policy = {.channel = -1};
    policy.sku = (int)sim_between(sim, 0, model->sku_count - 1);
    policy.place = (int)sim_between(sim, 0, model->place_count - 1);
    policy.safety = sim_between(sim, 0, 9);
    policy.low = sim_between(sim, 0, 60);
    if (sim_chance(sim, 50)) {
        policy.channel = (int)sim_between(sim, 0, model->channel_count - 1);
        policy.clears = sim_chance(sim, 30);
        policy.has_safety = !policy.clears;
        return policy;
    }
    policy.clears = sim_chance(sim, 20);
    policy.has_low = !policy.clears && sim_chance(sim, 80);
    policy.has_safety = !policy.has_low || sim_chance(sim, 30);
    return policy;
}

static void put_policy(const struct sim *sim, struct json_out *out,
                       const struct policy *policy)
{
    const struct model *model = &sim->model;
    json_begin(out, NULL);
    json_put_cstr(out, "sku", model->skus[policy->sku].code);
    json_put_cstr(out, "location", model->places[policy->place].code);
    if (policy->channel >= 0)
        json_put_cstr(out, "channel", model->channels[policy->channel].code);
    if (policy->has_safety)
        json_put_i64(out, "safety_stock", policy->safety);
    if (policy->has_low)
        json_put_i64(out, "low_stock", policy->low);
    if (policy->clears)
        json_put_null(out, policy->channel >= 0 ? "safety_stock" : "low_stock");
    json_end_object(out);
}

static const char *apply_policy(struct model *model,
                                const struct policy *policy)
{
    const struct m_sku *sku = &model->skus[policy->sku];
    struct m_level *level = &model->levels[policy->sku][policy->place];
    if (sku->part_count > 0)
        return "sku_is_kit";
    if (!level->is_there && !sku->is_tracked)
        return "sku_untracked";
    level->is_there = true;
    if (policy->channel >= 0) {
        level->policies[policy->channel].is_there = !policy->clears;
        level->policies[policy->channel].safety = policy->safety;
        return "";
    }
    if (policy->has_safety)
        level->safety = policy->safety;
    if (policy->has_low || policy->clears) {
        level->has_low = policy->has_low;
        level->low = policy->low;
    }
    return "";
}

void step_policy(struct sim *sim)
{
    enum { ITEMS = 4 };
    struct policy items[ITEMS];
    struct json_out out;
    struct json_list list;
    int count = (int)sim_between(sim, 1, ITEMS);
    struct call *call = sim_begin(sim, "setPolicies", &out);
    json_begin_list(&out, "items");
    for (int i = 0; i < count; i++) {
        items[i] = pick_policy(sim);
        put_policy(sim, &out, &items[i]);
    }
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (!sim_ended(sim, call, "") ||
        !sim_expect(sim,
                    json_get_list(call->json, "items", 1, ITEMS, &list) == OK &&
                        list.count == (size_t)count,
                    "setPolicies: must answer %d items", count)) {
        call_close(call);
        return;
    }
    for (int i = 0; i < count; i++) {
        struct json_in *in = NULL, *error = NULL;
        const char *code = apply_policy(&sim->model, &items[i]);
        bool is_read = json_list_object(&list, (size_t)i, &in) == OK &&
                       json_opt_object(in, "error", &error) == OK;
        sim_expect(sim,
                   is_read &&
                       (code[0] == '\0'
                            ? error == NULL
                            : error && sim_has_text(error, "code", code)),
                   "setPolicies: item %d must end with \"%s\"", i, code);
    }
    call_close(call);
}
