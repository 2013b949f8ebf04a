/* routing_pack.c - the candidates of a decision in few bytes, and back.
 *
 * Ten of them stand in every decision, and as JSON they would be most of it:
 *
 *     nearest,ranked;01k3…,1,1,0,98,5/4200,1;01k3…,2,2,0,70,9/9100,2
 *
 * First the rules of the step; then of each candidate its location, rank,
 * outcome and filter (numbers of their enums), what was available of each SKU,
 * and behind the slash its number by each rule.
 */
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/routing/routing_router.h"
#include "oms/routing/routing_store.h"

enum { PREFIX_BYTES = 4 }; /* "loc_" */

static const struct routing_step *step_of(const struct routing_plan *plan)
{
    return plan->tried_count > 0 ? plan->tried[plan->told].step : NULL;
}

static void pack_i64(struct buf *buf, int64_t value)
{
    buf_add_char(buf, ',');
    buf_add_i64(buf, value);
}

static void pack_one(struct buf *buf, const struct routing_plan *plan,
                     const struct routing_candidate *candidate)
{
    const struct routing_step *step = step_of(plan);
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("loc", candidate->location.v, id);
    buf_add_char(buf, ';');
    buf_add(buf, id + PREFIX_BYTES, len - PREFIX_BYTES);
    pack_i64(buf, (int64_t)candidate->rank);
    pack_i64(buf, candidate->outcome);
    pack_i64(buf, candidate->bar);
    for (size_t i = 0; i < plan->sku_count; i++)
        pack_i64(buf, candidate->available[i]);
    for (size_t i = 0; step && candidate->by && i < step->rule_count; i++) {
        buf_add_char(buf, i == 0 ? '/' : ',');
        buf_add_i64(buf, candidate->by[i]);
    }
}

str routing_pack(struct arena *arena, const struct routing_plan *plan)
{
    const struct routing_step *step = step_of(plan);
    struct buf buf;
    buf_init(&buf, arena, LIMIT_REPLY_BYTES);
    for (size_t i = 0; step && i < step->rule_count; i++) {
        if (i > 0)
            buf_add_char(&buf, ',');
        buf_add_cstr(&buf, routing_by_name(step->rules[i].by));
    }
    if (plan->candidate_count == 0)
        buf_add_char(&buf, ';'); /* Never empty. */
    for (size_t i = 0; i < plan->candidate_count; i++)
        pack_one(&buf, plan, &plan->candidates[i]);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

/* ---- read ---- */

static int64_t next_i64(str *rest)
{
    int64_t ret = 0;
    bool is_number = str_to_i64(str_split(*rest, ',', rest), &ret);
    return is_number ? ret : 0;
}

static void put_values(struct json_out *out, str rules, str values)
{
    if (values.len == 0)
        return;
    json_begin_list(out, "by");
    while (values.len > 0 && rules.len > 0) {
        json_begin(out, NULL);
        json_put_str(out, "rule", str_split(rules, ',', &rules));
        json_put_i64(out, "value", next_i64(&values));
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_one(struct json_out *out, str rules, str packed)
{
    int64_t id = 0;
    str by, rest = str_split(packed, '/', &by);
    str digits = str_split(rest, ',', &rest);
    char text[ID_TEXT_BYTES];
    int len = snprintf(text, sizeof text, "loc_%.*s", STR_ARG(digits));
    json_begin(out, NULL);
    if (len > 0 && (size_t)len < sizeof text)
        (void)id_from_text("loc", (str){text, (size_t)len}, &id);
    json_put_id_or_null(out, "location", "loc", id);
    json_put_i64(out, "rank", next_i64(&rest));
    json_put_cstr(out, "outcome", routing_outcome_of(next_i64(&rest)));
    int64_t bar = next_i64(&rest);
    if (bar > BAR_NONE && bar < BAR_COUNT)
        json_put_cstr(out, "filter", routing_bar_name((enum routing_bar)bar));
    put_values(out, rules, by);
    json_begin_list(out, "available");
    while (rest.len > 0)
        json_put_i64(out, NULL, next_i64(&rest));
    json_end_list(out);
    json_end_object(out);
}

void routing_unpack(struct json_out *out, str packed)
{
    str rules = str_split(packed, ';', &packed);
    json_begin_list(out, "candidates");
    while (packed.len > 0)
        put_one(out, rules, str_split(packed, ';', &packed));
    json_end_list(out);
}
