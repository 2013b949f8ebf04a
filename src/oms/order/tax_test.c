/* tax_test.c - which rates apply, what they come to, and their tables. */
#include "oms/order/tax.h"

#include "base/json.h"
#include "base/money.h"
#include "base/testing.h"
#include "oms/room_testkit.h"
#include "oms/shop_testkit.h"

enum { ITEMS = 40 };

struct cart {
    struct tax_rate rates[16];
    struct tax_item items[ITEMS];
    struct tax_request request;
};

static void cart_init(struct cart *cart, enum tax_mode mode,
                      enum tax_round round)
{
    *cart = (struct cart){0};
    cart->request = (struct tax_request){
        .currency = "EUR",
        .mode = mode,
        .round = round,
        .rounding = ROUND_HALF_UP,
        .to = {STR("DE"), STR(""), STR("20457")},
        .at = 1000,
        .items = cart->items,
        .rates = cart->rates,
    };
}

static struct tax_rate *add_rate(struct cart *cart, const char *tax_class,
                                 int64_t layer, int64_t ppm)
{
    struct tax_rate *rate = &cart->rates[cart->request.rate_count++];
    *rate = (struct tax_rate){.id = {(int64_t)cart->request.rate_count},
                              .name = STR("tax"),
                              .country = cart->request.to.country,
                              .tax_class = str_from_cstr(tax_class),
                              .layer = layer,
                              .rate_ppm = ppm,
                              .kind = TAX_DUE,
                              .valid_to = INT64_MAX,
                              .is_active = true};
    return rate;
}

static void add_item(struct cart *cart, const char *tax_class, int64_t amount)
{
    cart->items[cart->request.item_count++] = (struct tax_item){
        .tax_class = str_from_cstr(tax_class), .amount = amount};
}

static struct tax_lines *compute(struct ctx *ctx, const struct cart *cart)
{
    struct tax_lines *lines = NULL;
    assert_ok(ctx, tax_compute(ctx, &cart->request, &lines));
    return lines;
}

static void one_item(struct cart *cart, int64_t amount)
{
    cart->request.item_count = 0;
    add_item(cart, "", amount);
}

/* ---- which rates apply ---- */

static void the_class_counts_before_the_place(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 190000)->postal_prefix = STR("204");
    add_rate(&cart, "reduced", 1, 70000);
    add_item(&cart, "reduced", 1000);
    add_item(&cart, "shipping", 1000); /* Has no rate: the standard one. */
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount, 70);
    assert_int_equal(lines[1].at[0].amount, 190);
    assert_str(lines[0].at[0].jurisdiction, "DE");
    assert_str(lines[1].at[0].jurisdiction, "DE/204");
}

static void the_nearer_place_counts_before_the_wider(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    cart.request.to = tax_place_of(((struct ctx *)*state)->arena, STR("US"),
                                   STR("US-CA"), STR("902 10"));
    assert_str(cart.request.to.region, "CA");
    assert_str(cart.request.to.postal_code, "90210");
    add_rate(&cart, "standard", 1, 10000);
    add_rate(&cart, "standard", 1, 20000)->region = STR("CA");
    add_item(&cart, "standard", 10000);
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 200);
    add_rate(&cart, "standard", 1, 30000)->postal_prefix = STR("90");
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 300);
    struct tax_rate *nearest = add_rate(&cart, "standard", 1, 40000);
    nearest->postal_prefix = STR("902");
    nearest->region = STR("CA");
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount, 400);
    assert_str(lines[0].at[0].jurisdiction, "US-CA/902");
    nearest->region = STR("NY"); /* Elsewhere. */
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 300);
}

static void rates_hold_from_and_before(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    struct tax_rate *rate = add_rate(&cart, "standard", 1, 190000);
    add_item(&cart, "", 100);
    rate->valid_from = 1000;
    rate->valid_to = 1001;
    assert_int_equal(compute(*state, &cart)[0].count, 1);
    cart.request.at = 1001;
    assert_int_equal(compute(*state, &cart)[0].count, 0);
    cart.request.at = 999;
    assert_int_equal(compute(*state, &cart)[0].count, 0);
    cart.request.at = 1000;
    rate->is_active = false;
    assert_int_equal(compute(*state, &cart)[0].count, 0);
}

