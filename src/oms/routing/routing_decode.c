/* routing_decode.c - documents of sites and tables to structures. */
#include "oms/routing/routing_decode.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_point.h"

enum {
    GROUPS_MAX = 20,
    CUTOFFS_MAX = 20,
    HOLIDAYS_MAX = 1000,
    HANDLING_DAYS_MAX = 90,
    TRANSIT_DAYS_MAX = 365,
    MARKETS_MAX = 250,
    COUNTRIES_MAX = 250,
    ZONES_MAX = 1000,
    ZONE_PLACES_MAX = 250,
    PREFIXES_MAX = 5000,
    PREFIX_BYTES = 12,
    SERVICES_MAX = 50,
    WEIGHT_G_MAX = 100 * 1000 * 1000,
    DELIVER_BY_DEFAULT = 20 * 60
};

static const char *const day_names[DAYS_A_WEEK] = {"mon", "tue", "wed", "thu",
                                                   "fri", "sat", "sun"};

err_t decode_texts(struct json_in *in, const char *key, size_t max,
                   struct text_list *ret)
{
    return json_get_strs(in, key, max, LIMIT_CODE_BYTES, &ret->at, &ret->count);
}

err_t decode_countries(struct json_in *in, const char *key,
                       struct text_list *ret)
{
    TRY(decode_texts(in, key, COUNTRIES_MAX, ret));
    for (size_t i = 0; i < ret->count; i++)
        if (!country_is_known(ret->at[i]))
            return json_fail(in, key, ERR_INVALID, "country_unknown",
                             "must be countries of ISO 3166, as DE");
    return OK;
}

bool text_list_has(const struct text_list *list, str text)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->at[i], text))
            return true;
    return false;
}

static bool two_digits(const char *ptr, int *ret)
{
    if (ptr[0] < '0' || ptr[0] > '9' || ptr[1] < '0' || ptr[1] > '9')
        return false;
    *ret = (ptr[0] - '0') * 10 + (ptr[1] - '0');
    return true;
}

/* "14:00"; leaves *ret where it is missing. */
static err_t opt_minute(struct json_in *in, const char *key, int *ret)
{
    str text = STR_NONE;
    int hour, minute;
    TRY(json_opt_str(in, key, 1, LIMIT_CODE_BYTES, &text));
    if (text.len == 0)
        return OK;
    if (text.len != 5 || text.ptr[2] != ':' || !two_digits(text.ptr, &hour) ||
        !two_digits(text.ptr + 3, &minute) || minute > 59 ||
        hour * 60 + minute > MINUTES_A_DAY)
        return json_fail(in, key, ERR_INVALID, "time_invalid",
                         "must be a time of day, 00:00 to 24:00");
    *ret = hour * 60 + minute;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static err_t read_holidays(struct ctx *ctx, struct json_in *in,
                           const int64_t **ret, size_t *ret_count)
{
    struct text_list texts;
    TRY(decode_texts(in, "holidays", HOLIDAYS_MAX, &texts));
    int64_t *days = arena_array(ctx->arena, int64_t, texts.count);
    for (size_t i = 0; i < texts.count; i++)
        if (!date_from_text(texts.at[i], &days[i]))
            return json_fail(in, "holidays", ERR_INVALID, "date_invalid",
                             "must be days, as 2026-12-25");
    if (texts.count > 1)
        qsort(days, texts.count, sizeof *days, by_number);
    *ret = days;
    *ret_count = texts.count;
    return OK;
}

static err_t read_hours(struct json_in *in, struct routing_calendar *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "hours", 0, DAYS_A_WEEK, &list));
    bool is_always = !json_has(in, "hours");
    for (int i = 0; i < DAYS_A_WEEK; i++)
        ret->week[i] = (struct routing_hours){is_always ? 0 : CLOSED,
                                              is_always ? MINUTES_A_DAY : 0};
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        struct routing_hours hours = {CLOSED, CLOSED};
        int day;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_enum(at, "day", day_names, DAYS_A_WEEK, &day));
        TRY(opt_minute(at, "open", &hours.open));
        TRY(opt_minute(at, "close", &hours.close));
        TRY(json_end(at));
        if (hours.open == CLOSED || hours.close <= hours.open)
            return json_fail(at, "close", ERR_INVALID, "hours_invalid",
                             "a day opens before it closes");
        if (ret->week[day].open != CLOSED)
            return json_fail(at, "day", ERR_INVALID, "day_twice",
                             "each day has one row");
        ret->week[day] = hours;
    }
    return OK;
}

