/* routing_promise.c - cut-off, handling, transit: when a parcel comes. Pure.
 *
 * Days are days of the site until it ships and days of the buyer's zone from
 * then on; each is turned into an instant by the clock of its own zone, so a
 * change of the clocks in between moves no day and no time of day.
 */
#include "base/str.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_point.h"

enum { LOOK_AHEAD = 400 }; /* Days, for one that is open. */

static bool is_among(const int64_t *days, size_t count, int64_t day)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (days[mid] < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && days[low] == day;
}

bool calendar_is_open_day(const struct routing_calendar *calendar, int64_t day)
{
    return calendar->week[weekday_of(day)].open != CLOSED &&
           !is_among(calendar->holidays, calendar->holiday_count, day);
}

/* CLOSED: none is set, the end of the day counts. */
int site_cutoff(const struct routing_site *site, str service)
{
    int any = CLOSED;
    for (size_t i = 0; i < site->cutoff_count; i++) {
        const struct routing_cutoff *cutoff = &site->cutoffs[i];
        if (cutoff->service.len > 0 && str_equal(cutoff->service, service))
            return cutoff->minute;
        if (cutoff->service.len == 0)
            any = cutoff->minute;
    }
    return any;
}

/* Of a day on which it is open. */
static int cutoff_of(const struct routing_site *site, str service, int64_t day)
{
    int cutoff = site_cutoff(site, service);
    return cutoff == CLOSED ? site->calendar.week[weekday_of(day)].close
                            : cutoff;
}

bool site_is_open(const struct routing_site *site, utc_ms at)
{
    int minute;
    int64_t day = zone_clock_day(site->clock, at, &minute);
    const struct routing_hours *hours = &site->calendar.week[weekday_of(day)];
    return calendar_is_open_day(&site->calendar, day) &&
           minute >= hours->open && minute < hours->close;
}

bool site_is_before_cutoff(const struct routing_site *site, str service,
                           utc_ms at)
{
    int64_t day = zone_clock_day(site->clock, at, NULL);
    return calendar_is_open_day(&site->calendar, day) &&
           at < zone_clock_at(site->clock, day, cutoff_of(site, service, day));
}

static bool service_moves(const struct routing_service *service, int64_t day)
{
    return (service->days & 1u << weekday_of(day)) != 0 &&
           !is_among(service->holidays, service->holiday_count, day);
}

/* What a promise is made of. */
struct making {
    const struct routing_site *site;
    const struct routing_service *service;
    const struct routing_zone *zone;
    struct routing_promise *ret;
};

static bool start(const struct making *making)
{
    struct routing_promise *ret = making->ret;
    const struct routing_site *site = making->site;
    int64_t today = zone_clock_day(site->clock, ret->from, NULL);
    for (int64_t day = today; day < today + LOOK_AHEAD; day++) {
        if (!calendar_is_open_day(&site->calendar, day))
            continue;
        utc_ms cutoff =
            zone_clock_at(site->clock, day, cutoff_of(site, ret->service, day));
        if (cutoff <= ret->from)
            continue;
        ret->start_day = day;
        ret->cutoff_at = cutoff;
        return true;
    }
    return false;
}

/* Handling in days on which the site works; it ships on one on which the
 * service moves too. */
static bool ship(const struct making *making)
{
    struct routing_promise *ret = making->ret;
    const struct routing_site *site = making->site;
    int64_t left = ret->handling_days, end = ret->start_day + LOOK_AHEAD;
    for (int64_t day = ret->start_day; day < end; day++) {
        if (!calendar_is_open_day(&site->calendar, day))
            continue;
        if (left-- > 0 || !service_moves(making->service, day)) {
            left = left < 0 ? 0 : left;
            continue;
        }
        ret->ship_day = day;
        ret->ship_at = zone_clock_at(
            site->clock, day, site->calendar.week[weekday_of(day)].close);
        return true;
    }
    return false;
}

static bool deliver(const struct making *making)
{
    struct routing_promise *ret = making->ret;
    int64_t left = ret->transit_days, end = ret->ship_day + 2 * LOOK_AHEAD;
    for (int64_t day = ret->ship_day + (left > 0); day < end; day++) {
        if (!service_moves(making->service, day) || --left > 0)
            continue;
        utc_ms at = zone_clock_at(making->zone->clock, day,
                                  making->service->deliver_by);
        if (at < ret->ship_at)
            continue; /* Comes the same day, but not before it has left. */
        ret->deliver_day = day;
        ret->promise_at = at;
        return true;
    }
    return false;
}

static const char *make(const struct routing_book *book, struct making *making,
                        const struct routing_destination *to)
{
    struct routing_promise *ret = making->ret;
    if (!making->site)
        return "the location is not known";
    if (book->service_count == 0)
        return "no service is set up";
    making->service = ret->service.len == 0 ? &book->services[0]
                                            : book_service(book, ret->service);
    if (!making->service)
        return "the service is not known";
    ret->service = making->service->code;
    making->zone =
        to ? routing_zone_find(book, to->country, to->postal_code) : NULL;
    if (!making->zone)
        return "the address is in no zone";
    ret->zone = making->zone->code;
    if (!routing_transit_find(book, ret->location, making->zone, ret->service,
                              &ret->transit_days))
        return "the service has no transit time from there to the zone";
    ret->handling_days = making->site->handling_days;
    if (!start(making) || !ship(making))
        return "the location does not open within a year";
    return deliver(making) ? NULL : "the service does not move within a year";
}

void routing_promise_make(const struct routing_book *book, location_id from,
                          const struct routing_destination *to, str service,
                          utc_ms at, struct routing_promise *ret)
{
    struct making making = {.site = book_site(book, from), .ret = ret};
    *ret = (struct routing_promise){
        .location = from, .service = service, .from = at};
    ret->why_not = make(book, &making, to);
    ret->is_known = ret->why_not == NULL;
    if (ret->is_known)
        ret->days =
            ret->deliver_day - zone_clock_day(making.zone->clock, at, NULL);
    ASSERT(!ret->is_known || ret->promise_at >= ret->ship_at);
}

/* ---- zones, lanes ---- */

static int compare_place(const struct zone_place *place, str country,
                         str prefix)
{
    int order = str_compare(place->country, country);
    return order ? order : str_compare(place->prefix, prefix);
}

static const struct zone_place *place_find(const struct routing_book *book,
                                           str country, str prefix)
{
    size_t low = 0, high = book->place_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_place(&book->places[mid], country, prefix) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < book->place_count &&
        compare_place(&book->places[low], country, prefix) == 0)
        return &book->places[low];
    return NULL;
}

const struct routing_zone *routing_zone_find(const struct routing_book *book,
                                             str country, str postal_code)
{
    struct postal postal = postal_of(postal_code);
    if (country.len == 0)
        return NULL;
    for (size_t len = postal.len + 1; len-- > 0;) {
        const struct zone_place *place =
            place_find(book, country, (str){postal.at, len});
        if (place)
            return place->zone;
    }
    return NULL;
}
