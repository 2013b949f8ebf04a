/* step_supply.c - goods received, announced, moved between places, counted. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

static const char *const inward_names[] = {"available", "damaged",
                                           "quality_control"};

static int any_sku(struct sim *sim)
{
    return (int)sim_between(sim, 0, sim->model.sku_count - 1);
}

static int any_place(struct sim *sim)
{
    return (int)sim_between(sim, 0, sim->model.place_count - 1);
}

static struct m_level *level_of(struct sim *sim, int sku, int place)
{
    return &sim->model.levels[sku][place];
}

static const char *if_tracked(const struct sim *sim, int sku, const char *then)
{
    return sim->model.skus[sku].is_tracked ? then : "sku_untracked";
}

/* ---- receipts and what is expected ---- */

static void put_receipt(struct sim *sim, struct json_out *out, int sku,
                        int64_t qty, int bucket)
{
    json_begin_list(out, "lines");
    json_begin(out, NULL);
    json_put_cstr(out, "sku", sim->model.skus[sku].code);
    json_put_i64(out, "quantity", qty);
    json_put_cstr(out, "bucket", inward_names[bucket]);
}

static void receive(struct sim *sim, struct m_supply *supply)
{
    struct json_out out;
    int sku = supply ? supply->sku : any_sku(sim);
    int place = supply ? supply->place : any_place(sim);
    int bucket = sim_chance(sim, 70) ? 0 : (int)sim_between(sim, 1, 2);
    int64_t left = supply ? supply->qty - supply->received : 0;
    int64_t qty =
        supply ? sim_between(sim, 1, left + 2) : sim_between(sim, 1, 60);
    struct call *call = sim_begin(sim, "createReceipt", &out);
    json_put_cstr(&out, "location", sim->model.places[place].code);
    put_receipt(sim, &out, sku, qty, bucket);
    if (supply)
        json_put_id(&out, "expected_receipt", "sup", supply->id);
    json_end_object(&out);
    json_end_list(&out);
    sim_body(call, &out);
    const char *code = "";
    if (supply && supply->is_cancelled)
        code = "state";
    else if (supply && qty > left)
        code = "over_received";
    sim_call(sim, call);
    code = if_tracked(sim, sku, code);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_level *level = level_of(sim, sku, place);
        level->is_there = true;
        level->on_hand += qty;
        level->blocked[bucket] += bucket ? qty : 0;
        if (supply) {
            supply->received += qty;
            supply->version++;
            level->incoming -= qty;
        }
    }
    call_close(call);
}

static void expect_goods(struct sim *sim)
{
    struct model *model = &sim->model;
    struct json_out out;
    struct m_supply supply = {.sku = any_sku(sim), .place = any_place(sim)};
    if (model->supply.count == M_SUPPLIES)
        return;
    supply.qty = sim_between(sim, 1, 40);
    supply.version = 1;
    struct call *call = sim_begin(sim, "createExpectedReceipt", &out);
    json_put_cstr(&out, "sku", model->skus[supply.sku].code);
    json_put_cstr(&out, "location", model->places[supply.place].code);
    json_put_i64(&out, "quantity", supply.qty);
    json_put_time(&out, "expected_at",
                  sim->now + sim_between(sim, -1000000, 1000000));
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = if_tracked(sim, supply.sku, "");
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_level *level = level_of(sim, supply.sku, supply.place);
        level->is_there = true;
        level->incoming += supply.qty;
        supply.id = sim_id(call->json, "id", "sup");
        model->supply.at[model->supply.count++] = supply;
    }
    call_close(call);
}

static void cancel_expected(struct sim *sim, struct m_supply *supply)
{
    struct call *call = call_open("cancelExpectedReceipt");
    str query =
        str_printf(call->ctx.arena, "version=%lld", (long long)supply->version);
    bool is_open = !supply->is_cancelled && supply->received < supply->qty;
    call->now = sim->now;
    call->key = str_printf(call->ctx.arena, "key-%lld",
                           (long long)++sim->model.key_count);
    call->query = str_to_cstr(call->ctx.arena, query);
    sim_path(call, 0, "sup", supply->id);
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, is_open ? "" : "state") && is_open) {
        level_of(sim, supply->sku, supply->place)->incoming -=
            supply->qty - supply->received;
        supply->is_cancelled = true;
        supply->version++;
    }
    call_close(call);
}

/* ---- transfers ---- */

