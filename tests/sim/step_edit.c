/* step_edit.c - orders are changed: what a preview says is what is done. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "later.h"
#include "pay.h"

static const char *const names[M_EDIT_TYPES] = {
    "set_quantity", "remove_line",  "add_line",
    "set_price",    "set_discount", "order_discount",
    "set_charges",  "set_address",  "set_ship_date"};

static struct m_order *order, after;
static struct m_edit edit;
static struct m_edit_plan plan;

/* ---- what is asked for ---- */

struct m_line edit_line(struct sim *sim)
{
    struct m_line line = {
        .sku = (int)sim_between(sim, 0, sim->model.sku_count - 1),
        .qty = sim_between(sim, 1, 5),
        .price = sim_chance(sim, 10) ? 0 : sim_between(sim, 1, 9999)};
    int64_t gross = line.qty * line.price;
    line.discount = sim_chance(sim, 30) ? sim_between(sim, 0, gross) : 0;
    line.tax = sim_between(sim, 0, (gross - line.discount) / 5);
    return line;
}

static int64_t some_units(struct sim *sim, const struct m_line *line)
{
    int64_t kept = line->shipped - line->returned - line->written_off;
    int64_t left = m_line_left(line);
    if (kept > 0 && sim_chance(sim, 10))
        return kept - 1;
    if (sim_chance(sim, 50))
        return left + sim_between(sim, 0, 4);
    return sim_between(sim, kept, left);
}

static int64_t some_amount(struct sim *sim, enum m_edit_type type,
                           const struct m_line *line)
{
    int64_t worth = m_line_worth(order, line);
    if (type == M_SET_QUANTITY)
        return some_units(sim, line);
    if (type == M_SET_PRICE)
        return sim_between(sim, 0, 9999);
    if (type == M_SET_DISCOUNT)
        return sim_between(sim, 0, worth + worth / 8);
    if (type == M_ORDER_DISCOUNT)
        return sim_between(sim, 0, m_worth(order) / 2);
    return type == M_SET_CHARGES ? sim_between(sim, 0, 1500) : 0;
}

/* One kind for each line at most, the lines in their order: whose units are
 * found first follows from it. */
static void make(struct sim *sim)
{
    int count = (int)sim_between(sim, 1, 3);
    int line = -1, room = M_LINES - order->line_count;
    edit = (struct m_edit){.count = 0};
    while (edit.count < count && line < order->line_count - 1) {
        struct m_edit_action *at = &edit.at[edit.count++];
        line = (int)sim_between(sim, line + 1, order->line_count - 1);
        at->type = (enum m_edit_type)sim_between(sim, 0, M_EDIT_TYPES - 1);
        if (at->type == M_ADD_LINE || at->type >= M_SET_ADDRESS)
            at->type = M_SET_QUANTITY;
        at->line = line;
        at->amount = some_amount(sim, at->type, &order->lines[line]);
        at->tax = sim_chance(sim, 20) ? sim_between(sim, 0, at->amount / 4)
                                      : M_TAX_KEPT;
    }
    for (int i = 0; i < edit.count; i++)
        if (edit.at[i].type == M_REMOVE_LINE ||
            edit.at[i].type == M_ORDER_DISCOUNT)
            edit.at[i].tax = M_TAX_KEPT;
    if (sim_chance(sim, 2))
        edit.at[0].line = order->line_count;
    for (int i = 0; i < 2 && i < room && sim_chance(sim, 30); i++)
        edit.at[edit.count++] =
            (struct m_edit_action){.type = M_ADD_LINE, .add = edit_line(sim)};
    if (edit.count < M_ACTIONS && sim_chance(sim, 8))
        edit.at[edit.count++] = (struct m_edit_action){
            .type = sim_chance(sim, 50) ? M_SET_ADDRESS : M_SET_SHIP_DATE,
            .at = sim->now + sim_between(sim, -600000, 7200000)};
}

static void put_amount(struct json_out *out, const char *key, int64_t minor)
{
    json_put_money(out, key, (money){minor, "EUR"});
}

