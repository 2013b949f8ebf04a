/* fulfillment_pick_view.h - pick tasks as the API shows them. Private to the
 * room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_VIEW_H
#define WHARF_OMS_FULFILLMENT_PICK_VIEW_H

#include "base/doc.h"
#include "base/json.h"
#include "oms/fulfillment/fulfillment_pick.h"

/* One task with its lines, as an object. */
MUST_USE err_t pick_write(struct ctx *ctx, struct json_out *out,
                          pick_task_id id);
/* The same as a member. */
MUST_USE err_t pick_write_as(struct ctx *ctx, struct json_out *out,
                             const char *key, pick_task_id id);
/* The member "items": tasks without their lines, in order of id. */
MUST_USE err_t pick_write_list(struct ctx *ctx, struct json_out *out,
                               const struct pick_task *tasks, size_t count);
/* The list of a task on paper; the bytes of a PDF. */
MUST_USE err_t pick_write_pdf(struct ctx *ctx, enum doc_paper paper,
                              pick_task_id id, str *ret);

#endif
