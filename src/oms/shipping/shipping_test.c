/* shipping_test.c - labels from a carrier that fails in every way (I23): no
 * parcel has two, none is left without an answer. */
#include "base/testing.h"

#include <string.h>

#include "base/json.h"
#include "oms/room.h"
#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_testkit.h"
#include "store/epoch.h"
#include "store/event.h"

/* Live sales of a tracking number, and of all. */
static size_t live(const struct world *w, str tracking, size_t *ret_all)
{
    size_t count = 0;
    *ret_all = 0;
    for (size_t i = 0; i < w->count; i++) {
        *ret_all += !w->sales[i].is_void;
        count += !w->sales[i].is_void &&
                 str_equal_cstr(tracking, w->sales[i].tracking);
    }
    return count;
}

/* Nobody asks twice for one reference what was sold. */
static void expect_one_each(struct world *w)
{
    size_t labelled = 0, all;
    for (int i = 0; i < PARCELS; i++) {
        struct package p = world_parcel(w, i);
        bool is_labelled = p.place.state == PACKAGE_LABELLED;
        assert_true(is_labelled || p.place.state == PACKAGE_DRAFT);
        labelled += is_labelled;
        if (is_labelled)
            assert_int_equal(live(w, p.tracking, &all), 1);
    }
    live(w, STR("-"), &all);
    assert_int_equal(all, labelled);
}

static void a_carrier_that_fails_in_every_way_sells_one_label(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < PARCELS; i++)
        w->parcels[i] = world_pack(w, i);
    w->has_faults = true;
    for (int round = 0; round < 40; round++) {
        package_id *id = &w->parcels[test_random(&w->seed) % PARCELS];
        if (test_random(&w->seed) % 4 == 0)
            (void)testkit_run(kit, world_unwant, id);
        else
            (void)testkit_run(kit, world_want, id);
        world_work(w);
        kit->now += (utc_ms)(test_random(&w->seed) % 30000);
    }
    for (int round = 0; round < 30; round++) {
        world_work(w);
        kit->now += 20000;
    }
    world_run_to_end(w);
    expect_one_each(w);
    shop_verify(w->shop);
}

/* An answer that comes twice: the look-up is over and found nothing. */
static void a_lookup_told_twice_says_nothing_new(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    for (int i = 0; i < 2; i++) { /* It is lost, then looked up. */
        bool is_lookup = i == 1;
        assert_ok(kit, testkit_run(kit, world_take, &t));
        assert_int_equal(t.count, 1);
        t.task = &t.tasks[0];
        assert_int_equal(t.task->request.op,
                         is_lookup ? CARRIER_LOOKUP : CARRIER_LABEL);
        t.outcome = (struct carrier_outcome){
            .result = is_lookup ? CARRIER_DONE : CARRIER_UNKNOWN,
            .text = STR(""),
            .field = STR("")};
        assert_ok(kit, testkit_run(kit, world_record, &t));
        kit->now += 2000;
    }
    assert_ok(kit, testkit_run(kit, world_record, &t));
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_LABEL_PENDING);
    world_run_to_end(w);
    assert_int_equal(w->labels_asked, 1);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_LABELLED);
    shop_verify(w->shop);
}

static void answer_label(struct world *w, struct taking *t,
                         enum carrier_result result, const char *tracking)
{
    t->outcome = (struct carrier_outcome){.result = result,
                                          .text = STR(""),
                                          .field = STR(""),
                                          .carrier_ref = STR(""),
                                          .tracking = str_from_cstr(tracking)};
    assert_ok(w->shop->kit, testkit_run(w->shop->kit, world_record, t));
}

/* The first answer comes after the carrier knew nothing of it, and before it is
 * asked for again: there is a label, and no second one is bought. */
