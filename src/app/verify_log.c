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

static err_t check_subjects(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_EVENT_SUBJECTS, NULL, 0, see_orphan,
                    &check);
}

static err_t check_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_ROW_EVENTS, NULL, 0, see_unlogged, &check);
}

static err_t check_shape(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_EVENT_SHAPE, NULL, 0, see_misshaped,
                    &check);
}

static err_t check_cursors(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_CURSORS, NULL, 0, see_cursor, &check);
}

static const struct verify_check checks[] = {
    {"I29", "every event names a subject that is there", check_subjects},
    {"I29", "every version of a row has its event",      check_rows    },
    {"I29", "events have the shape we write",            check_shape   },
    {"I29", "no consumer is past the end of the log",    check_cursors },
};
const struct verify_list log_verify = {checks, COUNT_OF(checks)};
