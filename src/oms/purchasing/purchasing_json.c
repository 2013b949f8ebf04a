/* purchasing_json.c - bodies to commands. */
#include "oms/purchasing/purchasing_json.h"

#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/inventory/inventory_command.h"

static err_t read_currency(struct json_in *in, bool is_needed, char ret[4])
{
    str text = STR_NONE;
    if (!is_needed && !json_has(in, "currency"))
        return json_opt_str(in, "currency", 0, LIMIT_CODE_BYTES, &text);
    TRY(json_get_str(in, "currency", 1, LIMIT_CODE_BYTES, &text));
    if (!currency_from_str(text, ret))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency by ISO 4217, as EUR");
    return OK;
}

err_t supplier_read(struct ctx *ctx, struct json_in *in, struct supplier *ret)
{
    ret->is_active = true;
    ret->email = STR("");
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_str(in, "email", 1, LIMIT_EMAIL_BYTES, &ret->email));
    TRY(read_currency(in, true, ret->currency));
    TRY(json_opt_i64(in, "lead_days", 0, LIMIT_TERMS_DAYS, &ret->lead_days));
    TRY(json_opt_i64(in, "over_percent", 0, 100, &ret->over_percent));
    TRY(address_read(ctx, in, &ret->address));
    TRY(json_opt_bool(in, "is_active", &ret->is_active));
    return json_end(in);
}

static err_t read_line(struct json_in *in, const char *currency,
                       struct purchase_line_cmd *ret)
{
    money cost;
    ret->supplier_sku = STR("");
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &ret->sku));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(json_get_money(in, "unit_cost", currency, &cost));
    if (cost.minor < 0)
        return json_fail(in, "unit_cost", ERR_INVALID, "number_out_of_range",
                         "must be 0 or more");
    ret->unit_cost = cost.minor;
    TRY(json_opt_str(in, "supplier_sku", 0, LIMIT_CODE_BYTES,
                     &ret->supplier_sku));
    TRY(json_opt_time(in, "expected_at", &ret->expected_at));
    return json_end(in);
}

static err_t read_lines(struct ctx *ctx, struct json_list *list,
                        const char *currency,
                        const struct purchase_line_cmd **ret)
{
    struct purchase_line_cmd *lines =
        arena_array(ctx->arena, struct purchase_line_cmd, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *in;
        TRY(json_list_object(list, i, &in));
        TRY(read_line(in, currency, &lines[i]));
    }
    *ret = lines;
    return OK;
}

err_t purchase_read(struct ctx *ctx, struct json_in *in,
                    struct purchase_cmd *ret)
{
    struct json_list list;
    struct purchase_cmd cmd = {.note = STR("")};
    TRY(json_get_str(in, "supplier", 1, LIMIT_CODE_BYTES, &cmd.supplier));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(read_currency(in, true, cmd.currency));
    TRY(json_opt_str(in, "note", 0, LIMIT_NOTE_BYTES, &cmd.note));
    TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
    TRY(json_end(in));
    TRY(read_lines(ctx, &list, cmd.currency, &cmd.lines));
    cmd.count = list.count;
    *ret = cmd;
    return OK;
}

err_t purchase_read_edit(struct ctx *ctx, struct json_in *in,
                         const char *currency, struct purchase_patch *ret)
{
    struct purchase_patch *p = ret;
    struct json_list list;
    *ret = (struct purchase_patch){.note = STR("")};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &p->edit.version));
    TRY(json_opt_str(in, "location", 1, LIMIT_CODE_BYTES, &p->location));
    p->edit.location = json_has(in, "location") ? &p->location : NULL;
    TRY(json_opt_str(in, "note", 0, LIMIT_NOTE_BYTES, &p->note));
    p->edit.note = json_has(in, "note") ? &p->note : NULL;
    if (json_has(in, "lines")) {
        TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
        TRY(read_lines(ctx, &list, currency, &p->edit.lines));
        p->edit.count = list.count;
    }
    return json_end(in);
}

err_t purchase_read_days(struct ctx *ctx, struct json_in *in,
                         struct purchase_days *ret)
{
    struct json_list list;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_get_list(in, "lines", 1, LIMIT_RECEIPT_LINES, &list));
    TRY(json_end(in));
    ret->at = arena_array(ctx->arena, struct purchase_day, list.count);
    ret->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *line;
        struct purchase_day *day = &ret->at[i];
        TRY(json_list_object(&list, i, &line));
        TRY(json_get_i64(line, "line", 1, LIMIT_RECEIPT_LINES, &day->n));
        if (!json_has(line, "expected_at"))
            return json_fail(line, "expected_at", ERR_INVALID, "missing_field",
                             "is missing");
        TRY(json_opt_time(line, "expected_at", &day->expected_at));
        TRY(json_end(line));
    }
    return OK;
}

err_t purchase_read_receipt(struct ctx *ctx, struct json_in *in,
                            struct purchase_receipt *ret)
{
    struct json_list list;
    struct purchase_receipt receipt = {.reference = STR("")};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &receipt.version));
    TRY(json_opt_str(in, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &receipt.reference));
    bool has_lines = json_has(in, "lines");
    TRY(json_get_list(in, "lines", has_lines ? 1 : 0, LIMIT_RECEIPT_LINES,
                      &list));
    TRY(json_end(in));
    struct purchase_item *items =
        arena_array(ctx->arena, struct purchase_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *line;
        TRY(json_list_object(&list, i, &line));
        TRY(json_get_i64(line, "line", 1, LIMIT_RECEIPT_LINES, &items[i].n));
        TRY(json_get_i64(line, "quantity", 1, LIMIT_QTY, &items[i].qty));
        TRY(inward_read(line, "bucket", &items[i].bucket));
        TRY(names_read(line, &items[i].names));
        TRY(json_end(line));
    }
    receipt.items = has_lines ? items : NULL;
    receipt.count = list.count;
    *ret = receipt;
    return OK;
}
