/* demo_base.c - the demo merchant's channels, places, goods, stock and taxes.
 */
#include "app/demo.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_command.h"
#include "oms/order/tax.h"
#include "oms/routing/routing.h"

/* clang-format off */
static const struct {
    const char *code, *name, *tz, *currency, *prefix;
    enum channel_type type;
    enum tax_mode tax_mode;
    enum stock_policy policy;
} channels[DEMO_CHANNELS] = {
    {"web-de", "Wharf Shop Germany", "Europe/Berlin", "EUR", "DE-",
     CHANNEL_WEB, TAX_INCLUSIVE, STOCK_POLICY_REFUSE},
    {"web-us", "Wharf Shop USA", "America/New_York", "USD", "US-",
     CHANNEL_WEB, TAX_EXCLUSIVE, STOCK_POLICY_BACKORDER},
    {"market-de", "Marketplace Europe", "Europe/Berlin", "EUR", "MP-",
     CHANNEL_MARKETPLACE, TAX_INCLUSIVE, STOCK_POLICY_REFUSE},
    {"pos-tokyo", "Store Tokyo", "Asia/Tokyo", "JPY", "TK-",
     CHANNEL_POS, TAX_INCLUSIVE, STOCK_POLICY_REFUSE},
};
/* clang-format on */

/* clang-format off */
static const struct {
    const char *code, *name, *tz, *address;
    enum location_type type;
    int64_t lat_e6, lon_e6;
} places[DEMO_PLACES] = {
    {"wh-berlin", "Warehouse Berlin", "Europe/Berlin",
     "{\"line1\":\"Hafenplatz 1\",\"city\":\"Berlin\","
     "\"postal_code\":\"10963\",\"country\":\"DE\"}",
     LOCATION_WAREHOUSE, 52503100, 13372200},
    {"wh-newark", "Warehouse Newark", "America/New_York",
     "{\"line1\":\"20 Port Street\",\"city\":\"Newark\","
     "\"region\":\"NJ\",\"postal_code\":\"07114\",\"country\":\"US\"}",
     LOCATION_WAREHOUSE, 40707200, -74158400},
    {"store-hamburg", "Store Hamburg", "Europe/Berlin",
     "{\"line1\":\"Am Kai 7\",\"city\":\"Hamburg\","
     "\"postal_code\":\"20457\",\"country\":\"DE\"}",
     LOCATION_STORE, 53543800, 9998700},
    {"store-tokyo", "Store Tokyo", "Asia/Tokyo",
     "{\"line1\":\"2-3 Minato\",\"city\":\"Tokyo\","
     "\"postal_code\":\"105-0001\",\"country\":\"JP\"}",
     LOCATION_STORE, 35666700, 139749900},
    {"3pl-chicago", "Lakeside Logistics", "America/Chicago",
     "{\"line1\":\"500 Lake Road\",\"city\":\"Chicago\","
     "\"region\":\"IL\",\"postal_code\":\"60611\",\"country\":\"US\"}",
     LOCATION_3PL, 41891600, -87607900},
    {"drop-milan", "Supplier Milan", "Europe/Rome",
     "{\"line1\":\"Via del Porto 9\",\"city\":\"Milano\","
     "\"postal_code\":\"20143\",\"country\":\"IT\"}",
     LOCATION_DROPSHIP, 45449300, 9171700},
    {"wh-osaka", "Warehouse Osaka", "Asia/Tokyo",
     "{\"line1\":\"1-8 Nanko\",\"city\":\"Osaka\","
     "\"postal_code\":\"559-0034\",\"country\":\"JP\"}",
     LOCATION_WAREHOUSE, 34638500, 135412600},
    {"store-brooklyn", "Store Brooklyn", "America/New_York",
     "{\"line1\":\"88 Water Street\",\"city\":\"Brooklyn\","
     "\"region\":\"NY\",\"postal_code\":\"11201\",\"country\":\"US\"}",
     LOCATION_STORE, 40703300, -73991700},
};
/* clang-format on */

