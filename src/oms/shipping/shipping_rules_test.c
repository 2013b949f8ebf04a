/* shipping_rules_test.c - parcels' moves, boxes, rates, addresses, numbers. */
#define WHARF_UNBANNED
#include "base/testing_grid.h"

#include <stdio.h>
#include <string.h>

#include "oms/shipping/shipping_address.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_gs1.h"
#include "oms/shipping/shipping_package.h"
#include "oms/shipping/shipping_rate.h"

/* ---- the machine ---- */

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &package_machine, "docs/states/package.md",
                1u << PACKAGE_DELIVERED | 1u << PACKAGE_RETURN_TO_SENDER |
                    1u << PACKAGE_VOIDED);
}

static void the_grid_of_calls_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &call_machine, "docs/states/carrier_call.md",
                1u << CALL_DONE | 1u << CALL_REFUSED | 1u << CALL_CANCELLED);
}

/* What was once asked is never asked again before it was looked up, but where
 * the carrier says that it did nothing or does not know it. */
static void nothing_is_asked_twice_unseen(void **state)
{
    (void)state;
    for (int e = 1; e <= CALL_EVENT_CANCEL; e++) {
        enum call_event event = (enum call_event)e;
        if (call_next(CALL_ASKED, event) == CALL_WANTED)
            assert_int_equal(event, CALL_EVENT_LATER);
        for (int s = CALL_UNKNOWN; s <= CALL_CANCELLED; s++)
            if (call_next((enum call_state)s, event) == CALL_WANTED)
                assert_int_equal(event, CALL_EVENT_ABSENT);
        assert_int_not_equal(call_next(CALL_DONE, event), CALL_WANTED);
        assert_int_equal(call_next(CALL_UNKNOWN, event) == CALL_ASKED, 0);
    }
    assert_int_equal(call_backoff_ms(1), 1000);
    assert_int_equal(call_backoff_ms(4), 8000);
    assert_int_equal(call_backoff_ms(100), 15 * 60 * 1000);
}

/* Whatever carriers say, in whatever order: no fact moves it back (I24). */
static void no_fact_moves_a_parcel_back(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        struct trace_place place = {PACKAGE_MANIFESTED, PACKAGE_MANIFESTED, 0};
        int best = package_rank(place.reached);
        utc_ms last = 0;
        for (int i = 0; i < 12; i++) {
            enum trace_code code =
                (enum trace_code)(1 + test_random(&seed) % (TRACE_CODES - 1));
            utc_ms at = (utc_ms)(test_random(&seed) % 50);
            struct trace_place before = place;
            bool is_moved = trace_apply(&place, code, at);
            assert_true(place.at >= last);
            assert_true(package_rank(place.reached) >= best);
            if (package_rank(place.state) >= 0)
                assert_true(package_rank(place.state) >= best);
            if (before.state == PACKAGE_DELIVERED)
                assert_false(is_moved);
            if (!is_moved)
                assert_memory_equal(&before, &place, sizeof place);
            best = package_rank(place.reached);
            last = place.at;
        }
    }
}

static void out_of_trouble_it_goes_on_from_where_it_was(void **state)
{
    (void)state;
    struct trace_place p = {PACKAGE_MANIFESTED, PACKAGE_MANIFESTED, 0};
    assert_true(trace_apply(&p, TRACE_OUT_FOR_DELIVERY, 10));
    assert_true(trace_apply(&p, TRACE_ATTEMPT_FAILED, 20));
    assert_int_equal(p.state, PACKAGE_EXCEPTION);
    assert_false(trace_apply(&p, TRACE_IN_TRANSIT, 15));
    assert_true(trace_apply(&p, TRACE_IN_TRANSIT, 30));
    assert_int_equal(p.state, PACKAGE_OUT_FOR_DELIVERY);
    assert_false(trace_apply(&p, TRACE_OTHER, 40));
    assert_true(trace_apply(&p, TRACE_DELIVERED, 40));
    assert_false(trace_apply(&p, TRACE_LOST, 50));
}

static void a_forbidden_move_names_what_is_allowed(void **state)
{
    struct ctx *ctx = *state;
    assert_int_equal(package_allow(ctx, PACKAGE_LABELLED, PACKAGE_EVENT_PACK),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "pack is refused in state labelled; allowed: "
                        "label/void, ship");
    err_clear(ctx);
    assert_int_equal(package_allow_draft(ctx, PACKAGE_DELIVERED, "unpack"),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "unpack is refused in state delivered; allowed: "
                        "nothing");
}

