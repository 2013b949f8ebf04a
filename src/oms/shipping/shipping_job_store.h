/* shipping_job_store.h - jobs as they are stored and commanded. Private. */
#ifndef WHARF_OMS_SHIPPING_JOB_STORE_H
#define WHARF_OMS_SHIPPING_JOB_STORE_H

#include "oms/shipping/shipping_job.h"

struct job {
    label_job_id id;
    enum job_state state;
    str account, service; /* Codes; empty: as quote_choose has it. */
    int64_t total, asked, bought, refused;
    int64_t version;
    utc_ms created_at, updated_at;
    bool is_open; /* More items may come: it is not done before job_close(). */
};
struct job_cmd {
    str account, service;
    const fulfillment_order_id *fos; /* One of the two lists. */
    const package_id *packages;
    size_t count;
    bool is_open;
};
MUST_USE err_t job_create(struct ctx *ctx, const struct job_cmd *cmd,
                          label_job_id *ret);
/* Adds the one item of cmd to an open job, or begins one with it where *job is
 * 0, and runs what there is to run of it at once: where that is refused, so is
 * this. Adds to *ret_asked the labels asked for. */
MUST_USE err_t job_take(struct ctx *ctx, const struct job_cmd *cmd,
                        label_job_id *job, size_t *ret_asked);
/* No more items come. */
MUST_USE err_t job_close(struct ctx *ctx, label_job_id id);
MUST_USE err_t job_cancel(struct ctx *ctx, label_job_id id, int64_t version);
MUST_USE err_t job_get(struct ctx *ctx, label_job_id id, struct job *ret);
MUST_USE err_t job_page(struct ctx *ctx, label_job_id after, size_t limit,
                        struct job **ret, size_t *ret_count);
MUST_USE err_t job_item_page(struct ctx *ctx, label_job_id id, int64_t after,
                             size_t limit, struct job_item **ret,
                             size_t *ret_count);
/* What became of the label of a parcel of a job. */
MUST_USE err_t job_note(struct ctx *ctx, label_job_id id, package_id package,
                        bool is_bought, str field, str detail);
/* Parcels of a job that have their label, by n, for the merged file. */
MUST_USE err_t job_bought_page(struct ctx *ctx, label_job_id id, int64_t after,
                               size_t limit, struct job_item **ret,
                               size_t *ret_count);

#endif
