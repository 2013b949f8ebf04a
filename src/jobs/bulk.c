/* bulk.c - see bulk.h. */
#include "jobs/bulk.h"

#include "jobs/batch.h"
#include "oms/bulk/bulk.h"

static err_t read_items(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct bulk_items *items = arg;
    TRY(order_job_next(ctx, ORDER_JOB_BATCH, &items->at, &items->count));
    *ret_count = items->count;
    return OK;
}

static err_t run_item(struct ctx *ctx, void *arg, size_t at)
{
    const struct bulk_items *items = arg;
    if (at == 0) /* Those of a batch before any of them is changed. */
        TRY(order_job_lock_orders(ctx, items->at, items->count));
    return order_job_item_run(ctx, &items->at[at]);
}

static err_t refuse_item(struct ctx *ctx, void *arg, size_t at,
                         const struct err_detail *why)
{
    const struct bulk_items *items = arg;
    return order_job_item_refuse(ctx, &items->at[at], why);
}

const struct batch_kind bulk_kind = {.name = "order_jobs",
                                     .read = read_items,
                                     .run = run_item,
                                     .refuse = refuse_item};
