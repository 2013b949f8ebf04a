/* inventory_lot_test.c - receipts, lots, serial numbers and their expiry. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_lot.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/room.h"
#include "store/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

static struct testkit_reply send(struct stall *stall, const char *operation,
                                 const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation, .body = body};
    testkit_call(stall->kit, &inventory_room, &call, &reply);
    return reply;
}

/* The code of what went wrong, or "". */
static const char *outcome(struct stall *stall, const struct testkit_reply *r)
{
    if (r->err == OK)
        return "";
    const char *slug = stall->kit->err.slug;
    return slug ? slug : err_slug(r->err);
}

#define assert_outcome(stall, reply, code)                                     \
    assert_string_equal(outcome((stall), (reply)), (code))

static void set_policy(struct stall *stall, const char *body)
{
    char sku[ID_TEXT_BYTES + 1] = {0};
    id_to_text("sku", stall->sku.id.v, sku);
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "setUnitPolicy", .path = {sku}, .body = body};
    testkit_call(stall->kit, &inventory_room, &call, &reply);
    assert_outcome(stall, &reply, "");
}

/* A stall whose TEA is gone, so that its policy may change. */
static struct stall open_with(const char *policy)
{
    struct stall stall = stall_open();
    struct testkit_reply reply =
        send(&stall, "adjustStock",
             "{\"reason\":\"empty\",\"items\":[{\"sku\":\"TEA\","
             "\"location\":\"here\",\"delta\":-10}]}");
    assert_outcome(&stall, &reply, "");
    set_policy(&stall, policy);
    return stall;
}

static struct testkit_reply receive(struct stall *stall, const char *line)
{
    str body = str_printf(stall->kit->arena,
                          "{\"location\":\"here\",\"reference\":\"note\","
                          "\"lines\":[{\"sku\":\"TEA\",%s}]}",
                          line);
    return send(stall, "createReceipt", str_to_cstr(stall->kit->arena, body));
}

/* The error code of the only item of an adjustment; "" where it is fine. */
static const char *adjust(struct stall *stall, const char *item)
{
    struct json_list items;
    struct json_in *in, *error;
    str code;
    str body = str_printf(stall->kit->arena,
                          "{\"reason\":\"r\",\"items\":[{\"sku\":\"TEA\","
                          "\"location\":\"here\",%s}]}",
                          item);
    struct testkit_reply reply =
        send(stall, "adjustStock", str_to_cstr(stall->kit->arena, body));
    assert_outcome(stall, &reply, "");
    assert_int_equal(json_get_list(reply.json, "items", 1, 1, &items), OK);
    assert_int_equal(json_list_object(&items, 0, &in), OK);
    assert_int_equal(json_opt_object(in, "error", &error), OK);
    if (!error)
        return "";
    assert_int_equal(json_get_str(error, "code", 1, 64, &code), OK);
    return str_to_cstr(stall->kit->arena, code);
}

static bool has_text(const struct testkit_reply *reply, const char *part)
{
    return memmem(reply->body.ptr, reply->body.len, part, strlen(part)) != NULL;
}

static struct testkit_reply list(struct stall *stall, const char *operation,
                                 const char *query)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation, .query = query};
    testkit_call(stall->kit, &inventory_room, &call, &reply);
    assert_outcome(stall, &reply, "");
    return reply;
}

static void a_receipt_brings_units_into_the_bucket_it_names(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply = send(
        &stall, "createReceipt",
        "{\"location\":\"there\",\"reference\":\"DN-1\",\"lines\":["
        "{\"sku\":\"TEA\",\"quantity\":5},"
        "{\"sku\":\"TEA\",\"quantity\":2,\"bucket\":\"damaged\"},"
        "{\"sku\":\"TEA\",\"quantity\":3,\"bucket\":\"quality_control\"}]}");
    assert_outcome(&stall, &reply, "");
    assert_int_equal(reply.status, 201);
    struct stock_level level = stall_level(&stall, stall.there);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.damaged, 2);
    assert_int_equal(level.quality_control, 3);
    assert_int_equal(stock_available(&level), 5);
    assert_int_equal(testkit_events(stall.kit, "stock.received"), 3);
    assert_int_equal(testkit_events(stall.kit, "receipt.created"), 1);
    stall_close(&stall);
}

static void a_receipt_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply = send(
        &stall, "createReceipt",
        "{\"location\":\"here\",\"lines\":[{\"sku\":\"TEA\",\"quantity\":5},"
        "{\"sku\":\"WRAP\",\"quantity\":1}]}");
    assert_outcome(&stall, &reply, "sku_untracked");
    assert_string_equal(stall.kit->err.field, "lines[1].sku");
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 10);
    assert_int_equal(testkit_events(stall.kit, "stock.received"), 0);
    stall_close(&stall);
}

