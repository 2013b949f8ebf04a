/* model_route.c - where units come from, worked out the slow way. */
#include "model_route.h"

#include "model_goods.h"

/* Ids rise with the index. */
int m_ranked(const struct model *model, const struct m_order *order,
             int ret[M_PLACES])
{
    const struct m_channel *channel = &model->channels[order->channel];
    int count = 0;
    int all =
        channel->ranking_count ? channel->ranking_count : model->place_count;
    for (int i = 0; i < all; i++) {
        int place = channel->ranking_count ? channel->ranking[i] : i;
        const struct m_place *at = &model->places[place];
        if (at->is_active && at->is_shipping &&
            (at->is_pickup || !order->is_pickup))
            ret[count++] = place;
    }
    return count;
}

int m_from(const struct model *model, const struct m_order *order,
           int ret[M_PLACES])
{
    if (!order->is_pickup || order->pickup_at < 0)
        return m_ranked(model, order, ret);
    ret[0] = order->pickup_at;
    return model->places[order->pickup_at].is_active ? 1 : 0;
}

struct routing {
    const struct model *model;
    struct m_order *order;
    int at[M_PLACES], count;
    int64_t left[M_SKUS][M_PLACES]; /* By place, not by rank. */
    int whole[M_LINES];             /* The place of a whole line, or -1. */
    int64_t need[M_LINES];          /* What of a line is not held. */
};

/* How many units of the line could still come from that place. */
static int64_t fits(const struct routing *r, int line, int place)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(&r->order->lines[line], &parts, &self);
    int64_t least = INT64_MAX;
    for (int i = 0; i < count; i++) {
        int64_t left = r->left[parts[i].sku][place];
        int64_t units = left < 0 ? 0 : left / parts[i].qty;
        least = units < least ? units : least;
    }
    return least;
}

static void use(struct routing *r, int line, int place, int64_t qty)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(&r->order->lines[line], &parts, &self);
    for (int i = 0; i < count; i++)
        r->left[parts[i].sku][place] -= qty * parts[i].qty;
}

static bool holds_everything(const struct routing *r, int place)
{
    int64_t need[M_SKUS] = {0};
    for (int i = 0; i < r->order->line_count; i++) {
        const struct m_line *line = &r->order->lines[i];
        const struct m_part *parts;
        struct m_part self;
        int count = m_parts(line, &parts, &self);
        for (int j = 0; j < count && line->takes_stock; j++)
            need[parts[j].sku] += r->need[i] * parts[j].qty;
    }
    for (int i = 0; i < M_SKUS; i++) {
        if (need[i] > 0 && r->left[i][place] < need[i])
            return false;
    }
    return true;
}

static void add_hold(struct m_line *line, int place, int64_t qty)
{
    ASSERT(line->hold_count < M_HOLDS);
    line->holds[line->hold_count++] = (struct m_hold){place, qty};
    line->allocated += qty;
}

/* Lines that fit whole somewhere get their units first. */
static void reserve_whole(struct routing *r)
{
    int everything = -1;
    for (int i = 0; i < r->count && everything < 0; i++)
        everything = holds_everything(r, r->at[i]) ? r->at[i] : -1;
    for (int i = 0; i < r->order->line_count; i++) {
        if (!r->order->lines[i].takes_stock || r->need[i] == 0)
            continue;
        if (everything >= 0)
            r->whole[i] = everything;
        for (int j = 0; j < r->count && r->whole[i] < 0; j++) {
            if (fits(r, i, r->at[j]) >= r->need[i])
                r->whole[i] = r->at[j];
        }
        if (r->whole[i] >= 0)
            use(r, i, r->whole[i], r->need[i]);
    }
}

static void split_line(struct routing *r, int at)
{
    struct m_line *line = &r->order->lines[at];
    int64_t open = r->need[at];
    for (int i = 0; i < r->count && open > 0; i++) {
        int64_t left = fits(r, at, r->at[i]);
        int64_t qty = left < open ? left : open;
        if (qty <= 0)
            continue;
        add_hold(line, r->at[i], qty);
        use(r, at, r->at[i], qty);
        open -= qty;
    }
    line->backordered = open;
}

