/* routing_filter.c - which orders a scenario is for, which sites a step. Pure.
 */
#include <math.h>

#include "base/str.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_load.h"
#include "oms/routing/routing_point.h"
#include "oms/routing/routing_router.h"

static const double EARTH_M = 6371008.8;

struct earth_point earth_point_of(int64_t lat_e6, int64_t lon_e6)
{
    const double radian = 3.14159265358979323846 / 180e6;
    double lat = (double)lat_e6 * radian, lon = (double)lon_e6 * radian;
    return (struct earth_point){cos(lat) * cos(lon), cos(lat) * sin(lon),
                                sin(lat)};
}

/* Along the great circle; the haversine, from the chord. */
int64_t earth_distance_m(struct earth_point a, struct earth_point b)
{
    double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
    double half = sqrt(x * x + y * y + z * z) / 2;
    return llround(2 * EARTH_M * asin(half < 1 ? half : 1));
}

/* ---- orders ---- */

static bool has_tags(const struct routing_filter *filter,
                     const struct routing_order *order)
{
    bool found = filter->tags.count == 0;
    for (size_t i = 0; i < order->tag_count; i++) {
        if (text_list_has(&filter->not_tags, order->tags[i]))
            return false;
        found |= text_list_has(&filter->tags, order->tags[i]);
    }
    return found;
}

static bool has_value(const struct routing_filter *filter, money value)
{
    if (filter->value_min < 0 && filter->value_max < 0)
        return true;
    return strcmp(filter->currency, value.currency) == 0 &&
           (filter->value_min < 0 || value.minor >= filter->value_min) &&
           (filter->value_max < 0 || value.minor <= filter->value_max);
}

static bool has_attr(const struct routing_attr *attr,
                     const struct routing_request *request)
{
    for (size_t i = 0; i < request->line_count; i++)
        if (request->lines[i].attrs &&
            text_list_has(&attr->values, request->lines[i].attrs[attr->key]))
            return true;
    return false;
}

static bool postal_starts(str code, str prefix)
{
    struct postal a = postal_of(code), b = postal_of(prefix);
    return str_starts((str){a.at, a.len}, (str){b.at, b.len});
}

static bool has_place(const struct routing_filter *filter,
                      const struct routing_request *request)
{
    static const struct routing_destination nowhere;
    const struct routing_destination *to =
        request->destination ? request->destination : &nowhere;
    bool found = filter->postal.count == 0;
    if (filter->countries.count > 0 &&
        !text_list_has(&filter->countries, to->country))
        return false;
    if (filter->markets.count > 0 &&
        !text_list_has(&filter->markets,
                       book_market(request->strategy->book, to->country)))
        return false;
    for (size_t i = 0; i < filter->postal.count; i++)
        found |= postal_starts(to->postal_code, filter->postal.at[i]);
    return found;
}

/* No site of the channel stands in the buyer's market. */
static bool is_cross_border(const struct routing_request *request)
{
    const struct routing_strategy *strategy = request->strategy;
    if (!request->destination || request->destination->country.len == 0)
        return false;
    str market = book_market(strategy->book, request->destination->country);
    for (size_t i = 0; i < strategy->count; i++)
        if (str_equal(book_site(strategy->book, strategy->locations[i])->market,
                      market))
            return false;
    return true;
}

bool filter_matches(const struct routing_filter *filter,
                    const struct routing_request *request)
{
    static const struct routing_order nothing;
    const struct routing_order *order =
        request->order ? request->order : &nothing;
    unsigned method = 1u << (request->method ? request->method : ROUTING_SHIP);
    if (filter->methods && !(filter->methods & method))
        return false;
    if (filter->channel_types &&
        !(filter->channel_types & 1u << order->channel_type))
        return false;
    if (filter->services.count > 0 &&
        !text_list_has(&filter->services, order->service))
        return false;
    if (!has_tags(filter, order) || !has_value(filter, order->value) ||
        !has_place(filter, request))
        return false;
    for (size_t i = 0; i < filter->attr_count; i++)
        if (!has_attr(&filter->attrs[i], request))
            return false;
    return filter->is_cross_border < 0 ||
           (filter->is_cross_border == 1) == is_cross_border(request);
}

/* ---- sites ---- */

void site_ask_init(const struct routing_request *request,
                   const struct routing_step *step, struct site_ask *ret)
{
    const struct routing_destination *to = request->destination;
    *ret = (struct site_ask){.request = request, .step = step};
    if (to && to->has_point) {
        ret->has_point = true;
        ret->point = earth_point_of(to->lat_e6, to->lon_e6);
    }
    if (to && to->country.len > 0)
        ret->market = book_market(request->strategy->book, to->country);
    if (request->order)
        ret->service = request->order->service;
    for (size_t i = 0; i < request->line_count; i++)
        ret->units += request->lines[i].qty;
}

int64_t site_distance(const struct site_ask *ask,
                      const struct routing_site *site)
{
    if (!ask->has_point || !site->has_point)
        return -1;
    return earth_distance_m(ask->point, site->point);
}

/* Days from the buyer's today to the day it would come; unknown is late. */
static bool is_in_days(const struct site_ask *ask,
                       const struct routing_site *site)
{
    const struct routing_request *request = ask->request;
    struct routing_promise promise;
    routing_promise_make(request->strategy->book, site->location,
                         request->destination, ask->service, request->now,
                         &promise);
    return promise.is_known && promise.days <= ask->step->max_days;
}

enum routing_bar site_bar(const struct site_ask *ask,
                          const struct routing_site *site)
{
    const struct routing_request *request = ask->request;
    const struct routing_step *step = ask->step;
    size_t at = (size_t)(site - request->strategy->book->sites);
    if (routing_is_excluded(request, site->location))
        return BAR_REQUEST;
    if (request->method == ROUTING_PICKUP ? !site->is_pickup
                                          : !site->is_shipping)
        return BAR_METHOD;
    if (step->bars[at])
        return (enum routing_bar)step->bars[at];
    if (step->is_same_market && !str_equal(site->market, ask->market))
        return BAR_MARKET;
    if (site->has_cap && !load_has_room(request->loads, site, ask->units))
        return BAR_CAPACITY;
    if (step->is_open && !site_is_open(site, request->now))
        return BAR_CLOSED;
    if (step->is_before_cutoff &&
        !site_is_before_cutoff(site, ask->service, request->now))
        return BAR_CLOSED;
    if (step->max_m >= 0) {
        int64_t m = site_distance(ask, site);
        if (m < 0 || m > step->max_m)
            return BAR_DISTANCE;
    }
    if (step->max_days >= 0 && !is_in_days(ask, site))
        return BAR_PROMISE;
    return BAR_NONE;
}