static void A19_01_a_lot_is_named_where_units_come_and_go(void **state)
{
    (void)state;
    struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true,"
                                   "\"is_expiry_required\":true}");
    struct testkit_reply reply = receive(&stall, "\"quantity\":4");
    assert_outcome(&stall, &reply, "lot_required");
    assert_string_equal(stall.kit->err.field, "lines[0].lot");
    reply = receive(&stall, "\"quantity\":4,\"lot\":\"A\"");
    assert_outcome(&stall, &reply, "expiry_required");
    reply = receive(&stall, "\"quantity\":4,\"lot\":\"A\","
                            "\"expires_on\":\"2999-05-01\"");
    assert_outcome(&stall, &reply, "");
    assert_true(has_text(&reply, "\"expires_on\":\"2999-05-01\""));
    reply = receive(&stall, "\"quantity\":1,\"lot\":\"A\","
                            "\"expires_on\":\"2999-05-02\"");
    assert_outcome(&stall, &reply, "lot_expiry_differs");
    reply = receive(&stall, "\"quantity\":1,\"lot\":\"A\"");
    assert_outcome(&stall, &reply, "");
    assert_string_equal(adjust(&stall, "\"delta\":-1"), "lot_required");
    assert_string_equal(adjust(&stall, "\"delta\":-1,\"lot\":\"B\""),
                        "lot_unknown");
    assert_string_equal(adjust(&stall, "\"delta\":2,\"from\":\"available\","
                                       "\"to\":\"damaged\",\"lot\":\"A\""),
                        "");
    reply = receive(&stall, "\"quantity\":9,\"lot\":\"B\","
                            "\"expires_on\":\"2999-01-01\"");
    assert_outcome(&stall, &reply, "");
    assert_string_equal(adjust(&stall, "\"delta\":-4,\"lot\":\"A\""),
                        "not_enough_in_lot");
    assert_string_equal(adjust(&stall, "\"delta\":-3,\"lot\":\"A\""), "");
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 11);
    stall_close(&stall);
}

static void setting_a_number_cannot_name_lots(void **state)
{
    (void)state;
    struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true}");
    struct testkit_reply reply =
        send(&stall, "setStock",
             "{\"sku\":\"TEA\",\"location\":\"here\",\"on_hand\":4,"
             "\"expected_on_hand\":0,\"reason\":\"r\"}");
    assert_outcome(&stall, &reply, "units_told_apart");
    reply = send(&stall, "setStock",
                 "{\"sku\":\"TEA\",\"location\":\"here\",\"on_hand\":0,"
                 "\"safety_stock\":2,\"expected_on_hand\":0,"
                 "\"reason\":\"r\"}");
    assert_outcome(&stall, &reply, "");
    stall_close(&stall);
}

static void lots_are_not_named_where_nobody_asks(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply =
        receive(&stall, "\"quantity\":1,\"lot\":\"A\"");
    assert_outcome(&stall, &reply, "lot_not_tracked");
    reply = receive(&stall, "\"quantity\":1,\"serials\":[\"1\"]");
    assert_outcome(&stall, &reply, "serial_not_tracked");
    reply = receive(&stall, "\"quantity\":1,\"expires_on\":\"2999-01-01\"");
    assert_outcome(&stall, &reply, "lot_not_tracked");
    stall_close(&stall);
}

static void a_policy_stays_while_units_are_there(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    char sku[ID_TEXT_BYTES + 1] = {0};
    id_to_text("sku", stall.sku.id.v, sku);
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "setUnitPolicy",
                                .path = {sku},
                                .body =
                                    "{\"version\":0,\"is_lot_tracked\":true}"};
    testkit_call(stall.kit, &inventory_room, &call, &reply);
    assert_outcome(&stall, &reply, "units_on_hand");
    call.body = "{\"version\":0,\"is_expiry_required\":true}";
    testkit_call(stall.kit, &inventory_room, &call, &reply);
    assert_outcome(&stall, &reply, "lot_not_tracked");
    call.body = "{\"version\":3}";
    testkit_call(stall.kit, &inventory_room, &call, &reply);
    assert_outcome(&stall, &reply, "stale");
    stall_close(&stall);
}

