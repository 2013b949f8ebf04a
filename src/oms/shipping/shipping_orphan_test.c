/* shipping_orphan_test.c - labels that a carrier sold and no parcel wants are
 * found and given back (B11); what a parcel bears never is. */
#include "base/testing.h"

#include <string.h>

#include "base/time.h"
#include "oms/room.h"
#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_orphan.h"
#include "oms/shipping/shipping_testkit.h"
#include "store/epoch.h"

struct found {
    struct orphan *rows;
    size_t count;
};

static err_t read_found(struct ctx *ctx, void *arg)
{
    struct found *f = arg;
    return orphan_page(ctx, 0, (orphan_label_id){0}, 100, &f->rows, &f->count);
}

/* There is one, in that state. */
static struct orphan expect_one(struct world *w, enum orphan_state state)
{
    struct found f = {0};
    assert_ok(w->shop->kit, testkit_read(w->shop->kit, read_found, &f));
    assert_int_equal(f.count, 1);
    assert_int_equal(f.rows[0].state, state);
    return f.rows[0];
}

static void expect_none(struct world *w)
{
    struct found f = {0};
    assert_ok(w->shop->kit, testkit_read(w->shop->kit, read_found, &f));
    assert_int_equal(f.count, 0);
}

static bool was_told(struct world *w, const char *type)
{
    return testkit_events(w->shop->kit, type) > 0;
}

static void ask(struct world *w, struct taking *t)
{
    struct testkit *kit = w->shop->kit;
    assert_ok(kit, testkit_run(kit, world_take, t));
    assert_int_equal(t->count, 1);
    t->task = &t->tasks[0];
}

static void tell(struct world *w, struct taking *t, enum carrier_result result)
{
    struct testkit *kit = w->shop->kit;
    t->outcome = (struct carrier_outcome){
        .result = result, .text = STR("no"), .field = STR("")};
    assert_ok(kit, testkit_run(kit, world_record, t));
}

/* The carrier sells the label of the first parcel, and says no. */
static struct sale *sell_and_deny(struct world *w, struct taking *t)
{
    struct testkit *kit = w->shop->kit;
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    ask(w, t);
    struct sale *sale = world_sell(
        w, str_to_cstr(kit->arena, t->task->request.reference), kit->now);
    tell(w, t, CARRIER_REFUSED);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    return sale;
}

static err_t add_other(struct ctx *ctx, void *arg)
{
    (void)arg;
    struct account a = {.code = STR("y"),
                        .name = STR(""),
                        .carrier = &faulty,
                        .settings =
                            STR("{\"url\":\"https://other.example.org/\"}"),
                        .services = STR("{\"services\":[{\"code\":\"std\"}]}"),
                        .gs1_prefix = STR(""),
                        .is_active = true};
    return account_save(ctx, &a, STR_NONE);
}

static err_t want_other(struct ctx *ctx, void *arg)
{
    struct label_cmd cmd = {.package = *(const package_id *)arg,
                            .account = STR("y"),
                            .service = STR("std")};
    return label_want(ctx, &cmd);
}

/* Its parcel has another label by now, of another account. */
static void B11_what_was_sold_and_denied_is_given_back(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    const struct sale *orphan = sell_and_deny(w, &t);
    assert_ok(kit, testkit_run(kit, add_other, NULL));
    assert_ok(kit, testkit_run(kit, want_other, &w->parcels[0]));
    world_work(w);
    assert_str(world_parcel(w, 0).tracking, "T2");
    kit->now += SWEEP_AFTER_MS - 1000;
    assert_int_equal(world_work(w), 0);
    kit->now += 1000;
    assert_int_equal(world_work(w), 1);
    struct orphan row = expect_one(w, ORPHAN_VOIDING);
    assert_str(row.tracking, "T1");
    assert_int_equal(row.cost.minor, 590);
    assert_true(was_told(w, "package.label_orphaned"));
    shop_verify(w->shop);
    w->voids_lost = 7; /* Asked until it answers. */
    world_run_to_end(w);
    assert_int_equal(w->voids_asked, 8);
    assert_string_equal(w->asked_url, "https://carrier.example.org/");
    expect_one(w, ORPHAN_VOIDED);
    assert_true(orphan->is_void && !w->sales[1].is_void);
    assert_true(was_told(w, "package.label_orphan_voided"));
    kit->now += 2 * DAY_MS; /* Looked up once more: nothing new. */
    world_run_to_end(w);
    assert_int_equal(w->voids_asked, 8);
    assert_str(world_parcel(w, 0).tracking, "T2");
    shop_verify(w->shop);
}