static void codes_have_names(void **state)
{
    (void)state;
    for (int c = 1; c < TRACE_CODES; c++) {
        enum trace_code back;
        const char *name = trace_code_name((enum trace_code)c);
        assert_true(trace_code_from_name(str_from_cstr(name), &back));
        assert_int_equal(back, c);
    }
    enum trace_code code;
    assert_false(trace_code_from_name(STR("flown"), &code));
}

/* ---- boxes ---- */

static const struct box_kind three_boxes[] = {
    {.id = 2,
     .code = {"M", 1},
     .inner = {300, 200, 100},
     .weight_g = 120,
     .max_weight_g = 5000,
     .cost_minor = 60 },
    {.id = 1,
     .code = {"S", 1},
     .inner = {200, 100, 50},
     .weight_g = 50,
     .max_weight_g = 2000,
     .cost_minor = 30 },
    {.id = 3,
     .code = {"L", 1},
     .inner = {600, 400, 400},
     .weight_g = 500,
     .max_weight_g = 20000,
     .cost_minor = 150},
};

static void the_smallest_box_that_fits_is_taken(void **state)
{
    struct ctx *ctx = *state;
    struct box_item one = {
        .n = 1, .qty = 1, .size = {50, 190, 90},
                .weight_g = 300
    };
    struct box_parcel *parcels;
    size_t count;
    assert_ok(ctx, box_suggest(ctx, three_boxes, 3, &one, 1, &parcels, &count));
    assert_int_equal(count, 1);
    assert_str(parcels[0].box->code, "S");
    assert_int_equal(parcels[0].weight_g, 350);
    one.weight_g = 2500; /* Too heavy for S. */
    assert_ok(ctx, box_suggest(ctx, three_boxes, 3, &one, 1, &parcels, &count));
    assert_str(parcels[0].box->code, "M");
    one.size.length = 700; /* Too long for all: goes as it is. */
    assert_ok(ctx, box_suggest(ctx, three_boxes, 3, &one, 1, &parcels, &count));
    assert_null(parcels[0].box);
}

static void without_any_box_all_units_are_one_parcel(void **state)
{
    struct ctx *ctx = *state;
    const struct box_item items[] = {
        {.n = 1, .qty = 3, .size = {50, 190, 90}, .weight_g = 300},
        {.n = 2,      .qty = 1900,         .weight_g = 5             },
    };
    struct box_parcel *parcels;
    size_t count;
    assert_ok(ctx, box_suggest(ctx, NULL, 0, items, 2, &parcels, &count));
    assert_int_equal(count, 1);
    assert_null(parcels[0].box);
    assert_int_equal(parcels[0].count, 2);
    assert_int_equal(parcels[0].contents[0].qty, 3);
    assert_int_equal(parcels[0].contents[1].qty, 1900);
    assert_int_equal(parcels[0].weight_g, 900 + 9500);
    assert_ok(ctx, box_suggest(ctx, NULL, 0, items, 0, &parcels, &count));
    assert_int_equal(count, 0);
}

static void equal_cubes_fill_a_box_without_loss(void **state)
{
    struct ctx *ctx = *state;
    /* 6 * 4 * 4 cubes of 100 mm. */
    struct box_item cubes = {
        .n = 9, .qty = 100, .size = {100, 100, 100},
                .weight_g = 100
    };
    int64_t counts[1];
    box_fill(ctx->arena, &three_boxes[2], &cubes, 1, counts);
    assert_int_equal(counts[0], 96);
    struct box_parcel *parcels;
    size_t count;
    assert_ok(ctx,
              box_suggest(ctx, three_boxes, 3, &cubes, 1, &parcels, &count));
    assert_int_equal(count, 2);
    assert_int_equal(parcels[0].contents[0].qty, 96);
    assert_int_equal(parcels[0].fill_ppm, 1000000);
    assert_int_equal(parcels[1].contents[0].qty, 4);
    assert_str(parcels[1].box->code, "M");
}

/* Whatever is suggested: all units are in, once; nothing is overfilled. */
static void no_suggestion_overfills_or_forgets(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 11;
    for (int round = 0; round < 300; round++) {
        struct box_item items[6];
        size_t n = 1 + test_random(&seed) % 6, count;
        int64_t sums[6] = {0};
        for (size_t i = 0; i < n; i++)
            items[i] = (struct box_item){
                .n = (int64_t)i,
                .qty = (int64_t)(1 + test_random(&seed) % 9),
                .size = {(int64_t)(test_random(&seed) % 450),
                         (int64_t)(10 + test_random(&seed) % 200),
                         (int64_t)(10 + test_random(&seed) % 200)},
                .weight_g = (int64_t)(test_random(&seed) % 3000)
            };
        struct box_parcel *parcels;
        assert_ok(ctx,
                  box_suggest(ctx, three_boxes, 3, items, n, &parcels, &count));
        for (size_t p = 0; p < count; p++) {
            const struct box_kind *box = parcels[p].box;
            for (size_t i = 0; i < parcels[p].count; i++)
                sums[parcels[p].contents[i].n] += parcels[p].contents[i].qty;
            if (!box)
                continue;
            assert_true(parcels[p].volume <= box_volume(&box->inner));
            assert_true(parcels[p].weight_g - box->weight_g <=
                        box->max_weight_g);
        }
        for (size_t i = 0; i < n; i++)
            assert_int_equal(sums[i], items[i].qty);
        arena_reset(ctx->arena);
    }
    struct box_item many = {.n = 1, .qty = BOX_UNITS_MAX + 1};
    struct box_parcel *parcels;
    size_t count;
    assert_int_equal(
        box_suggest(ctx, three_boxes, 3, &many, 1, &parcels, &count),
        ERR_INVALID);
}

