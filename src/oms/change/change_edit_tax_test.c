/* change_edit_tax_test.c - taxes of changed orders. */
#include "base/json.h"
#include "base/testing.h"
#include "oms/change/change_edit_testkit.h"
#include "oms/order/tax.h"
#include "oms/room.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 10);
    shop_set_stock(shop, "SOCK", "A", 10);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    shop_verify(shop);
    shop_close(shop);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place_taxed(struct shop *shop, const char *external_id,
                            int64_t qty, int64_t price, int64_t tax)
{
    struct testkit_reply reply;
    const char *body = shop_text(
        shop,
        "{'channel':'web','external_id':'%s','lines':[{'sku':'SHOE',"
        "'quantity':%lld,'unit_price':EUR(%lld),'tax_lines':[{'name':'VAT',"
        "'rate_ppm':190000,'amount':EUR(%lld)}]}],"
        "'totals':{'tax':EUR(%lld),'total':EUR(%lld)}}",
        external_id, (long long)qty, (long long)price, (long long)tax,
        (long long)tax, (long long)(qty * price));
    shop_place(shop, edit_test_json(shop, body), &reply);
    return shop_order_id(shop, &reply);
}

/* What came for nothing, or was taken off and comes again, is taxed by the
 * rate of its tax lines. */
static void what_is_worth_nothing_has_a_rate(void **state)
{
    struct shop *shop = *state;
    order_id id = place_taxed(shop, "t", 1, 0, 0);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_price','line':1,'unit_price':EUR(595)},"
                         "{'type':'add_line','add':{'sku':'SOCK','quantity':1,"
                         "'unit_price':EUR(400),'tax_lines':[{'name':'VAT',"
                         "'rate_ppm':190000,'amount':EUR(64)}]}}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[0].tax_now, 95);
    assert_string_equal(
        edit_test_change(shop, id, "{'type':'remove_line','line':2}"), "");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':2,'quantity':1}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[1].total_now, 400);
    assert_int_equal(shop_order(shop, id).lines[1].tax_now, 64);
}

/* 2.5 is 2 where the channel rounds the half to even. */
static void taxes_are_rounded_as_the_channel_says(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call c = {.operation = "changeChannel",
                             .path = {shop_id(shop, "chn", shop->web.id.v)},
                             .body = "{\"version\":1,"
                                     "\"rounding\":\"half_even\"}"};
    shop_call(shop, &channel_room, &c, &reply);
    assert_ok(&reply.ctx, reply.err);
    order_id id = place_taxed(shop, "t", 2, 20, 10);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_price','line':1,'unit_price':EUR(5)}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[0].tax_now, 2);
}

static void tax_follows_the_price_at_the_rate_it_had(void **state)
{
    struct shop *shop = *state;
    order_id id = place_taxed(shop, "t", 2, 1190, 380);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[0].tax_now, 570);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_price','line':1,'unit_price':EUR(595)}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[0].tax_now, 285);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_price','line':1,'unit_price':EUR(600),"
                         "'tax':EUR(1801)}"),
        "tax_too_large");
}

/* It is the discount that is named, not what its tax would come to. */
static void a_discount_above_the_price_of_a_taxed_line_is_named(void **state)
{
    struct shop *shop = *state;
    order_id id = place_taxed(shop, "t", 2, 1190, 380);
    assert_string_equal(
        edit_test_change(
            shop, id, "{'type':'set_discount','line':1,'discount':EUR(3000)}"),
        "discount_too_large");
    assert_string_equal(
        edit_test_change(
            shop, id,
            "{'type':'set_discount','line':1,'discount':EUR(2000)},"
            "{'type':'set_price','line':1,'unit_price':EUR(700)}"),
        "discount_too_large");
}

/* ---- added lines ---- */

static void call(struct shop *shop, const struct room *room,
                 const char *operation, const char *path, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call c = {.operation = operation,
                             .path = {path},
                             .body = edit_test_json(shop, body)};
    shop_call(shop, room, &c, &reply);
    assert_ok(&reply.ctx, reply.err);
}