static err_t read_cutoffs(struct ctx *ctx, struct json_in *in,
                          struct routing_site *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "cutoffs", 0, CUTOFFS_MAX, &list));
    struct routing_cutoff *cutoffs =
        arena_array(ctx->arena, struct routing_cutoff, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        cutoffs[i].minute = CLOSED;
        TRY(json_opt_str(at, "service", 1, LIMIT_CODE_BYTES,
                         &cutoffs[i].service));
        TRY(opt_minute(at, "at", &cutoffs[i].minute));
        TRY(json_end(at));
        if (cutoffs[i].minute == CLOSED)
            return json_fail(at, "at", ERR_INVALID, "missing_field",
                             "a cut-off has its time of day");
    }
    ret->cutoffs = cutoffs;
    ret->cutoff_count = list.count;
    return OK;
}

static err_t read_caps(struct json_in *in, struct routing_site *ret)
{
    static const char *const names[CAP_COUNT] = {
        "orders_per_day", "units_per_day", "orders_per_hour", "units_per_hour"};
    struct json_in *at;
    TRY(json_opt_object(in, "capacity", &at));
    if (!at)
        return OK;
    for (int i = 0; i < CAP_COUNT; i++) {
        TRY(json_opt_i64(at, names[i], 1, LIMIT_QTY, &ret->caps[i]));
        ret->has_cap |= ret->caps[i] > 0;
    }
    return json_end(at);
}

err_t site_decode(struct ctx *ctx, struct json_in *in, struct routing_site *ret)
{
    str country = STR_NONE;
    TRY(decode_texts(in, "groups", GROUPS_MAX, &ret->groups));
    TRY(json_opt_str(in, "market", 1, LIMIT_CODE_BYTES, &ret->market));
    TRY(json_opt_str(in, "country", 2, 2, &country));
    if (country.len > 0 && !country_is_known(country))
        return json_fail(in, "country", ERR_INVALID, "country_unknown",
                         "must be a country of ISO 3166, as DE");
    if (country.len > 0)
        ret->country = country;
    TRY(read_hours(in, &ret->calendar));
    TRY(read_holidays(ctx, in, &ret->calendar.holidays,
                      &ret->calendar.holiday_count));
    TRY(read_cutoffs(ctx, in, ret));
    TRY(json_opt_i64(in, "handling_days", 0, HANDLING_DAYS_MAX,
                     &ret->handling_days));
    TRY(read_caps(in, ret));
    return json_end(in);
}

/* ---- tables ---- */

static err_t read_market(struct json_in *in, struct routing_market *ret)
{
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &ret->code));
    TRY(decode_countries(in, "countries", &ret->countries));
    return json_end(in);
}

static err_t read_markets(struct ctx *ctx, struct json_list *list,
                          struct routing_book *book)
{
    struct routing_market *markets =
        arena_array(ctx->arena, struct routing_market, list->count);
    struct map *taken = map_open(ctx->arena, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *at;
        TRY(json_list_object(list, i, &at));
        TRY(read_market(at, &markets[i]));
        for (size_t j = 0; j < markets[i].countries.count; j++) {
            struct map_key key = {.s = markets[i].countries.at[j]};
            if (map_find(taken, key))
                return json_fail(at, "countries", ERR_INVALID, "country_twice",
                                 "%.*s is in two markets", STR_ARG(key.s));
            map_set(taken, key, &markets[i]);
        }
    }
    book->markets = markets;
    book->market_count = list->count;
    return OK;
}

