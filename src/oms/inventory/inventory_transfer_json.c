/* inventory_transfer_json.c - bodies about transfers to commands. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/inventory/inventory_supply_json.h"

err_t version_read(struct json_in *in, int64_t *ret)
{
    int64_t version;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &version));
    TRY(json_end(in));
    *ret = version;
    return OK;
}

static err_t read_lines(struct ctx *ctx, struct json_list *list,
                        const struct transfer_line_cmd **ret)
{
    struct transfer_line_cmd *lines =
        arena_array(ctx->arena, struct transfer_line_cmd, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *in;
        TRY(json_list_object(list, i, &in));
        TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &lines[i].sku));
        TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &lines[i].qty));
        TRY(json_end(in));
    }
    *ret = lines;
    return OK;
}

err_t transfer_read(struct ctx *ctx, struct json_in *in,
                    struct transfer_cmd *ret)
{
    struct json_list list;
    struct transfer_cmd cmd = {.reference = STR("")};
    TRY(json_get_str(in, "from", 1, LIMIT_CODE_BYTES, &cmd.from));
    TRY(json_get_str(in, "to", 1, LIMIT_CODE_BYTES, &cmd.to));
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.reference));
    TRY(json_opt_time(in, "expected_at", &cmd.expected_at));
    TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
    TRY(json_end(in));
    TRY(read_lines(ctx, &list, &cmd.lines));
    cmd.count = list.count;
    *ret = cmd;
    return OK;
}

err_t transfer_read_edit(struct ctx *ctx, struct json_in *in,
                         struct transfer_patch *ret)
{
    struct transfer_patch *p = ret;
    struct json_list list;
    *ret = (struct transfer_patch){.reference = STR("")};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &p->edit.version));
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &p->reference));
    p->edit.reference = json_has(in, "reference") ? &p->reference : NULL;
    TRY(json_opt_time(in, "expected_at", &p->expected_at));
    p->edit.expected_at = json_has(in, "expected_at") ? &p->expected_at : NULL;
    if (json_has(in, "lines")) {
        TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
        TRY(read_lines(ctx, &list, &p->edit.lines));
        p->edit.count = list.count;
    }
    return json_end(in);
}

static err_t read_item(struct json_in *in, bool is_shipping,
                       struct transfer_item *ret)
{
    struct transfer_item item = {.bucket = STOCK_AVAILABLE};
    TRY(json_get_i64(in, "line", 1, LIMIT_RECEIPT_LINES, &item.n));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &item.qty));
    if (!is_shipping)
        TRY(inward_read(in, "bucket", &item.bucket));
    TRY(names_read(in, &item.names));
    TRY(json_end(in));
    *ret = item;
    return OK;
}

err_t transfer_read_step(struct ctx *ctx, struct json_in *in, bool is_shipping,
                         struct transfer_step *ret)
{
    struct json_list list;
    struct transfer_step step = {0};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &step.version));
    if (is_shipping) {
        TRY(json_opt_time(in, "expected_at", &step.expected_at));
        step.has_expected_at = json_has(in, "expected_at");
    }
    bool has_items = json_has(in, "items");
    TRY(json_get_list(in, "items", has_items ? 1 : 0, LIMIT_RECEIPT_LINES,
                      &list));
    TRY(json_end(in));
    struct transfer_item *items =
        arena_array(ctx->arena, struct transfer_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_item(item, is_shipping, &items[i]));
    }
    step.items = has_items ? items : NULL;
    step.count = list.count;
    *ret = step;
    return OK;
}
