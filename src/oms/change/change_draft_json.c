/* change_draft_json.c - bodies of drafts, and drafts as the API shows them. */
#include "base/check.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_draft.h"

err_t draft_head_from_json(struct ctx *ctx, struct json_in *in,
                           struct draft_cmd *ret)
{
    ret->terms_days = COMPANY_NONE;
    TRY(json_opt_id(in, "company_id", "cmp", &ret->company.v));
    TRY(json_opt_str(in, "po_number", 1, LIMIT_PO_BYTES, &ret->po_number));
    TRY(check_line(ctx, "po_number", ret->po_number, 0, LIMIT_PO_BYTES));
    TRY(json_opt_i64(in, "terms_days", 0, LIMIT_TERMS_DAYS, &ret->terms_days));
    return json_get_object(in, "order", &ret->order);
}

err_t draft_cmd_from_json(struct ctx *ctx, struct json_in *in,
                          struct draft_cmd *ret)
{
    TRY(draft_head_from_json(ctx, in, ret));
    return json_end(in);
}

void draft_write(const struct draft *draft, bool is_whole, struct json_out *out)
{
    char number[32];
    json_put_id(out, "id", "drf", draft->id.v);
    json_put_cstr(out, "state",
                  machine_state_name(&draft_machine, (int)draft->state));
    machine_put_allowed(out, &draft_machine, (int)draft->state);
    json_put_i64(out, "version", draft->version);
    json_put_id_or_null(out, "company_id", "cmp", draft->company.v);
    json_put_id_or_null(out, "customer_id", "cus", draft->customer.v);
    json_put_id_or_null(out, "order_id", "ord", draft->order.v);
    if (draft->quote_number) {
        snprintf(number, sizeof number, "Q%lld",
                 (long long)draft->quote_number);
        json_put_cstr(out, "quote_number", number);
    } else {
        json_put_null(out, "quote_number");
    }
    json_put_str(out, "channel", draft->channel);
    json_put_money(out, "total", money_make(draft->total, draft->currency));
    json_put_str_or_null(out, "po_number", draft->po_number);
    if (draft->terms_days == COMPANY_NONE)
        json_put_null(out, "terms_days");
    else
        json_put_i64(out, "terms_days", draft->terms_days);
    json_put_time_or_null(out, "valid_until", draft->valid_until);
    json_put_str_or_null(out, "answer", draft->answer);
    json_put_time(out, "created_at", draft->created_at);
    json_put_time(out, "updated_at", draft->updated_at);
    if (is_whole)
        json_put_raw(out, "order", draft->body);
    else
        json_put_str_or_null(out, "company", draft->company_name);
}
