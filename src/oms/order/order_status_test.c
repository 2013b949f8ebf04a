/* order_status_test.c - the derived statuses of an order against their page:
 * every set of small facts falls into one cell, and a cell has one status. */
#include "base/str.h"
#include "base/testing_grid.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_worth.h"

static const char page[] = "docs/states/order_statuses.md";

enum { MOST_ROWS = 9, MOST_COLUMNS = 4 };
struct table {
    const char *corner;
    const char *rows[MOST_ROWS], *columns[MOST_COLUMNS];
    const char *cells[MOST_ROWS][MOST_COLUMNS]; /* NULL: it cannot be. */
};

static void put(struct table *t, size_t row, size_t column, const char *status)
{
    const char **cell = &t->cells[row][column];
    assert_true(row < MOST_ROWS && column < MOST_COLUMNS);
    assert_non_null(t->rows[row]);
    assert_non_null(t->columns[column]);
    if (*cell && strcmp(*cell, status) != 0)
        fail_msg("%s, %s: %s and %s", t->rows[row], t->columns[column], *cell,
                 status);
    *cell = status;
}

static void assert_page_holds(struct arena *arena, const struct table *t)
{
    str text = str_printf(arena, "| %s |", t->corner);
    str rule = STR("|---|");
    for (size_t c = 0; c < MOST_COLUMNS && t->columns[c]; c++) {
        text = str_printf(arena, "%.*s %s |", STR_ARG(text), t->columns[c]);
        rule = str_printf(arena, "%.*s---|", STR_ARG(rule));
    }
    text = str_printf(arena, "%.*s\n%.*s", STR_ARG(text), STR_ARG(rule));
    for (size_t r = 0; r < MOST_ROWS && t->rows[r]; r++) {
        text = str_printf(arena, "%.*s\n| %s |", STR_ARG(text), t->rows[r]);
        for (size_t c = 0; c < MOST_COLUMNS && t->columns[c]; c++)
            text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                              t->cells[r][c] ? t->cells[r][c] : "-");
    }
    if (!strstr(test_read_doc(arena, page), str_to_cstr(arena, text)))
        fail_msg("%s is stale; the table is now:\n%.*s\n", page, STR_ARG(text));
}

/* Which of so many values comes next of a number that holds them all. */
static int64_t next_of(int *rest, int count)
{
    int64_t value = *rest % count;
    *rest /= count;
    return value;
}

/* 0: none of them, 1: some, 2: all. */
static size_t share_of(int64_t part, int64_t whole)
{
    if (part == 0)
        return 0;
    return part < whole ? 1 : 2;
}

enum { UNITS = 4 }; /* Up to three of each. */

/* ---- payment ---- */

static size_t open_row(const struct order_facts *f)
{
    if (f->is_history)
        return 3;
    if (f->total_now > 0)
        return 0;
    return f->total > 0 ? 1 : 2;
}

static size_t open_column(const struct order_facts *f)
{
    if (f->pay.authorized == 0)
        return f->pay.pending > 0;
    return f->pay.authorized < f->total_now ? 2 : 3;
}

static size_t kept_row(const struct order_facts *f, int64_t kept)
{
    if (kept <= 0)
        return 0;
    if (kept < f->total_now)
        return 1;
    return kept == f->total_now ? 2 : 3;
}

static void put_payment(const struct order_facts *f, struct table *open,
                        struct table *taken)
{
    const struct order_pay *pay = &f->pay;
    int64_t kept = pay->captured - pay->refunded - pay->disputed;
    size_t column = pay->disputed > 0 ? 2 : pay->refunded > 0;
    const char *status = order_payment_name(order_payment_status(f));
    if (pay->captured == 0 && pay->refunded == 0 && pay->disputed == 0)
        put(open, open_row(f), open_column(f), status);
    else
        put(taken, kept_row(f, kept), column, status);
}

static void payment_status_is_that_of_the_page(void **state)
{
    struct ctx *ctx = *state;
    struct table open = {
        .corner = "nothing was taken; the order",
        .rows = {"is worth something", "is worth nothing any more",
                 "was never worth anything",                                              "was recorded as history"},
        .columns = {"nothing promised",   "asked for",                 "authorized in part",
                 "authorized whole"                                                                                },
    };
    struct table taken = {
        .corner = "something was taken; kept is",
        .rows = {"nothing", "less than it is worth", "what it is worth",
                 "more than it is worth"},
        .columns = {"nothing refunded",         "something refunded",
                 "something disputed"    },
    };
    for (int n = 0;
         n < UNITS * UNITS * UNITS * UNITS * UNITS * UNITS * UNITS * 2; n++) {
        int rest = n;
        struct order_facts facts = {
            .total = next_of(&rest, UNITS),
            .total_now = next_of(&rest, UNITS),
            .pay = {.pending = next_of(&rest, UNITS),
                    .authorized = next_of(&rest, UNITS),
                    .captured = next_of(&rest, UNITS),
                    .refunded = next_of(&rest, UNITS),
                    .disputed = next_of(&rest, UNITS)},
            .is_history = next_of(&rest, 2) == 1,
        };
        put_payment(&facts, &open, &taken);
    }
    assert_page_holds(ctx->arena, &open);
    assert_page_holds(ctx->arena, &taken);
}