void edit_put_line(const struct sim *sim, struct json_out *out, const char *key,
                   const struct m_line *line)
{
    json_begin(out, key);
    json_put_cstr(out, "sku", sim->model.skus[line->sku].code);
    json_put_i64(out, "quantity", line->qty);
    put_amount(out, "unit_price", line->price);
    if (line->discount)
        put_amount(out, "discount", line->discount);
    if (line->tax) {
        json_begin_list(out, "tax_lines");
        json_begin(out, NULL);
        json_put_cstr(out, "name", "VAT");
        json_put_i64(out, "rate_ppm", 190000);
        put_amount(out, "amount", line->tax);
        json_end_object(out);
        json_end_list(out);
    }
    json_end_object(out);
}

static void put_address(struct json_out *out)
{
    json_begin(out, "shipping_address");
    json_put_cstr(out, "name", "A Person");
    json_put_cstr(out, "line1", "Markt 2");
    json_put_cstr(out, "city", "Hamburg");
    json_put_cstr(out, "postal_code", "20457");
    json_put_cstr(out, "country", "DE");
    json_end_object(out);
}

static void put_action(const struct sim *sim, struct json_out *out,
                       const struct m_edit_action *at)
{
    json_begin(out, NULL);
    json_put_cstr(out, "type", names[at->type]);
    if (at->type == M_SET_QUANTITY || at->type == M_REMOVE_LINE ||
        at->type == M_SET_PRICE || at->type == M_SET_DISCOUNT)
        json_put_i64(out, "line", at->line + 1);
    switch (at->type) {
    case M_SET_QUANTITY: json_put_i64(out, "quantity", at->amount); break;
    case M_ADD_LINE: edit_put_line(sim, out, "add", &at->add); break;
    case M_SET_PRICE: put_amount(out, "unit_price", at->amount); break;
    case M_SET_DISCOUNT:
    case M_ORDER_DISCOUNT: put_amount(out, "discount", at->amount); break;
    case M_SET_CHARGES: put_amount(out, "total", at->amount); break;
    case M_SET_ADDRESS: put_address(out); break;
    case M_SET_SHIP_DATE: json_put_time(out, "fulfil_at", at->at); break;
    case M_REMOVE_LINE:
    case M_EDIT_TYPES: break;
    }
    if (at->type != M_ADD_LINE && at->type < M_SET_ADDRESS &&
        at->tax != M_TAX_KEPT)
        put_amount(out, "tax", at->tax);
    json_end_object(out);
}

static void put_draft(const struct sim *sim, struct json_out *out,
                      int64_t version)
{
    json_put_i64(out, "version", version);
    json_put_cstr(out, "reason", "the buyer called");
    json_begin_list(out, "actions");
    for (int i = 0; i < edit.count; i++)
        put_action(sim, out, &edit.at[i]);
    json_end_list(out);
}

/* ---- what it must come to ---- */

static bool has(enum m_edit_type type)
{
    for (int i = 0; i < edit.count; i++)
        if (edit.at[i].type == type)
            return true;
    return false;
}

/* Where it goes and when is of what has not left. */
static const char *why_not_way(const struct g_fos *fos)
{
    for (int i = 0; i < fos->count && has(M_SET_ADDRESS); i++)
        if (!g_is_over(&fos->at[i]) && g_is_elsewhere(&fos->at[i]))
            return "asked_elsewhere";
    for (int i = 0; i < fos->count && has(M_SET_SHIP_DATE); i++)
        if (!g_is_over(&fos->at[i]) && !g_is(&fos->at[i], "scheduled"))
            return "already_released";
    return "";
}

/* Some of it may have a label already. */
static bool may_be_labelled(const struct g_fos *fos)
{
    for (int i = 0; i < fos->count; i++)
        for (int j = 0; j < fos->at[i].line_count; j++)
            if (fos->at[i].lines[j].packed > fos->at[i].lines[j].shipped)
                return true;
    return false;
}

struct forecast {
    const char *code;  /* Of what it says on paper, */
    const char *done;  /* and of doing it. */
    bool may_be_stuck; /* In somebody's hand, whose units cannot be told. */
    bool may_free;     /* What it cuts may be what it adds: a kit, its part. */
    bool may_be_labelled;
    bool may_wait;          /* Nobody knows where its added units are. */
    int64_t found[M_LINES]; /* As its preview said; -1: it said nothing. */
};

