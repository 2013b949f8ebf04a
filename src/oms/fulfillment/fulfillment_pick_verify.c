/* fulfillment_pick_verify.c - what must hold between tasks, pickups and their
 * fulfillment orders. */
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_room.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_wanted(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_VERIFY_PICK_WANTED,
        (struct verify){report, arg, "picking", "fo",
                        "tasks walk for more units than it wants"});
}

static err_t check_states(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(ctx, SQL_VERIFY_PICK_STATES,
                       (struct verify){report, arg, "picking", "pkt",
                                       "its state is not that of its lines"});
}

static err_t check_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    TRY(verify_none(
        ctx, SQL_VERIFY_PICK_UNITS,
        (struct verify){report, arg, "picking", "pkt",
                        "the units it names are not those of its lines"}));
    return verify_none(
        ctx, SQL_VERIFY_PICK_SERIALS,
        (struct verify){report, arg, "picking", "pkt",
                        "a numbered unit of it is in two hands"});
}

static err_t see_code(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    (void)ctx;
    if (!secret_is_sealed(sql_str(row, 0, 1)))
        verify_tell(check, sql_int(row, 0, 0), check->what);
    return OK;
}

static err_t check_pickups(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "picking", "pup",
                           "its code is not sealed"};
    TRY(verify_none(ctx, SQL_VERIFY_PICKUPS,
                    (struct verify){report, arg, "picking", "pup",
                                    "it is not as its fulfillment order is"}));
    return sql_each(ctx, SQL_VERIFY_PICKUP_CODES, NULL, 0, see_code, &check);
}

static err_t check_production(struct ctx *ctx, verify_report_fn *report,
                              void *arg)
{
    return verify_none(
        ctx, SQL_VERIFY_PRODUCTIONS,
        (struct verify){report, arg, "picking", "ord",
                        "a line that is not made yet was picked, or is "
                        "not there"});
}

static const struct verify_check checks[] = {
    {"picking", "each unit is walked for once, and wanted", check_wanted    },
    {"picking", "a task is as its lines are",               check_states    },
    {"picking", "units in hand are those of their lines",   check_units     },
    {"picking", "pickups are as their fulfillment orders",  check_pickups   },
    {"picking", "nothing is picked before it is made",      check_production},
};
const struct verify_list picking_verify = {checks, COUNT_OF(checks)};
