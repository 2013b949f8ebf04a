/* finance_verify.c - the finance room's invariants, from its rows. */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_sql.h"
#include "oms/finance/finance_store.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *prefix, *what;
};

/* Column 0 is the document; column 1, where there is one, its line. */
static err_t report_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char id[ID_TEXT_BYTES];
    int len = (int)id_to_text(check->prefix, sql_int(row, 0, 0), id);
    str name = str_printf(ctx->arena, "%.*s", len, id);
    if (row->columns == 2)
        name = str_printf(ctx->arena, "%.*s/%lld", len, id,
                          (long long)sql_int(row, 0, 1));
    check->report(check->arg, "credit", name, str_from_cstr(check->what));
    return OK;
}

static err_t each(struct ctx *ctx, int stmt, struct check check)
{
    return sql_each(ctx, stmt, NULL, 0, report_row, &check);
}

static err_t verify_total(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_CREDIT_VERIFY_TOTAL,
                (struct check){report, arg, "crn",
                               "the total is not the sum of the lines"});
}

static err_t verify_external(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    return each(ctx, SQL_CREDIT_VERIFY_EXTERNAL,
                (struct check){report, arg, "crn",
                               "another note has its channel and external id"});
}

static err_t verify_link(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_CREDIT_VERIFY_LINK,
                (struct check){report, arg, "crn",
                               "is linked to no order line of its SKU"});
}

static err_t verify_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_CREDIT_VERIFY_UNITS,
                (struct check){report, arg, "ord",
                               "more units are credited than were ordered"});
}

static err_t verify_event(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_CREDIT_VERIFY_EVENT,
                (struct check){report, arg, "crn",
                               "its versions are not one event each"});
}

static const struct verify_check checks[] = {
    {"credit", "credit note = sum of its lines",            verify_total   },
    {"credit", "(channel, external id) is unique",          verify_external},
    {"credit", "a credit line points to a line of its SKU", verify_link    },
    {"credit", "no unit is credited twice",                 verify_units   },
    {"I29",    "each credit note has its event",            verify_event   },
};
const struct verify_list finance_verify = {checks, COUNT_OF(checks)};
