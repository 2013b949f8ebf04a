/* system_test.c - the epoch, and the switch for outbound work. */
#include "base/str.h"
#include "base/testing.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/system/system.h"
#include "oms/system/system_room.h"
#include "store/engine.h"
#include "store/epoch.h"
#include "store/event.h"

static int open_kit(void **state)
{
    *state = testkit_open();
    return 0;
}

static int close_kit(void **state)
{
    testkit_close(*state);
    return 0;
}

static err_t run_get(struct ctx *ctx, void *arg)
{
    return epoch_get(ctx, arg);
}

static err_t run_renew(struct ctx *ctx, void *arg)
{
    (void)arg;
    return epoch_renew(ctx);
}

static err_t run_ensure(struct ctx *ctx, void *arg)
{
    (void)arg;
    return epoch_ensure(ctx);
}

struct switching {
    struct outbound_cmd cmd;
    struct outbound out;
};

static err_t run_set(struct ctx *ctx, void *arg)
{
    struct switching *switching = arg;
    return outbound_set(ctx, &switching->cmd, &switching->out);
}

static err_t run_outbound(struct ctx *ctx, void *arg)
{
    return outbound_get(ctx, arg);
}

static err_t run_schema(struct ctx *ctx, void *arg)
{
    return schema_get(ctx, arg);
}

static void on_bad(void *arg, const char *invariant, str row, str what)
{
    (void)row, (void)what;
    assert_string_equal(invariant, "I29");
    ++*(int *)arg;
}

static err_t run_checks(struct ctx *ctx, void *arg)
{
    for (size_t i = 0; i < system_verify.count; i++)
        TRY(system_verify.at[i].run(ctx, on_bad, arg));
    return OK;
}

static int bad_rows(struct testkit *kit)
{
    int bad = 0;
    assert_int_equal(testkit_read(kit, run_checks, &bad), OK);
    return bad;
}

static err_t run_sql(struct ctx *ctx, void *arg)
{
    return ctx->tx->ops->exec(ctx, ctx->tx, arg);
}

static void the_epoch_is_made_once(void **state)
{
    struct testkit *kit = *state;
    struct epoch first, second;
    assert_int_equal(testkit_read(kit, run_get, &first), OK);
    assert_int_equal(first.text.len, EPOCH_BYTES);
    assert_true(first.made_at > 0);
    assert_true(first.restored_at == 0 && first.restored_from.len == 0);
    assert_int_equal(testkit_run(kit, run_ensure, NULL), OK);
    assert_int_equal(testkit_read(kit, run_get, &second), OK);
    assert_true(str_equal(first.text, second.text));
    assert_true(first.made_at == second.made_at);
}

static void a_restored_store_is_another_one_and_paused(void **state)
{
    struct testkit *kit = *state;
    struct epoch first, second;
    struct outbound outbound;
    assert_int_equal(testkit_read(kit, run_get, &first), OK);
    assert_int_equal(testkit_read(kit, run_outbound, &outbound), OK);
    assert_false(outbound.is_paused);
    assert_int_equal(testkit_run(kit, run_renew, NULL), OK);
    assert_int_equal(testkit_read(kit, run_get, &second), OK);
    assert_false(str_equal(first.text, second.text));
    assert_true(str_equal(first.text, second.restored_from));
    assert_true(second.restored_at > 0);
    assert_int_equal(testkit_read(kit, run_outbound, &outbound), OK);
    assert_true(outbound.is_paused);
    assert_str(outbound.reason, "the store was restored");
    assert_int_equal(bad_rows(kit), 0);
}

static void pausing_needs_the_current_version_where_one_is_given(void **state)
{
    struct testkit *kit = *state;
    struct switching s = {
        .cmd = {true, STR("test"), 7}
    };
    assert_int_equal(testkit_run(kit, run_set, &s), ERR_STALE);
    s.cmd.version = 1;
    assert_int_equal(testkit_run(kit, run_set, &s), OK);
    assert_int_equal(s.out.version, 2);
    /* Again: nothing changes, the first reason stays. */
    s.cmd = (struct outbound_cmd){true, STR("other"), 0};
    assert_int_equal(testkit_run(kit, run_set, &s), OK);
    assert_int_equal(s.out.version, 2);
    assert_str(s.out.reason, "test");
    s.cmd = (struct outbound_cmd){false, STR(""), 2};
    assert_int_equal(testkit_run(kit, run_set, &s), OK);
    assert_int_equal(s.out.version, 3);
    assert_false(s.out.is_paused);
    assert_int_equal(bad_rows(kit), 0);
}

static void a_switch_behind_the_log_is_found(void **state)
{
    struct testkit *kit = *state;
    char flip[] = "UPDATE outbound SET is_paused = 1";
    char raise[] = "UPDATE outbound SET version = 9";
    assert_int_equal(bad_rows(kit), 0);
    assert_int_equal(testkit_run(kit, run_sql, flip), OK);
    assert_int_equal(bad_rows(kit), 1);
    assert_int_equal(testkit_run(kit, run_sql, raise), OK);
    assert_int_equal(bad_rows(kit), 2);
}

static void the_schema_names_its_last_step(void **state)
{
    struct testkit *kit = *state;
    struct schema_state schema;
    assert_int_equal(testkit_read(kit, run_schema, &schema), OK);
    assert_true(schema.steps > 10);
    assert_true(str_compare(schema.last, STR("0012_epoch.outbound")) >= 0);
}

static err_t run_stop(struct ctx *ctx, void *arg)
{
    (void)arg;
    TRY(event_stop_put(ctx, "returns", STR("poison")));
    ctx->now += 1000;
    return event_stop_put(ctx, "returns", STR("poison still"));
}

static err_t run_clear(struct ctx *ctx, void *arg)
{
    (void)arg;
    return event_stop_clear(ctx, "returns");
}

static void a_stopped_consumer_is_shown(void **state)
{
    struct testkit *kit = *state;
    struct testkit_reply reply;
    const struct testkit_call get = {.operation = "getSystem"};
    kit->now = 1700000000000;
    assert_int_equal(testkit_run(kit, run_stop, NULL), OK);
    testkit_call(kit, &system_room, &get, &reply);
    assert_int_equal(reply.err, OK);
    assert_non_null(strstr(str_to_cstr(kit->arena, reply.body),
                           "\"stopped_consumers\":[{\"consumer\":\"returns\","
                           "\"since\":\"2023-11-14T22:13:20.000Z\",\"event\":"
                           "null,\"error\":\"poison still\"}]"));
    assert_int_equal(testkit_run(kit, run_clear, NULL), OK);
    testkit_call(kit, &system_room, &get, &reply);
    assert_non_null(strstr(str_to_cstr(kit->arena, reply.body),
                           "\"stopped_consumers\":[]"));
}

int main(int argc, char **argv)
{
#define KIT(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        KIT(the_epoch_is_made_once),
        KIT(a_restored_store_is_another_one_and_paused),
        KIT(pausing_needs_the_current_version_where_one_is_given),
        KIT(a_switch_behind_the_log_is_found),
        KIT(the_schema_names_its_last_step),
        KIT(a_stopped_consumer_is_shown),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
