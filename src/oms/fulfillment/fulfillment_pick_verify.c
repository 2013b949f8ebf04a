/* fulfillment_pick_verify.c - what must hold between tasks, pickups and their
 * fulfillment orders. */
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_room.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
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
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, sql_int(row, 0, 0), id);
    (void)ctx;
    check->report(check->arg, "picking", (str){id, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t each(struct ctx *ctx, int stmt, struct check check)
{
    return sql_each(ctx, stmt, NULL, 0, see, &check);
}

static err_t check_wanted(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_VERIFY_PICK_WANTED,
                (struct check){report, arg, "fo",
                               "tasks walk for more units than it wants"});
}

static err_t check_states(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each(ctx, SQL_VERIFY_PICK_STATES,
                (struct check){report, arg, "pkt",
                               "its state is not that of its lines"});
}

static err_t check_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    TRY(each(ctx, SQL_VERIFY_PICK_UNITS,
             (struct check){report, arg, "pkt",
                            "the units it names are not those of its lines"}));
    return each(ctx, SQL_VERIFY_PICK_SERIALS,
                (struct check){report, arg, "pkt",
                               "a numbered unit of it is in two hands"});
}

static err_t see_code(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    return secret_is_sealed(sql_str(row, 0, 1)) ? OK : see(ctx, row, arg);
}

static err_t check_pickups(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "pup", "its code is not sealed"};
    TRY(each(ctx, SQL_VERIFY_PICKUPS,
             (struct check){report, arg, "pup",
                            "it is not as its fulfillment order is"}));
    return sql_each(ctx, SQL_VERIFY_PICKUP_CODES, NULL, 0, see_code, &check);
}

static err_t check_production(struct ctx *ctx, verify_report_fn *report,
                              void *arg)
{
    return each(ctx, SQL_VERIFY_PRODUCTIONS,
                (struct check){report, arg, "ord",
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
