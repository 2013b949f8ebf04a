/* engines_test.c - the same promises kept by both engines. */
#define WHARF_UNBANNED
#include "store/store_testkit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/engine.h"

static enum store_engine engine; /* That the group runs on. */

static int open_kit(void **state)
{
    *state = store_testkit_open(engine, NULL);
    return 0;
}

static int close_kit(void **state)
{
    store_testkit_close(*state);
    return 0;
}

static void row_args(struct sql_arg *args, int64_t id, int64_t n, str s)
{
    args[0] = sql_i(id);
    args[1] = sql_i(n);
    args[2] = s.ptr ? sql_s(s) : sql_null();
    args[3] = sql_s(STR("{}"));
    args[4] = sql_null();
}

static err_t put(struct ctx *ctx, struct store_testkit *kit, int64_t id,
                 int64_t n, str s)
{
    struct sql_arg args[5];
    row_args(args, id, n, s);
    return sql_run(ctx, kit->first + T_INSERT, args, 5, NULL);
}

static err_t write_in(struct store_testkit *kit, store_testkit_fn *fn,
                      struct err_detail *ret)
{
    return store_testkit_run(kit, LANE_WRITE, STR_NONE, fn, NULL, ret);
}

#define MUST(expr) assert_int_equal((expr), OK)

/* ---- types ---- */

static const char unicode[] = "na\xc3\xafve \xf0\x9f\x9a\xa2 \xd7\xa9\xd7\x9c"
                              "\xd7\x95\xd7\x9d 'q' \"d\" \\ {x,NULL}";

static err_t types_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    static const char bytes[] = "\x00\xff\x01'\\\n";
    str blob = {bytes, sizeof(bytes) - 1};
    struct sql_arg args[] = {
        sql_i(INT64_MAX), sql_i(-5), sql_s(str_from_cstr(unicode)),
        sql_s(STR("{\"a\": [1, \"\\u00e9\"]}")), sql_s(blob)};
    struct sql_arg key = sql_i(INT64_MAX);
    struct sql_rows rows;
    int64_t changed = 0;

    (void)arg;
    TRY(sql_run(ctx, kit->first + T_INSERT, args, 5, &changed));
    assert_int_equal(changed, 1);
    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.columns, 5);
    assert_true(sql_int(&rows, 0, 0) == INT64_MAX);
    assert_int_equal(sql_int(&rows, 0, 1), -5);
    assert_true(str_equal_cstr(sql_str(&rows, 0, 2), unicode));
    assert_true(sql_str(&rows, 0, 3).len > 10);
    assert_true(str_equal(sql_str(&rows, 0, 4), blob));
    return OK;
}

static void values_come_back_as_they_went(void **state)
{
    MUST(write_in(*state, types_fn, NULL));
}

static err_t nulls_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg args[] = {sql_i(INT64_MIN), sql_null(), sql_null(),
                             sql_null(), sql_null()};
    struct sql_arg key = sql_i(INT64_MIN);
    struct sql_rows rows;

    (void)arg;
    TRY(sql_run(ctx, kit->first + T_INSERT, args, 5, NULL));
    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    assert_true(sql_int(&rows, 0, 0) == INT64_MIN);
    for (size_t i = 1; i < 5; i++) {
        assert_true(sql_is_null(&rows, 0, i));
        assert_int_equal(sql_int(&rows, 0, i), 0);
        assert_null(sql_str(&rows, 0, i).ptr);
    }
    key = sql_i(7);
    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    assert_int_equal(rows.count, 0);
    return OK;
}

static void nulls_stay_null_and_nothing_is_found_as_nothing(void **state)
{
    MUST(write_in(*state, nulls_fn, NULL));
}

static err_t empty_text_fn(struct ctx *ctx, struct store_testkit *kit,
                           void *arg)
{
    struct sql_arg args[] = {sql_i(1), sql_i(0), sql_s((str){"", 0}),
                             sql_s(STR("[]")), sql_s((str){"", 0})};
    struct sql_arg key = sql_i(1);
    struct sql_rows rows;

    (void)arg;
    TRY(sql_run(ctx, kit->first + T_INSERT, args, 5, NULL));
    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    assert_false(sql_is_null(&rows, 0, 2));
    assert_int_equal(sql_str(&rows, 0, 2).len, 0);
    assert_false(sql_is_null(&rows, 0, 4));
    assert_int_equal(sql_str(&rows, 0, 4).len, 0);
    return OK;
}

static void an_empty_text_is_not_null(void **state)
{
    MUST(write_in(*state, empty_text_fn, NULL));
}

/* ---- many ---- */