static void I23_an_answer_after_absent_is_taken(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking first = {0}, look = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    assert_ok(kit, testkit_run(kit, world_take, &first));
    first.task = &first.tasks[0];
    answer_label(w, &first, CARRIER_UNKNOWN, "");
    kit->now += CALL_SETTLE_MS + CALL_LEASE_MS;
    assert_ok(kit, testkit_run(kit, world_take, &look));
    look.task = &look.tasks[0];
    assert_int_equal(look.task->request.op, CARRIER_LOOKUP);
    for (int i = 0; i < 2; i++)
        answer_label(w, &look, CARRIER_DONE, "");
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_LABEL_PENDING);
    answer_label(w, &first, CARRIER_DONE, "T9");
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_LABELLED);
    assert_str(world_parcel(w, 0).tracking, "T9");
    world_run_to_end(w);
    assert_int_equal(w->labels_asked, 0);
    shop_verify(w->shop);
}

struct visit {
    carrier_pickup_id id;
    int64_t version; /* 0: to be asked for, else to be called off. */
};

static err_t run_visit(struct ctx *ctx, void *arg)
{
    enum { HOUR_MS = 3600000 };
    struct visit *visit = arg;
    struct carrier_pickup_cmd cmd = {.location = STR("A"),
                                     .account = STR("x"),
                                     .ready_at = ctx->now + HOUR_MS,
                                     .until = ctx->now + 2 * HOUR_MS,
                                     .packages = 3};
    return visit->version
               ? carrier_pickup_cancel(ctx, visit->id, visit->version)
               : carrier_pickup_want(ctx, &cmd, &visit->id);
}

/* Asked for; t is the call, which its carrier has. */
static struct visit ask_visit(struct world *w, struct taking *t)
{
    struct testkit *kit = w->shop->kit;
    struct visit visit = {.version = 0};
    assert_ok(kit, testkit_run(kit, run_visit, &visit));
    assert_ok(kit, testkit_run(kit, world_take, t));
    assert_int_equal(t->count, 1);
    t->task = &t->tasks[0];
    return visit;
}

/* "Not now", said the carrier; then nobody wanted it any more. */
static void a_visit_that_was_called_off_is_not_asked_for_again(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    struct visit visit = ask_visit(w, &t);
    assert_int_equal(t.task->request.op, CARRIER_PICKUP);
    t.outcome = (struct carrier_outcome){
        .result = CARRIER_LATER, .text = STR(""), .field = STR("")};
    assert_ok(kit, testkit_run(kit, world_record, &t));
    visit.version = 1;
    assert_ok(kit, testkit_run(kit, run_visit, &visit));
    kit->now += CALL_LEASE_MS;
    assert_ok(kit, testkit_run(kit, world_take, &t));
    assert_int_equal(t.count, 0);
    shop_verify(w->shop);
}

static err_t read_visit(struct ctx *ctx, void *arg)
{
    struct handover *h = arg;
    return carrier_pickup_get(ctx, (carrier_pickup_id){h->id}, h);
}

static struct handover answer_visit(struct world *w, struct taking *t,
                                    struct visit visit,
                                    enum carrier_result result,
                                    const char *number)
{
    struct testkit *kit = w->shop->kit;
    struct handover h = {.id = visit.id.v};
    t->outcome = (struct carrier_outcome){
        .result = result,
        .text = result == CARRIER_DONE ? STR("") : STR("no"),
        .field = STR(""),
        .confirmation = str_from_cstr(number)};
    assert_ok(kit, testkit_run(kit, world_record, t));
    assert_ok(kit, testkit_read(kit, read_visit, &h));
    return h;
}

static void B9_a_visit_that_was_booked_after_a_no_is_known(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    struct visit visit = ask_visit(w, &t);
    struct handover h = answer_visit(w, &t, visit, CARRIER_REFUSED, "");
    assert_int_equal(h.state, HANDOVER_REFUSED);
    assert_str(h.error, "no");
    for (int i = 0; i < 2; i++)
        h = answer_visit(w, &t, visit, CARRIER_DONE, "PU-7");
    assert_int_equal(h.state, HANDOVER_CONFIRMED);
    assert_str(h.error, "");
    assert_str(h.confirmation, "PU-7");
    assert_int_equal(testkit_events(kit, "carrier_pickup.confirmed"), 1);
    shop_verify(w->shop);
}

