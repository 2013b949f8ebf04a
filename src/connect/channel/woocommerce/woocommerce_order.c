/* woocommerce_order.c - a WooCommerce order as the order room's command. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "connect/channel/draft.h"
#include "connect/channel/people.h"
#include "connect/channel/woocommerce/woocommerce.h"

static const struct people_keys people_keys = {
    .first_name = "first_name",
    .last_name = "last_name",
    .company = "company",
    .line1 = "address_1",
    .line2 = "address_2",
    .city = "city",
    .region = "state",
    .postal_code = "postcode",
    .country = "country",
    .phone = "phone",
};

static const struct order_party *read_customer(struct draft *draft)
{
    struct order_party *to = arena_new(draft->ctx->arena, struct order_party);
    json_any billing = json_any_get(draft->src, "billing");
    to->name = people_name(draft, billing, &people_keys);
    to->email = draft_text(draft, billing, "email", LIMIT_EMAIL_BYTES);
    to->phone = draft_text(draft, billing, "phone", LIMIT_PHONE_BYTES);
    to->external_id =
        draft_text(draft, draft->src, "customer_id", LIMIT_EXTERNAL_ID_BYTES);
    if (str_equal_cstr(to->external_id, "0"))
        to->external_id = STR(""); /* A guest. */
    size_t known =
        to->name.len + to->email.len + to->phone.len + to->external_id.len;
    return known > 0 ? to : NULL;
}

static str attrs(struct draft *draft)
{
    static const char *const keys[] = {"number",       "status",
                                       "created_via",  "payment_method",
                                       "coupon_lines", "prices_include_tax"};
    struct arena *arena = draft->ctx->arena;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        json_any value = json_any_get(draft->src, keys[i]);
        str raw = json_any_dump(arena, value);
        bool is_empty = json_any_is_blank(value) || str_equal_cstr(raw, "[]");
        if (!is_empty && buf.len + raw.len + 64 < LIMIT_ATTRS_BYTES)
            json_put_raw(&out, keys[i], raw);
    }
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t read_people(struct draft *draft)
{
    struct order_cmd *cmd = &draft->out->cmd;
    json_any src = draft->src;
    cmd->customer = read_customer(draft);
    cmd->shipping_address =
        people_address(draft, json_any_get(src, "shipping"), &people_keys);
    cmd->billing_address =
        people_address(draft, json_any_get(src, "billing"), &people_keys);
    cmd->note = draft_text(draft, src, "customer_note", LIMIT_NOTE_BYTES);
    cmd->attrs = attrs(draft);
    TRY(draft_time(draft, src, "date_created_gmt", &cmd->placed_at));
    if (cmd->placed_at == 0)
        TRY(draft_time(draft, src, "date_created", &cmd->placed_at));
    return OK;
}

static void count_parts(struct draft *draft)
{
    size_t *parts = draft->out->parts;
    json_any src = draft->src;
    parts[IMPORT_PART_PAYMENT] =
        !json_any_is_blank(json_any_get(src, "payment_method")) ||
        !json_any_is_blank(json_any_get(src, "transaction_id")) ||
        json_any_has(src, "date_paid");
    parts[IMPORT_PART_REFUND] = json_any_count(json_any_get(src, "refunds"));
    /* WooCommerce itself knows of shipping only that the order is done. */
    parts[IMPORT_PART_SHIPMENT] = json_any_has(src, "date_completed");
}

static err_t read_id(struct draft *draft)
{
    struct import_order *out = draft->out;
    out->cmd.external_id =
        draft_text(draft, draft->src, "id", LIMIT_EXTERNAL_ID_BYTES);
    out->name =
        draft_text(draft, draft->src, "number", LIMIT_EXTERNAL_ID_BYTES);
    if (out->cmd.external_id.len == 0)
        out->cmd.external_id = out->name;
    if (out->name.len == 0)
        out->name = out->cmd.external_id;
    if (out->cmd.external_id.len == 0)
        return fail_as(draft->ctx, ERR_INVALID, "missing_field", "id",
                       "is missing, and so is number");
    return OK;
}

/* A failed payment holds no goods, like a cancelled order. */
static void read_status(struct draft *draft)
{
    str status = json_any_get_text(draft->ctx->arena, draft->src, "status");
    draft->out->is_cancelled =
        str_equal_cstr(status, "cancelled") || str_equal_cstr(status, "failed");
    draft->out->cancel_reason = status;
}

err_t woocommerce_read_order(struct ctx *ctx, json_any order,
                             struct import_order *ret)
{
    *ret = (struct import_order){.is_cancelled = false};
    struct draft draft = {.ctx = ctx, .src = order, .out = ret};
    ret->cmd.origin = ORDER_ORIGIN_IMPORT;
    ret->cmd.raw = json_any_dump(ctx->arena, order);
    TRY(read_id(&draft));
    TRY(draft_need_lines(&draft, "line_items"));
    TRY(draft_set_currency(&draft,
                           json_any_get_text(ctx->arena, order, "currency")));
    TRY(read_people(&draft));
    TRY(woocommerce_read_amounts(&draft));
    count_parts(&draft);
    read_status(&draft);
    return OK;
}