static err_t insert_rows(struct ctx *ctx, struct store_testkit *kit,
                         size_t count, int64_t *changed)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * 5 + 1);

    for (size_t i = 0; i < count; i++) {
        str s = str_printf(ctx->arena, "%s %zu", unicode, i);
        row_args(&args[i * 5], (int64_t)i + 1, (int64_t)i, s);
        if (i % 3 == 0)
            args[i * 5 + 2] = sql_null();
        if (i % 3 == 1)
            args[i * 5 + 4] = sql_s((str){"\0\1", 2});
        if (i % 5 == 0)
            args[i * 5 + 1] = sql_null();
    }
    return sql_run_many(ctx, kit->first + T_INSERT, args, 5, count, changed);
}

static err_t many_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    size_t count = *(size_t *)arg;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count + 1);
    struct sql_rows rows;
    int64_t changed = -1;

    TRY(insert_rows(ctx, kit, count, &changed));
    assert_int_equal(changed, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i((int64_t)i + 1);
    TRY(sql_list_many(ctx, kit->first + T_GET, keys, 1, count, &rows));
    assert_int_equal(rows.count, count);
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)sql_int(&rows, i, 0) - 1;
        assert_int_equal(sql_is_null(&rows, i, 1), at % 5 == 0);
        assert_int_equal(sql_is_null(&rows, i, 2), at % 3 == 0);
        assert_int_equal(sql_is_null(&rows, i, 4), at % 3 != 1);
        if (at % 3 == 1)
            assert_int_equal(sql_str(&rows, i, 4).len, 2);
        if (at % 3 != 0)
            assert_true(
                str_equal(sql_str(&rows, i, 2),
                          str_printf(ctx->arena, "%s %zu", unicode, at)));
    }
    return OK;
}

static void many_forms_take_none_one_and_a_thousand_rows(void **state)
{
    static const size_t counts[] = {0, 1, 2, 1000};

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct store_testkit *kit = store_testkit_open(engine, NULL);
        size_t count = counts[i];
        MUST(store_testkit_run(kit, LANE_WRITE, STR_NONE, many_fn, &count,
                               NULL));
        store_testkit_close(kit);
    }
    (void)state;
}

static err_t add_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg args[] = {sql_i(5), sql_i(2), sql_i(7),
                             sql_i(3), sql_i(1), sql_i(99)};
    int64_t changed = 0;

    (void)arg;
    TRY(put(ctx, kit, 2, 10, STR_NONE));
    TRY(put(ctx, kit, 3, 20, STR_NONE));
    TRY(sql_run_many(ctx, kit->first + T_ADD, args, 2, 3, &changed));
    assert_int_equal(changed, 2);
    struct sql_rows rows;
    TRY(sql_list(ctx, kit->first + T_SUM, NULL, 0, &rows));
    assert_int_equal(sql_int(&rows, 0, 0), 2);
    assert_int_equal(sql_int(&rows, 0, 1), 42); /* NUMERIC on PostgreSQL. */
    return OK;
}

static void changed_counts_the_rows_that_were_there(void **state)
{
    MUST(write_in(*state, add_fn, NULL));
}

/* ---- errors ---- */

static err_t twice_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    (void)arg;
    TRY(put(ctx, kit, 1, 1, STR("one")));
    return put(ctx, kit, 2, 2, STR("one"));
}

static err_t is_empty_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_rows rows;

    (void)arg;
    TRY(sql_list(ctx, kit->first + T_LIST, NULL, 0, &rows));
    assert_int_equal(rows.count, 0);
    return OK;
}

static void a_broken_unique_is_a_conflict_and_leaves_nothing(void **state)
{
    struct err_detail detail;

    assert_int_equal(write_in(*state, twice_fn, &detail), ERR_CONFLICT);
    assert_string_equal(detail.slug, "unique");
    MUST(write_in(*state, is_empty_fn, NULL));
}

static err_t too_big_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    (void)arg;
    return put(ctx, kit, 1, 1000000000, STR_NONE);
}

static void a_broken_check_is_internal(void **state)
{
    assert_int_equal(write_in(*state, too_big_fn, NULL), ERR_INTERNAL);
    MUST(write_in(*state, is_empty_fn, NULL));
}

struct late {
    size_t rows; /* Of the statement whose answer comes later. */
    bool is_read_after;
};

static err_t late_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    const struct late *late = arg;
    struct sql_arg args[] = {sql_i(1), sql_s(STR("a")), sql_i(2),
                             sql_s(STR("b"))};
    struct sql_rows rows;

    for (int i = 0; i < 2; i++)
        TRY(sql_run_many(ctx, kit->first + T_LATER, args, 2, late->rows, NULL));
    return late->is_read_after
               ? sql_list(ctx, kit->first + T_LIST, NULL, 0, &rows)
               : OK;
}

