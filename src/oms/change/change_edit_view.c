/* change_edit_view.c - changes and what they would do, as the API shows them.
 */
#include "oms/change/change_edit_view.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/money.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"
#include "store/event.h"

static void put_minor(struct json_out *out, const char *key,
                      const struct edit *edit, int64_t minor)
{
    json_put_money(out, key, money_make(minor, edit->currency));
}

void edit_write(const struct edit *edit, struct json_out *out)
{
    json_put_id(out, "id", "chg", edit->id.v);
    json_put_id(out, "order", "ord", edit->order.v);
    json_put_cstr(out, "state",
                  machine_state_name(&edit_machine, (int)edit->state));
    json_put_i64(out, "version", edit->version);
    json_put_i64(out, "order_version", edit->order_version);
    json_put_i64_or_null(out, "confirmed_version", edit->confirmed_version);
    json_put_str(out, "reason", edit->reason);
    json_put_str_or_null(out, "answer", edit->answer);
    json_put_time_or_null(out, "expires_at", edit->expires_at);
    json_put_time(out, "created_at", edit->created_at);
    json_put_time(out, "updated_at", edit->updated_at);
    if (edit->state == EDIT_CONFIRMED) {
        put_minor(out, "total_before", edit, edit->total_before);
        put_minor(out, "total_after", edit, edit->total_after);
    } else {
        json_put_null(out, "total_before");
        json_put_null(out, "total_after");
    }
    if (edit->was.len > 0)
        json_put_raw(out, "was", edit->was);
    else
        json_put_null(out, "was");
    json_begin_list(out, "actions");
    for (size_t i = 0; i < edit->count; i++)
        json_put_raw(out, NULL, edit->actions[i].doc);
    json_end_list(out);
}

/* ---- what it would do ---- */

static void put_money(struct json_out *out, const struct edit *edit,
                      const struct edit_plan *plan)
{
    int64_t before = order_total_now(plan->before);
    int64_t after = order_total_now(plan->order);
    put_minor(out, "total_before", edit, before);
    put_minor(out, "total_after", edit, after);
    put_minor(out, "difference", edit, after - before);
    put_minor(out, "balance_after", edit, order_balance(plan->order));
}

static bool is_same(const struct order_line *a, const struct order_line *b)
{
    return a->total_now == b->total_now && a->tax_now == b->tax_now &&
           a->discount_now == b->discount_now &&
           order_line_left(a) == order_line_left(b) &&
           a->unit_price_now == b->unit_price_now;
}

static void put_lines(struct json_out *out, const struct edit *edit,
                      const struct edit_plan *plan)
{
    static const struct order_line none;
    json_begin_list(out, "lines");
    for (size_t i = 0; i < plan->order->line_count; i++) {
        const struct order_line *now = &plan->order->lines[i];
        const struct order_line *was =
            i < plan->before->line_count ? &plan->before->lines[i] : &none;
        if (is_same(was, now))
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "n", now->n);
        json_put_str(out, "sku", now->sku_code);
        json_put_i64(out, "quantity_before", order_line_left(was));
        json_put_i64(out, "quantity_after", order_line_left(now));
        put_minor(out, "total_before", edit, was->total_now);
        put_minor(out, "total_after", edit, now->total_now);
        put_minor(out, "tax_after", edit, now->tax_now);
        put_minor(out, "discount_after", edit, now->discount_now);
        json_end_object(out);
    }
    json_end_list(out);
}

/* Units of a SKU, of kits those of components. */
struct tally {
    str sku;
    int64_t reserve, free, waiting;
};
struct tallies {
    struct arena *arena;
    struct map *by_sku;
    struct tally *at;
    size_t count, room;
};

static struct tally *tally_of(struct tallies *all, sku_id sku, str code)
{
    struct map_key key = {.a = sku.v};
    struct tally *tally = map_find(all->by_sku, key);
    if (tally)
        return tally;
    ASSERT(all->count < all->room);
    tally = &all->at[all->count++];
    tally->sku = code;
    map_set(all->by_sku, key, tally);
    return tally;
}

enum { RESERVE, FREE, WAIT };

