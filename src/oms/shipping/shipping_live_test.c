/* shipping_live_test.c - carriers that are asked where parcels are, and what
 * they cost. */
#include "base/testing.h"

#include <string.h>

#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_hook_int.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_shop.h"
#include "oms/shipping/shipping_testkit.h"

static err_t take_facts(struct ctx *ctx, void *arg)
{
    struct fact_key *keys;
    size_t count;
    (void)arg;
    TRY(fact_next(ctx, HOOK_BATCH, &keys, &count));
    for (size_t i = 0; i < count; i++)
        TRY(fact_apply(ctx, &keys[i]));
    return OK;
}

static enum package_state state_after(struct world *w, const char *facts,
                                      int64_t minutes)
{
    w->facts = facts;
    w->shop->kit->now += minutes * 60000;
    world_work(w);
    assert_ok(w->shop->kit, testkit_run(w->shop->kit, take_facts, NULL));
    return world_parcel(w, 0).place.state;
}

/* One call waits between its questions: a no, silence and garbage end nothing,
 * what is told twice counts once, and who has arrived is not asked after. */
static void parcels_are_asked_after_until_they_arrive(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    static const char moves[] =
        "{\"events\":[{\"code\":\"in_transit\",\"occurred_at\":"
        "\"2020-01-01T00:00:00Z\"}]}";
    static const char arrives[] =
        "{\"events\":[{\"code\":\"delivered\",\"occurred_at\":"
        "\"2020-01-02T00:00:00Z\"}]}";
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"track_minutes\":60}'");
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    assert_int_equal(state_after(w, NULL, 1), PACKAGE_LABELLED);
    assert_int_equal(state_after(w, NULL, 58), PACKAGE_LABELLED);
    assert_int_equal(w->tracks_asked, 0);
    assert_int_equal(state_after(w, NULL, 3), PACKAGE_LABELLED); /* Silence. */
    assert_int_equal(w->tracks_asked, 1);
    assert_int_equal(state_after(w, "", 1), PACKAGE_LABELLED); /* A no. */
    assert_int_equal(w->tracks_asked, 2);
    assert_int_equal(state_after(w, "<html>", 61), PACKAGE_LABELLED);
    assert_int_equal(state_after(w, moves, 1), PACKAGE_IN_TRANSIT);
    assert_int_equal(w->tracks_asked, 4);
    int64_t version = world_parcel(w, 0).version;
    assert_int_equal(state_after(w, moves, 61), PACKAGE_IN_TRANSIT);
    assert_int_equal(world_parcel(w, 0).version, version);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(w->tracks_asked, 6);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(w->tracks_asked, 6);
    shop_verify(w->shop);
}

/* Sixty days after its label was bought nobody asks any more. */
static void a_parcel_is_not_asked_after_for_ever(void **state)
{
    enum { DAY = 24 * 60 };
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"track_minutes\":1440}'");
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    assert_int_equal(state_after(w, "", 0), PACKAGE_LABELLED);
    assert_int_equal(state_after(w, "", 59 * DAY), PACKAGE_LABELLED);
    assert_int_equal(w->tracks_asked, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(state_after(w, "", 2 * DAY), PACKAGE_LABELLED);
    assert_int_equal(w->tracks_asked, 1);
    shop_verify(w->shop);
}

static err_t end_shopping(struct ctx *ctx, void *arg)
{
    label_id *labels;
    size_t count;
    (void)arg;
    TRY(shop_due(ctx, SHOP_BATCH, &labels, &count));
    for (size_t i = 0; i < count; i++)
        TRY(shop_end(ctx, labels[i]));
    return OK;
}

/* A label is wished for, its carrier asked, and time goes by. */
static struct package bought_at(struct world *w, int i, const char *rates,
                                int64_t wait_s)
{
    struct testkit *kit = w->shop->kit;
    w->rates = rates;
    w->parcels[i] = world_pack(w, i);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    world_work(w);
    kit->now += wait_s * 1000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    world_work(w);
    return world_parcel(w, i);
}

static void expect_choice(struct world *w, const struct package *p,
                          const char *part)
{
    const char *choice = str_to_cstr(w->shop->kit->arena, p->choice);
    if (!strstr(choice, part))
        fail_msg("%s is not in %s", part, choice);
}

/* What a carrier asks for this parcel goes before the tables; where it says
 * nothing in time, no, or nonsense, the tables count, and the choice says so
 * (A5.11). */
