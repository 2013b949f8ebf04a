/* inventory_json.c - bodies to commands and rows to replies. */
#include "oms/inventory/inventory_json.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/degrees.h"
#include "base/str.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_supply_json.h"

/* A change may also empty the point: both null. */
static err_t read_point_change(struct json_in *in, struct location_patch *p)
{
    struct location_change *c = &p->change;
    bool has_point = false;
    bool has_lat = json_take_null(in, "lat");
    bool has_lon = json_take_null(in, "lon");
    if (has_lat != has_lon)
        return json_fail(in, has_lat ? "lon" : "lat", ERR_INVALID,
                         "missing_field", "lat and lon are null together");
    c->clears_point = has_lat;
    TRY(json_opt_point(in, &p->lat_e6, &p->lon_e6, &has_point));
    c->lat_e6 = has_point ? &p->lat_e6 : NULL;
    c->lon_e6 = has_point ? &p->lon_e6 : NULL;
    return OK;
}

/* ---- addresses ---- */

static const struct {
    const char *key;
    size_t max;
} address_parts[] = {
    {"name",        LIMIT_NAME_BYTES        },
    {"company",     LIMIT_NAME_BYTES        },
    {"line1",       LIMIT_ADDRESS_LINE_BYTES},
    {"line2",       LIMIT_ADDRESS_LINE_BYTES},
    {"city",        LIMIT_ADDRESS_LINE_BYTES},
    {"region",      LIMIT_ADDRESS_LINE_BYTES},
    {"postal_code", LIMIT_PHONE_BYTES       },
    {"country",     2                       },
    {"phone",       LIMIT_PHONE_BYTES       },
    {"email",       LIMIT_EMAIL_BYTES       },
};

static err_t check_part(struct json_in *in, const char *key, str value)
{
    if (!text_is_line(value))
        return json_fail(in, key, ERR_INVALID, "text_invalid",
                         "must not hold control characters");
    if (str_equal_cstr(str_from_cstr(key), "country") &&
        !country_is_known(value))
        return json_fail(in, key, ERR_INVALID, "country_unknown",
                         "must be a country of ISO 3166-1 alpha-2, as DE");
    return OK;
}

err_t address_read(struct ctx *ctx, struct json_in *in, str *ret)
{
    struct json_in *address;
    TRY(json_opt_object(in, "address", &address));
    if (!address) {
        *ret = STR("{}");
        return OK;
    }
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(address_parts); i++) {
        str value = STR_NONE;
        const char *key = address_parts[i].key;
        TRY(json_opt_str(address, key, 0, address_parts[i].max, &value));
        if (value.len == 0)
            continue;
        TRY(check_part(address, key, value));
        json_put_str(&out, key, value);
    }
    json_end_object(&out);
    TRY(json_end(address));
    *ret = buf_str(&buf);
    return OK;
}

/* ---- locations ---- */

err_t location_read(struct ctx *ctx, struct json_in *in,
                    struct location_cmd *ret)
{
    struct location_cmd cmd = {.tz = STR("UTC"), .is_shipping = true};
    int type;
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(json_get_enum(in, "type", location_type_names,
                      COUNT_OF(location_type_names), &type));
    cmd.type = (enum location_type)(type + 1);
    TRY(address_read(ctx, in, &cmd.address));
    TRY(json_opt_point(in, &cmd.lat_e6, &cmd.lon_e6, &cmd.has_point));
    TRY(json_opt_str(in, "tz", 1, LIMIT_CODE_BYTES, &cmd.tz));
    TRY(json_opt_bool(in, "is_shipping", &cmd.is_shipping));
    TRY(json_opt_bool(in, "is_pickup", &cmd.is_pickup));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &cmd.attrs));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

static err_t opt_bool(struct json_in *in, const char *key, bool *value,
                      const bool **ret)
{
    TRY(json_opt_bool(in, key, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

err_t location_read_change(struct ctx *ctx, struct json_in *in,
                           struct location_patch *ret)
{
    struct location_patch *p = ret;
    struct location_change *c = &ret->change;
    int type = -1;
    *ret = (struct location_patch){0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &p->name));
    c->name = json_has(in, "name") ? &p->name : NULL;
    TRY(json_opt_enum(in, "type", location_type_names,
                      COUNT_OF(location_type_names), &type));
    p->type = (enum location_type)(type + 1);
    c->type = json_has(in, "type") ? &p->type : NULL;
    TRY(address_read(ctx, in, &p->address));
    c->address = json_has(in, "address") ? &p->address : NULL;
    TRY(read_point_change(in, p));
    TRY(json_opt_str(in, "tz", 1, LIMIT_CODE_BYTES, &p->tz));
    c->tz = json_has(in, "tz") ? &p->tz : NULL;
    TRY(opt_bool(in, "is_active", &p->is_active, &c->is_active));
    TRY(opt_bool(in, "is_shipping", &p->is_shipping, &c->is_shipping));
    TRY(opt_bool(in, "is_pickup", &p->is_pickup, &c->is_pickup));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &p->attrs));
    c->attrs = json_has(in, "attrs") ? &p->attrs : NULL;
    return json_end(in);
}