static void A19_01_lots_come_first_expired_first(void **state)
{
    (void)state;
    struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true}");
    static const char *const lines[] = {
        "\"quantity\":1,\"lot\":\"never\"",
        "\"quantity\":2,\"lot\":\"late\",\"expires_on\":\"2999-12-31\"",
        "\"quantity\":3,\"lot\":\"soon\",\"expires_on\":\"2999-01-01\"",
        "\"quantity\":4,\"lot\":\"broken\",\"expires_on\":\"2998-01-01\","
        "\"bucket\":\"damaged\""};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct testkit_reply reply = receive(&stall, lines[i]);
        assert_outcome(&stall, &reply, "");
    }
    static const char *const order[] = {"soon", "late", "never"};
    struct testkit_reply reply =
        list(&stall, "listLots", "sku=TEA&location=here&usable=true");
    struct json_list items;
    assert_int_equal(json_get_list(reply.json, "items", 3, 3, &items), OK);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct json_in *item;
        str lot;
        assert_int_equal(json_list_object(&items, i, &item), OK);
        assert_int_equal(json_get_str(item, "lot", 1, 64, &lot), OK);
        assert_true(str_equal_cstr(lot, order[i]));
    }
    reply = list(&stall, "listLots", "sku=TEA&limit=1");
    str next;
    assert_true(has_text(&reply, "\"lot\":\"broken\""));
    assert_int_equal(json_get_str(reply.json, "next", 1, 200, &next), OK);
    str query = str_printf(stall.kit->arena, "sku=TEA&limit=1&after=%.*s",
                           STR_ARG(next));
    reply = list(&stall, "listLots", str_to_cstr(stall.kit->arena, query));
    assert_true(has_text(&reply, "\"lot\":\"soon\""));
    stall_close(&stall);
}

static void A19_01_a_serial_number_is_one_unit(void **state)
{
    (void)state;
    struct stall stall =
        open_with("{\"version\":0,\"is_serial_tracked\":true}");
    struct testkit_reply reply =
        receive(&stall, "\"quantity\":2,\"serials\":[\"S1\"]");
    assert_outcome(&stall, &reply, "serials_required");
    reply = receive(&stall, "\"quantity\":2,\"serials\":[\"S1\",\"S1\"]");
    assert_outcome(&stall, &reply, "serial_repeated");
    reply = receive(&stall, "\"quantity\":2,\"serials\":[\"S1\",\"S2\"]");
    assert_outcome(&stall, &reply, "");
    reply = receive(&stall, "\"quantity\":1,\"serials\":[\"S2\"]");
    assert_outcome(&stall, &reply, "serial_taken");
    assert_string_equal(adjust(&stall, "\"delta\":-1,\"serials\":[\"S3\"]"),
                        "serial_not_here");
    assert_string_equal(adjust(&stall, "\"delta\":1,\"from\":\"available\","
                                       "\"to\":\"held\",\"serials\":[\"S1\"]"),
                        "");
    assert_string_equal(adjust(&stall, "\"delta\":-1,\"serials\":[\"S1\"]"),
                        "serial_not_here");
    assert_string_equal(adjust(&stall, "\"delta\":-1,\"serials\":[\"S2\"]"),
                        "");
    reply = receive(&stall, "\"quantity\":1,\"serials\":[\"S2\"]");
    assert_outcome(&stall, &reply, "");
    reply = list(&stall, "listSerials", "sku=TEA&serial=S1");
    assert_true(has_text(&reply, "\"place\":\"held\""));
    stall_close(&stall);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    return lot_expire(ctx, 10, arg);
}

static void run_expiry(struct stall *stall)
{
    bool is_more = false;
    assert_int_equal(testkit_run(stall->kit, expire, &is_more), OK);
    assert_false(is_more);
}

static err_t next_expiry(struct ctx *ctx, void *arg)
{
    return lot_next_expiry(ctx, arg);
}

static utc_ms due_at(struct stall *stall)
{
    utc_ms due = -1;
    assert_int_equal(testkit_read(stall->kit, next_expiry, &due), OK);
    return due;
}

static utc_ms at(const char *text)
{
    utc_ms ret = 0;
    assert_true(time_from_text(str_from_cstr(text), &ret));
    return ret;
}

static void A19_01_an_expired_lot_is_held_and_told_once(void **state)
{
    (void)state;
    struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true}");
    stall.kit->now = at("2030-06-01T12:00:00Z");
    assert_int_equal(due_at(&stall), 0);
    struct testkit_reply reply = receive(
        &stall, "\"quantity\":6,\"lot\":\"A\",\"expires_on\":\"2030-06-02\"");
    assert_outcome(&stall, &reply, "");
    reply = receive(&stall, "\"quantity\":1,\"lot\":\"old\","
                            "\"expires_on\":\"2030-05-31\"");
    assert_outcome(&stall, &reply, "lot_expired");
    struct stall_take t = {.stall = &stall, .order = 5, .each = 4, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    stall.kit->now = at("2030-06-02T23:59:59Z");
    run_expiry(&stall);
    assert_int_equal(stall_level(&stall, stall.here).held, 0);
    assert_int_equal(due_at(&stall), at("2030-06-03T00:00:00Z"));
    stall.kit->now = at("2030-06-03T00:00:00Z");
    run_expiry(&stall);
    run_expiry(&stall);
    assert_int_equal(due_at(&stall), 0);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(level.held, 2);
    assert_int_equal(level.committed, 4);
    assert_int_equal(stock_available(&level), 0);
    assert_int_equal(testkit_events(stall.kit, "lot.expired"), 1);
    assert_int_equal(testkit_events(stall.kit, "stock.expired"), 1);
    assert_string_equal(adjust(&stall, "\"delta\":1,\"from\":\"held\","
                                       "\"to\":\"available\",\"lot\":\"A\""),
                        "lot_expired");
    stall_close(&stall);
}