static void a_failure_that_shows_late_is_the_same_failure(void **state)
{
    struct store_testkit *kit = *state;

    for (size_t rows = 1; rows <= 2; rows++)
        for (int is_read_after = 0; is_read_after < 2; is_read_after++) {
            struct late late = {rows, is_read_after};
            struct err_detail detail;
            assert_int_equal(store_testkit_run(kit, LANE_WRITE, STR_NONE,
                                               late_fn, &late, &detail),
                             ERR_CONFLICT);
            assert_string_equal(detail.slug, "unique");
            MUST(write_in(kit, is_empty_fn, NULL));
        }
}

/* ---- streaming ---- */

struct seen {
    struct store_testkit *kit;
    int64_t count, sum, nested;
    int64_t stop_at;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    struct seen *seen = arg;

    seen->count++;
    if (!sql_is_null(row, 0, 1))
        seen->sum += sql_int(row, 0, 1);
    if (seen->count % 400 == 0) { /* A statement inside the stream. */
        struct sql_arg key = sql_i(sql_int(row, 0, 0));
        struct sql_rows rows;
        TRY(sql_list(ctx, seen->kit->first + T_GET, &key, 1, &rows));
        seen->nested += (int64_t)rows.count;
    }
    return seen->count == seen->stop_at ? ERR_STATE : OK;
}

static err_t each_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct seen seen = {.kit = kit};

    (void)arg;
    TRY(insert_rows(ctx, kit, 1500, NULL));
    TRY(sql_each(ctx, kit->first + T_LIST, NULL, 0, see, &seen));
    assert_int_equal(seen.count, 1500);
    assert_int_equal(seen.nested, 3);
    assert_int_equal(seen.sum, 1500 * 1499 / 2 - 5 * (299 * 300 / 2));
    seen = (struct seen){.kit = kit, .stop_at = 700};
    assert_int_equal(sql_each(ctx, kit->first + T_LIST, NULL, 0, see, &seen),
                     ERR_STATE);
    assert_int_equal(seen.count, 700);
    err_clear(ctx);
    seen = (struct seen){.kit = kit};
    TRY(sql_each(ctx, kit->first + T_LIST, NULL, 0, see, &seen));
    assert_int_equal(seen.count, 1500);
    return OK;
}

static void a_stream_ends_early_and_runs_statements_inside(void **state)
{
    MUST(write_in(*state, each_fn, NULL));
}

/* ---- every statement of the product ---- */

static void all_statements_prepare_on_an_empty_schema(void **state)
{
    struct store_testkit *kit = *state;
    struct ctx ctx = {.arena = kit->arena};
    const struct engine_ops *ops =
        engine == STORE_SQLITE ? &engine_sqlite : &engine_postgres;
    struct store_tx *tx = NULL;

    if (engine == STORE_SQLITE) {
        store_close(kit->store); /* Its lock. */
        kit->store = NULL;
    }
    MUST(ops->open(&ctx, &kit->config, CONN_WRITER, &tx));
    assert_true(tx->list->count > 10);
    err_t err = ops->prepare(&ctx, tx, tx->list, false);
    ops->close(tx);
    if (err != OK)
        fail_msg("%s", ctx.err.text);
}

static void the_schema_comes_up_again_and_again(void **state)
{
    struct store_testkit *kit = *state;

    store_close(kit->store);
    kit->store = store_testkit_node(kit, 1);
    MUST(write_in(kit, types_fn, NULL));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)
        CASE(values_come_back_as_they_went),
        CASE(nulls_stay_null_and_nothing_is_found_as_nothing),
        CASE(an_empty_text_is_not_null),
        cmocka_unit_test(many_forms_take_none_one_and_a_thousand_rows),
        CASE(changed_counts_the_rows_that_were_there),
        CASE(a_broken_unique_is_a_conflict_and_leaves_nothing),
        CASE(a_broken_check_is_internal),
        CASE(a_failure_that_shows_late_is_the_same_failure),
        CASE(a_stream_ends_early_and_runs_statements_inside),
        CASE(all_statements_prepare_on_an_empty_schema),
        CASE(the_schema_comes_up_again_and_again),
    };
    int failed = 0;

    engine = STORE_SQLITE;
    if (!getenv("WHARF_TEST_ENGINE")) /* Else its turn was before. */
        failed += cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
    engine = STORE_POSTGRES;
    if (store_testkit_has(engine))
        failed += cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
    else
        print_message("skipped: postgres (no WHARF_PG_CONNINFO)\n");
    return failed;
}
