/* demo_order.c - when the demo merchant's orders come, and what is in them. */
#include "app/demo_buy.h"
#include "app/demo_story.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order.h"

enum { HOUR_MS = 60 * 60 * 1000, OLD_HOURS = DEMO_HOURS - 60, LINES = 3 };
/* Days of the sale: ten per cent off. */
enum { SALE_FIRST = 36, SALE_LAST = 39 };

/* clang-format off */
/* Codes and prices: minor units of EUR and USD, and as many yen; how well
 * they sell. */
static const struct {
    const char *sku;
    int64_t price;
    int weight;
} wares[DEMO_SKUS] = {
    {"TEE-NAVY-M", 2490, 16}, {"TEE-NAVY-L", 2490, 11}, {"TEE-SAND-M", 2490, 8},
    {"MUG-ENAMEL", 1450, 15}, {"BAG-CANVAS", 3900, 9}, {"KNIFE-DECK", 5900, 5},
    {"LAMP-HARBOR", 12900, 3}, {"BLANKET-WOOL", 8900, 5}, {"NOTEBOOK-A5", 1190, 9},
    {"CAP-KNIT", 2900, 7}, {"ROPE-10M", 1990, 3}, {"SOAP-SALT", 690, 9},
};
static const struct {
    const char *code, *currency, *tax;
    int64_t tax_percent, shipping, free_from;
    bool is_tax_on_top;
    const char *tender, *done; /* How it is paid, and how far. */
} shops[DEMO_CHANNELS] = {
    {"web-de", "EUR", "VAT", 19, 490, 5000, false, "card", "captured"},
    {"web-us", "USD", "Sales tax", 8, 695, 7500, true, "card", "authorized"},
    {"market-de", "EUR", "VAT", 19, 0, 0, false, "external", "captured"},
    {"pos-tokyo", "JPY", "Consumption tax", 10, 0, 0, false, "cash", "captured"},
};
/* How many hours ago the last ones came. */
static const int ages[DEMO_ORDERS - DEMO_OLD] = {
    54, 48, 42, 36, 30, 26, 22, 18, 14, 11, 10, 8, 8, 7, 6, 5, 4, 3, 2, 1
};
/* clang-format on */

int demo_chance(int n, int salt, int below)
{
    uint32_t x = (uint32_t)n * 2654435769u + (uint32_t)salt * 2246822519u;
    x = (x ^ (x >> 15)) * 2246822519u;
    x = (x ^ (x >> 13)) * 3266489917u;
    return (int)((x ^ (x >> 16)) % (uint32_t)below);
}

/* The shop grows, no day is as the other, and once there was a sale. */
static int pull_of(int hour)
{
    int day = hour / 24, pull = 60 + day + demo_chance(day, 5, 50);
    if (day >= SALE_FIRST && day <= SALE_LAST)
        pull *= 2;
    return pull;
}

static void plan_hours(struct demo *demo)
{
    int64_t all = 0, so_far = 0;
    int n = 0;
    for (int hour = 0; hour < OLD_HOURS; hour++)
        all += pull_of(hour);
    for (int hour = 0; hour < OLD_HOURS; hour++) {
        so_far += pull_of(hour);
        while (n < DEMO_OLD && (2 * n + 1) * all <= so_far * 2 * DEMO_OLD)
            demo->tales[n++].hour = hour;
    }
    ASSERT(n == DEMO_OLD);
    for (; n < DEMO_ORDERS; n++)
        demo->tales[n].hour = DEMO_HOURS - ages[n - DEMO_OLD];
}

void demo_plan_orders(struct demo *demo)
{
    plan_hours(demo);
    for (int n = 0; n < DEMO_ORDERS; n++) {
        struct demo_tale *tale = &demo->tales[n];
        tale->walk_hour = tale->hour;
        if (n >= DEMO_OLD)
            continue;
        const struct demo_story *story = demo_story_of(n);
        tale->walk_hour += story->delay_h + demo_chance(n, 6, 5);
        tale->deeds = story->deeds;
        tale->deed_count = story->deed_count;
    }
}

