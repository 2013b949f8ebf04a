/* finance_invoice_json.c - bodies to commands: shapes here, meaning in the
 * commands. */
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"

enum { PREFIX_BYTES = 24, SELLER_BYTES = 32 * 1024 };

/* Who issues: as an address, with a tax id and a note. */
static err_t read_seller(struct ctx *ctx, struct json_in *in, str *ret)
{
    static const char *const keys[] = {"name",        "company", "line1",
                                       "line2",       "city",    "region",
                                       "postal_code", "country", "tax_id"};
    enum { COUNTRY = 7 }; /* Of the keys. */
    struct json_in *at;
    struct buf buf;
    struct json_out out;
    str text, note = STR_NONE;
    TRY(json_get_object(in, "seller", &at));
    buf_init(&buf, ctx->arena, SELLER_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        text = STR_NONE;
        TRY(json_opt_str(at, keys[i], 0, LIMIT_ADDRESS_LINE_BYTES, &text));
        if (text.len > 0)
            json_put_str(&out, keys[i], text);
        TRY(check_line(ctx, "seller", text, 0, LIMIT_ADDRESS_LINE_BYTES));
        if (i == COUNTRY)
            TRY(check_country(ctx, "seller.country", text));
    }
    TRY(json_opt_str(at, "note", 0, LIMIT_REASON_BYTES, &note));
    json_put_str(&out, "note", note);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    *ret = buf_str(&buf);
    return json_end(at);
}

err_t invoice_series_read(struct ctx *ctx, struct json_in *in,
                          struct invoice_series_cmd *ret)
{
    struct invoice_series_cmd cmd = {.code = STR_NONE};
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(json_get_str(in, "prefix", 1, PREFIX_BYTES, &cmd.prefix));
    TRY(json_get_str(in, "credit_prefix", 1, PREFIX_BYTES, &cmd.credit_prefix));
    TRY(read_seller(ctx, in, &cmd.seller));
    *ret = cmd;
    return json_end(in);
}

err_t invoice_series_read_change(struct ctx *ctx, struct json_in *in,
                                 struct invoice_series_patch *ret)
{
    struct invoice_series_change *change = &ret->change;
    *ret = (struct invoice_series_patch){.name = STR_NONE};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &change->version));
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    change->name = json_has(in, "name") ? &ret->name : NULL;
    if (json_has(in, "seller")) {
        TRY(read_seller(ctx, in, &ret->seller));
        change->seller = &ret->seller;
    }
    return json_end(in);
}

err_t invoice_rule_read(struct json_in *in, str *ret_series,
                        struct invoice_rule *ret)
{
    int on;
    TRY(json_get_i64(in, "version", 0, INT64_MAX, &ret->version));
    TRY(json_get_str(in, "series", 1, LIMIT_CODE_BYTES, ret_series));
    TRY(json_get_enum(in, "issue_on", invoice_on_names, INVOICE_ON_PARCEL,
                      &on));
    ret->on = (enum invoice_on)(on + 1);
    return json_end(in);
}
