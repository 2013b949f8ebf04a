/* shipping_json.c - bodies about parcels to commands, parcels to JSON. */
#include "oms/shipping/shipping_json.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"

/* ---- in ---- */

static err_t read_names(struct json_in *in, struct unit_names *ret)
{
    *ret = (struct unit_names){.lot = STR("")};
    TRY(json_opt_str(in, "lot", 1, LIMIT_CODE_BYTES, &ret->lot));
    return json_get_strs(in, "serials", LIMIT_SERIALS, LIMIT_CODE_BYTES,
                         &ret->serials, &ret->serial_count);
}

static err_t read_size(struct json_in *in, struct pack_outside *ret)
{
    TRY(json_opt_str(in, "box", 1, LIMIT_CODE_BYTES, &ret->box));
    TRY(json_opt_i64(in, "weight_g", 1, LIMIT_PACKAGE_G, &ret->weight_g));
    TRY(json_opt_i64(in, "length_mm", 1, LIMIT_BOX_MM, &ret->size.length));
    TRY(json_opt_i64(in, "width_mm", 1, LIMIT_BOX_MM, &ret->size.width));
    TRY(json_opt_i64(in, "height_mm", 1, LIMIT_BOX_MM, &ret->size.height));
    bool is_some = ret->size.length || ret->size.width || ret->size.height;
    if (is_some && box_volume(&ret->size) == 0)
        return json_fail(in, "length_mm", ERR_INVALID, "size_incomplete",
                         "a size has length_mm, width_mm and height_mm");
    return OK;
}

err_t outside_read(struct json_in *in, int64_t *ret_version,
                   struct pack_outside *ret)
{
    *ret = (struct pack_outside){.box = STR("")};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, ret_version));
    TRY(read_size(in, ret));
    return json_end(in);
}

static err_t read_item(struct json_in *in, struct pack_item *ret)
{
    *ret = (struct pack_item){.sku = STR("")};
    TRY(json_opt_i64(in, "line", 1, LIMIT_ORDER_LINES, &ret->n));
    TRY(json_opt_str(in, "sku", 1, LIMIT_CODE_BYTES, &ret->sku));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(read_names(in, &ret->names));
    TRY(json_end(in));
    if (ret->n == 0 && ret->sku.len == 0)
        return json_fail(in, "sku", ERR_INVALID, "missing_field",
                         "name a line or a SKU");
    return OK;
}

static err_t read_items(struct ctx *ctx, struct json_list *list,
                        struct pack_item **ret)
{
    *ret = arena_array(ctx->arena, struct pack_item, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *item;
        TRY(json_list_object(list, i, &item));
        TRY(read_item(item, &(*ret)[i]));
    }
    return OK;
}

err_t unpack_read(struct ctx *ctx, struct json_in *in, struct pack_item **ret,
                  size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_PACKAGE_ITEMS, &list));
    TRY(json_end(in));
    *ret_count = list.count;
    return read_items(ctx, &list, ret);
}

err_t pack_read(struct ctx *ctx, struct json_in *in, struct pack_cmd *ret)
{
    struct json_list list;
    struct pack_item *items;
    *ret = (struct pack_cmd){.outside = {.box = STR("")}};
    TRY(json_get_id(in, "fulfillment_order_id", "fo", &ret->fo.v));
    TRY(json_opt_bool(in, "suggest", &ret->is_suggested));
    TRY(json_opt_bool(in, "pick", &ret->is_picking));
    TRY(json_opt_bool(in, "close", &ret->is_closed));
    TRY(json_get_list(in, "items", 0, LIMIT_PACKAGE_ITEMS, &list));
    TRY(read_size(in, &ret->outside));
    TRY(json_end(in));
    if (ret->is_suggested && (list.count || ret->outside.box.len))
        return json_fail(in, "suggest", ERR_INVALID, "suggest_alone",
                         "goes without items and box");
    TRY(read_items(ctx, &list, &items));
    ret->items = items;
    ret->count = list.count;
    return OK;
}