/* It comes all the same: somebody must tell it. */
static void B9_a_visit_called_off_and_booked_is_told(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    struct visit visit = ask_visit(w, &t);
    visit.version = 1;
    assert_ok(kit, testkit_run(kit, run_visit, &visit));
    struct handover h;
    for (int i = 0; i < 2; i++)
        h = answer_visit(w, &t, visit, CARRIER_DONE, "PU-7");
    assert_int_equal(h.state, HANDOVER_CANCELLED);
    assert_str(h.confirmation, "PU-7");
    assert_int_equal(testkit_events(kit, "carrier_pickup.booked"), 1);
    shop_verify(w->shop);
}

static err_t expect_booked(struct ctx *ctx, void *arg)
{
    const struct visit *visit = arg;
    struct event_subject subject = {"carrier_pickup", visit->id.v, 0};
    struct event *events;
    struct json_in *in;
    bool is_booked = false;
    size_t count;
    TRY(event_list_subject(ctx, &subject, 9, &events, &count));
    TRY(json_parse(ctx, events[count - 1].data, &in));
    TRY(json_opt_bool(in, "is_booked", &is_booked));
    assert_true(is_booked);
    return OK;
}

/* Some carriers have no number for it. */
static void B9_a_visit_without_a_number_is_told_once(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 2; i++) {
        bool is_yes_first = i == 0;
        struct taking t = {0};
        struct visit visit = ask_visit(w, &t);
        visit.version = 1;
        if (is_yes_first)
            visit.version =
                answer_visit(w, &t, visit, CARRIER_DONE, "").version;
        assert_ok(kit, testkit_run(kit, run_visit, &visit));
        for (int j = 0; j < 2; j++)
            (void)answer_visit(w, &t, visit, CARRIER_DONE, "");
        assert_ok(kit, testkit_read(kit, expect_booked, &visit));
        assert_int_equal(testkit_events(kit, "carrier_pickup.booked"), i);
        kit->now += 1000;
    }
    shop_verify(w->shop);
}

/* A worker so late that another one has its call by now cannot say that the
 * call is open: the other may be asking. */
static void a_late_answer_opens_nothing(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking late = {0}, next = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    assert_ok(kit, testkit_run(kit, world_take, &late));
    kit->now += CALL_LEASE_MS;
    assert_ok(kit, testkit_run(kit, world_take, &next));
    assert_int_equal(next.tasks[0].request.op, CARRIER_LOOKUP);
    late.task = &late.tasks[0];
    late.outcome = (struct carrier_outcome){
        .result = CARRIER_LATER, .text = STR(""), .field = STR("")};
    assert_ok(kit, testkit_run(kit, world_record, &late));
    kit->now += CALL_TIMEOUT_MS;
    assert_ok(kit, testkit_run(kit, world_take, &late));
    assert_int_equal(late.count, 0);
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

/* What the life that is lost asked last may still be under way. */
static void what_another_life_asked_has_time_to_arrive(void **state)
{
    enum { SOON = 20000 };
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    struct package parcel = world_parcel(w, 0);
    assert_ok(kit, testkit_run(kit, restore, NULL));
    assert_ok(kit, testkit_run(kit, resume, NULL));
    world_sell(w, shop_id(w->shop, "pkg", parcel.id.v), kit->now + SOON);
    assert_int_equal(world_work(w), 1);
    kit->now += SOON;
    (void)world_work(w);
    world_run_to_end(w);
    assert_int_equal(w->labels_asked, 0);
    assert_str(world_parcel(w, 0).tracking, "T1");
    shop_verify(w->shop);
}

/* The backup was made before the label was bought; the carrier knows it. */
static void a_restored_store_looks_up_what_it_wanted(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 2; i++) {
        w->parcels[i] = world_pack(w, i);
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    }
    struct package first = world_parcel(w, 0);
    world_sell(w, shop_id(w->shop, "pkg", first.id.v), kit->now);
    assert_ok(kit, testkit_run(kit, restore, NULL));
    assert_int_equal(world_work(w), 0); /* Paused. */
    assert_ok(kit, testkit_run(kit, resume, NULL));
    assert_int_equal(world_work(w), 2);
    assert_int_equal(w->labels_asked, 0);
    assert_str(world_parcel(w, 0).tracking, "T1");
    assert_int_equal(world_parcel(w, 1).place.state, PACKAGE_LABEL_PENDING);
    world_run_to_end(w);
    assert_int_equal(w->labels_asked, 1); /* The other was never sold. */
    assert_str(world_parcel(w, 1).tracking, "T2");
    /* Serial numbers given out after the backup are not given out again. */
    assert_memory_equal(first.sscc.ptr, "0401234500000000", 16);
    package_id late = world_pack(w, 9);
    assert_ok(kit, testkit_run(kit, world_want, &late));
    w->parcels[2] = late;
    assert_memory_equal(world_parcel(w, 2).sscc.ptr, "04012345000100002", 17);
    world_run_to_end(w);
    shop_verify(w->shop);
}

