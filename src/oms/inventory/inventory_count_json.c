/* inventory_count_json.c - bodies about counts to commands. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/inventory/inventory_supply_json.h"

err_t count_read(struct ctx *ctx, struct json_in *in, struct count_cmd *ret)
{
    struct json_list list = {0};
    struct count_cmd cmd = {0};
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    bool has_skus = json_has(in, "skus");
    if (has_skus)
        TRY(json_get_list(in, "skus", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    str *skus = arena_array(ctx->arena, str, list.count);
    for (size_t i = 0; i < list.count; i++)
        TRY(json_list_str(&list, i, 1, LIMIT_CODE_BYTES, &skus[i]));
    cmd.skus = has_skus ? skus : NULL;
    cmd.count = list.count;
    *ret = cmd;
    return OK;
}

static err_t read_entry(struct json_in *in, struct count_entry *ret)
{
    static const char *const modes[] = {"replace", "add"};
    struct count_entry entry = {0};
    int mode = 0;
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &entry.sku));
    TRY(json_opt_str(in, "lot", 1, LIMIT_CODE_BYTES, &entry.names.lot));
    TRY(json_get_i64(in, "quantity", 0, LIMIT_QTY, &entry.qty));
    TRY(json_opt_enum(in, "mode", modes, COUNT_OF(modes), &mode));
    TRY(json_end(in));
    entry.is_more = mode == 1;
    *ret = entry;
    return OK;
}

err_t entries_read(struct ctx *ctx, struct json_in *in,
                   struct count_entry **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    *ret = arena_array(ctx->arena, struct count_entry, list.count);
    *ret_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_entry(item, &(*ret)[i]));
    }
    return OK;
}
