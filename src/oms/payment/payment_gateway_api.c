/* payment_gateway_api.c - the table of endpoints about gateways, and calls that
 * a person settles. */
#include "base/json.h"
#include "net/route.h"
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_store.h"

/* POST /v1/payments/{id}/settle */
static err_t api_settle(struct ctx *ctx, struct request *req)
{
    static const char *const truths[] = {"done", "not_done", "ask_again"};
    gateway_call_id call;
    payment_id id;
    struct payment pay;
    int64_t version;
    int truth;
    TRY(request_path_id(req, 0, "pay", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_get_id(req->body, "call", "gcl", &call.v));
    TRY(json_get_enum(req->body, "truth", truths, COUNT_OF(truths), &truth));
    TRY(json_end(req->body));
    TRY(payment_get(ctx, id, &pay));
    if (!payment_has_call(&pay, call))
        return json_fail(req->body, "call", ERR_INVALID, "call_unknown",
                         "is no call of this payment");
    TRY(payment_settle(ctx, call, version, (enum payment_truth)(truth + 1),
                       &pay));
    payment_write(req->reply, &pay);
    return OK;
}

static const struct route routes[] = {
    {.operation = "settlePayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/settle",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_settle                },
    {.operation = "listGateways",
     .method = HTTP_GET,
     .path = "/v1/gateways",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list_gateways         },
    {.operation = "createGatewayAccount",
     .method = HTTP_POST,
     .path = "/v1/gateway-accounts",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_gateway_account},
    {.operation = "listGatewayAccounts",
     .method = HTTP_GET,
     .path = "/v1/gateway-accounts",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list_gateway_accounts },
    {.operation = "getGatewayAccount",
     .method = HTTP_GET,
     .path = "/v1/gateway-accounts/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get_gateway_account   },
    {.operation = "changeGatewayAccount",
     .method = HTTP_PATCH,
     .path = "/v1/gateway-accounts/{id}",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_gateway_account},
    {.operation = "takeGatewayHook",
     .method = HTTP_POST,
     .path = "/v1/hooks/gateways/{id}",
     .perm = PERM_NONE,
     .kind = ROUTE_WRITE,
     .prepare = api_judge_gateway_hook,
     .run = api_take_gateway_hook,
     .is_hook = true},
    {.operation = "listGatewayEvents",
     .method = HTTP_GET,
     .path = "/v1/gateway-accounts/{id}/events",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list_gateway_events        },
    {.operation = "retryGatewayEvent",
     .method = HTTP_POST,
     .path = "/v1/gateway-accounts/{id}/events/{event}/retry",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_retry_gateway_event       },
};
const struct route_list gateway_routes = {routes, COUNT_OF(routes)};
