/* shipping_orphan_api.c - the HTTP face of labels that no parcel wants. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_orphan.h"

static void write_orphan(struct json_out *out, const struct orphan *row)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "orl", row->id.v);
    json_put_cstr(out, "state", orphan_state_names[row->state]);
    json_put_id(out, "label_id", "lbl", row->label.v);
    json_put_id(out, "package_id", "pkg", row->package.v);
    json_put_id(out, "carrier_account_id", "car", row->account.v);
    json_put_str(out, "tracking", row->tracking);
    json_put_str(out, "carrier_ref", row->carrier_ref);
    if (row->has_cost)
        json_put_money(out, "cost", row->cost);
    else
        json_put_null(out, "cost");
    json_put_str(out, "error", row->error);
    json_put_time(out, "created_at", row->created_at);
    json_put_time(out, "updated_at", row->updated_at);
    json_end_object(out);
}

/* GET /v1/orphan-labels */
err_t api_list_orphans(struct ctx *ctx, struct request *req)
{
    struct orphan *rows;
    size_t limit, count;
    orphan_label_id after = {0};
    int state = 0;
    TRY(request_query_enum(req, "state", orphan_state_names,
                           COUNT_OF(orphan_state_names), &state));
    TRY(request_query_id(req, "after", "orl", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(orphan_page(ctx, state, after, limit, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_orphan(req->reply, &rows[i]);
    json_end_page(req->reply, "orl", count == limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* POST /v1/orphan-labels/{id}/void */
err_t api_void_orphan(struct ctx *ctx, struct request *req)
{
    struct orphan row;
    orphan_label_id id;
    TRY(request_path_id(req, 0, "orl", &id.v));
    TRY(json_end(req->body));
    TRY(orphan_again(ctx, id));
    TRY(orphan_get(ctx, id, &row));
    req->status = 202;
    write_orphan(req->reply, &row);
    return OK;
}
