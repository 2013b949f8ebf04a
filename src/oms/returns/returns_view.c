/* returns_view.c - a return as events and the API show it. */
#include "oms/returns/returns_view.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/returns/returns_sql.h"
#include "store/sql.h"

static const char *const origins[] = {"agent", "buyer"};

str return_number(struct arena *arena, str order_number, const struct rma *rma)
{
    return str_printf(arena, "%.*s-R%lld", STR_ARG(order_number),
                      (long long)rma->n);
}

static void put_head(struct json_out *out, const struct rma *rma)
{
    json_put_id(out, "order_id", "ord", rma->order.v);
    json_put_cstr(out, "state", return_state_name(rma->state));
    json_put_cstr(out, "origin", origins[rma->origin - 1]);
    json_put_i64(out, "version", rma->version);
    json_put_id(out, "location_id", "loc", rma->location.v);
    json_put_time_or_null(out, "expires_at", rma->expires_at);
}

static void put_line_facts(struct json_out *out, const struct return_line *line)
{
    json_put_i64(out, "n", line->i);
    json_put_i64(out, "line", line->n);
    json_put_i64(out, "quantity", line->qty);
    json_put_str(out, "reason", line->reason);
    json_put_i64(out, "returned", line->returned);
    json_put_i64(out, "written_off", line->written_off);
    json_put_i64(out, "dropped", line->dropped);
}

static void put_unit_facts(struct json_out *out, const struct return_unit *unit)
{
    json_put_i64(out, "unit", unit->u);
    json_put_i64(out, "n", unit->i);
    json_put_id(out, "sku_id", "sku", unit->sku.v);
    json_put_i64(out, "quantity", unit->qty);
    json_put_cstr(out, "reception",
                  machine_state_name(&reception_machine, unit->reception));
    json_put_cstr(out, "acceptance",
                  machine_state_name(&acceptance_machine, unit->acceptance));
    if (unit->disposition)
        json_put_cstr(
            out, "disposition",
            machine_state_name(&disposition_machine, unit->disposition));
    else
        json_put_null(out, "disposition");
    json_put_id_or_null(out, "location_id", "loc", unit->location.v);
    json_put_id_or_null(out, "package_id", "pkg", unit->package.v);
    json_put_str_or_null(out, "lot", unit->names.lot);
    json_begin_list(out, "serials");
    for (size_t i = 0; i < unit->names.serial_count; i++)
        json_put_str(out, NULL, unit->names.serials[i]);
    json_end_list(out);
}

/* What tasks go by. */
static void put_troubles(struct json_out *out, const struct rma *rma)
{
    bool is_missing = false, is_manual = false, is_undecided = false;
    for (size_t i = 0; i < rma->unit_count; i++) {
        const struct return_unit *unit = &rma->units[i];
        bool is_open = unit->acceptance == ACCEPTANCE_PENDING ||
                       unit->acceptance == ACCEPTANCE_MANUAL;
        if (!is_open || reception_is_dropped(unit->reception) ||
            reception_is_awaited(unit->reception))
            continue;
        is_undecided = true;
        is_manual = is_manual || unit->acceptance == ACCEPTANCE_MANUAL;
        is_missing = is_missing || unit->reception == RECEPTION_SHORT ||
                     unit->reception == RECEPTION_LOST;
    }
    json_put_bool(out, "is_missing", is_missing);
    json_put_bool(out, "is_manual", is_manual);
    json_put_bool(out, "is_undecided", is_undecided);
}

static void put_kept(struct json_out *out, const char *currency,
                     const struct rma *rma)
{
    json_put_money(out, "restocking_kept",
                   money_make(rma->restocking_kept, currency));
    json_put_money(out, "shipping_kept",
                   money_make(rma->shipping_kept, currency));
}

void return_write_facts(struct json_out *out, const struct order *order,
                        const struct rma *rma)
{
    json_put_str(out, "order_number", order->number);
    put_head(out, rma);
    put_kept(out, order->currency, rma);
    put_troubles(out, rma);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < rma->line_count; i++) {
        json_begin(out, NULL);
        put_line_facts(out, &rma->lines[i]);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "units");
    for (size_t i = 0; i < rma->unit_count; i++) {
        json_begin(out, NULL);
        put_unit_facts(out, &rma->units[i]);
        json_end_object(out);
    }
    json_end_list(out);
}

/* ---- many of them, with what is read once for all ---- */

struct view {
    struct codes codes;
    struct sql_rows orders; /* id, number, currency. */
    struct map *order_rows; /* By id: its row, from 1. */
    struct map *skus;       /* By return and line: the code. */
    struct return_parcel *parcels;
    size_t parcel_count;
};

