/* payment_capture_events.c - the consumer that asks gateways for what the rule
 * of a channel says.
 *
 * Events only say which orders to look at. What is asked for is the difference
 * of what is due and what was taken or is asked for already, so an event
 * handled twice asks for nothing twice.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_capture.h"
#include "oms/payment/payment_capture_sql.h"
#include "oms/payment/payment_refund_store.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/sql.h"

/* ---- one order ---- */

/* What was given back by refunds or is about to be: it is off the worth too.
 * Money given back otherwise is not taken again. */
static err_t given_back(struct ctx *ctx, order_id order, int64_t *ret)
{
    struct refund *refunds;
    size_t count;
    *ret = 0;
    TRY(refund_list(ctx, order, &refunds, &count));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < refunds[i].part_count; j++) {
            const struct refund_part *part = &refunds[i].parts[j];
            if (part->state == REFUND_PENDING ||
                part->state == REFUND_SUCCEEDED)
                *ret += part->amount;
        }
    return OK;
}

static int64_t asked_for(const struct payment *pay)
{
    int64_t amount = 0;
    for (size_t i = 0; i < pay->call_count; i++)
        if (pay->calls[i].type == PAYMENT_CAPTURE &&
            payment_call_is_live(&pay->calls[i]))
            amount += pay->calls[i].amount;
    return amount;
}

/* Nothing is asked beside a promise or a void under way, nor again what was
 * refused: of that a task tells, until more is due. */
static bool is_free(const struct payment *pay, str step)
{
    if (pay->account.v == 0 || pay->now.authorized == 0)
        return false;
    for (size_t i = 0; i < pay->call_count; i++) {
        const struct payment_call *call = &pay->calls[i];
        bool is_live = payment_call_is_live(call);
        bool is_other =
            call->type != PAYMENT_CAPTURE && call->type != PAYMENT_REFUND;
        if ((is_live && is_other) ||
            (call->type == PAYMENT_CAPTURE && str_equal(call->step, step) &&
             (is_live || call->state == CALL_REFUSED)))
            return false;
    }
    return true;
}

/* Takes what was asked for off *left. */
static err_t ask(struct ctx *ctx, struct payment *pay, int64_t amount, str step,
                 int64_t *left)
{
    struct payment_asked asked;
    struct payment_wish wish = {
        .type = PAYMENT_CAPTURE, .amount = amount, .reference = step};
    err_t err = payment_work_ask(ctx, pay, &wish, &asked);
    if (err == OK)
        *left -= amount;
    if (err != ERR_STATE && err != ERR_INVALID)
        return err;
    err_clear(ctx); /* It has as many transactions as it may have. */
    return OK;
}

static err_t follow(struct ctx *ctx, order_id id, enum payment_capture rule)
{
    struct payment_work work;
    int64_t back;
    TRY(payment_work_open(ctx, id, &work));
    int64_t due = capture_due(&work.order, rule);
    if (due == 0)
        return OK;
    TRY(given_back(ctx, id, &back));
    str step = str_printf(ctx->arena, "due-%lld", (long long)(due + back));
    int64_t left = due + back - work.order.pay.captured;
    for (size_t i = 0; i < work.count; i++)
        left -= asked_for(&work.payments[i]);
    for (size_t i = 0; i < work.count && left > 0; i++) {
        struct payment *pay = &work.payments[i];
        int64_t most =
            is_free(pay, step) ? payment_left(pay, PAYMENT_CAPTURE) : 0;
        int64_t part = most < left ? most : left;
        if (part > 0)
            TRY(ask(ctx, pay, part, step, &left));
    }
    return payment_work_close(ctx, &work);
}

/* ---- many events ---- */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t distinct(int64_t *ids, size_t count)
{
    size_t n = 0;
    if (count > 1)
        qsort(ids, count, sizeof *ids, by_value);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    return n;
}

/* Orders that the events are about, or whose payments, each once and in order
 * of id. */
static err_t orders_of(struct ctx *ctx, const struct event *events,
                       size_t count, int64_t *ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    int64_t *payments = arena_array(ctx->arena, int64_t, count);
    size_t n = 0, payment_count = 0;
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(events[i].subject_kind, "order"))
            ret[n++] = events[i].subject_id;
        else if (str_equal_cstr(events[i].subject_kind, "payment"))
            payments[payment_count++] = events[i].subject_id;
    payment_count = distinct(payments, payment_count);
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < payment_count; i++)
        args[i] = sql_i(payments[i]);
    if (payment_count > 0)
        TRY(sql_list_many(ctx, SQL_CAPTURE_PAYMENT_ORDER, args, 1,
                          payment_count, &rows));
    for (size_t i = 0; i < rows.count; i++)
        ret[n++] = sql_int(&rows, i, 0);
    *ret_count = distinct(ret, n);
    return OK;
}

static err_t rules_of(struct ctx *ctx, const int64_t *ids, size_t count,
                      struct sql_rows *ret)
{
    enum { PARAMS = 2 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id_bucket(ids[i]));
        args[i * PARAMS + 1] = sql_i(ids[i]);
    }
    return sql_list_many(ctx, SQL_CAPTURE_ORDER, args, PARAMS, count, ret);
}

static enum payment_capture rule_of(const struct sql_rows *rows, int64_t id)
{
    for (size_t i = 0; i < rows->count; i++)
        if (sql_int(rows, i, 0) == id)
            return (enum payment_capture)sql_int(rows, i, 1);
    return CAPTURE_MANUAL;
}

/* Orders are locked in order of id: two writers never wait for each other. */
static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct sql_rows rows;
    size_t n;
    int64_t *ids = arena_array(ctx->arena, int64_t, count);
    TRY(sql_list(ctx, SQL_CAPTURE_IS_RULED, NULL, 0, &rows));
    if (rows.count == 0)
        return OK;
    TRY(orders_of(ctx, events, count, ids, &n));
    if (n == 0)
        return OK;
    TRY(rules_of(ctx, ids, n, &rows));
    for (size_t i = 0; i < n; i++) {
        enum payment_capture rule = rule_of(&rows, ids[i]);
        if (rule != CAPTURE_MANUAL)
            TRY(follow(ctx, (order_id){ids[i]}, rule));
    }
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "captures", .consume = consume},
};
const struct event_list gateway_events = {consumers, COUNT_OF(consumers)};
