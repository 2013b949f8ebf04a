/* inventory_handlers.h - the endpoints of this room, as inventory_routes_api.c
 * lists them. Private to it. */
#ifndef WHARF_OMS_INVENTORY_HANDLERS_H
#define WHARF_OMS_INVENTORY_HANDLERS_H

#include "oms/inventory/inventory_store.h"

struct request;

MUST_USE err_t api_create_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_location(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_locations(struct ctx *ctx, struct request *req);

MUST_USE err_t api_list_levels(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_level(struct ctx *ctx, struct request *req);
/* The cursor of a page of levels. */
struct json_out;
MUST_USE err_t level_read_after(struct ctx *ctx, struct request *req,
                                struct level_key *ret);
void level_write_next(struct ctx *ctx, struct json_out *out, bool is_full,
                      struct level_key last);
MUST_USE err_t api_set_policies(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_policies(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_movements(struct ctx *ctx, struct request *req);
MUST_USE err_t api_adjust(struct ctx *ctx, struct request *req);
MUST_USE err_t api_set(struct ctx *ctx, struct request *req);
MUST_USE err_t api_stream_levels(struct ctx *ctx, struct request *req);

MUST_USE err_t api_get_policy(struct ctx *ctx, struct request *req);
MUST_USE err_t api_set_policy(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_lots(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_serials(struct ctx *ctx, struct request *req);

MUST_USE err_t api_create_receipt(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_receipt(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_receipts(struct ctx *ctx, struct request *req);

MUST_USE err_t api_expect(struct ctx *ctx, struct request *req);
MUST_USE err_t api_expect_many(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_expected(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_expected(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_expected(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_expected(struct ctx *ctx, struct request *req);
MUST_USE err_t api_atp(struct ctx *ctx, struct request *req);

MUST_USE err_t api_create_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_transfers(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_edit_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_ready_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_ship_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_receive_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_close_transfer(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_transfer(struct ctx *ctx, struct request *req);

MUST_USE err_t api_create_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_counts(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_enter_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_count_lines(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_uncounted(struct ctx *ctx, struct request *req);
MUST_USE err_t api_review_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_reopen_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_post_count(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_count(struct ctx *ctx, struct request *req);

#endif
