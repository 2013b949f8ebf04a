/* returns_json.c - bodies to commands on returns. */
#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/returns/returns_command.h"
#include "oms/shipping/shipping_back.h"

static err_t read_text(struct ctx *ctx, struct json_in *in, const char *key,
                       size_t max, str *ret)
{
    *ret = STR_NONE;
    TRY(json_opt_str(in, key, 1, max, ret));
    return check_line(ctx, key, *ret, 0, max);
}

static err_t read_disposition(struct json_in *in, enum disposition *ret)
{
    int at = -1;
    TRY(json_opt_enum(in, "disposition", disposition_machine.states,
                      disposition_machine.state_count, &at));
    *ret = (enum disposition)(at + 1);
    return OK;
}

static err_t read_ask(struct ctx *ctx, struct json_in *in,
                      struct return_ask *ret)
{
    TRY(json_get_i64(in, "line", 1, LIMIT_ORDER_LINES, &ret->n));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(json_get_str(in, "reason", 1, LIMIT_CODE_BYTES, &ret->reason));
    TRY(read_text(ctx, in, "note", LIMIT_REASON_BYTES, &ret->note));
    TRY(read_text(ctx, in, "photo", LIMIT_URL_BYTES, &ret->photo));
    if (ret->photo.len > 0 && !text_is_link(ret->photo))
        return json_fail(in, "photo", ERR_INVALID, "not_a_link",
                         "must be an address by https://");
    TRY(read_disposition(in, &ret->disposition));
    return json_end(in);
}

/* What is given at a counter is somewhere; else it has no place yet. */
static err_t check_received(struct json_in *in,
                            const struct return_request *cmd)
{
    if (cmd->is_received && cmd->location.len == 0)
        return json_fail(in, "location", ERR_INVALID, "missing_field",
                         "say where it was received");
    for (size_t i = 0; i < cmd->count && !cmd->is_received; i++)
        if (cmd->items[i].disposition)
            return json_fail(in, "items", ERR_INVALID, "not_received",
                             "only units that came have a place");
    return json_end(in);
}

static err_t read_asks(struct ctx *ctx, struct json_in *in,
                       struct return_request *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_RETURN_LINES, &list));
    struct return_ask *items =
        arena_array(ctx->arena, struct return_ask, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_ask(ctx, at, &items[i]));
    }
    ret->items = items;
    ret->count = list.count;
    ret->location = STR_NONE;
    return read_text(ctx, in, "note", LIMIT_REASON_BYTES, &ret->note);
}

err_t return_read_request(struct ctx *ctx, struct json_in *in,
                          struct return_request *ret)
{
    TRY(read_asks(ctx, in, ret));
    TRY(json_opt_str(in, "location", 1, LIMIT_CODE_BYTES, &ret->location));
    TRY(json_opt_bool(in, "exception", &ret->is_exception));
    TRY(json_opt_bool(in, "approve", &ret->is_approved));
    TRY(json_opt_bool(in, "received", &ret->is_received));
    return check_received(in, ret);
}

err_t return_read_self(struct ctx *ctx, struct json_in *in,
                       struct return_request *ret)
{
    TRY(read_asks(ctx, in, ret));
    return check_received(in, ret);
}

err_t return_read_step(struct ctx *ctx, struct json_in *in,
                       struct return_step *ret)
{
    ret->why = ret->location = STR_NONE;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    if (ret->event == RETURN_EVENT_APPROVE)
        TRY(json_opt_str(in, "location", 1, LIMIT_CODE_BYTES, &ret->location));
    else
        TRY(read_text(ctx, in, "reason", LIMIT_REASON_BYTES, &ret->why));
    return json_end(in);
}

/* ---- receiving ---- */

/* What is said of units; index + 1 is in `comings`. */
static const char *const coming_names[] = {"received", "lost", "short",
                                           "wrong_item", "given_to_customer"};
static const enum reception_event comings[] = {
    RECEPTION_EVENT_RECEIVE, RECEPTION_EVENT_LOSE, RECEPTION_EVENT_MISS,
    RECEPTION_EVENT_MISTAKE, RECEPTION_EVENT_GIVE};

static err_t read_names(struct json_in *in, struct unit_names *ret)
{
    *ret = (struct unit_names){.lot = STR_NONE};
    TRY(json_opt_str(in, "lot", 1, LIMIT_CODE_BYTES, &ret->lot));
    return json_get_strs(in, "serials", LIMIT_SERIALS, LIMIT_CODE_BYTES,
                         &ret->serials, &ret->serial_count);
}

static err_t read_receive(struct json_in *in, struct receive_item *ret)
{
    int as = 0;
    ret->sku = STR_NONE;
    TRY(json_get_i64(in, "n", 1, LIMIT_RETURN_LINES, &ret->i));
    TRY(json_opt_str(in, "sku", 1, LIMIT_CODE_BYTES, &ret->sku));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(json_opt_enum(in, "as", coming_names, COUNT_OF(coming_names), &as));
    ret->event = comings[as];
    TRY(read_disposition(in, &ret->disposition));
    TRY(read_names(in, &ret->names));
    return json_end(in);
}

err_t return_read_receive(struct ctx *ctx, struct json_in *in,
                          struct receive_cmd *ret)
{
    struct json_list list = {0};
    ret->location = STR_NONE;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_opt_str(in, "location", 1, LIMIT_CODE_BYTES, &ret->location));
    if (json_has(in, "items"))
        TRY(json_get_list(in, "items", 1, LIMIT_RETURN_UNITS, &list));
    struct receive_item *items =
        arena_array(ctx->arena, struct receive_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_receive(at, &items[i]));
    }
    ret->items = items;
    ret->count = list.count;
    return json_end(in);
}

err_t return_read_label(struct json_in *in, struct label_ask *ret)
{
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(back_read(in, ret->back));
    return json_end(in);
}

/* ---- looking ---- */

static err_t read_inspect(struct json_in *in, struct inspect_item *ret)
{
    static const char *const verdicts[] = {"accepted", "rejected", "manual"};
    static const enum acceptance_event events[] = {ACCEPTANCE_EVENT_ACCEPT,
                                                   ACCEPTANCE_EVENT_REJECT,
                                                   ACCEPTANCE_EVENT_REFER};
    int verdict = -1;
    TRY(json_get_i64(in, "unit", 1, INT32_MAX, &ret->u));
    TRY(json_opt_i64(in, "quantity", 1, LIMIT_QTY, &ret->qty));
    TRY(json_opt_enum(in, "acceptance", verdicts, COUNT_OF(verdicts),
                      &verdict));
    if (verdict >= 0)
        ret->event = events[verdict];
    TRY(read_disposition(in, &ret->disposition));
    if (verdict < 0 && !ret->disposition)
        return json_fail(in, "acceptance", ERR_INVALID, "missing_field",
                         "say acceptance, disposition or both");
    return json_end(in);
}

err_t return_read_inspect(struct ctx *ctx, struct json_in *in,
                          struct inspect_cmd *ret)
{
    struct json_list list;
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_get_list(in, "items", 1, LIMIT_RETURN_UNITS, &list));
    struct inspect_item *items =
        arena_array(ctx->arena, struct inspect_item, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_inspect(at, &items[i]));
    }
    ret->items = items;
    ret->count = list.count;
    return json_end(in);
}