static void open_places(struct ctx *ctx, struct routing_book *book)
{
    if (book->place_count < book->place_room)
        return;
    book->place_room = book->place_room * 2 + 16;
    struct zone_place *places =
        arena_array(ctx->arena, struct zone_place, book->place_room);
    if (book->place_count > 0)
        memcpy(places, book->places, book->place_count * sizeof *places);
    book->places = places;
}

static err_t add_place(struct ctx *ctx, struct json_in *in,
                       struct routing_book *book, struct map *seen,
                       struct zone_place place)
{
    open_places(ctx, book);
    struct map_key key = {.a =
                              place.country.ptr[0] * 256 + place.country.ptr[1],
                          .s = place.prefix};
    if (map_find(seen, key))
        return json_fail(in, "prefixes", ERR_INVALID, "place_twice",
                         "%.*s %.*s is in two zones", STR_ARG(place.country),
                         STR_ARG(place.prefix));
    map_set(seen, key, book);
    book->places[book->place_count++] = place;
    return OK;
}

static err_t read_place(struct ctx *ctx, struct json_in *in,
                        struct routing_book *book, struct map *seen,
                        const struct routing_zone *zone)
{
    struct zone_place place = {.zone = zone};
    struct json_list list;
    TRY(json_get_str(in, "country", 2, 2, &place.country));
    if (!country_is_known(place.country))
        return json_fail(in, "country", ERR_INVALID, "country_unknown",
                         "must be a country of ISO 3166, as DE");
    TRY(json_get_list(in, "prefixes", 0, PREFIXES_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        str prefix;
        TRY(json_list_str(&list, i, 1, PREFIX_BYTES, &prefix));
        struct postal postal = postal_of(prefix);
        place.prefix = str_copy(ctx->arena, (str){postal.at, postal.len});
        TRY(add_place(ctx, in, book, seen, place));
    }
    if (list.count == 0)
        TRY(add_place(ctx, in, book, seen, place));
    return json_end(in);
}

static err_t read_zone(struct ctx *ctx, struct json_in *in,
                       struct routing_book *book, struct map *seen,
                       struct routing_zone *ret)
{
    struct json_list list;
    str tz = STR("UTC");
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &ret->code));
    TRY(json_opt_str(in, "tz", 1, LIMIT_CODE_BYTES, &tz));
    if (!zone_is_known(tz))
        return json_fail(in, "tz", ERR_INVALID, "zone_unknown",
                         "is not a time zone of the IANA list as "
                         "\"Europe/Berlin\"");
    TRY(book_clock(ctx, book, tz, &ret->clock));
    if (map_find(book->zone_codes, (struct map_key){.s = ret->code}))
        return json_fail(in, "code", ERR_INVALID, "code_taken",
                         "two zones have this code");
    map_set(book->zone_codes, (struct map_key){.s = ret->code}, ret);
    TRY(json_get_list(in, "places", 1, ZONE_PLACES_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_place(ctx, at, book, seen, ret));
    }
    return json_end(in);
}

static int by_place(const void *a, const void *b)
{
    const struct zone_place *x = a, *y = b;
    int order = str_compare(x->country, y->country);
    return order ? order : str_compare(x->prefix, y->prefix);
}

static err_t read_zones(struct ctx *ctx, struct json_list *list,
                        struct routing_book *book)
{
    struct map *seen = map_open(ctx->arena, list->count);
    book->zones = arena_array(ctx->arena, struct routing_zone, list->count);
    book->zone_codes = map_open(ctx->arena, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *at;
        TRY(json_list_object(list, i, &at));
        TRY(read_zone(ctx, at, book, seen, &book->zones[i]));
    }
    book->zone_count = list->count;
    if (book->place_count > 1)
        qsort(book->places, book->place_count, sizeof *book->places, by_place);
    return OK;
}

