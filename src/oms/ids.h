/* ids.h - the id types of all rooms, so that a lower room can name them. */
#ifndef WHARF_OMS_IDS_H
#define WHARF_OMS_IDS_H

#include <stdint.h>

/* One is not taken for another. */
#define ID_TYPE(name)                                                          \
    typedef struct name {                                                      \
        int64_t v;                                                             \
    } name

/* As people see them; and whose bucket they have, where not their own. */
ID_TYPE(key_id);               /* "key_" */
ID_TYPE(product_id);           /* "prd_" */
ID_TYPE(sku_id);               /* "sku_"; of the SKU code. */
ID_TYPE(channel_id);           /* "chn_" */
ID_TYPE(location_id);          /* "loc_" */
ID_TYPE(order_id);             /* "ord_"; of (channel, external id). */
ID_TYPE(reservation_id);       /* "rsv_" */
ID_TYPE(movement_id);          /* "mov_" */
ID_TYPE(user_id);              /* "usr_" */
ID_TYPE(customer_id);          /* "cus_" */
ID_TYPE(hold_id);              /* "hld_"; one hold may hold many SKUs. */
ID_TYPE(drop_id);              /* "drp_" */
ID_TYPE(drop_entry_id);        /* "dwt_": a place in a drop's waiting list. */
ID_TYPE(transfer_id);          /* "trf_" */
ID_TYPE(supply_id);            /* "sup_": an expected receipt. */
ID_TYPE(lot_id);               /* "lot_"; of the SKU. */
ID_TYPE(credit_note_id);       /* "crn_"; of (channel, external id). */
ID_TYPE(session_id);           /* "ses_" */
ID_TYPE(receipt_id);           /* "rcp_" */
ID_TYPE(count_id);             /* "cnt_" */
ID_TYPE(webhook_id);           /* "whk_" */
ID_TYPE(tenant_id);            /* "ten_" */
ID_TYPE(fulfillment_order_id); /* "fo_"; of the order. */
ID_TYPE(pick_task_id);         /* "pkt_" */
ID_TYPE(pickup_id);            /* "pup_": units that wait to be collected. */
ID_TYPE(package_id);           /* "pkg_"; of the order. */
ID_TYPE(box_id);               /* "box_" */
ID_TYPE(carrier_account_id);   /* "car_" */
ID_TYPE(label_id);             /* "lbl_"; of the order. */
ID_TYPE(orphan_label_id);      /* "orl_": sold, and wanted by none. */
ID_TYPE(carrier_call_id);      /* "ccl_": what a carrier is asked. */
ID_TYPE(label_job_id);         /* "lbj_" */
ID_TYPE(order_job_id);         /* "ojb_": a command on many orders. */
ID_TYPE(carrier_pickup_id);    /* "cpu_": a carrier comes for parcels. */
ID_TYPE(manifest_id);          /* "mfs_" */
ID_TYPE(payment_id);           /* "pay_"; of the order. */
ID_TYPE(invoice_id);           /* "inv_"; of the order. */
ID_TYPE(invoice_series_id);    /* "ser_" */
ID_TYPE(tax_rate_id);          /* "txr_" */
ID_TYPE(return_id);            /* "ret_": goods that come back; of the order. */
ID_TYPE(credit_id); /* "gft_" a gift card, "scr_" store credit of a customer. */
ID_TYPE(refund_id); /* "rfd_"; of the order. */
ID_TYPE(company_id);         /* "cmp_" */
ID_TYPE(order_hold_id);      /* "ohd_"; of the order. */
ID_TYPE(draft_id);           /* "drf_" */
ID_TYPE(blanket_id);         /* "blk_" */
ID_TYPE(order_remark_id);    /* "ont_"; of the order. */
ID_TYPE(order_change_id);    /* "chg_"; of the order. */
ID_TYPE(exchange_id);        /* "exc_"; of the order. */
ID_TYPE(gateway_account_id); /* "gwa_" */
ID_TYPE(gateway_call_id);  /* "gcl_": what a gateway is asked; of the order. */
ID_TYPE(gateway_event_id); /* "gev_": what a gateway told by itself. */
ID_TYPE(payment_dispute_id); /* "dsp_"; of the order. */
ID_TYPE(fx_rate_id);         /* "fxr_" */
ID_TYPE(task_id);            /* "tsk_": what waits for a person. */
ID_TYPE(view_id);            /* "viw_" */
ID_TYPE(supplier_id);        /* "spl_" */
ID_TYPE(purchase_order_id);  /* "po_" */

#endif
