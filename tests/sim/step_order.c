/* step_order.c - orders: random ones, old ones again, many at once. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "later.h"
#include "pay.h"

enum { CLIENTS = 40 };

static void put_amount(struct json_out *out, const char *key, int64_t minor)
{
    json_put_money(out, key, (money){minor, "EUR"});
}

static struct m_line pick_line(struct sim *sim, int parity)
{
    struct m_line line = {.sku = -1};
    int count = sim->model.sku_count;
    if (!sim_chance(sim, 1) || parity >= 0)
        line.sku = (int)sim_between(sim, 0, count - 1);
    if (parity >= 0 && line.sku % 2 != parity)
        line.sku = line.sku > 0 ? line.sku - 1 : 1;
    line.qty =
        sim_chance(sim, 90) ? sim_between(sim, 1, 6) : sim_between(sim, 7, 80);
    line.price = sim_between(sim, 0, 9999);
    int64_t gross = line.qty * line.price;
    line.discount = sim_chance(sim, 30) ? sim_between(sim, 0, gross) : 0;
    line.tax = sim_between(sim, 0, (gross - line.discount) / 5);
    return line;
}

static void put_tax(struct json_out *out, int64_t amount)
{
    json_begin_list(out, "tax_lines");
    json_begin(out, NULL);
    json_put_cstr(out, "name", "VAT");
    json_put_i64(out, "rate_ppm", 190000);
    put_amount(out, "amount", amount);
    json_end_object(out);
    json_end_list(out);
}

static void put_line(const struct sim *sim, struct json_out *out,
                     const struct m_line *line)
{
    json_begin(out, NULL);
    json_put_cstr(out, "sku",
                  line->sku < 0 ? "NOBODY" : sim->model.skus[line->sku].code);
    json_put_i64(out, "quantity", line->qty);
    put_amount(out, "unit_price", line->price);
    if (line->discount)
        put_amount(out, "discount", line->discount);
    if (line->tax)
        put_tax(out, line->tax);
    json_end_object(out);
}

static int64_t tax_of(const struct m_order *order)
{
    int64_t sum = 0;
    for (int i = 0; i < order->line_count; i++)
        sum += order->lines[i].tax;
    return sum;
}

/* Few people with few addresses and phones among them, so that keys of one
 * order point at two customers again and again. By the order alone: a body
 * that is sent again must be the same. */
static void put_customer(struct json_out *out, const struct m_order *order)
{
    static const char *const cases[] = {"Person", "person", "PERSON"};
    uint64_t dice = str_hash(str_from_cstr(order->external));
    char email[40], phone[40];
    snprintf(email, sizeof(email), "%s%d@sim.example", cases[dice % 3],
             (int)(dice / 3 % SIM_EMAILS));
    snprintf(phone, sizeof(phone), dice % 2 ? "+49 30 10000%d" : "03010000%d",
             (int)(dice / 64 % SIM_PHONES));
    json_begin(out, "customer");
    if (dice / 512 % 4 > 0)
        json_put_cstr(out, "email", email);
    if (dice / 2048 % 4 > 0)
        json_put_cstr(out, "phone", phone);
    json_end_object(out);
    json_begin(out, "shipping_address");
    json_put_cstr(out, "name", "A Person");
    json_put_cstr(out, "line1", "Kai 1");
    json_put_cstr(out, "city", "Hamburg");
    json_put_cstr(out, "postal_code", "20457");
    json_put_cstr(out, "country", "DE");
    json_end_object(out);
}

static void put_order(const struct sim *sim, struct json_out *out,
                      const struct m_order *order)
{
    json_put_cstr(out, "channel",
                  order->channel < 0
                      ? "NOBODY"
                      : sim->model.channels[order->channel].code);
    json_put_cstr(out, "external_id", order->external);
    json_put_cstr(out, "currency", "EUR");
    if (order->fulfil_at)
        json_put_time(out, "fulfil_at", order->fulfil_at);
    if (order->held)
        json_put_id(out, "hold", "hld", order->held->id);
    if (order->is_pickup)
        json_put_cstr(out, "method", "pickup");
    if (order->is_pickup && order->pickup_at >= 0)
        json_put_cstr(out, "pickup_location",
                      sim->model.places[order->pickup_at].code);
    json_put_time(out, "placed_at", sim->now);
    put_customer(out, order);
    json_begin_list(out, "lines");
    for (int i = 0; i < order->line_count; i++)
        put_line(sim, out, &order->lines[i]);
    json_end_list(out);
    if (order->shipping) {
        json_begin_list(out, "shipping_lines");
        json_begin(out, NULL);
        json_put_cstr(out, "title", "Parcel");
        put_amount(out, "price", order->shipping);
        json_end_object(out);
        json_end_list(out);
    }
    json_begin(out, "totals");
    put_amount(out, "tax", tax_of(order));
    put_amount(out, "total", m_total(order) + (order->has_wrong_total ? 1 : 0));
    json_end_object(out);
}

