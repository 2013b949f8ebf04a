/* shipping_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/shipping/shipping_room.h"
#include "oms/shipping/shipping_verify_sql.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *prefix, *what;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, check->invariant, (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t units(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "packages", "fo",
                          "its parcels hold other units than it says"};
    return sql_each(ctx, SQL_VERIFY_PACKAGE_UNITS, NULL, 0, see, &check);
}

static err_t labels_twice(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "I23", "pkg",
                          "more than one label is wanted or paid for"};
    return sql_each(ctx, SQL_VERIFY_LABELS_TWICE, NULL, 0, see, &check);
}

static err_t package_labels(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "packages", "pkg",
                          "its state and its label's do not fit"};
    return sql_each(ctx, SQL_VERIFY_PACKAGE_LABELS, NULL, 0, see, &check);
}

static err_t label_calls(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "I23", "lbl",
                          "it is wanted, but no carrier will be asked"};
    return sql_each(ctx, SQL_VERIFY_LABEL_CALLS, NULL, 0, see, &check);
}

static err_t names(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "packages", "pkg",
                          "it names more units of an item than it holds"};
    return sql_each(ctx, SQL_VERIFY_PACKAGE_NAMES, NULL, 0, see, &check);
}

static err_t delivered(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "packages", "ord",
                          "other units arrived than its parcels say"};
    return sql_each(ctx, SQL_VERIFY_ORDER_DELIVERED, NULL, 0, see, &check);
}

static err_t trouble(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct check check = {fn, arg, "packages", "ord",
                          "its delivery's trouble is not that of its parcels"};
    return sql_each(ctx, SQL_VERIFY_ORDER_TROUBLE, NULL, 0, see, &check);
}

static const struct verify_check checks[] = {
    {"packages", "orders know what arrived",                delivered     },
    {"packages", "orders know of trouble",                  trouble       },
    {"packages", "parcels hold what is packed and shipped", units         },
    {"I23",      "no parcel has two labels",                labels_twice  },
    {"packages", "parcels fit their labels",                package_labels},
    {"I23",      "labels that are wanted are asked for",    label_calls   },
    {"packages", "named units are in their parcels",        names         },
};
const struct verify_list shipping_verify = {checks, COUNT_OF(checks)};
