/* inventory_transfer_api.c - the HTTP face of transfers. */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_supply_json.h"
#include "oms/inventory/inventory_transfer_store.h"
#include "oms/inventory/inventory_units.h"

/* A page of transfers with what their ids stand for. */
struct page {
    const struct transfer *transfers;
    size_t count;
    struct transfer_line *lines;
    size_t line_count, next_line;
    struct transfer_lot *lots;
    size_t lot_count, next_lot;
    struct codes codes;
    struct map *lot_codes; /* By id: struct lot. */
};

static err_t read_lots(struct ctx *ctx, struct page *page,
                       const transfer_id *ids)
{
    struct lot *lots;
    size_t count;
    TRY(transfer_lot_list(ctx, ids, page->count, &page->lots,
                          &page->lot_count));
    lot_id *lot_ids = arena_array(ctx->arena, lot_id, page->lot_count);
    for (size_t i = 0; i < page->lot_count; i++)
        lot_ids[i] = page->lots[i].lot;
    TRY(lot_list_ids(ctx, lot_ids, page->lot_count, &lots, &count));
    page->lot_codes = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(page->lot_codes, (struct map_key){.a = lots[i].id.v}, &lots[i]);
    return OK;
}

static err_t read_page(struct ctx *ctx, struct page *page)
{
    transfer_id *ids = arena_array(ctx->arena, transfer_id, page->count);
    location_id *places = arena_array(ctx->arena, location_id, page->count * 2);
    for (size_t i = 0; i < page->count; i++) {
        ids[i] = page->transfers[i].id;
        places[i * 2] = page->transfers[i].from;
        places[i * 2 + 1] = page->transfers[i].to;
    }
    TRY(transfer_line_list(ctx, ids, page->count, &page->lines,
                           &page->line_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, page->line_count);
    for (size_t i = 0; i < page->line_count; i++)
        skus[i] = page->lines[i].sku;
    TRY(codes_of_skus(ctx, skus, page->line_count, &page->codes));
    TRY(codes_of_locations(ctx, places, page->count * 2, &page->codes));
    return read_lots(ctx, page, ids);
}

static void write_lots(struct json_out *out, struct page *page,
                       const struct transfer_line *line)
{
    json_begin_list(out, "lots");
    for (; page->next_lot < page->lot_count; page->next_lot++) {
        const struct transfer_lot *row = &page->lots[page->next_lot];
        const struct lot *lot =
            map_find(page->lot_codes, (struct map_key){.a = row->lot.v});
        if (row->transfer.v != line->transfer.v || row->n != line->n)
            break;
        json_begin(out, NULL);
        json_put_str(out, "lot", lot ? lot->code : STR(""));
        json_put_i64(out, "shipped", row->shipped);
        json_put_i64(out, "received", row->received);
        json_end_object(out);
    }
    json_end_list(out);
}

static void write_line(struct json_out *out, struct page *page,
                       const struct transfer_line *line)
{
    json_begin(out, NULL);
    json_put_i64(out, "line", line->n);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", code_of_sku(&page->codes, line->sku));
    json_put_i64(out, "quantity", line->qty);
    json_put_i64(out, "shipped", line->shipped);
    json_put_i64(out, "received", line->received);
    json_put_i64(out, "damaged", line->damaged);
    json_put_i64(out, "lost", line->lost);
    json_put_i64(out, "in_transit",
                 line->shipped - line->received - line->lost);
    write_lots(out, page, line);
    json_end_object(out);
}

static void write_transfer(struct json_out *out, struct page *page,
                           const struct transfer *t)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "trf", t->id.v);
    json_put_id(out, "from_id", "loc", t->from.v);
    json_put_str(out, "from", code_of_location(&page->codes, t->from));
    json_put_id(out, "to_id", "loc", t->to.v);
    json_put_str(out, "to", code_of_location(&page->codes, t->to));
    json_put_str(out, "reference", t->reference);
    json_put_cstr(out, "state", transfer_state_name(t->state));
    json_put_time_or_null(out, "expected_at", t->expected_at);
    json_begin_list(out, "lines");
    for (; page->next_line < page->line_count &&
           page->lines[page->next_line].transfer.v == t->id.v;
         page->next_line++)
        write_line(out, page, &page->lines[page->next_line]);
    json_end_list(out);
    json_put_i64(out, "version", t->version);
    json_put_time(out, "created_at", t->created_at);
    json_put_time(out, "updated_at", t->updated_at);
    json_end_object(out);
}

