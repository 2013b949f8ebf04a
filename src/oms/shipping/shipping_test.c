/* shipping_test.c - labels from a carrier that fails in every way (I23): no
 * parcel has two, none is left without an answer. */
#include "base/testing.h"

#include <string.h>

#include "base/id.h"
#include "base/json_any.h"
#include "connect/carrier/relay/relay.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/room.h"
#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_hook.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_shop.h"
#include "store/epoch.h"

/* In place of the product's list: one that sells a label each time it is
 * asked, whatever the reference. */
static struct carrier faulty;
/* The product's own list is there too, and not used. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_odr_violation=0";
}
const struct carrier *const carriers[] = {&faulty, NULL};

enum { PARCELS = 12, SALES_MAX = 1000 };

struct sale {
    char reference[ID_TEXT_BYTES], tracking[16];
    utc_ms visible_at; /* A request that was long on its way. */
    bool is_void;
};
struct world {
    struct shop *shop;
    uint64_t seed;
    bool has_faults;
    struct sale sales[SALES_MAX];
    size_t count;
    int64_t labels_asked, tracks_asked;
    const char *rates; /* What it asks for a parcel; NULL: it is silent. */
    const char *facts; /* What it says of a parcel; NULL: nothing. */
    package_id parcels[PARCELS];
};

/* ---- the carrier ---- */

static struct sale *find(struct world *w, const char *reference, utc_ms now)
{
    for (size_t i = 0; i < w->count; i++)
        if (!w->sales[i].is_void && w->sales[i].visible_at <= now &&
            strcmp(w->sales[i].reference, reference) == 0)
            return &w->sales[i];
    return NULL;
}

static struct sale *sell(struct world *w, const char *reference, utc_ms at)
{
    assert_true(w->count < SALES_MAX);
    struct sale *sale = &w->sales[w->count++];
    snprintf(sale->reference, sizeof sale->reference, "%s", reference);
    snprintf(sale->tracking, sizeof sale->tracking, "T%zu", w->count);
    sale->visible_at = at;
    return sale;
}

static void say(struct world *w, struct outside_reply *reply, int status,
                const char *body)
{
    *reply = (struct outside_reply){
        .is_answered = true,
        .status = status,
        .body = str_copy(w->shop->kit->arena, str_from_cstr(body))};
}

static void serve_label(struct world *w, const char *reference,
                        struct outside_reply *ret)
{
    utc_ms now = w->shop->kit->now;
    char text[64];
    w->labels_asked++;
    switch (w->has_faults ? test_random(&w->seed) % 9 : 0) {
    case 1: return;                          /* Lost on the way there. */
    case 2: sell(w, reference, now); return; /* Lost on the way back. */
    case 3:
        sell(w, reference, now);
        say(w, ret, 200, "<html>");
        return;
    case 4: say(w, ret, 500, "{}"); return;
    case 5: say(w, ret, 429, ""); return;
    case 6: say(w, ret, 422, "{\"field\":\"to\",\"detail\":\"no\"}"); return;
    case 7: sell(w, reference, now + 40000); return; /* Arrives late. */
    default: break;
    }
    snprintf(text, sizeof text, "{\"tracking\":\"%s\"}",
             sell(w, reference, now)->tracking);
    say(w, ret, 200, text);
}

static void serve_lookup(struct world *w, const char *reference,
                         struct outside_reply *ret)
{
    const struct sale *sale = find(w, reference, w->shop->kit->now);
    char text[64] = "{\"found\":false}";
    switch (w->has_faults ? test_random(&w->seed) % 4 : 0) {
    case 1: return;
    case 2: say(w, ret, 200, "{\"found\":"); return;
    default: break;
    }
    if (sale)
        snprintf(text, sizeof text, "{\"found\":true,\"tracking\":\"%s\"}",
                 sale->tracking);
    say(w, ret, 200, text);
}

static void serve_void(struct world *w, const char *reference,
                       struct outside_reply *ret)
{
    struct sale *sale = find(w, reference, w->shop->kit->now);
    int fault = w->has_faults ? (int)(test_random(&w->seed) % 4) : 0;
    if (fault == 1)
        return;
    if (sale)
        sale->is_void = true;
    if (fault != 2)
        say(w, ret, 200, "{}");
}

static void serve_track(struct world *w, struct outside_reply *ret)
{
    w->tracks_asked++;
    if (w->facts)
        say(w, ret, w->facts[0] ? 200 : 404, w->facts);
}