static err_t read_service(struct ctx *ctx, struct json_in *in,
                          struct routing_service *ret)
{
    struct text_list days;
    ret->deliver_by = DELIVER_BY_DEFAULT;
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &ret->code));
    ret->name = ret->code;
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(decode_texts(in, "days", DAYS_A_WEEK, &days));
    for (size_t i = 0; i < days.count; i++) {
        int day = 0;
        while (day < DAYS_A_WEEK && !str_equal_cstr(days.at[i], day_names[day]))
            day++;
        if (day == DAYS_A_WEEK)
            return json_fail(in, "days", ERR_INVALID, "unknown_value",
                             "must be mon, tue, wed, thu, fri, sat or sun");
        ret->days |= 1u << day;
    }
    if (days.count == 0)
        ret->days = 0x1f; /* Monday to Friday. */
    TRY(read_holidays(ctx, in, &ret->holidays, &ret->holiday_count));
    TRY(opt_minute(in, "deliver_by", &ret->deliver_by));
    return json_end(in);
}

static err_t read_services(struct ctx *ctx, struct json_list *list,
                           struct routing_book *book)
{
    struct routing_service *services =
        arena_array(ctx->arena, struct routing_service, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *at;
        TRY(json_list_object(list, i, &at));
        TRY(read_service(ctx, at, &services[i]));
        for (size_t j = 0; j < i; j++)
            if (str_equal(services[i].code, services[j].code))
                return json_fail(at, "code", ERR_INVALID, "code_taken",
                                 "two services have this code");
    }
    book->services = services;
    book->service_count = list->count;
    return OK;
}

static err_t unknown(struct json_in *in, const char *key, const char *what)
{
    return json_fail(in, key, ERR_INVALID, "unknown_value",
                     "there is no %s with this code", what);
}

/* *is_whole: all it names is known. */
static err_t read_lane(struct json_in *in, const struct routing_book *book,
                       struct lane *ret, bool *is_whole, bool is_strict)
{
    str from = STR_NONE, from_zone = STR_NONE, to;
    TRY(json_opt_str(in, "from", 1, LIMIT_CODE_BYTES, &from));
    TRY(json_opt_str(in, "from_zone", 1, LIMIT_CODE_BYTES, &from_zone));
    TRY(json_get_str(in, "to", 1, LIMIT_CODE_BYTES, &to));
    TRY(json_get_str(in, "service", 1, LIMIT_CODE_BYTES, &ret->service));
    const struct routing_site *site =
        from.len > 0 ? book_site_code(book, from) : NULL;
    if (from.len > 0 && from_zone.len > 0)
        return json_fail(in, "from_zone", ERR_INVALID, "unknown_field",
                         "has no meaning beside from");
    ret->from.v = site ? site->location.v : 0;
    ret->from_zone =
        from_zone.len > 0
            ? map_find(book->zone_codes, (struct map_key){.s = from_zone})
            : NULL;
    ret->to = map_find(book->zone_codes, (struct map_key){.s = to});
    *is_whole = (from.len == 0 || site) &&
                (from_zone.len == 0 || ret->from_zone) && ret->to;
    if (!is_strict || (*is_whole && book_service(book, ret->service)))
        return OK;
    if (from.len > 0 && !site)
        return unknown(in, "from", "location");
    if (from_zone.len > 0 && !ret->from_zone)
        return unknown(in, "from_zone", "zone");
    return ret->to ? unknown(in, "service", "service")
                   : unknown(in, "to", "zone");
}

static int by_transit(const void *a, const void *b)
{
    const struct transit_row *x = a, *y = b;
    return lane_compare(&x->lane, &y->lane);
}

