/* customer_api.c - the customer room's HTTP face. */
#include "base/json.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/customer/customer_change.h"
#include "oms/customer/customer_room.h"
#include "oms/customer/customer_rules.h"

/* POST /v1/customers */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct customer_patch patch;
    struct customer customer;
    TRY(request_query_end(req));
    TRY(customer_read(ctx, req->body, &patch));
    TRY(customer_create(ctx, &patch.cmd, &customer));
    req->status = 201;
    return customer_put(ctx, req->reply, NULL, &customer);
}

/* GET /v1/customers/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    customer_id id;
    struct customer customer;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_get(ctx, id, &customer));
    return customer_put(ctx, req->reply, NULL, &customer);
}

/* PATCH /v1/customers/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    customer_id id;
    struct customer_patch patch;
    struct customer customer;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_read_change(ctx, req->body, &patch));
    TRY(customer_change(ctx, id, &patch.cmd, &customer));
    return customer_put(ctx, req->reply, NULL, &customer);
}

/* PUT /v1/customers/{id}/addresses */
static err_t api_set_addresses(struct ctx *ctx, struct request *req)
{
    customer_id id;
    struct customer_book book;
    struct customer customer;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_read_book(ctx, req->body, &book));
    TRY(customer_set_addresses(ctx, id, &book, &customer));
    return customer_put(ctx, req->reply, NULL, &customer);
}

/* POST /v1/customers/{id}/merge */
static err_t api_merge(struct ctx *ctx, struct request *req)
{
    struct merge_cmd cmd = {.version = 0};
    struct customer customer;
    TRY(request_path_id(req, 0, "cus", &cmd.winner.v));
    TRY(request_query_end(req));
    TRY(customer_read_merge(req->body, &cmd));
    TRY(customer_merge(ctx, &cmd, &customer));
    return customer_put(ctx, req->reply, NULL, &customer);
}

/* ---- the list ---- */

static err_t query_line(struct request *req, const char *name, size_t max,
                        str *ret)
{
    if (request_query_find(req, name, ret) && (ret->len == 0 || ret->len > max))
        return fail_as(req->ctx, ERR_INVALID, "bad_length", name,
                       "must have 1 to %zu bytes", max);
    return OK;
}

/* At most one of e-mail, phone, external id. */
static err_t read_key(struct request *req, struct customer_key *ret,
                      bool *ret_is_known)
{
    struct ctx *ctx = req->ctx;
    str email = STR_NONE, phone = STR_NONE, country = STR_NONE;
    str source = STR_NONE, external_id = STR_NONE;
    TRY(query_line(req, "email", LIMIT_EMAIL_BYTES, &email));
    TRY(query_line(req, "phone", LIMIT_PHONE_BYTES, &phone));
    TRY(query_line(req, "country", LIMIT_CODE_BYTES, &country));
    TRY(query_line(req, "source", LIMIT_SOURCE_BYTES, &source));
    TRY(query_line(req, "external_id", LIMIT_EXTERNAL_ID_BYTES, &external_id));
    *ret_is_known = true;
    if ((external_id.len > 0) != (source.len > 0))
        return fail_as(ctx, ERR_INVALID, "missing_parameter", "source",
                       "source and external_id go together");
    if ((email.len > 0) + (phone.len > 0) + (source.len > 0) > 1)
        return fail_as(ctx, ERR_INVALID, "filters_exclude", "email",
                       "ask by e-mail, phone or external id, one of them");
    if (email.len > 0)
        *ret_is_known = customer_email_key(ctx->arena, email, ret);
    if (phone.len > 0)
        *ret_is_known = customer_phone_key(ctx->arena, phone, country, ret);
    if (source.len > 0)
        *ret_is_known = customer_external_key(source, external_id, ret);
    return OK;
}