static struct outside_reply serve(struct world *w, struct ctx *ctx,
                                  const struct outside_call *call)
{
    struct outside_reply reply = {0};
    json_any top;
    str body = call->body;
    assert_ok(ctx, json_any_parse(ctx, &body, &top));
    str op = json_any_get_text(ctx->arena, top, "operation");
    const char *reference = str_to_cstr(
        ctx->arena, json_any_get_text(ctx->arena, top, "reference"));
    json_any_close(top);
    if (str_equal_cstr(op, "label"))
        serve_label(w, reference, &reply);
    else if (str_equal_cstr(op, "lookup"))
        serve_lookup(w, reference, &reply);
    else if (str_equal_cstr(op, "void"))
        serve_void(w, reference, &reply);
    else if (str_equal_cstr(op, "rate") && w->rates)
        say(w, &reply, w->rates[0] ? 200 : 422, w->rates);
    else if (str_equal_cstr(op, "track"))
        serve_track(w, &reply);
    return reply;
}

/* ---- the worker ---- */

struct taking {
    struct call_task *tasks;
    size_t count;
    const struct call_task *task;
    struct carrier_outcome outcome;
};

static err_t take(struct ctx *ctx, void *arg)
{
    struct taking *t = arg;
    struct call_taker taker = {.owner = 7, .limit = CALL_BATCH};
    return call_take(ctx, &taker, &t->tasks, &t->count);
}

static err_t record(struct ctx *ctx, void *arg)
{
    const struct taking *t = arg;
    return call_record(ctx, t->task->id, &t->outcome);
}

static err_t release(struct ctx *ctx, void *arg)
{
    (void)arg;
    return call_release(ctx, 7, false);
}

/* Now and then it dies: before it asks, or before it records. */
static size_t work(struct world *w)
{
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    struct ctx ctx = {.arena = kit->arena, .now = kit->now};
    assert_ok(kit, testkit_run(kit, take, &t));
    for (size_t i = 0; i < t.count; i++) {
        struct outside_call call;
        int fate = w->has_faults ? (int)(test_random(&w->seed) % 12) : 9;
        t.task = &t.tasks[i];
        if (fate == 0)
            continue;
        assert_ok(&ctx,
                  faulty.ask(&ctx, &t.task->account, &t.task->request, &call));
        struct outside_reply reply = serve(w, &ctx, &call);
        if (fate == 1)
            continue;
        assert_ok(&ctx, faulty.read(&ctx, &t.task->account, &t.task->request,
                                    &reply, &t.outcome));
        assert_ok(kit, testkit_run(kit, record, &t));
        if (fate == 2 && t.outcome.result == CARRIER_DONE &&
            t.task->request.op == CARRIER_LABEL)
            assert_ok(kit, testkit_run(kit, record, &t)); /* Told twice. */
    }
    if (w->has_faults && test_random(&w->seed) % 3 == 0)
        assert_ok(kit, testkit_run(kit, release, NULL));
    return t.count;
}

/* ---- parcels ---- */

static package_id pack(struct world *w, int n)
{
    struct shop *shop = w->shop;
    struct testkit_reply reply;
    struct fulfillment *fos;
    const char *body = shop_text(
        shop,
        "{\"channel\":\"web\",\"external_id\":\"o%d\",\"shipping_address\":{"
        "\"name\":\"Ada\",\"line1\":\"Weg 1\",\"city\":\"Bonn\","
        "\"postal_code\":\"53111\",\"country\":\"DE\"},\"lines\":[{\"sku\":"
        "\"SHOE\",\"quantity\":1,\"unit_price\":{\"amount\":100,"
        "\"currency\":\"EUR\"}}]}",
        n);
    shop_place(shop, body, &reply);
    order_id order = shop_order_id(shop, &reply);
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, order, &fos), 1);
    struct testkit_call call = {
        .operation = "createPackages",
        .body = shop_text(shop,
                          "{\"fulfillment_order_id\":\"%s\",\"pick\":true,"
                          "\"close\":true,\"weight_g\":500,\"items\":[{"
                          "\"line\":1,\"quantity\":1}]}",
                          shop_id(shop, "fo", fos[0].id.v))};
    shop_call(shop, &shipping_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    struct json_list list;
    struct json_in *item;
    package_id id;
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &item));
    assert_ok(&reply.ctx, json_get_id(item, "id", "pkg", &id.v));
    return id;
}

static err_t read_package(struct ctx *ctx, void *arg)
{
    struct package *p = arg;
    return package_get(ctx, p->id, p);
}

static struct package parcel(struct world *w, int i)
{
    struct package p = {.id = w->parcels[i]};
    assert_ok(w->shop->kit, testkit_read(w->shop->kit, read_package, &p));
    return p;
}

static err_t want(struct ctx *ctx, void *arg)
{
    struct label_cmd cmd = {.package = *(const package_id *)arg};
    return label_want(ctx, &cmd);
}

