/* change_draft_api.c - drafts and quotes: the HTTP face. */
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "net/route.h"
#include "oms/change/change_draft.h"

static void show(struct request *req, const struct draft *draft)
{
    json_begin(req->reply, NULL);
    draft_write(draft, true, req->reply);
    json_end_object(req->reply);
}

static err_t read_create(struct ctx *ctx, struct request *req,
                         struct draft_cmd *ret)
{
    *ret = (struct draft_cmd){.ask = req->cmd};
    TRY(request_query_end(req));
    return draft_cmd_from_json(ctx, req->body, ret);
}

static err_t read_revise(struct ctx *ctx, struct request *req,
                         struct draft_cmd *ret)
{
    *ret = (struct draft_cmd){.ask = req->cmd};
    TRY(request_path_id(req, 0, "drf", &ret->id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &ret->version));
    return draft_cmd_from_json(ctx, req->body, ret);
}

static err_t prepare_create(struct ctx *ctx, struct request *req)
{
    struct draft_cmd cmd;
    TRY(read_create(ctx, req, &cmd));
    return draft_prepare(ctx, req, &cmd);
}

static err_t prepare_revise(struct ctx *ctx, struct request *req)
{
    struct draft_cmd cmd;
    TRY(read_revise(ctx, req, &cmd));
    return draft_prepare(ctx, req, &cmd);
}

/* POST /v1/drafts */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct draft_cmd cmd;
    struct draft draft;
    TRY(read_create(ctx, req, &cmd));
    TRY(draft_write_down(ctx, &cmd, &draft));
    req->status = 201;
    show(req, &draft);
    return OK;
}

/* PUT /v1/drafts/{id} */
static err_t api_revise(struct ctx *ctx, struct request *req)
{
    struct draft_cmd cmd;
    struct draft draft;
    TRY(read_revise(ctx, req, &cmd));
    TRY(draft_write_down(ctx, &cmd, &draft));
    show(req, &draft);
    return OK;
}

/* GET /v1/drafts/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    draft_id id;
    struct draft draft;
    TRY(request_path_id(req, 0, "drf", &id.v));
    TRY(request_query_end(req));
    TRY(draft_get(ctx, id, &draft));
    show(req, &draft);
    return OK;
}

static err_t read_query(struct ctx *ctx, struct request *req,
                        struct draft_query *ret)
{
    str name;
    int state = 0;
    TRY(request_query_id(req, "after", "drf", &ret->before.v));
    TRY(request_query_id(req, "company", "cmp", &ret->company.v));
    TRY(request_query_limit(req, &ret->limit));
    if (request_query_find(req, "state", &name)) {
        if (!machine_state_from_name(&draft_machine, name, &state))
            return fail(ctx, ERR_INVALID, "state",
                        "must be a state of a draft, as sent");
        if (ret->company.v)
            return fail_as(ctx, ERR_INVALID, "filters_exclude", "state",
                           "drafts are listed by state or by company, not by "
                           "both");
    }
    ret->state = (enum draft_state)state;
    return request_query_end(req);
}

/* GET /v1/drafts */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct draft_query query = {.before = {INT64_MAX}};
    struct draft *rows;
    size_t count;
    TRY(read_query(ctx, req, &query));
    TRY(draft_list(ctx, &query, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        draft_write(&rows[i], false, req->reply);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "drf",
                  count == query.limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* ---- steps ---- */

static err_t read_step(struct request *req, struct draft_step *step)
{
    TRY(request_path_id(req, 0, "drf", &step->id.v));
    TRY(request_query_end(req));
    return json_get_i64(req->body, "version", 1, INT64_MAX, &step->version);
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum draft_event event)
{
    struct draft_step step = {.version = 0};
    struct draft draft;
    TRY(read_step(req, &step));
    if (event == DRAFT_EVENT_REFUSE || event == DRAFT_EVENT_DECLINE)
        TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                         &step.answer));
    if (event == DRAFT_EVENT_SEND)
        TRY(json_opt_time(req->body, "valid_until", &step.valid_until));
    TRY(json_end(req->body));
    TRY(draft_move(ctx, &step, event, &draft));
    show(req, &draft);
    return OK;
}

/* POST /v1/drafts/{id}/request */
static err_t api_request(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_REQUEST);
}

/* POST /v1/drafts/{id}/approve */
static err_t api_approve(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_APPROVE);
}

/* POST /v1/drafts/{id}/refuse */
static err_t api_refuse(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_REFUSE);
}

/* POST /v1/drafts/{id}/send */
static err_t api_send(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_SEND);
}

/* POST /v1/drafts/{id}/accept */
static err_t api_accept(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_ACCEPT);
}

/* POST /v1/drafts/{id}/decline */
static err_t api_decline(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_DECLINE);
}

/* POST /v1/drafts/{id}/discard */
static err_t api_discard(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, DRAFT_EVENT_DISCARD);
}

/* POST /v1/drafts/{id}/convert */
static err_t api_convert(struct ctx *ctx, struct request *req)
{
    struct draft_step step = {.version = 0};
    struct draft draft;
    struct order order;
    TRY(read_step(req, &step));
    TRY(json_end(req->body));
    TRY(draft_convert(ctx, &step, &draft, &order));
    json_begin(req->reply, NULL);
    json_begin(req->reply, "draft");
    draft_write(&draft, true, req->reply);
    json_end_object(req->reply);
    json_begin(req->reply, "order");
    order_write(&order, req->reply);
    json_end_object(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/companies/{id}/credit */
static err_t api_credit(struct ctx *ctx, struct request *req)
{
    company_id id;
    struct company company;
    int64_t owed;
    TRY(request_path_id(req, 0, "cmp", &id.v));
    TRY(request_query_end(req));
    TRY(company_get(ctx, id, &company));
    TRY(draft_company_owes(ctx, &company, &owed));
    int64_t limit = company.credit_limit;
    bool has_limit = limit != COMPANY_NONE;
    int64_t left = has_limit && owed < limit ? limit - owed : 0;
    json_begin(req->reply, NULL);
    json_put_money(req->reply, "owed", money_make(owed, company.currency));
    if (has_limit)
        json_put_money(req->reply, "left", money_make(left, company.currency));
    else
        json_put_null(req->reply, "left");
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getCompanyCredit",
     .method = HTTP_GET,
     .path = "/v1/companies/{id}/credit",
     .perm = PERM_CUSTOMERS_READ,
     .kind = ROUTE_READ,
     .run = api_credit        },
    {.operation = "createDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .prepare = prepare_create,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_create},
    {.operation = "listDrafts",
     .method = HTTP_GET,
     .path = "/v1/drafts",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list     },
    {.operation = "getDraft",
     .method = HTTP_GET,
     .path = "/v1/drafts/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get},
    {.operation = "reviseDraft",
     .method = HTTP_PUT,
     .path = "/v1/drafts/{id}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .prepare = prepare_revise,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = api_revise},
    {.operation = "requestDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/request",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_request      },
    {.operation = "approveDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/approve",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_approve},
    {.operation = "refuseDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/refuse",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_refuse      },
    {.operation = "sendDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/send",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_send},
    {.operation = "acceptDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/accept",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_accept        },
    {.operation = "declineDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/decline",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_decline},
    {.operation = "discardDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/discard",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_discard       },
    {.operation = "convertDraft",
     .method = HTTP_POST,
     .path = "/v1/drafts/{id}/convert",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_convert},
};
const struct route_list draft_routes = {routes, COUNT_OF(routes)};