static void what_is_exempt_says_why(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_INCLUSIVE, TAX_ROUND_TOTAL);
    struct tax_rate *rate = add_rate(&cart, "standard", 1, 190000);
    rate->is_reversed = true;
    add_item(&cart, "", 11900);
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 1900);
    cart.request.tax_id = STR("ATU12345678");
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount, 0);
    assert_int_equal(lines[0].at[0].rate_ppm, 0);
    assert_str(lines[0].at[0].reason, "reverse_charge");
    rate->kind = TAX_EXEMPT;
    rate->rate_ppm = 0;
    rate->reason = STR("Art. 132");
    assert_str(compute(*state, &cart)[0].at[0].reason, "Art. 132");
    rate->reason = STR_NONE;
    assert_str(compute(*state, &cart)[0].at[0].reason, "exempt");
}

/* ---- what they come to ---- */

static void layers_apply_together(void **state)
{
    struct cart cart; /* GST 5 % and PST 7 %, each on the price. */
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 50000);
    struct tax_rate *second = add_rate(&cart, "standard", 2, 70000);
    add_item(&cart, "", 10000);
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].count, 2);
    assert_int_equal(lines[0].at[0].amount, 500);
    assert_int_equal(lines[0].at[1].amount, 700);
    second->is_compound = true; /* Quebec until 2012: on price and GST. */
    second->rate_ppm = 95000;
    assert_int_equal(compute(*state, &cart)[0].at[1].amount, 998);
}

static void contained_layers_come_out_as_they_went_in(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_INCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 50000);
    add_rate(&cart, "standard", 2, 95000)->is_compound = true;
    add_item(&cart, "", 10000 + 500 + 998); /* 997.5 rounded. */
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount, 500);
    assert_int_equal(lines[0].at[1].amount, 998);
}

static void the_half_goes_where_the_channel_says(void **state)
{
    const struct {
        enum rounding rounding;
        int64_t want;
    } cases[] = {
        {ROUND_HALF_UP,   3},
        {ROUND_HALF_EVEN, 2},
        {ROUND_DOWN,      2}
    };
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 50000);
    add_item(&cart, "", 50); /* 2.5 */
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cart.request.rounding = cases[i].rounding;
        assert_int_equal(compute(*state, &cart)[0].at[0].amount, cases[i].want);
    }
}

/* Three lines of 0.35 at 19 %: 0.0665 each. By the line 0.07 three times, on
 * the total 0.1995, which is 0.20: no buyer sees 0.21 on 1.05 (C10). */
static void lines_or_the_total_are_rounded(void **state)
{
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 190000);
    for (int i = 0; i < 3; i++)
        add_item(&cart, "", 35);
    struct tax_lines *lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount + lines[1].at[0].amount +
                         lines[2].at[0].amount,
                     21);
    cart.request.round = TAX_ROUND_TOTAL;
    lines = compute(*state, &cart);
    assert_int_equal(lines[0].at[0].amount, 7);
    assert_int_equal(lines[1].at[0].amount, 7);
    assert_int_equal(lines[2].at[0].amount, 6);
}

static void currencies_have_the_digits_they_have(void **state)
{
    struct cart cart; /* 10 % of 10.285 KWD, of 1285 JPY: whole minor units. */
    cart_init(&cart, TAX_INCLUSIVE, TAX_ROUND_LINE);
    add_rate(&cart, "standard", 1, 100000);
    memcpy(cart.request.currency, "KWD", 4);
    one_item(&cart, 10285);
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 935);
    memcpy(cart.request.currency, "JPY", 4);
    one_item(&cart, 1285);
    assert_int_equal(compute(*state, &cart)[0].at[0].amount, 117);
}

