/* shipping.c - see shipping.h. */
#include "jobs/shipping.h"

#include "base/log.h"
#include "jobs/batch.h"
#include "oms/shipping/shipping_hook.h"
#include "oms/shipping/shipping_job.h"
#include "oms/shipping/shipping_shop.h"

/* ---- labels asked for in bulk ---- */

static err_t read_items(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct label_items *items = arg;
    return job_next(ctx, JOB_BATCH, &items->at, ret_count);
}

static err_t run_item(struct ctx *ctx, void *arg, size_t at)
{
    const struct label_items *items = arg;
    return job_item_run(ctx, &items->at[at]);
}

static err_t refuse_item(struct ctx *ctx, void *arg, size_t at,
                         const struct err_detail *why)
{
    const struct label_items *items = arg;
    return job_item_refuse(ctx, &items->at[at], why);
}

const struct batch_kind label_items_kind = {.name = "labels",
                                            .read = read_items,
                                            .run = run_item,
                                            .refuse = refuse_item};

/* ---- what carriers tell us by themselves ---- */

static err_t read_hooks(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct carrier_hooks *hooks = arg;
    return hook_next(ctx, HOOK_BATCH, &hooks->ids, ret_count);
}

static err_t run_hook(struct ctx *ctx, void *arg, size_t at)
{
    const struct carrier_hooks *hooks = arg;
    return hook_read(ctx, hooks->ids[at]);
}

static err_t spoil_hook(struct ctx *ctx, void *arg, size_t at,
                        const struct err_detail *why)
{
    const struct carrier_hooks *hooks = arg;
    log_line(LOG_WARN, "labels", "a carrier's message: %s", why->text);
    return hook_spoil(ctx, hooks->ids[at]);
}

const struct batch_kind carrier_hooks_kind = {.name = "labels",
                                              .read = read_hooks,
                                              .run = run_hook,
                                              .refuse = spoil_hook};

static err_t read_facts(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct carrier_facts *facts = arg;
    return fact_next(ctx, HOOK_BATCH, &facts->keys, ret_count);
}

static err_t apply_facts(struct ctx *ctx, void *arg, size_t at)
{
    const struct carrier_facts *facts = arg;
    return fact_apply(ctx, &facts->keys[at]);
}

static err_t refuse_facts(struct ctx *ctx, void *arg, size_t at,
                          const struct err_detail *why)
{
    const struct carrier_facts *facts = arg;
    log_line(LOG_WARN, "labels", "a carrier's word: %s", why->text);
    return fact_refuse(ctx, &facts->keys[at], why);
}

/* Orders and parcels are locked one after the other: never many at once. */
const struct batch_kind carrier_facts_kind = {.name = "labels",
                                              .is_one_by_one = true,
                                              .read = read_facts,
                                              .run = apply_facts,
                                              .refuse = refuse_facts};

/* ---- labels that wait for prices ---- */

static err_t read_shoppers(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct label_shoppers *shoppers = arg;
    return shop_due(ctx, SHOP_BATCH, &shoppers->labels, ret_count);
}

static err_t end_shopping(struct ctx *ctx, void *arg, size_t at)
{
    const struct label_shoppers *shoppers = arg;
    return shop_end(ctx, shoppers->labels[at]);
}

static err_t postpone(struct ctx *ctx, void *arg, size_t at,
                      const struct err_detail *why)
{
    const struct label_shoppers *shoppers = arg;
    log_line(LOG_WARN, "labels", "the best rate: %s", why->text);
    return shop_postpone(ctx, shoppers->labels[at]);
}

const struct batch_kind label_shoppers_kind = {.name = "labels",
                                               .is_one_by_one = true,
                                               .read = read_shoppers,
                                               .run = end_shopping,
                                               .refuse = postpone};