static void expiry_follows_the_day_of_the_location(void **state)
{
    (void)state;
    struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true,"
                                   "\"is_serial_tracked\":true}");
    struct testkit_reply reply =
        send(&stall, "createLocation",
             "{\"code\":\"tokyo\",\"name\":\"T\",\"type\":\"store\","
             "\"tz\":\"Asia/Tokyo\"}");
    assert_outcome(&stall, &reply, "");
    stall.kit->now = at("2030-06-01T12:00:00Z");
    reply = send(&stall, "createReceipt",
                 "{\"location\":\"tokyo\",\"lines\":[{\"sku\":\"TEA\","
                 "\"quantity\":2,\"lot\":\"A\",\"serials\":[\"1\",\"2\"],"
                 "\"expires_on\":\"2030-06-01\"}]}");
    assert_outcome(&stall, &reply, "");
    stall.kit->now = at("2030-06-01T15:00:00Z");
    run_expiry(&stall);
    reply = list(&stall, "listLots", "sku=TEA&location=tokyo");
    assert_true(has_text(&reply, "\"is_expired\":true"));
    assert_true(has_text(&reply, "\"held\":2,\"loose\":0"));
    stall_close(&stall);
}

/* ---- verify sees what is wrong ---- */

static err_t run_sql(struct ctx *ctx, void *arg)
{
    return ctx->tx->ops->exec(ctx, ctx->tx, arg);
}

static void verify_finds_what_is_planted(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *found;
    } planted[] = {
        {"UPDATE lot_levels SET on_hand = on_hand + 1",    "lots sku_"   },
        {"UPDATE lot_levels SET held = 1",                 "lots sku_"   },
        {"UPDATE lots SET expires_on = 3",                 "lots lot_"   },
        {"UPDATE lot_levels SET location_id = 3",          "lots sku_"   },
        {"DELETE FROM lot_movements",                      "lots lot_"   },
        {"DELETE FROM stock_policies",                     "lots lot_"   },
        {"DELETE FROM serials WHERE code = 'S1'",          "serials sku_"},
        {"UPDATE serials SET place = 4 WHERE code = 'S1'", "serials sku_"},
        {"UPDATE serials SET movement_id = 4",             "serials sku_"},
        {"UPDATE serials SET transit_id = 4",              "serials sku_"},
        {"UPDATE receipt_lines SET qty = 3",               "I3 rcp_"     },
        {"DELETE FROM receipt_lines",                      "I3 rcp_"     },
    };
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct stall stall = open_with("{\"version\":0,\"is_lot_tracked\":true,"
                                       "\"is_serial_tracked\":true}");
        struct testkit_reply reply =
            receive(&stall, "\"quantity\":2,\"lot\":\"A\","
                            "\"serials\":[\"S1\",\"S2\"]");
        assert_outcome(&stall, &reply, "");
        str sql = str_from_cstr(planted[i].sql), first;
        char *copy = str_to_cstr(stall.kit->arena, sql);
        assert_int_equal(testkit_run(stall.kit, run_sql, copy), OK);
        assert_true(testkit_verify(stall.kit, &inventory_room, &first) > 0);
        if (!str_starts(first, str_from_cstr(planted[i].found)))
            print_error("%s: %.*s\n", planted[i].sql, STR_ARG(first));
        assert_true(str_starts(first, str_from_cstr(planted[i].found)));
        testkit_close(stall.kit);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_brings_units_into_the_bucket_it_names),
        cmocka_unit_test(a_receipt_is_taken_whole_or_not_at_all),
        cmocka_unit_test(A19_01_a_lot_is_named_where_units_come_and_go),
        cmocka_unit_test(setting_a_number_cannot_name_lots),
        cmocka_unit_test(lots_are_not_named_where_nobody_asks),
        cmocka_unit_test(a_policy_stays_while_units_are_there),
        cmocka_unit_test(A19_01_lots_come_first_expired_first),
        cmocka_unit_test(A19_01_a_serial_number_is_one_unit),
        cmocka_unit_test(A19_01_an_expired_lot_is_held_and_told_once),
        cmocka_unit_test(expiry_follows_the_day_of_the_location),
        cmocka_unit_test(verify_finds_what_is_planted),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("inventory lots", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
