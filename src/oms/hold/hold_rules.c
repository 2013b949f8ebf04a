/* hold_rules.c - the moves of a hold and the checks of its commands. Pure. */
#include "oms/hold/hold_rules.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"

static const utc_ms SECOND_MS = 1000;

static const char *const states[HOLD_EXPIRED] = {"open", "confirmed",
                                                 "released", "expired"};
static const char *const events[HOLD_EVENT_EXPIRE] = {
    "create", "extend", "confirm", "release", "expire"};

/* Read as: a hold that is <from> and sees <event> becomes <to>. A pair that is
 * not listed is forbidden. docs/states/hold.md shows the whole grid. */
static const struct machine_move moves[] = {
    {HOLD_NONE, HOLD_EVENT_CREATE,  HOLD_OPEN     },
    {HOLD_OPEN, HOLD_EVENT_EXTEND,  HOLD_OPEN     },
    {HOLD_OPEN, HOLD_EVENT_CONFIRM, HOLD_CONFIRMED},
    {HOLD_OPEN, HOLD_EVENT_RELEASE, HOLD_RELEASED },
    {HOLD_OPEN, HOLD_EVENT_EXPIRE,  HOLD_EXPIRED  },
};

const struct machine hold_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum hold_state hold_next(enum hold_state from, enum hold_event event)
{
    return (enum hold_state)machine_next(&hold_machine, from, event);
}

const char *hold_state_name(enum hold_state state)
{
    return machine_state_name(&hold_machine, state);
}

enum hold_state hold_state_at(const struct hold *hold, utc_ms now)
{
    if (hold->state == HOLD_OPEN && hold->expires_at <= now)
        return HOLD_EXPIRED;
    return hold->state;
}

err_t hold_check_open(struct ctx *ctx, const struct hold *hold, utc_ms now)
{
    if (hold_state_at(hold, now) == HOLD_EXPIRED)
        return fail_as(ctx, ERR_STATE, "hold_expired", "hold",
                       "the hold has run out; hold the units again");
    if (hold->state != HOLD_OPEN)
        return fail_as(ctx, ERR_STATE, "hold_not_open", "hold",
                       "the hold is %s", hold_state_name(hold->state));
    return OK;
}

err_t hold_extended_to(struct ctx *ctx, const struct hold *hold, utc_ms now,
                       int64_t ttl_s, utc_ms *ret)
{
    utc_ms last = hold->created_at + LIMIT_HOLD_LIFE_S * SECOND_MS;
    utc_ms to = now + ttl_s * SECOND_MS;
    if (to > last)
        to = last;
    if (to <= hold->expires_at && to == last)
        return fail_as(ctx, ERR_STATE, "hold_life_over", "ttl_s",
                       "a hold lives %d seconds at most", LIMIT_HOLD_LIFE_S);
    /* A clock that was set back, or a shorter wish: what was promised stays. */
    *ret = to > hold->expires_at ? to : hold->expires_at;
    return OK;
}

static err_t read_items(struct ctx *ctx, struct json_in *in,
                        struct hold_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_HOLD_ITEMS, &list));
    cmd->items = arena_array(ctx->arena, struct hold_item_cmd, list.count);
    cmd->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "sku", 1, LIMIT_CODE_BYTES, &cmd->items[i].sku));
        TRY(json_get_i64(at, "quantity", 1, LIMIT_QTY, &cmd->items[i].qty));
        TRY(json_end(at));
    }
    return OK;
}

err_t hold_cmd_from_json(struct ctx *ctx, struct json_in *in,
                         struct hold_cmd *ret)
{
    struct hold_cmd cmd = {.ttl_s = HOLD_TTL_DEFAULT_S};
    TRY(json_get_str(in, "channel", 1, LIMIT_CODE_BYTES, &cmd.channel));
    TRY(read_items(ctx, in, &cmd));
    TRY(json_opt_i64(in, "ttl_s", 1, LIMIT_HOLD_TTL_S, &cmd.ttl_s));
    TRY(json_opt_str(in, "customer", 1, LIMIT_EMAIL_BYTES, &cmd.customer));
    TRY(json_opt_str(in, "reference", 1, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.reference));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t hold_extend_from_json(struct ctx *ctx, struct json_in *in,
                            struct hold_extend_cmd *ret)
{
    (void)ctx;
    ret->version = 0;
    ret->ttl_s = HOLD_TTL_DEFAULT_S;
    TRY(json_opt_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_opt_i64(in, "ttl_s", 1, LIMIT_HOLD_TTL_S, &ret->ttl_s));
    return json_end(in);
}
