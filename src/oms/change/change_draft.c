/* change_draft.c - the commands that write drafts down and move them. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_draft.h"
#include "oms/customer/customer.h"
#include "oms/room.h"
#include "store/event.h"

enum { EVENT_BYTES = 1024 };
static const utc_ms VALID_MOST_MS = (utc_ms)366 * 24 * 60 * 60 * 1000;

static const char *const told[DRAFT_EVENT_DISCARD] = {
    "draft.created", "draft.revised",   "draft.requested", "draft.approved",
    "draft.refused", "draft.sent",      "draft.accepted",  "draft.declined",
    "draft.expired", "draft.converted", "draft.discarded"};

err_t draft_tell(struct ctx *ctx, const struct draft *draft, const char *type)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", draft->version);
    json_put_cstr(&out, "state",
                  machine_state_name(&draft_machine, (int)draft->state));
    json_put_id_or_null(&out, "company", "cmp", draft->company.v);
    json_put_id_or_null(&out, "customer", "cus", draft->customer.v);
    json_put_id_or_null(&out, "order", "ord", draft->order.v);
    json_put_i64_or_null(&out, "quote_number", draft->quote_number);
    json_put_money(&out, "total", money_make(draft->total, draft->currency));
    json_put_time_or_null(&out, "valid_until", draft->valid_until);
    json_end_object(&out);
    return event_add(ctx, type, "draft", draft->id.v, buf_str(&buf), NULL);
}

err_t draft_step_to(struct ctx *ctx, struct draft *draft,
                    enum draft_event event)
{
    TRY(machine_allow(ctx, &draft_machine, (int)draft->state, (int)event));
    draft->state = (enum draft_state)machine_next(
        &draft_machine, (int)draft->state, (int)event);
    return OK;
}

err_t draft_write_down(struct ctx *ctx, const struct draft_cmd *cmd,
                       struct draft *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct draft draft = {
        .version = 1, .created_at = ctx->now, .updated_at = ctx->now};
    enum draft_event event =
        cmd->id.v ? DRAFT_EVENT_REVISE : DRAFT_EVENT_CREATE;
    if (cmd->id.v) {
        TRY(draft_lock(ctx, cmd->id, &draft));
        TRY(check_version(ctx, cmd->version, draft.version));
    }
    TRY(draft_step_to(ctx, &draft, event));
    TRY(draft_work_out(ctx, cmd, &draft));
    draft.valid_until = 0; /* What is written anew is sent anew. */
    draft.answer = STR_NONE;
    if (cmd->id.v) {
        TRY(draft_save(ctx, &draft));
    } else {
        draft.id.v = id_next(ctx->ids, ctx->now, 0);
        TRY(draft_insert(ctx, &draft));
    }
    *ret = draft;
    return draft_tell(ctx, &draft, told[event - 1]);
}

/* ---- steps ---- */

err_t draft_check_approved(struct ctx *ctx, const struct draft *draft,
                           const struct company *company)
{
    if (draft->state != DRAFT_DRAFT || company->approval_over == COMPANY_NONE ||
        (draft->total <= company->approval_over &&
         strcmp(draft->currency, company->currency) == 0))
        return OK;
    str over = money_to_decimal(
        ctx->arena, money_make(company->approval_over, company->currency));
    return fail_as(ctx, ERR_STATE, "approval_needed", "state",
                   "a draft of more than %.*s %s needs a yes: request it",
                   STR_ARG(over), company->currency);
}

static err_t prepare_send(struct ctx *ctx, const struct draft_step *step,
                          struct draft *draft)
{
    struct company company = {.approval_over = COMPANY_NONE};
    if (step->valid_until <= ctx->now ||
        step->valid_until > ctx->now + VALID_MOST_MS)
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "valid_until",
                       "must lie ahead, within a year");
    if (draft->company.v)
        TRY(company_get(ctx, draft->company, &company));
    TRY(draft_check_approved(ctx, draft, &company));
    draft->valid_until = step->valid_until;
    if (draft->quote_number)
        return OK;
    return draft_take_number(ctx, &draft->quote_number);
}

err_t draft_move(struct ctx *ctx, const struct draft_step *step,
                 enum draft_event event, struct draft *ret)
{
    struct draft draft;
    ASSERT(ctx->tx && event != DRAFT_EVENT_CONVERT);
    TRY(draft_lock(ctx, step->id, &draft));
    TRY(check_version(ctx, step->version, draft.version));
    TRY(machine_allow(ctx, &draft_machine, (int)draft.state, (int)event));
    if (event == DRAFT_EVENT_SEND)
        TRY(prepare_send(ctx, step, &draft));
    if (event == DRAFT_EVENT_ACCEPT && draft.valid_until <= ctx->now)
        return fail_as(ctx, ERR_STATE, "quote_expired", "valid_until",
                       "the quote was good until then; revise it");
    TRY(draft_step_to(ctx, &draft, event));
    if (step->answer.len > 0)
        draft.answer = step->answer;
    if (step->po_number.len > 0)
        draft.po_number = step->po_number;
    TRY(draft_save(ctx, &draft));
    *ret = draft;
    return draft_tell(ctx, &draft, told[event - 1]);
}

/* ---- expiry ---- */

enum { EXPIRE_EVERY_MS = 5000, EXPIRE_MOST = 50 };

static err_t expire_due(struct ctx *ctx, bool *ret_is_more)
{
    draft_id *ids;
    size_t count;
    TRY(draft_due(ctx, EXPIRE_MOST, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct draft draft;
        TRY(draft_lock(ctx, ids[i], &draft));
        if (draft.valid_until > ctx->now ||
            machine_next(&draft_machine, (int)draft.state,
                         DRAFT_EVENT_EXPIRE) == 0)
            continue;
        TRY(draft_step_to(ctx, &draft, DRAFT_EVENT_EXPIRE));
        TRY(draft_save(ctx, &draft));
        TRY(draft_tell(ctx, &draft, told[DRAFT_EVENT_EXPIRE - 1]));
    }
    *ret_is_more = count == EXPIRE_MOST;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "quotes",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire_due,
     .next_at = draft_next_due},
};
const struct timer_list draft_timers = {timers, COUNT_OF(timers)};
