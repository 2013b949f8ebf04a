/* change_score.c - orders are scored once they are placed, rules are set, and
 * tried on orders of the past. */
#include "oms/change/change_score.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_score_sql.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 256 * 1024, SHOWN = 50, DROP_MOST = 500 };
static const utc_ms HOUR_MS = (utc_ms)60 * 60 * 1000;
static const utc_ms KEPT_MS = (utc_ms)30 * 24 * 60 * 60 * 1000;

/* ---- rules ---- */

static err_t tell_policy(struct ctx *ctx, const struct score_policy *policy)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", policy->version);
    score_policy_write(policy, &out);
    json_end_object(&out);
    return event_add(ctx, "score_rules.changed", "channel", policy->channel.v,
                     buf_str(&buf), NULL);
}

err_t score_policy_put(struct ctx *ctx, int64_t version,
                       struct score_policy *policy)
{
    struct score_policy before;
    struct channel channel;
    ASSERT(ctx->tx);
    TRY(channel_get(ctx, policy->channel, &channel));
    TRY(score_policy_find(ctx, policy->channel, &before));
    TRY(check_version(ctx, version, before.version));
    policy->version = before.version + 1;
    policy->updated_at = ctx->now;
    TRY(score_policy_save(ctx, policy));
    return tell_policy(ctx, policy);
}

/* ---- one order ---- */

struct scored {
    bool *hits; /* Per rule. */
    int64_t score;
};

static struct scored evaluate(struct ctx *ctx,
                              const struct score_policy *policy,
                              const struct score_facts *facts,
                              const int64_t *seen)
{
    struct scored ret = {arena_array(ctx->arena, bool, policy->count), 0};
    for (size_t i = 0; i < policy->count; i++) {
        ret.hits[i] = score_rule_hits(&policy->rules[i], facts, seen[i]);
        ret.score += ret.hits[i] ? policy->rules[i].points : 0;
    }
    return ret;
}

static str hits_text(struct ctx *ctx, const struct score_policy *policy,
                     const struct scored *scored)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (size_t i = 0; i < policy->count; i++) {
        if (!scored->hits[i])
            continue;
        json_begin(&out, NULL);
        json_put_str(&out, "rule", policy->rules[i].name);
        json_put_i64(&out, "points", policy->rules[i].points);
        json_end_object(&out);
    }
    json_end_list(&out);
    return buf_str(&buf);
}

static err_t count_seen(struct ctx *ctx, const struct score_policy *policy,
                        const struct score_facts *facts, utc_ms at,
                        int64_t *seen)
{
    for (size_t i = 0; i < policy->count; i++) {
        const struct score_rule *rule = &policy->rules[i];
        seen[i] = 0;
        if (rule->kind == SCORE_VELOCITY && facts->keys[rule->by] != 0)
            TRY(score_keys_count(ctx, facts->keys[rule->by],
                                 at - rule->hours * HOUR_MS, at, &seen[i]));
    }
    return OK;
}

/* The names of rules, as many as a note has room for. */
static str note_of(struct ctx *ctx, const struct score_policy *policy,
                   const struct scored *scored)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    for (size_t i = 0; i < policy->count; i++) {
        str name = policy->rules[i].name;
        if (!scored->hits[i] || buf.len + name.len + 2 > LIMIT_REASON_BYTES)
            continue;
        if (buf.len > 0)
            buf_add_cstr(&buf, ", ");
        buf_add_str(&buf, name);
    }
    return buf_str(&buf);
}

/* What is over, or full of holds, is scored all the same. */
static err_t place_hold(struct ctx *ctx, const struct score_policy *policy,
                        const struct scored *scored, struct order_score *score)
{
    struct order_hold hold = {.order = score->order,
                              .reason = ORDER_HOLD_FRAUD,
                              .note = note_of(ctx, policy, scored),
                              .score = score->score};
    err_t err = order_hold_place(ctx, ORDER_HOLD_ANY_VERSION, &hold);
    if (err == ERR_STATE) {
        err_clear(ctx);
        return OK;
    }
    TRY(err);
    score->hold = hold.id;
    return OK;
}

static err_t tell_score(struct ctx *ctx, const struct order_score *score)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "score", score->score);
    json_put_i64(&out, "threshold", score->threshold);
    json_put_i64(&out, "policy_version", score->policy_version);
    json_put_raw(&out, "hits", score->hits);
    json_put_id_or_null(&out, "hold", "ohd", score->hold.v);
    json_end_object(&out);
    return event_add(ctx, "order_score.made", "order", score->order.v,
                     buf_str(&buf), NULL);
}