err_t scan_read(struct json_in *in, struct scan_cmd *ret)
{
    ret->qty = 1;
    ret->scan_id = STR("");
    ret->field = json_has(in, "sku") ? "sku" : "barcode";
    if (json_has(in, "sku") && json_has(in, "barcode"))
        return json_fail(in, "sku", ERR_INVALID, "one_of",
                         "goes without barcode");
    TRY(json_get_str(in, ret->field, 1, LIMIT_CODE_BYTES, &ret->code));
    TRY(json_opt_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(read_names(in, &ret->names));
    TRY(json_opt_str(in, "scan_id", 1, LIMIT_EXTERNAL_ID_BYTES, &ret->scan_id));
    return json_end(in);
}

/* ---- out ---- */

struct page {
    struct arena *arena;
    const struct package_item *items;
    size_t item_count, next_item;
    const struct package_unit *units;
    size_t unit_count, next_unit;
    struct map *skus;   /* By id: struct sku. */
    struct map *labels; /* By id: struct label. */
    struct map *accounts, *boxes;
};

static void write_units(struct json_out *out, struct page *page,
                        const struct package_item *item)
{
    size_t first = page->next_unit, end = first;
    while (end < page->unit_count &&
           page->units[end].package.v == item->package.v &&
           page->units[end].n == item->n &&
           page->units[end].sku.v == item->sku.v)
        end++;
    json_begin_list(out, "lots");
    for (size_t i = first; i < end;) {
        const struct package_unit *u = &page->units[i];
        int64_t qty = 0;
        for (; i < end && str_equal(page->units[i].lot, u->lot); i++)
            qty += page->units[i].qty;
        if (u->lot.len == 0)
            continue;
        json_begin(out, NULL);
        json_put_str(out, "lot", u->lot);
        json_put_i64(out, "quantity", qty);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "serials");
    for (size_t i = first; i < end; i++)
        if (page->units[i].serial.len)
            json_put_str(out, NULL, page->units[i].serial);
    json_end_list(out);
    page->next_unit = end;
}

static void write_items(struct json_out *out, struct page *page,
                        package_id package)
{
    json_begin_list(out, "items");
    while (page->next_item < page->item_count &&
           page->items[page->next_item].package.v == package.v) {
        const struct package_item *item = &page->items[page->next_item++];
        const struct sku *sku =
            map_find(page->skus, (struct map_key){.a = item->sku.v});
        json_begin(out, NULL);
        json_put_i64(out, "line", item->n);
        json_put_id(out, "sku_id", "sku", item->sku.v);
        json_put_str(out, "sku", sku ? sku->code : STR(""));
        json_put_i64(out, "quantity", item->qty);
        write_units(out, page, item);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_text(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
    else
        json_put_null(out, key);
}

static void put_id(struct json_out *out, const char *key, const char *prefix,
                   int64_t id)
{
    if (id)
        json_put_id(out, key, prefix, id);
    else
        json_put_null(out, key);
}

static void put_time(struct json_out *out, const char *key, utc_ms at)
{
    if (at)
        json_put_time(out, key, at);
    else
        json_put_null(out, key);
}

static void put_price(struct json_out *out, const char *key,
                      const struct package *p, int64_t minor)
{
    if (minor >= 0 && p->currency[0])
        json_put_money(out, key, money_make(minor, p->currency));
    else
        json_put_null(out, key);
}

static void write_label(struct json_out *out, struct arena *arena,
                        const struct label *label)
{
    if (!label) {
        json_put_null(out, "label");
        return;
    }
    json_begin(out, "label");
    json_put_id(out, "id", "lbl", label->id.v);
    json_put_str(out, "reference", label_reference(arena, label));
    json_put_cstr(out, "state", label_state_name(label->state));
    if (label->error_text.len) {
        json_begin(out, "error");
        put_text(out, "field", label->error_field);
        json_put_str(out, "detail", label->error_text);
        json_end_object(out);
    } else {
        json_put_null(out, "error");
    }
    json_end_object(out);
}

static void write_shipping(struct json_out *out, struct page *page,
                           const struct package *p)
{
    const struct account *account =
        map_find(page->accounts, (struct map_key){.a = p->account.v});
    put_text(out, "account", account ? account->code : STR(""));
    put_text(out, "carrier", p->carrier);
    put_text(out, "service", p->service);
    put_text(out, "tracking", p->tracking);
    put_text(out, "sscc", p->sscc);
    put_price(out, "list_price", p, p->list_minor);
    put_price(out, "price", p, p->quoted_minor);
    bool is_known = p->list_minor >= 0 && p->quoted_minor >= 0;
    put_price(out, "savings", p,
              is_known ? p->list_minor - p->quoted_minor : -1);
    put_price(out, "cost", p, p->cost_minor);
    json_put_raw(out, "choice", p->choice);
    write_label(out, page->arena,
                map_find(page->labels, (struct map_key){.a = p->label.v}));
    put_id(out, "manifest_id", "mfs", p->manifest.v);
}

static void write_package(struct json_out *out, struct page *page,
                          const struct package *p)
{
    const struct box *box =
        map_find(page->boxes, (struct map_key){.a = p->box.v});
    json_begin(out, NULL);
    json_put_id(out, "id", "pkg", p->id.v);
    json_put_id(out, "order_id", "ord", p->order.v);
    json_put_id(out, "fulfillment_order_id", "fo", p->fo.v);
    json_put_id(out, "location_id", "loc", p->location.v);
    json_put_cstr(out, "kind", p->returns.v ? "return" : "outbound");
    put_id(out, "returns_package_id", "pkg", p->returns.v);
    json_put_cstr(out, "state", package_state_name(p->place.state));
    json_put_bool(out, "is_closed", p->is_closed);
    put_text(out, "box", box ? box->kind.code : STR(""));
    json_put_i64(out, "weight_g", p->weight_g);
    json_put_bool(out, "is_weighed", p->is_weighed);
    json_put_i64(out, "length_mm", p->size.length);
    json_put_i64(out, "width_mm", p->size.width);
    json_put_i64(out, "height_mm", p->size.height);
    write_items(out, page, p->id);
    write_shipping(out, page, p);
    put_time(out, "packed_at", p->packed_at);
    put_time(out, "shipped_at", p->shipped_at);
    put_time(out, "delivered_at", p->delivered_at);
    json_put_i64(out, "version", p->version);
    json_put_time(out, "created_at", p->created_at);
    json_put_time(out, "updated_at", p->updated_at);
    json_end_object(out);
}

static err_t read_skus(struct ctx *ctx, struct page *page)
{
    struct sku *skus;
    size_t count;
    sku_id *ids = arena_array(ctx->arena, sku_id, page->item_count + 1);
    for (size_t i = 0; i < page->item_count; i++)
        ids[i] = page->items[i].sku;
    TRY(sku_list_ids(ctx, ids, page->item_count, &skus, &count));
    page->skus = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(page->skus, (struct map_key){.a = skus[i].id.v}, &skus[i]);
    return OK;
}

/* Few of a page's parcels differ in these. */
static err_t read_others(struct ctx *ctx, struct page *page,
                         const struct package *p)
{
    struct map_key account = {.a = p->account.v}, box = {.a = p->box.v};
    if (p->label.v) {
        struct label *label = arena_new(ctx->arena, struct label);
        TRY(label_get(ctx, p->label, label));
        map_set(page->labels, (struct map_key){.a = p->label.v}, label);
    }
    if (p->account.v && !map_find(page->accounts, account)) {
        struct account *row = arena_new(ctx->arena, struct account);
        TRY(account_get(ctx, p->account, row));
        map_set(page->accounts, account, row);
    }
    if (p->box.v && !map_find(page->boxes, box)) {
        struct box *row = arena_new(ctx->arena, struct box);
        TRY(box_get(ctx, p->box, row));
        map_set(page->boxes, box, row);
    }
    return OK;
}

err_t packages_write(struct ctx *ctx, struct json_out *out,
                     const struct package *packages, size_t count)
{
    struct page page = {.arena = ctx->arena};
    struct package_item *items;
    struct package_unit *units;
    package_id *ids = arena_array(ctx->arena, package_id, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = packages[i].id;
    TRY(package_item_list(ctx, ids, count, &items, &page.item_count));
    for (size_t i = 0; i < count; i++)
        ids[i] = packages[i].id;
    TRY(package_unit_list(ctx, ids, count, &units, &page.unit_count));
    page.items = items;
    page.units = units;
    TRY(read_skus(ctx, &page));
    page.labels = map_open(ctx->arena, count);
    page.accounts = map_open(ctx->arena, 8);
    page.boxes = map_open(ctx->arena, 8);
    for (size_t i = 0; i < count; i++)
        TRY(read_others(ctx, &page, &packages[i]));
    /* Parcels come by id, and so do their items. */
    for (size_t i = 0; i < count; i++)
        write_package(out, &page, &packages[i]);
    return OK;
}