/* ---- rates ---- */

static const struct rate_bracket brackets[] = {
    {STR_INIT("home"), 1000, 490 },
    {STR_INIT("home"), 5000, 690 },
    {STR_INIT("far"),  1000, 1500},
};
static const struct rate_days days[] = {
    {STR_INIT("home"), 1, 2}
};
static struct rate_card card_of(void)
{
    return (struct rate_card){.service = STR("std"),
                              .title = STR("Standard"),
                              .currency = "EUR",
                              .brackets = brackets,
                              .bracket_count = COUNT_OF(brackets),
                              .days = days,
                              .day_count = COUNT_OF(days),
                              .discount_ppm = 150000,
                              .volume_divisor = 5000,
                              .max_girth_mm = 3000};
}

static void a_price_is_the_list_less_the_discount(void **state)
{
    struct ctx *ctx = *state;
    struct rate_card card = card_of();
    struct rate_parcel parcel = {.weight_g = 900, .zone = STR("home")};
    struct rate_price price;
    enum rate_why why;
    assert_ok(ctx, rate_of(ctx, &card, &parcel, &price, &why));
    assert_int_equal(why, RATE_OK);
    /* 490 * 0.85 = 416.5 */
    assert_int_equal(price.list_minor, 490);
    assert_int_equal(price.price_minor, 417);
    assert_int_equal(price.savings_minor, 73);
    assert_int_equal(price.max_days, 2);
    /* 200 x 200 x 200 mm are 1,600 g by size. */
    parcel.size = (struct box_size){200, 200, 200};
    assert_ok(ctx, rate_of(ctx, &card, &parcel, &price, &why));
    assert_int_equal(price.billable_g, 1600);
    assert_int_equal(price.list_minor, 690);
    parcel.size = (struct box_size){1000, 600, 500};
    assert_ok(ctx, rate_of(ctx, &card, &parcel, &price, &why));
    assert_int_equal(why, RATE_TOO_LARGE);
    parcel = (struct rate_parcel){.weight_g = 5001, .zone = STR("home")};
    assert_ok(ctx, rate_of(ctx, &card, &parcel, &price, &why));
    assert_int_equal(why, RATE_TOO_HEAVY);
    parcel.zone = STR("moon");
    assert_ok(ctx, rate_of(ctx, &card, &parcel, &price, &why));
    assert_int_equal(why, RATE_NOT_PRICED);
}

static struct shop_offer offer(const char *name, int64_t price, int64_t at_day)
{
    return (struct shop_offer){
        .account = STR("own"),
        .service = str_from_cstr(name),
        .price = {.price_minor = price,
                  .list_minor = price,
                  .min_days = at_day,
                  .max_days = at_day},
        .arrives_at = at_day * 100
    };
}

static void the_choice_keeps_the_promise_first(void **state)
{
    struct ctx *ctx = *state;
    struct shop_offer offers[] = {offer("slow", 400, 5), offer("fast", 1200, 1),
                                  offer("mid", 500, 2), offer("big", 100, 1)};
    struct shop_choice choice;
    offers[3].why = RATE_TOO_LARGE;
    shop_choose(ctx->arena, SHOP_CHEAPEST, 0, 0, offers, 4, &choice);
    assert_int_equal(choice.chosen, 0);
    assert_int_equal(choice.verdicts[3], SHOP_REFUSED);
    shop_choose(ctx->arena, SHOP_CHEAPEST, 300, 0, offers, 4, &choice);
    assert_int_equal(choice.chosen, 2);
    assert_int_equal(choice.verdicts[0], SHOP_LATE);
    assert_int_equal(choice.verdicts[1], SHOP_DEARER);
    shop_choose(ctx->arena, SHOP_FASTEST, 0, 0, offers, 4, &choice);
    assert_int_equal(choice.chosen, 1);
    /* A day is worth 40: 600, 1240, 580. */
    shop_choose(ctx->arena, SHOP_BALANCED, 0, 0, offers, 4, &choice);
    assert_int_equal(choice.chosen, 2);
    assert_int_equal(choice.verdicts[0], SHOP_WORSE);
    /* Nothing is in time: the least late, and it says so. */
    shop_choose(ctx->arena, SHOP_CHEAPEST, 50, 0, offers, 4, &choice);
    assert_int_equal(choice.chosen, 1);
    assert_true(choice.is_late);
    shop_choose(ctx->arena, SHOP_CHEAPEST, 0, 0, &offers[3], 1, &choice);
    assert_true(choice.chosen == SIZE_MAX);
}