static void again(struct world *w, const struct orphan *row, err_t expected)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "voidOrphanLabel",
                                .path = {shop_id(w->shop, "orl", row->id.v)},
                                .body = "{}"};
    shop_call(w->shop, &shipping_room, &call, &reply);
    assert_int_equal(reply.err, expected);
}

/* The answer that it was sold comes after the one that it was not. */
static void B11_what_is_not_taken_back_waits_for_a_person(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    const struct sale *orphan = sell_and_deny(w, &t);
    t.outcome = (struct carrier_outcome){.result = CARRIER_DONE,
                                         .text = STR(""),
                                         .field = STR(""),
                                         .carrier_ref = STR("c1"),
                                         .tracking = STR("T1")};
    for (int i = 0; i < 2; i++)
        assert_ok(kit, testkit_run(kit, world_record, &t));
    struct orphan row = expect_one(w, ORPHAN_VOIDING);
    w->voids_no = true;
    world_run_to_end(w);
    row = expect_one(w, ORPHAN_REFUSED);
    assert_str(row.error, "too late");
    assert_true(was_told(w, "package.label_orphan_refused"));
    assert_false(orphan->is_void);
    w->voids_no = false;
    again(w, &row, OK);
    again(w, &row, ERR_STATE);
    world_run_to_end(w);
    expect_one(w, ORPHAN_VOIDED);
    assert_true(orphan->is_void);
    again(w, &row, ERR_STATE);
    shop_verify(w->shop);
}

static err_t restore(struct ctx *ctx, void *arg)
{
    (void)arg;
    return epoch_renew(ctx);
}

static err_t resume(struct ctx *ctx, void *arg)
{
    struct outbound_cmd cmd = {.is_paused = false};
    struct outbound out;
    (void)arg;
    return outbound_set(ctx, &cmd, &out);
}

/* Bought after the backup, withdrawn in the restored store: nobody there knows
 * that it was ever asked for. */
static void B11_what_a_restored_store_does_not_want_is_given_back(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 2; i++) {
        w->parcels[i] = world_pack(w, i);
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    }
    world_sell(w, shop_id(w->shop, "pkg", w->parcels[0].v), kit->now);
    assert_ok(kit, testkit_run(kit, restore, NULL));
    for (int i = 0; i < 2; i++)
        assert_ok(kit, testkit_run(kit, world_unwant, &w->parcels[i]));
    assert_int_equal(world_work(w), 0); /* Paused. */
    assert_ok(kit, testkit_run(kit, resume, NULL));
    world_run_to_end(w);
    assert_int_equal(w->labels_asked, 0);
    expect_one(w, ORPHAN_VOIDED);
    assert_true(w->sales[0].is_void);
    shop_verify(w->shop);
}

static void record_by_hand(struct world *w, const char *code, err_t expected)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "recordLabel",
        .path = {shop_id(w->shop, "pkg", w->parcels[0].v)},
        .body = shop_text(w->shop,
                          "{\"version\":%lld,\"carrier\":\"X\",\"tracking\":"
                          "\"T1\"}",
                          (long long)world_parcel(w, 0).version)};
    shop_call(w->shop, &shipping_room, &call, &reply);
    assert_int_equal(reply.err, expected);
    if (code)
        assert_string_equal(w->shop->kit->err.slug, code);
}

/* A person saw the label at the carrier's and wrote it in. */
static void B11_a_label_in_use_is_never_given_back(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    const struct sale *sale = sell_and_deny(w, &t);
    record_by_hand(w, NULL, OK);
    kit->now += 2 * DAY_MS;
    world_run_to_end(w);
    expect_none(w);
    assert_true(!sale->is_void && w->voids_asked == 0);
    shop_verify(w->shop);
}

static void B11_what_comes_into_use_meanwhile_is_kept(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    const struct sale *sale = sell_and_deny(w, &t);
    kit->now += SWEEP_AFTER_MS;
    world_work(w);
    expect_one(w, ORPHAN_VOIDING);
    record_by_hand(w, "label_given_back", ERR_STATE);
    testkit_sql(kit, "UPDATE packages SET tracking = 'T1'");
    world_run_to_end(w);
    expect_one(w, ORPHAN_KEPT);
    assert_true(!sale->is_void && w->voids_asked == 0);
    assert_true(was_told(w, "package.label_orphan_in_use"));
}

static err_t settle(struct ctx *ctx, void *arg)
{
    return label_settle(ctx, *(const package_id *)arg, TRUTH_BOUGHT,
                        STR("T-1"));
}

