/* model.c - what the house must do, worked out the slow way. */
#include "model.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "model_goods.h"
#include "model_route.h"

int64_t m_claimed(const struct m_level *level)
{
    int64_t sum = level->committed + level->reserved;
    for (int i = 1; i < M_BUCKETS; i++)
        sum += level->blocked[i];
    return sum;
}

int64_t m_available(const struct m_level *level)
{
    return level->on_hand - m_claimed(level) - level->safety;
}

int64_t m_sellable(const struct m_level *level, int channel)
{
    const struct m_policy *policy = &level->policies[channel];
    return level->on_hand - m_claimed(level) -
           (policy->is_there ? policy->safety : level->safety);
}

int64_t m_total(const struct m_order *order)
{
    int64_t total = order->shipping + order->fee;
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        total += line->qty * line->price - line->discount;
        total += order->is_inclusive ? 0 : line->tax;
    }
    return total;
}

int m_sku_of(const struct model *model, str code)
{
    for (int i = 0; i < model->sku_count; i++) {
        if (str_equal_cstr(code, model->skus[i].code))
            return i;
    }
    return -1;
}

int m_place_of(const struct model *model, int64_t id)
{
    for (int i = 0; i < model->place_count; i++) {
        if (model->places[i].id == id)
            return i;
    }
    return -1;
}

const struct m_key *m_key_find(const struct model *model, const char *key)
{
    return map_find(model->keys, (struct map_key){.s = str_from_cstr(key)});
}

void m_key_add(struct model *model, const char *key,
               const struct m_key *answered)
{
    struct m_key *kept = arena_new(model->arena, struct m_key);
    kept->body = str_copy(model->arena, answered->body);
    kept->reply = str_copy(model->arena, answered->reply);
    kept->at = answered->at;
    str name = str_copy(model->arena, str_from_cstr(key));
    map_set(model->keys, (struct map_key){.s = name}, kept);
}

int64_t m_open(const struct m_line *line)
{
    return line->unallocated + line->backordered + line->allocated;
}

int64_t m_held_at(const struct m_line *line, int place)
{
    int64_t sum = 0;
    for (int i = 0; i < line->hold_count; i++)
        sum += line->holds[i].place == place ? line->holds[i].qty : 0;
    return sum;
}

int m_parts(const struct m_line *line, const struct m_part **ret,
            struct m_part *self)
{
    *self = (struct m_part){line->sku, 1};
    *ret = line->part_count ? line->parts : self;
    return line->part_count ? line->part_count : 1;
}

/* ---- placing ---- */

static struct m_order *find_external(const struct model *model,
                                     const struct m_order *order)
{
    for (size_t i = model->order_count; i > 0; i--) {
        struct m_order *other = model->orders[i - 1];
        if (other->channel == order->channel &&
            strcmp(other->external, order->external) == 0)
            return other;
    }
    return NULL;
}

void m_forget(struct m_order *order)
{
    order->payments = NULL;
    order->refunds = NULL;
    order->returns = NULL;
    order->stops = NULL;
    order->exchanges = NULL;
    order->billing = NULL;
    order->billed_at = 0;
    order->shipping_off = order->allowance = 0;
    order->is_opened_early = false;
    order->is_cancelled = order->is_completed = false;
}

struct m_order *m_keep(struct model *model, const struct m_order *order)
{
    if (model->order_count == model->order_room) {
        size_t room = model->order_room ? model->order_room * 2 : 256;
        struct m_order **grown =
            arena_array(model->arena, struct m_order *, room);
        if (model->order_count)
            memcpy(grown, model->orders,
                   model->order_count * sizeof(struct m_order *));
        model->orders = grown;
        model->order_room = room;
    }
    struct m_order *kept = mem_new(sizeof(*kept));
    *kept = *order;
    kept->body = str_copy(model->arena, order->body);
    model->orders[model->order_count++] = kept;
    return kept;
}

void m_drop(struct model *model)
{
    for (size_t i = 0; i < model->order_count; i++)
        mem_free(model->orders[i]);
    model->order_count = 0;
}

/* Commits units of a line at a place, or gives them back. */
static void commit_at(struct model *model, const struct m_line *line, int place,
                      int64_t qty)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    for (int i = 0; i < count; i++)
        model->levels[parts[i].sku][place].committed += qty * parts[i].qty;
}

static void commit(struct model *model, const struct m_order *order)
{
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        for (int j = 0; j < line->hold_count; j++)
            commit_at(model, line, line->holds[j].place, line->holds[j].qty);
    }
}

/* ---- holds ---- */

static void reserve(struct model *model, const struct m_order *hold, int sign)
{
    for (int i = 0; i < hold->line_count; i++) {
        const struct m_line *line = &hold->lines[i];
        for (int j = 0; j < line->hold_count; j++)
            model->levels[line->sku][line->holds[j].place].reserved +=
                sign * line->holds[j].qty;
    }
}