static void what_is_too_much_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct tax_lines *lines;
    struct cart cart;
    cart_init(&cart, TAX_EXCLUSIVE, TAX_ROUND_TOTAL);
    add_item(&cart, "", LIMIT_MINOR);
    add_item(&cart, "", 1);
    assert_int_equal(tax_compute(ctx, &cart.request, &lines), ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
    err_clear(ctx);
    cart.request.item_count = 1;
    for (int64_t layer = 1; layer <= LIMIT_TAX_LAYERS; layer++)
        add_rate(&cart, "standard", layer, 1000000)->is_compound = true;
    assert_int_equal(tax_compute(ctx, &cart.request, &lines), ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
}

/* ---- any cart ---- */

static void random_cart(struct cart *cart, uint64_t *seed)
{
    static const char *const classes[] = {"", "standard", "reduced", "food",
                                          "shipping"};
    static const char *const currencies[] = {"EUR", "JPY", "KWD"};
    uint64_t dice = test_random(seed);
    cart_init(cart, dice & 1 ? TAX_EXCLUSIVE : TAX_INCLUSIVE,
              dice & 2 ? TAX_ROUND_LINE : TAX_ROUND_TOTAL);
    cart->request.rounding = (enum rounding)(1 + test_random(seed) % 3);
    memcpy(cart->request.currency, currencies[test_random(seed) % 3], 4);
    for (size_t i = 1; i < COUNT_OF(classes); i++)
        for (int64_t layer = 1; layer <= 3; layer++)
            if (test_random(seed) % 2)
                add_rate(cart, classes[i], layer,
                         (int64_t)(test_random(seed) % 300000))
                    ->is_compound = test_random(seed) % 4 == 0;
    size_t count = 1 + test_random(seed) % ITEMS;
    int shift = (int)(test_random(seed) % 40);
    for (size_t i = 0; i < count; i++)
        add_item(cart, classes[test_random(seed) % COUNT_OF(classes)],
                 (int64_t)((test_random(seed) >> 20) >> shift) % 1000000000);
}

static int64_t taxes_of(const struct tax_lines *lines)
{
    int64_t sum = 0;
    for (size_t i = 0; i < lines->count; i++)
        sum += lines->at[i].amount;
    return sum;
}

/* Without rounding, in 10^-6 minor units more or less. */
static double exact(const struct cart *cart, size_t item,
                    const struct tax_lines *lines)
{
    double weight = 0;
    for (size_t i = 0; i < lines->count; i++)
        for (size_t j = 0; j < cart->request.rate_count; j++) {
            const struct tax_rate *rate = &cart->rates[j];
            bool is_compound = rate->is_compound;
            str of = cart->items[item].tax_class;
            if (of.len == 0)
                of = STR("standard");
            if (rate->rate_ppm != lines->at[i].rate_ppm ||
                !(str_equal(rate->tax_class, of) ||
                  str_equal_cstr(rate->tax_class, "standard")))
                continue;
            weight +=
                (1 + (is_compound ? weight : 0)) * (double)rate->rate_ppm / 1e6;
            break;
        }
    double amount = (double)cart->items[item].amount;
    return cart->request.mode == TAX_EXCLUSIVE ? amount * weight
                                               : amount * weight / (1 + weight);
}

static void check_cart(struct ctx *ctx, const struct cart *cart)
{
    struct tax_lines *lines = compute(ctx, cart);
    double want = 0, got = 0;
    for (size_t i = 0; i < cart->request.item_count; i++) {
        int64_t tax = taxes_of(&lines[i]);
        for (size_t j = 0; j < lines[i].count; j++)
            assert_true(lines[i].at[j].amount >= 0);
        if (cart->request.mode == TAX_INCLUSIVE)
            assert_true(tax <= cart->items[i].amount);
        if (cart->items[i].amount == 0)
            assert_int_equal(tax, 0);
        want += exact(cart, i, &lines[i]);
        got += (double)tax;
        if (cart->request.round == TAX_ROUND_LINE) {
            double off = (double)tax - exact(cart, i, &lines[i]);
            assert_true(off < 5 && off > -5);
        }
    }
    /* Rounded once per rate, all items together are off by less than the
     * rates; rounded by the line, by less than a unit per line and rate. */
    double most = cart->request.round == TAX_ROUND_TOTAL
                      ? 1.3 * (double)cart->request.rate_count + 1
                      : 1.6 * 3 * (double)cart->request.item_count;
    assert_true(got - want <= most && want - got <= most);
}

static void taxes_of_any_cart_are_whole_and_near(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 17;
    for (int i = 0; i < 1500; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct cart cart;
        random_cart(&cart, &seed);
        check_cart(ctx, &cart);
        arena_reset_to(ctx->arena, mark);
    }
}

/* What is sold with its tax costs the same whoever looks at it: all units of
 * an item priced one by one, or as one line rounded on the total (C11). */
static void a_split_line_costs_what_the_whole_costs(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 5;
    for (int i = 0; i < 500; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct cart cart;
        int64_t price = (int64_t)(test_random(&seed) % 10000), parts = 0;
        size_t units = 1 + test_random(&seed) % ITEMS;
        cart_init(&cart, i % 2 ? TAX_EXCLUSIVE : TAX_INCLUSIVE,
                  TAX_ROUND_TOTAL);
        add_rate(&cart, "standard", 1, 190000);
        for (size_t n = 0; n < units; n++)
            add_item(&cart, "", price);
        struct tax_lines *lines = compute(ctx, &cart);
        for (size_t n = 0; n < units; n++)
            parts += taxes_of(&lines[n]);
        one_item(&cart, price * (int64_t)units);
        assert_int_equal(parts, taxes_of(&compute(ctx, &cart)[0]));
        arena_reset_to(ctx->arena, mark);
    }
}

/* ---- the tables ---- */

static int shop_setup(void **state)
{
    *state = shop_open(STOCK_POLICY_BACKORDER);
    return 0;
}

static int shop_teardown(void **state)
{
    shop_close(*state);
    return 0;
}

static const char *call(struct shop *shop, const char *operation,
                        const char *id, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &tax_room, &call, ret);
    if (ret->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(ret->err);
}

static void a_rate_is_alone_in_its_place_and_time(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    int64_t id;
    assert_string_equal(
        call(shop, "createTaxRate", NULL,
             "{\"country\":\"DE\",\"name\":\"VAT\",\"rate_ppm\":190000,"
             "\"valid_from\":\"2020-01-01T00:00:00Z\"}",
             &reply),
        "");
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "txr", &id));
    assert_string_equal(
        call(shop, "createTaxRate", NULL,
             "{\"country\":\"DE\",\"name\":\"VAT\",\"rate_ppm\":160000,"
             "\"valid_from\":\"2020-07-01T00:00:00Z\"}",
             &reply),
        "rate_overlaps");
    assert_string_equal(
        call(shop, "createTaxRate", NULL,
             "{\"country\":\"DE\",\"name\":\"VAT\",\"rate_ppm\":160000,"
             "\"valid_from\":\"2020-01-01T00:00:00Z\"}",
             &reply),
        "rate_exists");
    assert_string_equal(
        call(shop, "changeTaxRate", shop_id(shop, "txr", id),
             "{\"version\":1,\"valid_to\":\"2020-07-01T00:00:00Z\"}", &reply),
        "");
    assert_string_equal(call(shop, "changeTaxRate", shop_id(shop, "txr", id),
                             "{\"version\":1,\"valid_to\":null}", &reply),
                        "stale");
    assert_string_equal(
        call(shop, "createTaxRate", NULL,
             "{\"country\":\"DE\",\"name\":\"VAT\",\"rate_ppm\":160000,"
             "\"valid_from\":\"2020-07-01T00:00:00Z\"}",
             &reply),
        "");
    assert_string_equal(call(shop, "changeTaxRate", shop_id(shop, "txr", id),
                             "{\"version\":2,\"valid_to\":null}", &reply),
                        "rate_overlaps");
    shop_verify(shop);
}

