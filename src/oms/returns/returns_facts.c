/* returns_facts.c - gathers what decides whether units may come back. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/catalog/catalog_attr.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/order/order_worth.h"
#include "oms/returns/returns_work.h"
#include "oms/shipping/shipping_arrival.h"

static bool is_listed(const str *texts, size_t count, str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(texts[i], text))
            return true;
    return false;
}

static err_t note_final(struct ctx *ctx, const struct order *order,
                        const struct return_policy *policy,
                        struct return_facts *facts)
{
    struct sku_attr *attrs;
    size_t count;
    sku_id *ids = arena_array(ctx->arena, sku_id, order->line_count);
    for (size_t i = 0; i < order->line_count; i++) {
        ids[i] = order->lines[i].sku;
        facts[i].is_final =
            is_listed(policy->final_skus, policy->final_sku_count,
                      order->lines[i].sku_code);
    }
    if (policy->final_attr.len == 0)
        return OK;
    TRY(sku_attr_list(ctx, policy->final_attr, ids, order->line_count, &attrs,
                      &count));
    for (size_t i = 0; i < order->line_count; i++)
        for (size_t j = 0; j < count; j++)
            if (attrs[j].sku.v == order->lines[i].sku.v &&
                is_listed(policy->final_values, policy->final_value_count,
                          attrs[j].value))
                facts[i].is_final = true;
    return OK;
}

/* What went without a parcel: collected, handed over, or over a wire. */
static err_t note_left(struct ctx *ctx, const struct order *order,
                       struct return_facts *facts)
{
    struct fulfillment *fos;
    size_t count;
    TRY(fulfillment_list_order(ctx, order->id, &fos, &count));
    for (size_t i = 0; i < count; i++) {
        utc_ms at = fos[i].closed_at ? fos[i].closed_at : fos[i].updated_at;
        for (size_t j = 0; j < fos[i].line_count; j++) {
            const struct fulfillment_line *line = &fos[i].lines[j];
            if (line->shipped > 0 && facts[line->n - 1].since < at)
                facts[line->n - 1].since = at;
        }
    }
    return OK;
}

/* A parcel knows better. One that left after the last that arrived is still on
 * its way. */
static err_t note_parcels(struct ctx *ctx, const struct order *order,
                          const struct return_policy *policy,
                          struct return_facts *facts)
{
    struct line_arrival *lines;
    size_t count;
    TRY(shipping_arrivals(ctx, order->id, &lines, &count));
    for (size_t i = 0; i < count; i++)
        facts[lines[i].n - 1].since =
            lines[i].delivered_at >= lines[i].shipped_at &&
                    !policy->is_from_shipped
                ? lines[i].delivered_at
                : lines[i].shipped_at;
    return OK;
}

/* Units that were rejected and not sent back cannot come a second time. */
static void note_held(const struct return_known *of, struct return_facts *facts)
{
    for (size_t i = 0; i < of->count; i++)
        for (size_t j = 0; j < of->rmas[i].line_count; j++) {
            const struct return_line *line = &of->rmas[i].lines[j];
            facts[line->n - 1].held +=
                return_count_line(line, of->rmas[i].units,
                                  of->rmas[i].unit_count)
                    .held;
        }
}

err_t return_facts_of(struct ctx *ctx, const struct return_known *of,
                      struct return_facts **ret)
{
    const struct order *order = of->order;
    struct return_facts *facts =
        arena_array(ctx->arena, struct return_facts, order->line_count);
    note_held(of, facts);
    for (size_t i = 0; i < order->line_count; i++) {
        facts[i].window_days = of->policy->window_days;
        facts[i].left = order_line_returnable(&order->lines[i]) - facts[i].held;
    }
    TRY(note_final(ctx, order, of->policy, facts));
    TRY(note_left(ctx, order, facts));
    TRY(note_parcels(ctx, order, of->policy, facts));
    *ret = facts;
    return OK;
}

err_t return_facts_read(struct ctx *ctx, const struct order *order,
                        struct return_known *ret,
                        struct return_facts **ret_facts)
{
    struct return_filter filter = {.order = order->id, .limit = LIMIT_RETURNS};
    struct return_policy *policy = arena_new(ctx->arena, struct return_policy);
    struct rma *rmas;
    TRY(return_policy_get(ctx, order->channel, policy));
    TRY(return_page(ctx, &filter, &rmas, &ret->count));
    ret->order = order;
    ret->policy = policy;
    ret->rmas = rmas;
    return return_facts_of(ctx, ret, ret_facts);
}

err_t return_left_from(struct ctx *ctx, order_id order, int64_t n,
                       location_id *ret)
{
    struct fulfillment *fos;
    size_t count;
    TRY(fulfillment_list_order(ctx, order, &fos, &count));
    ret->v = 0;
    for (size_t i = 0; i < count && ret->v == 0; i++) {
        const struct fulfillment_line *line = fulfillment_line_of(&fos[i], n);
        if (line && line->shipped > 0)
            *ret = fos[i].location;
    }
    return OK;
}
