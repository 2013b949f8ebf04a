/* step_master.c - SKUs, locations, channels, rankings: made and changed. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"

/* A code that is new, or now and then one that is taken. */
static bool pick_code(struct sim *sim, const char *prefix, int count,
                      char ret[24])
{
    bool is_taken = count > 0 && sim_chance(sim, 20);
    int n = is_taken ? (int)sim_between(sim, 0, count - 1) : count;
    snprintf(ret, 24, "%s-%d", prefix, n);
    return is_taken;
}

static void add_sku(struct sim *sim)
{
    struct model *model = &sim->model;
    struct m_sku sku = {.version = 1, .is_tracked = sim_chance(sim, 85)};
    struct json_out out;
    if (model->sku_count == M_SKUS)
        return;
    bool is_taken = pick_code(sim, "SKU", model->sku_count, sku.code);
    struct call *call = sim_begin(sim, "createSku", &out);
    json_put_cstr(&out, "code", sku.code);
    json_put_cstr(&out, "title", "A thing");
    json_put_bool(&out, "is_tracked", sku.is_tracked);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_taken ? "code_taken" : "") && !is_taken) {
        sku.id = sim_id(call->json, "id", "sku");
        model->skus[model->sku_count++] = sku;
    }
    call_close(call);
}

static void add_place(struct sim *sim)
{
    struct model *model = &sim->model;
    struct m_place place = {.version = 1, .is_active = true};
    struct json_out out;
    if (model->place_count == M_PLACES)
        return;
    static const char *const types[] = {"warehouse", "warehouse", "store",
                                        "3pl", "dropship"};
    const char *type = types[sim_between(sim, 0, COUNT_OF(types) - 1)];
    place.is_asked = strcmp(type, "warehouse") != 0;
    place.is_shipping = sim_chance(sim, 85);
    place.is_pickup = sim_chance(sim, 50);
    bool is_taken = pick_code(sim, "LOC", model->place_count, place.code);
    struct call *call = sim_begin(sim, "createLocation", &out);
    json_put_cstr(&out, "code", place.code);
    json_put_cstr(&out, "name", "A place");
    json_put_cstr(&out, "type", type);
    json_put_bool(&out, "is_shipping", place.is_shipping);
    json_put_bool(&out, "is_pickup", place.is_pickup);
    json_begin(&out, "address");
    json_put_cstr(&out, "line1", "Speicher 1");
    json_put_cstr(&out, "city", "Hamburg");
    json_put_cstr(&out, "postal_code", "20457");
    json_put_cstr(&out, "country", "DE");
    json_end_object(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_taken ? "code_taken" : "") && !is_taken) {
        place.id = sim_id(call->json, "id", "loc");
        sim_expect(sim,
                   sim->place->consumers || /* Several writers. */
                       place.id >
                           (model->place_count
                                ? model->places[model->place_count - 1].id
                                : 0),
                   "ids of locations must rise");
        model->places[model->place_count++] = place;
    }
    call_close(call);
}

static void add_channel(struct sim *sim)
{
    struct model *model = &sim->model;
    static const char *const releases[] = {"always", "authorized", "paid"};
    struct m_channel channel = {.version = 1, .is_active = true};
    struct json_out out;
    if (model->channel_count == M_CHANNELS)
        return;
    channel.refuses = sim_chance(sim, 60);
    channel.is_inclusive = sim_chance(sim, 50);
    if (model->channel_count > 0)
        channel.release = (enum m_release)sim_between(sim, 0, M_PAID);
    bool is_taken = pick_code(sim, "CH", model->channel_count, channel.code);
    struct call *call = sim_begin(sim, "createChannel", &out);
    json_put_cstr(&out, "code", channel.code);
    json_put_cstr(&out, "name", "A shop");
    json_put_cstr(&out, "type", "web");
    json_put_cstr(&out, "currency", "EUR");
    json_put_cstr(&out, "tax_mode",
                  channel.is_inclusive ? "inclusive" : "exclusive");
    json_put_cstr(&out, "stock_policy",
                  channel.refuses ? "refuse" : "backorder");
    json_begin(&out, "payment");
    json_put_cstr(&out, "release", releases[channel.release]);
    json_end_object(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_taken ? "code_taken" : "") && !is_taken) {
        channel.id = sim_id(call->json, "id", "chn");
        model->channels[model->channel_count++] = channel;
    }
    call_close(call);
}

/* The version to send: sometimes an old one, which must be stale. */
static int64_t pick_version(struct sim *sim, int64_t version, bool *ret_stale)
{
    *ret_stale = sim_chance(sim, 20);
    return *ret_stale ? version + 1 : version;
}

