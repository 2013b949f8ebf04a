/* routing_book.c - the book of a connection: made, kept and asked.
 *
 * The two stamps are read in each transaction that routes. A change writes a
 * stamp that was never used before, so that one undone leaves no trace here.
 */
#include "oms/routing/routing_book.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_command.h"
#include "oms/routing/routing_router.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "store/memo.h"
#include "store/sql.h"

static const int64_t BACK_DAYS = 400, AHEAD_DAYS = 1600, KEEP_DAYS = 300;

enum { MAKE_TRIES = 3 };

/* What the connection keeps: the one before may still be read by those who
 * asked for it in the same transaction. */
struct shelf {
    struct routing_book *now, *before;
};

static void book_close(struct routing_book *book)
{
    if (book)
        arena_close(book->arena);
}

static void shelf_drop(void *data)
{
    struct shelf *shelf = data;
    book_close(shelf->now);
    book_close(shelf->before);
    mem_free(shelf);
}

static err_t read_stamps(struct ctx *ctx, int64_t ret[2])
{
    struct sql_rows rows;
    ret[0] = ret[1] = 0;
    TRY(sql_list(ctx, SQL_ROUTING_STAMP_LIST, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++)
        ret[sql_int(&rows, i, 0) - 1] = sql_int(&rows, i, 1);
    return OK;
}

err_t book_clock(struct ctx *ctx, struct routing_book *book, str tz,
                 const struct zone_clock **ret)
{
    struct map_key key = {.s = tz};
    struct zone_clock *clock = map_find(book->clocks, key);
    if (!clock) {
        clock = arena_new(book->arena, struct zone_clock);
        TRY(zone_clock_make(ctx, book->arena, tz,
                            book->made_at - BACK_DAYS * DAY_MS,
                            book->made_at + AHEAD_DAYS * DAY_MS, clock));
        map_set(book->clocks, (struct map_key){.s = clock->zone}, clock);
    }
    *ret = clock;
    return OK;
}

/* ---- sites ---- */

static void close_day(struct routing_calendar *calendar)
{
    for (int i = 0; i < DAYS_A_WEEK; i++)
        calendar->week[i] = (struct routing_hours){0, MINUTES_A_DAY};
}

static err_t read_places(struct ctx *ctx, struct routing_book *book)
{
    struct location_place *places;
    size_t count;
    TRY(location_place_list(ctx, &places, &count));
    book->sites = arena_array(ctx->arena, struct routing_site, count);
    book->site_count = count;
    book->site_codes = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        const struct location_place *at = &places[i];
        struct routing_site *site = &book->sites[i];
        *site = (struct routing_site){.location = at->location.id,
                                      .code = at->location.code,
                                      .country = at->country,
                                      .postal_code = at->postal_code,
                                      .type = at->location.type,
                                      .is_active = at->location.is_active,
                                      .is_shipping = at->location.is_shipping,
                                      .is_pickup = at->is_pickup,
                                      .has_point = at->has_point};
        if (at->has_point)
            site->point = earth_point_of(at->lat_e6, at->lon_e6);
        close_day(&site->calendar);
        TRY(book_clock(ctx, book, at->tz, &site->clock));
        map_set(book->site_codes, (struct map_key){.s = site->code}, site);
    }
    return OK;
}

static err_t read_sites(struct ctx *ctx, struct routing_book *book)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_SITE_ALL, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct routing_site *known =
            book_site(book, (location_id){sql_int(&rows, i, 0)});
        struct json_in *in;
        if (!known)
            continue;
        struct routing_site *site = &book->sites[known - book->sites];
        TRY(json_parse(ctx, sql_str(&rows, i, 2), &in));
        TRY(site_decode(ctx, in, site));
        site->version = sql_int(&rows, i, 1);
        book->cap_count += site->has_cap;
        book->set_count++;
    }
    return OK;
}