static void many_rates_are_written_each_by_itself(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *body =
        "{\"items\":["
        "{\"country\":\"US\",\"region\":\"us-ca\",\"name\":\"State\","
        "\"rate_ppm\":72500},"
        "{\"country\":\"US\",\"region\":\"CA\",\"name\":\"Twice\"},"
        "{\"country\":\"XX\",\"name\":\"Nowhere\"},"
        "{\"country\":\"US\",\"region\":\"CA\",\"postal_prefix\":\"90-2\","
        "\"layer\":2,\"name\":\"County\",\"rate_ppm\":22500}]}";
    struct json_list list;
    const int64_t first[] = {201, 409, 422, 201},
                  again[] = {200, 409, 422, 200};
    for (int round = 0; round < 2; round++) {
        assert_string_equal(call(shop, "putTaxRates", NULL, body, &reply), "");
        assert_ok(&reply.ctx, json_get_list(reply.json, "items", 4, 4, &list));
        for (size_t i = 0; i < 4; i++) {
            struct json_in *item;
            int64_t status;
            assert_ok(&reply.ctx, json_list_object(&list, i, &item));
            assert_ok(&reply.ctx,
                      json_get_i64(item, "status", 0, 999, &status));
            assert_int_equal(status, round ? again[i] : first[i]);
        }
    }
    shop_verify(shop);
}

struct load {
    struct tax_when when[3];
    struct tax_rate *rates;
    size_t count;
};

static err_t run_load(struct ctx *ctx, void *arg)
{
    struct load *load = arg;
    for (size_t i = 0; i < COUNT_OF(load->when); i++)
        load->when[i].at = ctx->now;
    return tax_rates_load(ctx, load->when, COUNT_OF(load->when), &load->rates,
                          &load->count);
}

