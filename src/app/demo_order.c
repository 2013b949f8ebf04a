/* demo_order.c - the demo merchant's buyers and what they order. */
#include "app/demo.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/order/order.h"

enum { BUYERS = 4, HOUR_MS = 60 * 60 * 1000, OLD_ORDERS = 40 };

/* clang-format off */
static const struct order_party buyers[DEMO_CHANNELS][BUYERS] = {
    {{.name = STR_INIT("Ada Schmidt"), .line1 = STR_INIT("Lindenstraße 12"),
      .city = STR_INIT("Berlin"), .postal_code = STR_INIT("10969"), .country = STR_INIT("DE")},
     {.name = STR_INIT("Jörg Müller-Weiß"), .line1 = STR_INIT("Große Elbstraße 45"),
      .city = STR_INIT("Hamburg"), .postal_code = STR_INIT("22767"), .country = STR_INIT("DE")},
     {.name = STR_INIT("ليلى حداد"), .line1 = STR_INIT("Sonnenallee 101"),
      .city = STR_INIT("Berlin"), .postal_code = STR_INIT("12045"), .country = STR_INIT("DE")},
     {.name = STR_INIT("Олена Шевченко"), .line1 = STR_INIT("Kaiserstraße 8"),
      .city = STR_INIT("Leipzig"), .postal_code = STR_INIT("04109"), .country = STR_INIT("DE")}},
    {{.name = STR_INIT("Grace Miller"), .line1 = STR_INIT("44 Dock Street"),
      .city = STR_INIT("Baltimore"), .region = STR_INIT("MD"),
      .postal_code = STR_INIT("21230"), .country = STR_INIT("US")},
     {.name = STR_INIT("José Rivera"), .line1 = STR_INIT("901 Bay Avenue"),
      .line2 = STR_INIT("Apt 12C"), .city = STR_INIT("Tampa"), .region = STR_INIT("FL"),
      .postal_code = STR_INIT("33602"), .country = STR_INIT("US")},
     {.name = STR_INIT("Mei Chen"), .line1 = STR_INIT("77 Grant Road"),
      .city = STR_INIT("San Francisco"), .region = STR_INIT("CA"),
      .postal_code = STR_INIT("94108"), .country = STR_INIT("US")},
     {.name = STR_INIT("Owen Clark"), .company = STR_INIT("Clark & Daughters"),
      .line1 = STR_INIT("5 Mill Lane"), .city = STR_INIT("Portland"),
      .region = STR_INIT("ME"), .postal_code = STR_INIT("04101"), .country = STR_INIT("US")}},
    {{.name = STR_INIT("Lena Øst"), .line1 = STR_INIT("Havnegade 3"),
      .city = STR_INIT("Aarhus"), .postal_code = STR_INIT("8000"), .country = STR_INIT("DK")},
     {.name = STR_INIT("Chloé Lefèvre"), .line1 = STR_INIT("18 quai des Chartrons"),
      .city = STR_INIT("Bordeaux"), .postal_code = STR_INIT("33000"),
      .country = STR_INIT("FR")},
     {.name = STR_INIT("Łukasz Wiśniewski"), .line1 = STR_INIT("ul. Długa 27"),
      .city = STR_INIT("Gdańsk"), .postal_code = STR_INIT("80-827"),
      .country = STR_INIT("PL")},
     {.name = STR_INIT("Giulia Conti"), .line1 = STR_INIT("Via Garibaldi 6"),
      .city = STR_INIT("Genova"), .postal_code = STR_INIT("16124"),
      .country = STR_INIT("IT")}},
    {{.name = STR_INIT("田中 蓮"), .line1 = STR_INIT("芝公園4-2-8"), .city = STR_INIT("港区"),
      .region = STR_INIT("東京都"), .postal_code = STR_INIT("105-0011"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("佐藤 葵"), .line1 = STR_INIT("梅田3-1-1"), .city = STR_INIT("大阪市北区"),
      .region = STR_INIT("大阪府"), .postal_code = STR_INIT("530-0001"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("Ren Suzuki"), .line1 = STR_INIT("1-9-1 Marunouchi"),
      .city = STR_INIT("Tokyo"), .postal_code = STR_INIT("100-0005"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("김민준"), .line1 = STR_INIT("1-2-3 Sakuragicho"),
      .city = STR_INIT("Yokohama"), .postal_code = STR_INIT("231-0062"),
      .country = STR_INIT("JP")}},
};
/* Codes and prices: minor units of EUR and USD, and as many yen. */
static const struct {
    const char *sku;
    int64_t price;
} wares[DEMO_SKUS] = {
    {"TEE-NAVY-M", 2490}, {"TEE-NAVY-L", 2490}, {"TEE-SAND-M", 2490},
    {"MUG-ENAMEL", 1450}, {"BAG-CANVAS", 3900}, {"KNIFE-DECK", 5900},
    {"LAMP-HARBOR", 12900}, {"BLANKET-WOOL", 8900}, {"NOTEBOOK-A5", 1190},
    {"CAP-KNIT", 2900}, {"ROPE-10M", 1990}, {"SOAP-SALT", 690},
};
static const struct {
    const char *code, *currency;
    int64_t tax_percent;
    bool is_tax_on_top;
    const char *tender, *done; /* How it is paid, and how far. */
} shops[DEMO_CHANNELS] = {
    {"web-de", "EUR", 19, false, "card", "captured"},
    {"web-us", "USD", 8, true, "card", "authorized"},
    {"market-de", "EUR", 19, false, "external", "captured"},
    {"pos-tokyo", "JPY", 10, false, "cash", "captured"},
};
/* How many hours ago the last ones came; the first ones came one in a day and
 * a half, so that they have long arrived. */
static const int ages[DEMO_ORDERS - OLD_ORDERS] = {
    54, 48, 42, 36, 30, 26, 22, 18, 14, 11, 10, 8, 8, 7, 6, 5, 4, 3, 2, 1
};
/* clang-format on */

int demo_order_hour(int n)
{
    ASSERT(n >= 0 && n < DEMO_ORDERS);
    if (n < OLD_ORDERS)
        return n * 34;
    return DEMO_HOURS - ages[n - OLD_ORDERS];
}

/* The tax of a line: contained in its price, or on top of it. */
static int64_t tax_of(int shop, int64_t amount)
{
    int64_t percent = shops[shop].tax_percent;
    if (shops[shop].is_tax_on_top)
        return (amount * percent + 50) / 100;
    return (amount * percent + (100 + percent) / 2) / (100 + percent);
}

struct ordering {
    struct demo *demo;
    int n;
};

static void put_lines(struct ctx *ctx, int n, struct order_cmd *cmd)
{
    size_t count = 1 + (size_t)n % 2;
    int shop = n % DEMO_CHANNELS;
    struct order_tax *taxes = arena_array(ctx->arena, struct order_tax, count);
    cmd->lines = arena_array(ctx->arena, struct order_line_cmd, count);
    cmd->line_count = count;
    for (size_t i = 0; i < count; i++) {
        size_t ware = ((size_t)n * 5 + i * 3) % COUNT_OF(wares);
        int64_t qty = 1 + (n + (int64_t)i) % 3;
        taxes[i] =
            (struct order_tax){.name = STR("VAT"),
                               .rate_ppm = shops[shop].tax_percent * 10000,
                               .amount = tax_of(shop, qty * wares[ware].price)};
        cmd->lines[i] = (struct order_line_cmd){
            .sku = str_from_cstr(wares[ware].sku),
            .qty = qty,
            .unit_price = wares[ware].price,
            .total = -1,
            .taxes = &taxes[i],
            .tax_count = 1,
        };
    }
}

/* Who buys on account pays later, or never. */
static err_t pay(struct ctx *ctx, int n, const struct order *order)
{
    struct json_in *reply;
    char id[ID_TEXT_BYTES + 1] = {0};
    const char *currency = shops[n % DEMO_CHANNELS].currency;
    if (n % 9 == 0)
        return OK;
    id_to_text("ord", order->id.v, id);
    str body = str_printf(ctx->arena,
                          "{\"tender\":\"%s\",\"done\":\"%s\","
                          "\"amount\":{\"amount\":%lld,\"currency\":\"%s\"}}",
                          shops[n % DEMO_CHANNELS].tender,
                          shops[n % DEMO_CHANNELS].done,
                          (long long)order->totals.total, currency);
    return demo_call(ctx, "createPayment", id, body, &reply);
}

static err_t place(struct ctx *ctx, void *arg)
{
    const struct ordering *o = arg;
    int n = o->n, shop = n % DEMO_CHANNELS, buyer = n / DEMO_CHANNELS % BUYERS;
    struct order_party customer = {
        .name = buyers[shop][buyer].name,
        .email = str_printf(ctx->arena, "buyer%d@example.com",
                            shop * BUYERS + buyer + 1)};
    struct order_cmd cmd = {
        .channel = str_from_cstr(shops[shop].code),
        .external_id = str_printf(ctx->arena, "demo-%05d", n + 1),
        .origin = ORDER_ORIGIN_API,
        .placed_at = o->demo->begun_at + (utc_ms)demo_order_hour(n) * HOUR_MS,
        .customer = &customer,
        .shipping_address = &buyers[shop][buyer],
        .service = n % 5 == 0 ? STR("express") : STR("standard"),
    };
    /* One of Hamburg comes to fetch it. */
    if (n == DEMO_PICKUP) {
        cmd.method = ORDER_PICKUP;
        cmd.pickup_location = STR("store-hamburg");
        cmd.service = STR("");
    }
    put_lines(ctx, n, &cmd);
    ASSERT(
        currency_from_str(str_from_cstr(shops[shop].currency), cmd.currency));
    order_cmd_seal(ctx->arena, &cmd);
    struct order order;
    TRY(order_place(ctx, &cmd, &order, NULL));
    TRY(pay(ctx, n, &order));
    o->demo->orders[n].id = order.id;
    return OK;
}

err_t demo_place_order(struct demo *demo, int n)
{
    struct ordering ordering = {demo, n};
    TRY(demo_run(demo, place, &ordering));
    demo->placed++;
    return OK;
}
