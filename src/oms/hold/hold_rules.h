/* hold_rules.h - the moves of a hold and the checks of its commands. Pure. */
#ifndef WHARF_OMS_HOLD_RULES_H
#define WHARF_OMS_HOLD_RULES_H

#include "oms/hold/hold.h"

struct machine;

extern const struct machine hold_machine;
/* The next state, or HOLD_NONE where the move is forbidden. */
enum hold_state hold_next(enum hold_state from, enum hold_event event);

struct hold_extend_cmd {
    hold_id id;
    int64_t version; /* The one the caller saw; 0: any. */
    int64_t ttl_s;   /* From now. */
};
MUST_USE err_t hold_extend_from_json(struct ctx *ctx, struct json_in *in,
                                     struct hold_extend_cmd *ret);
/* When it would run out: never earlier than it does, and within its longest
 * life. ERR_STATE hold_life_over where it cannot live longer. */
MUST_USE err_t hold_extended_to(struct ctx *ctx, const struct hold *hold,
                                utc_ms now, int64_t ttl_s, utc_ms *ret);

#endif
