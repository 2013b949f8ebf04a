/* demo.c - the command `wharf demo`: a small merchant to play with.
 *
 * Everything goes through the rooms' commands, one transaction each, so demo
 * data obey every rule. A store that has the first demo channel is left alone.
 */
#include "app/cli.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_command.h"
#include "oms/order/order.h"
#include "oms/routing/routing.h"

enum { DEMO_ORDERS = 60, DEMO_DAY_MS = 24 * 60 * 60 * 1000 };

/* clang-format off */
static const struct {
    const char *code, *name, *tz, *currency, *prefix;
    enum channel_type type;
    enum tax_mode tax_mode;
    enum stock_policy policy;
    int tax_percent;
} channels[] = {
    {"web-de", "Wharf Shop Germany", "Europe/Berlin", "EUR", "DE-",
     CHANNEL_WEB, TAX_INCLUSIVE, STOCK_POLICY_REFUSE, 19},
    {"web-us", "Wharf Shop USA", "America/New_York", "USD", "US-",
     CHANNEL_WEB, TAX_EXCLUSIVE, STOCK_POLICY_BACKORDER, 8},
    {"market-de", "Marketplace Europe", "Europe/Berlin", "EUR", "MP-",
     CHANNEL_MARKETPLACE, TAX_INCLUSIVE, STOCK_POLICY_REFUSE, 19},
    {"pos-tokyo", "Store Tokyo", "Asia/Tokyo", "JPY", "TK-",
     CHANNEL_POS, TAX_INCLUSIVE, STOCK_POLICY_REFUSE, 10},
};
/* clang-format on */

/* clang-format off */
static const struct {
    const char *code, *name, *tz, *address;
    enum location_type type;
    int64_t lat_e6, lon_e6;
} places[] = {
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
};
/* clang-format on */

/* Prices in the smallest common step: minor units of EUR and USD, and as many
 * yen. */
static const struct {
    const char *code, *title, *origin, *hs_code;
    int64_t weight_g, price;
} goods[] = {
    {"TEE-NAVY-M",   "T-shirt navy, M", "PT", "610910", 180,  2490 },
    {"TEE-NAVY-L",   "T-shirt navy, L", "PT", "610910", 190,  2490 },
    {"TEE-SAND-M",   "T-shirt sand, M", "PT", "610910", 180,  2490 },
    {"MUG-ENAMEL",   "Enamel mug",      "DE", "732394", 260,  1450 },
    {"BAG-CANVAS",   "Canvas bag",      "IN", "420292", 420,  3900 },
    {"KNIFE-DECK",   "Deck knife",      "DE", "821192", 150,  5900 },
    {"LAMP-HARBOR",  "Harbor lamp",     "IT", "940520", 1900, 12900},
    {"BLANKET-WOOL", "Wool blanket",    "NO", "630120", 1400, 8900 },
    {"NOTEBOOK-A5",  "Notebook A5",     "DE", "482010", 310,  1190 },
    {"CAP-KNIT",     "Knitted cap",     "NO", "650500", 90,   2900 },
    {"ROPE-10M",     "Rope, 10 m",      "DE", "560750", 700,  1990 },
    {"SOAP-SALT",    "Sea salt soap",   "FR", "340111", 110,  690  },
};

struct demo {
    bool is_there;
    channel_id channels[COUNT_OF(channels)];
    location_id places[COUNT_OF(places)];
    int made;
    int order;
};

static err_t make_channels(struct ctx *ctx, struct demo *demo)
{
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        struct channel_cmd cmd = {
            .code = str_from_cstr(channels[i].code),
            .name = str_from_cstr(channels[i].name),
            .brand = STR("Wharf"),
            .tz = str_from_cstr(channels[i].tz),
            .number_prefix = str_from_cstr(channels[i].prefix),
            .attrs = STR("{}"),
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
            .is_tracked = true,
            .weight_g = goods[i].weight_g,
            .attrs = STR("{}"),
        };
        struct sku made;
        TRY(sku_create(ctx, &cmd, &made));
    }
    return OK;
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
            .delta = (int64_t)(20 + (good * 7 + place * 13) % 90),
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
        {3, 1, 0}
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

