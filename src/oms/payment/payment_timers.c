/* payment_timers.c - what the room does again and again. */
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_expiry.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_hook.h"
#include "oms/room.h"

/* The worker does the work; a store that is closed must be open for it. */
static err_t next_call_at(struct ctx *ctx, utc_ms *ret)
{
    struct call_taker anybody = {0};
    return payment_call_peek(ctx, &anybody, ret);
}

static const struct room_timer timers[] = {
    {.name = "gateway_calls",
     .period_ms = 60 * 60 * 1000,
     .next_at = next_call_at          },
    { .name = "gateway_events",
     .period_ms = 60 * 60 * 1000,
     .run = gateway_event_forget,
     .next_at = gateway_event_next_at},
    {  .name = "payment_expiry",
     .period_ms = 60 * 1000,
     .run = payment_expiry_run,
     .next_at = payment_expiry_next_at},
};
const struct timer_list gateway_timers = {timers, COUNT_OF(timers)};
