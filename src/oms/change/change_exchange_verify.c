/* change_exchange_verify.c - exchanges against their orders and gates. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_exchange_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *what;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("exc", sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, "exchanges", (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg,
                          "it is of no order or return, or of another one's, "
                          "in another currency, or empty"};
    return sql_each(ctx, SQL_EXCHANGE_VERIFY_ORDER, NULL, 0, see, &check);
}

static err_t check_gates(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg,
                          "its lines are held back and it does not wait, or "
                          "the reverse"};
    return sql_each(ctx, SQL_EXCHANGE_VERIFY_GATE, NULL, 0, see, &check);
}

static const struct verify_check checks[] = {
    {"exchanges", "exchanges are of orders and their returns", check_orders},
    {"exchanges", "lines are held back by who waits",          check_gates },
};
const struct verify_list exchange_verify = {checks, COUNT_OF(checks)};
