/* change_kit_test.c - kits: made, sold, cancelled; I8 through all of it. */
#include "base/testing.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/order/order_kit.h"
#include "oms/returns/returns_testkit.h"
#include "oms/room.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "CUP", true);
    shop_add_sku(shop, "PLATE", true);
    shop_add_sku(shop, "GIFT", false);
    shop_add_sku(shop, "SET", false);
    shop_add_sku(shop, "PAIR", true);
    shop_rank(shop, "A B");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_drain(*state);
    shop_verify(*state);
    shop_close(*state);
    return 0;
}

#define KIT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

struct find {
    const char *code;
    struct sku sku;
};

static err_t find_sku(struct ctx *ctx, void *arg)
{
    struct find *find = arg;
    bool found;
    return sku_find(ctx, str_from_cstr(find->code), &find->sku, &found);
}

static struct sku sku_of(struct shop *shop, const char *code)
{
    struct find find = {.code = code};
    assert_ok(shop->kit, testkit_read(shop->kit, find_sku, &find));
    return find.sku;
}

/* parts: "CUP:2 PLATE:1"; the error code or "". */
static const char *set_kit(struct shop *shop, const char *code,
                           const char *parts)
{
    struct testkit_reply reply;
    struct sku sku = sku_of(shop, code);
    str rest = str_from_cstr(parts);
    const char *list = "";
    while (rest.len > 0) {
        str quantity,
            part = str_split(str_split(rest, ' ', &rest), ':', &quantity);
        list = shop_text(shop, "%s%s{\"sku\":\"%.*s\",\"quantity\":%.*s}", list,
                         *list ? "," : "", STR_ARG(part), STR_ARG(quantity));
    }
    struct testkit_call call = {
        .operation = "setComponents",
        .path = {shop_id(shop, "sku", sku.id.v)},
        .body = shop_text(shop, "{\"version\":%lld,\"components\":[%s]}",
                          (long long)sku.version, list)};
    shop_call(shop, &change_room, &call, &reply);
    if (reply.err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
}

static struct order place(struct shop *shop, const char *external_id,
                          const char *lines)
{
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, shop_body(shop, external_id, lines), &reply), "");
    return shop_order(shop, shop_order_id(shop, &reply));
}

static const char *cancel(struct shop *shop, struct order *order, int64_t n,
                          int64_t quantity)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", order->id.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"reason\":\"test\",\"lines\":[{"
                          "\"n\":%lld,\"quantity\":%lld}]}",
                          (long long)order->version, (long long)n,
                          (long long)quantity)};
    shop_call(shop, &change_room, &call, &reply);
    *order = shop_order(shop, order->id);
    return reply.err == OK ? "" : err_slug(reply.err);
}

static int64_t committed(struct shop *shop, const char *sku, const char *at)
{
    return shop_level(shop, sku, at).committed;
}

static void A315_what_can_be_a_kit(void **state)
{
    struct shop *shop = *state;
    assert_string_equal(set_kit(shop, "SET", "CUP:2 PLATE:1"), "");
    struct sku set = sku_of(shop, "SET");
    assert_true(set.is_kit && !set.is_tracked && set.version == 2);
    assert_int_equal(testkit_events(shop->kit, "sku.components_set"), 1);
    static const struct {
        const char *code, *parts, *slug;
    } refused[] = {
        {"PAIR", "NOBODY:1",    "sku_unknown"        },
        {"PAIR", "GIFT:1",      "component_untracked"},
        {"PAIR", "SET:1",       "component_is_kit"   },
        {"PAIR", "PAIR:1",      "component_is_kit"   },
        {"PAIR", "CUP:1 CUP:2", "component_twice"    },
        {"CUP",  "PAIR:1",      "sku_is_component"   },
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_string_equal(set_kit(shop, refused[i].code, refused[i].parts),
                            refused[i].slug);
    shop_set_stock(shop, "PAIR", "A", 1);
    assert_string_equal(set_kit(shop, "PAIR", "CUP:1"), "sku_has_stock");
    assert_false(sku_of(shop, "PAIR").is_kit);
    assert_string_equal(set_kit(shop, "SET", ""), "");
    assert_false(sku_of(shop, "SET").is_kit);
    assert_string_equal(set_kit(shop, "CUP", "PAIR:1"), "");
}

static void A315_orders_that_wait_keep_a_sku_from_being_a_kit(void **state)
{
    struct shop *shop = *state;
    struct order order = place(shop, "1", "PAIR:2:100");
    assert_int_equal(order.lines[0].backordered, 2);
    assert_string_equal(set_kit(shop, "PAIR", "CUP:1"), "sku_is_awaited");
    assert_string_equal(cancel(shop, &order, 1, 2), "");
    assert_string_equal(set_kit(shop, "PAIR", "CUP:1"), "");
}

static err_t try_adjust(struct shop *shop, const char *sku)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "setStock",
        .body = shop_text(shop,
                          "{\"sku\":\"%s\",\"location\":\"A\",\"on_hand\":1,"
                          "\"expected_version\":0,\"reason\":\"x\"}",
                          sku)};
    shop_call(shop, &inventory_room, &call, &reply);
    return reply.err;
}