static order_id place_to(struct shop *shop, const char *external_id,
                         const char *more)
{
    struct testkit_reply reply;
    const char *body = shop_text(shop,
                                 "{'channel':'web','external_id':'%s','lines':"
                                 "[{'sku':'SHOE','quantity':1,'unit_price':"
                                 "EUR(1000)}]%s}",
                                 external_id, more);
    shop_place(shop, edit_test_json(shop, body), &reply);
    return shop_order_id(shop, &reply);
}

static void have_rates(struct shop *shop)
{
    call(shop, &tax_room, "createTaxRate", NULL,
         "{'country':'DE','name':'VAT','rate_ppm':190000}");
    call(shop, &tax_room, "createTaxRate", NULL,
         "{'country':'AT','name':'VAT','rate_ppm':200000}");
}

#define SOCK(price)                                                            \
    "{'type':'add_line','add':{'sku':'SOCK','quantity':1,'unit_price':"        \
    "EUR(" #price ")}}"

/* As they would be in an order of them alone, where the order goes by then;
 * what is sent with tax lines has those. */
static void added_lines_are_taxed_where_the_channel_computes(void **state)
{
    struct shop *shop = *state;
    have_rates(shop);
    call(shop, &channel_room, "changeChannel",
         shop_id(shop, "chn", shop->web.id.v),
         "{'version':1,'taxes':'computed'}");
    order_id id = place_to(shop, "t", ",'shipping_address':{'country':'DE'}");
    assert_string_equal(
        edit_test_change(
            shop, id,
            SOCK(1190) ",{'type':'add_line','add':{'sku':'SOCK','quantity':1,"
                       "'unit_price':EUR(500),'tax_lines':[{'name':'Own',"
                       "'rate_ppm':10000,'amount':EUR(5)}]}}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[1].tax_now, 190);
    assert_int_equal(order.lines[2].tax_now, 5);
    assert_string_equal(
        edit_test_change(shop, id,
                         SOCK(1200) ",{'type':'set_address',"
                                    "'shipping_address':{'country':'AT'}}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[3].tax_now, 200);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':4,'quantity':2}"),
        "");
    assert_int_equal(shop_order(shop, id).lines[3].tax_now, 400);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'add_line','add':{'sku':'NOPE','quantity':1,"
                         "'unit_price':EUR(5)}}"),
        "sku_unknown");
}

/* By the tables, too; a tax of 0 is one. */
static void added_lines_are_taxed_where_taxes_are_given(void **state)
{
    struct shop *shop = *state;
    have_rates(shop);
    order_id id = place_to(shop, "t", ",'shipping_address':{'country':'DE'}");
    assert_string_equal(
        edit_test_change(
            shop, id,
            SOCK(1190) ",{'type':'add_line','add':{'sku':'SOCK','quantity':1,"
                       "'unit_price':EUR(500),'tax_lines':[{'name':'None',"
                       "'rate_ppm':0,'amount':EUR(0)}]}}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[1].tax_now, 190);
    assert_int_equal(order.lines[2].tax_now, 0);
    assert_int_equal(order.lines[0].tax_now, 0);
}

static void where_it_goes_nobody_knows(void **state)
{
    struct shop *shop = *state;
    have_rates(shop);
    order_id id = place_to(shop, "t", "");
    assert_string_equal(edit_test_change(shop, id, SOCK(1190)), "");
    assert_int_equal(shop_order(shop, id).lines[1].tax_now, 0);
    call(shop, &channel_room, "changeChannel",
         shop_id(shop, "chn", shop->web.id.v),
         "{'version':1,'taxes':'computed'}");
    assert_string_equal(edit_test_change(shop, id, SOCK(1190)),
                        "destination_unknown");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(tax_follows_the_price_at_the_rate_it_had),
        SHOP(what_is_worth_nothing_has_a_rate),
        SHOP(taxes_are_rounded_as_the_channel_says),
        SHOP(a_discount_above_the_price_of_a_taxed_line_is_named),
        SHOP(added_lines_are_taxed_where_the_channel_computes),
        SHOP(added_lines_are_taxed_where_taxes_are_given),
        SHOP(where_it_goes_nobody_knows),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