/* clang-format off */
static const struct {
    const char *code, *title, *origin, *hs_code, *barcode;
    int64_t weight_g, length_mm, width_mm, height_mm;
} goods[DEMO_SKUS] = {
    {"TEE-NAVY-M", "T-shirt navy, M", "PT", "610910", "4012345000016",
     180, 300, 220, 30},
    {"TEE-NAVY-L", "T-shirt navy, L", "PT", "610910", "4012345000023",
     190, 300, 220, 30},
    {"TEE-SAND-M", "T-shirt sand, M", "PT", "610910", "4012345000030",
     180, 300, 220, 30},
    {"MUG-ENAMEL", "Enamel mug", "DE", "732394", "4012345000047",
     260, 110, 90, 90},
    {"BAG-CANVAS", "Canvas bag", "IN", "420292", "4012345000054",
     420, 400, 350, 40},
    {"KNIFE-DECK", "Deck knife", "DE", "821192", "4012345000061",
     150, 220, 40, 25},
    {"LAMP-HARBOR", "Harbor lamp", "IT", "940520", "4012345000078",
     1900, 300, 200, 200},
    {"BLANKET-WOOL", "Wool blanket", "NO", "630120", "4012345000085",
     1400, 400, 300, 100},
    {"NOTEBOOK-A5", "Notebook A5", "DE", "482010", "4012345000092",
     310, 210, 148, 18},
    {"CAP-KNIT", "Knitted cap", "NO", "650500", "4012345000108",
     90, 200, 150, 40},
    {"ROPE-10M", "Rope, 10 m", "DE", "560750", "4012345000115",
     700, 250, 250, 60},
    {"SOAP-SALT", "Sea salt soap", "FR", "340111", "4012345000122",
     110, 80, 55, 30},
};
/* clang-format on */

/* What is written by hand is taxed by these; what channels send has its own. */
static const struct tax_rate rates[] = {
    {.name = STR_INIT("VAT"),             .country = STR_INIT("DE"), .rate_ppm = 190000},
    {.name = STR_INIT("VAT"),             .country = STR_INIT("AT"), .rate_ppm = 200000},
    {.name = STR_INIT("VAT"),             .country = STR_INIT("DK"), .rate_ppm = 250000},
    {.name = STR_INIT("VAT"),             .country = STR_INIT("FR"), .rate_ppm = 200000},
    {.name = STR_INIT("VAT"),             .country = STR_INIT("IT"), .rate_ppm = 220000},
    {.name = STR_INIT("Sales tax"),
     .country = STR_INIT("US"),
     .rate_ppm = 80000                                                                 },
    {.name = STR_INIT("Consumption tax"),
     .country = STR_INIT("JP"),
     .rate_ppm = 100000                                                                }
};

static err_t make_taxes(struct ctx *ctx)
{
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        struct tax_rate rate = rates[i], made;
        rate.tax_class = STR("standard");
        rate.layer = 1;
        rate.kind = TAX_DUE;
        rate.valid_to = TAX_NO_END;
        rate.is_active = true;
        TRY(tax_rate_create(ctx, &rate, &made));
    }
    return OK;
}

static err_t make_channels(struct ctx *ctx, struct demo *demo)
{
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        struct channel_cmd cmd = {
            .code = str_from_cstr(channels[i].code),
            .name = str_from_cstr(channels[i].name),
            .brand = STR("Wharf"),
            .tz = str_from_cstr(channels[i].tz),
            .number_prefix = str_from_cstr(channels[i].prefix),
            .attrs = STR("{\"shop_color\":\"#0b6780\",\"shop_link\":"
                         "\"https://wharf.example\",\"shop_contact\":"
                         "\"help@wharf.example\",\"shop_pages\":"
                         "\"https://my.wharf.example\"}"),
            .type = channels[i].type,
            .tax_mode = channels[i].tax_mode,
            .rounding = ROUND_HALF_UP,
            .stock_policy = channels[i].policy,
        };
        ASSERT(currency_from_str(str_from_cstr(channels[i].currency),
                                 cmd.currency));
        struct channel made;
        TRY(channel_create(ctx, &cmd, &made));
        demo->channels[i] = made.id;
    }
    return OK;
}

