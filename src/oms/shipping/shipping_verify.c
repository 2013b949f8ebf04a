/* shipping_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/shipping/shipping_room.h"
#include "oms/shipping/shipping_verify_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t units(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "fo",
                           "its parcels hold other units than it says"};
    return verify_none(ctx, SQL_VERIFY_PACKAGE_UNITS, check);
}

static err_t labels_twice(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "I23", "pkg",
                           "more than one label is wanted or paid for"};
    return verify_none(ctx, SQL_VERIFY_LABELS_TWICE, check);
}

static err_t package_labels(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "pkg",
                           "its state and its label's do not fit"};
    return verify_none(ctx, SQL_VERIFY_PACKAGE_LABELS, check);
}

static err_t label_calls(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "I23", "lbl",
                           "it is wanted, but no carrier will be asked"};
    return verify_none(ctx, SQL_VERIFY_LABEL_CALLS, check);
}

static err_t orphan_calls(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "I23", "orl",
                           "it shall be given back, but no carrier is asked"};
    return verify_none(ctx, SQL_VERIFY_ORPHAN_CALLS, check);
}

static err_t orphans_in_use(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "orl",
                           "it was given back, and a parcel bears it"};
    return verify_none(ctx, SQL_VERIFY_ORPHANS_IN_USE, check);
}

static err_t names(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "pkg",
                           "it names more units of an item than it holds"};
    return verify_none(ctx, SQL_VERIFY_PACKAGE_NAMES, check);
}

static err_t delivered(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "ord",
                           "other units arrived than its parcels say"};
    return verify_none(ctx, SQL_VERIFY_ORDER_DELIVERED, check);
}

static err_t trouble(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "packages", "ord",
                           "its delivery's trouble is not that of its parcels"};
    return verify_none(ctx, SQL_VERIFY_ORDER_TROUBLE, check);
}

static const struct verify_check checks[] = {
    {"packages", "orders know what arrived",                delivered     },
    {"packages", "orders know of trouble",                  trouble       },
    {"packages", "parcels hold what is packed and shipped", units         },
    {"I23",      "no parcel has two labels",                labels_twice  },
    {"packages", "parcels fit their labels",                package_labels},
    {"I23",      "labels that are wanted are asked for",    label_calls   },
    {"I23",      "orphan labels are given back",            orphan_calls  },
    {"packages", "what was given back is in no use",        orphans_in_use},
    {"packages", "named units are in their parcels",        names         },
};
const struct verify_list shipping_verify = {checks, COUNT_OF(checks)};
