/* shipping_sscc.c - serial numbers of company prefixes, each given out once.
 *
 * A restored store does not know what was given out after its backup was made:
 * in a new epoch the numbers go on a good way further. */
#include "oms/shipping/shipping_sscc.h"

#include "base/str.h"
#include "oms/shipping/shipping_gs1.h"
#include "oms/shipping/shipping_sscc_sql.h"
#include "store/epoch.h"
#include "store/sql.h"

enum { EPOCH_GAP = 100000 };

err_t sscc_next(struct ctx *ctx, str prefix, str *ret)
{
    struct epoch epoch;
    struct sql_rows rows;
    char sscc[SSCC_DIGITS];
    TRY(epoch_get(ctx, &epoch));
    struct sql_arg add[] = {sql_s(prefix), sql_s(epoch.text)};
    TRY(sql_run(ctx, SQL_SSCC_ADD, add, COUNT_OF(add), NULL));
    TRY(sql_list(ctx, SQL_SSCC_LOCK, add, 1, &rows));
    int64_t serial = sql_int(&rows, 0, 0);
    if (!str_equal(sql_str(&rows, 0, 1), epoch.text))
        serial += EPOCH_GAP;
    sscc_make(prefix, serial % sscc_space(prefix), sscc);
    struct sql_arg save[] = {sql_i(serial + 1), sql_s(epoch.text),
                             sql_s(prefix)};
    TRY(sql_run(ctx, SQL_SSCC_SAVE, save, COUNT_OF(save), NULL));
    *ret = str_copy(ctx->arena, (str){sscc, SSCC_DIGITS});
    return OK;
}
