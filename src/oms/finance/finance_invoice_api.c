/* finance_invoice_api.c - invoices, their series and rules over HTTP. */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/channel/channel.h"
#include "oms/finance/finance_bill.h"

static void put_invoice(struct json_out *out, const struct invoice *invoice)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "inv", invoice->id.v);
    json_put_str_or_null(out, "number", invoice->number);
    json_put_id(out, "order_id", "ord", invoice->order.v);
    json_put_id(out, "channel_id", "chn", invoice->channel.v);
    json_put_id(out, "series_id", "ser", invoice->series.v);
    json_put_cstr(out, "state",
                  machine_state_name(&invoice_machine, invoice->state));
    json_put_money(out, "tax", money_make(invoice->tax, invoice->currency));
    json_put_money(out, "total", money_make(invoice->total, invoice->currency));
    json_put_time_or_null(out, "issued_at", invoice->issued_at);
    json_put_i64(out, "version", invoice->version);
    json_put_time(out, "created_at", invoice->created_at);
    json_put_time(out, "updated_at", invoice->updated_at);
    json_put_raw(out, "bill", invoice->doc);
    json_end_object(out);
}

/* POST /v1/orders/{id}/invoices */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    order_id id;
    bool is_draft = false;
    invoice_id made;
    struct invoice invoice;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(json_opt_bool(req->body, "draft", &is_draft));
    TRY(json_end(req->body));
    TRY(invoice_order(ctx, id, is_draft, &made));
    TRY(invoice_get(ctx, made, &invoice));
    req->status = 201;
    put_invoice(req->reply, &invoice);
    return OK;
}

/* POST /v1/invoices/{id}/issue */
static err_t api_issue(struct ctx *ctx, struct request *req)
{
    invoice_id id;
    int64_t version;
    struct invoice invoice;
    TRY(request_path_id(req, 0, "inv", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(invoice_issue(ctx, id, version, &invoice));
    put_invoice(req->reply, &invoice);
    return OK;
}

/* GET /v1/invoices/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    invoice_id id;
    struct invoice invoice;
    TRY(request_path_id(req, 0, "inv", &id.v));
    TRY(request_query_end(req));
    TRY(invoice_get(ctx, id, &invoice));
    put_invoice(req->reply, &invoice);
    return OK;
}

/* GET /v1/invoices */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    invoice_id before = {INT64_MAX};
    order_id order = {0};
    struct invoice *all;
    size_t limit, count;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "inv", &before.v));
    TRY(request_query_id(req, "order", "ord", &order.v));
    TRY(request_query_end(req));
    TRY(invoice_list(ctx, order, before, limit, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_invoice(req->reply, &all[i]);
    json_end_page(req->reply, "inv", count == limit ? all[count - 1].id.v : 0);
    return OK;
}

static err_t read_paper(struct request *req, bool *ret_is_letter)
{
    static const char *const papers[] = {"a4", "letter"};
    int paper = 0;
    TRY(request_query_enum(req, "paper", papers, COUNT_OF(papers), &paper));
    *ret_is_letter = paper == 1;
    return request_query_end(req);
}

static err_t reply_pdf(struct ctx *ctx, struct request *req,
                       const struct bill_face *face, bool is_letter)
{
    str bytes;
    TRY(bill_pdf(ctx, face, is_letter, &bytes));
    req->content_type = "application/pdf";
    req->file_name =
        face->kind == BILL_CREDIT ? STR("credit-note.pdf") : STR("invoice.pdf");
    buf_add_str(req->reply->buf, bytes);
    return OK;
}

/* GET /v1/invoices/{id}/pdf */
static err_t api_pdf(struct ctx *ctx, struct request *req)
{
    invoice_id id;
    struct invoice invoice;
    bool is_letter;
    TRY(read_paper(req, &is_letter));
    TRY(request_path_id(req, 0, "inv", &id.v));
    TRY(invoice_get(ctx, id, &invoice));
    struct bill_face face = {.kind = BILL_INVOICE,
                             .number = invoice.number,
                             .at = invoice.issued_at ? invoice.issued_at
                                                     : invoice.created_at,
                             .doc = invoice.doc};
    return reply_pdf(ctx, req, &face, is_letter);
}

/* GET /v1/credit-notes/{id}/pdf */
static err_t api_credit_pdf(struct ctx *ctx, struct request *req)
{
    credit_note_id id;
    struct credit_note note;
    struct json_in *in;
    bool is_letter;
    TRY(read_paper(req, &is_letter));
    TRY(request_path_id(req, 0, "crn", &id.v));
    TRY(credit_note_get(ctx, id, &note));
    if (note.origin != CREDIT_ORIGIN_API)
        return fail_as(ctx, ERR_STATE, "credit_note_imported", "id",
                       "an imported credit note has no document here");
    struct bill_face face = {
        .kind = BILL_CREDIT, .number = note.number, .at = note.issued_at};
    TRY(json_parse(ctx, note.doc, &in));
    TRY(json_any_raw(in, "bill", LIMIT_REPLY_BYTES, &face.doc));
    return reply_pdf(ctx, req, &face, is_letter);
}

/* ---- series ---- */

static void put_series(struct json_out *out,
                       const struct invoice_series *series)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "ser", series->id.v);
    json_put_str(out, "code", series->code);
    json_put_str(out, "name", series->name);
    json_put_str(out, "prefix", series->prefix);
    json_put_str(out, "credit_prefix", series->credit_prefix);
    json_put_i64(out, "next", series->next);
    json_put_i64(out, "credit_next", series->credit_next);
    json_put_raw(out, "seller", series->seller);
    json_put_i64(out, "version", series->version);
    json_put_time(out, "created_at", series->created_at);
    json_end_object(out);
}

