/* shipping_handlers.h - the handlers of all routes of the room. Private. */
#ifndef WHARF_OMS_SHIPPING_HANDLERS_H
#define WHARF_OMS_SHIPPING_HANDLERS_H

#include "base/base.h"

struct request;

err_t api_create_box(struct ctx *ctx, struct request *req);
err_t api_list_boxes(struct ctx *ctx, struct request *req);
err_t api_get_box(struct ctx *ctx, struct request *req);
err_t api_change_box(struct ctx *ctx, struct request *req);
err_t api_create_account(struct ctx *ctx, struct request *req);
err_t api_list_accounts(struct ctx *ctx, struct request *req);
err_t api_get_account(struct ctx *ctx, struct request *req);
err_t api_change_account(struct ctx *ctx, struct request *req);
err_t api_list_carriers(struct ctx *ctx, struct request *req);
err_t api_create_packages(struct ctx *ctx, struct request *req);
err_t api_get_package(struct ctx *ctx, struct request *req);
err_t api_list_packages(struct ctx *ctx, struct request *req);
err_t api_scan_package(struct ctx *ctx, struct request *req);
err_t api_unpack_package(struct ctx *ctx, struct request *req);
err_t api_change_package(struct ctx *ctx, struct request *req);
err_t api_close_package(struct ctx *ctx, struct request *req);
err_t api_void_package(struct ctx *ctx, struct request *req);
err_t api_ship_package(struct ctx *ctx, struct request *req);
err_t api_want_label(struct ctx *ctx, struct request *req);
err_t api_record_label(struct ctx *ctx, struct request *req);
err_t api_void_label(struct ctx *ctx, struct request *req);
err_t api_settle_label(struct ctx *ctx, struct request *req);
err_t api_close_manifest(struct ctx *ctx, struct request *req);
err_t api_get_manifest(struct ctx *ctx, struct request *req);
err_t api_list_manifests(struct ctx *ctx, struct request *req);
err_t api_want_pickup(struct ctx *ctx, struct request *req);
err_t api_get_carrier_pickup(struct ctx *ctx, struct request *req);
err_t api_list_carrier_pickups(struct ctx *ctx, struct request *req);
err_t api_cancel_carrier_pickup(struct ctx *ctx, struct request *req);
err_t api_list_tracking(struct ctx *ctx, struct request *req);
err_t api_add_tracking(struct ctx *ctx, struct request *req);
err_t api_create_label_job(struct ctx *ctx, struct request *req);
err_t api_get_label_job(struct ctx *ctx, struct request *req);
err_t api_cancel_label_job(struct ctx *ctx, struct request *req);
err_t api_list_label_jobs(struct ctx *ctx, struct request *req);
err_t api_list_label_job_items(struct ctx *ctx, struct request *req);
err_t api_add_account_tracking(struct ctx *ctx, struct request *req);
err_t api_list_orphans(struct ctx *ctx, struct request *req);
err_t api_void_orphan(struct ctx *ctx, struct request *req);
err_t api_want_return(struct ctx *ctx, struct request *req);
err_t api_get_return_sheet(struct ctx *ctx, struct request *req);
err_t api_judge_hook(struct ctx *ctx, struct request *req);
err_t api_take_hook(struct ctx *ctx, struct request *req);
err_t api_get_label_file(struct ctx *ctx, struct request *req);
err_t api_get_slip_file(struct ctx *ctx, struct request *req);
err_t api_get_customs_file(struct ctx *ctx, struct request *req);
err_t api_get_manifest_file(struct ctx *ctx, struct request *req);
err_t api_get_job_file(struct ctx *ctx, struct request *req);
err_t api_list_recalls(struct ctx *ctx, struct request *req);
err_t api_list_rates(struct ctx *ctx, struct request *req);

#endif
