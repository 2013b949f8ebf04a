/* analytics_test.c - the table of reports, and sums read in a zone's days. */
#include "base/str.h"
#include "base/testing_grid.h"
#include "base/time.h"
#include "oms/analytics/analytics.h"
#include "oms/analytics/analytics_store.h"
#include "oms/room_testkit.h"

/* A12.01: at least twelve, and each is explained. */
static void the_table_is_the_checked_in_one(void **state)
{
    struct testkit *kit = *state;
    const char *doc = test_read_doc(kit->arena, "docs/reports.md");
    assert_true(report_count >= 12);
    for (size_t i = 0; i < report_count; i++) {
        const struct report *report = &reports[i];
        str row =
            str_printf(kit->arena, "| `%s` | %s |", report->name, report->key);
        for (size_t c = 0; c < report_width(report); c++)
            row = str_printf(kit->arena, "%.*s%s %s", STR_ARG(row),
                             c ? "," : "", report->columns[c].name);
        row = str_printf(kit->arena, "%.*s |", STR_ARG(row));
        if (!strstr(doc, str_to_cstr(kit->arena, row)))
            fail_msg("docs/reports.md lacks the row:\n%.*s\n", STR_ARG(row));
        assert_ptr_equal(report_find(str_from_cstr(report->name)), report);
    }
}

static void values_are_rounded_and_nothing_is_divided_by_none(void **state)
{
    (void)state;
    struct report_row row = {.currency = STR("EUR")};
    const struct report *report = report_find(STR("on_time_by_carrier"));
    report_values(report, &row);
    assert_int_equal(row.values[0], 0);
    assert_true(row.values[2] == REPORT_NOTHING);
    row.sums[FACT_DELIVERY] = (struct report_sum){3, 2, 5000};
    report_values(report, &row);
    assert_int_equal(row.values[2], 6667); /* 2/3 in basis points. */
    assert_int_equal(row.values[3], 2);    /* 2.5 s, whole seconds. */
    struct report_sum sum = {1, 1, INT64_MAX - 1};
    report_add(&sum, &(struct report_sum){1, 1, 5});
    assert_true(sum.amount == INT64_MAX);
    assert_int_equal(sum.n, 2);
}

/* ---- sums in the store ---- */

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

#define KIT(test) cmocka_unit_test_setup_teardown(test, open_kit, close_kit)

struct added {
    struct report_cell cells[4];
    size_t count;
};
static err_t add(struct ctx *ctx, void *arg)
{
    const struct added *added = arg;
    struct report_cell cells[4];
    memcpy(cells, added->cells, sizeof(cells)); /* It adds in place. */
    return report_sums_add(ctx, cells, added->count);
}

struct asked {
    struct report_query query;
    struct report_table table;
};
static err_t ask(struct ctx *ctx, void *arg)
{
    struct asked *asked = arg;
    return report_run(ctx, &asked->query, &asked->table);
}

static struct report_cell sale(const char *at, const char *currency,
                               int64_t amount)
{
    utc_ms when;
    assert_true(time_from_text(str_from_cstr(at), &when));
    return (struct report_cell){
        .fact = FACT_ORDER,
        .quarter_at = when,
        .of = 7,
        .part = STR("NP"),
        .currency = str_from_cstr(currency),
        .sum = {1, 2, amount}
    };
}

static struct asked over_days(const char *zone, const char *from,
                              const char *until)
{
    struct asked asked = {
        .query = {.report = report_find(STR("sales_over_time")),
                  .zone = str_from_cstr(zone),
                  .step = STEP_DAY,
                  .limit = 10}
    };
    assert_true(date_from_text(str_from_cstr(from), &asked.query.from_day));
    assert_true(date_from_text(str_from_cstr(until), &asked.query.until));
    return asked;
}

