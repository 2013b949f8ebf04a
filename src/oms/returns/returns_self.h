/* returns_self.h - handlers of the routes of buyers. Private to the room. */
#ifndef WHARF_OMS_RETURNS_SELF_H
#define WHARF_OMS_RETURNS_SELF_H

#include "oms/returns/returns_store.h"

struct json_out;
struct request;

/* One line of an order, and whether it may come back. */
void return_write_returnable(struct json_out *out,
                             const struct order_line *line,
                             const struct return_facts *facts, utc_ms now);

err_t api_make_return_token(struct ctx *ctx, struct request *req);
err_t api_get_return_request(struct ctx *ctx, struct request *req);
err_t api_judge_return_request(struct ctx *ctx, struct request *req);
err_t api_make_return_request(struct ctx *ctx, struct request *req);

#endif
