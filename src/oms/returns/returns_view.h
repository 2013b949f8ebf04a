/* returns_view.h - returns as JSON. Private to the room. */
#ifndef WHARF_OMS_RETURNS_VIEW_H
#define WHARF_OMS_RETURNS_VIEW_H

#include "oms/returns/returns_store.h"

struct json_out;

/* Members of an open object that name no person: what events say. */
void return_write_facts(struct json_out *out, const struct order *order,
                        const struct rma *rma);
/* As the API shows them, with notes and codes: one object each. What they need
 * is read once for all. */
MUST_USE err_t return_write(struct ctx *ctx, struct json_out *out,
                            const struct rma *rmas, size_t count);

#endif