/* Kathmandu is 5:45 ahead: its day begins at 18:15 UTC. */
static void a_day_begins_where_the_zone_says(void **state)
{
    struct testkit *kit = *state;
    struct added added = {
        {sale("2026-11-21T18:00:00Z", "EUR", 100),
         sale("2026-11-21T18:15:00Z", "EUR", 20),
         sale("2026-11-22T18:00:00Z", "USD", 3)},
        3
    };
    assert_ok(kit, testkit_run(kit, add, &added));
    assert_ok(kit, testkit_run(kit, add, &added));
    struct asked asked =
        over_days("Asia/Kathmandu", "2026-11-21", "2026-11-23");
    assert_ok(kit, testkit_read(kit, ask, &asked));
    const struct report_row *rows = asked.table.rows;
    assert_int_equal(asked.table.count, 4); /* Two days, two currencies. */
    assert_true(str_equal_cstr(rows[0].key, "2026-11-21"));
    assert_int_equal(rows[0].values[2], 200);
    assert_int_equal(rows[1].values[2], 0);
    assert_true(str_equal_cstr(rows[2].key, "2026-11-22"));
    assert_int_equal(rows[2].values[2], 40);
    assert_int_equal(rows[3].values[2], 6);
    assert_int_equal(asked.table.total_count, 2);
    assert_int_equal(asked.table.totals[0].values[0], 4);
    assert_int_equal(asked.table.totals[0].values[1], 8);
}

static void days_before_are_compared_with(void **state)
{
    struct testkit *kit = *state;
    struct added added = {
        {sale("2026-11-20T12:00:00Z", "EUR", 100),
         sale("2026-11-21T12:00:00Z", "EUR", 20)},
        2
    };
    assert_ok(kit, testkit_run(kit, add, &added));
    struct asked asked = over_days("UTC", "2026-11-21", "2026-11-22");
    asked.query.has_before = true;
    asked.query.before_day = asked.query.from_day - 1;
    assert_ok(kit, testkit_read(kit, ask, &asked));
    assert_int_equal(asked.table.count, 1);
    assert_int_equal(asked.table.rows[0].values[2], 20);
    assert_int_equal(asked.table.rows[0].before[2], 100);
    assert_int_equal(asked.table.totals[0].before[2], 100);
    asked.query.report = report_find(STR("sales_by_country"));
    assert_ok(kit, testkit_read(kit, ask, &asked));
    assert_true(str_equal_cstr(asked.table.rows[0].key, "NP"));
    assert_int_equal(asked.table.rows[0].before[2], 100);
    asked.query.of = 8;
    assert_ok(kit, testkit_read(kit, ask, &asked));
    assert_int_equal(asked.table.count, 0);
}

static void a_limit_leaves_out_and_says_so(void **state)
{
    struct testkit *kit = *state;
    struct added added = {
        {sale("2026-11-21T12:00:00Z", "EUR", 5),
         sale("2026-11-21T12:00:00Z", "EUR", 9)},
        2
    };
    added.cells[1].part = STR("DE");
    assert_ok(kit, testkit_run(kit, add, &added));
    struct asked asked = over_days("UTC", "2026-11-21", "2026-11-22");
    asked.query.report = report_find(STR("tax_by_country"));
    asked.query.limit = 1;
    assert_ok(kit, testkit_read(kit, ask, &asked));
    assert_int_equal(asked.table.count, 1);
    assert_int_equal(asked.table.left, 1);
    assert_int_equal(asked.table.totals[0].values[3], 14);
    asked.query.currency = STR("USD");
    assert_ok(kit, testkit_read(kit, ask, &asked));
    assert_int_equal(asked.table.count, 0);
}

static void sums_that_orders_do_not_bear_out_are_found(void **state)
{
    struct testkit *kit = *state;
    struct added added = {{sale("2026-11-21T12:00:00Z", "EUR", 5)}, 1};
    str first;
    assert_int_equal(testkit_verify(kit, &analytics_room, &first), 0);
    assert_ok(kit, testkit_run(kit, add, &added));
    assert_int_equal(testkit_verify(kit, &analytics_room, &first), 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        KIT(the_table_is_the_checked_in_one),
        KIT(values_are_rounded_and_nothing_is_divided_by_none),
        KIT(a_day_begins_where_the_zone_says),
        KIT(days_before_are_compared_with),
        KIT(a_limit_leaves_out_and_says_so),
        KIT(sums_that_orders_do_not_bear_out_are_found),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("analytics", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