static int by_rate(const void *a, const void *b)
{
    const struct rate_row *x = a, *y = b;
    int order = lane_compare(&x->lane, &y->lane);
    return order ? order
                 : (x->up_to_g > y->up_to_g) - (x->up_to_g < y->up_to_g);
}

struct row_kind {
    size_t size;
    int (*compare)(const void *a, const void *b);
};

/* Sorts rows of a table; two that compare equal are one too many. */
static err_t sort_rows(struct ctx *ctx, const struct row_kind *kind,
                       bool is_strict, void *rows, size_t count)
{
    const char *at = rows;
    if (count > 1)
        qsort(rows, count, kind->size, kind->compare);
    for (size_t i = 1; i < count && is_strict; i++, at += kind->size)
        if (kind->compare(at, at + kind->size) == 0)
            return fail_as(ctx, ERR_INVALID, "row_twice", "items",
                           "two rows are about the same way");
    return OK;
}

static err_t read_transit(struct ctx *ctx, struct json_list *list,
                          bool is_strict, struct routing_book *book)
{
    static const struct row_kind kind = {sizeof(struct transit_row),
                                         by_transit};
    struct transit_row *rows =
        arena_array(ctx->arena, struct transit_row, list->count);
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *at;
        bool is_whole;
        TRY(json_list_object(list, i, &at));
        TRY(read_lane(at, book, &rows[n].lane, &is_whole, is_strict));
        TRY(json_get_i64(at, "days", 0, TRANSIT_DAYS_MAX, &rows[n].days));
        TRY(json_end(at));
        n += is_whole;
    }
    book->transit = rows;
    book->transit_count = n;
    return sort_rows(ctx, &kind, is_strict, rows, n);
}

static err_t read_rates(struct ctx *ctx, struct json_list *list, bool is_strict,
                        struct routing_book *book)
{
    static const struct row_kind kind = {sizeof(struct rate_row), by_rate};
    struct rate_row *rows =
        arena_array(ctx->arena, struct rate_row, list->count);
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct json_in *at;
        bool is_whole;
        TRY(json_list_object(list, i, &at));
        TRY(read_lane(at, book, &rows[n].lane, &is_whole, is_strict));
        TRY(json_get_i64(at, "up_to_g", 1, WEIGHT_G_MAX, &rows[n].up_to_g));
        TRY(json_get_money(at, "amount", NULL, &rows[n].amount));
        TRY(json_end(at));
        if (rows[n].amount.minor < 0)
            return json_fail(at, "amount", ERR_INVALID, "number_out_of_range",
                             "must be 0 or more");
        n += is_whole;
    }
    book->rates = rows;
    book->rate_count = n;
    return sort_rows(ctx, &kind, is_strict, rows, n);
}

err_t table_decode(struct ctx *ctx, struct json_in *in,
                   enum routing_table table, bool is_strict,
                   struct routing_book *book)
{
    static const size_t limits[TABLE_COUNT] = {[TABLE_MARKETS] = MARKETS_MAX,
                                               [TABLE_ZONES] = ZONES_MAX,
                                               [TABLE_SERVICES] = SERVICES_MAX,
                                               [TABLE_TRANSIT] = LIMIT_LANES,
                                               [TABLE_RATES] = LIMIT_LANES};
    struct json_list list;
    ASSERT(table >= TABLE_MARKETS && table < TABLE_COUNT);
    TRY(json_get_list(in, "items", 0, limits[table], &list));
    switch (table) {
    case TABLE_MARKETS: return read_markets(ctx, &list, book);
    case TABLE_ZONES: return read_zones(ctx, &list, book);
    case TABLE_SERVICES: return read_services(ctx, &list, book);
    case TABLE_TRANSIT: return read_transit(ctx, &list, is_strict, book);
    case TABLE_RATES: return read_rates(ctx, &list, is_strict, book);
    case TABLE_COUNT: break;
    }
    UNREACHABLE("not a table");
}