static struct forecast forecast_of(struct sim *sim)
{
    static struct g_fos fos;
    struct forecast ret = {
        .code = m_edit_plan(&sim->model, order, &edit, &after, &plan)};
    struct m_leaving found;
    ret.done = ret.code;
    for (int i = 0; i < M_LINES; i++)
        ret.found[i] = -1;
    if (ret.code[0] != '\0' || !goods_read(sim, order, &fos))
        return ret;
    for (int i = 0; i < order->line_count; i++)
        if (plan.added[i] > 0 && order->lines[i].replaces > 0)
            ret.code = ret.done = "over_replaced";
    if (ret.code[0] != '\0')
        return ret;
    ret.code = ret.done = why_not_way(&fos);
    ret.may_be_labelled = has(M_SET_ADDRESS) && may_be_labelled(&fos);
    for (int i = 0; i < order->line_count && ret.done[0] == '\0'; i++) {
        const struct m_line *line = &order->lines[i];
        ret.may_be_stuck |= plan.cut[i] > 0 && line->in_hand > 0;
        ret.may_free |= plan.cut[i] > 0;
        if (plan.hand[i] > 0 || plan.cut[i] > m_open(line) - line->elsewhere)
            ret.done = "units_in_work";
    }
    ret.may_wait = sim->model.channels[order->channel].refuses &&
                   m_edit_is_unsure(&sim->model, &after, &plan);
    if (ret.done[0] == '\0' &&
        m_edit_find(&sim->model, &after, &plan, &found) &&
        sim->model.channels[order->channel].refuses)
        ret.done = "out_of_stock";
    return ret;
}

/* It ended so, or in a way that only the house can tell; whether it is done. */
static bool ended(struct sim *sim, const struct call *call, const char *code,
                  const struct forecast *f, bool is_done)
{
    if (f->may_be_labelled && strcmp(call->code, "parcel_labelled") == 0 &&
        strcmp(code, "stale") != 0)
        return false;
    if (is_done && f->may_wait && code[0] == '\0' &&
        strcmp(call->code, "out_of_stock") == 0)
        return false;
    if (is_done && f->may_be_stuck &&
        strcmp(call->code, "units_in_work") == 0 &&
        (code[0] == '\0' || strcmp(code, "out_of_stock") == 0))
        return false;
    if (is_done && f->may_free && call->code[0] == '\0' &&
        strcmp(code, "out_of_stock") == 0)
        code = "";
    return sim_ended(sim, call, code) && code[0] == '\0';
}

/* ---- looked at ---- */

static bool cuts_any(void)
{
    for (int i = 0; i < order->line_count; i++)
        if (plan.cut[i] > 0)
            return true;
    return false;
}

static void compare_line(struct sim *sim, struct json_in *in)
{
    int64_t n = sim_i64(in, "n");
    if (!sim_expect(sim, n >= 1 && n <= after.line_count,
                    "%s: a preview of line %lld", order->external,
                    (long long)n))
        return;
    const struct m_line *line = &after.lines[n - 1];
    sim_expect(sim,
               sim_i64(in, "quantity_after") == m_line_left(line) &&
                   pay_minor(in, "total_after") == m_line_worth(&after, line) &&
                   pay_minor(in, "tax_after") == line->tax - line->gone.tax &&
                   pay_minor(in, "discount_after") ==
                       line->discount - line->gone.discount,
               "%s line %lld: a preview comes to %lld for %lld units, tax "
               "%lld, and must come to %lld, tax %lld",
               order->external, (long long)n,
               (long long)pay_minor(in, "total_after"),
               (long long)sim_i64(in, "quantity_after"),
               (long long)pay_minor(in, "tax_after"),
               (long long)m_line_worth(&after, line),
               (long long)(line->tax - line->gone.tax));
}