static void rates_of_many_places_are_loaded_once_each(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct load load = {
        .when = {{.to = {STR("US"), STR("CA"), STR("90210")}},
                 {.to = {STR("US"), STR("CA"), STR("94000")}},
                 {.to = {STR("US"), STR("NY"), STR("")}}}
    };
    assert_string_equal(
        call(shop, "putTaxRates", NULL,
             "{\"items\":["
             "{\"country\":\"US\",\"name\":\"All\"},"
             "{\"country\":\"US\",\"region\":\"CA\",\"name\":\"State\"},"
             "{\"country\":\"US\",\"region\":\"TX\",\"name\":\"Not asked\"},"
             "{\"country\":\"US\",\"region\":\"CA\",\"postal_prefix\":\"902\","
             "\"name\":\"Near\"},"
             "{\"country\":\"US\",\"region\":\"NY\",\"name\":\"Over\","
             "\"valid_to\":\"2001-01-01T00:00:00Z\"},"
             "{\"country\":\"DE\",\"name\":\"Not asked\"}]}",
             &reply),
        "");
    assert_ok(shop->kit, testkit_read(shop->kit, run_load, &load));
    assert_int_equal(load.count, 3);
    assert_str(load.rates[0].name, "All");
    assert_str(load.rates[1].name, "State");
    assert_str(load.rates[2].name, "Near");
}

struct twice {
    str body;
    struct order_cmd cmd;
    struct order_place_item item;
    int64_t tax;
};

/* Undone the first time. */
static err_t place_twice(struct ctx *ctx, void *arg)
{
    struct twice *twice = arg;
    bool is_first = twice->item.cmd == NULL;
    if (is_first) {
        struct json_in *in;
        TRY(json_parse(ctx, twice->body, &in));
        TRY(order_cmd_from_json(ctx, in, STR("1"), &twice->cmd));
        twice->item.cmd = &twice->cmd;
    }
    twice->item.ctx = ctx;
    TRY(order_place_many(ctx, &twice->item, 1));
    twice->tax = twice->item.order->totals.tax;
    return is_first ? ERR_CONFLICT : OK;
}

static void an_order_decided_twice_is_taxed_by_the_last_rates(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call c = {.operation = "changeChannel",
                             .path = {shop_id(shop, "chn", shop->web.id.v)},
                             .body = "{\"version\":1,\"taxes\":\"computed\","
                                     "\"tax\":{\"country\":\"DE\"}}"};
    struct twice twice = {
        .body = STR("{\"channel\":\"web\",\"lines\":[{\"sku\":\"SHOE\","
                    "\"quantity\":1,\"unit_price\":{\"amount\":119,"
                    "\"currency\":\"EUR\"}}]}")};
    shop_add_sku(shop, "SHOE", false);
    shop_call(shop, &channel_room, &c, &reply);
    assert_ok(&reply.ctx, reply.err);
    assert_string_equal(
        call(shop, "putTaxRates", NULL,
             "{\"items\":[{\"country\":\"DE\",\"name\":\"VAT\","
             "\"rate_ppm\":190000,\"valid_to\":\"2026-10-01T00:00:00Z\"},"
             "{\"country\":\"DE\",\"name\":\"VAT\",\"rate_ppm\":70000,"
             "\"valid_from\":\"2026-10-01T00:00:00Z\"}]}",
             &reply),
        "");
    assert_int_equal(testkit_run(shop->kit, place_twice, &twice), ERR_CONFLICT);
    assert_int_equal(twice.tax, 19);
    shop->kit->now += (utc_ms)30 * 24 * 60 * 60 * 1000;
    assert_ok(shop->kit, testkit_run(shop->kit, place_twice, &twice));
    assert_int_equal(twice.tax, 8);
}

#define SHOP(name)                                                             \
    cmocka_unit_test_setup_teardown(name, shop_setup, shop_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {
        TEST(the_class_counts_before_the_place),
        TEST(the_nearer_place_counts_before_the_wider),
        TEST(rates_hold_from_and_before),
        TEST(what_is_exempt_says_why),
        TEST(layers_apply_together),
        TEST(contained_layers_come_out_as_they_went_in),
        TEST(the_half_goes_where_the_channel_says),
        TEST(lines_or_the_total_are_rounded),
        TEST(currencies_have_the_digits_they_have),
        TEST(what_is_too_much_is_refused),
        TEST(taxes_of_any_cart_are_whole_and_near),
        TEST(a_split_line_costs_what_the_whole_costs),
    };
    const struct CMUnitTest stored[] = {
        SHOP(a_rate_is_alone_in_its_place_and_time),
        SHOP(many_rates_are_written_each_by_itself),
        SHOP(rates_of_many_places_are_loaded_once_each),
        SHOP(an_order_decided_twice_is_taxed_by_the_last_rates),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("tax", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
