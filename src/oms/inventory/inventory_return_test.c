/* inventory_return_test.c - units that come back from buyers. */
#include "oms/inventory/inventory_return.h"

#include "base/id.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/inventory/inventory_testkit.h"

struct deed {
    struct stock_back parts[2];
    size_t count;
};

static err_t do_it(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock_return cmd = {.id = {7},
                               .reason = STR("too small"),
                               .parts = deed->parts,
                               .count = deed->count};
    return inventory_return(ctx, &cmd);
}

static err_t move(struct stall *stall, location_id at, int64_t qty,
                  enum stock_bucket from, enum stock_bucket to)
{
    struct deed deed = {
        {{stall->sku.id, at, qty, from, to, {.lot = STR_NONE}, 0}}, 1};
    return testkit_run(stall->kit, do_it, &deed);
}

static void units_come_in_and_go_where_they_belong(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    assert_ok(stall.kit, move(&stall, stall.there, 3, STOCK_OUTSIDE,
                              STOCK_QUALITY_CONTROL));
    struct stock_level level = stall_level(&stall, stall.there);
    assert_int_equal(level.on_hand, 3);
    assert_int_equal(level.quality_control, 3);
    assert_int_equal(stock_available(&level), 0);
    assert_ok(stall.kit, move(&stall, stall.there, 1, STOCK_QUALITY_CONTROL,
                              STOCK_AVAILABLE));
    assert_ok(stall.kit, move(&stall, stall.there, 1, STOCK_QUALITY_CONTROL,
                              STOCK_OUTSIDE));
    level = stall_level(&stall, stall.there);
    assert_int_equal(level.on_hand, 2);
    assert_int_equal(stock_available(&level), 1);
    assert_int_equal(
        move(&stall, stall.there, 2, STOCK_QUALITY_CONTROL, STOCK_DAMAGED),
        ERR_STATE);
    assert_slug(stall.kit, "not_enough_stock");
    assert_string_equal(stall.kit->err.field, "items[0].quantity");
    assert_int_equal(testkit_events(stall.kit, "stock.returned"), 3);
    stall_close(&stall);
}

static void what_takes_no_stock_is_left_out(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {
        {{stall.untracked.id,
          stall.here,
          2,
          STOCK_OUTSIDE,
          STOCK_AVAILABLE,
          {.lot = STR_NONE},
          0},
         {stall.sku.id,
          stall.here,
          1,
          STOCK_OUTSIDE,
          STOCK_DAMAGED,
          {.lot = STR_NONE},
          1}},
        2
    };
    assert_ok(stall.kit, testkit_run(stall.kit, do_it, &deed));
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 11);
    assert_int_equal(testkit_events(stall.kit, "stock.returned"), 1);
    stall_close(&stall);
}

static void units_told_apart_come_back_by_their_names(void **state)
{
    (void)state;
    static const str one[] = {STR_INIT("A")};
    struct stall stall = stall_open();
    char sku[ID_TEXT_BYTES + 1] = {0};
    struct testkit_reply reply;
    id_to_text("sku", stall.sku.id.v, sku);
    testkit_call(stall.kit, &inventory_room,
                 &(struct testkit_call){
                     .operation = "adjustStock",
                     .body = "{\"reason\":\"r\",\"items\":[{\"sku\":\"TEA\","
                             "\"location\":\"here\",\"delta\":-10}]}"},
                 &reply);
    testkit_call(stall.kit, &inventory_room,
                 &(struct testkit_call){.operation = "setUnitPolicy",
                                        .path = {sku},
                                        .body = "{\"version\":0,"
                                                "\"is_serial_tracked\":true}"},
                 &reply);
    assert_ok(stall.kit, reply.err);
    assert_int_equal(
        move(&stall, stall.here, 1, STOCK_OUTSIDE, STOCK_AVAILABLE),
        ERR_INVALID);
    assert_slug(stall.kit, "serials_required");
    struct deed deed = {{{stall.sku.id,
                          stall.here,
                          1,
                          STOCK_OUTSIDE,
                          STOCK_QUALITY_CONTROL,
                          {.serials = one, .serial_count = 1},
                          0}},
                        1};
    assert_ok(stall.kit, testkit_run(stall.kit, do_it, &deed));
    assert_int_equal(testkit_run(stall.kit, do_it, &deed), ERR_STATE);
    assert_slug(stall.kit, "serial_taken");
    deed.parts[0].from = STOCK_QUALITY_CONTROL;
    deed.parts[0].to = STOCK_AVAILABLE;
    assert_ok(stall.kit, testkit_run(stall.kit, do_it, &deed));
    stall_close(&stall);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(units_come_in_and_go_where_they_belong),
        TEST(what_takes_no_stock_is_left_out),
        TEST(units_told_apart_come_back_by_their_names),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
