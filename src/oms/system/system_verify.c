/* system_verify.c - the switch stands as its events say. */
#include "base/str.h"
#include "oms/room.h"
#include "oms/system/system_room.h"
#include "oms/system/system_sql.h"
#include "store/sql.h"

static err_t check_outbound(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_VERIFY_OUTBOUND, NULL, 0, &rows));
    if (rows.count != 1) {
        report(arg, "I29", STR("outbound"), STR("the row is missing"));
        return OK;
    }
    /* The store began with version 1, running. */
    if (sql_int(&rows, 0, 0) != sql_int(&rows, 0, 1) + 1)
        report(arg, "I29", STR("outbound"),
               str_printf(ctx->arena, "version %lld has %lld events",
                          (long long)sql_int(&rows, 0, 0),
                          (long long)sql_int(&rows, 0, 1)));
    bool was_paused = str_equal_cstr(sql_str(&rows, 0, 2), "outbound.paused");
    if (was_paused != (sql_int(&rows, 0, 3) != 0))
        report(arg, "I29", STR("outbound"),
               STR("its state is not what the last event says"));
    return OK;
}

static const struct verify_check checks[] = {
    {"I29", "outbound work is switched as its events say", check_outbound},
};
const struct verify_list system_verify = {checks, COUNT_OF(checks)};
