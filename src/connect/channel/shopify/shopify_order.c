/* shopify_order.c - a Shopify order as the command of the order room. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "connect/channel/draft.h"
#include "connect/channel/people.h"
#include "connect/channel/shopify/shopify.h"

static const struct people_keys people_keys = {
    .name = "name",
    .first_name = "first_name",
    .last_name = "last_name",
    .company = "company",
    .line1 = "address1",
    .line2 = "address2",
    .city = "city",
    .region = "province_code",
    .region_name = "province",
    .postal_code = "zip",
    .country = "country_code",
    .country_name = "country",
    .phone = "phone",
};

/* The first of the keys that is not blank. */
static str first_text(struct draft *draft, const char *const *keys, size_t max)
{
    for (size_t i = 0; keys[i]; i++) {
        str text = draft_text(draft, draft->src, keys[i], max);
        if (text.len > 0)
            return text;
    }
    return STR("");
}

static const struct order_party *read_customer(struct draft *draft)
{
    static const char *const emails[] = {"email", "contact_email", NULL};
    struct order_party *to = arena_new(draft->ctx->arena, struct order_party);
    json_any from = json_any_get(draft->src, "customer");
    json_any billing = json_any_get(draft->src, "billing_address");
    to->name = people_name(draft, from, &people_keys);
    if (to->name.len == 0)
        to->name = people_name(draft, billing, &people_keys);
    to->email = first_text(draft, emails, LIMIT_EMAIL_BYTES);
    if (to->email.len == 0)
        to->email = draft_text(draft, from, "email", LIMIT_EMAIL_BYTES);
    to->phone = draft_text(draft, draft->src, "phone", LIMIT_PHONE_BYTES);
    if (to->phone.len == 0)
        to->phone = draft_text(draft, from, "phone", LIMIT_PHONE_BYTES);
    to->external_id = draft_text(draft, from, "id", LIMIT_EXTERNAL_ID_BYTES);
    size_t known =
        to->name.len + to->email.len + to->phone.len + to->external_id.len;
    return known > 0 ? to : NULL;
}

/* "red, big" as two tags. */
static void read_tags(struct draft *draft)
{
    struct order_cmd *cmd = &draft->out->cmd;
    str rest = json_any_get_text(draft->ctx->arena, draft->src, "tags");
    str *tags = arena_array(draft->ctx->arena, str, LIMIT_TAGS);
    while (rest.len > 0) {
        str tag =
            draft_cut(draft, str_split(rest, ',', &rest), LIMIT_CODE_BYTES);
        if (tag.len == 0)
            continue;
        if (cmd->tag_count == LIMIT_TAGS) {
            draft_note(draft, IMPORT_NOTE_TEXT_CUT);
            break;
        }
        tags[cmd->tag_count++] = tag;
    }
    cmd->tags = tags;
}

static str attrs(struct draft *draft)
{
    static const char *const keys[] = {
        "name",          "order_number",       "financial_status",
        "source_name",   "fulfillment_status", "cancelled_at",
        "test",          "po_number",          "note_attributes",
        "discount_codes"};
    struct arena *arena = draft->ctx->arena;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        json_any value = json_any_get(draft->src, keys[i]);
        str raw = json_any_dump(arena, value);
        bool is_list = json_any_kind(value) == JSON_KIND_LIST;
        if (json_any_is_blank(value) || (is_list && raw.len == 2) ||
            buf.len + raw.len + 64 > LIMIT_ATTRS_BYTES)
            continue;
        json_put_raw(&out, keys[i], raw);
    }
    json_end_object(&out);
    return buf_str(&buf);
}

static void count_parts(struct draft *draft)
{
    size_t *parts = draft->out->parts;
    parts[IMPORT_PART_PAYMENT] =
        json_any_count(json_any_get(draft->src, "transactions")) +
        json_any_has(draft->src, "payment_details") +
        json_any_has(draft->src, "payment_terms");
    parts[IMPORT_PART_REFUND] =
        json_any_count(json_any_get(draft->src, "refunds"));
    parts[IMPORT_PART_SHIPMENT] =
        json_any_count(json_any_get(draft->src, "fulfillments"));
}

err_t shopify_read_people(struct draft *draft)
{
    struct order_cmd *cmd = &draft->out->cmd;
    cmd->customer = read_customer(draft);
    cmd->shipping_address = people_address(
        draft, json_any_get(draft->src, "shipping_address"), &people_keys);
    cmd->billing_address = people_address(
        draft, json_any_get(draft->src, "billing_address"), &people_keys);
    cmd->note = draft_text(draft, draft->src, "note", LIMIT_NOTE_BYTES);
    read_tags(draft);
    cmd->attrs = attrs(draft);
    /* processed_at is the date a shop shows; imports of its own set it. */
    TRY(draft_time(draft, draft->src, "processed_at", &cmd->placed_at));
    if (cmd->placed_at == 0)
        TRY(draft_time(draft, draft->src, "created_at", &cmd->placed_at));
    return OK;
}

/* Sparse payloads (fields=…) leave it out; the lines' money still names it. */
static err_t read_currency(struct draft *draft)
{
    struct arena *arena = draft->ctx->arena;
    str code = json_any_get_text(arena, draft->src, "currency");
    if (code.len == 0) {
        json_any line = json_any_at(json_any_get(draft->src, "line_items"), 0);
        json_any price =
            json_any_get(json_any_get(line, "price_set"), "shop_money");
        code = json_any_get_text(arena, price, "currency_code");
        if (code.len > 0)
            draft_note(draft, IMPORT_NOTE_CURRENCY_INFERRED);
    }
    return draft_set_currency(draft, code);
}

static err_t read_id(struct draft *draft)
{
    static const char *const ids[] = {"id", "name", "order_number", NULL};
    static const char *const names[] = {"name", "order_number", "id", NULL};
    draft->out->name = first_text(draft, names, LIMIT_EXTERNAL_ID_BYTES);
    draft->out->cmd.external_id =
        first_text(draft, ids, LIMIT_EXTERNAL_ID_BYTES);
    if (draft->out->cmd.external_id.len == 0)
        return fail_as(draft->ctx, ERR_INVALID, "missing_field", "id",
                       "is missing, and so are name and order_number");
    return OK;
}

err_t shopify_read_order(struct ctx *ctx, json_any order,
                         struct import_order *ret)
{
    *ret = (struct import_order){.is_cancelled = false};
    struct draft draft = {.ctx = ctx, .src = order, .out = ret};
    ret->cmd.origin = ORDER_ORIGIN_IMPORT;
    ret->cmd.raw = json_any_dump(ctx->arena, order);
    TRY(read_id(&draft));
    TRY(draft_need_lines(&draft, "line_items"));
    TRY(read_currency(&draft));
    TRY(shopify_read_people(&draft));
    TRY(shopify_read_amounts(&draft));
    count_parts(&draft);
    ret->is_cancelled = json_any_has(order, "cancelled_at");
    ret->cancel_reason =
        draft_text(&draft, order, "cancel_reason", LIMIT_REASON_BYTES);
    return OK;
}
