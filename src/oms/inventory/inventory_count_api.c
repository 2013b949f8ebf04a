/* inventory_count_api.c - the HTTP face of cycle counts. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_supply_json.h"
#include "oms/inventory/inventory_units.h"

static void write_count(struct json_out *out, const struct codes *codes,
                        const struct count *count)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "cnt", count->id.v);
    json_put_id(out, "location_id", "loc", count->location.v);
    json_put_str(out, "location", code_of_location(codes, count->location));
    json_put_str(out, "name", count->name);
    json_put_cstr(out, "scope", count->is_all ? "all" : "skus");
    json_put_cstr(out, "state", count_state_name(count->state));
    json_put_i64(out, "version", count->version);
    json_put_time(out, "created_at", count->created_at);
    json_put_time(out, "updated_at", count->updated_at);
    json_end_object(out);
}

static err_t write_one(struct ctx *ctx, struct request *req, count_id id)
{
    struct count count;
    struct codes codes;
    TRY(count_get(ctx, id, &count));
    TRY(codes_of_locations(ctx, &count.location, 1, &codes));
    write_count(req->reply, &codes, &count);
    return OK;
}

/* POST /v1/counts */
err_t api_create_count(struct ctx *ctx, struct request *req)
{
    struct count_cmd cmd;
    count_id id;
    TRY(count_read(ctx, req->body, &cmd));
    TRY(count_create(ctx, &cmd, &id));
    req->status = 201;
    return write_one(ctx, req, id);
}

/* GET /v1/counts/{id} */
err_t api_get_count(struct ctx *ctx, struct request *req)
{
    count_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "cnt", &id.v));
    return write_one(ctx, req, id);
}

/* GET /v1/counts */
err_t api_list_counts(struct ctx *ctx, struct request *req)
{
    struct count *rows;
    struct codes codes;
    count_id after = {0};
    int state = -1;
    size_t limit, count;
    TRY(request_query_enum(req, "state", count_machine.states,
                           count_machine.state_count, &state));
    TRY(request_query_id(req, "after", "cnt", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(count_page(ctx, (enum count_state)(state + 1), after, limit, &rows,
                   &count));
    location_id *places = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++)
        places[i] = rows[i].location;
    TRY(codes_of_locations(ctx, places, count, &codes));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_count(req->reply, &codes, &rows[i]);
    json_end_page(req->reply, "cnt", count == limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* POST /v1/counts/{id}/entries */
err_t api_enter_count(struct ctx *ctx, struct request *req)
{
    struct count_entry *entries;
    count_id id;
    size_t count;
    TRY(request_path_id(req, 0, "cnt", &id.v));
    TRY(entries_read(ctx, req->body, &entries, &count));
    TRY(count_enter(ctx, id, entries, count));
    return write_one(ctx, req, id);
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum count_event event)
{
    count_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "cnt", &id.v));
    TRY(version_read(req->body, &version));
    if (event == COUNT_EVENT_POST)
        TRY(count_post(ctx, id, version));
    else
        TRY(count_step(ctx, id, version, event));
    return write_one(ctx, req, id);
}

/* POST /v1/counts/{id}/review */
err_t api_review_count(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, COUNT_EVENT_REVIEW);
}

/* POST /v1/counts/{id}/reopen */
err_t api_reopen_count(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, COUNT_EVENT_REOPEN);
}

/* POST /v1/counts/{id}/post */
err_t api_post_count(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, COUNT_EVENT_POST);
}

/* POST /v1/counts/{id}/cancel */
err_t api_cancel_count(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, COUNT_EVENT_CANCEL);
}

/* ---- lines ---- */

struct page {
    struct count_line *lines;
    size_t count;
    struct codes codes;
    struct map *lots; /* By id: struct lot. */
};

