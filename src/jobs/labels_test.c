/* labels_test.c - what a carrier said is kept until the store takes it. */
#include "base/testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "jobs/labels.h"
#include "net/client.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/shipping/carrier.h"
#include "oms/shipping/shipping.h"
#include "store/store.h"

enum { WORKS = 20000 }; /* More than a store queues and takes at once. */

/* In place of the product's list: a carrier that has the store's queue filled
 * up whenever it is asked. */
static err_t answer(struct ctx *ctx, const struct carrier_account *account,
                    const struct carrier_request *request,
                    struct carrier_outcome *ret);
static const struct carrier local = {
    .name = "local",
    .title = "Local",
    .caps = 1 << CARRIER_LABEL | CARRIER_IS_LOCAL,
    .answer = answer,
};
/* The product's own list is there too, and not used. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_odr_violation=0";
}
const struct carrier *const carriers[] = {&local, NULL};

static struct shop *shop;
static struct arena *idle;       /* Of works that do nothing. */
static struct work works[WORKS]; /* The first one is run, the rest wait. */
static atomic_int asked, queued, ended;
static atomic_bool is_held;

static err_t hold(struct work *work)
{
    (void)work;
    while (atomic_load(&is_held))
        usleep(1000);
    return OK;
}
static const struct work_kind hold_kind = {.name = "hold", .run = hold};

static void done(struct work *work)
{
    assert_int_equal(work->err, OK);
    atomic_fetch_add(&ended, 1);
}

/* Until nothing more is taken. */
static void fill_queue(void)
{
    for (int i = 0;; i++) {
        assert_true(i < WORKS);
        works[i] =
            (struct work){.kind = &hold_kind, .lane = LANE_WRITE, .done = done};
        works[i].ctx.arena = idle;
        works[i].ctx.now = shop->kit->now;
        works[i].ctx.actor.kind = ACTOR_SYSTEM;
        buf_init(&works[i].reply, idle, 1);
        atomic_store(&queued, i);
        if (store_submit(shop->kit->store, &works[i]) != OK)
            return;
    }
}

static err_t answer(struct ctx *ctx, const struct carrier_account *account,
                    const struct carrier_request *request,
                    struct carrier_outcome *ret)
{
    (void)ctx, (void)account;
    assert_int_equal(request->op, CARRIER_LABEL);
    if (atomic_fetch_add(&asked, 1) == 0)
        fill_queue();
    *ret = (struct carrier_outcome){.result = CARRIER_DONE,
                                    .tracking = STR("T1"),
                                    .carrier_ref = STR(""),
                                    .field = STR(""),
                                    .text = STR("")};
    return OK;
}

static const char *call(const char *operation, const char *id, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &shipping_room, &call, ret);
    assert_ok(shop->kit, ret->err);
    return str_to_cstr(shop->kit->arena, ret->body);
}

/* A parcel whose label is wanted; its id. */
static const char *want_label(void)
{
    struct testkit_reply reply;
    struct fulfillment *fos;
    struct json_list list;
    struct json_in *item;
    int64_t id;
    call("createCarrierAccount", NULL,
         "{\"code\":\"x\",\"carrier\":\"local\",\"services\":[{\"code\":"
         "\"std\"}]}",
         &reply);
    shop_place(
        shop,
        "{\"channel\":\"web\",\"external_id\":\"o1\",\"shipping_address\":{"
        "\"name\":\"Ada\",\"line1\":\"Weg 1\",\"city\":\"Bonn\","
        "\"postal_code\":\"53111\",\"country\":\"DE\"},\"lines\":[{\"sku\":"
        "\"SHOE\",\"quantity\":1,\"unit_price\":{\"amount\":100,"
        "\"currency\":\"EUR\"}}]}",
        &reply);
    order_id order = shop_order_id(shop, &reply);
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, order, &fos), 1);
    call("createPackages", NULL,
         shop_text(shop,
                   "{\"fulfillment_order_id\":\"%s\",\"pick\":true,"
                   "\"close\":true,\"weight_g\":500,\"items\":[{"
                   "\"line\":1,\"quantity\":1}]}",
                   shop_id(shop, "fo", fos[0].id.v)),
         &reply);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &item));
    assert_ok(&reply.ctx, json_get_id(item, "id", "pkg", &id));
    const char *text = shop_id(shop, "pkg", id);
    call("requestLabel", text, "{\"version\":1,\"account\":\"x\"}", &reply);
    return text;
}

static bool is_labelled(const char *package)
{
    struct testkit_reply reply;
    return strstr(call("getPackage", package, NULL, &reply),
                  "\"state\":\"labelled\"") != NULL;
}

static bool tells(const struct asker *labels, const char *line)
{
    struct buf buf;
    buf_init(&buf, shop->kit->arena, LIMIT_REPLY_BYTES);
    asker_metrics(labels, &buf);
    return strstr(str_to_cstr(shop->kit->arena, buf_str(&buf)), line) != NULL;
}

static void an_answer_is_kept_until_the_store_takes_it(void **state)
{
    struct asker *labels;
    static const struct call_guard guard = {0};
    (void)state;
    const char *package = want_label();
    atomic_store(&is_held, true);
    struct ctx ctx = {.arena = shop->kit->arena};
    store_start(shop->kit->store);
    assert_ok(&ctx, asker_open(&ctx, shop->kit->store, &guard, &labels_kind,
                               &labels));
    while (atomic_load(&asked) == 0)
        usleep(1000);
    usleep(400000); /* It asks the store, which takes nothing, and again. */
    assert_true(tells(labels, "wharf_carrier_calls_total 0"));
    atomic_store(&is_held, false);
    while (atomic_load(&ended) < atomic_load(&queued))
        usleep(1000);
    while (!tells(labels, "wharf_carrier_calls_total 1"))
        usleep(1000);
    asker_close(labels);
    assert_true(is_labelled(package));
    assert_int_equal(atomic_load(&asked), 1);
    shop_verify(shop);
}

static int setup(void **state)
{
    shop = shop_open(STOCK_POLICY_BACKORDER);
    idle = arena_open();
    *state = shop;
    shop_add_location(shop, "A");
    testkit_sql(shop->kit,
                "UPDATE locations SET address = '{\"name\":\"W\",\"line1\":"
                "\"Hof 1\",\"city\":\"Kiel\",\"postal_code\":\"24103\","
                "\"country\":\"DE\"}'");
    shop_add_sku(shop, "SHOE", true);
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 10);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    shop_close(shop);
    arena_close(idle);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_answer_is_kept_until_the_store_takes_it, setup, teardown),
    };
    return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