static void
A315_a_kit_takes_no_stock_and_its_components_stay_tracked(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_string_equal(set_kit(shop, "SET", "CUP:2"), "");
    assert_int_equal(try_adjust(shop, "SET"), ERR_STATE);
    struct testkit_call call = {
        .operation = "changeSku",
        .path = {shop_id(shop, "sku", sku_of(shop, "SET").id.v)},
        .body = "{\"version\":2,\"is_tracked\":true}"};
    shop_call(shop, &catalog_room, &call, &reply);
    assert_string_equal(shop->kit->err.slug, "sku_is_kit");
    call.path[0] = shop_id(shop, "sku", sku_of(shop, "CUP").id.v);
    call.body = "{\"version\":1,\"is_tracked\":false}";
    shop_call(shop, &catalog_room, &call, &reply);
    assert_string_equal(shop->kit->err.slug, "sku_is_component");
}

/* I8: all components at one location; what is left over makes no kit. */
static void A315_a_kit_commits_all_components_at_one_location(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 5);
    shop_set_stock(shop, "PLATE", "A", 1);
    shop_set_stock(shop, "CUP", "B", 4);
    shop_set_stock(shop, "PLATE", "B", 9);
    assert_string_equal(set_kit(shop, "SET", "CUP:2 PLATE:1"), "");
    struct order order = place(shop, "1", "SET:2:900");
    assert_int_equal(order.allocation_count, 1);
    assert_int_equal(order.allocations[0].location.v, shop_loc(shop, "B").v);
    assert_int_equal(order.allocations[0].qty, 2);
    assert_int_equal(committed(shop, "CUP", "B"), 4);
    assert_int_equal(committed(shop, "PLATE", "B"), 2);
    assert_int_equal(committed(shop, "CUP", "A"), 0);
    assert_int_equal(order.lines[0].part_count, 2);
    /* One more at A; then whole kits wait. */
    order = place(shop, "2", "SET:3:900");
    assert_int_equal(order.lines[0].allocated, 1);
    assert_int_equal(order.lines[0].backordered, 2);
    assert_int_equal(committed(shop, "CUP", "A"), 2);
    assert_int_equal(committed(shop, "PLATE", "A"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

static void C3_kits_and_components_in_one_batch_see_each_other(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 5);
    shop_set_stock(shop, "PLATE", "A", 5);
    assert_string_equal(set_kit(shop, "SET", "CUP:2 PLATE:1"), "");
    assert_string_equal(set_kit(shop, "PAIR", "CUP:1 PLATE:1"), "");
    const char *bodies[] = {
        shop_body(shop, "1", "CUP:2:100"),
        shop_body(shop, "2", "SET:1:900 CUP:1:100"),
        shop_body(shop, "3", "PAIR:1:100 SET:1:100"),
    };
    struct shop_result *results =
        shop_place_many(shop, bodies, COUNT_OF(bodies));
    assert_int_equal(results[0].order.lines[0].allocated, 2);
    assert_int_equal(results[1].order.lines[0].allocated, 1);
    assert_int_equal(results[1].order.lines[1].allocated, 1);
    assert_int_equal(results[2].order.lines[0].allocated, 0);
    assert_int_equal(results[2].order.lines[1].allocated, 0);
    assert_int_equal(committed(shop, "CUP", "A"), 5);
    assert_int_equal(committed(shop, "PLATE", "A"), 1);
}

static void A315_cancelled_kits_give_each_component_back(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 4);
    shop_set_stock(shop, "PLATE", "A", 2);
    shop_set_stock(shop, "CUP", "B", 20);
    shop_set_stock(shop, "PLATE", "B", 20);
    shop_rank(shop, "A B");
    assert_string_equal(set_kit(shop, "SET", "CUP:2 PLATE:1"), "");
    /* Whole at B; 12 are whole nowhere: A gives 2, B the rest. */
    struct order order = place(shop, "1", "SET:12:900");
    assert_int_equal(committed(shop, "CUP", "A"), 4);
    assert_int_equal(committed(shop, "CUP", "B"), 20);
    assert_int_equal(committed(shop, "PLATE", "B"), 10);
    /* The kit changes; the line does not. */
    assert_string_equal(set_kit(shop, "SET", "CUP:7"), "");
    assert_string_equal(cancel(shop, &order, 1, 3), "");
    assert_int_equal(committed(shop, "CUP", "B"), 14);
    assert_int_equal(committed(shop, "PLATE", "B"), 7);
    assert_int_equal(order.lines[0].allocated, 9);
    assert_int_equal(order.lines[0].parts[1].quantity, 1);
    assert_string_equal(cancel(shop, &order, 1, 8), "");
    assert_int_equal(committed(shop, "CUP", "B"), 0);
    assert_int_equal(committed(shop, "CUP", "A"), 2);
    assert_int_equal(committed(shop, "PLATE", "A"), 1);
    assert_int_equal(order.allocations[0].qty, 1);
    assert_string_equal(cancel(shop, &order, 1, 1), "");
    assert_int_equal(committed(shop, "CUP", "A"), 0);
}

