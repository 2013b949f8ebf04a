/* returns_verify.c - returns against their units and their orders. */
#include "base/id.h"
#include "base/str.h"
#include "oms/returns/returns_sql.h"
#include "oms/returns/returns_store.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *prefix, *what;
};

static void say(const struct check *check, int64_t id, const char *what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, id, text);
    check->report(check->arg, check->invariant, (str){text, len},
                  str_from_cstr(what));
}

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    (void)ctx;
    say(check, sql_int(row, 0, 0), check->what);
    return OK;
}

/* Each component of a line is there as often as it was asked for. */
static bool is_whole(const struct rma *rma, const struct return_line *line)
{
    size_t seen = 0;
    for (size_t i = 0; i < rma->unit_count; i++) {
        int64_t sum = 0;
        if (rma->units[i].i != line->i)
            continue;
        seen++;
        for (size_t j = 0; j < rma->unit_count; j++)
            if (rma->units[j].i == line->i &&
                rma->units[j].sku.v == rma->units[i].sku.v)
                sum += rma->units[j].qty;
        if (sum != line->qty * rma->units[i].per)
            return false;
    }
    return seen > 0;
}

static err_t see_return(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    struct rma rma;
    return_from_row(row, 0, &rma);
    TRY(return_fill(ctx, &rma, 1));
    for (size_t i = 0; i < rma.line_count; i++) {
        const struct return_line *line = &rma.lines[i];
        struct return_count now =
            return_count_line(line, rma.units, rma.unit_count);
        if (!is_whole(&rma, line))
            say(check, rma.id.v, "a line and its units differ in number");
        if (now.accepted != line->returned + line->written_off ||
            now.dropped != line->dropped)
            say(check, rma.id.v, "a line is not what its units make of it");
    }
    if (return_follow(rma.state, rma.units, rma.unit_count))
        say(check, rma.id.v, "its state does not follow from its units");
    return OK;
}

static err_t check_returns(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "I27", "ret", ""};
    return sql_each(ctx, SQL_RETURN_VERIFY_ROWS, NULL, 0, see_return, &check);
}

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "I11", "ord",
                          "a line knows of other units than its returns"};
    TRY(sql_each(ctx, SQL_RETURN_VERIFY_LINES, NULL, 0, see, &check));
    check.what = "it does not know that goods are on their way back";
    TRY(sql_each(ctx, SQL_RETURN_VERIFY_FLAGS, NULL, 0, see, &check));
    check.prefix = "pkg";
    check.what = "it is no parcel of its return";
    TRY(sql_each(ctx, SQL_RETURN_VERIFY_PARCELS, NULL, 0, see, &check));
    check.prefix = "ret";
    check.what = "it is of no order, or of one of another channel";
    return sql_each(ctx, SQL_RETURN_VERIFY_STRAY, NULL, 0, see, &check);
}

static err_t check_stock(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "I3", "ret",
                          "its units are not where movements took them"};
    return sql_each(ctx, SQL_RETURN_VERIFY_STOCK, NULL, 0, see, &check);
}

static const struct verify_check checks[] = {
    {"I27", "returns are what their units say",           check_returns},
    {"I11", "orders know what their returns say",         check_orders },
    {"I3",  "units of returns are where stock took them", check_stock  },
};
const struct verify_list returns_verify = {checks, COUNT_OF(checks)};