/* ---- numbers ---- */

static void an_sscc_has_its_check_digit(void **state)
{
    (void)state;
    char sscc[SSCC_DIGITS];
    /* The example of the GS1 General Specifications. */
    sscc_make(STR("0614141"), 1123456789, sscc);
    assert_memory_equal(sscc, "106141411234567897", SSCC_DIGITS);
    assert_int_equal(sscc_space(STR("0614141")), INT64_C(10000000000));
    assert_false(gs1_prefix_is_good(STR("061414")));
    assert_false(gs1_prefix_is_good(STR("0614x41")));
}

/* ---- addresses ---- */

static struct carrier_address home(void)
{
    return (struct carrier_address){.name = STR("Ada Lovelace"),
                                    .line1 = STR("Unter den Linden 1"),
                                    .city = STR("Berlin"),
                                    .postal_code = STR("10117"),
                                    .country = STR("DE")};
}

static void an_address_is_fitted_or_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    struct carrier forty = {.name = "x", .line_max = 40};
    struct carrier_address a = home();
    a.line1 = STR("Haus der Kulturen der Welt, Hinterhof links, 3. Stock");
    assert_ok(ctx, address_fit(ctx, &forty, "shipping_address", &a));
    assert_str(a.line1, "Haus der Kulturen der Welt, Hinterhof");
    assert_str(a.line2, "links, 3. Stock");
    /* Forty characters are forty, in every script. */
    a = home();
    a.line1 =
        STR("東京都千代田区丸の内一丁目九番一号東京駅八重洲口北側地下一階");
    assert_ok(ctx, address_fit(ctx, &forty, "shipping_address", &a));
    a.name = STR("0123456789012345678901234567890123456789x");
    assert_int_equal(address_fit(ctx, &forty, "shipping_address", &a),
                     ERR_INVALID);
    assert_slug(ctx, "address_too_long");
    assert_string_equal(ctx->err.field, "shipping_address.name");
    static const struct {
        size_t at;
        const char *field;
    } parts[] = {
        {offsetof(struct carrier_address, name),        "to.name"       },
        {offsetof(struct carrier_address, line1),       "to.line1"      },
        {offsetof(struct carrier_address, city),        "to.city"       },
        {offsetof(struct carrier_address, postal_code), "to.postal_code"},
        {offsetof(struct carrier_address, country),     "to.country"    },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        err_clear(ctx);
        a = home();
        *(str *)(void *)((char *)&a + parts[i].at) = STR("  ");
        assert_int_equal(address_fit(ctx, &forty, "to", &a), ERR_INVALID);
        assert_slug(ctx, "address_incomplete");
        assert_string_equal(ctx->err.field, parts[i].field);
    }
    err_clear(ctx);
    a = home();
    a.city = STR("Ber\x1blin");
    assert_int_equal(address_fit(ctx, &forty, "to", &a), ERR_INVALID);
    assert_slug(ctx, "address_characters");
    err_clear(ctx);
    a = home();
    a.postal_code = STR("");
    a.country = STR("HK");
    assert_ok(ctx, address_fit(ctx, &forty, "to", &a));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(the_grid_of_calls_is_the_checked_in_one),
        TEST(nothing_is_asked_twice_unseen),
        TEST(no_fact_moves_a_parcel_back),
        TEST(out_of_trouble_it_goes_on_from_where_it_was),
        TEST(a_forbidden_move_names_what_is_allowed),
        TEST(codes_have_names),
        TEST(the_smallest_box_that_fits_is_taken),
        TEST(without_any_box_all_units_are_one_parcel),
        TEST(equal_cubes_fill_a_box_without_loss),
        TEST(no_suggestion_overfills_or_forgets),
        TEST(a_price_is_the_list_less_the_discount),
        TEST(the_choice_keeps_the_promise_first),
        TEST(an_sscc_has_its_check_digit),
        TEST(an_address_is_fitted_or_refused_by_field),
    };
    return RUN_TESTS(tests, argc, argv);
}
