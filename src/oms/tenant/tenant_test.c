/* tenant_test.c - tenants through their routes, credentials and usage. */
#include "oms/tenant/tenant.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/tenant/tenant_sql.h"
#include "store/event.h"
#include "store/sql.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

static struct testkit_reply call(struct testkit *kit, const char *operation,
                                 const char *path, const char *body)
{
    struct testkit_call call = {
        .operation = operation, .path = {path}, .body = body};
    struct testkit_reply reply;
    testkit_call(kit, &tenant_room, &call, &reply);
    return reply;
}

static const char *made(struct testkit *kit, const char *body)
{
    struct testkit_reply reply = call(kit, "createTenant", NULL, body);
    str id;
    assert_int_equal(reply.status, 201);
    assert_int_equal(json_get_str(reply.json, "id", 1, 40, &id), OK);
    return str_to_cstr(kit->arena, id);
}

static void refused(struct testkit *kit, const char *body, const char *slug,
                    const char *field)
{
    struct testkit_reply reply = call(kit, "createTenant", NULL, body);
    assert_true(reply.err != OK);
    assert_string_equal(kit->err.slug ? kit->err.slug : err_slug(kit->err.code),
                        slug);
    assert_string_equal(kit->err.field, field);
}

static void A15_01_a_tenant_is_added_and_suspended(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    const char *id = made(kit, "{\"code\":\"acme\",\"name\":\"Acme\","
                               "\"hosts\":[\"acme.example\"]}");
    struct testkit_reply reply =
        call(kit, "changeTenant", id,
             "{\"version\":1,\"state\":\"suspended\",\"hosts\":[\"b.example\","
             "\"a.example\"]}");
    assert_int_equal(reply.status, 200);
    reply = call(kit, "getTenant", id, NULL);
    assert_non_null(memmem(reply.body.ptr, reply.body.len,
                           "\"state\":\"suspended\",\"hosts\":[\"a.example\","
                           "\"b.example\"]",
                           52));
    reply = call(kit, "changeTenant", id, "{\"version\":1,\"name\":\"B\"}");
    assert_int_equal(reply.err, ERR_STALE);
    assert_int_equal(testkit_events(kit, "tenant.created"), 1);
    assert_int_equal(testkit_events(kit, "tenant.changed"), 1);
    testkit_close(kit);
}

static void what_a_tenant_must_be_is_checked(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    (void)made(kit, "{\"code\":\"a\",\"name\":\"A\",\"hosts\":[\"a.b\"]}");
    refused(kit, "{\"code\":\"a\",\"name\":\"B\"}", "code_taken", "code");
    refused(kit, "{\"code\":\"b\",\"name\":\"B\",\"hosts\":[\"c\",\"a.b\"]}",
            "host_taken", "hosts[1]");
    refused(kit, "{\"code\":\"../x\",\"name\":\"B\"}", "code_invalid", "code");
    refused(kit, "{\"code\":\"A\",\"name\":\"B\"}", "code_invalid", "code");
    refused(kit, "{\"code\":\"-a\",\"name\":\"B\"}", "code_invalid", "code");
    refused(kit, "{\"code\":\"b\",\"name\":\"B\",\"hosts\":[\"a.b:80\"]}",
            "host_invalid", "hosts[0]");
    refused(kit, "{\"code\":\"b\",\"name\":\"B\",\"hosts\":[\"x\",\"x\"]}",
            "host_repeated", "hosts[1]");
    refused(kit, "{\"code\":\"b\",\"name\":\"B\",\"hosts\":[\"A.b\"]}",
            "host_invalid", "hosts[0]");
    testkit_close(kit);
}

/* ---- credentials ---- */

struct credentials {
    tenant_id tenant;
    unsigned char hashes[2][TENANT_HASH_BYTES];
    struct tenant_credential *found;
    size_t count;
};

