/* channel_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/channel/channel_room.h"
#include "oms/channel/channel_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see_channel(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("chn", sql_int(row, 0, 0), text);
    check->report(check->arg, "numbers", (str){text, len},
                  STR("the channel has no order numbers"));
    return OK;
}

static err_t check_numbers(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_CHANNEL_NUMBERS, NULL, 0, see_channel,
                    &check);
}

static const struct verify_check checks[] = {
    {"numbers", "every channel has order numbers to give", check_numbers},
};
const struct verify_list channel_verify = {checks, COUNT_OF(checks)};
