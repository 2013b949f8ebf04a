/* wrap_deals.c - wrong ways to deal: what a mistake in the rooms would do. */
#include "oms/change/change_draft.h"
#include "oms/change/change_exchange.h"
#include "oms/finance/finance_invoice.h"
#include "oms/order/order_fulfil.h"
#include "oms/payment/payment_refund.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_orphan.h"
#include "wrap.h"

enum exchange_event __real_exchange_next(enum exchange_state state,
                                         const struct exchange_facts *facts);
enum exchange_event __wrap_exchange_next(enum exchange_state state,
                                         const struct exchange_facts *facts);
err_t __real_order_gate_list(struct ctx *ctx, order_id order, int64_t **ret,
                             size_t *ret_count);
err_t __wrap_order_gate_list(struct ctx *ctx, order_id order, int64_t **ret,
                             size_t *ret_count);
err_t __real_refund_settle(struct ctx *ctx, order_id order, str reason,
                           struct refund *ret, bool *ret_is_made);
err_t __wrap_refund_settle(struct ctx *ctx, order_id order, str reason,
                           struct refund *ret, bool *ret_is_made);

enum exchange_event __wrap_exchange_next(enum exchange_state state,
                                         const struct exchange_facts *facts)
{
    struct exchange_facts paid = *facts;
    if (wrong_stock == SWAP_WAITS_NOT)
        paid.due_now = 0;
    return __real_exchange_next(state, &paid);
}

err_t __wrap_order_gate_list(struct ctx *ctx, order_id order, int64_t **ret,
                             size_t *ret_count)
{
    TRY(__real_order_gate_list(ctx, order, ret, ret_count));
    if (wrong_stock == SWAP_HOLDS_NOTHING)
        *ret_count = 0;
    return OK;
}

err_t __wrap_refund_settle(struct ctx *ctx, order_id order, str reason,
                           struct refund *ret, bool *ret_is_made)
{
    if (wrong_stock != SWAP_GIVES_NOTHING)
        return __real_refund_settle(ctx, order, reason, ret, ret_is_made);
    *ret_is_made = false;
    return OK;
}

/* ---- documents ---- */

size_t __real_bill_parts_due(const struct bill_part *worth, size_t count,
                             const struct bill_part *billed,
                             size_t billed_count, enum bill_kind kind,
                             struct bill_part *ret);
size_t __wrap_bill_parts_due(const struct bill_part *worth, size_t count,
                             const struct bill_part *billed,
                             size_t billed_count, enum bill_kind kind,
                             struct bill_part *ret);
err_t __real_bill_sums(struct ctx *ctx, order_id order, struct bill_part **ret,
                       size_t *ret_count);
err_t __wrap_bill_sums(struct ctx *ctx, order_id order, struct bill_part **ret,
                       size_t *ret_count);
err_t __real_invoice_number(struct ctx *ctx, invoice_series_id series,
                            enum bill_kind kind, int64_t *ret_n,
                            str *ret_number);
err_t __wrap_invoice_number(struct ctx *ctx, invoice_series_id series,
                            enum bill_kind kind, int64_t *ret_n,
                            str *ret_number);

size_t __wrap_bill_parts_due(const struct bill_part *worth, size_t count,
                             const struct bill_part *billed,
                             size_t billed_count, enum bill_kind kind,
                             struct bill_part *ret)
{
    size_t n =
        __real_bill_parts_due(worth, count, billed, billed_count, kind, ret);
    if (wrong_stock == BILL_CREDITS_NOTHING && kind == BILL_CREDIT)
        return 0;
    return wrong_stock == BILL_FORGETS_PART && n > 1 ? n - 1 : n;
}

err_t __wrap_bill_sums(struct ctx *ctx, order_id order, struct bill_part **ret,
                       size_t *ret_count)
{
    TRY(__real_bill_sums(ctx, order, ret, ret_count));
    if (wrong_stock == BILL_TWICE)
        *ret_count = 0;
    return OK;
}

err_t __wrap_invoice_number(struct ctx *ctx, invoice_series_id series,
                            enum bill_kind kind, int64_t *ret_n,
                            str *ret_number)
{
    if (wrong_stock == BILL_LEAVES_GAP)
        TRY(__real_invoice_number(ctx, series, kind, ret_n, ret_number));
    return __real_invoice_number(ctx, series, kind, ret_n, ret_number);
}

/* ---- drafts ---- */

err_t __real_draft_company_owes(struct ctx *ctx, const struct company *company,
                                int64_t *ret);
err_t __wrap_draft_company_owes(struct ctx *ctx, const struct company *company,
                                int64_t *ret);
err_t __real_draft_check_approved(struct ctx *ctx, const struct draft *draft,
                                  const struct company *company);
err_t __wrap_draft_check_approved(struct ctx *ctx, const struct draft *draft,
                                  const struct company *company);

err_t __wrap_draft_company_owes(struct ctx *ctx, const struct company *company,
                                int64_t *ret)
{
    TRY(__real_draft_company_owes(ctx, company, ret));
    if (wrong_stock == DRAFT_FORGETS_OWED)
        *ret = 0;
    return OK;
}

err_t __wrap_draft_check_approved(struct ctx *ctx, const struct draft *draft,
                                  const struct company *company)
{
    if (wrong_stock == DRAFT_NEEDS_NO_YES)
        return OK;
    return __real_draft_check_approved(ctx, draft, company);
}

/* ---- labels nobody wants ---- */

err_t __real_sweep_begin(struct ctx *ctx, const struct call *call, utc_ms at);
err_t __wrap_sweep_begin(struct ctx *ctx, const struct call *call, utc_ms at);
err_t __real_orphan_outcome(struct ctx *ctx, struct orphan *orphan,
                            const struct carrier_outcome *outcome);
err_t __wrap_orphan_outcome(struct ctx *ctx, struct orphan *orphan,
                            const struct carrier_outcome *outcome);
err_t __real_void_outcome(struct ctx *ctx, const struct call *call,
                          const struct carrier_outcome *outcome);
err_t __wrap_void_outcome(struct ctx *ctx, const struct call *call,
                          const struct carrier_outcome *outcome);

err_t __wrap_sweep_begin(struct ctx *ctx, const struct call *call, utc_ms at)
{
    if (wrong_stock == LABEL_IS_NOT_SOUGHT)
        return OK;
    return __real_sweep_begin(ctx, call, at);
}

err_t __wrap_orphan_outcome(struct ctx *ctx, struct orphan *orphan,
                            const struct carrier_outcome *outcome)
{
    struct carrier_outcome said = *outcome;
    if (wrong_stock == LABEL_NO_IS_YES && said.result == CARRIER_REFUSED)
        said.result = CARRIER_DONE;
    return __real_orphan_outcome(ctx, orphan, &said);
}

err_t __wrap_void_outcome(struct ctx *ctx, const struct call *call,
                          const struct carrier_outcome *outcome)
{
    if (wrong_stock == LABEL_VOID_UNHEARD && call->state == CALL_REFUSED &&
        outcome->result == CARRIER_DONE)
        return OK;
    return __real_void_outcome(ctx, call, outcome);
}