/* POST /v1/invoice-series */
static err_t api_create_series(struct ctx *ctx, struct request *req)
{
    struct invoice_series_cmd cmd = {.code = STR_NONE};
    struct invoice_series series;
    TRY(request_query_end(req));
    TRY(invoice_series_read(ctx, req->body, &cmd));
    TRY(invoice_series_create(ctx, &cmd, &series));
    req->status = 201;
    put_series(req->reply, &series);
    return OK;
}

/* PATCH /v1/invoice-series/{id} */
static err_t api_change_series(struct ctx *ctx, struct request *req)
{
    struct invoice_series_patch patch;
    struct invoice_series series;
    invoice_series_id id;
    TRY(request_path_id(req, 0, "ser", &id.v));
    TRY(request_query_end(req));
    TRY(invoice_series_read_change(ctx, req->body, &patch));
    TRY(invoice_series_change(ctx, id, &patch.change, &series));
    put_series(req->reply, &series);
    return OK;
}

/* GET /v1/invoice-series */
static err_t api_list_series(struct ctx *ctx, struct request *req)
{
    struct invoice_series *all;
    int64_t after = 0;
    size_t limit, count;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "ser", &after));
    TRY(request_query_end(req));
    TRY(invoice_series_list(ctx, after, limit, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_series(req->reply, &all[i]);
    json_end_page(req->reply, "ser", count == limit ? all[count - 1].id.v : 0);
    return OK;
}

/* ---- rules ---- */

static err_t reply_rule(struct ctx *ctx, struct request *req,
                        const struct invoice_rule *rule)
{
    struct invoice_series series;
    bool is_named = rule->version > 0;
    if (is_named)
        TRY(invoice_series_get(ctx, rule->series, &series));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "channel_id", "chn", rule->channel.v);
    if (is_named) {
        json_put_str(req->reply, "series", series.code);
        json_put_cstr(req->reply, "issue_on", invoice_on_names[rule->on - 1]);
    } else {
        json_put_null(req->reply, "series");
        json_put_null(req->reply, "issue_on");
    }
    json_put_i64(req->reply, "version", rule->version);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/channels/{id}/invoicing */
static err_t api_get_rule(struct ctx *ctx, struct request *req)
{
    struct channel channel;
    struct invoice_rule rule;
    TRY(request_path_id(req, 0, "chn", &channel.id.v));
    TRY(request_query_end(req));
    TRY(channel_get(ctx, channel.id, &channel));
    TRY(invoice_rule_get(ctx, channel.id, &rule));
    return reply_rule(ctx, req, &rule);
}

/* PUT /v1/channels/{id}/invoicing */
static err_t api_put_rule(struct ctx *ctx, struct request *req)
{
    struct invoice_rule rule = {.version = 0};
    struct invoice_series series;
    str code;
    bool found;
    TRY(request_path_id(req, 0, "chn", &rule.channel.v));
    TRY(request_query_end(req));
    TRY(invoice_rule_read(req->body, &code, &rule));
    TRY(invoice_series_find(ctx, code, &series, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "series_unknown", "series",
                       "there is no series with this code");
    rule.series = series.id;
    TRY(invoice_rule_put(ctx, &rule, &rule));
    return reply_rule(ctx, req, &rule);
}

static const struct route routes[] = {
    {.operation = "createInvoice",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/invoices",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create       },
    {.operation = "issueInvoice",
     .method = HTTP_POST,
     .path = "/v1/invoices/{id}/issue",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_issue        },
    {.operation = "listInvoices",
     .method = HTTP_GET,
     .path = "/v1/invoices",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list         },
    {.operation = "getInvoice",
     .method = HTTP_GET,
     .path = "/v1/invoices/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get          },
    {.operation = "getInvoicePdf",
     .method = HTTP_GET,
     .path = "/v1/invoices/{id}/pdf",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_pdf          },
    {.operation = "getCreditNotePdf",
     .method = HTTP_GET,
     .path = "/v1/credit-notes/{id}/pdf",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_credit_pdf   },
    {.operation = "createInvoiceSeries",
     .method = HTTP_POST,
     .path = "/v1/invoice-series",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_series},
    {.operation = "listInvoiceSeries",
     .method = HTTP_GET,
     .path = "/v1/invoice-series",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list_series  },
    {.operation = "changeInvoiceSeries",
     .method = HTTP_PATCH,
     .path = "/v1/invoice-series/{id}",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_series},
    {.operation = "getInvoicing",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/invoicing",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get_rule     },
    {.operation = "putInvoicing",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/invoicing",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_put_rule     },
};
const struct route_list invoice_routes = {routes, COUNT_OF(routes)};
