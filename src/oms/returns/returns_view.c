/* returns_view.c - a return as events and the API show it. */
#include "oms/returns/returns_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"

static const char *const origins[] = {"agent", "buyer"};

static void put_number(struct ctx *ctx, struct json_out *out,
                       const struct order *order, const struct rma *rma)
{
    json_put_str(out, "number",
                 str_printf(ctx->arena, "%.*s-R%lld", STR_ARG(order->number),
                            (long long)rma->n));
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

static void put_kept(struct json_out *out, const struct order *order,
                     const struct rma *rma)
{
    json_put_money(out, "restocking_kept",
                   money_make(rma->restocking_kept, order->currency));
    json_put_money(out, "shipping_kept",
                   money_make(rma->shipping_kept, order->currency));
}

void return_write_facts(struct json_out *out, const struct order *order,
                        const struct rma *rma)
{
    json_put_str(out, "order_number", order->number);
    put_head(out, rma);
    put_kept(out, order, rma);
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

static err_t find_codes(struct ctx *ctx, const struct rma *rma,
                        struct codes *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, rma->unit_count);
    location_id *places =
        arena_array(ctx->arena, location_id, rma->unit_count + 1);
    for (size_t i = 0; i < rma->unit_count; i++) {
        skus[i] = rma->units[i].sku;
        places[i] = rma->units[i].location;
    }
    places[rma->unit_count] = rma->location;
    TRY(codes_of_skus(ctx, skus, rma->unit_count, ret));
    return codes_of_locations(ctx, places, rma->unit_count + 1, ret);
}

static err_t put_parcels(struct ctx *ctx, struct json_out *out, return_id id)
{
    struct return_parcel *parcels;
    size_t count;
    TRY(return_parcel_list(ctx, id, &parcels, &count));
    json_begin_list(out, "parcels");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_id(out, "package_id", "pkg", parcels[i].package.v);
        json_put_cstr(out, "state", parcel_state_name(parcels[i].state));
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

err_t return_write(struct ctx *ctx, struct json_out *out, const struct rma *rma)
{
    struct order order;
    struct codes codes;
    TRY(order_get(ctx, rma->order, &order));
    TRY(find_codes(ctx, rma, &codes));
    json_begin(out, NULL);
    json_put_id(out, "id", "ret", rma->id.v);
    put_number(ctx, out, &order, rma);
    put_head(out, rma);
    json_put_str(out, "location", code_of_location(&codes, rma->location));
    json_put_str_or_null(out, "note", rma->note);
    json_put_str_or_null(out, "why", rma->why);
    json_put_time_or_null(out, "closed_at", rma->closed_at);
    json_put_time(out, "created_at", rma->created_at);
    json_put_time(out, "updated_at", rma->updated_at);
    put_kept(out, &order, rma);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct return_line *line = &rma->lines[i];
        json_begin(out, NULL);
        put_line_facts(out, line);
        json_put_str(out, "sku", order.lines[line->n - 1].sku_code);
        json_put_str_or_null(out, "note", line->note);
        json_put_str_or_null(out, "photo", line->photo);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "units");
    for (size_t i = 0; i < rma->unit_count; i++) {
        const struct return_unit *unit = &rma->units[i];
        json_begin(out, NULL);
        put_unit_facts(out, unit);
        json_put_str(out, "sku", code_of_sku(&codes, unit->sku));
        json_put_str_or_null(out, "location",
                             code_of_location(&codes, unit->location));
        json_end_object(out);
    }
    json_end_list(out);
    TRY(put_parcels(ctx, out, rma->id));
    json_end_object(out);
    return OK;
}
