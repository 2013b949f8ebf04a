/* shipping_doc.c - labels, packing slips, customs forms and manifests. */
#include "oms/shipping/shipping_doc.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/doc_barcode.h"
#include "base/doc_customs.h"
#include "base/doc_join.h"
#include "base/doc_label.h"
#include "base/doc_manifest.h"
#include "base/doc_return.h"
#include "base/doc_slip.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/catalog/catalog_measure.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/shipping/shipping_service.h"
#include "oms/shipping/shipping_track.h"

static int64_t day_of(utc_ms at)
{
    return at / (24 * 60 * 60 * 1000);
}

static struct doc_address address_of(struct ctx *ctx,
                                     const struct carrier_address *a)
{
    str line2 = a->line2;
    if (a->line3.len)
        line2 = str_printf(ctx->arena, "%.*s, %.*s", STR_ARG(a->line2),
                           STR_ARG(a->line3));
    return (struct doc_address){.name = a->name,
                                .company = a->company,
                                .line1 = a->line1,
                                .line2 = line2,
                                .city = a->city,
                                .region = a->region,
                                .postal_code = a->postal_code,
                                .country = a->country,
                                .phone = a->phone};
}

/* What all papers of a parcel say. */
struct paper {
    struct order order;
    struct doc_address from, to;
    str email;
    str carrier, service; /* In words. */
};

static str service_title(const struct service *services, size_t count, str code)
{
    const struct service *service = service_find(services, count, code);
    return service && service->title.len ? service->title : code;
}

/* A label by hand says what was typed. */
static err_t name_carrier(struct ctx *ctx, const struct package *package,
                          struct paper *ret)
{
    struct account account;
    struct service *services;
    size_t count;
    ret->carrier = package->carrier;
    ret->service = package->service;
    if (package->account.v == 0)
        return OK;
    TRY(account_get(ctx, package->account, &account));
    TRY(service_list(ctx, account.services, &services, &count));
    ret->carrier =
        account.name.len ? account.name : str_from_cstr(account.carrier->title);
    ret->service = service_title(services, count, package->service);
    return OK;
}

static err_t open_paper(struct ctx *ctx, const struct package *package,
                        struct paper *ret)
{
    /* As the order has it: limits are the carrier's own. */
    static const struct carrier any = {.name = "", .caps = CARRIER_IS_LOCAL};
    struct carrier_address from, to;
    TRY(order_get(ctx, package->order, &ret->order));
    TRY(package_addresses(ctx, package, &any, &from, &to));
    ret->from = address_of(ctx, &from);
    ret->to = address_of(ctx, &to);
    ret->email = to.email;
    return name_carrier(ctx, package, ret);
}

/* Where the buyer's page is; empty: nobody said, nothing can sign it, or it is
 * too long to be printed. Goods that come back have none. */
static err_t track_link(struct ctx *ctx, const struct package *package,
                        const struct order *order, str *ret)
{
    struct channel_shop shop;
    struct track_token token;
    str text;
    *ret = STR("");
    if (package->returns.v)
        return OK;
    TRY(channel_shop_get(ctx, order->channel, &shop));
    if (shop.pages.len == 0)
        return OK;
    err_t err =
        track_link_make(ctx, order->id, TRACK_PAGE, TRACK_DAYS, &token, &text);
    if (err == ERR_STATE) {
        err_clear(ctx);
        return OK;
    }
    if (err != OK)
        return err;
    str link = str_printf(ctx->arena, "%.*s/track/%.*s", STR_ARG(shop.pages),
                          STR_ARG(text));
    if (link.len <= DOC_QR_CHARS)
        *ret = link;
    return OK;
}

/* ---- labels ---- */

