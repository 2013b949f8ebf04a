/* verify_log.c - I29: the event log is complete, and every change is in it. */
#include "app/verify.h"
#include "app/verify_sql.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static void report_id(const struct check *check, const char *prefix, int64_t id,
                      str what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id > 0 ? id_to_text(prefix, id, text) : 0;
    check->report(check->arg, "I29", (str){text, len}, what);
}

static err_t see_orphan(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    str type = sql_str(row, 0, 1), kind = sql_str(row, 0, 2);
    report_id(arg, "evt", sql_int(row, 0, 0),
              str_printf(ctx->arena, "%.*s names a subject (%.*s) that is gone",
                         STR_ARG(type), STR_ARG(kind)));
    return OK;
}

static err_t see_unlogged(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    char prefix[4] = "";
    str kind = sql_str(row, 0, 0);
    ASSERT(kind.len < sizeof(prefix));
    memcpy(prefix, kind.ptr, kind.len);
    report_id(arg, prefix, sql_int(row, 0, 1),
              str_printf(ctx->arena, "version %lld has only %lld events",
                         (long long)sql_int(row, 0, 2),
                         (long long)sql_int(row, 0, 3)));
    return OK;
}

static err_t see_misshaped(struct ctx *ctx, const struct sql_rows *row,
                           void *arg)
{
    (void)ctx;
    report_id(arg, "evt", sql_int(row, 0, 0),
              STR("its bucket or actor is not one we write"));
    return OK;
}

static err_t see_cursor(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    check->report(check->arg, "I29", sql_str(row, 0, 0),
                  STR("the consumer's cursor is past the end of the log"));
    return OK;
}

static err_t in_range(struct ctx *ctx, int stmt, struct verify_range range,
                      sql_each_fn *see, struct check check)
{
    struct sql_arg args[] = {sql_i(range.after), sql_i(range.upto)};
    return sql_each(ctx, stmt, args, COUNT_OF(args), see, &check);
}

static err_t check_subjects(struct ctx *ctx, struct verify_range range,
                            verify_report_fn *report, void *arg)
{
    return in_range(ctx, SQL_VERIFY_EVENT_SUBJECTS, range, see_orphan,
                    (struct check){report, arg});
}

static err_t check_orders(struct ctx *ctx, struct verify_range range,
                          verify_report_fn *report, void *arg)
{
    return in_range(ctx, SQL_VERIFY_ORDER_EVENTS, range, see_unlogged,
                    (struct check){report, arg});
}

static err_t check_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_ROW_EVENTS, NULL, 0, see_unlogged, &check);
}

static err_t check_shape(struct ctx *ctx, struct verify_range range,
                         verify_report_fn *report, void *arg)
{
    return in_range(ctx, SQL_VERIFY_EVENT_SHAPE, range, see_misshaped,
                    (struct check){report, arg});
}

static err_t check_cursors(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_CURSORS, NULL, 0, see_cursor, &check);
}

static const struct verify_check checks[] = {
    {"I29", "every version of another row has its event", check_rows   },
    {"I29", "no consumer is past the end of the log",     check_cursors},
};
const struct verify_list log_verify = {checks, COUNT_OF(checks)};

/* clang-format off */
const struct verify_part log_parts[] = {
    {"I29", "every event names a subject that is there",
     VERIFY_BY_EVENT, check_subjects},
    {"I29", "every version of an order has its event",
     VERIFY_BY_ORDER, check_orders},
    {"I29", "events have the shape we write", VERIFY_BY_EVENT, check_shape},
    {NULL, NULL, VERIFY_BY_EVENT, NULL},
};
/* clang-format on */
