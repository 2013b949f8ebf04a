/* finance_journal_verify.c - the journal against what it is of (I19). */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance.h"
#include "oms/finance/finance_journal.h"
#include "oms/finance/journal_sql.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

static err_t see_credit(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    (void)ctx;
    check->report(check->arg, "I19", sql_str(row, 0, 1),
                  sql_int(row, 0, 0) == 1
                      ? STR("gift cards are worth something else")
                      : STR("store credit is worth something else"));
    return OK;
}

static err_t see_day(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    (void)ctx;
    check->report(check->arg, check->invariant, sql_str(row, 0, 0),
                  STR("its days are not what was entered"));
    return OK;
}

static err_t check_balance(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    TRY(verify_none(ctx, SQL_JOURNAL_VERIFY_BALANCE,
                    (struct verify){report, arg, "I19", "jrn",
                                    "its debits are not its credits"}));
    return verify_none(
        ctx, SQL_JOURNAL_VERIFY_STRAY,
        (struct verify){report, arg, "I19", "jrn", "it is of nothing"});
}

/* Once it has seen all there is. */
static err_t check_sources(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    size_t lag;
    struct verify credit = {report, arg, "I19", "", ""};
    TRY(event_lag(ctx, JOURNAL_CONSUMER, 1, &lag));
    if (lag > 0)
        return OK;
    TRY(verify_none(ctx, SQL_JOURNAL_VERIFY_BILLS,
                    (struct verify){report, arg, "I19", "ord",
                                    "the journal has not what was billed"}));
    TRY(verify_none(
        ctx, SQL_JOURNAL_VERIFY_PAYMENTS,
        (struct verify){report, arg, "I19", "ord",
                        "the journal has not what was paid or given "
                        "back"}));
    TRY(verify_none(ctx, SQL_JOURNAL_VERIFY_LOSSES,
                    (struct verify){report, arg, "I19", "ord",
                                    "the journal has not what disputes lost"}));
    return sql_each(ctx, SQL_JOURNAL_VERIFY_CREDIT, NULL, 0, see_credit,
                    &credit);
}

static err_t check_days(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I19", "", ""};
    return sql_each(ctx, SQL_JOURNAL_VERIFY_DAYS, NULL, 0, see_day, &check);
}

static const struct verify_check checks[] = {
    {"I19", "each entry of the journal balances",            check_balance},
    {"I19", "the journal is what was billed, paid and kept", check_sources},
    {"I19", "the balances are the sums of the entries",      check_days   },
};
const struct verify_list journal_verify = {checks, COUNT_OF(checks)};

const struct room journal_room = {
    .name = "journal",
    .routes = &journal_routes,
    .events = &journal_events,
    .verify = &journal_verify,
};
