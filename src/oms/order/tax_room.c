/* tax_room.c - the second door of the order room: the tables of taxes, and
 * what must hold of them. */
#include "base/id.h"
#include "base/str.h"
#include "oms/order/tax_int.h"
#include "oms/order/tax_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see_overlap(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("txr", sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, "taxes", (str){text, len},
                  STR("another rate of its key holds at the same time"));
    return OK;
}

static err_t check_overlap(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_TAX_VERIFY_OVERLAP, NULL, 0, see_overlap, &check);
}

static const struct verify_check checks[] = {
    {"taxes", "one rate of a place, class and layer at a time", check_overlap},
};
const struct verify_list tax_verify = {checks, COUNT_OF(checks)};

const struct room tax_room = {
    .name = "tax",
    .routes = &tax_routes,
    .verify = &tax_verify,
};