static void carriers_are_asked_what_a_parcel_costs(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    testkit_sql(kit, "UPDATE carrier_accounts SET services = '{\"services\":["
                     "{\"code\":\"std\"},{\"code\":\"fast\"}]}', "
                     "settings = '{\"url\":\"https://carrier.example.org/\","
                     "\"rates\":true}'");
    struct package p =
        bought_at(w, 0,
                  "{\"rates\":[{\"service\":\"std\",\"price\":{\"amount\":700,"
                  "\"currency\":\"EUR\"},\"days\":3},{\"service\":\"fast\","
                  "\"price\":{\"amount\":650,\"currency\":\"EUR\"},\"days\":1},"
                  "{\"service\":\"odd\",\"price\":{\"amount\":-1}}]}",
                  0);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    assert_true(str_equal_cstr(p.service, "fast"));
    assert_int_equal(p.quoted_minor, 650);
    expect_choice(w, &p, "\"carrier\"");
    testkit_sql(kit, "UPDATE carrier_accounts SET services = '{\"services\":["
                     "{\"code\":\"std\"}]}'");
    p = bought_at(w, 1, NULL, 9);
    assert_int_equal(p.place.state, PACKAGE_LABEL_PENDING);
    kit->now += 1000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    world_work(w);
    p = world_parcel(w, 1);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    assert_int_equal(p.quoted_minor, -1);
    expect_choice(w, &p, "\"card_no_answer\"");
    p = bought_at(w, 2, "", 0);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    expect_choice(w, &p, "\"card_refused\"");
    p = bought_at(w, 3, "<html>", 10);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    expect_choice(w, &p, "\"card_no_answer\"");
    p = bought_at(w, 4,
                  "{\"rates\":[{\"service\":\"x\",\"price\":{\"amount\":"
                  "5,\"currency\":\"EUR\"}}]}",
                  0);
    assert_int_equal(p.place.state, PACKAGE_DRAFT); /* It was not offered. */
    world_run_to_end(w); /* Those who were silent are not asked for ever. */
    assert_int_equal(w->labels_asked, 4);
    shop_verify(w->shop);
}

static void a_label_that_waits_for_prices_is_withdrawn(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"rates\":true}'");
    struct package p = bought_at(w, 0, NULL, 1);
    assert_int_equal(p.place.state, PACKAGE_LABEL_PENDING);
    shop_verify(w->shop);
    assert_ok(kit, testkit_run(kit, world_unwant, &w->parcels[0]));
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    kit->now += 20000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    world_run_to_end(w);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    assert_int_equal(w->labels_asked, 0);
    shop_verify(w->shop);
}

/* What a wish names may be gone when its time is over: a no, told as one. */
static void a_wish_for_what_is_gone_is_refused(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"rates\":true}'");
    (void)bought_at(w, 0, NULL, 1);
    testkit_sql(kit, "UPDATE label_wishes SET account = 'gone'");
    kit->now += 20000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    assert_int_equal(testkit_events(kit, "package.label_refused"), 1);
    world_run_to_end(w);
    shop_verify(w->shop);
}

/* That a parcel is asked after settles nothing of its label. */
static void a_label_without_its_call_is_told(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    str first;
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"track_minutes\":60}'");
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    assert_int_equal(state_after(w, NULL, 1), PACKAGE_LABELLED);
    shop_verify(w->shop);
    testkit_sql(kit, "UPDATE labels SET state = 4");
    assert_true(testkit_verify(kit, &shipping_room, &first) > 0);
    assert_non_null(strstr(str_to_cstr(kit->arena, first), "lbl_"));
    testkit_sql(kit, "UPDATE labels SET state = 2");
}

static err_t tell_same(struct ctx *ctx, void *arg)
{
    const struct carrier_trace trace = {.tracking = STR("SAME"),
                                        .raw = STR(""),
                                        .place = STR(""),
                                        .event_key = STR(""),
                                        .code = TRACE_IN_TRANSIT,
                                        .occurred_at = ctx->now};
    struct carrier_outcome told = {
        .result = CARRIER_DONE, .traces = &trace, .trace_count = 1};
    return fact_park(ctx, (carrier_account_id){*(int64_t *)arg}, &told,
                     ctx->now);
}

/* Five parcels that are not the account's have the number that its own has. */
static void a_number_that_others_have_finds_its_parcel(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 6; i++) {
        w->parcels[i] = world_pack(w, i);
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
        (void)world_work(w);
    }
    int64_t account = world_parcel(w, 0).account.v;
    testkit_sql(kit, shop_text(w->shop,
                               "UPDATE packages SET tracking = 'SAME', "
                               "account_id = NULL WHERE id <> %lld",
                               (long long)w->parcels[5].v));
    testkit_sql(kit, "UPDATE packages SET tracking = 'SAME'");
    assert_ok(kit, testkit_run(kit, tell_same, &account));
    assert_int_equal(state_after(w, NULL, 1), PACKAGE_LABELLED);
    assert_int_equal(world_parcel(w, 5).place.state, PACKAGE_IN_TRANSIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            parcels_are_asked_after_until_they_arrive, world_open, world_close),
        cmocka_unit_test_setup_teardown(a_parcel_is_not_asked_after_for_ever,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(carriers_are_asked_what_a_parcel_costs,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            a_label_that_waits_for_prices_is_withdrawn, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(a_wish_for_what_is_gone_is_refused,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(a_label_without_its_call_is_told,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            a_number_that_others_have_finds_its_parcel, world_open,
            world_close),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("shipping, live", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
