/* inventory_supply_json.c - bodies about supply to commands. */
#include "oms/inventory/inventory_supply_json.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_rules.h"

/* Goods come in for sale, to be looked at, or broken. */
static const char *const inward_names[] = {"available", "quality_control",
                                           "damaged"};
static const enum stock_bucket inward_buckets[] = {
    STOCK_AVAILABLE, STOCK_QUALITY_CONTROL, STOCK_DAMAGED};

err_t date_read(struct json_in *in, const char *key, int64_t *ret,
                bool *ret_is_there)
{
    str text = STR_NONE;
    TRY(json_opt_str(in, key, DATE_TEXT_BYTES, DATE_TEXT_BYTES, &text));
    *ret_is_there = json_has(in, key);
    if (*ret_is_there && !date_from_text(text, ret))
        return json_fail(in, key, ERR_INVALID, "invalid_date",
                         "must be a day as \"2026-01-31\"");
    return OK;
}

void date_put(struct json_out *out, const char *key, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    if (day == LOT_NEVER) {
        json_put_null(out, key);
        return;
    }
    date_to_text(day, text);
    json_put_str(out, key, (str){text, sizeof text});
}

err_t names_read(struct json_in *in, struct unit_names *ret)
{
    struct unit_names names = {0};
    TRY(json_opt_str(in, "lot", 1, LIMIT_CODE_BYTES, &names.lot));
    TRY(date_read(in, "expires_on", &names.expires_on, &names.has_expiry));
    TRY(json_get_strs(in, "serials", LIMIT_SERIALS, LIMIT_CODE_BYTES,
                      &names.serials, &names.serial_count));
    *ret = names;
    return OK;
}

err_t inward_read(struct json_in *in, const char *key, enum stock_bucket *ret)
{
    int index = 0;
    TRY(json_opt_enum(in, key, inward_names, COUNT_OF(inward_names), &index));
    *ret = inward_buckets[index];
    return OK;
}

err_t policy_read(struct json_in *in, struct unit_policy *ret)
{
    struct unit_policy policy = {0};
    TRY(json_get_i64(in, "version", 0, INT64_MAX, &policy.version));
    TRY(json_opt_bool(in, "is_lot_tracked", &policy.is_lot));
    TRY(json_opt_bool(in, "is_serial_tracked", &policy.is_serial));
    TRY(json_opt_bool(in, "is_expiry_required", &policy.is_expiry_required));
    TRY(json_end(in));
    *ret = policy;
    return OK;
}

static err_t read_line(struct json_in *in, struct receipt_line *ret)
{
    struct receipt_line line = {0};
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &line.sku));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &line.qty));
    TRY(inward_read(in, "bucket", &line.bucket));
    TRY(names_read(in, &line.names));
    TRY(json_opt_id(in, "expected_receipt", "sup", &line.supply.v));
    TRY(json_end(in));
    *ret = line;
    return OK;
}

err_t receipt_read(struct ctx *ctx, struct json_in *in, struct receipt_cmd *ret)
{
    struct json_list list;
    struct receipt_cmd cmd = {.reference = STR("")};
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.reference));
    TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
    TRY(json_end(in));
    struct receipt_line *lines =
        arena_array(ctx->arena, struct receipt_line, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *line;
        TRY(json_list_object(&list, i, &line));
        TRY(read_line(line, &lines[i]));
    }
    cmd.lines = lines;
    cmd.count = list.count;
    *ret = cmd;
    return OK;
}

/* ---- what is expected ---- */

static err_t time_get(struct json_in *in, const char *key, utc_ms *ret)
{
    if (!json_has(in, key))
        return json_fail(in, key, ERR_INVALID, "missing_field", "is missing");
    return json_opt_time(in, key, ret);
}

err_t supply_read(struct json_in *in, struct supply_cmd *ret)
{
    struct supply_cmd cmd = {.reference = STR("")};
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &cmd.qty));
    TRY(time_get(in, "expected_at", &cmd.expected_at));
    TRY(json_opt_i64(in, "over_percent", 0, 100, &cmd.over_percent));
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.reference));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t supplies_read(struct ctx *ctx, struct json_in *in,
                    struct supply_cmd **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    *ret = arena_array(ctx->arena, struct supply_cmd, list.count);
    *ret_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(supply_read(item, &(*ret)[i]));
    }
    return OK;
}

err_t supply_read_change(struct json_in *in, struct supply_patch *ret)
{
    struct supply_patch *p = ret;
    struct supply_change *c = &ret->change;
    *ret = (struct supply_patch){0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(json_opt_i64(in, "quantity", 1, LIMIT_QTY, &p->qty));
    c->qty = json_has(in, "quantity") ? &p->qty : NULL;
    TRY(json_opt_i64(in, "over_percent", 0, 100, &p->over_percent));
    c->over_percent = json_has(in, "over_percent") ? &p->over_percent : NULL;
    TRY(json_opt_time(in, "expected_at", &p->expected_at));
    c->expected_at = json_has(in, "expected_at") ? &p->expected_at : NULL;
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &p->reference));
    c->reference = json_has(in, "reference") ? &p->reference : NULL;
    return json_end(in);
}