/* ---- units ---- */

/* Facts that a store may hold (I10, I11); false for others. */
static bool read_units(int n, struct order_facts *ret)
{
    int rest = n;
    *ret = (struct order_facts){
        .ordered = next_of(&rest, UNITS),
        .cancelled = next_of(&rest, UNITS),
        .picked = next_of(&rest, UNITS),
        .shipped = next_of(&rest, UNITS),
        .delivered = next_of(&rest, UNITS),
    };
    ret->flags = next_of(&rest, 8);
    ret->delivery_flags = next_of(&rest, 2);
    ret->is_history = next_of(&rest, 2) == 1;
    return ret->cancelled <= ret->ordered &&
           ret->picked + ret->shipped <= ret->ordered - ret->cancelled &&
           ret->delivered <= ret->shipped;
}

enum { UNIT_CASES = UNITS * UNITS * UNITS * UNITS * UNITS * 8 * 2 * 2 };

static size_t fulfil_row(const struct order_facts *f)
{
    bool is_begun = f->picked > 0 || (f->flags & ORDER_FULFIL_STARTED);
    size_t row = (f->flags & ORDER_FULFIL_ON_HOLD ? 4u : 0) +
                 (is_begun ? 2u : 0) +
                 (f->flags & ORDER_FULFIL_SCHEDULED ? 1u : 0);
    return f->ordered == f->cancelled ? 8 : row;
}

static void fulfillment_status_is_that_of_the_page(void **state)
{
    struct ctx *ctx = *state;
    struct order_facts facts;
    struct table t = {
        .corner = "what is left to send",
        .rows = {"waits",      "is scheduled",             "is begun", "is begun and scheduled",
                 "is on hold", "is on hold and scheduled",
                 "is on hold and begun", "is on hold, begun and scheduled",
                 "is nothing, all is cancelled"},
        .columns = {"nothing shipped", "some shipped", "all shipped"                              },
    };
    for (int n = 0; n < UNIT_CASES; n++)
        if (read_units(n, &facts))
            put(&t, fulfil_row(&facts),
                share_of(facts.shipped, facts.ordered - facts.cancelled),
                order_fulfillment_status(&facts));
    assert_page_holds(ctx->arena, &t);
}

static size_t delivery_row(const struct order_facts *f)
{
    size_t how = f->is_history ? 2 : f->delivery_flags & ORDER_DELIVERY_TROUBLE;
    if (f->shipped == 0)
        return 0;
    return (f->shipped < f->ordered - f->cancelled ? 1 : 4) + how;
}

static void delivery_status_is_that_of_the_page(void **state)
{
    struct ctx *ctx = *state;
    struct order_facts facts;
    struct table t = {
        .corner = "of what was bought",
        .rows = {"nothing left", "some left",     "some left, a parcel in trouble",
                 "some left, recorded as history", "all left",
                 "all left, a parcel in trouble", "all left, recorded as history"},
        .columns = {"nothing delivered",    "some delivered", "all delivered" },
    };
    for (int n = 0; n < UNIT_CASES; n++)
        if (read_units(n, &facts))
            put(&t, delivery_row(&facts),
                share_of(facts.delivered, facts.ordered - facts.cancelled),
                order_delivery_status(&facts));
    assert_page_holds(ctx->arena, &t);
}

static void return_status_is_that_of_the_page(void **state)
{
    struct ctx *ctx = *state;
    struct table t = {
        .corner = "of what was bought",
        .rows = {"nothing came back", "some came back",
                 "all came back or is written off"},
        .columns = {"nothing asked for", "a return is asked for",
                 "one is under way"               },
    };
    for (int n = 0; n < UNITS * UNITS * UNITS * UNITS * UNITS * 2; n++) {
        int rest = n;
        struct order_facts f = {.ordered = next_of(&rest, UNITS),
                                .cancelled = next_of(&rest, UNITS),
                                .return_requested = next_of(&rest, UNITS),
                                .returned = next_of(&rest, UNITS),
                                .written_off = next_of(&rest, UNITS)};
        int64_t ended = f.returned + f.written_off;
        f.return_flags = next_of(&rest, 2);
        if (f.cancelled + ended + f.return_requested > f.ordered)
            continue;
        bool is_all = ended == f.ordered - f.cancelled;
        size_t row = f.returned == 0 ? 0 : is_all ? 2 : 1;
        size_t column = f.return_flags & ORDER_RETURN_STARTED ? 2
                        : f.return_requested > 0              ? 1
                                                              : 0;
        put(&t, row, column, order_return_status(&f));
    }
    assert_page_holds(ctx->arena, &t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(payment_status_is_that_of_the_page),
        TEST(fulfillment_status_is_that_of_the_page),
        TEST(delivery_status_is_that_of_the_page),
        TEST(return_status_is_that_of_the_page),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("order statuses", tests, NULL, NULL);
}