void location_write(struct json_out *out, const struct location_row *row)
{
    const struct location *location = &row->location;
    json_begin(out, NULL);
    json_put_id(out, "id", "loc", location->id.v);
    json_put_str(out, "code", location->code);
    json_put_str(out, "name", location->name);
    json_put_cstr(out, "type", location_type_name(location->type));
    json_put_raw(out, "address", row->address);
    if (row->has_point) {
        json_put_degrees(out, "lat", row->lat_e6);
        json_put_degrees(out, "lon", row->lon_e6);
    } else {
        json_put_null(out, "lat");
        json_put_null(out, "lon");
    }
    json_put_str(out, "tz", row->tz);
    json_put_bool(out, "is_active", location->is_active);
    json_put_bool(out, "is_shipping", location->is_shipping);
    json_put_bool(out, "is_pickup", row->is_pickup);
    json_put_raw(out, "attrs", row->attrs);
    json_put_i64(out, "version", row->version);
    json_put_time(out, "created_at", row->created_at);
    json_end_object(out);
}

/* ---- stock ---- */

static err_t opt_bucket(struct json_in *in, const char *key,
                        enum stock_bucket *ret)
{
    int index = -1;
    TRY(json_opt_enum(in, key, open_bucket_names, OPEN_BUCKETS, &index));
    if (index >= 0)
        *ret = open_buckets[index];
    return OK;
}

static err_t read_item(struct json_in *in, struct adjust_item *ret)
{
    struct adjust_item item = {.bucket = STOCK_AVAILABLE,
                               .from = STOCK_AVAILABLE,
                               .to = STOCK_AVAILABLE};
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &item.sku));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &item.location));
    TRY(json_get_i64(in, "delta", -LIMIT_QTY, LIMIT_QTY, &item.delta));
    TRY(opt_bucket(in, "from", &item.from));
    TRY(opt_bucket(in, "to", &item.to));
    TRY(opt_bucket(in, "bucket", &item.bucket));
    TRY(names_read(in, &item.names));
    TRY(json_end(in));
    item.is_move = json_has(in, "from");
    if (item.is_move != json_has(in, "to"))
        return json_fail(in, item.is_move ? "to" : "from", ERR_INVALID,
                         "missing_field", "from and to come together");
    if (item.is_move && json_has(in, "bucket"))
        return json_fail(in, "bucket", ERR_INVALID, "unknown_field",
                         "has no meaning beside from and to");
    *ret = item;
    return OK;
}

err_t adjust_read(struct ctx *ctx, struct json_in *in, struct adjust_cmd *ret)
{
    struct json_list list;
    struct adjust_cmd cmd = {0};
    TRY(json_get_str(in, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    TRY(json_get_list(in, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    cmd.count = list.count;
    cmd.items = arena_array(ctx->arena, struct adjust_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_item(item, &cmd.items[i]));
    }
    *ret = cmd;
    return OK;
}

err_t set_read(struct json_in *in, struct set_cmd *ret)
{
    struct set_cmd cmd = {0};
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_get_i64(in, "on_hand", 0, LIMIT_QTY, &cmd.on_hand));
    TRY(json_opt_i64(in, "safety_stock", 0, LIMIT_QTY, &cmd.safety_stock));
    TRY(json_get_str(in, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    TRY(json_opt_i64(in, "expected_version", 0, INT64_MAX, &cmd.expected));
    TRY(json_opt_i64(in, "expected_on_hand", 0, LIMIT_QTY, &cmd.expected));
    TRY(json_end(in));
    cmd.has_safety_stock = json_has(in, "safety_stock");
    cmd.by_version = json_has(in, "expected_version");
    if (cmd.by_version == json_has(in, "expected_on_hand"))
        return json_fail(in, "expected_version", ERR_INVALID, "missing_field",
                         "give one of expected_version and expected_on_hand");
    *ret = cmd;
    return OK;
}

/* The numbers that the past has, too. */
static void put_numbers(struct json_out *out, const struct stock_level *level)
{
    json_put_i64(out, "on_hand", level->on_hand);
    json_put_i64(out, "committed", level->committed);
    json_put_i64(out, "reserved", level->reserved);
    json_put_i64(out, "damaged", level->damaged);
    json_put_i64(out, "quality_control", level->quality_control);
    json_put_i64(out, "held", level->held);
    json_put_i64(out, "safety_stock", level->safety_stock);
    if (level->low_stock == LOW_NEVER)
        json_put_null(out, "low_stock");
    else
        json_put_i64(out, "low_stock", level->low_stock);
    int64_t available = stock_available(level);
    json_put_i64(out, "available", available > 0 ? available : 0);
    json_put_i64(out, "available_raw", available);
}

static void put_codes(struct json_out *out, const struct stock_level *level,
                      str sku_code, str location_code)
{
    json_put_id(out, "sku_id", "sku", level->sku.v);
    json_put_str(out, "sku", sku_code);
    json_put_id(out, "location_id", "loc", level->location.v);
    json_put_str(out, "location", location_code);
}

void level_write_past(struct json_out *out, const struct stock_level *level,
                      str sku_code, str location_code, utc_ms at)
{
    json_begin(out, NULL);
    put_codes(out, level, sku_code, location_code);
    put_numbers(out, level);
    json_put_time(out, "as_of", at);
    json_end_object(out);
}

void level_write(struct json_out *out, const char *key,
                 const struct stock_level *level, str sku_code,
                 str location_code, const int64_t *sellable)
{
    json_begin(out, key);
    put_codes(out, level, sku_code, location_code);
    put_numbers(out, level);
    json_put_i64(out, "incoming", level->incoming);
    if (sellable)
        json_put_i64(out, "sellable", *sellable > 0 ? *sellable : 0);
    json_put_bool(out, "is_kit", false);
    json_put_i64(out, "version", level->version);
    json_end_object(out);
}
