/* order_seal.c - what of an order is stored as documents, and its hash.
 *
 * The documents are written once, where the body is decoded; rows and replies
 * carry them as they are. Their members are those of the API, so that a reply
 * takes them over without reading them. The hash covers them and every number
 * beside them in one fixed order: two bodies that say the same hash the same,
 * however their keys stand.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/degrees.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_price.h"
#include "oms/order/order_way.h"

static void put_amount(struct json_out *out, const char *key,
                       const struct order_cmd *cmd, int64_t minor)
{
    money amount = {.minor = minor};
    memcpy(amount.currency, cmd->currency, sizeof(amount.currency));
    json_put_money(out, key, amount);
}

static void put_known(struct json_out *out, const char *key, str value)
{
    if (value.len > 0)
        json_put_str(out, key, value);
}

static void put_taxes(struct json_out *out, const struct order_cmd *cmd,
                      const struct order_tax *taxes, size_t count)
{
    json_begin_list(out, "tax_lines");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "name", taxes[i].name);
        json_put_i64(out, "rate_ppm", taxes[i].rate_ppm);
        put_amount(out, "amount", cmd, taxes[i].amount);
        put_known(out, "jurisdiction", taxes[i].jurisdiction);
        put_known(out, "reason", taxes[i].reason);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_discounts(struct json_out *out, const struct order_cmd *cmd,
                          const struct order_line_cmd *line)
{
    if (line->discount_count == 0)
        return;
    json_begin_list(out, "discounts");
    for (size_t i = 0; i < line->discount_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "title", line->discounts[i].title);
        if (line->discounts[i].rate_ppm)
            json_put_i64(out, "rate_ppm", line->discounts[i].rate_ppm);
        put_amount(out, "amount", cmd, line->discounts[i].amount);
        json_end_object(out);
    }
    json_end_list(out);
}

void order_put_party(struct json_out *out, const char *key,
                     const struct order_party *party)
{
    if (!party) {
        json_put_null(out, key);
        return;
    }
    json_begin(out, key);
    put_known(out, "name", party->name);
    put_known(out, "company", party->company);
    put_known(out, "line1", party->line1);
    put_known(out, "line2", party->line2);
    put_known(out, "city", party->city);
    put_known(out, "region", party->region);
    put_known(out, "postal_code", party->postal_code);
    put_known(out, "country", party->country);
    put_known(out, "phone", party->phone);
    put_known(out, "email", party->email);
    put_known(out, "external_id", party->external_id);
    put_known(out, "tax_id", party->tax_id);
    if (party->has_point) {
        json_put_degrees(out, "lat", party->lat_e6);
        json_put_degrees(out, "lon", party->lon_e6);
    }
    json_end_object(out);
}

static void put_shipping(struct json_out *out, const struct order_cmd *cmd)
{
    json_begin_list(out, "shipping_lines");
    for (size_t i = 0; i < cmd->shipping_count; i++) {
        const struct order_charge *charge = &cmd->shipping[i];
        json_begin(out, NULL);
        json_put_str(out, "title", charge->title);
        put_amount(out, "price", cmd, charge->price);
        put_amount(out, "discount", cmd, charge->discount);
        put_known(out, "tax_class", charge->tax_class);
        put_taxes(out, cmd, charge->taxes, charge->tax_count);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_fees(struct json_out *out, const struct order_cmd *cmd)
{
    json_begin_list(out, "fees");
    for (size_t i = 0; i < cmd->fee_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "title", cmd->fees[i].title);
        put_amount(out, "amount", cmd, cmd->fees[i].price);
        if (cmd->fees[i].kind)
            json_put_cstr(out, "kind", order_fee_name(cmd->fees[i].kind));
        put_known(out, "tax_class", cmd->fees[i].tax_class);
        put_taxes(out, cmd, cmd->fees[i].taxes, cmd->fees[i].tax_count);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_attrs(struct json_out *out, str attrs)
{
    json_put_raw(out, "attrs", attrs.len > 0 ? attrs : STR("{}"));
}

static void put_tags(struct json_out *out, const struct order_cmd *cmd)
{
    json_begin_list(out, "tags");
    for (size_t i = 0; i < cmd->tag_count; i++)
        json_put_str(out, NULL, cmd->tags[i]);
    json_end_list(out);
}

static void put_day(struct json_out *out, utc_ms fulfil_at)
{
    if (fulfil_at)
        json_put_time(out, "fulfil_at", fulfil_at);
}

static void put_way(struct json_out *out, const struct order_cmd *cmd)
{
    if (cmd->method > ORDER_SHIPPED)
        json_put_cstr(out, "method", order_method_name(cmd->method));
    put_day(out, cmd->fulfil_at);
    put_known(out, "service", cmd->service);
    put_known(out, "pickup_location", cmd->pickup_location);
    put_known(out, "incoterm", cmd->incoterm);
}

/* What of duties and import tax the buyer paid beforehand. */
static void put_landed(struct json_out *out, const struct order_cmd *cmd)
{
    int64_t sums[FEE_IMPORT_TAX + 1] = {0};
    if (cmd->incoterm.len == 0)
        return;
    for (size_t i = 0; i < cmd->fee_count; i++)
        sums[cmd->fees[i].kind] += cmd->fees[i].price;
    json_begin(out, "landed_cost");
    json_put_bool(out, "is_prepaid", str_equal_cstr(cmd->incoterm, "DDP"));
    put_amount(out, "duties", cmd, sums[FEE_DUTY]);
    put_amount(out, "import_tax", cmd, sums[FEE_IMPORT_TAX]);
    json_end_object(out);
}

