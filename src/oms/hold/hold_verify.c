/* hold_verify.c - the hold room's invariants, recomputed from its rows. */
#include "base/id.h"
#include "base/str.h"
#include "oms/hold/hold_drop_sql.h"
#include "oms/hold/hold_sql.h"
#include "oms/hold/hold_store.h"
#include "oms/room.h"
#include "store/sql.h"

/* What a row that a statement finds is called and what is wrong with it. */
struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *what;
};

static err_t report_hold(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("hld", sql_int(row, 0, 0), id);
    (void)ctx;
    check->report(check->arg, check->invariant, (str){id, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t each_hold(struct ctx *ctx, int stmt, struct check check)
{
    return sql_each(ctx, stmt, NULL, 0, report_hold, &check);
}

static err_t verify_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each_hold(ctx, SQL_HOLD_VERIFY_ROWS,
                     (struct check){report, arg, "I4",
                                    "it is open and holds nothing, or holds "
                                    "units and is not open"});
}

static err_t verify_ends(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each_hold(ctx, SQL_HOLD_VERIFY_ENDS,
                     (struct check){report, arg, "I4",
                                    "its rows ended otherwise than it did, or "
                                    "its order has not what it gave"});
}

static err_t verify_times(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each_hold(ctx, SQL_HOLD_VERIFY_TIMES,
                     (struct check){report, arg, "hold",
                                    "it expired before its time, or stands in "
                                    "another bucket"});
}

static err_t verify_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return each_hold(ctx, SQL_HOLD_VERIFY_EVENTS,
                     (struct check){report, arg, "I29",
                                    "its versions are not one event each, the "
                                    "first hold.created"});
}

/* ---- drops ---- */

static err_t report_drop(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("drp", sql_int(row, 0, 0), id);
    (void)ctx;
    check->report(check->arg, check->invariant, (str){id, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t verify_caps(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "drop",
                          "a customer holds and bought more than its cap"};
    return sql_each(ctx, SQL_DROP_VERIFY_CAPS, NULL, 0, report_drop, &check);
}

static err_t verify_waiting(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct check check = {report, arg, "drop",
                          "it counts others than those who wait"};
    return sql_each(ctx, SQL_DROP_VERIFY_WAITING, NULL, 0, report_drop, &check);
}

static err_t verify_links(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "drop",
                          "an offer or a claim of it leads nowhere, or its SKU "
                          "is not flagged"};
    TRY(sql_each(ctx, SQL_DROP_VERIFY_LINKS, NULL, 0, report_drop, &check));
    return sql_each(ctx, SQL_DROP_VERIFY_FLAGS, NULL, 0, report_drop, &check);
}

static const struct verify_check checks[] = {
    {"I4",   "open holds are those with held units",        verify_rows   },
    {"I4",   "a hold's rows end as the hold does",          verify_ends   },
    {"hold", "a hold runs out at its time, in its place",   verify_times  },
    {"I29",  "each version of a hold has its event",        verify_events },
    {"drop", "no customer has more of a drop than its cap", verify_caps   },
    {"drop", "a drop counts who waits",                     verify_waiting},
    {"drop", "offers, claims and SKUs of drops are there",  verify_links  },
};
const struct verify_list hold_verify = {checks, COUNT_OF(checks)};
