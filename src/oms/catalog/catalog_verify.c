/* catalog_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/catalog/catalog_room.h"
#include "oms/catalog/catalog_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see_sku(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    int64_t id = sql_int(row, 0, 0), bucket = sql_int(row, 0, 1);
    str code = sql_str(row, 0, 2);
    if (id_bucket(id) != bucket || str_bucket(code) != bucket)
        check->report(check->arg, "bucket", code,
                      STR("the SKU is not in the bucket of its code"));
    return OK;
}

static err_t check_buckets(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_SKUS, NULL, 0, see_sku, &check);
}

static err_t see_kit(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    check->report(check->arg, "I8", sql_str(row, 0, 1),
                  STR("a kit has components, all tracked and no kits, and no "
                      "stock of its own"));
    return OK;
}

static err_t check_kits(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    TRY(sql_each(ctx, SQL_VERIFY_KITS, NULL, 0, see_kit, &check));
    return sql_each(ctx, SQL_VERIFY_KIT_PARTS, NULL, 0, see_kit, &check);
}

static const struct verify_check checks[] = {
    {"bucket", "a SKU is in the bucket of its code",      check_buckets},
    {"I8",     "a kit is its components, one level deep", check_kits   },
};
const struct verify_list catalog_verify = {checks, COUNT_OF(checks)};