static err_t score_order(struct ctx *ctx, const struct score_policy *policy,
                         order_id id)
{
    struct order order;
    struct score_facts facts;
    bool is_there;
    utc_ms at = id_time(id.v);
    int64_t *seen = arena_array(ctx->arena, int64_t, policy->count);
    TRY(score_is_there(ctx, id, &is_there));
    if (is_there)
        return OK;
    TRY(order_get(ctx, id, &order));
    TRY(score_facts_of(ctx, &order, &facts));
    TRY(score_keys_add(ctx, id, at, &facts));
    TRY(count_seen(ctx, policy, &facts, at, seen));
    struct scored scored = evaluate(ctx, policy, &facts, seen);
    struct order_score score = {.order = id,
                                .score = scored.score,
                                .threshold = policy->threshold,
                                .policy_version = policy->version,
                                .hits = hits_text(ctx, policy, &scored)};
    if (score.score >= score.threshold)
        TRY(place_hold(ctx, policy, &scored, &score));
    TRY(score_insert(ctx, &score));
    return tell_score(ctx, &score);
}

/* ---- the consumer ---- */

static const struct score_policy *policy_of(struct ctx *ctx,
                                            const struct event *event,
                                            const struct score_policy *all,
                                            size_t count)
{
    struct json_in *data;
    int64_t channel = 0;
    if (json_parse(ctx, event->data, &data) != OK ||
        json_opt_id(data, "channel", "chn", &channel) != OK) {
        err_clear(ctx);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (all[i].channel.v == channel)
            return &all[i];
    return NULL;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct score_policy *all;
    size_t policies, first = 0;
    while (first < count && !str_equal_cstr(events[first].type, "order.placed"))
        first++;
    if (first == count)
        return OK;
    TRY(score_policy_active(ctx, &all, &policies));
    for (size_t i = first; i < count && policies > 0; i++) {
        const struct score_policy *policy;
        if (!str_equal_cstr(events[i].type, "order.placed"))
            continue;
        policy = policy_of(ctx, &events[i], all, policies);
        if (policy)
            TRY(score_order(ctx, policy, (order_id){events[i].subject_id}));
    }
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "order_scores", .consume = consume},
};
const struct event_list score_events = {consumers, COUNT_OF(consumers)};

/* ---- what is counted is forgotten ---- */

static err_t drop_old(struct ctx *ctx, bool *ret_is_more)
{
    int64_t count = 0;
    TRY(score_keys_drop(ctx, ctx->now - KEPT_MS, DROP_MOST, &count));
    *ret_is_more = count == DROP_MOST;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "order_scores", .period_ms = 60 * 60 * 1000, .run = drop_old},
};
const struct timer_list score_timers = {timers, COUNT_OF(timers)};

/* ---- tried on the past ---- */

struct past {
    order_id id;
    utc_ms at;
    struct score_facts facts;
};

/* Orders are newest first: those before come behind. */
static int64_t seen_before(const struct past *past, size_t count, size_t i,
                           const struct score_rule *rule)
{
    int64_t key = past[i].facts.keys[rule->by], seen = 0;
    for (size_t j = i; key != 0 && j < count; j++) {
        if (past[j].at <= past[i].at - rule->hours * HOUR_MS)
            break;
        seen += past[j].facts.keys[rule->by] == key;
    }
    return seen;
}

static void look_at(struct ctx *ctx, struct score_look *look,
                    const struct past *past, size_t count, size_t i)
{
    const struct score_policy *policy = &look->policy;
    int64_t *seen = arena_array(ctx->arena, int64_t, policy->count);
    for (size_t j = 0; j < policy->count; j++)
        if (policy->rules[j].kind == SCORE_VELOCITY)
            seen[j] = seen_before(past, count, i, &policy->rules[j]);
    struct scored scored = evaluate(ctx, policy, &past[i].facts, seen);
    for (size_t j = 0; j < policy->count; j++)
        look->hits[j] += scored.hits[j];
    if (scored.score < policy->threshold)
        return;
    look->held++;
    if (look->shown_count < SHOWN)
        look->shown[look->shown_count++] =
            (struct order_score){.order = past[i].id,
                                 .score = scored.score,
                                 .hits = hits_text(ctx, policy, &scored)};
}

err_t score_look(struct ctx *ctx, struct score_look *look)
{
    order_id *ids;
    size_t count;
    struct channel channel;
    TRY(channel_get(ctx, look->policy.channel, &channel));
    TRY(score_orders(ctx, look->policy.channel, look->most, &ids, &count));
    struct past *past = arena_array(ctx->arena, struct past, count);
    look->hits = arena_array(ctx->arena, int64_t, look->policy.count);
    look->shown = arena_array(ctx->arena, struct order_score, SHOWN);
    look->looked_at = count;
    for (size_t i = 0; i < count; i++) {
        struct order order;
        TRY(order_get(ctx, ids[i], &order));
        past[i] = (struct past){.id = ids[i], .at = id_time(ids[i].v)};
        TRY(score_facts_of(ctx, &order, &past[i].facts));
    }
    for (size_t i = 0; i < count; i++)
        look_at(ctx, look, past, count, i);
    return OK;
}

/* ---- verify ---- */

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "scores", "ord",
                           "is of no such order, or of another's hold"};
    return verify_none(ctx, SQL_SCORE_VERIFY, check);
}

static const struct verify_check checks[] = {
    {"scores", "scores are of orders, and holds of those that reach", run},
};
const struct verify_list score_verify = {checks, COUNT_OF(checks)};
