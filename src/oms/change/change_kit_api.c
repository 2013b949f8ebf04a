/* change_kit_api.c - kits: the HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change_rules.h"

err_t change_kit_from_json(struct ctx *ctx, struct json_in *in,
                           struct kit_cmd *ret)
{
    struct kit_cmd cmd = {0};
    struct json_list list;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &cmd.version));
    if (!json_has(in, "components"))
        return json_fail(in, "components", ERR_INVALID, "missing_field",
                         "is needed; an empty list ends the kit");
    TRY(json_get_list(in, "components", 0, LIMIT_KIT_PARTS, &list));
    struct kit_item *items =
        arena_array(ctx->arena, struct kit_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "sku", 1, LIMIT_CODE_BYTES, &items[i].sku));
        TRY(json_get_i64(at, "quantity", 1, LIMIT_KIT_QTY, &items[i].quantity));
        TRY(json_end(at));
    }
    cmd.items = items;
    cmd.count = list.count;
    *ret = cmd;
    return json_end(in);
}

err_t api_set_components(struct ctx *ctx, struct request *req)
{
    sku_id id;
    struct kit_cmd cmd;
    TRY(request_path_id(req, 0, "sku", &id.v));
    TRY(request_query_end(req));
    TRY(change_kit_from_json(ctx, req->body, &cmd));
    TRY(change_kit(ctx, id, &cmd));
    return sku_write(ctx, id, req->reply);
}
