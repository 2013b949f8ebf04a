/* routing_doc.c - a routing decision as a document people can read. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/routing/routing_router.h"
#include "oms/routing/routing_store.h"

const char *routing_rule_name(enum routing_rule rule)
{
    switch (rule) {
    case ROUTING_UNTRACKED: return "untracked";
    case ROUTING_WHOLE_ORDER: return "whole_order";
    case ROUTING_WHOLE_LINES: return "whole_lines";
    case ROUTING_UNITS: return "units";
    case ROUTING_BACKORDER: return "backorder";
    case ROUTING_HELD: return "held";
    case ROUTING_PINNED: return "pinned";
    case ROUTING_QUEUED: return "queued";
    }
    UNREACHABLE("not a routing rule");
}

static const char *why(enum routing_rule rule)
{
    switch (rule) {
    case ROUTING_UNTRACKED: return "no line takes stock";
    case ROUTING_WHOLE_ORDER:
        return "the first ranked location that holds the whole order";
    case ROUTING_WHOLE_LINES:
        return "no location holds the whole order; each line goes whole to "
               "the first ranked location that holds it";
    case ROUTING_UNITS:
        return "some line is whole nowhere; its units come from the ranked "
               "locations in order";
    case ROUTING_BACKORDER:
        return "the ranked locations together hold less than the order; the "
               "rest waits";
    case ROUTING_HELD:
        return "every unit was held before; it ships from where it was held";
    case ROUTING_PINNED: return "every unit ships from where a person sent it";
    case ROUTING_QUEUED:
        return "no step took all of it; the rest waits for a person, as the "
               "step says";
    }
    UNREACHABLE("not a routing rule");
}

/* Told when it is read: it would be stored with every order. */
const char *routing_rule_why(str name)
{
    for (int i = ROUTING_UNTRACKED; i <= ROUTING_QUEUED; i++)
        if (str_equal_cstr(name, routing_rule_name((enum routing_rule)i)))
            return why((enum routing_rule)i);
    return "a rule of a later version of Wharf";
}

static const char *outcome_name(enum routing_outcome outcome)
{
    switch (outcome) {
    case ROUTING_CHOSEN: return "chosen";
    case ROUTING_RANKED_LOWER: return "ranked_lower";
    case ROUTING_SHORT: return "short";
    case ROUTING_EMPTY: return "empty";
    case ROUTING_EXCLUDED: return "excluded";
    case ROUTING_FILTERED: return "filtered";
    }
    UNREACHABLE("not a routing outcome");
}

const char *routing_outcome_of(int64_t stored)
{
    if (stored < ROUTING_CHOSEN || stored > ROUTING_FILTERED)
        return "unknown";
    return outcome_name((enum routing_outcome)stored);
}

static void put_skus(struct json_out *out, const struct routing_plan *plan)
{
    json_begin_list(out, "skus");
    for (size_t i = 0; i < plan->sku_count; i++) {
        json_begin(out, NULL);
        json_put_id(out, "sku", "sku", plan->skus[i].sku.v);
        json_put_i64(out, "needed", plan->skus[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_plan(struct json_out *out, const struct routing_plan *plan,
                     size_t lines)
{
    json_begin_list(out, "plan");
    for (size_t i = 0; i < plan->count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "line", (int64_t)plan->at[i].line + 1);
        json_put_id_or_null(out, "location", "loc", plan->at[i].location.v);
        json_put_i64(out, "quantity", plan->at[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin_list(out, "backordered");
    for (size_t i = 0; i < lines && plan->backordered_units > 0; i++) {
        if (plan->backordered[i] == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "line", (int64_t)i + 1);
        json_put_i64(out, "quantity", plan->backordered[i]);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_tried(struct json_out *out, const struct routing_tried *tried)
{
    json_begin(out, NULL);
    json_put_str(out, "step", tried->step->name);
    json_put_i64(out, "units", tried->units);
    json_put_bool(out, "is_exact", tried->is_exact);
    json_begin(out, "filtered");
    for (int i = BAR_NONE + 1; i < BAR_COUNT; i++)
        if (tried->bars[i] > 0)
            json_put_i64(out, routing_bar_name((enum routing_bar)i),
                         tried->bars[i]);
    json_end_object(out);
    json_begin_list(out, "runner_up");
    for (size_t i = 0; i < tried->runner_up_count; i++)
        json_put_id(out, NULL, "loc", tried->runner_up[i].v);
    json_end_list(out);
    json_end_object(out);
}

static void put_scenario(struct json_out *out, const struct routing_plan *plan)
{
    if (!plan->scenario)
        return;
    json_put_str(out, "scenario", plan->scenario->name);
    json_begin_list(out, "steps");
    for (size_t i = 0; i < plan->tried_count; i++)
        put_tried(out, &plan->tried[i]);
    json_end_list(out);
    if (plan->backordered_units > 0 && plan->after)
        json_put_cstr(out, "then", routing_after_name(plan->after));
}

static void put_excluded(struct json_out *out,
                         const struct routing_request *request)
{
    json_begin(out, "excluded");
    json_put_i64(out, "inactive", request->strategy->inactive);
    json_put_i64(out, "not_shipping", request->strategy->no_shipping);
    if (request->excluded_count > 0)
        json_put_i64(out, "by_request", (int64_t)request->excluded_count);
    json_end_object(out);
}

str routing_decision_doc(struct arena *arena,
                         const struct routing_request *request,
                         const struct routing_plan *plan)
{
    const struct routing_strategy *strategy = request->strategy;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "router", plan->router->name);
    if (strategy->brand.len > 0)
        json_put_str(&out, "brand", strategy->brand);
    json_put_bool(&out, "is_ranked", strategy->is_ranked);
    json_put_cstr(&out, "rule", routing_rule_name(plan->rule));
    put_scenario(&out, plan);
    put_plan(&out, plan, request->line_count);
    put_skus(&out, plan);
    json_put_i64(&out, "unnamed", (int64_t)plan->unnamed);
    put_excluded(&out, request);
    if (request->strategy->needs_point)
        json_put_cstr(&out, "destination",
                      request->destination && request->destination->point
                          ? request->destination->point
                          : "unknown");
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}
