/* shipping_testkit.c - see shipping_testkit.h. */
#include "oms/shipping/shipping_testkit.h"

#include <string.h>

#include "base/id.h"
#include "base/json_any.h"
#include "base/testing.h"
#include "connect/carrier/relay/relay.h"
#include "oms/room.h"
#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_label.h"

struct carrier faulty;
/* The product's own list is there too, and not used. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_odr_violation=0";
}
const struct carrier *const carriers[] = {&faulty, NULL};

/* ---- the carrier ---- */

static struct sale *find(struct world *w, const char *reference, utc_ms now)
{
    for (size_t i = 0; i < w->count; i++)
        if (!w->sales[i].is_void && w->sales[i].visible_at <= now &&
            strcmp(w->sales[i].reference, reference) == 0)
            return &w->sales[i];
    return NULL;
}

struct sale *world_sell(struct world *w, const char *reference, utc_ms at)
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
    case 1: return;                                /* Lost on the way there. */
    case 2: world_sell(w, reference, now); return; /* Lost on the way back. */
    case 3:
        world_sell(w, reference, now);
        say(w, ret, 200, "<html>");
        return;
    case 4: say(w, ret, 500, "{}"); return;
    case 5: say(w, ret, 429, ""); return;
    case 6: say(w, ret, 422, "{\"field\":\"to\",\"detail\":\"no\"}"); return;
    case 7: world_sell(w, reference, now + 40000); return; /* Arrives late. */
    default: break;
    }
    snprintf(text, sizeof text, "{\"tracking\":\"%s\"}",
             world_sell(w, reference, now)->tracking);
    say(w, ret, 200, text);
}

static void serve_lookup(struct world *w, const char *reference,
                         struct outside_reply *ret)
{
    const struct sale *sale = find(w, reference, w->shop->kit->now);
    char text[128] = "{\"found\":false}";
    switch (w->has_faults ? test_random(&w->seed) % 4 : 0) {
    case 1: return;
    case 2: say(w, ret, 200, "{\"found\":"); return;
    default: break;
    }
    if (sale)
        snprintf(text, sizeof text,
                 "{\"found\":true,\"tracking\":\"%s\",\"cost\":{\"amount\":"
                 "\"590\",\"currency\":\"EUR\"}}",
                 sale->tracking);
    say(w, ret, 200, text);
}

/* By tracking number: a reference may have been sold twice. A void whose
 * reference it knows is the one of before. */
static void serve_void(struct world *w, const char *reference, str tracking,
                       struct outside_reply *ret)
{
    struct sale *sale = NULL;
    int fault = w->has_faults ? (int)(test_random(&w->seed) % 4) : 0;
    w->voids_asked++;
    for (size_t i = 0; i < w->count; i++)
        if (str_equal_cstr(tracking, w->sales[i].tracking))
            sale = &w->sales[i];
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->sales[i].void_reference, reference) == 0)
            sale = &w->sales[i];
    if (fault == 1 || w->voids_lost-- > 0)
        return;
    w->voids_lost = 0;
    if (w->voids_no) {
        say(w, ret, 422, "{\"detail\":\"too late\"}");
        return;
    }
    if (sale) {
        sale->is_void = true;
        snprintf(sale->void_reference, sizeof sale->void_reference, "%s",
                 reference);
    }
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
    str tracking = json_any_get_text(ctx->arena, top, "tracking");
    const char *reference = str_to_cstr(
        ctx->arena, json_any_get_text(ctx->arena, top, "reference"));
    json_any_close(top);
    if (str_equal_cstr(op, "void"))
        snprintf(w->asked_url, sizeof w->asked_url, "%s", call->url);
    if (str_equal_cstr(op, "label"))
        serve_label(w, reference, &reply);
    else if (str_equal_cstr(op, "lookup"))
        serve_lookup(w, reference, &reply);
    else if (str_equal_cstr(op, "void"))
        serve_void(w, reference, tracking, &reply);
    else if (str_equal_cstr(op, "rate") && w->rates)
        say(w, &reply, w->rates[0] ? 200 : 422, w->rates);
    else if (str_equal_cstr(op, "track"))
        serve_track(w, &reply);
    return reply;
}

/* ---- the worker ---- */

err_t world_take(struct ctx *ctx, void *arg)
{
    struct taking *t = arg;
    struct call_taker taker = {.owner = 7, .limit = CALL_BATCH};
    return call_take(ctx, &taker, &t->tasks, &t->count);
}

err_t world_record(struct ctx *ctx, void *arg)
{
    const struct taking *t = arg;
    return call_record(ctx, t->task, &t->outcome);
}

static err_t release(struct ctx *ctx, void *arg)
{
    (void)arg;
    return call_release(ctx, 7, false);
}

size_t world_work(struct world *w)
{
    struct testkit *kit = w->shop->kit;
    struct taking t = {0};
    struct ctx ctx = {.arena = kit->arena, .now = kit->now};
    assert_ok(kit, testkit_run(kit, world_take, &t));
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
        assert_ok(kit, testkit_run(kit, world_record, &t));
        if (fate == 2 && t.outcome.result == CARRIER_DONE &&
            t.task->request.op == CARRIER_LABEL)
            assert_ok(kit,
                      testkit_run(kit, world_record, &t)); /* Told twice. */
    }
    if (w->has_faults && test_random(&w->seed) % 3 == 0)
        assert_ok(kit, testkit_run(kit, release, NULL));
    return t.count;
}

/* ---- parcels ---- */

package_id world_pack(struct world *w, int n)
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

struct package world_parcel(struct world *w, int i)
{
    struct package p = {.id = w->parcels[i]};
    assert_ok(w->shop->kit, testkit_read(w->shop->kit, read_package, &p));
    return p;
}

err_t world_want(struct ctx *ctx, void *arg)
{
    struct label_cmd cmd = {.package = *(const package_id *)arg};
    return label_want(ctx, &cmd);
}

err_t world_unwant(struct ctx *ctx, void *arg)
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

int world_open(void **state)
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

int world_close(void **state)
{
    struct world *w = *state;
    shop_close(w->shop);
    mem_free(w);
    return 0;
}

void world_run_to_end(struct world *w)
{
    w->has_faults = false;
    for (int i = 0; i < 200; i++) {
        w->shop->kit->now += 130000;
        if (world_work(w) == 0 && i > 10)
            return;
    }
    fail_msg("calls never end");
}