static err_t make_places(struct ctx *ctx, struct demo *demo)
{
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct location_cmd cmd = {
            .code = str_from_cstr(places[i].code),
            .name = str_from_cstr(places[i].name),
            .type = places[i].type,
            .address = str_from_cstr(places[i].address),
            .has_point = true,
            .lat_e6 = places[i].lat_e6,
            .lon_e6 = places[i].lon_e6,
            .tz = str_from_cstr(places[i].tz),
            .is_shipping = true,
            .is_pickup = places[i].type == LOCATION_STORE,
            .attrs = STR("{}"),
        };
        TRY(location_create(ctx, &cmd, &demo->places[i]));
    }
    return OK;
}

static err_t make_goods(struct ctx *ctx)
{
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        struct sku_cmd cmd = {
            .code = str_from_cstr(goods[i].code),
            .title = str_from_cstr(goods[i].title),
            .origin = str_from_cstr(goods[i].origin),
            .hs_code = str_from_cstr(goods[i].hs_code),
            .barcode = str_from_cstr(goods[i].barcode),
            .is_tracked = true,
            .weight_g = goods[i].weight_g,
            .length_mm = goods[i].length_mm,
            .width_mm = goods[i].width_mm,
            .height_mm = goods[i].height_mm,
            .attrs = STR("{}"),
        };
        struct sku made;
        TRY(sku_create(ctx, &cmd, &made));
    }
    return OK;
}

/* What lies of each SKU at least: much where most orders leave. */
static const int64_t reserves[DEMO_PLACES] = {160, 130, 20, 60, 20, 20, 40, 20};

/* One sells out. */
static int64_t reserve_of(size_t good, size_t place)
{
    int64_t all = reserves[place] + (int64_t)((good * 7 + place * 13) % 90);
    return strcmp(goods[good].code, "CAP-KNIT") == 0 ? all / 3 : all;
}

static err_t make_stock(struct ctx *ctx)
{
    enum { ITEMS = COUNT_OF(goods) * COUNT_OF(places) };
    struct adjust_item items[ITEMS];
    struct adjust_result results[ITEMS];
    for (size_t i = 0; i < ITEMS; i++) {
        size_t good = i / COUNT_OF(places), place = i % COUNT_OF(places);
        items[i] = (struct adjust_item){
            .sku = str_from_cstr(goods[good].code),
            .location = str_from_cstr(places[place].code),
            .delta = reserve_of(good, place),
            .bucket = STOCK_AVAILABLE,
        };
    }
    TRY(inventory_adjust(ctx, STR("demo: first receipt"), items, ITEMS,
                         results));
    for (size_t i = 0; i < ITEMS; i++)
        ASSERT(results[i].is_ok);
    return OK;
}

static err_t make_routing(struct ctx *ctx, const struct demo *demo)
{
    /* Best first, as indexes into places. */
    static const int ranked[COUNT_OF(channels)][3] = {
        {0, 2, 5},
        {1, 4, 0},
        {0, 5, 2},
        {3, 6, 1}
    };
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        location_id ids[3];
        for (size_t j = 0; j < COUNT_OF(ids); j++)
            ids[j] = demo->places[ranked[i][j]];
        struct routing_cmd cmd = {.channel = demo->channels[i],
                                  .locations = ids,
                                  .count = COUNT_OF(ids)};
        TRY(routing_set(ctx, &cmd));
    }
    return OK;
}

void demo_remember_channel(const struct demo *demo, const char *code,
                           struct demo_tale *tale)
{
    char text[ID_TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(channels); i++)
        if (strcmp(channels[i].code, code) == 0)
            demo_remember(
                tale,
                (str){text, id_to_text("chn", demo->channels[i].v, text)});
}

const char *demo_place_code(int place)
{
    ASSERT(place >= 0 && place < DEMO_PLACES);
    return places[place].code;
}

err_t demo_make_base(struct ctx *ctx, void *arg)
{
    struct demo *demo = arg;
    TRY(make_taxes(ctx));
    TRY(make_channels(ctx, demo));
    TRY(make_places(ctx, demo));
    TRY(make_goods(ctx));
    TRY(make_stock(ctx));
    return make_routing(ctx, demo);
}