static err_t unwant(struct ctx *ctx, void *arg)
{
    return label_void(ctx, *(const package_id *)arg, 0, false);
}

static err_t add_account(struct ctx *ctx, void *arg)
{
    (void)arg;
    struct account a = {.code = STR("x"),
                        .name = STR(""),
                        .carrier = &faulty,
                        .settings =
                            STR("{\"url\":\"https://carrier.example.org/\"}"),
                        .services = STR("{\"services\":[{\"code\":\"std\"}]}"),
                        .gs1_prefix = STR("4012345"),
                        .is_active = true};
    return account_save(ctx, &a, STR_NONE);
}

static int setup(void **state)
{
    struct world *w = mem_new(sizeof *w);
    faulty = relay_carrier;
    faulty.needs_secret = false;
    faulty.line_max = 40;
    faulty.caps &= ~(unsigned)CARRIER_IS_LOCAL;
    w->shop = shop_open(STOCK_POLICY_BACKORDER);
    w->seed = 42;
    shop_add_location(w->shop, "A");
    testkit_sql(w->shop->kit,
                "UPDATE locations SET address = '{\"name\":\"W\",\"line1\":"
                "\"Hof 1\",\"city\":\"Kiel\",\"postal_code\":\"24103\","
                "\"country\":\"DE\"}'");
    shop_add_sku(w->shop, "SHOE", true);
    shop_rank(w->shop, "A");
    shop_set_stock(w->shop, "SHOE", "A", 1000);
    assert_ok(w->shop->kit, testkit_run(w->shop->kit, add_account, NULL));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    shop_close(w->shop);
    mem_free(w);
    return 0;
}

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
        struct package p = parcel(w, i);
        bool is_labelled = p.place.state == PACKAGE_LABELLED;
        assert_true(is_labelled || p.place.state == PACKAGE_DRAFT);
        labelled += is_labelled;
        if (is_labelled)
            assert_int_equal(live(w, p.tracking, &all), 1);
    }
    live(w, STR("-"), &all);
    assert_int_equal(all, labelled);
}

static void run_to_end(struct world *w)
{
    w->has_faults = false;
    for (int i = 0; i < 200; i++) {
        w->shop->kit->now += 130000;
        if (work(w) == 0 && i > 10)
            return;
    }
    fail_msg("calls never end");
}

static void a_carrier_that_fails_in_every_way_sells_one_label(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < PARCELS; i++)
        w->parcels[i] = pack(w, i);
    w->has_faults = true;
    for (int round = 0; round < 40; round++) {
        package_id *id = &w->parcels[test_random(&w->seed) % PARCELS];
        if (test_random(&w->seed) % 4 == 0)
            (void)testkit_run(kit, unwant, id);
        else
            (void)testkit_run(kit, want, id);
        work(w);
        kit->now += (utc_ms)(test_random(&w->seed) % 30000);
    }
    for (int round = 0; round < 30; round++) {
        work(w);
        kit->now += 20000;
    }
    run_to_end(w);
    expect_one_each(w);
    shop_verify(w->shop);
}

