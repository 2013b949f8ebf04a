/* notify_test.c - webhooks without a key, and rows that verify must see. */
#include "oms/notify/notify_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/notify/notify_sql.h"
#include "oms/room_testkit.h"
#include "store/sql.h"

#undef fail /* cmocka's, which hides ours. */

static err_t make_without_key(struct ctx *ctx, void *arg)
{
    struct webhook webhook;
    str secret;
    struct webhook_cmd cmd = {.url = STR("https://shop.example/"),
                              .types = STR(""),
                              .description = STR(""),
                              .is_active = true};
    (void)arg;
    return webhook_create(ctx, &cmd, &webhook, &secret);
}

static void without_a_key_file_no_secret_is_stored(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, make_without_key, NULL), ERR_STATE);
    assert_string_equal(kit->err.slug, "no_key_file");
    assert_int_equal(testkit_events(kit, "webhook.created"), 0);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 0);
    testkit_close(kit);
}

struct row {
    const char *secret;
    webhook_id id;
};

static err_t add_webhook(struct ctx *ctx, void *arg)
{
    struct row *row = arg;
    row->id.v = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_s(STR("https://shop.example/")),
        sql_s(STR("")),
        sql_s(STR("")),
        sql_i(1),
        sql_null(),
        sql_s(str_from_cstr(row->secret)),
        sql_i(0),
        sql_i(0),
        sql_i(ctx->now),
    };
    return sql_run(ctx, SQL_WEBHOOK_ADD, args, COUNT_OF(args), NULL);
}

/* A delivery of an event that is not there, beyond what was taken. */
static err_t add_delivery(struct ctx *ctx, void *arg)
{
    const struct row *row = arg;
    struct sql_arg args[] = {sql_i(row->id.v), sql_i(7),
                             sql_i(id_bucket(row->id.v)), sql_i(12345),
                             sql_i(ctx->now)};
    return sql_run_many(ctx, SQL_DELIVERY_ADD, args, COUNT_OF(args), 1, NULL);
}

static void an_open_secret_is_seen(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct row good = {.secret = "s1.01234567.AAAA"};
    struct row bad = {.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    str first;
    assert_int_equal(testkit_run(kit, add_webhook, &good), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 0);
    assert_int_equal(testkit_run(kit, add_webhook, &bad), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, &first), 1);
    testkit_close(kit);
}

static void a_delivery_of_nothing_is_seen(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct row row = {.secret = "s1.01234567.AAAA"};
    assert_int_equal(testkit_run(kit, add_webhook, &row), OK);
    assert_int_equal(testkit_run(kit, add_delivery, &row), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 1);
    testkit_close(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key_file_no_secret_is_stored),
        cmocka_unit_test(an_open_secret_is_seen),
        cmocka_unit_test(a_delivery_of_nothing_is_seen),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("notify", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