static err_t find_codes(struct ctx *ctx, const struct rma *rmas, size_t count,
                        struct view *view)
{
    size_t units = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        units += rmas[i].unit_count;
    sku_id *skus = arena_array(ctx->arena, sku_id, units);
    location_id *places = arena_array(ctx->arena, location_id, units + count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < rmas[i].unit_count; j++) {
            skus[n] = rmas[i].units[j].sku;
            places[n++] = rmas[i].units[j].location;
        }
        places[units + i] = rmas[i].location;
    }
    TRY(codes_of_skus(ctx, skus, units, &view->codes));
    return codes_of_locations(ctx, places, units + count, &view->codes);
}

static err_t find_orders(struct ctx *ctx, const struct rma *rmas, size_t count,
                         struct view *view)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(rmas[i].order.v);
    TRY(sql_list_distinct(ctx, SQL_RETURN_ORDER_LIST, keys, count,
                          &view->orders));
    view->order_rows = map_open(ctx->arena, view->orders.count);
    for (size_t i = 0; i < view->orders.count; i++) {
        size_t *at = arena_new(ctx->arena, size_t);
        *at = i;
        map_set(view->order_rows,
                (struct map_key){.a = sql_int(&view->orders, i, 0)}, at);
    }
    return OK;
}

static err_t find_skus(struct ctx *ctx, const struct rma *rmas, size_t count,
                       struct view *view)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(rmas[i].id.v);
    TRY(sql_list_distinct(ctx, SQL_RETURN_SKU_LIST, keys, count, &rows));
    view->skus = map_open(ctx->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        str *code = arena_new(ctx->arena, str);
        *code = sql_str(&rows, i, 2);
        map_set(view->skus,
                (struct map_key){.a = sql_int(&rows, i, 0),
                                 .b = sql_int(&rows, i, 1)},
                code);
    }
    return OK;
}

static void put_parcels(struct json_out *out, const struct view *view,
                        return_id id)
{
    json_begin_list(out, "parcels");
    for (size_t i = 0; i < view->parcel_count; i++) {
        const struct return_parcel *parcel = &view->parcels[i];
        if (parcel->rma.v != id.v)
            continue;
        json_begin(out, NULL);
        json_put_id(out, "package_id", "pkg", parcel->package.v);
        json_put_cstr(out, "state", parcel_state_name(parcel->state));
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_lines(struct json_out *out, const struct view *view,
                      const struct rma *rma)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct return_line *line = &rma->lines[i];
        const str *sku = map_find(
            view->skus, (struct map_key){.a = rma->id.v, .b = line->i});
        ASSERT(sku != NULL);
        json_begin(out, NULL);
        put_line_facts(out, line);
        json_put_str(out, "sku", *sku);
        json_put_str_or_null(out, "note", line->note);
        json_put_str_or_null(out, "photo", line->photo);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_units(struct json_out *out, const struct view *view,
                      const struct rma *rma)
{
    json_begin_list(out, "units");
    for (size_t i = 0; i < rma->unit_count; i++) {
        const struct return_unit *unit = &rma->units[i];
        json_begin(out, NULL);
        put_unit_facts(out, unit);
        json_put_str(out, "sku", code_of_sku(&view->codes, unit->sku));
        json_put_str_or_null(out, "location",
                             code_of_location(&view->codes, unit->location));
        json_end_object(out);
    }
    json_end_list(out);
}

static void put(struct ctx *ctx, struct json_out *out, const struct view *view,
                const struct rma *rma)
{
    char currency[4] = "";
    const size_t *row =
        map_find(view->order_rows, (struct map_key){.a = rma->order.v});
    ASSERT(row != NULL);
    str text = sql_str(&view->orders, *row, 2);
    ASSERT(text.len == 3);
    memcpy(currency, text.ptr, 3);
    json_begin(out, NULL);
    json_put_id(out, "id", "ret", rma->id.v);
    json_put_str(
        out, "number",
        return_number(ctx->arena, sql_str(&view->orders, *row, 1), rma));
    put_head(out, rma);
    machine_put_allowed(out, &return_machine, rma->state);
    json_put_str(out, "location",
                 code_of_location(&view->codes, rma->location));
    json_put_str_or_null(out, "note", rma->note);
    json_put_str_or_null(out, "why", rma->why);
    json_put_time_or_null(out, "closed_at", rma->closed_at);
    json_put_time(out, "created_at", rma->created_at);
    json_put_time(out, "updated_at", rma->updated_at);
    put_kept(out, currency, rma);
    put_lines(out, view, rma);
    put_units(out, view, rma);
    put_parcels(out, view, rma->id);
    json_end_object(out);
}

err_t return_write(struct ctx *ctx, struct json_out *out,
                   const struct rma *rmas, size_t count)
{
    struct view view = {.parcel_count = 0};
    TRY(find_codes(ctx, rmas, count, &view));
    TRY(find_orders(ctx, rmas, count, &view));
    TRY(find_skus(ctx, rmas, count, &view));
    TRY(return_parcel_list(ctx, rmas, count, &view.parcels,
                           &view.parcel_count));
    for (size_t i = 0; i < count; i++)
        put(ctx, out, &view, &rmas[i]);
    return OK;
}