void order_make(struct sim *sim, int parity, struct m_order *ret)
{
    struct model *model = &sim->model;
    *ret = (struct m_order){.channel = -1};
    if (parity >= 0 || !sim_chance(sim, 1))
        ret->channel = (int)sim_between(sim, 0, model->channel_count - 1);
    if (ret->channel >= 0)
        ret->is_inclusive = model->channels[ret->channel].is_inclusive;
    ret->line_count = sim_chance(sim, 70) ? (int)sim_between(sim, 1, 3)
                                          : (int)sim_between(sim, 1, M_LINES);
    for (int i = 0; i < ret->line_count; i++)
        ret->lines[i] = pick_line(sim, parity);
    ret->shipping = sim_chance(sim, 50) ? sim_between(sim, 1, 999) : 0;
    ret->has_wrong_total = sim_chance(sim, 2);
    ret->is_pickup = sim_chance(sim, 15);
    if (sim_chance(sim, 8))
        ret->fulfil_at = ret->sent_fulfil_at =
            sim->now + sim_between(sim, -3600000, 7200000);
    ret->pickup_at = -1;
    if (ret->is_pickup && sim_chance(sim, 60))
        ret->pickup_at = (int)sim_between(sim, 0, model->place_count - 1);
    snprintf(ret->external, sizeof(ret->external), "ext-%lld",
             (long long)++model->external_count);
    snprintf(ret->key, sizeof(ret->key), "order-%lld",
             (long long)++model->key_count);
}

struct call *order_call(struct sim *sim, const struct m_order *order)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "placeOrder", &out);
    put_order(sim, &out, order);
    sim_body(call, &out);
    if (order->body.len)
        call->body = str_copy(call->ctx.arena, order->body);
    call->key = str_copy(call->ctx.arena, str_from_cstr(order->key));
    return call;
}

/* ---- comparing ---- */

/* Units of a line by place, as its object says. */
static bool line_places(struct sim *sim, struct json_in *in,
                        int64_t ret[M_PLACES])
{
    struct json_list list;
    if (json_get_list(in, "allocations", 0, 100, &list) != OK)
        return false;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *row;
        if (json_list_object(&list, i, &row) != OK)
            return false;
        int place = m_place_of(&sim->model, sim_id(row, "location", "loc"));
        if (place < 0)
            return false;
        ret[place] += sim_i64(row, "quantity");
    }
    return true;
}

bool order_places(struct sim *sim, struct json_in *in, int at,
                  int64_t ret[M_PLACES])
{
    struct json_list list;
    struct json_in *line;
    return json_get_list(in, "lines", 1, M_LINES, &list) == OK &&
           json_list_object(&list, (size_t)at, &line) == OK &&
           line_places(sim, line, ret);
}

void order_settle(struct m_order *order)
{
    int64_t open = 0, left = 0;
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        open += m_open(line) + line->picked;
        left += line->qty + line->added - line->cancelled;
    }
    order->is_cancelled = left == 0;
    order->is_completed = left > 0 && open == 0;
    stops_over(order);
}

static bool compare_allocations(struct sim *sim, struct json_in *in,
                                const struct m_line *line)
{
    int64_t at[M_PLACES] = {0};
    if (!line_places(sim, in, at))
        return false;
    for (int i = 0; i < M_PLACES; i++) {
        if (at[i] != m_held_at(line, i))
            return false;
    }
    return true;
}