static err_t add(struct ctx *ctx, void *arg)
{
    struct credentials *my = arg;
    struct tenant_cmd cmd = {STR("a"), STR("A"), NULL, 0};
    struct tenant_row row;
    TRY(tenant_create(ctx, &cmd, &row));
    my->tenant = row.id;
    TRY(tenant_credential_add(ctx, row.id, my->hashes[0], 2));
    return tenant_credential_add(ctx, row.id, my->hashes[0], 1);
}

static err_t list(struct ctx *ctx, void *arg)
{
    struct credentials *my = arg;
    return tenant_credential_list(ctx, 0, 10, &my->found, &my->count);
}

static err_t orphan(struct ctx *ctx, void *arg)
{
    (void)arg;
    struct sql_arg args[] = {sql_s(STR("lost.example")), sql_i(77)};
    return sql_run(ctx, SQL_TENANT_HOST_ADD, args, COUNT_OF(args), NULL);
}

static void A15_01_credentials_lead_to_their_tenant(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct credentials my = {
        .hashes = {{1}, {2}}
    };
    assert_int_equal(testkit_run(kit, add, &my), OK);
    assert_int_equal(testkit_read(kit, list, &my), OK);
    assert_int_equal(my.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(my.found[i].tenant.v, my.tenant.v);
        assert_int_equal(my.found[i].hash[0], i + 1);
    }
    assert_int_equal(testkit_verify(kit, &tenant_room, NULL), 0);
    /* The schema itself holds it. */
    assert_int_equal(testkit_run(kit, orphan, NULL), ERR_INTERNAL);
    testkit_close(kit);
}

/* ---- usage ---- */

static err_t add_usage(struct ctx *ctx, void *arg)
{
    (void)arg;
    const struct usage rows[] = {
        {20000, STR("writes"),   2},
        {20000, STR("requests"), 5},
        {20001, STR("requests"), 1}
    };
    return usage_add(ctx, rows, COUNT_OF(rows));
}

static err_t add_events(struct ctx *ctx, void *arg)
{
    (void)arg;
    ctx->now = (utc_ms)20000 * 86400000;
    TRY(event_add(ctx, "order.placed", "order", 5,
                  STR("{\"lines\":2,\"units\":7}"), NULL));
    return event_add(ctx, "order.confirmed", "order", 5, STR("{}"), NULL);
}

static err_t step(struct ctx *ctx, void *arg)
{
    return event_step(ctx, &tenant_room.events->at[0], 100, arg);
}

struct range {
    struct usage *rows;
    size_t count;
};

static err_t read_usage(struct ctx *ctx, void *arg)
{
    struct range *range = arg;
    return usage_list(ctx, 20000, 20000, &range->rows, &range->count);
}

static int64_t value_of(const struct range *range, const char *name)
{
    for (size_t i = 0; i < range->count; i++)
        if (str_equal_cstr(range->rows[i].name, name))
            return range->rows[i].value;
    return -1;
}

static void A15_02_usage_is_counted_by_day(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct range range;
    size_t seen = 0;
    assert_int_equal(testkit_run(kit, add_usage, NULL), OK);
    assert_int_equal(testkit_run(kit, add_usage, NULL), OK);
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    testkit_settle(kit);
    assert_int_equal(testkit_run(kit, step, &seen), OK);
    assert_int_equal(seen, 2);
    assert_int_equal(testkit_read(kit, read_usage, &range), OK);
    assert_int_equal(value_of(&range, "requests"), 10);
    assert_int_equal(value_of(&range, "writes"), 4);
    assert_int_equal(value_of(&range, "orders"), 1);
    assert_int_equal(value_of(&range, "order_lines"), 2);
    assert_int_equal(value_of(&range, "order_units"), 7);
    assert_int_equal(value_of(&range, "events"), 2);
    testkit_close(kit);
}

#define CASE(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(A15_01_a_tenant_is_added_and_suspended),
        CASE(what_a_tenant_must_be_is_checked),
        CASE(A15_01_credentials_lead_to_their_tenant),
        CASE(A15_02_usage_is_counted_by_day),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("tenant", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