static err_t make_base(struct ctx *ctx, void *arg)
{
    struct demo *demo = arg;
    struct channel first;
    TRY(channel_find(ctx, str_from_cstr(channels[0].code), &first,
                     &demo->is_there));
    if (demo->is_there)
        return OK;
    TRY(make_channels(ctx, demo));
    TRY(make_places(ctx, demo));
    TRY(make_goods(ctx));
    TRY(make_stock(ctx));
    return make_routing(ctx, demo);
}

/* The tax of a line: contained in its price, or on top of it. */
static int64_t tax_of(size_t channel, int64_t amount)
{
    int64_t percent = channels[channel].tax_percent;
    if (channels[channel].tax_mode == TAX_INCLUSIVE)
        return (amount * percent + (100 + percent) / 2) / (100 + percent);
    return (amount * percent + 50) / 100;
}

static err_t make_order(struct ctx *ctx, void *arg)
{
    struct demo *demo = arg;
    size_t n = (size_t)demo->order, channel = n % COUNT_OF(channels);
    static const char *const names[] = {"Ada Schmidt", "Grace Miller",
                                        "Ren Tanaka", "Lena Øst"};
    struct order_tax taxes[2];
    struct order_line_cmd lines[2];
    size_t count = 1 + n % 2;
    for (size_t i = 0; i < count; i++) {
        size_t good = (n * 5 + i * 3) % COUNT_OF(goods);
        int64_t qty = 1 + (int64_t)((n + i) % 3);
        taxes[i] = (struct order_tax){STR("VAT"),
                                      channels[channel].tax_percent * 10000,
                                      tax_of(channel, qty * goods[good].price)};
        lines[i] = (struct order_line_cmd){
            .sku = str_from_cstr(goods[good].code),
            .qty = qty,
            .unit_price = goods[good].price,
            .total = -1,
            .taxes = &taxes[i],
            .tax_count = 1,
        };
    }
    struct order_party customer = {
        .name = str_from_cstr(names[n % COUNT_OF(names)]),
        .email = str_printf(ctx->arena, "buyer%zu@example.com", n % 17)};
    struct order_cmd cmd = {
        .channel = str_from_cstr(channels[channel].code),
        .external_id = str_printf(ctx->arena, "demo-%05zu", n + 1),
        .origin = ORDER_ORIGIN_API,
        .placed_at = ctx->now - (int64_t)(DEMO_ORDERS - n) * DEMO_DAY_MS,
        .customer = &customer,
        .lines = lines,
        .line_count = count,
    };
    ASSERT(currency_from_str(str_from_cstr(channels[channel].currency),
                             cmd.currency));
    order_cmd_seal(ctx->arena, &cmd);
    struct order order;
    TRY(order_place(ctx, &cmd, &order, NULL));
    demo->made++;
    return OK;
}

static err_t fill(struct cli *cli, struct store *store, struct demo *demo)
{
    TRY(cli_run(cli, store, LANE_WRITE, make_base, demo));
    if (demo->is_there)
        return OK;
    for (int i = 0; i < DEMO_ORDERS; i++) {
        demo->order = i;
        TRY(cli_run(cli, store, LANE_WRITE, make_order, demo));
    }
    return OK;
}

static int run(struct cli *cli)
{
    struct store *store = NULL;
    struct demo demo = {.is_there = false};
    err_t err = cli_store_open(cli, &store);
    if (err == OK)
        err = fill(cli, store, &demo);
    cli_store_close(cli, store);
    if (err != OK)
        return cli_failed(cli);
    if (demo.is_there)
        fputs("demo data are there already\n", cli->out);
    else
        fprintf(cli->out,
                "demo data: %zu channels, %zu locations, %zu SKUs, %d orders\n",
                COUNT_OF(channels), COUNT_OF(places), COUNT_OF(goods),
                demo.made);
    return EXIT_FINE;
}

const struct cli_command cmd_demo = {
    .name = "demo",
    .line = "fill an empty store with demo data",
    .usage = "[options]",
    .about = "Adds channels, locations, SKUs with stock and some orders. A "
             "store that already has them is left as it is.",
    .examples = "wharf demo --store sqlite:demo.db",
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
