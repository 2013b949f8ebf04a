/* routing_lane.c - rows of transit and rates by their way. Pure. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/routing/routing_book.h"

int lane_compare(const struct lane *x, const struct lane *y)
{
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    int order = str_compare(x->service, y->service);
    if (order)
        return order;
    if (x->from.v != y->from.v)
        return x->from.v < y->from.v ? -1 : 1;
    return (x->from_zone > y->from_zone) - (x->from_zone < y->from_zone);
}

/* The ways of a parcel, the nearest description first. */
enum { WAYS = 3 };
static size_t ways_of(const struct routing_book *book, location_id from,
                      const struct routing_zone *to, str service,
                      struct lane ret[WAYS])
{
    const struct routing_site *site = book_site(book, from);
    size_t n = 0;
    ret[n++] = (struct lane){.from = from, .to = to, .service = service};
    if (site && site->zone)
        ret[n++] = (struct lane){
            .from_zone = site->zone, .to = to, .service = service};
    ret[n++] = (struct lane){.to = to, .service = service};
    return n;
}

static const struct transit_row *transit_at(const struct routing_book *book,
                                            const struct lane *lane)
{
    size_t low = 0, high = book->transit_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (lane_compare(&book->transit[mid].lane, lane) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < book->transit_count &&
        lane_compare(&book->transit[low].lane, lane) == 0)
        return &book->transit[low];
    return NULL;
}

bool routing_transit_find(const struct routing_book *book, location_id from,
                          const struct routing_zone *to, str service,
                          int64_t *ret_days)
{
    struct lane ways[WAYS];
    size_t count = ways_of(book, from, to, service, ways);
    for (size_t i = 0; i < count; i++) {
        const struct transit_row *row = transit_at(book, &ways[i]);
        if (!row)
            continue;
        *ret_days = row->days;
        return true;
    }
    return false;
}

/* The first bracket of the lane that takes the weight. */
static const struct rate_row *rate_at(const struct routing_book *book,
                                      const struct lane *lane, int64_t weight_g)
{
    size_t low = 0, high = book->rate_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = lane_compare(&book->rates[mid].lane, lane);
        if (order < 0 || (order == 0 && book->rates[mid].up_to_g < weight_g))
            low = mid + 1;
        else
            high = mid;
    }
    if (low < book->rate_count &&
        lane_compare(&book->rates[low].lane, lane) == 0)
        return &book->rates[low];
    return NULL;
}

bool routing_rate_find(const struct routing_book *book, location_id from,
                       const struct routing_zone *to, str service,
                       int64_t weight_g, struct routing_rate *ret)
{
    struct lane ways[WAYS];
    size_t count = ways_of(book, from, to, service, ways);
    for (size_t i = 0; i < count; i++) {
        const struct rate_row *row = rate_at(book, &ways[i], weight_g);
        if (!row)
            continue;
        *ret = (struct routing_rate){service, row->amount, row->up_to_g};
        return true;
    }
    return false;
}