/* Who wrote T-1 may have meant T1: it is told, and not touched. */
static void B11_a_persons_word_is_not_overruled(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    ask(w, &t);
    const struct sale *sale =
        world_sell(w, str_to_cstr(kit->arena, t.task->request.reference),
                   kit->now + DAY_MS);
    tell(w, &t, CARRIER_UNKNOWN);
    for (int i = 0; i <= CALL_LOOKUPS_MAX; i++) {
        kit->now += 20 * 60 * 1000;
        struct taking look = {0};
        assert_ok(kit, testkit_run(kit, world_take, &look));
        if (look.count == 0)
            break;
        look.task = &look.tasks[0];
        tell(w, &look, CARRIER_UNKNOWN);
    }
    assert_ok(kit, testkit_run(kit, settle, &w->parcels[0]));
    t.outcome = (struct carrier_outcome){.result = CARRIER_DONE,
                                         .text = STR(""),
                                         .field = STR(""),
                                         .tracking = STR("T1")};
    assert_ok(kit, testkit_run(kit, world_record, &t));
    kit->now += 2 * DAY_MS;
    world_run_to_end(w);
    expect_none(w);
    assert_true(!sale->is_void && was_told(w, "package.label_duplicate"));
    assert_str(world_parcel(w, 0).tracking, "T-1");
    shop_verify(w->shop);
}

/* The parcel has T2; T1 was sold for the same reference before. */
static void sell_twice(struct world *w)
{
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    ask(w, &t);
    const char *reference = str_to_cstr(kit->arena, t.task->request.reference);
    tell(w, &t, CARRIER_LATER);
    world_sell(w, reference, kit->now); /* It did it all the same. */
    w->sales[0].visible_at = kit->now + 60000;
    kit->now += 20000;
    world_work(w);
    assert_str(world_parcel(w, 0).tracking, "T2");
}

/* One reference, two labels: the parcel keeps what it has. */
static void B11_a_second_label_is_given_back(void **state)
{
    struct world *w = *state;
    sell_twice(w);
    w->shop->kit->now += SWEEP_AFTER_MS;
    world_run_to_end(w);
    expect_one(w, ORPHAN_VOIDED);
    assert_true(w->sales[0].is_void && !w->sales[1].is_void);
    shop_verify(w->shop);
}

/* Both are given back, and the carrier must not take one void for the other. */
static void B11_each_void_has_a_reference_of_its_own(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    sell_twice(w);
    kit->now += SWEEP_AFTER_MS;
    world_run_to_end(w);
    expect_one(w, ORPHAN_VOIDED);
    assert_ok(kit, testkit_run(kit, world_unwant, &w->parcels[0]));
    world_run_to_end(w);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    assert_true(w->sales[0].is_void && w->sales[1].is_void);
    assert_string_not_equal(w->sales[0].void_reference,
                            w->sales[1].void_reference);
    shop_verify(w->shop);
}

/* Two people ask again: the second waits, and sees that it is asked. */
static void B11_it_is_asked_again_once(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    const char *asked = "UPDATE orphan_labels SET state = 1";
    struct taking t = {0};
    sell_and_deny(w, &t);
    w->voids_no = true;
    kit->now += SWEEP_AFTER_MS;
    world_run_to_end(w);
    struct orphan row = expect_one(w, ORPHAN_REFUSED);
    struct testkit_link *beside = testkit_beside(kit, asked);
    if (!beside)
        testkit_sql(kit, asked);
    again(w, &row, ERR_STATE);
    if (beside)
        testkit_beside_end(beside);
}

/* ---- a yes that comes after a no ---- */

static err_t void_package(struct ctx *ctx, void *arg)
{
    return label_void(ctx, *(const package_id *)arg, 0, true);
}

/* A labelled parcel whose void its carrier refused; t is that call. */
static void label_and_keep(struct world *w, struct taking *t)
{
    struct testkit *kit = w->shop->kit;
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    world_work(w);
    assert_ok(kit, testkit_run(kit, void_package, &w->parcels[0]));
    ask(w, t);
    tell(w, t, CARRIER_REFUSED);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_LABELLED);
}

/* It cannot leave with that label; that it be emptied was refused. */
static void B11_a_void_that_is_told_late_is_known(void **state)
{
    struct world *w = *state;
    struct taking t = {0};
    label_and_keep(w, &t);
    for (int i = 0; i < 2; i++)
        tell(w, &t, CARRIER_DONE);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    assert_int_equal(testkit_events(w->shop->kit, "package.label_voided"), 1);
    shop_verify(w->shop);
}

