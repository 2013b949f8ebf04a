/* ids.h - the id types of all rooms, so that a lower room can name them. */
#ifndef WHARF_OMS_IDS_H
#define WHARF_OMS_IDS_H

#include <stdint.h>

typedef struct key_id {
    int64_t v; /* "key_" */
} key_id;
typedef struct product_id {
    int64_t v; /* "prd_" */
} product_id;
typedef struct sku_id {
    int64_t v; /* "sku_"; its bucket is that of the SKU code. */
} sku_id;
typedef struct channel_id {
    int64_t v; /* "chn_" */
} channel_id;
typedef struct location_id {
    int64_t v; /* "loc_" */
} location_id;
typedef struct order_id {
    int64_t v; /* "ord_"; its bucket is that of (channel, external id). */
} order_id;
typedef struct reservation_id {
    int64_t v; /* "rsv_" */
} reservation_id;
typedef struct movement_id {
    int64_t v; /* "mov_" */
} movement_id;
typedef struct user_id {
    int64_t v; /* "usr_" */
} user_id;
typedef struct customer_id {
    int64_t v; /* "cus_" */
} customer_id;
typedef struct hold_id {
    int64_t v; /* "hld_"; one hold may hold many SKUs. */
} hold_id;
typedef struct drop_id {
    int64_t v; /* "drp_" */
} drop_id;
typedef struct drop_entry_id {
    int64_t v; /* "dwt_": a place in a drop's waiting list. */
} drop_entry_id;
typedef struct transfer_id {
    int64_t v; /* "trf_" */
} transfer_id;
typedef struct supply_id {
    int64_t v; /* "sup_": an expected receipt. */
} supply_id;
typedef struct lot_id {
    int64_t v; /* "lot_"; its bucket is that of the SKU. */
} lot_id;
typedef struct credit_note_id {
    int64_t v; /* "crn_"; its bucket is that of (channel, external id). */
} credit_note_id;
typedef struct session_id {
    int64_t v; /* "ses_" */
} session_id;
typedef struct receipt_id {
    int64_t v; /* "rcp_" */
} receipt_id;
typedef struct count_id {
    int64_t v; /* "cnt_" */
} count_id;
typedef struct webhook_id {
    int64_t v; /* "whk_" */
} webhook_id;
typedef struct tenant_id {
    int64_t v; /* "ten_" */
} tenant_id;
typedef struct fulfillment_order_id {
    int64_t v; /* "fo_"; its bucket is that of the order. */
} fulfillment_order_id;
typedef struct pick_task_id {
    int64_t v; /* "pkt_" */
} pick_task_id;
typedef struct pickup_id {
    int64_t v; /* "pup_": units that wait to be collected. */
} pickup_id;
typedef struct package_id {
    int64_t v; /* "pkg_"; its bucket is that of the order. */
} package_id;
typedef struct box_id {
    int64_t v; /* "box_" */
} box_id;
typedef struct carrier_account_id {
    int64_t v; /* "car_" */
} carrier_account_id;
typedef struct label_id {
    int64_t v; /* "lbl_"; its bucket is that of the order. */
} label_id;
typedef struct carrier_call_id {
    int64_t v; /* "ccl_": what a carrier is asked. */
} carrier_call_id;
typedef struct label_job_id {
    int64_t v; /* "lbj_" */
} label_job_id;
typedef struct carrier_pickup_id {
    int64_t v; /* "cpu_": a carrier comes for parcels. */
} carrier_pickup_id;
typedef struct manifest_id {
    int64_t v; /* "mfs_" */
} manifest_id;
typedef struct payment_id {
    int64_t v; /* "pay_"; its bucket is that of the order. */
} payment_id;
typedef struct invoice_id {
    int64_t v; /* "inv_"; its bucket is that of the order. */
} invoice_id;
typedef struct invoice_series_id {
    int64_t v; /* "ser_" */
} invoice_series_id;
typedef struct tax_rate_id {
    int64_t v; /* "txr_" */
} tax_rate_id;
typedef struct return_id {
    int64_t v; /* "ret_": goods that come back; its bucket is the order's. */
} return_id;
typedef struct credit_id {
    int64_t v; /* "gft_" a gift card, "scr_" store credit of a customer. */
} credit_id;
typedef struct refund_id {
    int64_t v; /* "rfd_"; its bucket is that of the order. */
} refund_id;
typedef struct order_change_id {
    int64_t v; /* "chg_"; its bucket is that of the order. */
} order_change_id;
typedef struct exchange_id {
    int64_t v; /* "exc_"; its bucket is that of the order. */
} exchange_id;
typedef struct gateway_account_id {
    int64_t v; /* "gwa_" */
} gateway_account_id;
typedef struct gateway_call_id {
    int64_t v; /* "gcl_": what a gateway is asked; its bucket is the order's. */
} gateway_call_id;
typedef struct gateway_event_id {
    int64_t v; /* "gev_": what a gateway told by itself. */
} gateway_event_id;
typedef struct task_id {
    int64_t v; /* "tsk_": what waits for a person. */
} task_id;

#endif
