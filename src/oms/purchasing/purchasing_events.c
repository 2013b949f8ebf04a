/* purchasing_events.c - the consumer that shows receipts in purchase orders.
 *
 * A receipt posted straight against what an order expects is found by its
 * event; the order is then made to say what its expected receipts say, so an
 * event handled twice changes nothing.
 */
#include "base/arena.h"
#include "base/str.h"
#include "oms/purchasing/purchasing_store.h"
#include "store/event.h"

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    int64_t *receipts = arena_array(ctx->arena, int64_t, count);
    purchase_order_id *orders;
    size_t n = 0, order_count;
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(events[i].type, "receipt.created"))
            receipts[n++] = events[i].subject_id;
    if (n == 0)
        return OK;
    TRY(purchase_of_receipts(ctx, receipts, n, &orders, &order_count));
    for (size_t i = 0; i < order_count; i++) {
        struct purchase_work work;
        TRY(purchase_lock_work(ctx, orders[i], &work));
        TRY(purchase_note_received(ctx, &work));
    }
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = PURCHASE_CONSUMER, .consume = consume},
};
const struct event_list purchasing_events = {consumers, COUNT_OF(consumers)};