static void compare_preview(struct sim *sim, struct json_in *in,
                            struct forecast *f)
{
    struct json_list lines, places;
    struct json_in *at;
    sim_expect(sim,
               pay_minor(in, "total_before") == m_worth(order) &&
                   pay_minor(in, "total_after") == m_worth(&after) &&
                   pay_minor(in, "balance_after") == m_balance(&after) &&
                   sim_i64(in, "order_version") == order->version,
               "%s: a preview comes to %lld of %lld and must come to %lld of "
               "%lld",
               order->external, (long long)pay_minor(in, "total_after"),
               (long long)pay_minor(in, "total_before"),
               (long long)m_worth(&after), (long long)m_worth(order));
    if (!sim_expect(sim,
                    json_get_list(in, "lines", 0, M_LINES, &lines) == OK &&
                        json_get_list(in, "allocations", 0, 1000, &places) ==
                            OK,
                    "%s: a preview without lines", order->external))
        return;
    for (size_t i = 0; i < lines.count && !sim->is_wrong; i++)
        if (json_list_object(&lines, i, &at) == OK)
            compare_line(sim, at);
    memset(f->found, 0, sizeof(f->found));
    for (size_t i = 0; i < places.count; i++)
        if (json_list_object(&places, i, &at) == OK)
            f->found[sim_i64(at, "n") - 1] += sim_i64(at, "quantity");
}

static void preview(struct sim *sim, int64_t id, struct forecast *f)
{
    struct json_out out;
    struct call *call = sim_begin(
        sim, id ? "previewOrderChange" : "previewNewOrderChange", &out);
    sim_path(call, 0, id ? "chg" : "ord", id ? id : order->id);
    if (!id)
        put_draft(sim, &out, order->version);
    sim_body(call, &out);
    call->key = STR_NONE;
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (ended(sim, call, f->code, f, false))
        compare_preview(sim, call->json, f);
    call_close(call);
}

/* ---- done ---- */

/* Where the units were that were given up, the house says. */
static void free_cut(struct sim *sim, struct json_in *page, int at)
{
    struct m_line *line = &after.lines[at];
    int64_t now[M_PLACES] = {0};
    int64_t qty = order->lines[at].allocated - line->allocated;
    if (!line->takes_stock || plan.cut[at] == 0 ||
        !order_places(sim, page, at, now))
        return;
    for (int i = 0; i < M_PLACES; i++) {
        int64_t freed = m_held_at(line, i) - now[i];
        if (freed > 0)
            m_free(&sim->model, line, i, freed);
        qty -= freed;
        sim_expect(sim, freed >= 0, "%s line %d: a change allocated units",
                   order->external, at + 1);
    }
    sim_expect(sim, qty == 0, "%s line %d: %lld units were not freed",
               order->external, at + 1, (long long)qty);
}

void edit_follow(struct sim *sim, struct json_in *page, struct m_order *of,
                 const struct m_order *now, const struct m_edit_plan *did)
{
    struct m_leaving found;
    order = of;
    if (now != &after)
        after = *now;
    if (did != &plan)
        plan = *did;
    for (int i = 0; i < order->line_count; i++)
        free_cut(sim, page, i);
    if (sim->is_wrong)
        return;
    (void)m_edit_find(&sim->model, &after, &plan, &found);
    m_edit_take(&sim->model, &after, &plan, &found);
    *order = after;
    order->version++;
    goods_untracked(page, order);
    order_settle(order);
    order_compare(sim, page, order);
}

static struct call *begin(struct sim *sim, const char *operation, int64_t id,
                          int64_t version, struct json_out *out,
                          bool *ret_is_stale)
{
    struct call *call = sim_begin(sim, operation, out);
    *ret_is_stale = sim_chance(sim, 4);
    sim_path(call, 0, "chg", id);
    json_put_i64(out, "version", version + *ret_is_stale);
    return call;
}

/* Asked for, declined, taken back; the version after it. */
static int64_t say(struct sim *sim, const char *operation, int64_t id,
                   int64_t version, bool is_allowed, const char *state)
{
    struct json_out out;
    bool is_stale;
    struct call *call = begin(sim, operation, id, version, &out, &is_stale);
    if (strcmp(operation, "declineOrderChange") == 0)
        json_put_cstr(&out, "reason", "no");
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = is_stale ? "stale" : is_allowed ? "" : "change_state";
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        version++;
        sim_expect(sim,
                   sim_has_text(call->json, "state", state) &&
                       sim_i64(call->json, "version") == version,
                   "%s: a change must be %s", order->external, state);
    }
    call_close(call);
    return version;
}