static err_t write_one(struct ctx *ctx, struct request *req, transfer_id id)
{
    struct transfer transfer;
    struct page page = {.transfers = &transfer, .count = 1};
    TRY(transfer_get(ctx, id, &transfer));
    TRY(read_page(ctx, &page));
    write_transfer(req->reply, &page, &transfer);
    return OK;
}

/* POST /v1/transfers */
err_t api_create_transfer(struct ctx *ctx, struct request *req)
{
    struct transfer_cmd cmd;
    transfer_id id;
    TRY(transfer_read(ctx, req->body, &cmd));
    TRY(transfer_create(ctx, &cmd, &id));
    req->status = 201;
    return write_one(ctx, req, id);
}

/* GET /v1/transfers/{id} */
err_t api_get_transfer(struct ctx *ctx, struct request *req)
{
    transfer_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "trf", &id.v));
    return write_one(ctx, req, id);
}

/* PATCH /v1/transfers/{id} */
err_t api_edit_transfer(struct ctx *ctx, struct request *req)
{
    struct transfer_patch patch;
    transfer_id id;
    TRY(request_path_id(req, 0, "trf", &id.v));
    TRY(transfer_read_edit(ctx, req->body, &patch));
    TRY(transfer_edit(ctx, id, &patch.edit));
    return write_one(ctx, req, id);
}

typedef err_t version_fn(struct ctx *ctx, transfer_id id, int64_t version);

static err_t run_version(struct ctx *ctx, struct request *req, version_fn *fn)
{
    transfer_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "trf", &id.v));
    TRY(version_read(req->body, &version));
    TRY(fn(ctx, id, version));
    return write_one(ctx, req, id);
}

/* POST /v1/transfers/{id}/ready */
err_t api_ready_transfer(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, transfer_ready);
}

/* POST /v1/transfers/{id}/cancel */
err_t api_cancel_transfer(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, transfer_cancel);
}

/* POST /v1/transfers/{id}/close */
err_t api_close_transfer(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, transfer_close);
}

typedef err_t step_fn(struct ctx *ctx, transfer_id id,
                      const struct transfer_step *step);

static err_t run_step(struct ctx *ctx, struct request *req, bool is_shipping,
                      step_fn *fn)
{
    struct transfer_step step;
    transfer_id id;
    TRY(request_path_id(req, 0, "trf", &id.v));
    TRY(transfer_read_step(ctx, req->body, is_shipping, &step));
    TRY(fn(ctx, id, &step));
    return write_one(ctx, req, id);
}

/* POST /v1/transfers/{id}/ship */
err_t api_ship_transfer(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, true, transfer_ship);
}

/* POST /v1/transfers/{id}/receive */
err_t api_receive_transfer(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, false, transfer_receive);
}

/* GET /v1/transfers */
err_t api_list_transfers(struct ctx *ctx, struct request *req)
{
    struct page page = {0};
    struct transfer *rows;
    transfer_id before = {INT64_MAX};
    int state = -1;
    size_t limit;
    TRY(request_query_enum(req, "state", transfer_machine.states,
                           transfer_machine.state_count, &state));
    TRY(request_query_id(req, "after", "trf", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(transfer_page(ctx, (enum transfer_state)(state + 1), before, limit,
                      &rows, &page.count));
    page.transfers = rows;
    TRY(read_page(ctx, &page));
    json_begin_page(req->reply);
    for (size_t i = 0; i < page.count; i++)
        write_transfer(req->reply, &page, &rows[i]);
    json_end_page(req->reply, "trf",
                  page.count == limit ? rows[page.count - 1].id.v : 0);
    return OK;
}