static bool compare_line(struct sim *sim, struct json_in *in,
                         const struct m_order *order, int i)
{
    const struct m_line *line = &order->lines[i];
    const struct m_sku *sku = &sim->model.skus[line->sku];
    bool is_same = sim_has_text(in, "sku", sku->code) &&
                   sim_i64(in, "quantity") == line->qty &&
                   sim_i64(in, "allocated") == line->allocated &&
                   sim_i64(in, "backordered") == line->backordered &&
                   (!json_has(in, "cancelled") ||
                    (sim_i64(in, "cancelled") == line->cancelled &&
                     sim_i64(in, "picked") == line->picked &&
                     sim_i64(in, "shipped") == line->shipped &&
                     sim_i64(in, "delivered") == line->delivered &&
                     sim_i64(in, "unallocated") == line->unallocated));
    if (json_has(in, "total_now") && !pay_compare_line(sim, in, order, i))
        return false;
    if (!sim_expect(
            sim, is_same,
            "%s line %d (%s): allocated must be %lld and is %lld, "
            "backordered %lld and is %lld, unallocated %lld and is %lld, "
            "shipped %lld and is %lld, delivered %lld and is %lld",
            order->external, i + 1, sku->code, (long long)line->allocated,
            (long long)sim_i64(in, "allocated"), (long long)line->backordered,
            (long long)sim_i64(in, "backordered"), (long long)line->unallocated,
            (long long)sim_i64(in, "unallocated"), (long long)line->shipped,
            (long long)sim_i64(in, "shipped"), (long long)line->delivered,
            (long long)sim_i64(in, "delivered")))
        return false;
    return !line->takes_stock ||
           sim_expect(sim, compare_allocations(sim, in, line),
                      "%s line %d (%s): the allocations are others",
                      order->external, i + 1, sku->code);
}

/* A receipt has `total`, an order's page has it in `totals`. */
static int64_t total_in(struct json_in *in)
{
    struct json_in *totals = NULL;
    money total = {.minor = -1};
    if (json_opt_object(in, "totals", &totals) != OK ||
        json_opt_money(totals ? totals : in, "total", "EUR", &total) != OK)
        return -1;
    return total.minor;
}

bool order_compare(struct sim *sim, struct json_in *in,
                   const struct m_order *order)
{
    struct json_list list;
    const char *status = order->is_cancelled   ? "cancelled"
                         : order->is_completed ? "completed"
                                               : "confirmed";
    if (!sim_expect(sim,
                    sim_id(in, "id", "ord") == order->id &&
                        sim_has_text(in, "external_id", order->external) &&
                        sim_has_text(in, "status", status) &&
                        sim_i64(in, "version") == order->version &&
                        total_in(in) == order->total,
                    "%s: must be %s at version %lld, total %lld; version is "
                    "%lld, total %lld",
                    order->external, status, (long long)order->version,
                    (long long)order->total, (long long)sim_i64(in, "version"),
                    (long long)total_in(in)))
        return false;
    if (json_has(in, "delivery_status") &&
        !sim_expect(sim,
                    sim_has_text(in, "delivery_status", "exception") ==
                        (order->bad_parcels > 0),
                    "%s: %d of its parcels are in trouble", order->external,
                    order->bad_parcels))
        return false;
    if (json_has(in, "payment") && !pay_compare_order(sim, in, order))
        return false;
    if (!sim_expect(sim,
                    json_get_list(in, "lines", 1, M_LINES, &list) == OK &&
                        list.count == (size_t)order->line_count,
                    "%s: must have %d lines", order->external,
                    order->line_count))
        return false;
    for (int i = 0; i < order->line_count; i++) {
        struct json_in *line;
        if (json_list_object(&list, (size_t)i, &line) != OK ||
            !compare_line(sim, line, order, i))
            return false;
    }
    return true;
}

/* ---- many at once ---- */

static void judge_new(struct sim *sim, struct call *call, struct m_order *order,
                      bool is_new)
{
    if (is_new)
        order->id = sim_id(call->json, "id", "ord");
    sim_expect(sim, call->status == (is_new ? 201 : 200) && order->id > 0,
               "%s: must answer %d and answered %d", order->external,
               is_new ? 201 : 200, call->status);
    order_compare(sim, call->json, order);
    sim->orders += is_new;
}

/* A key is kept for a day at least; how much longer is the house's affair. */
static bool is_forgotten(const struct sim *sim, const struct call *call,
                         const struct m_key *taken)
{
    static const utc_ms DAY_MS = (utc_ms)24 * 60 * 60 * 1000;
    return sim->latest - taken->at >= DAY_MS && !call->is_replay &&
           strcmp(call->code, "idempotency_key_reused") != 0;
}