const char *m_hold(struct model *model, const struct m_order *want,
                   struct m_order **ret)
{
    struct m_order fresh = *want;
    if (want->channel < 0)
        return "channel_unknown";
    if (!model->channels[want->channel].is_active)
        return "channel_inactive";
    for (int i = 0; i < want->line_count; i++) {
        if (want->lines[i].sku < 0)
            return "sku_unknown";
        if (!model->skus[want->lines[i].sku].is_tracked)
            return "sku_untracked";
    }
    if (m_route(model, &fresh) > 0)
        return "out_of_stock";
    fresh.version = 1;
    fresh.hold_state = 1;
    reserve(model, &fresh, 1);
    if (model->held_count == model->held_room) {
        size_t room = model->held_room ? model->held_room * 2 : 64;
        struct m_order **grown =
            arena_array(model->arena, struct m_order *, room);
        if (model->held_count)
            memcpy(grown, model->held,
                   model->held_count * sizeof(struct m_order *));
        model->held = grown;
        model->held_room = room;
    }
    struct m_order *kept = arena_new(model->arena, struct m_order);
    *kept = fresh;
    model->held[model->held_count++] = kept;
    *ret = kept;
    return "";
}

const char *m_hold_open(const struct m_order *hold, utc_ms now)
{
    if (hold->hold_state == 4)
        return "hold_expired";
    if (hold->hold_state != 1)
        return "hold_not_open";
    return hold->expires_at <= now ? "hold_expired" : "";
}

void m_hold_end(struct model *model, struct m_order *hold, int state)
{
    ASSERT(hold->hold_state == 1);
    reserve(model, hold, -1);
    hold->hold_state = state;
    hold->version++;
}

static const char *why_not_held(const struct m_order *order, utc_ms now)
{
    if (!order->held)
        return "";
    if (order->held->channel != order->channel)
        return "hold_other_channel";
    return m_hold_open(order->held, now);
}

const char *m_place_order(struct model *model, const struct m_order *order,
                          utc_ms now, struct m_order **ret, bool *ret_is_new)
{
    *ret = NULL;
    *ret_is_new = false;
    if (order->channel < 0)
        return "channel_unknown";
    struct m_order *same = find_external(model, order);
    if (same) {
        *ret = same;
        return str_equal(same->body, order->body) ? "" : "external_id_reused";
    }
    if (!model->channels[order->channel].is_active)
        return "channel_inactive";
    if (order->has_wrong_total)
        return "totals_mismatch";
    for (int i = 0; i < order->line_count; i++) {
        if (order->lines[i].sku < 0)
            return "sku_unknown";
    }
    const char *why = why_not_held(order, now);
    if (why[0] != '\0')
        return why;
    if (order->is_pickup && order->pickup_at >= 0) {
        const struct m_place *at = &model->places[order->pickup_at];
        if (!at->is_active || !at->is_pickup)
            return at->is_active ? "location_no_pickup" : "location_unknown";
    }
    struct m_order fresh = *order;
    int64_t missing = m_route(model, &fresh);
    if (missing > 0 && model->channels[order->channel].refuses)
        return "out_of_stock";
    fresh.version = 1;
    fresh.total = m_total(&fresh);
    for (int i = 0; i < fresh.line_count; i++)
        fresh.lines[i].price_now = fresh.lines[i].price;
    if (fresh.held)
        m_hold_end(model, fresh.held, 2);
    commit(model, &fresh);
    *ret = m_keep(model, &fresh);
    *ret_is_new = true;
    return "";
}

/* Off the latest of its rows there. */
static void take_off(struct m_line *line, int place, int64_t qty)
{
    int n = 0;
    for (int i = line->hold_count; i > 0 && qty > 0; i--) {
        struct m_hold *hold = &line->holds[i - 1];
        int64_t taken = hold->qty < qty ? hold->qty : qty;
        if (hold->place != place)
            continue;
        hold->qty -= taken;
        qty -= taken;
    }
    ASSERT(qty == 0);
    for (int i = 0; i < line->hold_count; i++)
        if (line->holds[i].qty > 0)
            line->holds[n++] = line->holds[i];
    line->hold_count = n;
}

void m_free(struct model *model, struct m_line *line, int place, int64_t qty)
{
    take_off(line, place, qty);
    commit_at(model, line, place, -qty);
}

void m_leave(struct model *model, struct m_line *line, int place, int64_t qty)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    m_free(model, line, place, qty);
    for (int i = 0; i < count; i++)
        model->levels[parts[i].sku][place].on_hand -= qty * parts[i].qty;
}

void m_lose(struct model *model, struct m_line *line, int place, int64_t qty,
            const int64_t *missing)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    m_free(model, line, place, qty);
    for (int i = 0; i < count; i++)
        model->levels[parts[i].sku][place].blocked[M_HELD] += missing[i];
}

void m_take(struct model *model, struct m_line *line, int place, int64_t qty)
{
    ASSERT(line->hold_count < M_HOLDS);
    line->holds[line->hold_count++] = (struct m_hold){place, qty};
    commit_at(model, line, place, qty);
}

int64_t m_fits(const struct model *model, int channel,
               const struct m_line *line, int place)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    int64_t least = INT64_MAX;
    for (int i = 0; i < count; i++) {
        int64_t left = m_sellable(&model->levels[parts[i].sku][place], channel);
        int64_t units = left < 0 ? 0 : left / parts[i].qty;
        least = units < least ? units : least;
    }
    return least;
}

void m_serve(struct model *model, struct m_line *line, int place, int64_t qty)
{
    ASSERT(qty > 0 && qty <= line->backordered);
    line->backordered -= qty;
    line->allocated += qty;
    m_take(model, line, place, qty);
}
