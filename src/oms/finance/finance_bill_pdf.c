/* finance_bill_pdf.c - a document as it was issued, on paper. */
#include "base/arena.h"
#include "base/doc_bill.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/finance/finance_bill.h"

static err_t read_address(struct json_in *in, struct doc_address *ret)
{
    const struct {
        const char *key;
        str *ret;
    } parts[] = {
        {"name",        &ret->name       },
        {"company",     &ret->company    },
        {"line1",       &ret->line1      },
        {"line2",       &ret->line2      },
        {"city",        &ret->city       },
        {"region",      &ret->region     },
        {"postal_code", &ret->postal_code},
        {"country",     &ret->country    },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        TRY(json_opt_str(in, parts[i].key, 0, SIZE_MAX, parts[i].ret));
    return OK;
}

static err_t read_seller(struct json_in *in, struct doc_bill *ret)
{
    struct json_in *at;
    TRY(json_get_object(in, "seller", &at));
    TRY(read_address(at, &ret->from));
    TRY(json_opt_str(at, "tax_id", 0, SIZE_MAX, &ret->from_tax));
    return json_opt_str(at, "note", 0, SIZE_MAX, &ret->note);
}

/* The billing address, else the shipping address; the customer's name where
 * that has none. */
static err_t read_buyer(struct json_in *in, struct doc_bill *ret)
{
    struct json_in *at, *customer;
    TRY(json_opt_object(in, "billing_address", &at));
    if (!at)
        TRY(json_opt_object(in, "shipping_address", &at));
    if (at)
        TRY(read_address(at, &ret->to));
    TRY(json_opt_object(in, "customer", &customer));
    if (!customer)
        return OK;
    TRY(json_opt_str(customer, "tax_id", 0, SIZE_MAX, &ret->to_tax));
    if (ret->to.name.len > 0 || ret->to.company.len > 0)
        return OK;
    return json_opt_str(customer, "name", 0, SIZE_MAX, &ret->to.name);
}

/* "19 %", "7.25 %" */
static str percent(struct arena *arena, int64_t ppm)
{
    int64_t rest = ppm % 10000;
    int digits = 4;
    if (rest == 0)
        return str_printf(arena, "%lld %%", (long long)(ppm / 10000));
    while (rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    return str_printf(arena, "%lld.%0*lld %%", (long long)(ppm / 10000), digits,
                      (long long)rest);
}

static err_t read_rates(struct ctx *ctx, struct json_in *in, str *ret)
{
    struct json_list list;
    str text = STR_NONE;
    TRY(json_get_list(in, "tax_lines", 0, SIZE_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        int64_t ppm = 0;
        TRY(json_list_object(&list, i, &at));
        TRY(json_opt_i64(at, "rate_ppm", 0, INT64_MAX, &ppm));
        str one = percent(ctx->arena, ppm);
        text = i == 0 ? one
                      : str_printf(ctx->arena, "%.*s + %.*s", STR_ARG(text),
                                   STR_ARG(one));
    }
    *ret = text;
    return OK;
}

static err_t read_lines(struct ctx *ctx, struct json_in *in,
                        struct doc_bill *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "lines", 0, SIZE_MAX, &list));
    struct doc_bill_line *lines =
        arena_array(ctx->arena, struct doc_bill_line, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct doc_bill_line *line = &lines[i];
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "title", 0, SIZE_MAX, &line->title));
        TRY(json_opt_str(at, "sku", 0, SIZE_MAX, &line->sku));
        TRY(json_get_i64(at, "quantity", INT64_MIN, INT64_MAX, &line->qty));
        TRY(json_opt_money(at, "unit_price", NULL, &line->unit_price));
        TRY(json_opt_money(at, "discount", NULL, &line->discount));
        TRY(json_get_money(at, ret->is_inclusive ? "total" : "net", NULL,
                           &line->total));
        TRY(read_rates(ctx, at, &line->tax));
    }
    ret->lines = lines;
    ret->line_count = list.count;
    return OK;
}

static err_t read_taxes(struct ctx *ctx, struct json_in *in,
                        struct doc_bill *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "taxes", 0, SIZE_MAX, &list));
    struct doc_bill_tax *taxes =
        arena_array(ctx->arena, struct doc_bill_tax, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        str name;
        int64_t ppm;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "name", 0, SIZE_MAX, &name));
        TRY(json_get_i64(at, "rate_ppm", 0, INT64_MAX, &ppm));
        TRY(json_opt_str(at, "reason", 0, SIZE_MAX, &taxes[i].reason));
        TRY(json_get_money(at, "net", NULL, &taxes[i].net));
        TRY(json_get_money(at, "tax", NULL, &taxes[i].tax));
        taxes[i].name = str_printf(ctx->arena, "%.*s %.*s", STR_ARG(name),
                                   STR_ARG(percent(ctx->arena, ppm)));
    }
    ret->taxes = taxes;
    ret->tax_count = list.count;
    return OK;
}

static int64_t day_of(utc_ms at)
{
    return at / DAY_MS;
}

static err_t read_order(struct json_in *in, struct doc_bill *ret)
{
    struct json_in *at;
    utc_ms placed = 0;
    TRY(json_get_object(in, "order", &at));
    TRY(json_get_str(at, "number", 0, SIZE_MAX, &ret->order));
    TRY(json_opt_time(at, "placed_at", &placed));
    ret->order_day = day_of(placed);
    return OK;
}

err_t bill_pdf(struct ctx *ctx, const struct bill_face *face, bool is_letter,
               str *ret)
{
    struct json_in *in;
    str mode;
    struct doc_bill bill = {
        .paper = is_letter ? DOC_LETTER : DOC_A4,
        .is_credit = face->kind == BILL_CREDIT,
        .number = face->number,
        .day = day_of(face->at),
    };
    TRY(json_parse(ctx, face->doc, &in));
    TRY(json_get_str(in, "tax_mode", 0, SIZE_MAX, &mode));
    bill.is_inclusive = str_equal_cstr(mode, "inclusive");
    TRY(read_seller(in, &bill));
    TRY(read_buyer(in, &bill));
    TRY(read_order(in, &bill));
    TRY(read_lines(ctx, in, &bill));
    TRY(read_taxes(ctx, in, &bill));
    TRY(json_get_money(in, "net", NULL, &bill.net));
    TRY(json_get_money(in, "tax", NULL, &bill.tax));
    TRY(json_get_money(in, "total", NULL, &bill.total));
    return doc_bill_pdf(ctx, &bill, ret);
}