/* A carrier that answers a reference as it did before would say no for ever. */
static void B11_a_void_that_is_asked_anew_has_another_reference(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    label_and_keep(w, &t);
    str first = t.task->request.reference;
    assert_ok(kit, testkit_run(kit, void_package, &w->parcels[0]));
    ask(w, &t);
    assert_false(str_equal(first, t.task->request.reference));
    str second = t.task->request.reference;
    tell(w, &t, CARRIER_LATER);
    kit->now += CALL_LEASE_MS;
    ask(w, &t);
    assert_true(str_equal(second, t.task->request.reference));
    tell(w, &t, CARRIER_DONE);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_VOIDED);
    shop_verify(w->shop);
}

/* Asked once more meanwhile: the carrier has nothing to do any more. */
static void B11_a_void_that_is_told_late_ends_the_next(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    label_and_keep(w, &t);
    assert_ok(kit, testkit_run(kit, void_package, &w->parcels[0]));
    tell(w, &t, CARRIER_DONE);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_VOIDED);
    world_run_to_end(w);
    assert_int_equal(w->voids_asked, 0);
    shop_verify(w->shop);
}

static void B11_a_void_that_is_told_late_of_what_left_is_a_task(void **state)
{
    struct world *w = *state;
    struct taking t = {0};
    label_and_keep(w, &t);
    testkit_sql(w->shop->kit, "UPDATE packages SET state = 6");
    for (int i = 0; i < 2; i++)
        tell(w, &t, CARRIER_DONE);
    assert_int_equal(testkit_events(w->shop->kit, "package.label_voided_late"),
                     1);
    assert_str(world_parcel(w, 0).tracking, "T1");
}

/* An orphan whose void its carrier refused; t is that call. */
static struct orphan find_and_keep(struct world *w, struct taking *t)
{
    sell_and_deny(w, t);
    w->shop->kit->now += SWEEP_AFTER_MS;
    world_work(w);
    ask(w, t);
    tell(w, t, CARRIER_REFUSED);
    return expect_one(w, ORPHAN_REFUSED);
}

static void B11_an_orphan_that_is_told_late_is_known(void **state)
{
    struct world *w = *state;
    struct taking t = {0};
    struct orphan row = find_and_keep(w, &t);
    again(w, &row, OK);
    tell(w, &t, CARRIER_DONE);
    row = expect_one(w, ORPHAN_VOIDED);
    assert_str(row.error, "");
    world_run_to_end(w);
    assert_int_equal(w->voids_asked, 0);
    tell(w, &t, CARRIER_DONE);
    assert_int_equal(
        testkit_events(w->shop->kit, "package.label_orphan_voided"), 1);
    shop_verify(w->shop);
}

/* A person wrote it in since: its parcel bears a label that is void. */
static void B11_an_orphan_in_use_that_is_told_late_is_a_task(void **state)
{
    struct world *w = *state;
    struct taking t = {0};
    find_and_keep(w, &t);
    record_by_hand(w, NULL, OK);
    for (int i = 0; i < 2; i++)
        tell(w, &t, CARRIER_DONE);
    struct orphan row = expect_one(w, ORPHAN_KEPT);
    assert_str(row.error, "its carrier voided it");
    assert_int_equal(testkit_events(w->shop->kit, "package.label_voided_late"),
                     1);
    assert_str(world_parcel(w, 0).tracking, "T1");
    shop_verify(w->shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            B11_what_was_sold_and_denied_is_given_back, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B11_what_is_not_taken_back_waits_for_a_person, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B11_what_a_restored_store_does_not_want_is_given_back, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(B11_a_label_in_use_is_never_given_back,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_what_comes_into_use_meanwhile_is_kept, world_open, world_close),
        cmocka_unit_test_setup_teardown(B11_a_persons_word_is_not_overruled,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(B11_a_second_label_is_given_back,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_each_void_has_a_reference_of_its_own, world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_a_void_that_is_asked_anew_has_another_reference, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(B11_it_is_asked_again_once, world_open,
                                        world_close),
        cmocka_unit_test_setup_teardown(B11_a_void_that_is_told_late_is_known,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_a_void_that_is_told_late_ends_the_next, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B11_a_void_that_is_told_late_of_what_left_is_a_task, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B11_an_orphan_that_is_told_late_is_known, world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_an_orphan_in_use_that_is_told_late_is_a_task, world_open,
            world_close),
    };
    int bad = 0;
    do
        bad +=
            cmocka_run_group_tests_name("shipping_orphan", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