/* Lines take what the hold has of their SKU first, where it is. */
static void take_held(struct routing *r, struct m_line held[M_LINES])
{
    const struct m_order *hold = r->order->held;
    int64_t left[M_LINES][M_HOLDS];
    for (int i = 0; i < r->order->line_count; i++)
        r->need[i] = r->order->lines[i].qty;
    if (!hold)
        return;
    for (int i = 0; i < hold->line_count; i++)
        for (int j = 0; j < hold->lines[i].hold_count; j++)
            left[i][j] = hold->lines[i].holds[j].qty;
    for (int i = 0; i < r->order->line_count; i++)
        for (int j = 0; r->order->lines[i].takes_stock && j < hold->line_count;
             j++)
            for (int k = 0; k < hold->lines[j].hold_count; k++) {
                int64_t qty = left[j][k] < r->need[i] ? left[j][k] : r->need[i];
                if (hold->lines[j].sku != r->order->lines[i].sku || qty == 0)
                    continue;
                add_hold(&held[i], hold->lines[j].holds[k].place, qty);
                left[j][k] -= qty;
                r->need[i] -= qty;
            }
}

/* What is not held goes into the lines; the units that are nowhere. Where all
 * is to come from one place, each line takes what the ones before it left. */
static int64_t spread(struct routing *r, bool is_pinned)
{
    int64_t missing = 0;
    for (int i = 0; i < r->order->line_count; i++)
        r->whole[i] = -1;
    if (!is_pinned)
        reserve_whole(r);
    for (int i = 0; i < r->order->line_count; i++) {
        struct m_line *line = &r->order->lines[i];
        if (!line->takes_stock)
            continue;
        if (r->whole[i] >= 0)
            add_hold(line, r->whole[i], r->need[i]);
        else if (r->need[i] > 0)
            split_line(r, i);
        missing += line->backordered;
    }
    return missing;
}

static void begin(struct routing *r)
{
    for (int i = 0; i < M_SKUS; i++)
        for (int j = 0; j < M_PLACES; j++)
            r->left[i][j] =
                m_sellable(&r->model->levels[i][j], r->order->channel);
}

int64_t m_route(const struct model *model, struct m_order *order)
{
    struct routing r = {.model = model, .order = order};
    struct m_line held[M_LINES] = {{0}};
    r.count = m_from(model, order, r.at);
    begin(&r);
    for (int i = 0; i < order->line_count; i++) {
        struct m_line *line = &order->lines[i];
        const struct m_sku *sku = &model->skus[line->sku];
        line->part_count = sku->part_count;
        memcpy(line->parts, sku->parts, sizeof(line->parts));
        line->takes_stock = sku->is_tracked || sku->part_count > 0;
        line->allocated = line->takes_stock ? 0 : line->qty;
    }
    take_held(&r, held);
    int64_t missing = spread(&r, order->is_pickup && order->pickup_at >= 0);
    for (int i = 0; i < order->line_count; i++)
        for (int j = 0; j < held[i].hold_count; j++)
            add_hold(&order->lines[i], held[i].holds[j].place,
                     held[i].holds[j].qty);
    return missing;
}

void m_reroute(const struct model *model, const struct m_order *order,
               unsigned barred, int only, struct m_leaving *leaving)
{
    struct m_order copy = *order;
    struct routing r = {.model = model, .order = &copy};
    int ranked[M_PLACES];
    int count = m_ranked(model, order, ranked);
    for (int i = 0; i < count; i++)
        if (only < 0 && !(barred >> ranked[i] & 1))
            r.at[r.count++] = ranked[i];
    if (only >= 0)
        r.at[r.count++] = only;
    begin(&r);
    for (int i = 0; i < copy.line_count; i++) {
        struct m_line *line = &copy.lines[i];
        r.need[i] = leaving->qty[i];
        line->backordered = line->allocated = 0;
        line->hold_count = 0;
    }
    (void)spread(&r, only >= 0);
    for (int i = 0; i < copy.line_count; i++) {
        const struct m_line *line = &copy.lines[i];
        leaving->waiting[i] = line->takes_stock ? line->backordered
                              : r.count == 0    ? leaving->qty[i]
                                                : 0;
        for (int j = 0; j < M_PLACES; j++)
            leaving->at[i][j] = m_held_at(line, j);
    }
}