/* In the order of the queue. */
static void judge(struct sim *sim, struct call *call,
                  const struct m_order *order)
{
    const struct m_key *taken = m_key_find(&sim->model, order->key);
    struct m_order sent = *order, *kept = NULL;
    bool is_new = false;
    sent.body = call->body;
    sim->calls++;
    if (call->err != OK)
        sim->refusals++;
    if (taken && !is_forgotten(sim, call, taken)) {
        bool is_same = str_equal(call->body, taken->body);
        sim->replays++;
        if (sim_ended(sim, call, is_same ? "" : "idempotency_key_reused") &&
            is_same)
            sim_expect(sim,
                       call->is_replay && str_equal(call->reply, taken->reply),
                       "%s: the key %s did not replay its answer",
                       order->external, order->key);
        return;
    }
    const char *code =
        m_place_order(&sim->model, &sent, sim->now, &kept, &is_new);
    if (!sim_ended(sim, call, code) || code[0] != '\0')
        return;
    judge_new(sim, call, kept, is_new);
    const struct m_key answered = {call->body, call->reply, sim->now};
    m_key_add(&sim->model, order->key, &answered);
}

/* Something the house has seen, or sees in this very batch. The second use of
 * a key waits until the first is answered, past others of its batch: the
 * auditor follows that only where there are no others. */
static void make_again(struct sim *sim, const struct m_order *old,
                       bool can_share_key, struct m_order *ret)
{
    int64_t kind = sim_between(sim, can_share_key ? 0 : 2, 3);
    bool has_same_key = kind == 0 || kind == 1;
    struct m_order fresh;
    order_make(sim, -1, &fresh);
    *ret = old->is_drafted ? fresh : *old;
    if (old->is_drafted)
        return;
    if (kind == 1 || kind == 3) { /* Another body. */
        struct m_order other = fresh;
        memcpy(other.external, old->external, sizeof(other.external));
        other.channel = old->channel;
        other.is_inclusive = old->is_inclusive;
        *ret = other;
    }
    memcpy(ret->key, has_same_key ? old->key : fresh.key, sizeof(ret->key));
}

/* Not as it stands. */
static void as_sent(struct m_order *order)
{
    int count = 0;
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        count += line->qty > 0; /* Lines that were added had no units. */
        order->lines[i] = (struct m_line){.sku = line->sku,
                                          .qty = line->qty,
                                          .price = line->price,
                                          .discount = line->discount,
                                          .tax = line->tax};
    }
    order->line_count = count;
    order->fulfil_at = order->sent_fulfil_at;
    m_forget(order);
}

static void make_orders(struct sim *sim, struct m_order *orders,
                        struct call **calls, size_t count, int parity)
{
    struct model *model = &sim->model;
    for (size_t i = 0; i < count; i++) {
        size_t known = model->order_count + i;
        if (parity < 0 && known > 0 && sim_chance(sim, 12)) {
            size_t at = (size_t)sim_between(sim, 0, (int64_t)known - 1);
            bool is_old = at < model->order_count;
            make_again(sim,
                       is_old ? model->orders[at]
                              : &orders[at - model->order_count],
                       is_old || count == 2, &orders[i]);
            as_sent(&orders[i]);
        } else {
            order_make(sim, parity, &orders[i]);
        }
        calls[i] = order_call(sim, &orders[i]);
        orders[i].body = calls[i]->body;
    }
}

void step_held_order(struct sim *sim, struct m_order *hold)
{
    struct m_order order;
    order_make(sim, -1, &order);
    order.held = hold;
    if (sim_chance(sim, 95)) {
        order.channel = hold->channel;
        order.is_inclusive = sim->model.channels[hold->channel].is_inclusive;
    }
    /* More and less of what is held, and others. */
    for (int i = 0; i < order.line_count; i++)
        if (sim_chance(sim, 75))
            order.lines[i].sku =
                hold->lines[sim_between(sim, 0, hold->line_count - 1)].sku;
    struct call *call = order_call(sim, &order);
    order.body = call->body;
    place_calls(sim->place, &call, 1);
    judge(sim, call, &order);
    call_close(call);
}

void step_orders(struct sim *sim)
{
    struct m_order *orders;
    struct call *calls[CLIENTS];
    size_t count =
        sim_chance(sim, 50) ? 1 : (size_t)sim_between(sim, 2, CLIENTS);
    struct arena *arena = arena_open();
    orders = arena_array(arena, struct m_order, count);
    make_orders(sim, orders, calls, count, -1);
    place_calls(sim->place, calls, count);
    sim->batches += count > 1;
    for (size_t i = 0; i < count && !sim->is_wrong; i++)
        judge(sim, calls[i], &orders[i]);
    for (size_t i = 0; i < count; i++)
        call_close(calls[i]);
    arena_close(arena);
}

