/* verify_test.c - the checks of the event log find what is planted. */
#include "app/verify.h"

#include "base/testing_grid.h"
#include "oms/catalog/catalog.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/subject.h"
#include "store/engine.h"
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

struct verify_run {
    struct arena *arena;
    struct verify_report report;
};

static err_t run_verify(struct ctx *ctx, void *arg)
{
    struct verify_run *run = arg;
    return verify_run(ctx, run->arena, &run->report);
}

/* The bad rows of all checks; *ret_first, if any, in the kit's arena. */
static int64_t verified(struct testkit *kit, str *ret_first)
{
    struct verify_run run = {.arena = arena_open()};
    assert_int_equal(testkit_read(kit, run_verify, &run), OK);
    assert_true(run.report.count >= log_verify.count);
    *ret_first = STR_NONE;
    for (size_t i = 0; i < run.report.count; i++) {
        const struct verify_outcome *outcome = &run.report.at[i];
        assert_true(outcome->room && outcome->invariant && outcome->title);
        assert_true(outcome->shown_count <= VERIFY_SHOWN);
        assert_true((int64_t)outcome->shown_count <= outcome->bad);
        if (outcome->bad && !ret_first->len)
            *ret_first = str_copy(kit->arena, outcome->shown[0].what);
    }
    arena_close(run.arena);
    return run.report.bad;
}

static err_t run_sql(struct ctx *ctx, void *arg)
{
    return ctx->tx->ops->exec(ctx, ctx->tx, arg);
}

static void forge(struct testkit *kit, const char *sql)
{
    char *copy = str_to_cstr(kit->arena, str_from_cstr(sql));
    assert_int_equal(testkit_run(kit, run_sql, copy), OK);
}

static err_t add_sku(struct ctx *ctx, void *arg)
{
    (void)arg;
    struct sku sku;
    struct sku_cmd cmd = {.code = STR("SKU-1"),
                          .title = STR("A thing"),
                          .is_tracked = true,
                          .attrs = STR("{}")};
    return sku_create(ctx, &cmd, &sku);
}

static void what_commands_wrote_is_clean(void **state)
{
    struct testkit *kit = *state;
    str first;
    assert_int_equal(verified(kit, &first), 0);
    assert_int_equal(testkit_run(kit, add_sku, NULL), OK);
    assert_int_equal(verified(kit, &first), 0);
}

static err_t add_orphan(struct ctx *ctx, void *arg)
{
    return event_add(ctx, "sku.created", arg, 256, STR("{}"), NULL);
}

static void an_event_about_nobody_is_found(void **state)
{
    struct testkit *kit = *state;
    char kind[] = "sku", other[] = "unicorn";
    str first;
    assert_int_equal(testkit_run(kit, add_orphan, kind), OK);
    assert_int_equal(verified(kit, &first), 1);
    assert_str(first, "sku.created names a subject (sku) that is gone");
    assert_int_equal(testkit_run(kit, add_orphan, other), OK);
    assert_int_equal(verified(kit, &first), 2);
}

/* A kind that was forgotten there would make each of its events look wrong. */
static void every_kind_of_subject_is_looked_for(void **state)
{
    struct testkit *kit = *state;
    const char *sql = test_read_doc(kit->arena, "src/app/verify.sql");
    size_t known = 3; /* Roles, views and the system have no ids. */
    for (size_t i = 0; i < subject_count; i++) {
        str when =
            str_printf(kit->arena, "WHEN '%s' THEN", subject_kinds[i].kind);
        if (!strstr(sql, str_to_cstr(kit->arena, when)))
            fail_msg("src/app/verify.sql lacks %.*s", STR_ARG(when));
        known++;
    }
    for (; (sql = strstr(sql, "WHEN '")); sql++)
        known--;
    assert_int_equal(known, 0);
}

static void a_row_changed_behind_the_log_is_found(void **state)
{
    struct testkit *kit = *state;
    str first;
    assert_int_equal(testkit_run(kit, add_sku, NULL), OK);
    forge(kit, "UPDATE skus SET version = 3");
    assert_int_equal(verified(kit, &first), 1);
    assert_str(first, "version 3 has only 1 events");
}

static void an_event_cut_out_is_found(void **state)
{
    struct testkit *kit = *state;
    str first;
    assert_int_equal(testkit_run(kit, add_sku, NULL), OK);
    forge(kit, "DELETE FROM events");
    assert_int_equal(verified(kit, &first), 1);
    assert_str(first, "version 1 has only 0 events");
}

static void an_event_of_another_shape_is_found(void **state)
{
    struct testkit *kit = *state;
    str first;
    assert_int_equal(testkit_run(kit, add_sku, NULL), OK);
    forge(kit, "UPDATE events SET actor_kind = 9");
    assert_int_equal(verified(kit, &first), 1);
    forge(kit, "UPDATE events SET actor_kind = 1, id = id + 1");
    assert_int_equal(verified(kit, &first), 1);
}

static void a_cursor_past_the_end_is_found(void **state)
{
    struct testkit *kit = *state;
    str first;
    forge(kit, "INSERT INTO event_cursors (consumer, xid, id) VALUES "
               "('dreamer', 0, 1)");
    assert_int_equal(verified(kit, &first), 1);
    assert_str(first, "the consumer's cursor is past the end of the log");
}

/* Only the first rows are kept, all are counted. */
static void many_bad_rows_are_counted(void **state)
{
    struct testkit *kit = *state;
    char kind[] = "sku";
    str first;
    for (int i = 0; i < VERIFY_SHOWN + 4; i++)
        assert_int_equal(testkit_run(kit, add_orphan, kind), OK);
    assert_int_equal(verified(kit, &first), VERIFY_SHOWN + 4);
}

int main(int argc, char **argv)
{
#define KIT(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)
    const struct CMUnitTest tests[] = {
        KIT(what_commands_wrote_is_clean),
        KIT(an_event_about_nobody_is_found),
        KIT(every_kind_of_subject_is_looked_for),
        KIT(a_row_changed_behind_the_log_is_found),
        KIT(an_event_cut_out_is_found),
        KIT(an_event_of_another_shape_is_found),
        KIT(a_cursor_past_the_end_is_found),
        KIT(many_bad_rows_are_counted),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