/* Rows in the order in which they were named, whatever their buckets. */
static void I8_a_component_that_is_not_there_lets_nothing_go(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 100);
    assert_string_equal(set_kit(shop, "SET", "CUP:1 PLATE:1"), "");
    struct order order = place(shop, "1", "SET:1:900 CUP:1:100");
    assert_int_equal(order.lines[0].backordered, 1);
    assert_int_equal(order.lines[1].allocated, 1);
    assert_int_equal(committed(shop, "CUP", "A"), 1);
}

static void count_stock(struct shop *shop, const char *code)
{
    struct testkit_reply reply;
    struct sku sku = sku_of(shop, code);
    struct testkit_call change = {
        .operation = "changeSku",
        .path = {shop_id(shop, "sku", sku.id.v)},
        .body = shop_text(shop, "{\"version\":%lld,\"is_tracked\":true}",
                          (long long)sku.version)};
    shop_call(shop, &catalog_room, &change, &reply);
    assert_ok(&reply.ctx, reply.err);
}

/* What was a kit takes no stock, so what comes back moves none; verify knows,
 * also once it is counted again. */
static void what_was_a_kit_comes_back_without_stock(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "PAIR", "A", 1);
    shop_set_stock(shop, "PAIR", "A", 0);
    assert_string_equal(set_kit(shop, "PAIR", "CUP:2"), "");
    assert_string_equal(set_kit(shop, "PAIR", ""), "");
    assert_false(sku_of(shop, "PAIR").is_tracked);
    order_id order = rma_shipped(shop, "1", "PAIR:1:900", "1:1");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    rma_sound(shop);
    count_stock(shop, "PAIR");
    rma_sound(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        KIT(A315_what_can_be_a_kit),
        KIT(A315_orders_that_wait_keep_a_sku_from_being_a_kit),
        KIT(A315_a_kit_takes_no_stock_and_its_components_stay_tracked),
        KIT(A315_a_kit_commits_all_components_at_one_location),
        KIT(C3_kits_and_components_in_one_batch_see_each_other),
        KIT(A315_cancelled_kits_give_each_component_back),
        KIT(I8_a_component_that_is_not_there_lets_nothing_go),
        KIT(what_was_a_kit_comes_back_without_stock),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
