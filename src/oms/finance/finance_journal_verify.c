/* finance_journal_verify.c - the journal against what it is of (I19). */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_journal.h"
#include "oms/finance/journal_sql.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *prefix, *what;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, "I19", (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t see_credit(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    (void)ctx;
    check->report(check->arg, "I19", sql_str(row, 0, 1),
                  sql_int(row, 0, 0) == 1
                      ? STR("gift cards are worth something else")
                      : STR("store credit is worth something else"));
    return OK;
}

static err_t each(struct ctx *ctx, int stmt, struct check check)
{
    return sql_each(ctx, stmt, NULL, 0, see, &check);
}

static err_t check_balance(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    TRY(each(
        ctx, SQL_JOURNAL_VERIFY_BALANCE,
        (struct check){report, arg, "jrn", "its debits are not its credits"}));
    return each(ctx, SQL_JOURNAL_VERIFY_STRAY,
                (struct check){report, arg, "jrn", "it is of nothing"});
}

/* Once it has seen all there is. */
static err_t check_sources(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    size_t lag;
    struct check credit = {report, arg, "", ""};
    TRY(event_lag(ctx, JOURNAL_CONSUMER, 1, &lag));
    if (lag > 0)
        return OK;
    TRY(each(ctx, SQL_JOURNAL_VERIFY_BILLS,
             (struct check){report, arg, "ord",
                            "the journal has not what was billed"}));
    TRY(each(ctx, SQL_JOURNAL_VERIFY_PAYMENTS,
             (struct check){report, arg, "ord",
                            "the journal has not what was paid or given "
                            "back"}));
    return sql_each(ctx, SQL_JOURNAL_VERIFY_CREDIT, NULL, 0, see_credit,
                    &credit);
}

static const struct verify_check checks[] = {
    {"I19", "each entry of the journal balances",            check_balance},
    {"I19", "the journal is what was billed, paid and kept", check_sources},
};
const struct verify_list journal_verify = {checks, COUNT_OF(checks)};

const struct room journal_room = {
    .name = "journal",
    .routes = &journal_routes,
    .events = &journal_events,
    .verify = &journal_verify,
};
