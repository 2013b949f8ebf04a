/* payment_fuzz.c - any bytes as the bodies of payments, refunds, gift cards and
 * store credit: a command within its limits, or a refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "base/money.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_api.h"
#include "oms/payment/payment_credit_api.h"
#include "oms/payment/payment_refund_api.h"
#include "oms/payment/payment_refund_plan.h"
#include "oms/payment/payment_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is asked, no tender gives more than it has, and the order is never
 * worth less than nothing. */
static void plan(struct ctx *ctx, const struct refund_cmd *cmd)
{
    struct refund_tender tenders[] = {
        {{1}, TENDER_CARD, 700 },
        {{2}, TENDER_CASH, 1300}
    };
    struct refund_facts facts = {tenders, COUNT_OF(tenders), 5};
    struct order_line lines[] = {
        {.n = 1, .ordered = 5, .shipped = 5, .total_now = 1501},
        {.n = 2, .ordered = 2, .shipped = 1, .total_now = 9   },
    };
    struct order order = {
        .currency = "EUR",
        .lines = lines,
        .line_count = COUNT_OF(lines),
        .charges_now = 490,
        .pay = {.captured = 2005, .refunded = 5}
    };
    struct refund refund;
    err_t err = refund_plan(ctx, cmd, &facts, &order, &refund);
    ASSERT(err == OK || err == ERR_INVALID);
    ASSERT(order_total_now(&order) >= 0 && order.charges_now >= 0);
    int64_t sum = 0;
    for (size_t i = 0; err == OK && i < refund.part_count; i++) {
        ASSERT(refund.parts[i].amount > 0);
        sum += refund.parts[i].amount;
    }
    ASSERT(err != OK || (sum == refund.amount && sum <= 2000));
}

static err_t read(struct ctx *ctx, struct json_in *in, int kind)
{
    struct payment_cmd pay = {.amount = 0};
    struct payment_step step = {.type = PAYMENT_CAPTURE};
    struct payment_report report = {.amount = 0};
    struct refund_cmd refund = {.version = 0};
    struct refund_end end = {.version = 0};
    struct gift_card_cmd card = {.amount = 0};
    struct credit_adjust adjust = {.amount = 0};
    struct store_credit_cmd store = {.amount = 0};
    switch (kind) {
    case 0: return payment_cmd_from_json(ctx, in, &pay);
    case 1: return payment_step_from_json(ctx, in, &step);
    case 2: return payment_report_from_json(ctx, in, &report);
    case 3: return refund_end_from_json(ctx, in, &end);
    case 4: return gift_card_from_json(ctx, in, &card);
    case 5: return credit_adjust_from_json(ctx, in, &adjust);
    case 6: return store_credit_from_json(ctx, in, &store);
    default: break;
    }
    TRY(refund_cmd_from_json(ctx, in, kind == 7, &refund));
    plan(ctx, &refund);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { KINDS = 9 };
    for (int kind = 0; kind < KINDS; kind++) {
        struct ctx ctx = {.arena = arena_open(), .now = 1000};
        struct json_in *in = NULL;
        err_t err = json_parse(&ctx, (str){(const char *)data, size}, &in);
        if (err == OK)
            err = read(&ctx, in, kind);
        ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
        arena_close(ctx.arena);
    }
    return 0;
}
