/* change_edit_action.h - actions as they are read and kept, of changes and of
 * exchanges, which are numbered alike. Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_EDIT_ACTION_H
#define WHARF_OMS_CHANGE_EDIT_ACTION_H

#include "oms/change/change_edit.h"

MUST_USE err_t edit_action_from_json(struct ctx *ctx, struct json_in *in,
                                     const char *currency,
                                     struct edit_action *ret);
/* The list `key` of lines as in placing an order: each is to be added. */
MUST_USE err_t edit_lines_from_json(struct ctx *ctx, struct json_in *in,
                                    const char *key, const char *currency,
                                    struct edit *edit);
/* Its document, as it is kept. */
MUST_USE err_t edit_action_keep(struct ctx *ctx, const char *currency,
                                struct edit_action *action);
MUST_USE err_t edit_actions_add(struct ctx *ctx, const struct edit *edit);
MUST_USE err_t edit_actions_read(struct ctx *ctx, struct edit *edit);

/* ---- taxes of added lines that were sent without (order_added.h) ---- */

struct order_ask;
struct request;
MUST_USE err_t edit_tax_prepare(struct ctx *ctx, struct request *req,
                                struct edit *edit);
MUST_USE err_t edit_tax(struct ctx *ctx, const struct order_ask *ask,
                        struct edit *edit);
/* The order bears the mark then, too. */
MUST_USE err_t edit_tax_mark(struct ctx *ctx, const struct edit *edit,
                             const struct order *order, struct order_way *way);

#endif
