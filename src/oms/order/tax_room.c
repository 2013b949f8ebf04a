/* tax_room.c - the second door of the order room: the tables of taxes, and
 * what must hold of them. */
#include "base/id.h"
#include "base/str.h"
#include "oms/order/tax_engine.h"
#include "oms/order/tax_int.h"
#include "oms/order/tax_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_overlap(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "taxes", "txr",
                           "another rate of its key holds at the same time"};
    return verify_none(ctx, SQL_TAX_VERIFY_OVERLAP, check);
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

const struct room tax_engine_room = {
    .name = "tax_engine",
    .routes = &tax_engine_routes,
};
