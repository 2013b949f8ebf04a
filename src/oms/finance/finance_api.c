/* finance_api.c - the finance room's HTTP face: documents to read. */
#include "base/json.h"
#include "base/money.h"
#include "net/route.h"
#include "oms/channel/channel.h"
#include "oms/finance/finance_store.h"

static void put_line(struct json_out *out, const struct credit_note *note,
                     const struct credit_line *line)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", line->n);
    json_put_str_or_null(out, "sku", line->sku_code);
    json_put_id_or_null(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "title", line->title);
    json_put_i64(out, "quantity", line->qty);
    json_put_money(out, "unit_price",
                   money_make(line->unit_price, note->currency));
    json_put_money(out, "amount", money_make(line->amount, note->currency));
    if (line->order.v) {
        json_put_id(out, "order_id", "ord", line->order.v);
        json_put_i64(out, "order_line", line->order_n);
    } else {
        json_put_null(out, "order_id");
        json_put_null(out, "order_line");
    }
    json_put_raw(out, "attrs", line->doc);
    json_end_object(out);
}

static err_t put_note(struct ctx *ctx, struct json_out *out,
                      const struct credit_note *note)
{
    struct channel channel;
    TRY(channel_get(ctx, note->channel, &channel));
    json_begin(out, NULL);
    json_put_id(out, "id", "crn", note->id.v);
    json_put_str(out, "number", note->number);
    json_put_str(out, "external_id", note->external_id);
    json_put_str(out, "channel", channel.code);
    json_put_id(out, "channel_id", "chn", note->channel.v);
    json_put_cstr(out, "status", "issued");
    json_put_cstr(out, "origin",
                  note->origin == CREDIT_ORIGIN_IMPORT ? "import" : "api");
    json_put_i64(out, "version", note->version);
    json_put_money(out, "total", money_make(note->total, note->currency));
    json_put_time(out, "issued_at", note->issued_at);
    json_put_time(out, "created_at", note->created_at);
    json_put_members(out, note->doc);
    if (note->lines) {
        json_begin_list(out, "lines");
        for (size_t i = 0; i < note->line_count; i++)
            put_line(out, note, &note->lines[i]);
        json_end_list(out);
    }
    json_end_object(out);
    return OK;
}

/* GET /v1/credit-notes/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    credit_note_id id;
    struct credit_note note;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "crn", &id.v));
    TRY(credit_note_get(ctx, id, &note));
    return put_note(ctx, req->reply, &note);
}

/* GET /v1/credit-notes */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct credit_query query = {.before = {INT64_MAX}};
    struct credit_note *notes;
    size_t limit, count;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "crn", &query.before.v));
    TRY(request_query_id(req, "order", "ord", &query.order.v));
    TRY(request_query_end(req));
    query.limit = limit + 1;
    TRY(credit_note_list(ctx, &query, &notes, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        TRY(put_note(ctx, req->reply, &notes[i]));
    json_end_page(req->reply, "crn", has_more ? notes[count - 1].id.v : 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "listCreditNotes",
     .method = HTTP_GET,
     .path = "/v1/credit-notes",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list},
    {.operation = "getCreditNote",
     .method = HTTP_GET,
     .path = "/v1/credit-notes/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get },
};
const struct route_list finance_routes = {routes, COUNT_OF(routes)};