static void confirm(struct sim *sim, int64_t id, int64_t version,
                    int64_t drafted_at, bool is_requested)
{
    struct json_out out;
    struct json_in *page;
    bool is_stale, is_seen = sim_chance(sim, 50);
    struct forecast f = forecast_of(sim);
    if (sim_chance(sim, 40))
        preview(sim, id, &f);
    struct call *call =
        begin(sim, "confirmOrderChange", id, version, &out, &is_stale);
    if (is_seen)
        json_put_i64(&out, "order_version", order->version);
    sim_body(call, &out);
    const char *code = is_stale        ? "stale"
                       : !is_requested ? "change_state"
                       : !is_seen && drafted_at != order->version ? "stale"
                                                                  : f.done;
    sim_call(sim, call);
    if (ended(sim, call, code, &f, true) &&
        sim_expect(sim, json_get_object(call->json, "order", &page) == OK,
                   "%s: a change without its order", order->external)) {
        int64_t had[M_LINES] = {0};
        for (int i = 0; i < order->line_count; i++)
            had[i] = order->lines[i].allocated;
        edit_follow(sim, page, order, &after, &plan);
        for (int i = 0; i < order->line_count && !cuts_any(); i++)
            sim_expect(sim,
                       f.found[i] < 0 || plan.added[i] == 0 ||
                           !order->lines[i].takes_stock ||
                           order->lines[i].allocated - had[i] == f.found[i],
                       "%s line %d: a preview found %lld units and %lld came",
                       order->external, i + 1, (long long)f.found[i],
                       (long long)(order->lines[i].allocated - had[i]));
        sim->edits++;
    }
    call_close(call);
}

/* Drafted for the version that was seen; its id, or 0. */
static int64_t draft(struct sim *sim)
{
    struct json_out out;
    int64_t id = 0;
    bool is_stale = sim_chance(sim, 4);
    struct forecast f = forecast_of(sim);
    struct call *call = sim_begin(sim, "draftOrderChange", &out);
    sim_path(call, 0, "ord", order->id);
    put_draft(sim, &out, order->version + is_stale);
    sim_body(call, &out);
    const char *code = f.code[0] == '\0' && is_stale ? "stale" : f.code;
    sim_call(sim, call);
    if (ended(sim, call, code, &f, false)) {
        id = sim_id(call->json, "id", "chg");
        sim_expect(sim,
                   id > 0 && sim_has_text(call->json, "state", "draft") &&
                       sim_i64(call->json, "version") == 1 &&
                       sim_i64(call->json, "order_version") == order->version,
                   "%s: a change was not drafted", order->external);
    }
    call_close(call);
    return id;
}

/* Something else happens to the order in between. */
static void disturb(struct sim *sim)
{
    struct call *call = cancel_call(sim, order);
    sim_call(sim, call);
    cancel_judge(sim, call, order);
    call_close(call);
    step_wait(sim);
}

void edit_work(struct sim *sim, struct m_order *of)
{
    order = of;
    make(sim);
    if (sim_chance(sim, 20)) {
        struct forecast f = forecast_of(sim);
        preview(sim, 0, &f);
    }
    int64_t drafted_at = order->version, version = 1;
    int64_t id = sim->is_wrong ? 0 : draft(sim);
    if (id == 0 || sim->is_wrong)
        return;
    bool is_asked = sim_chance(sim, 95), is_open = true;
    if (is_asked)
        version = say(sim, "requestOrderChange", id, 1, true, "requested");
    is_asked = version > 1;
    if (sim_chance(sim, 5)) {
        version =
            say(sim, "declineOrderChange", id, version, is_asked, "declined");
        is_open = version == 1 + is_asked;
    } else if (sim_chance(sim, 4)) {
        version = say(sim, "cancelOrderChange", id, version, true, "cancelled");
        is_open = version == 1 + is_asked;
    } else if (sim_chance(sim, 8)) {
        disturb(sim);
    }
    if (!sim->is_wrong)
        confirm(sim, id, version, drafted_at, is_asked && is_open);
}
