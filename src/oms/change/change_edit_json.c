/* change_edit_json.c - actions of changes: from a body, and as they are kept.
 *
 * What is kept is written by the rules it is read by, so that a stored action
 * means what it meant.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_edit_action.h"
#include "oms/order/order_edit.h"

enum { ACTION_BYTES = 256 * 1024 };

static err_t get_amount(struct json_in *in, const char *key,
                        const char *currency, int64_t *ret)
{
    money amount;
    TRY(json_get_money(in, key, currency, &amount));
    if (amount.minor < 0)
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be 0 or more");
    *ret = amount.minor;
    return OK;
}

static err_t read_line(struct json_in *in, struct edit_action *action)
{
    return json_get_i64(in, "line", 1, LIMIT_ORDER_LINES, &action->line);
}

static err_t read_tax(struct json_in *in, const char *currency,
                      struct edit_action *action)
{
    action->tax = EDIT_TAX_KEPT;
    return json_has(in, "tax") ? get_amount(in, "tax", currency, &action->tax)
                               : OK;
}

static err_t read_add(struct ctx *ctx, struct json_in *in, const char *currency,
                      struct edit_action *action)
{
    struct json_in *line;
    TRY(json_get_object(in, "add", &line));
    TRY(json_opt_bool(in, "taxes_by_tables", &action->is_by_tables));
    return order_line_from_json(ctx, line, currency, &action->add);
}

static err_t read_date(struct json_in *in, struct edit_action *action)
{
    TRY(json_opt_time(in, "fulfil_at", &action->way.fulfil_at));
    if (action->way.fulfil_at <= 0)
        return json_fail(in, "fulfil_at", ERR_INVALID, "time_out_of_range",
                         "must be after 1970-01-01T00:00:00Z");
    return OK;
}

static err_t read_members(struct ctx *ctx, struct json_in *in,
                          const char *currency, struct edit_action *action)
{
    switch (action->type) {
    case EDIT_SET_QUANTITY:
        TRY(read_line(in, action));
        TRY(json_get_i64(in, "quantity", 0, LIMIT_QTY, &action->qty));
        return read_tax(in, currency, action);
    case EDIT_REMOVE_LINE: return read_line(in, action);
    case EDIT_ADD_LINE: return read_add(ctx, in, currency, action);
    case EDIT_SET_PRICE:
        TRY(read_line(in, action));
        TRY(get_amount(in, "unit_price", currency, &action->amount));
        return read_tax(in, currency, action);
    case EDIT_SET_DISCOUNT:
        TRY(read_line(in, action));
        TRY(get_amount(in, "discount", currency, &action->amount));
        return read_tax(in, currency, action);
    case EDIT_ORDER_DISCOUNT:
        return get_amount(in, "discount", currency, &action->amount);
    case EDIT_SET_CHARGES:
        TRY(get_amount(in, "total", currency, &action->amount));
        return read_tax(in, currency, action);
    case EDIT_SET_ADDRESS:
        return order_address_from_json(ctx, in, "shipping_address",
                                       &action->way.address);
    case EDIT_SET_SERVICE:
        return json_get_str(in, "service", 1, LIMIT_CODE_BYTES,
                            &action->way.service);
    case EDIT_SET_SHIP_DATE: return read_date(in, action);
    }
    UNREACHABLE("not an action");
}

/* ---- as it is kept ---- */

static void put_amount(struct json_out *out, const char *key,
                       const char *currency, int64_t minor)
{
    json_put_money(out, key, money_make(minor, currency));
}

static void put_members(struct json_out *out, const char *currency,
                        const struct edit_action *action)
{
    switch (action->type) {
    case EDIT_SET_QUANTITY: json_put_i64(out, "quantity", action->qty); return;
    case EDIT_REMOVE_LINE: return;
    case EDIT_ADD_LINE:
        order_line_put_body(out, "add", currency, &action->add);
        if (action->is_by_tables)
            json_put_bool(out, "taxes_by_tables", true);
        return;
    case EDIT_SET_PRICE:
        put_amount(out, "unit_price", currency, action->amount);
        return;
    case EDIT_SET_DISCOUNT:
    case EDIT_ORDER_DISCOUNT:
        put_amount(out, "discount", currency, action->amount);
        return;
    case EDIT_SET_CHARGES:
        put_amount(out, "total", currency, action->amount);
        return;
    case EDIT_SET_ADDRESS:
        json_put_raw(out, "shipping_address", action->way.address);
        return;
    case EDIT_SET_SERVICE:
        json_put_str(out, "service", action->way.service);
        return;
    case EDIT_SET_SHIP_DATE:
        json_put_time(out, "fulfil_at", action->way.fulfil_at);
        return;
    }
    UNREACHABLE("not an action");
}

static bool has_tax(const struct edit_action *action)
{
    return action->tax != EDIT_TAX_KEPT;
}

err_t edit_action_keep(struct ctx *ctx, const char *currency,
                       struct edit_action *action)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, ACTION_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "type", edit_type_names[action->type - 1]);
    if (action->line > 0)
        json_put_i64(&out, "line", action->line);
    put_members(&out, currency, action);
    if (has_tax(action))
        put_amount(&out, "tax", currency, action->tax);
    json_end_object(&out);
    if (buf.is_full)
        return fail_as(ctx, ERR_INVALID, "change_too_large", "actions",
                       "an action may have %d bytes", ACTION_BYTES);
    action->doc = buf_str(&buf);
    return OK;
}

err_t edit_action_from_json(struct ctx *ctx, struct json_in *in,
                            const char *currency, struct edit_action *ret)
{
    struct edit_action action = {.tax = EDIT_TAX_KEPT};
    int type;
    TRY(json_get_enum(in, "type", edit_type_names, EDIT_TYPES, &type));
    action.type = (enum edit_type)(type + 1);
    TRY(read_members(ctx, in, currency, &action));
    TRY(json_end(in));
    TRY(edit_action_keep(ctx, currency, &action));
    *ret = action;
    return OK;
}

err_t edit_actions_from_json(struct ctx *ctx, struct json_in *in,
                             const char *currency, struct edit *edit)
{
    struct json_list list;
    TRY(json_get_list(in, "actions", 1, LIMIT_CHANGE_ACTIONS, &list));
    edit->actions = arena_array(ctx->arena, struct edit_action, list.count);
    edit->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(edit_action_from_json(ctx, at, currency, &edit->actions[i]));
    }
    return OK;
}

err_t edit_lines_from_json(struct ctx *ctx, struct json_in *in, const char *key,
                           const char *currency, struct edit *edit)
{
    struct json_list list;
    TRY(json_get_list(in, key, 1, LIMIT_CHANGE_ACTIONS, &list));
    edit->actions = arena_array(ctx->arena, struct edit_action, list.count);
    edit->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        struct edit_action action = {.type = EDIT_ADD_LINE,
                                     .tax = EDIT_TAX_KEPT};
        TRY(json_list_object(&list, i, &at));
        TRY(order_line_from_json(ctx, at, currency, &action.add));
        TRY(edit_action_keep(ctx, currency, &action));
        edit->actions[i] = action;
    }
    return OK;
}