static void count_units(struct tallies *all, const struct order_line *line,
                        int64_t qty, int what)
{
    if (!line->is_tracked || qty == 0)
        return;
    for (size_t i = 0; i < line->part_count || i == 0; i++) {
        bool is_kit = line->part_count > 0;
        struct tally *tally =
            tally_of(all, is_kit ? line->parts[i].sku : line->sku,
                     is_kit ? line->parts[i].code : line->sku_code);
        int64_t units = is_kit ? qty * line->parts[i].quantity : qty;
        *(what == RESERVE ? &tally->reserve
          : what == FREE  ? &tally->free
                          : &tally->waiting) += units;
    }
}

static void count_all(struct tallies *all, const struct edit_outlook *look)
{
    const struct order *order = look->plan.order;
    for (size_t i = 0; i < look->left.count; i++)
        count_units(all, &order->lines[look->left.cuts[i].n - 1],
                    look->left.cuts[i].qty, FREE);
    for (size_t i = 0; i < look->found.count; i++) {
        const struct routing_allocation *at = &look->found.at[i];
        count_units(all, &order->lines[look->routed[at->line].n - 1], at->qty,
                    RESERVE);
    }
    for (size_t i = 0; i < look->routed_count; i++)
        count_units(all, &order->lines[look->routed[i].n - 1],
                    look->found.backordered[i], WAIT);
}

static void put_stock(struct ctx *ctx, struct json_out *out,
                      const struct edit_outlook *look)
{
    size_t room = 0;
    for (size_t i = 0; i < look->plan.order->line_count; i++)
        room += 1 + look->plan.order->lines[i].part_count;
    struct tallies all = {.arena = ctx->arena,
                          .by_sku = map_open(ctx->arena, room),
                          .at = arena_array(ctx->arena, struct tally, room),
                          .room = room};
    count_all(&all, look);
    json_begin_list(out, "stock");
    for (size_t i = 0; i < all.count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "sku", all.at[i].sku);
        json_put_i64(out, "reserve", all.at[i].reserve);
        json_put_i64(out, "free", all.at[i].free);
        json_put_i64(out, "waiting", all.at[i].waiting);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_places(struct json_out *out, const struct edit_outlook *look)
{
    json_begin_list(out, "allocations");
    for (size_t i = 0; i < look->found.count; i++) {
        const struct routing_allocation *at = &look->found.at[i];
        if (at->location.v == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "n", look->routed[at->line].n);
        json_put_id(out, "location", "loc", at->location.v);
        json_put_i64(out, "quantity", at->qty);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_hands(struct json_out *out, const struct edit_plan *plan)
{
    json_begin_list(out, "put_back_first");
    for (size_t i = 0; i < plan->picked_count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "n", plan->picked[i].n);
        json_put_i64(out, "quantity", plan->picked[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_touched(struct json_out *out,
                        const struct fulfillment_work *work)
{
    json_begin_list(out, "fulfillment_orders");
    for (size_t i = 0; i < work->count; i++) {
        const struct fulfillment *fo = work->all[i];
        if (!fo->told)
            continue;
        json_begin(out, NULL);
        json_put_id(out, "id", "fo", fo->id.v);
        json_put_id(out, "location", "loc", fo->location.v);
        json_put_cstr(out, "status_after", fulfillment_status_name(fo->status));
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_since(struct json_out *out, const struct edit_outlook *look)
{
    json_begin_list(out, "since");
    for (size_t i = 0; i < look->since_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "type", look->since[i].type);
        json_put_time(out, "at", look->since[i].at);
        json_end_object(out);
    }
    json_end_list(out);
}

void edit_outlook_write(struct ctx *ctx, const struct edit *edit,
                        const struct edit_outlook *look, struct json_out *out)
{
    json_put_id(out, "order", "ord", edit->order.v);
    json_put_i64(out, "order_version", look->work.before.version);
    json_put_bool(out, "is_possible", look->plan.picked_count == 0);
    put_money(out, edit, &look->plan);
    put_lines(out, edit, &look->plan);
    put_stock(ctx, out, look);
    put_places(out, look);
    put_hands(out, &look->plan);
    put_touched(out, &look->work);
    put_since(out, look);
}
