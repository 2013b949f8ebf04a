/* order_people_api.c - orders by whom they are of, and by words. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/customer/customer.h"
#include "oms/order/order_people.h"
#include "oms/order/order_search.h"

/* GET /v1/customers/{id}/orders */
err_t order_api_of_customer(struct ctx *ctx, struct request *req)
{
    customer_id id;
    order_id before = {0};
    struct order_item *items = NULL;
    size_t limit, count;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_id(req, "after", "ord", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(customer_check_exists(ctx, id));
    if (!before.v)
        before.v = INT64_MAX;
    TRY(order_list_customer(ctx, id, before, limit + 1, &items, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin(req->reply, NULL);
    TRY(order_put_items(ctx, req->reply, items, count));
    json_put_id_or_null(req->reply, "next", "ord",
                        has_more ? items[count - 1].id.v : 0);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/orders/search */
err_t order_api_search(struct ctx *ctx, struct request *req)
{
    struct search_query query = {.limit = 0};
    struct order_item *items = NULL;
    size_t count;
    order_id next;
    str text = STR_NONE;
    (void)request_query_find(req, "q", &text);
    TRY(request_query_id(req, "after", "ord", &query.after.v));
    TRY(request_query_limit(req, &query.limit));
    TRY(request_query_end(req));
    TRY(words_read(ctx, "q", text, &query.words));
    TRY(order_search(ctx, &query, &items, &count, &next));
    json_begin(req->reply, NULL);
    TRY(order_put_items(ctx, req->reply, items, count));
    json_put_id_or_null(req->reply, "next", "ord", next.v);
    json_end_object(req->reply);
    return OK;
}