/* ---- one call, many orders ---- */

static struct call *bulk_call(struct sim *sim, struct m_order *orders,
                              struct call **parts, size_t count)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "placeOrders", &out);
    json_begin_list(&out, "orders");
    for (size_t i = 0; i < count; i++) {
        orders[i].body = parts[i]->body;
        json_put_raw(&out, NULL, orders[i].body);
    }
    json_end_list(&out);
    sim_body(call, &out);
    return call;
}

static void judge_item(struct sim *sim, struct json_in *in,
                       const struct m_order *order)
{
    struct m_order *kept = NULL;
    struct json_in *receipt = NULL, *error = NULL;
    bool is_new = false;
    const char *code =
        m_place_order(&sim->model, order, sim->now, &kept, &is_new);
    bool is_read = json_opt_object(in, "order", &receipt) == OK &&
                   json_opt_object(in, "error", &error) == OK;
    if (code[0] != '\0') {
        sim_expect(sim,
                   is_read && !receipt && error &&
                       sim_has_text(error, "code", code),
                   "placeOrders: %s must end with %s", order->external, code);
        return;
    }
    if (!sim_expect(sim,
                    is_read && receipt && !error &&
                        sim_i64(in, "status") == (is_new ? 201 : 200),
                    "placeOrders: %s must be taken", order->external))
        return;
    if (is_new)
        kept->id = sim_id(receipt, "id", "ord");
    order_compare(sim, receipt, kept);
    sim->orders += is_new;
}

void step_bulk(struct sim *sim)
{
    enum { MOST = 20 };
    struct call *parts[MOST];
    size_t count = (size_t)sim_between(sim, 1, MOST);
    struct arena *arena = arena_open();
    struct m_order *orders = arena_array(arena, struct m_order, count);
    make_orders(sim, orders, parts, count, -1);
    struct call *call = bulk_call(sim, orders, parts, count);
    struct json_list list;
    sim_call(sim, call);
    if (sim_ended(sim, call, "") &&
        sim_expect(sim,
                   json_get_list(call->json, "items", 1, MOST, &list) == OK &&
                       list.count == count,
                   "placeOrders: must answer %zu items", count)) {
        for (size_t i = 0; i < count && !sim->is_wrong; i++) {
            struct json_in *in = NULL;
            if (json_list_object(&list, i, &in) == OK)
                judge_item(sim, in, &orders[i]);
        }
    }
    for (size_t i = 0; i < count; i++)
        call_close(parts[i]);
    call_close(call);
    arena_close(arena);
}

/* ---- mixed ---- */

/* An order all of whose lines are of odd SKUs. */
static struct m_order *pick_odd(struct sim *sim)
{
    struct model *model = &sim->model;
    for (int tries = 0; tries < 20 && model->order_count > 0; tries++) {
        struct m_order *order =
            model->orders[sim_between(sim, 0, (int64_t)model->order_count - 1)];
        bool is_odd = true;
        for (int i = 0; i < order->line_count; i++)
            is_odd = is_odd && order->lines[i].sku % 2 == 1;
        if (is_odd)
            return order;
    }
    return NULL;
}

void step_mixed(struct sim *sim)
{
    enum { HOT = 12 };
    struct arena *arena = arena_open();
    struct m_order *orders = arena_array(arena, struct m_order, HOT);
    struct call *hot[HOT], *calls[HOT + 1];
    size_t hot_count = (size_t)sim_between(sim, 1, HOT), count = 0;
    make_orders(sim, orders, hot, hot_count, 0);
    struct m_order *odd = sim_chance(sim, 60) ? pick_odd(sim) : NULL;
    struct call *other = odd ? cancel_call(sim, odd) : adjust_call(sim, 1);
    /* The other stands somewhere among the orders. */
    size_t at = (size_t)sim_between(sim, 0, (int64_t)hot_count);
    for (size_t i = 0; i <= hot_count; i++) {
        if (i == at)
            calls[count++] = other;
        if (i < hot_count)
            calls[count++] = hot[i];
    }
    place_calls(sim->place, calls, count);
    sim->batches++;
    if (odd)
        cancel_judge(sim, other, odd);
    else
        adjust_judge(sim, other);
    for (size_t i = 0; i < hot_count && !sim->is_wrong; i++)
        judge(sim, hot[i], &orders[i]);
    for (size_t i = 0; i < count; i++)
        call_close(calls[i]);
    arena_close(arena);
}