/* The backup was made before the label was even asked for: what the carrier
 * sold for the parcel in the life that is lost is not sold again. */
static void B11_a_label_of_the_life_that_is_lost_is_found(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 2; i++)
        w->parcels[i] = world_pack(w, i);
    world_sell(w, shop_id(w->shop, "pkg", w->parcels[0].v), kit->now);
    assert_ok(kit, testkit_run(kit, restore, NULL));
    assert_ok(kit, testkit_run(kit, resume, NULL));
    kit->now += CALL_SETTLE_MS;
    for (int i = 0; i < 2; i++)
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    world_run_to_end(w);
    assert_str(world_parcel(w, 0).tracking, "T1");
    assert_str(world_parcel(w, 1).tracking, "T2");
    assert_int_equal(w->labels_asked, 1); /* The other was never sold. */
    shop_verify(w->shop);
}

struct peek {
    struct call_taker taker;
    utc_ms next_at;
    struct call_task *tasks;
    size_t count;
};

static err_t peek(struct ctx *ctx, void *arg)
{
    struct peek *p = arg;
    return call_peek(ctx, &p->taker, &p->next_at);
}

static err_t take_few(struct ctx *ctx, void *arg)
{
    struct peek *p = arg;
    return call_take(ctx, &p->taker, &p->tasks, &p->count);
}

/* Whether it was done is not known: it is no refusal, and waits. */
static void what_was_lost_waits_for_the_secret_of_its_account(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    world_run_to_end(w);
    assert_ok(kit, testkit_run(kit, world_unwant, &w->parcels[0]));
    assert_ok(kit, testkit_run(kit, world_take, &t));
    t.task = &t.tasks[0];
    answer_label(w, &t, CARRIER_UNKNOWN, "");
    testkit_sql(kit, "UPDATE carrier_accounts SET secret = 'broken'");
    kit->now += CALL_LEASE_MS;
    assert_ok(kit, testkit_run(kit, world_take, &t));
    assert_int_equal(t.count, 0);
    assert_int_equal(testkit_events(kit, "package.label_void_refused"), 0);
    testkit_sql(kit, "UPDATE carrier_accounts SET secret = NULL");
    world_run_to_end(w);
    assert_int_equal(world_parcel(w, 0).place.state, PACKAGE_DRAFT);
    shop_verify(w->shop);
}

static void a_busy_account_gets_no_more_calls(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 3; i++) {
        w->parcels[i] = world_pack(w, i);
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    }
    struct package first = world_parcel(w, 0);
    struct peek p = {
        .taker = {.owner = 7, .limit = 2, .busy = {1, first.account.v}}
    };
    assert_ok(kit, testkit_read(kit, peek, &p));
    assert_int_equal(p.next_at, 0);
    assert_ok(kit, testkit_run(kit, take_few, &p));
    assert_int_equal(p.count, 0);
    p.taker.busy[1] = 0;
    assert_ok(kit, testkit_read(kit, peek, &p));
    assert_int_equal(p.next_at, kit->now);
    assert_ok(kit, testkit_run(kit, take_few, &p));
    assert_int_equal(p.count, 2);
    assert_int_equal(p.tasks[0].account_id.v, first.account.v);
}

/* Questions that hang (what does it cost, where is it) do not stand in the way
 * of the same account's labels, nor the other way round. */