static err_t find_names(struct ctx *ctx, struct page *page)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, page->count);
    lot_id *ids = arena_array(ctx->arena, lot_id, page->count);
    struct lot *lots;
    size_t count;
    for (size_t i = 0; i < page->count; i++) {
        skus[i] = page->lines[i].sku;
        ids[i] = page->lines[i].lot;
    }
    TRY(codes_of_skus(ctx, skus, page->count, &page->codes));
    TRY(lot_list_ids(ctx, ids, page->count, &lots, &count));
    page->lots = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(page->lots, (struct map_key){.a = lots[i].id.v}, &lots[i]);
    return OK;
}

static const char *line_state_name(enum count_line_state state)
{
    switch (state) {
    case COUNT_LINE_COUNTED: return "counted";
    case COUNT_LINE_POSTED: return "posted";
    case COUNT_LINE_REFUSED: return "refused";
    }
    UNREACHABLE("not a state of a counted line");
}

static void write_line(struct json_out *out, const struct page *page,
                       const struct count_line *line)
{
    const struct lot *lot =
        map_find(page->lots, (struct map_key){.a = line->lot.v});
    json_begin(out, NULL);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", code_of_sku(&page->codes, line->sku));
    json_put_str_or_null(out, "lot", lot ? lot->code : STR_NONE);
    json_put_i64(out, "counted", line->counted);
    json_put_i64(out, "expected", line->expected);
    json_put_i64(out, "difference", line->counted - line->expected);
    json_put_cstr(out, "state", line_state_name(line->state));
    if (line->state == COUNT_LINE_REFUSED)
        json_put_i64(out, "unclaimed", line->unclaimed);
    else
        json_put_null(out, "unclaimed");
    json_put_time(out, "counted_at", line->counted_at);
    json_end_object(out);
}

static err_t read_line_after(struct ctx *ctx, struct request *req,
                             struct count_line *ret)
{
    str text, rest;
    *ret = (struct count_line){.sku = {0}};
    if (!request_query_find(req, "after", &text))
        return OK;
    str sku = str_split(text, '.', &rest);
    if (!id_from_text("sku", sku, &ret->sku.v) ||
        !str_to_i64(rest, &ret->lot.v))
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", "after",
                       "is not the `next` of a page before");
    return OK;
}

/* GET /v1/counts/{id}/lines */
err_t api_list_count_lines(struct ctx *ctx, struct request *req)
{
    struct page page = {0};
    struct count_line after;
    struct count count;
    count_id id;
    size_t limit;
    TRY(read_line_after(ctx, req, &after));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "cnt", &id.v));
    TRY(count_get(ctx, id, &count));
    TRY(count_line_list(ctx, id, &after, limit, &page.lines, &page.count));
    TRY(find_names(ctx, &page));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < page.count; i++)
        write_line(req->reply, &page, &page.lines[i]);
    json_end_list(req->reply);
    if (page.count == limit) {
        const struct count_line *last = &page.lines[page.count - 1];
        char sku[ID_TEXT_BYTES];
        int len = (int)id_to_text("sku", last->sku.v, sku);
        json_put_str(req->reply, "next",
                     str_printf(ctx->arena, "%.*s.%lld", len, sku,
                                (long long)last->lot.v));
    } else {
        json_put_null(req->reply, "next");
    }
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/counts/{id}/uncounted */
err_t api_list_uncounted(struct ctx *ctx, struct request *req)
{
    struct page page = {0};
    struct count count;
    count_id id;
    sku_id after = {0};
    size_t limit;
    TRY(request_query_id(req, "after", "sku", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "cnt", &id.v));
    TRY(count_get(ctx, id, &count));
    TRY(count_uncounted(ctx, &count, after, limit, &page.lines, &page.count));
    TRY(find_names(ctx, &page));
    json_begin_page(req->reply);
    for (size_t i = 0; i < page.count; i++) {
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "sku_id", "sku", page.lines[i].sku.v);
        json_put_str(req->reply, "sku",
                     code_of_sku(&page.codes, page.lines[i].sku));
        json_put_i64(req->reply, "on_hand", page.lines[i].expected);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "sku",
                  page.count == limit ? page.lines[page.count - 1].sku.v : 0);
    return OK;
}
