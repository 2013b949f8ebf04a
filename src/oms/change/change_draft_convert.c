/* change_draft_convert.c - a draft becomes an order; or is forgotten. */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_quote.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment.h"

/* ---- what a company owes ---- */

static err_t check_credit(struct ctx *ctx, const struct draft *draft,
                          const struct company *company)
{
    int64_t owed;
    if (company->credit_limit == COMPANY_NONE)
        return OK;
    if (strcmp(draft->currency, company->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "order.currency",
                       "the company's credit limit is in %s",
                       company->currency);
    TRY(draft_settle(ctx, company)); /* It is locked. */
    TRY(draft_company_owes(ctx, company, &owed));
    if (owed <= company->credit_limit &&
        draft->total <= company->credit_limit - owed)
        return OK;
    return fail_as(ctx, ERR_INVALID, "credit_limit", "total",
                   "the limit is %lld %s, the company owes %lld and this "
                   "order comes to %lld",
                   (long long)company->credit_limit, company->currency,
                   (long long)owed, (long long)draft->total);
}

/* ---- becoming an order ---- */

static err_t check_convert(struct ctx *ctx, const struct draft *draft)
{
    struct company company = {.credit_limit = COMPANY_NONE,
                              .approval_over = COMPANY_NONE};
    TRY(machine_allow(ctx, &draft_machine, (int)draft->state,
                      DRAFT_EVENT_CONVERT));
    if (draft->state == DRAFT_ACCEPTED && draft->valid_until <= ctx->now)
        return fail_as(ctx, ERR_STATE, "quote_expired", "valid_until",
                       "the quote was good until then; revise it");
    if (draft->company.v)
        TRY(company_lock(ctx, draft->company, &company));
    TRY(draft_check_approved(ctx, draft, &company));
    return check_credit(ctx, draft, &company);
}

/* Its external id is the draft's own where the body names none. */
err_t draft_read_body(struct ctx *ctx, const struct draft *draft,
                      struct order_cmd *ret)
{
    struct json_in *in;
    char *text = arena_array(ctx->arena, char, ID_TEXT_BYTES);
    str id = {text, id_to_text("drf", draft->id.v, text)};
    TRY(json_parse(ctx, draft->body, &in));
    return order_cmd_from_json(ctx, in, id, ret);
}

static err_t place(struct ctx *ctx, const struct draft *draft,
                   struct order *ret)
{
    struct order_cmd cmd;
    bool is_new;
    TRY(draft_read_body(ctx, draft, &cmd));
    TRY(order_place(ctx, &cmd, ret, &is_new));
    if (!is_new)
        return fail_as(ctx, ERR_CONFLICT, "external_id_reused",
                       "order.external_id",
                       "an order with this external id was placed before");
    ASSERT(ret->totals.total == draft->total);
    return OK;
}

/* It is owed by invoice, until its day. */
static err_t promise_payment(struct ctx *ctx, const struct draft *draft)
{
    struct payment pay;
    struct payment_cmd cmd = {.order = draft->order,
                              .tender = TENDER_INVOICE,
                              .amount = draft->total,
                              .reference = draft->po_number,
                              .due_at = ctx->now + draft->terms_days * DAY_MS};
    if (draft->terms_days == COMPANY_NONE || draft->total == 0)
        return OK;
    memcpy(cmd.currency, draft->currency, sizeof cmd.currency);
    return payment_create(ctx, &cmd, &pay);
}

err_t draft_convert(struct ctx *ctx, const struct draft_step *step,
                    struct draft *ret, struct order *ret_order)
{
    struct draft draft;
    struct order order;
    ASSERT(ctx->tx && ctx->ids);
    TRY(draft_lock(ctx, step->id, &draft));
    TRY(check_version(ctx, step->version, draft.version));
    TRY(check_convert(ctx, &draft));
    TRY(place(ctx, &draft, &order));
    draft.order = order.id;
    TRY(promise_payment(ctx, &draft));
    TRY(draft_step_to(ctx, &draft, DRAFT_EVENT_CONVERT));
    TRY(draft_save(ctx, &draft));
    TRY(draft_tell(ctx, &draft, "draft.converted"));
    *ret = draft;
    return order_get(ctx, draft.order, ret_order);
}

/* ---- the buyer answers ---- */

/* What the company owes is between it and the house. */
static err_t check_buyer(struct ctx *ctx, const struct draft *draft)
{
    struct company company;
    if (draft->company.v == 0)
        return OK;
    TRY(company_lock(ctx, draft->company, &company));
    err_t err = check_credit(ctx, draft, &company);
    if (err != ERR_INVALID)
        return err;
    err_clear(ctx);
    return fail_as(ctx, ERR_STATE, "credit_limit", "total",
                   "this is more than may be bought on account now; ask the "
                   "seller");
}

static bool is_answered(const struct draft *draft, enum draft_event event)
{
    if (event == DRAFT_EVENT_DECLINE)
        return draft->state == DRAFT_DECLINED;
    return draft->state == DRAFT_ACCEPTED || draft->state == DRAFT_CONVERTED;
}

err_t draft_answer(struct ctx *ctx, const struct draft_step *step,
                   enum draft_event event, struct draft *ret)
{
    ASSERT(ctx->tx &&
           (event == DRAFT_EVENT_ACCEPT || event == DRAFT_EVENT_DECLINE));
    TRY(draft_lock(ctx, step->id, ret));
    TRY(draft_check_shown(ctx, ret, step->sent));
    if (is_answered(ret, event))
        return OK;
    TRY(check_version(ctx, step->version, ret->version));
    if (event == DRAFT_EVENT_ACCEPT)
        TRY(check_buyer(ctx, ret));
    return draft_move(ctx, step, event, ret);
}

/* How many steps ago it was sent, at most; -1: it is not out. A step is a
 * version, and to send it anew takes two. */
static int64_t steps_since_sent(enum draft_state state)
{
    switch (state) {
    case DRAFT_SENT: return 0;
    case DRAFT_ACCEPTED:
    case DRAFT_DECLINED:
    case DRAFT_EXPIRED: return 1;
    case DRAFT_CONVERTED: return 2;
    case DRAFT_DRAFT:
    case DRAFT_REQUESTED:
    case DRAFT_APPROVED:
    case DRAFT_REFUSED:
    case DRAFT_DISCARDED: break;
    }
    return -1;
}

err_t draft_check_shown(struct ctx *ctx, const struct draft *draft,
                        int64_t sent)
{
    if (draft->version - sent <= steps_since_sent(draft->state))
        return OK;
    return fail_as(ctx, ERR_GONE, "quote_withdrawn", "token",
                   "the seller took this quote back; ask for another");
}

/* ---- forgetting a person ---- */

static const struct order_party *country_of(struct ctx *ctx,
                                            const struct order_party *party)
{
    if (!party)
        return NULL;
    struct order_party *ret = arena_new(ctx->arena, struct order_party);
    ret->country = party->country;
    return ret;
}

static err_t forget_body(struct ctx *ctx, struct draft *draft)
{
    struct order_cmd cmd;
    TRY(draft_read_body(ctx, draft, &cmd));
    cmd.customer = NULL;
    cmd.shipping_address = country_of(ctx, cmd.shipping_address);
    cmd.billing_address = country_of(ctx, cmd.billing_address);
    cmd.attrs = cmd.note = STR_NONE;
    for (size_t i = 0; i < cmd.line_count; i++)
        cmd.lines[i].attrs = STR_NONE;
    draft->body = order_cmd_body(ctx->arena, &cmd);
    return OK;
}

err_t draft_erase(struct ctx *ctx, customer_id id)
{
    struct draft *all;
    size_t count;
    TRY(draft_list_customer(ctx, id, &all, &count));
    for (size_t i = 0; i < count; i++) {
        struct draft draft;
        TRY(draft_lock(ctx, all[i].id, &draft));
        if (machine_next(&draft_machine, (int)draft.state, DRAFT_EVENT_DISCARD))
            draft.state = DRAFT_DISCARDED;
        TRY(forget_body(ctx, &draft));
        draft.po_number = draft.answer = STR_NONE;
        TRY(draft_save(ctx, &draft));
        TRY(draft_tell(ctx, &draft, "draft.erased"));
    }
    return OK;
}
