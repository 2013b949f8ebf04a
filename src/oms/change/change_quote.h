/* change_quote.h - a draft that was sent, for the buyer with a link alone.
 * Private to the room. */
#ifndef WHARF_OMS_CHANGE_QUOTE_H
#define WHARF_OMS_CHANGE_QUOTE_H

#include "oms/change/change_draft.h"

/* By the buyer himself: ACCEPT or DECLINE. What he did before he does again
 * without a change; ERR_GONE quote_withdrawn where it is not sent any more. */
MUST_USE err_t draft_answer(struct ctx *ctx, const struct draft_step *step,
                            enum draft_event event, struct draft *ret);
/* ERR_GONE quote_withdrawn unless a buyer may see it who was sent that version
 * of it: what was written anew since is for whom it was sent to. */
MUST_USE err_t draft_check_shown(struct ctx *ctx, const struct draft *draft,
                                 int64_t sent);

/* What it says, as a command to place it. */
MUST_USE err_t draft_read_body(struct ctx *ctx, const struct draft *draft,
                               struct order_cmd *ret);

/* A line that was written down without a title has that of its SKU, where that
 * is known, as its order will. */
MUST_USE err_t draft_fill_titles(struct ctx *ctx, struct order_cmd *cmd);

extern const struct route_list quote_routes;

#endif