err_t package_label_facts(struct ctx *ctx, const struct package *package,
                          struct doc_label *ret)
{
    struct paper paper;
    if (package->tracking.len == 0)
        return fail_as(ctx, ERR_NOT_FOUND, "label_missing", "",
                       "the package has no label");
    TRY(open_paper(ctx, package, &paper));
    *ret = (struct doc_label){
        .from = paper.from,
        .to = paper.to,
        .carrier = paper.carrier,
        .service = paper.service,
        .tracking = package->tracking,
        .sscc = package->sscc,
        .reference = paper.order.number,
        .is_return = package->returns.v != 0,
        .weight_g = package->weight_g,
        .day = day_of(package->packed_at ? package->packed_at
                                         : package->created_at),
    };
    return track_link(ctx, package, &paper.order, &ret->link);
}

/* A carrier's own drawing comes in base64. */
static bool decode(struct ctx *ctx, str text, str *ret)
{
    size_t len;
    unsigned char *bytes = arena_alloc_raw(ctx->arena, text.len + 1);
    if (sodium_base642bin(bytes, text.len, text.ptr, text.len, "\r\n ", &len,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    *ret = (str){(const char *)bytes, len};
    return true;
}

void call_look(struct ctx *ctx, struct carrier_outcome *outcome)
{
    str file;
    if (outcome->result != CARRIER_DONE || outcome->label_pdf.len == 0)
        return;
    if (!decode(ctx, outcome->label_pdf, &file))
        (void)fail(ctx, ERR_INVALID, "", "the file is not in base64");
    else if (doc_join_check(ctx, file) == OK)
        return;
    /* Where nothing can be read here, others may. */
    if (ctx->err.code == ERR_INVALID) {
        outcome->field = STR("label_pdf");
        outcome->text = str_copy(ctx->arena, str_from_cstr(ctx->err.text));
        outcome->label_pdf = STR("");
    }
    err_clear(ctx);
}

err_t package_label_drawn(struct ctx *ctx, const struct package *package,
                          bool is_zpl, str *ret)
{
    struct label label = {0};
    *ret = STR("");
    if (package->label.v)
        TRY(label_get(ctx, package->label, &label));
    if (is_zpl)
        *ret = label.zpl;
    else if (label.pdf.len && !decode(ctx, label.pdf, ret))
        *ret = STR("");
    return OK;
}

err_t package_label_zpl(struct ctx *ctx, const struct package *package,
                        str *ret)
{
    struct doc_label facts;
    TRY(package_label_drawn(ctx, package, true, ret));
    if (ret->len)
        return OK;
    TRY(package_label_facts(ctx, package, &facts));
    return doc_label_zpl(ctx, &facts, ret);
}

err_t package_label_pdf(struct ctx *ctx, const struct package *package,
                        str *ret)
{
    struct doc_label facts;
    TRY(package_label_drawn(ctx, package, false, ret));
    if (ret->len)
        return OK;
    TRY(package_label_facts(ctx, package, &facts));
    return doc_label_pdf(ctx, &facts, ret);
}

/* ---- what is in it ---- */

struct contents {
    struct package_item *items;
    size_t count;
    struct package_unit *units;
    size_t unit_count;
    struct sku_measure *measures;
    size_t measure_count;
};

static err_t open_contents(struct ctx *ctx, const struct package *package,
                           struct contents *ret)
{
    TRY(package_item_list(ctx, &package->id, 1, &ret->items, &ret->count));
    TRY(package_unit_list(ctx, &package->id, 1, &ret->units, &ret->unit_count));
    sku_id *ids = arena_array(ctx->arena, sku_id, ret->count + 1);
    for (size_t i = 0; i < ret->count; i++)
        ids[i] = ret->items[i].sku;
    return sku_list_measures(ctx, ids, ret->count, &ret->measures,
                             &ret->measure_count);
}

static const struct sku_measure *measure_of(const struct contents *c,
                                            sku_id sku)
{
    for (size_t i = 0; i < c->measure_count; i++)
        if (c->measures[i].id.v == sku.v)
            return &c->measures[i];
    return NULL;
}

static const struct order_line *line_of(const struct order *order, int64_t n)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].n == n)
            return &order->lines[i];
    return NULL;
}

