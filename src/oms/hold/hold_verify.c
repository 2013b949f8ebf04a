/* hold_verify.c - the hold room's invariants, recomputed from its rows. */
#include "base/id.h"
#include "base/str.h"
#include "oms/hold/hold_drop_sql.h"
#include "oms/hold/hold_sql.h"
#include "oms/hold/hold_store.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t verify_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(ctx, SQL_HOLD_VERIFY_ROWS,
                       (struct verify){report, arg, "I4", "hld",
                                       "it is open and holds nothing, or holds "
                                       "units and is not open"});
}

static err_t verify_ends(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_HOLD_VERIFY_ENDS,
        (struct verify){report, arg, "I4", "hld",
                        "its rows ended otherwise than it did, or "
                        "its order has not what it gave"});
}

static err_t verify_times(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_HOLD_VERIFY_TIMES,
        (struct verify){report, arg, "hold", "hld",
                        "it expired before its time, or stands in "
                        "another bucket"});
}

static err_t verify_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_HOLD_VERIFY_EVENTS,
        (struct verify){report, arg, "I29", "hld",
                        "its versions are not one event each, the "
                        "first hold.created"});
}

/* ---- drops ---- */

static err_t verify_caps(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "drop", "drp",
                           "a customer holds and bought more than its cap"};
    return verify_none(ctx, SQL_DROP_VERIFY_CAPS, check);
}

static err_t verify_waiting(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct verify check = {report, arg, "drop", "drp",
                           "it counts others than those who wait"};
    return verify_none(ctx, SQL_DROP_VERIFY_WAITING, check);
}

static err_t verify_links(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {
        report, arg, "drop", "drp",
        "an offer or a claim of it leads nowhere, or its SKU "
        "is not flagged"};
    TRY(verify_none(ctx, SQL_DROP_VERIFY_LINKS, check));
    return verify_none(ctx, SQL_DROP_VERIFY_FLAGS, check);
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