static struct call *transfer_call(struct sim *sim, const char *operation,
                                  const struct m_transfer *transfer,
                                  int64_t qty)
{
    struct json_out out;
    struct call *call = sim_begin(sim, operation, &out);
    json_put_i64(&out, "version", transfer->version);
    if (qty > 0) {
        json_begin_list(&out, "items");
        json_begin(&out, NULL);
        json_put_i64(&out, "line", 1);
        json_put_i64(&out, "quantity", qty);
        json_end_object(&out);
        json_end_list(&out);
    }
    sim_path(call, 0, "trf", transfer->id);
    sim_body(call, &out);
    sim_call(sim, call);
    return call;
}

static bool draft(struct sim *sim, struct m_transfer *transfer)
{
    struct model *model = &sim->model;
    struct json_out out;
    struct call *call = sim_begin(sim, "createTransfer", &out);
    json_put_cstr(&out, "from", model->places[transfer->from].code);
    json_put_cstr(&out, "to", model->places[transfer->to].code);
    json_begin_list(&out, "lines");
    json_begin(&out, NULL);
    json_put_cstr(&out, "sku", model->skus[transfer->sku].code);
    json_put_i64(&out, "quantity", transfer->qty);
    json_end_object(&out);
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = transfer->from == transfer->to
                           ? "same_location"
                           : if_tracked(sim, transfer->sku, "");
    bool is_fine = sim_ended(sim, call, code) && code[0] == '\0';
    if (is_fine)
        transfer->id = sim_id(call->json, "id", "trf");
    call_close(call);
    return is_fine;
}

static void start_transfer(struct sim *sim)
{
    struct model *model = &sim->model;
    struct m_transfer t = {.sku = any_sku(sim),
                           .from = any_place(sim),
                           .to = any_place(sim),
                           .version = 1};
    t.qty = sim_between(sim, 1, 25);
    if (model->supply.transfer_count == M_TRANSFERS || !draft(sim, &t))
        return;
    struct m_level *level = level_of(sim, t.sku, t.from);
    const char *code = m_available(level) < t.qty ? "not_enough_stock" : "";
    struct call *call = transfer_call(sim, "readyTransfer", &t, 0);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        level->reserved += t.qty;
        t.version++;
        model->supply.transfers[model->supply.transfer_count++] = t;
    }
    call_close(call);
}

static void ship(struct sim *sim, struct m_transfer *t)
{
    int64_t left = t->qty - t->shipped;
    int64_t qty = sim_between(sim, 1, left + 1);
    const char *code = t->is_done ? "state" : qty > left ? "over_shipped" : "";
    struct call *call = transfer_call(sim, "shipTransfer", t, qty);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_level *from = level_of(sim, t->sku, t->from);
        struct m_level *to = level_of(sim, t->sku, t->to);
        from->on_hand -= qty;
        from->reserved -= qty;
        to->incoming += qty;
        to->is_there = true;
        t->shipped += qty;
        t->version++;
    }
    call_close(call);
}

static void arrive(struct sim *sim, struct m_transfer *t)
{
    int64_t left = t->shipped - t->received;
    int64_t qty = sim_between(sim, 1, left + 1);
    const char *code = t->is_done || t->shipped == 0 ? "state"
                       : qty > left                  ? "over_received"
                                                     : "";
    struct call *call = transfer_call(sim, "receiveTransfer", t, qty);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_level *to = level_of(sim, t->sku, t->to);
        to->on_hand += qty;
        to->incoming -= qty;
        t->received += qty;
        t->is_done = t->received == t->qty;
        t->version++;
        sim_expect(sim,
                   sim_has_text(call->json, "state",
                                t->is_done ? "received" : "partially_received"),
                   "receiveTransfer: the state is another");
    }
    call_close(call);
}

static void close_transfer(struct sim *sim, struct m_transfer *t)
{
    const char *code = t->is_done || t->shipped == 0 ? "state" : "";
    struct call *call = transfer_call(sim, "closeTransfer", t, 0);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        level_of(sim, t->sku, t->from)->reserved -= t->qty - t->shipped;
        level_of(sim, t->sku, t->to)->incoming -= t->shipped - t->received;
        t->is_done = true;
        t->version++;
    }
    call_close(call);
}

/* ---- counts ---- */

static struct call *count_call(struct sim *sim, const char *operation,
                               int64_t id, int64_t version)
{
    struct json_out out;
    struct call *call = sim_begin(sim, operation, &out);
    json_put_i64(&out, "version", version);
    sim_path(call, 0, "cnt", id);
    sim_body(call, &out);
    sim_call(sim, call);
    return call;
}