int demo_channel_of(int n)
{
    if (n >= DEMO_OLD)
        return n % DEMO_CHANNELS;
    int channel = demo_story_of(n)->channel;
    return channel < 0 ? demo_chance(n, 7, DEMO_CHANNELS) : channel;
}

/* The tax of an amount: contained in it, or on top. */
static int64_t tax_of(int shop, int64_t amount)
{
    int64_t percent = shops[shop].tax_percent;
    if (shops[shop].is_tax_on_top)
        return (amount * percent + 50) / 100;
    return (amount * percent + (100 + percent) / 2) / (100 + percent);
}

static struct order_tax *taxes_of(struct ctx *ctx, int shop, int64_t amount)
{
    struct order_tax *tax = arena_new(ctx->arena, struct order_tax);
    *tax = (struct order_tax){.name = str_from_cstr(shops[shop].tax),
                              .rate_ppm = shops[shop].tax_percent * 10000,
                              .amount = tax_of(shop, amount)};
    return tax;
}

/* ---- lines ---- */

struct ware_line {
    int ware;
    int64_t qty;
};

static int ware_of(int n, int salt)
{
    int all = 0, at = 0;
    for (size_t i = 0; i < COUNT_OF(wares); i++)
        all += wares[i].weight;
    int left = demo_chance(n, salt, all);
    while (left >= wares[at].weight)
        left -= wares[at++].weight;
    return at;
}

static size_t old_lines(int n, struct ware_line ret[LINES])
{
    const struct demo_story *story = demo_story_of(n);
    size_t count = 1 + (size_t)demo_chance(n, 8, 5) / 2, have = 0;
    if (story->qty) {
        ret[0] = (struct ware_line){story->ware, story->qty};
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        int ware = ware_of(n, 10 + (int)i),
            few = demo_chance(n, 20 + (int)i, 10);
        bool is_new = true;
        for (size_t j = 0; j < have; j++)
            is_new &= ret[j].ware != ware;
        if (is_new)
            ret[have++] = (struct ware_line){ware, few < 7 ? 1 : few - 5};
    }
    return have;
}

static size_t last_lines(int n, struct ware_line ret[LINES])
{
    size_t count = 1 + (size_t)n % 2;
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct ware_line){(n * 5 + (int)i * 3) % DEMO_SKUS,
                                    1 + (n + (int64_t)i) % 3};
    return count;
}

static void put_lines(struct ctx *ctx, int n, bool is_sale,
                      struct order_cmd *cmd)
{
    struct ware_line picked[LINES];
    size_t count = n < DEMO_OLD ? old_lines(n, picked) : last_lines(n, picked);
    int shop = demo_channel_of(n);
    int64_t worth = 0;
    cmd->lines = arena_array(ctx->arena, struct order_line_cmd, count);
    cmd->line_count = count;
    for (size_t i = 0; i < count; i++) {
        int64_t price = wares[picked[i].ware].price,
                all = price * picked[i].qty;
        int64_t discount = is_sale ? all / 10 : 0;
        worth += all - discount;
        cmd->lines[i] = (struct order_line_cmd){
            .sku = str_from_cstr(wares[picked[i].ware].sku),
            .qty = picked[i].qty,
            .unit_price = price,
            .discount = discount,
            .total = -1,
            .taxes = taxes_of(ctx, shop, all - discount),
            .tax_count = 1,
        };
    }
    if (n >= DEMO_OLD || worth >= shops[shop].free_from ||
        cmd->method == ORDER_PICKUP)
        return;
    struct order_charge *post = arena_new(ctx->arena, struct order_charge);
    *post = (struct order_charge){.title = STR("Shipping"),
                                  .price = shops[shop].shipping,
                                  .taxes =
                                      taxes_of(ctx, shop, shops[shop].shipping),
                                  .tax_count = 1};
    cmd->shipping = post;
    cmd->shipping_count = 1;
}

/* ---- the order ---- */