static void add_names(struct ctx *ctx, const struct contents *c,
                      const struct package_item *item,
                      struct doc_slip_line *ret)
{
    str *lots = arena_array(ctx->arena, str, c->unit_count + 1);
    str *serials = arena_array(ctx->arena, str, c->unit_count + 1);
    for (size_t i = 0; i < c->unit_count; i++) {
        const struct package_unit *u = &c->units[i];
        if (u->n != item->n || u->sku.v != item->sku.v)
            continue;
        bool is_same =
            ret->lot_count > 0 && str_equal(lots[ret->lot_count - 1], u->lot);
        if (u->lot.len && !is_same)
            lots[ret->lot_count++] = u->lot;
        if (u->serial.len)
            serials[ret->serial_count++] = u->serial;
    }
    ret->lots = lots;
    ret->serials = serials;
}

err_t package_slip_pdf(struct ctx *ctx, const struct package *package,
                       bool with_prices, str *ret)
{
    struct paper paper;
    struct contents c;
    TRY(open_paper(ctx, package, &paper));
    TRY(open_contents(ctx, package, &c));
    struct doc_slip_line *lines =
        arena_array(ctx->arena, struct doc_slip_line, c.count + 1);
    for (size_t i = 0; i < c.count; i++) {
        const struct package_item *item = &c.items[i];
        const struct sku_measure *m = measure_of(&c, item->sku);
        const struct order_line *line = line_of(&paper.order, item->n);
        bool is_own = line && line->sku.v == item->sku.v;
        lines[i] = (struct doc_slip_line){
            .title = is_own ? line->title
                     : m    ? m->title
                            : STR(""),
            .sku = m ? m->code : STR(""),
            .qty = item->qty,
        };
        if (is_own)
            lines[i].price = money_make(order_line_unit_worth(line) * item->qty,
                                        paper.order.currency);
        add_names(ctx, &c, item, &lines[i]);
    }
    struct doc_slip slip = {
        .paper = DOC_A4,
        .shop = paper.from.company.len ? paper.from.company : paper.from.name,
        .from = paper.from,
        .to = paper.to,
        .order = paper.order.number,
        .package = id_str(ctx->arena, "pkg", package->id.v),
        .carrier = paper.carrier,
        .service = paper.service,
        .tracking = package->tracking,
        .order_day = day_of(paper.order.placed_at),
        .lines = lines,
        .line_count = c.count,
        .with_prices = with_prices,
    };
    TRY(track_link(ctx, package, &paper.order, &slip.link));
    return doc_slip_pdf(ctx, &slip, ret);
}

/* ---- customs ---- */

static struct doc_customs_line customs_line(const struct order *order,
                                            const struct contents *c,
                                            const struct package_item *item)
{
    const struct sku_measure *m = measure_of(c, item->sku);
    const struct order_line *line = line_of(order, item->n);
    bool is_own = line && line->sku.v == item->sku.v;
    return (struct doc_customs_line){
        .title = m ? m->title : STR(""),
        .hs_code = m ? m->hs_code : STR(""),
        .origin = m ? m->origin : STR(""),
        .qty = item->qty,
        .unit_price = money_make(is_own ? order_line_unit_worth(line) : 0,
                                 order->currency),
        .weight_g = m ? m->weight_g * item->qty : 0,
    };
}

/* ---- the sheet of goods that come back ---- */

