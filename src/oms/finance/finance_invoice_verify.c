/* finance_invoice_verify.c - invoices against their numbers, parts, orders;
 * the door of this half of the room. */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"
#include "oms/finance/invoice_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_gaps(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_INVOICE_VERIFY_GAPS,
        (struct verify){report, arg, "invoices", "ser",
                        "a number is missing, or was given without a "
                        "document"});
}

static err_t check_documents(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    TRY(verify_none(
        ctx, SQL_INVOICE_VERIFY_STRAY,
        (struct verify){report, arg, "invoices", "inv",
                        "is of no order, or not among what was billed"}));
    return verify_none(
        ctx, SQL_INVOICE_VERIFY_DOCUMENTS,
        (struct verify){report, arg, "invoices", "inv",
                        "its document or its parts say another sum"});
}

static err_t check_worth(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_INVOICE_VERIFY_WORTH,
        (struct verify){report, arg, "invoices", "ord",
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