static enum demo_pay pay_of(int n)
{
    if (n < DEMO_OLD)
        return demo_story_of(n)->pay;
    /* Who buys on account pays later, or never. */
    if (n % 9 == 0)
        return DEMO_UNPAID;
    return n % DEMO_CHANNELS == 1 ? DEMO_PROMISED : DEMO_PAID;
}

static err_t pay(struct ctx *ctx, int n, const struct order *order,
                 struct demo_tale *tale)
{
    struct json_in *reply;
    enum demo_pay how = pay_of(n);
    int shop = demo_channel_of(n);
    const char *done = how == DEMO_PAID ? "captured" : "authorized";
    int64_t amount = order->totals.total;
    if (how == DEMO_UNPAID)
        return OK;
    if (how == DEMO_HALF)
        amount /= 2;
    str body = str_printf(ctx->arena,
                          "{\"tender\":\"%s\"%s%s%s,"
                          "\"amount\":{\"amount\":%lld,\"currency\":\"%s\"}}",
                          how == DEMO_BILLED ? "invoice" : shops[shop].tender,
                          how == DEMO_BILLED ? "" : ",\"done\":\"",
                          how == DEMO_BILLED ? "" : done,
                          how == DEMO_BILLED ? "" : "\"", (long long)amount,
                          shops[shop].currency);
    TRY(demo_call(ctx, "createPayment", demo_id(ctx, "ord", order->id.v), body,
                  &reply));
    int64_t id;
    TRY(json_get_id(reply, "id", "pay", &id));
    demo_remember(tale, str_from_cstr(demo_id(ctx, "pay", id)));
    return OK;
}

struct ordering {
    struct demo *demo;
    int n;
    struct demo_tale tale;
};

static void put_way(const struct ordering *o, struct order_cmd *cmd)
{
    const struct demo_story *story =
        o->n < DEMO_OLD ? demo_story_of(o->n) : NULL;
    /* One of Hamburg comes to fetch it. */
    if (o->n == DEMO_PICKUP || (story && story->is_pickup)) {
        cmd->method = ORDER_PICKUP;
        cmd->pickup_location = STR("store-hamburg");
        cmd->service = STR("");
    }
    if (story && story->later_h)
        cmd->fulfil_at = o->demo->now + (utc_ms)story->later_h * HOUR_MS;
}

static err_t place(struct ctx *ctx, void *arg)
{
    struct ordering *o = arg;
    int n = o->n, shop = demo_channel_of(n), hour = o->demo->tales[n].hour;
    struct demo_buyer buyer;
    demo_buyer_of(ctx, n, &buyer);
    struct order_cmd cmd = {
        .channel = str_from_cstr(shops[shop].code),
        .external_id = str_printf(ctx->arena, "demo-%05d", n + 1),
        .origin = ORDER_ORIGIN_API,
        .placed_at = o->demo->has_past
                         ? o->demo->now
                         : o->demo->begun_at + (utc_ms)hour * HOUR_MS,
        .customer = &buyer.customer,
        .shipping_address = &buyer.address,
        .service = n % 5 == 0 ? STR("express") : STR("standard"),
    };
    put_way(o, &cmd);
    put_lines(ctx, n, hour / 24 >= SALE_FIRST && hour / 24 <= SALE_LAST, &cmd);
    ASSERT(
        currency_from_str(str_from_cstr(shops[shop].currency), cmd.currency));
    order_cmd_seal(ctx->arena, &cmd);
    struct order order;
    TRY(order_place(ctx, &cmd, &order, NULL));
    o->tale = o->demo->tales[n];
    o->tale.id = order.id;
    demo_remember(&o->tale, str_from_cstr(demo_id(ctx, "ord", order.id.v)));
    return pay(ctx, n, &order, &o->tale);
}

err_t demo_place_order(struct demo *demo, int n)
{
    struct ordering *ordering = arena_new(demo->cli->arena, struct ordering);
    *ordering = (struct ordering){.demo = demo, .n = n};
    TRY(demo_run(demo, place, ordering));
    demo->tales[n] = ordering->tale;
    demo->placed++;
    return OK;
}