/* Orders that took stock before keep what they took. */
static void change_sku(struct sim *sim)
{
    struct model *model = &sim->model;
    struct m_sku *sku = &model->skus[sim_between(sim, 0, model->sku_count - 1)];
    bool is_stale, is_tracked = sim_chance(sim, 85);
    struct json_out out;
    struct call *call = sim_begin(sim, "changeSku", &out);
    sim_path(call, 0, "sku", sku->id);
    json_put_i64(&out, "version", pick_version(sim, sku->version, &is_stale));
    json_put_bool(&out, "is_tracked", is_tracked);
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = is_stale ? "stale" : "";
    if (!is_stale && sku->part_count > 0 && is_tracked)
        code = "sku_is_kit";
    if (!is_stale && sku->is_tracked && !is_tracked &&
        kit_has(model, (int)(sku - model->skus)))
        code = "sku_is_component";
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        sku->version++;
        sku->is_tracked = is_tracked;
        sim_expect(sim, sim_i64(call->json, "version") == sku->version,
                   "%s must be at version %lld", sku->code,
                   (long long)sku->version);
    }
    call_close(call);
}

static void change_place(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->place_count == 0)
        return;
    struct m_place *place =
        &model->places[sim_between(sim, 0, model->place_count - 1)];
    bool is_stale, is_active = sim_chance(sim, 70);
    bool is_shipping = sim_chance(sim, 80);
    struct json_out out;
    struct call *call = sim_begin(sim, "changeLocation", &out);
    sim_path(call, 0, "loc", place->id);
    json_put_i64(&out, "version", pick_version(sim, place->version, &is_stale));
    json_put_bool(&out, "is_active", is_active);
    json_put_bool(&out, "is_shipping", is_shipping);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_stale ? "stale" : "") && !is_stale) {
        place->version++;
        place->is_active = is_active;
        place->is_shipping = is_shipping;
        if (!is_active) /* Also what came to stand there since it closed. */
            step_close(sim, (int)(place - model->places));
    }
    call_close(call);
}

static void change_channel(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->channel_count == 0)
        return;
    struct m_channel *channel =
        &model->channels[sim_between(sim, 0, model->channel_count - 1)];
    bool is_stale, is_active = sim_chance(sim, 92);
    bool refuses = sim_chance(sim, 60);
    struct json_out out;
    struct call *call = sim_begin(sim, "changeChannel", &out);
    sim_path(call, 0, "chn", channel->id);
    json_put_i64(&out, "version",
                 pick_version(sim, channel->version, &is_stale));
    json_put_bool(&out, "is_active", is_active);
    json_put_cstr(&out, "stock_policy", refuses ? "refuse" : "backorder");
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_stale ? "stale" : "") && !is_stale) {
        channel->version++;
        channel->is_active = is_active;
        channel->refuses = refuses;
    }
    call_close(call);
}

/* Some places in any order, or none: then all count. */
static int pick_ranking(struct sim *sim, int ret[M_PLACES])
{
    int count = 0;
    memset(ret, 0, M_PLACES * sizeof(*ret));
    if (sim_chance(sim, 20))
        return 0;
    for (int i = 0; i < sim->model.place_count; i++) {
        if (!sim_chance(sim, 70))
            continue;
        int to = (int)sim_between(sim, 0, count);
        for (int j = count; j > to; j--)
            ret[j] = ret[j - 1];
        ret[to] = i;
        count++;
    }
    return count;
}

static void change_ranking(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->channel_count == 0)
        return;
    struct m_channel *channel =
        &model->channels[sim_between(sim, 0, model->channel_count - 1)];
    int ranking[M_PLACES];
    int count = pick_ranking(sim, ranking);
    bool is_stale;
    struct json_out out;
    struct call *call = sim_begin(sim, "setChannelRouting", &out);
    sim_path(call, 0, "chn", channel->id);
    json_put_i64(&out, "version",
                 pick_version(sim, channel->ranking_version, &is_stale));
    json_begin_list(&out, "locations");
    for (int i = 0; i < count; i++)
        json_put_id(&out, NULL, "loc", model->places[ranking[i]].id);
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_stale ? "stale" : "") && !is_stale) {
        channel->ranking_version++;
        sim_expect(sim,
                   sim_i64(call->json, "version") == channel->ranking_version,
                   "a ranking's version must be %lld",
                   (long long)channel->ranking_version);
        channel->ranking_count = count;
        memcpy(channel->ranking, ranking, sizeof(ranking));
    }
    call_close(call);
}

void step_master(struct sim *sim)
{
    switch (sim_between(sim, 0, 10)) {
    case 0: add_sku(sim); return;
    case 1: add_place(sim); return;
    case 2: add_channel(sim); return;
    case 3:
    case 9:
    case 10: change_place(sim); return;
    case 4: change_channel(sim); return;
    case 5: change_sku(sim); return;
    default: change_ranking(sim); return;
    }
}

void step_setup(struct sim *sim)
{
    while (sim->model.sku_count < 6 && !sim->is_wrong)
        add_sku(sim);
    while (sim->model.place_count < 3 && !sim->is_wrong)
        add_place(sim);
    while (sim->model.channel_count < 2 && !sim->is_wrong)
        add_channel(sim);
}
