/* returns_verify.c - returns against their units and their orders. */
#include "base/id.h"
#include "base/str.h"
#include "oms/returns/returns_sql.h"
#include "oms/returns/returns_store.h"
#include "oms/verify.h"
#include "store/sql.h"

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
    const struct verify *check = arg;
    struct rma rma;
    return_from_row(row, 0, &rma);
    TRY(return_fill(ctx, &rma, 1));
    for (size_t i = 0; i < rma.line_count; i++) {
        const struct return_line *line = &rma.lines[i];
        struct return_count now =
            return_count_line(line, rma.units, rma.unit_count);
        if (!is_whole(&rma, line))
            verify_tell(check, rma.id.v,
                        "a line and its units differ in number");
        if (now.accepted != line->returned + line->written_off ||
            now.dropped != line->dropped)
            verify_tell(check, rma.id.v,
                        "a line is not what its units make of it");
    }
    if (return_follow(rma.state, rma.units, rma.unit_count))
        verify_tell(check, rma.id.v,
                    "its state does not follow from its units");
    return OK;
}

static err_t check_returns(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I27", "ret", ""};
    return sql_each(ctx, SQL_RETURN_VERIFY_ROWS, NULL, 0, see_return, &check);
}

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I11", "ord",
                           "a line knows of other units than its returns"};
    TRY(verify_none(ctx, SQL_RETURN_VERIFY_LINES, check));
    check.what = "it does not know that goods are on their way back";
    TRY(verify_none(ctx, SQL_RETURN_VERIFY_FLAGS, check));
    check.prefix = "pkg";
    check.what = "it is no parcel of its return";
    TRY(verify_none(ctx, SQL_RETURN_VERIFY_PARCELS, check));
    check.prefix = "ret";
    check.what = "it is of no order, or of one of another channel";
    return verify_none(ctx, SQL_RETURN_VERIFY_STRAY, check);
}

static err_t check_stock(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I3", "ret",
                           "its units are not where movements took them"};
    return verify_none(ctx, SQL_RETURN_VERIFY_STOCK, check);
}

static const struct verify_check checks[] = {
    {"I27", "returns are what their units say",           check_returns},
    {"I11", "orders know what their returns say",         check_orders },
    {"I3",  "units of returns are where stock took them", check_stock  },
};
const struct verify_list returns_verify = {checks, COUNT_OF(checks)};