static void put_order(struct buf *buf, const struct order_cmd *cmd)
{
    struct json_out out;
    json_out_init(&out, buf);
    json_begin(&out, NULL);
    order_put_party(&out, "customer", cmd->customer);
    order_put_party(&out, "shipping_address", cmd->shipping_address);
    order_put_party(&out, "billing_address", cmd->billing_address);
    put_shipping(&out, cmd);
    put_fees(&out, cmd);
    put_tags(&out, cmd);
    put_attrs(&out, cmd->attrs);
    put_way(&out, cmd);
    put_landed(&out, cmd);
    json_put_str_or_null(&out, "note", cmd->note);
    if (cmd->raw.len > 0)
        json_put_raw(&out, "raw", cmd->raw);
    else
        json_put_null(&out, "raw");
    json_end_object(&out);
}

static void put_line(struct buf *buf, const struct order_cmd *cmd,
                     const struct order_line_cmd *line)
{
    struct json_out out;
    json_out_init(&out, buf);
    json_begin(&out, NULL);
    put_discounts(&out, cmd, line);
    put_taxes(&out, cmd, line->taxes, line->tax_count);
    put_attrs(&out, line->attrs);
    put_day(&out, line->fulfil_at);
    json_end_object(&out);
}

static void hash_str(struct buf *buf, str s)
{
    buf_add_i64(buf, (int64_t)s.len);
    buf_add_char(buf, ':');
    buf_add_str(buf, s);
}

static void hash_i64(struct buf *buf, int64_t value)
{
    buf_add_char(buf, ' ');
    buf_add_i64(buf, value);
}

/* What the documents do not hold. */
static void put_rest(struct buf *buf, const struct order_cmd *cmd)
{
    hash_str(buf, cmd->channel);
    hash_str(buf, cmd->external_id);
    buf_add_cstr(buf, cmd->currency);
    hash_i64(buf, cmd->tax_mode);
    hash_i64(buf, cmd->placed_at);
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct order_line_cmd *line = &cmd->lines[i];
        hash_str(buf, line->sku);
        hash_str(buf, line->title);
        hash_i64(buf, line->qty);
        hash_i64(buf, line->unit_price);
        hash_i64(buf, line->discount);
        hash_i64(buf, line->total);
    }
    if (cmd->hold.v) {
        buf_add_cstr(buf, " hold");
        hash_i64(buf, cmd->hold.v);
    }
    if (!cmd->totals)
        return;
    hash_i64(buf, cmd->totals->lines);
    hash_i64(buf, cmd->totals->discount);
    hash_i64(buf, cmd->totals->shipping);
    hash_i64(buf, cmd->totals->fees);
    hash_i64(buf, cmd->totals->tax);
    hash_i64(buf, cmd->totals->total);
}

