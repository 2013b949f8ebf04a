/* finance_invoice_verify.c - invoices against their numbers, parts, orders;
 * the door of this half of the room. */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"
#include "oms/finance/invoice_sql.h"
#include "oms/room.h"
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
    check->report(check->arg, "invoices", (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t each(struct ctx *ctx, int stmt, struct check check)
{
    return sql_each(ctx, stmt, NULL, 0, see, &check);
}

static err_t check_gaps(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_INVOICE_VERIFY_GAPS,
                (struct check){report, arg, "ser",
                               "a number is missing, or was given without a "
                               "document"});
}

static err_t check_documents(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    TRY(each(ctx, SQL_INVOICE_VERIFY_STRAY,
             (struct check){report, arg, "inv",
                            "is of no order, or not among what was billed"}));
    return each(ctx, SQL_INVOICE_VERIFY_DOCUMENTS,
                (struct check){report, arg, "inv",
                               "its document or its parts say another sum"});
}

static err_t check_worth(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_INVOICE_VERIFY_WORTH,
                (struct check){report, arg, "ord",
                               "its documents do not come to what it was worth "
                               "at the last of them"});
}

static const struct verify_check checks[] = {
    {"invoices", "numbers of a series have no gap",              check_gaps     },
    {"I13",      "a document is the sum of its parts",           check_documents},
    {"invoices", "documents come to what their order was worth", check_worth    },
};
const struct verify_list invoice_verify = {checks, COUNT_OF(checks)};

const struct room invoice_room = {
    .name = "invoice",
    .routes = &invoice_routes,
    .events = &finance_events,
    .verify = &invoice_verify,
};