err_t package_return_pdf(struct ctx *ctx, const struct package *package,
                         str *ret)
{
    struct doc_label facts;
    struct label label = {0};
    struct contents c;
    if (!package->returns.v)
        return fail_as(ctx, ERR_STATE, "not_a_return", "",
                       "this package was sent to a buyer");
    if (package->label.v)
        TRY(label_get(ctx, package->label, &label));
    if (label.pdf.len || label.zpl.len)
        return fail_as(ctx, ERR_STATE, "drawn_by_carrier", "",
                       "its carrier drew the label; take that");
    TRY(package_label_facts(ctx, package, &facts));
    TRY(open_contents(ctx, package, &c));
    struct doc_return_item *items =
        arena_array(ctx->arena, struct doc_return_item, c.count);
    for (size_t i = 0; i < c.count; i++) {
        const struct sku_measure *m = measure_of(&c, c.items[i].sku);
        items[i] = (struct doc_return_item){
            .title = m ? m->title : STR(""),
            .sku = m ? m->code : STR(""),
            .qty = c.items[i].qty,
        };
    }
    struct doc_return sheet = {
        .paper = DOC_A4,
        .shop = facts.to.company.len ? facts.to.company : facts.to.name,
        .number = id_str(ctx->arena, "pkg", package->id.v),
        .order = facts.reference,
        .items = items,
        .item_count = c.count,
        .label = facts,
    };
    return doc_return_pdf(ctx, &sheet, ret);
}

err_t package_customs_pdf(struct ctx *ctx, const struct package *package,
                          enum customs_form form, str *ret)
{
    struct paper paper;
    struct contents c;
    struct order_route_facts facts = {.incoterm = STR_NONE};
    TRY(open_paper(ctx, package, &paper));
    TRY(open_contents(ctx, package, &c));
    if (!package->returns.v)
        TRY(order_destination(ctx, &paper.order, &facts));
    struct doc_customs_line *lines =
        arena_array(ctx->arena, struct doc_customs_line, c.count + 1);
    for (size_t i = 0; i < c.count; i++)
        lines[i] = customs_line(&paper.order, &c, &c.items[i]);
    struct doc_customs customs = {
        .paper = DOC_A4,
        .number = id_str(ctx->arena, "pkg", package->id.v),
        .day = day_of(package->packed_at ? package->packed_at
                                         : package->created_at),
        .from = paper.from,
        .to = paper.to,
        .to_email = paper.email,
        .incoterm = facts.incoterm,
        .reason = package->returns.v ? DOC_EXPORT_RETURN : DOC_EXPORT_SALE,
        .lines = lines,
        .line_count = c.count,
        .gross_weight_g = package->weight_g,
        .carrier = paper.carrier,
        .tracking = package->tracking,
        .order = paper.order.number,
        .signatory = paper.from.name,
    };
    switch (form) {
    case CUSTOMS_INVOICE: return doc_invoice_pdf(ctx, &customs, ret);
    case CUSTOMS_CN22: return doc_cn22_pdf(ctx, &customs, ret);
    case CUSTOMS_CN23: return doc_cn23_pdf(ctx, &customs, ret);
    }
    UNREACHABLE("not a customs form");
}

/* ---- manifests ---- */

err_t manifest_pdf(struct ctx *ctx, const struct handover *manifest, str *ret)
{
    struct package *packages;
    struct account account;
    struct carrier_address from;
    size_t count;
    struct package_filter filter = {.manifest = {manifest->id},
                                    .limit = LIMIT_MANIFEST_PACKAGES};
    TRY(package_page(ctx, &filter, &packages, &count));
    TRY(account_get(ctx, manifest->account, &account));
    TRY(place_address(ctx, manifest->location, &from));
    struct doc_manifest_line *lines =
        arena_array(ctx->arena, struct doc_manifest_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct paper paper;
        TRY(open_paper(ctx, &packages[i], &paper));
        lines[i] = (struct doc_manifest_line){
            .tracking = packages[i].tracking,
            .service = paper.service,
            .reference = paper.order.number,
            .postal_code = paper.to.postal_code,
            .country = paper.to.country,
            .weight_g = packages[i].weight_g,
        };
    }
    struct doc_manifest facts = {
        .paper = DOC_A4,
        .number = id_str(ctx->arena, "mfs", manifest->id),
        .carrier = str_from_cstr(account.carrier->title),
        .account = account.code,
        .day = day_of(manifest->created_at),
        .from = address_of(ctx, &from),
        .lines = lines,
        .line_count = count,
    };
    return doc_manifest_pdf(ctx, &facts, ret);
}
