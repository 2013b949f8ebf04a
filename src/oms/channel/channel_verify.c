/* channel_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/channel/channel_room.h"
#include "oms/channel/channel_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_numbers(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "numbers", "chn",
                           "the channel has no order numbers"};
    return verify_none(ctx, SQL_VERIFY_CHANNEL_NUMBERS, check);
}

static const struct verify_check checks[] = {
    {"numbers", "every channel has order numbers to give", check_numbers},
};
const struct verify_list channel_verify = {checks, COUNT_OF(checks)};
