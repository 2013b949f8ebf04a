/* tenant_room.c - the door of the tenant room. */
#include "oms/tenant/tenant_room.h"

#include "base/str.h"
#include "oms/room.h"
#include "oms/tenant/tenant.h"
#include "oms/tenant/tenant_sql.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see_link(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    check->report(check->arg, "I28", sql_str(row, 0, 0),
                  STR("leads to no tenant"));
    return OK;
}

static err_t check_links(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_TENANT_LINKS, NULL, 0, see_link, &check);
}

static const struct verify_check checks[] = {
    {"I28", "hosts and credentials lead to a tenant", check_links},
};
static const struct verify_list verify = {checks, COUNT_OF(checks)};

const struct room tenant_room = {
    .name = "tenant",
    .routes = &tenant_routes,
    .events = &tenant_events,
    .verify = &verify,
};