static void questions_that_hang_hold_up_no_labels(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    w->parcels[0] = world_pack(w, 0);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[0]));
    testkit_sql(kit, "UPDATE carrier_accounts SET settings = "
                     "'{\"url\":\"https://carrier.example.org/\","
                     "\"rates\":true}'");
    w->parcels[1] = world_pack(w, 1);
    assert_ok(kit, testkit_run(kit, world_want, &w->parcels[1]));
    int64_t account = world_parcel(w, 0).account.v;
    struct peek p = {
        .taker = {.owner = 7, .limit = 9, .busy = {account, -account}}
    };
    assert_ok(kit, testkit_read(kit, peek, &p));
    assert_int_equal(p.next_at, 0);
    p.taker.busy[1] = 0; /* Labels hang: prices may be asked. */
    assert_ok(kit, testkit_run(kit, take_few, &p));
    assert_int_equal(p.count, 1);
    assert_int_equal(p.tasks[0].request.op, CARRIER_RATE);
    assert_int_equal(p.tasks[0].lane, -account);
    p.taker.busy[0] = -account; /* Prices hang. */
    assert_ok(kit, testkit_read(kit, peek, &p));
    assert_int_equal(p.next_at, kit->now);
    assert_ok(kit, testkit_run(kit, take_few, &p));
    assert_int_equal(p.count, 1);
    assert_int_equal(p.tasks[0].request.op, CARRIER_LABEL);
    assert_int_equal(p.tasks[0].lane, account);
}

static void trace(struct world *w, int i, const char *code)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "addTracking",
        .path = {shop_id(w->shop, "pkg", w->parcels[i].v)},
        .body = shop_text(w->shop, "{\"items\":[{\"code\":\"%s\"}]}", code)};
    shop_call(w->shop, &shipping_room, &call, &reply);
    assert_ok(w->shop->kit, reply.err);
}

/* What orders know of their parcels is looked at, both ways. */
static void verify_compares_orders_with_what_arrived(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    static const struct {
        const char *wrong, *right;
    } cases[] = {
        {"UPDATE order_lines SET delivered = 0 WHERE delivered = 1",
         "UPDATE order_lines SET delivered = shipped WHERE order_id = (SELECT "
         "order_id FROM packages WHERE state = 7)" },
        {"UPDATE order_lines SET delivered = shipped",
         "UPDATE order_lines SET delivered = 0 WHERE order_id = (SELECT "
         "order_id FROM packages WHERE state = 10)"},
        {"UPDATE orders SET delivery_flags = 1",
         "UPDATE orders SET delivery_flags = 0 WHERE id = (SELECT order_id "
         "FROM packages WHERE state = 7)"          },
    };
    str first;
    for (int i = 0; i < 2; i++) {
        w->parcels[i] = world_pack(w, i);
        assert_ok(kit, testkit_run(kit, world_want, &w->parcels[i]));
    }
    world_run_to_end(w);
    trace(w, 0, "delivered");
    trace(w, 1, "lost");
    shop_verify(w->shop);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        testkit_sql(kit, cases[i].wrong);
        assert_int_equal(testkit_verify(kit, &shipping_room, &first), 1);
        testkit_sql(kit, cases[i].right);
        assert_int_equal(testkit_verify(kit, &shipping_room, &first), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_carrier_that_fails_in_every_way_sells_one_label, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(a_lookup_told_twice_says_nothing_new,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(I23_an_answer_after_absent_is_taken,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            a_visit_that_was_called_off_is_not_asked_for_again, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B9_a_visit_that_was_booked_after_a_no_is_known, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            B9_a_visit_called_off_and_booked_is_told, world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B9_a_visit_without_a_number_is_told_once, world_open, world_close),
        cmocka_unit_test_setup_teardown(a_late_answer_opens_nothing, world_open,
                                        world_close),
        cmocka_unit_test_setup_teardown(
            a_restored_store_looks_up_what_it_wanted, world_open, world_close),
        cmocka_unit_test_setup_teardown(
            B11_a_label_of_the_life_that_is_lost_is_found, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            what_another_life_asked_has_time_to_arrive, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(
            what_was_lost_waits_for_the_secret_of_its_account, world_open,
            world_close),
        cmocka_unit_test_setup_teardown(a_busy_account_gets_no_more_calls,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(questions_that_hang_hold_up_no_labels,
                                        world_open, world_close),
        cmocka_unit_test_setup_teardown(
            verify_compares_orders_with_what_arrived, world_open, world_close),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("shipping", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