void order_cmd_seal(struct arena *arena, struct order_cmd *cmd)
{
    struct buf buf;
    buf_init(&buf, arena, LIMIT_ARENA_BYTES);
    put_order(&buf, cmd);
    size_t order_end = buf.len;
    size_t *ends = arena_array(arena, size_t, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        put_line(&buf, cmd, &cmd->lines[i]);
        ends[i] = buf.len;
    }
    put_rest(&buf, cmd);
    ASSERT(!buf.is_full);
    /* Only now: the buffer moves while it grows. */
    str all = buf_str(&buf);
    cmd->doc = (str){all.ptr, order_end};
    size_t start = order_end;
    for (size_t i = 0; i < cmd->line_count; i++) {
        cmd->lines[i].doc = (str){all.ptr + start, ends[i] - start};
        start = ends[i];
    }
    cmd->body_hash = (int64_t)str_hash(all);
}

/* ---- the command as a body ---- */

static void put_body_line(struct json_out *out, const char *key,
                          const struct order_cmd *cmd,
                          const struct order_line_cmd *line)
{
    json_begin(out, key);
    json_put_str(out, "sku", line->sku);
    put_known(out, "title", line->title);
    json_put_i64(out, "quantity", line->qty);
    put_amount(out, "unit_price", cmd, line->unit_price);
    put_amount(out, "discount", cmd, line->discount);
    put_discounts(out, cmd, line);
    put_taxes(out, cmd, line->taxes, line->tax_count);
    if (line->total != -1)
        put_amount(out, "total", cmd, line->total);
    put_attrs(out, line->attrs);
    put_day(out, line->fulfil_at);
    json_end_object(out);
}

void order_line_put_body(struct json_out *out, const char *key,
                         const char *currency,
                         const struct order_line_cmd *line)
{
    struct order_cmd cmd = {.lines = NULL};
    memcpy(cmd.currency, currency, sizeof cmd.currency);
    put_body_line(out, key, &cmd, line);
}

static void put_totals(struct json_out *out, const struct order_cmd *cmd)
{
    if (!cmd->totals)
        return;
    json_begin(out, "totals");
    put_amount(out, "lines", cmd, cmd->totals->lines);
    put_amount(out, "discount", cmd, cmd->totals->discount);
    put_amount(out, "shipping", cmd, cmd->totals->shipping);
    put_amount(out, "fees", cmd, cmd->totals->fees);
    put_amount(out, "tax", cmd, cmd->totals->tax);
    put_amount(out, "total", cmd, cmd->totals->total);
    json_end_object(out);
}

static void put_parties(struct json_out *out, const struct order_cmd *cmd)
{
    if (cmd->customer)
        order_put_party(out, "customer", cmd->customer);
    if (cmd->shipping_address)
        order_put_party(out, "shipping_address", cmd->shipping_address);
    if (cmd->billing_address)
        order_put_party(out, "billing_address", cmd->billing_address);
}

void order_cmd_put_body(struct json_out *out, const char *key,
                        const struct order_cmd *cmd)
{
    json_begin(out, key);
    json_put_str(out, "channel", cmd->channel);
    put_known(out, "external_id", cmd->external_id);
    json_put_cstr(out, "currency", cmd->currency);
    if (cmd->tax_mode)
        json_put_cstr(out, "tax_mode", tax_mode_name(cmd->tax_mode));
    if (cmd->hold.v)
        json_put_id(out, "hold", "hld", cmd->hold.v);
    if (cmd->placed_at)
        json_put_time(out, "placed_at", cmd->placed_at);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < cmd->line_count; i++)
        put_body_line(out, NULL, cmd, &cmd->lines[i]);
    json_end_list(out);
    put_shipping(out, cmd);
    put_fees(out, cmd);
    put_totals(out, cmd);
    put_parties(out, cmd);
    put_tags(out, cmd);
    put_way(out, cmd);
    put_attrs(out, cmd->attrs);
    put_known(out, "note", cmd->note);
    json_end_object(out);
}
