/* inventory_receipt_api.c - the HTTP face of receipts. */
#include "base/arena.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_supply_json.h"
#include "oms/inventory/inventory_units.h"

/* A page of receipts with what their ids stand for. */
struct page {
    const struct receipt *receipts;
    size_t count;
    struct receipt_row *lines; /* By (receipt, n). */
    size_t line_count, next_line;
    struct codes codes;
    struct map *lots; /* By id: struct lot. */
};

static err_t read_page(struct ctx *ctx, struct page *page)
{
    location_id *places = arena_array(ctx->arena, location_id, page->count);
    for (size_t i = 0; i < page->count; i++)
        places[i] = page->receipts[i].location;
    TRY(codes_of_locations(ctx, places, page->count, &page->codes));
    TRY(receipt_line_list(ctx, page->receipts, page->count, &page->lines,
                          &page->line_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, page->line_count);
    lot_id *ids = arena_array(ctx->arena, lot_id, page->line_count);
    for (size_t i = 0; i < page->line_count; i++) {
        skus[i] = page->lines[i].sku;
        ids[i] = page->lines[i].lot;
    }
    struct lot *lots;
    size_t count;
    TRY(codes_of_skus(ctx, skus, page->line_count, &page->codes));
    TRY(lot_list_ids(ctx, ids, page->line_count, &lots, &count));
    page->lots = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(page->lots, (struct map_key){.a = lots[i].id.v}, &lots[i]);
    return OK;
}

static void write_line(struct json_out *out, const struct page *page,
                       const struct receipt_row *line)
{
    const struct lot *lot =
        map_find(page->lots, (struct map_key){.a = line->lot.v});
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", code_of_sku(&page->codes, line->sku));
    json_put_i64(out, "quantity", line->qty);
    json_put_cstr(out, "bucket", stock_bucket_name(line->bucket));
    json_put_str_or_null(out, "lot", lot ? lot->code : STR_NONE);
    date_put(out, "expires_on", lot ? lot->expires_on : LOT_NEVER);
    json_put_raw(out, "serials", line->serials);
    json_put_id_or_null(out, "expected_receipt", "sup", line->supply.v);
    json_end_object(out);
}

static void write_receipt(struct json_out *out, struct page *page,
                          const struct receipt *receipt)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "rcp", receipt->id.v);
    json_put_id(out, "location_id", "loc", receipt->location.v);
    json_put_str(out, "location",
                 code_of_location(&page->codes, receipt->location));
    json_put_str(out, "reference", receipt->reference);
    json_begin_list(out, "lines");
    for (; page->next_line < page->line_count &&
           page->lines[page->next_line].receipt.v == receipt->id.v;
         page->next_line++)
        write_line(out, page, &page->lines[page->next_line]);
    json_end_list(out);
    json_put_id(out, "event_id", "evt", receipt->event_id);
    json_put_time(out, "created_at", receipt->created_at);
    json_end_object(out);
}

static err_t write_one(struct ctx *ctx, struct request *req, receipt_id id)
{
    struct receipt receipt;
    struct page page = {.receipts = &receipt, .count = 1};
    TRY(receipt_get(ctx, id, &receipt));
    TRY(read_page(ctx, &page));
    write_receipt(req->reply, &page, &receipt);
    return OK;
}

/* POST /v1/receipts */
err_t api_create_receipt(struct ctx *ctx, struct request *req)
{
    struct receipt_cmd cmd;
    receipt_id id;
    TRY(receipt_read(ctx, req->body, &cmd));
    TRY(receipt_create(ctx, &cmd, &id));
    req->status = 201;
    return write_one(ctx, req, id);
}

/* GET /v1/receipts/{id} */
err_t api_get_receipt(struct ctx *ctx, struct request *req)
{
    receipt_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "rcp", &id.v));
    return write_one(ctx, req, id);
}

/* GET /v1/receipts */
err_t api_list_receipts(struct ctx *ctx, struct request *req)
{
    struct page page = {0};
    struct receipt *receipts;
    struct location at = {0};
    receipt_id after = {0};
    size_t limit;
    str code = STR_NONE;
    (void)request_query_find(req, "location", &code);
    TRY(request_query_id(req, "after", "rcp", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    if (code.len > 0)
        TRY(named_location_get(ctx, "location", code, &at));
    TRY(receipt_page(ctx, at.id, after, limit, &receipts, &page.count));
    page.receipts = receipts;
    TRY(read_page(ctx, &page));
    json_begin_page(req->reply);
    for (size_t i = 0; i < page.count; i++)
        write_receipt(req->reply, &page, &receipts[i]);
    json_end_page(req->reply, "rcp",
                  page.count == limit ? receipts[page.count - 1].id.v : 0);
    return OK;
}