static err_t read_tables(struct ctx *ctx, struct routing_book *book)
{
    struct sql_rows rows;
    book->zone_codes = map_open(ctx->arena, 1);
    TRY(sql_list(ctx, SQL_ROUTING_TABLE_ALL, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct json_in *in;
        TRY(json_parse(ctx, sql_str(&rows, i, 2), &in));
        TRY(table_decode(ctx, in, (enum routing_table)sql_int(&rows, i, 0),
                         false, book));
    }
    return OK;
}

static void place_sites(struct routing_book *book)
{
    for (size_t i = 0; i < book->site_count; i++) {
        struct routing_site *site = &book->sites[i];
        if (site->market.len == 0)
            site->market = book_market(book, site->country);
        site->zone = routing_zone_find(book, site->country, site->postal_code);
    }
}

static err_t fill(struct ctx *ctx, struct routing_book *book)
{
    int64_t after[2];
    book->made_at = ctx->now;
    book->clocks = map_open(ctx->arena, 8);
    book->strategies = map_open(ctx->arena, 8);
    TRY(read_stamps(ctx, book->stamps));
    TRY(read_places(ctx, book));
    TRY(read_sites(ctx, book));
    TRY(read_tables(ctx, book));
    place_sites(book);
    /* Where another writer commits in between, rows and stamps differ. */
    TRY(read_stamps(ctx, after));
    return memcmp(after, book->stamps, sizeof after) == 0 ? OK : ERR_RETRY;
}

static err_t make(struct ctx *ctx, struct routing_book **ret)
{
    err_t err = ERR_RETRY;
    for (int i = 0; i < MAKE_TRIES && err == ERR_RETRY; i++) {
        struct ctx own = *ctx;
        own.arena = arena_open();
        struct routing_book *book = arena_new(own.arena, struct routing_book);
        book->arena = own.arena;
        err = fill(&own, book);
        ctx->err = own.err;
        if (err == OK)
            *ret = book;
        else
            arena_close(own.arena);
    }
    return err;
}

err_t book_get(struct ctx *ctx, struct routing_book **ret)
{
    int64_t stamps[2];
    struct store_memo *memo = store_memo(ctx, MEMO_ROUTING);
    if (!memo->data)
        *memo = (struct store_memo){.data = mem_new(sizeof(struct shelf)),
                                    .drop = shelf_drop};
    struct shelf *shelf = memo->data;
    TRY(read_stamps(ctx, stamps));
    struct routing_book *book = shelf->now;
    int64_t age = book ? ctx->now - book->made_at : 0;
    if (!book || memcmp(stamps, book->stamps, sizeof stamps) != 0 ||
        age > KEEP_DAYS * DAY_MS || age < -KEEP_DAYS * DAY_MS) {
        TRY(make(ctx, &book));
        book_close(shelf->before);
        shelf->before = shelf->now;
        shelf->now = book;
    }
    *ret = book;
    return OK;
}

err_t routing_book_get(struct ctx *ctx, const struct routing_book **ret)
{
    struct routing_book *book;
    TRY(book_get(ctx, &book));
    *ret = book;
    return OK;
}

err_t routing_stamp(struct ctx *ctx)
{
    struct sql_arg arg = sql_i(id_next(ctx->ids, ctx->now, 0));
    return sql_run(ctx, SQL_ROUTING_STAMP_SAVE, &arg, 1, NULL);
}

/* ---- asked ---- */

const struct routing_site *book_site(const struct routing_book *book,
                                     location_id location)
{
    size_t low = 0, high = book->site_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (book->sites[mid].location.v < location.v)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < book->site_count && book->sites[low].location.v == location.v)
        return &book->sites[low];
    return NULL;
}

const struct zone_clock *routing_site_clock(const struct routing_book *book,
                                            location_id location)
{
    const struct routing_site *site = book_site(book, location);
    return site ? site->clock : NULL;
}

const struct routing_site *book_site_code(const struct routing_book *book,
                                          str code)
{
    return map_find(book->site_codes, (struct map_key){.s = code});
}

bool routing_location_find(const struct routing_strategy *strategy, str code,
                           location_id *ret, bool *ret_is_pickup)
{
    const struct routing_site *site = book_site_code(strategy->book, code);
    if (!site || !site->is_active)
        return false;
    *ret = site->location;
    *ret_is_pickup = site->is_pickup;
    return true;
}

static bool is_cutoff_named(const struct routing_site *site, str service)
{
    for (size_t i = 0; i < site->cutoff_count; i++)
        if (str_equal(site->cutoffs[i].service, service))
            return true;
    return false;
}

bool routing_service_is_known(const struct routing_strategy *strategy,
                              str service)
{
    const struct routing_book *book = strategy->book;
    bool is_known = book_service(book, service) != NULL;
    for (size_t i = 0; i < strategy->scenario_count && !is_known; i++)
        is_known =
            text_list_has(&strategy->scenarios[i].filter.services, service);
    for (size_t i = 0; i < book->site_count && !is_known; i++)
        is_known = is_cutoff_named(&book->sites[i], service);
    return is_known;
}

const struct routing_service *book_service(const struct routing_book *book,
                                           str code)
{
    for (size_t i = 0; i < book->service_count; i++)
        if (str_equal(book->services[i].code, code))
            return &book->services[i];
    return NULL;
}

str book_market(const struct routing_book *book, str country)
{
    for (size_t i = 0; i < book->market_count; i++)
        if (text_list_has(&book->markets[i].countries, country))
            return book->markets[i].code;
    return country;
}