/* An answer that comes twice: the look-up is over and found nothing. */
static void a_lookup_told_twice_says_nothing_new(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    w->parcels[0] = pack(w, 0);
    assert_ok(kit, testkit_run(kit, want, &w->parcels[0]));
    for (int i = 0; i < 2; i++) { /* It is lost, then looked up. */
        bool is_lookup = i == 1;
        assert_ok(kit, testkit_run(kit, take, &t));
        assert_int_equal(t.count, 1);
        t.task = &t.tasks[0];
        assert_int_equal(t.task->request.op,
                         is_lookup ? CARRIER_LOOKUP : CARRIER_LABEL);
        t.outcome = (struct carrier_outcome){
            .result = is_lookup ? CARRIER_DONE : CARRIER_UNKNOWN,
            .text = STR(""),
            .field = STR("")};
        assert_ok(kit, testkit_run(kit, record, &t));
        kit->now += 2000;
    }
    assert_ok(kit, testkit_run(kit, record, &t));
    assert_int_equal(parcel(w, 0).place.state, PACKAGE_LABEL_PENDING);
    run_to_end(w);
    assert_int_equal(w->labels_asked, 1);
    assert_int_equal(parcel(w, 0).place.state, PACKAGE_LABELLED);
    shop_verify(w->shop);
}

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
    work(w);
    assert_ok(w->shop->kit, testkit_run(w->shop->kit, take_facts, NULL));
    return parcel(w, 0).place.state;
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
    w->parcels[0] = pack(w, 0);
    assert_ok(kit, testkit_run(kit, want, &w->parcels[0]));
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
    int64_t version = parcel(w, 0).version;
    assert_int_equal(state_after(w, moves, 61), PACKAGE_IN_TRANSIT);
    assert_int_equal(parcel(w, 0).version, version);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(w->tracks_asked, 6);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(state_after(w, arrives, 61), PACKAGE_DELIVERED);
    assert_int_equal(w->tracks_asked, 6);
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
    w->parcels[i] = pack(w, i);
    assert_ok(kit, testkit_run(kit, want, &w->parcels[i]));
    work(w);
    kit->now += wait_s * 1000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    work(w);
    return parcel(w, i);
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
    expect_choice(w, &p, "\"source\":\"carrier\"");
    testkit_sql(kit, "UPDATE carrier_accounts SET services = '{\"services\":["
                     "{\"code\":\"std\"}]}'");
    p = bought_at(w, 1, NULL, 9);
    assert_int_equal(p.place.state, PACKAGE_LABEL_PENDING);
    kit->now += 1000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    work(w);
    p = parcel(w, 1);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    assert_int_equal(p.quoted_minor, -1);
    expect_choice(w, &p, "\"source\":\"card_no_answer\"");
    p = bought_at(w, 2, "", 0);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    expect_choice(w, &p, "\"source\":\"card_refused\"");
    p = bought_at(w, 3, "<html>", 10);
    assert_int_equal(p.place.state, PACKAGE_LABELLED);
    expect_choice(w, &p, "\"source\":\"card_no_answer\"");
    p = bought_at(w, 4,
                  "{\"rates\":[{\"service\":\"x\",\"price\":{\"amount\":"
                  "5,\"currency\":\"EUR\"}}]}",
                  0);
    assert_int_equal(p.place.state, PACKAGE_DRAFT); /* It was not offered. */
    run_to_end(w); /* Those who were silent are not asked for ever. */
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
    assert_ok(kit, testkit_run(kit, unwant, &w->parcels[0]));
    assert_int_equal(parcel(w, 0).place.state, PACKAGE_DRAFT);
    kit->now += 20000;
    assert_ok(kit, testkit_run(kit, end_shopping, NULL));
    run_to_end(w);
    assert_int_equal(parcel(w, 0).place.state, PACKAGE_DRAFT);
    assert_int_equal(w->labels_asked, 0);
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

/* The backup was made before the label was bought; the carrier knows it. */
static void a_restored_store_looks_up_what_it_wanted(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 2; i++) {
        w->parcels[i] = pack(w, i);
        assert_ok(kit, testkit_run(kit, want, &w->parcels[i]));
    }
    struct package first = parcel(w, 0);
    sell(w, shop_id(w->shop, "lbl", first.label.v), kit->now);
    assert_ok(kit, testkit_run(kit, restore, NULL));
    assert_int_equal(work(w), 0); /* Paused. */
    assert_ok(kit, testkit_run(kit, resume, NULL));
    assert_int_equal(work(w), 2);
    assert_int_equal(w->labels_asked, 0);
    assert_str(parcel(w, 0).tracking, "T1");
    assert_int_equal(parcel(w, 1).place.state, PACKAGE_LABEL_PENDING);
    run_to_end(w);
    assert_int_equal(w->labels_asked, 1); /* The other was never sold. */
    assert_str(parcel(w, 1).tracking, "T2");
    /* Serial numbers given out after the backup are not given out again. */
    assert_memory_equal(first.sscc.ptr, "0401234500000000", 16);
    package_id late = pack(w, 9);
    assert_ok(kit, testkit_run(kit, want, &late));
    w->parcels[2] = late;
    assert_memory_equal(parcel(w, 2).sscc.ptr, "04012345000100002", 17);
    run_to_end(w);
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

static void a_busy_account_gets_no_more_calls(void **state)
{
    struct world *w = *state;
    struct testkit *kit = w->shop->kit;
    for (int i = 0; i < 3; i++) {
        w->parcels[i] = pack(w, i);
        assert_ok(kit, testkit_run(kit, want, &w->parcels[i]));
    }
    struct package first = parcel(w, 0);
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
        w->parcels[i] = pack(w, i);
        assert_ok(kit, testkit_run(kit, want, &w->parcels[i]));
    }
    run_to_end(w);
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
            a_carrier_that_fails_in_every_way_sells_one_label, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lookup_told_twice_says_nothing_new,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_restored_store_looks_up_what_it_wanted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_busy_account_gets_no_more_calls,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            verify_compares_orders_with_what_arrived, setup, teardown),
        cmocka_unit_test_setup_teardown(
            parcels_are_asked_after_until_they_arrive, setup, teardown),
        cmocka_unit_test_setup_teardown(carriers_are_asked_what_a_parcel_costs,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_label_that_waits_for_prices_is_withdrawn, setup, teardown),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("shipping", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
