/* outside.c - see outside.h. */
#include "oms/outside.h"

#include "store/epoch.h"
#include "store/sql.h"

const char *const call_state_names[CALL_CANCELLED] = {
    "wanted", "asked",   "unknown", "looking",
    "done",   "refused", "stuck",   "cancelled"};
const char *const call_event_names[CALL_EVENT_CANCEL] = {
    "want", "doubt",  "take",    "done",  "refuse", "later",
    "lose", "absent", "give_up", "retry", "cancel"};

int64_t call_backoff_ms(int64_t times)
{
    static const int64_t most = (int64_t)15 * 60 * 1000;
    int64_t ms = 1000;
    for (int64_t i = 1; i < times && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}

bool call_is_settled(utc_ms asked_at, utc_ms lease_until)
{
    return lease_until - CALL_LEASE_MS - asked_at >= CALL_SETTLE_MS;
}

void call_put_busy(const struct call_taker *taker, struct sql_arg *args)
{
    for (size_t i = 0; i < CALL_BUSY_MAX; i++)
        args[i] = sql_i(taker->busy[i]);
}

err_t call_next_at(struct ctx *ctx, int stmt, const struct call_taker *taker,
                   utc_ms *ret)
{
    struct sql_rows rows;
    struct sql_arg args[CALL_BUSY_MAX];
    bool is_paused;
    *ret = 0;
    TRY(outbound_is_paused(ctx, &is_paused));
    if (is_paused)
        return OK;
    call_put_busy(taker, args);
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    if (!sql_is_null(&rows, 0, 0))
        *ret = sql_int(&rows, 0, 0) ? sql_int(&rows, 0, 0) : 1;
    return OK;
}