/* GET /v1/customers */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct customer_filter filter = {.before = INT64_MAX};
    struct customer *rows = NULL;
    size_t count = 0;
    bool is_known;
    TRY(read_key(req, &filter.key, &is_known));
    TRY(request_query_id(req, "after", "cus", &filter.before));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    if (is_known)
        TRY(customer_page(ctx, &filter, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        customer_put_row(req->reply, &rows[i]);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "cus",
                  count > 0 && count == filter.limit && !filter.key.kind
                      ? rows[count - 1].id.v
                      : 0);
    return OK;
}

/* ---- consents and notes: appended, paged from the oldest ---- */

static err_t read_page(struct request *req, const char *prefix,
                       struct customer_page_query *page)
{
    *page = (struct customer_page_query){.after = 0};
    TRY(request_path_id(req, 0, "cus", &page->id.v));
    TRY(request_query_id(req, "after", prefix, &page->after));
    TRY(request_query_limit(req, &page->limit));
    return request_query_end(req);
}

/* POST /v1/customers/{id}/consents */
static err_t api_add_consent(struct ctx *ctx, struct request *req)
{
    customer_id id;
    struct consent_cmd cmd;
    int64_t consent;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_read_consent(req->body, &cmd));
    TRY(customer_add_consent(ctx, id, &cmd, &consent));
    req->status = 201;
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "id", "con", consent);
    json_put_id(req->reply, "customer_id", "cus", id.v);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/customers/{id}/consents */
static err_t api_list_consents(struct ctx *ctx, struct request *req)
{
    struct customer_page_query page;
    TRY(read_page(req, "con", &page));
    return customer_put_consent_page(ctx, req->reply, NULL, &page);
}

/* POST /v1/customers/{id}/notes */
static err_t api_add_note(struct ctx *ctx, struct request *req)
{
    customer_id id;
    str text;
    int64_t note;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_read_note(req->body, &text));
    TRY(customer_add_note(ctx, id, text, &note));
    req->status = 201;
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "id", "not", note);
    json_put_id(req->reply, "customer_id", "cus", id.v);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/customers/{id}/notes */
static err_t api_list_notes(struct ctx *ctx, struct request *req)
{
    struct customer_page_query page;
    TRY(read_page(req, "not", &page));
    return customer_put_note_page(ctx, req->reply, NULL, &page);
}

/* clang-format off */
static const char *const list_columns[] = {
    "id",
    "name",
    "language",
    "tags",
    "merged_into",
    "created_at",
    "updated_at", NULL};
static const struct list_table list_table = {.file = "customers.csv",
 .columns = list_columns};

static const struct route routes[] = {
    {.operation = "createCustomer", .method = HTTP_POST,
     .path = "/v1/customers", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_create},
    {.operation = "listCustomers", .method = HTTP_GET,
     .path = "/v1/customers", .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ, .run = api_list,
     .table = &list_table},
    {.operation = "getCustomer", .method = HTTP_GET,
     .path = "/v1/customers/{id}", .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ, .run = api_get},
    {.operation = "changeCustomer", .method = HTTP_PATCH,
     .path = "/v1/customers/{id}", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_change},
    {.operation = "setCustomerAddresses", .method = HTTP_PUT,
     .path = "/v1/customers/{id}/addresses", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_set_addresses},
    {.operation = "addCustomerConsent", .method = HTTP_POST,
     .path = "/v1/customers/{id}/consents", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_add_consent},
    {.operation = "listCustomerConsents", .method = HTTP_GET,
     .path = "/v1/customers/{id}/consents", .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ, .run = api_list_consents},
    {.operation = "addCustomerNote", .method = HTTP_POST,
     .path = "/v1/customers/{id}/notes", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_add_note},
    {.operation = "listCustomerNotes", .method = HTTP_GET,
     .path = "/v1/customers/{id}/notes", .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ, .run = api_list_notes},
    {.operation = "mergeCustomer", .method = HTTP_POST,
     .path = "/v1/customers/{id}/merge", .perm = PERM_CUSTOMERS_WRITE,
     .kind = ROUTE_WRITE, .run = api_merge},
};
/* clang-format on */
const struct route_list customer_routes = {routes, COUNT_OF(routes)};