static int64_t open_count(struct sim *sim, int place)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "createCount", &out);
    json_put_cstr(&out, "location", sim->model.places[place].code);
    json_put_cstr(&out, "name", "cycle");
    sim_body(call, &out);
    sim_call(sim, call);
    int64_t id = sim_ended(sim, call, "") ? sim_id(call->json, "id", "cnt") : 0;
    call_close(call);
    return id;
}

/* One that a short pick opened: of its SKUs alone. */
static int64_t find_count(struct sim *sim, int *ret_place)
{
    struct json_list list = {0};
    struct call *call = call_open("listCounts");
    call->query = "state=open&limit=250";
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    int64_t id = 0;
    if (sim_ended(sim, call, "") &&
        json_get_list(call->json, "items", 0, 250, &list) == OK)
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in;
            if (json_list_object(&list, i, &in) != OK)
                break;
            if (sim_has_text(in, "scope", "skus") &&
                (id == 0 || sim_chance(sim, 50))) {
                id = sim_id(in, "id", "cnt");
                *ret_place =
                    m_place_of(&sim->model, sim_id(in, "location_id", "loc"));
            }
        }
    call_close(call);
    return id;
}

/* Others than those it asks for are refused. */
static bool enter_count(struct sim *sim, int64_t id, int sku, int64_t found,
                        bool is_some)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "enterCount", &out);
    json_begin_list(&out, "items");
    json_begin(&out, NULL);
    json_put_cstr(&out, "sku", sim->model.skus[sku].code);
    json_put_i64(&out, "quantity", found);
    json_end_object(&out);
    json_end_list(&out);
    sim_path(call, 0, "cnt", id);
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = if_tracked(sim, sku, "");
    bool is_other = is_some && strcmp(call->code, "not_in_scope") == 0;
    bool is_fine = !is_other && sim_ended(sim, call, code) && code[0] == '\0';
    call_close(call);
    return is_fine;
}

static void count_stock(struct sim *sim)
{
    int sku = any_sku(sim), place = any_place(sim);
    int64_t by = sim_between(sim, -6, 6);
    int64_t id = sim_chance(sim, 60) ? find_count(sim, &place) : 0;
    bool is_some = id != 0;
    if (id == 0)
        id = open_count(sim, place);
    int64_t found = 0;
    bool is_entered = false;
    struct m_level *level = NULL;
    for (int i = 0; i < (is_some ? sim->model.sku_count : 1) && id != 0 &&
                    !is_entered && !sim->is_wrong;
         i++) {
        sku = (sku + i) % sim->model.sku_count;
        level = level_of(sim, sku, place);
        found = level->on_hand + by > 0 ? level->on_hand + by : 0;
        is_entered = enter_count(sim, id, sku, found, is_some);
    }
    if (!is_entered)
        return;
    by = found - level->on_hand;
    level->is_there = true;
    if (sim_chance(sim, 50)) /* What moves now is not counted away. */
        receive(sim, NULL);
    struct call *call = count_call(sim, "reviewCount", id, 1);
    (void)sim_ended(sim, call, "");
    call_close(call);
    int64_t held = -by < level->blocked[3] ? -by : level->blocked[3];
    bool fits = by >= 0 || level->on_hand - m_claimed(level) + held >= -by;
    call = count_call(sim, "postCount", id, 2);
    if (sim_ended(sim, call, "")) {
        level->on_hand += fits ? by : 0;
        level->blocked[3] -= fits && by < 0 ? held : 0;
        sim_expect(
            sim, sim_has_text(call->json, "state", fits ? "posted" : "review"),
            "postCount: the state is another");
    }
    call_close(call);
}

void step_supply(struct sim *sim)
{
    struct model *model = &sim->model;
    struct m_supply *supply = NULL;
    struct m_transfer *transfer = NULL;
    int64_t pick = sim_between(sim, 0, 9);
    if (model->supply.count > 0)
        supply =
            &model->supply.at[sim_between(sim, 0, model->supply.count - 1)];
    if (model->supply.transfer_count > 0)
        transfer = &model->supply.transfers[sim_between(
            sim, 0, model->supply.transfer_count - 1)];
    if (pick < 2)
        receive(sim, NULL);
    else if (pick == 2 || (pick <= 4 && !supply))
        expect_goods(sim);
    else if (pick == 3)
        receive(sim, supply);
    else if (pick == 4)
        cancel_expected(sim, supply);
    else if (pick == 5 || (pick <= 8 && !transfer))
        start_transfer(sim);
    else if (pick == 6)
        ship(sim, transfer);
    else if (pick == 7)
        arrive(sim, transfer);
    else if (pick == 8 && sim_chance(sim, 40))
        close_transfer(sim, transfer);
    else
        count_stock(sim);
}
