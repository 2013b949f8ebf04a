/* routing_load.c - loads of sites as rows and in memory. */
#include "oms/routing/routing_load.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_capacity.h"
#include "oms/routing/routing_sql.h"
#include "store/sql.h"

enum { DAY = 0, HOUR = 1, WINDOWS = 2, HOUR_MINUTES = 60 };

struct load {
    const struct routing_site *site;
    utc_ms window[WINDOWS];
    int64_t orders[WINDOWS], units[WINDOWS]; /* Stored and taken. */
    int64_t more_orders, more_units;         /* Taken in this batch. */
};
struct load_claim {
    order_id order;
    const struct load *load;
    int64_t units;
};
struct routing_loads {
    struct load *at; /* By location. */
    size_t count;
    struct load_claim *claims;
    size_t claim_count, claim_room;
};

static struct load *load_find(const struct routing_loads *loads,
                              location_id location)
{
    size_t low = 0, high = loads->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (loads->at[mid].site->location.v < location.v)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < loads->count && loads->at[low].site->location.v == location.v)
        return &loads->at[low];
    return NULL;
}

/* ---- asked by the routers ---- */

static bool fits(int64_t cap, int64_t used, int64_t more)
{
    return cap == 0 || used + more <= cap;
}

static bool has_room(const struct load *load, int64_t orders, int64_t units)
{
    const int64_t *caps = load->site->caps;
    return fits(caps[CAP_DAY_ORDERS], load->orders[DAY], orders) &&
           fits(caps[CAP_DAY_UNITS], load->units[DAY], units) &&
           fits(caps[CAP_HOUR_ORDERS], load->orders[HOUR], orders) &&
           fits(caps[CAP_HOUR_UNITS], load->units[HOUR], units);
}

bool load_has_room(const struct routing_loads *loads,
                   const struct routing_site *site, int64_t units)
{
    const struct load *load = loads ? load_find(loads, site->location) : NULL;
    return !load || has_room(load, 1, units);
}

int64_t load_permille(const struct routing_loads *loads,
                      const struct routing_site *site)
{
    const struct load *load = loads ? load_find(loads, site->location) : NULL;
    int64_t most = 0;
    if (!load)
        return 0;
    const int64_t used[CAP_COUNT] = {load->orders[DAY], load->units[DAY],
                                     load->orders[HOUR], load->units[HOUR]};
    for (int i = 0; i < CAP_COUNT; i++) {
        int64_t part = site->caps[i] > 0 ? used[i] * 1000 / site->caps[i] : 0;
        most = part > most ? part : most;
    }
    return most;
}

/* ---- read ---- */

static void open_windows(struct load *load, utc_ms now)
{
    int minute;
    const struct zone_clock *clock = load->site->clock;
    int64_t day = zone_clock_day(clock, now, &minute);
    load->window[DAY] = zone_clock_at(clock, day, 0);
    load->window[HOUR] = now - (minute % HOUR_MINUTES) * INT64_C(60000);
    load->window[HOUR] -= load->window[HOUR] % INT64_C(60000);
}

static err_t read_rows(struct ctx *ctx, struct routing_loads *loads)
{
    enum { PARAMS = 3 };
    struct sql_rows rows;
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       loads->count * WINDOWS * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < loads->count; i++)
        for (int j = 0; j < WINDOWS; j++) {
            *at++ = sql_i(loads->at[i].site->location.v);
            *at++ = sql_i(j + 1);
            *at++ = sql_i(loads->at[i].window[j]);
        }
    TRY(sql_list_many(ctx, SQL_ROUTING_LOAD_LIST, args, PARAMS,
                      loads->count * WINDOWS, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct load *load =
            load_find(loads, (location_id){sql_int(&rows, i, 0)});
        int64_t window = sql_int(&rows, i, 1) - 1;
        ASSERT(load && window >= 0 && window < WINDOWS);
        load->orders[window] = sql_int(&rows, i, 3);
        load->units[window] = sql_int(&rows, i, 4);
    }
    return OK;
}

err_t routing_loads_read(struct ctx *ctx,
                         const struct routing_strategy *strategy,
                         struct routing_loads **ret)
{
    const struct routing_book *book = strategy->book;
    *ret = NULL;
    if (book->cap_count == 0)
        return OK;
    struct routing_loads *loads = arena_new(ctx->arena, struct routing_loads);
    loads->at = arena_array(ctx->arena, struct load, book->cap_count);
    for (size_t i = 0; i < book->site_count; i++) {
        if (!book->sites[i].has_cap)
            continue;
        struct load *load = &loads->at[loads->count++];
        load->site = &book->sites[i];
        open_windows(load, ctx->now);
    }
    *ret = loads;
    return read_rows(ctx, loads);
}

/* ---- taken ---- */

void routing_loads_take(struct ctx *ctx, struct routing_loads *loads,
                        order_id order, const struct routing_part_load *parts,
                        size_t count)
{
    for (size_t i = 0; loads && i < count; i++) {
        struct load *load = load_find(loads, parts[i].location);
        if (!load || parts[i].units == 0)
            continue;
        for (int j = 0; j < WINDOWS; j++) {
            load->orders[j] += 1;
            load->units[j] += parts[i].units;
        }
        load->more_orders += 1;
        load->more_units += parts[i].units;
        if (loads->claim_count == loads->claim_room) {
            loads->claim_room = loads->claim_room * 2 + 16;
            struct load_claim *claims =
                arena_array(ctx->arena, struct load_claim, loads->claim_room);
            if (loads->claim_count > 0)
                memcpy(claims, loads->claims,
                       loads->claim_count * sizeof *claims);
            loads->claims = claims;
        }
        loads->claims[loads->claim_count++] =
            (struct load_claim){order, load, parts[i].units};
    }
}

void routing_loads_take_plan(struct ctx *ctx, struct routing_loads *loads,
                             order_id order, const struct routing_plan *plan)
{
    if (!loads)
        return;
    struct routing_part_load *parts =
        arena_array(ctx->arena, struct routing_part_load, plan->count);
    size_t n = 0;
    for (size_t i = 0; i < plan->count; i++) {
        size_t j = 0;
        while (j < n && parts[j].location.v != plan->at[i].location.v)
            j++;
        if (j == n)
            parts[n++].location = plan->at[i].location;
        parts[j].units += plan->at[i].qty;
    }
    routing_loads_take(ctx, loads, order, parts, n);
}

/* ---- written ---- */

struct touched {
    struct load **at;
    size_t count;
};

static struct touched touched_of(struct ctx *ctx, struct routing_loads *loads)
{
    struct touched ret = {arena_array(ctx->arena, struct load *, loads->count),
                          0};
    for (size_t i = 0; i < loads->count; i++)
        if (loads->at[i].more_orders > 0)
            ret.at[ret.count++] = &loads->at[i];
    return ret;
}

enum { KEY = 3, MORE = 2 };

/* By (location, window): the key, before it how much more if `has_more`. */
static struct sql_arg *row_args(struct ctx *ctx, const struct touched *rows,
                                bool has_more)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       rows->count * WINDOWS * (KEY + MORE));
    struct sql_arg *at = args;
    for (size_t i = 0; i < rows->count; i++)
        for (int j = 0; j < WINDOWS; j++) {
            if (has_more) {
                *at++ = sql_i(rows->at[i]->more_orders);
                *at++ = sql_i(rows->at[i]->more_units);
            }
            *at++ = sql_i(rows->at[i]->site->location.v);
            *at++ = sql_i(j + 1);
            *at++ = sql_i(rows->at[i]->window[j]);
        }
    return args;
}

/* What is stored now, locked, with what this batch adds. */
static err_t check_rows(const struct touched *touched,
                        const struct sql_rows *rows)
{
    for (size_t i = 0; i < touched->count; i++) {
        struct load probe = *touched->at[i];
        for (int j = 0; j < WINDOWS; j++)
            probe.orders[j] = probe.units[j] = 0;
        for (size_t j = 0; j < rows->count; j++)
            if (sql_int(rows, j, 0) == probe.site->location.v) {
                int64_t window = sql_int(rows, j, 1) - 1;
                probe.orders[window] = sql_int(rows, j, 3);
                probe.units[window] = sql_int(rows, j, 4);
            }
        if (!has_room(&probe, probe.more_orders, probe.more_units))
            return ERR_RETRY;
    }
    return OK;
}

static err_t write_claims(struct ctx *ctx, const struct routing_loads *loads)
{
    enum { PARAMS = 7 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, loads->claim_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < loads->claim_count; i++) {
        const struct load_claim *claim = &loads->claims[i];
        *at++ = sql_i(claim->order.v);
        *at++ = sql_i(id_next(ctx->ids, ctx->now, 0));
        *at++ = sql_i(claim->load->site->location.v);
        *at++ = sql_i(id_bucket(claim->order.v));
        *at++ = sql_i(claim->units);
        *at++ = sql_i(claim->load->window[DAY]);
        *at++ = sql_i(claim->load->window[HOUR]);
    }
    return sql_run_many(ctx, SQL_ROUTING_CLAIM_ADD, args, PARAMS,
                        loads->claim_count, NULL);
}

err_t routing_loads_save(struct ctx *ctx, struct routing_loads *loads)
{
    struct sql_rows rows;
    if (!loads || loads->claim_count == 0)
        return OK;
    struct touched touched = touched_of(ctx, loads);
    size_t count = touched.count * WINDOWS;
    struct sql_arg *keys = row_args(ctx, &touched, false);
    TRY(sql_run_many(ctx, SQL_ROUTING_LOAD_OPEN, keys, KEY, count, NULL));
    TRY(sql_list_many(ctx, SQL_ROUTING_LOAD_LOCK, keys, KEY, count, &rows));
    TRY(check_rows(&touched, &rows));
    TRY(sql_run_many(ctx, SQL_ROUTING_LOAD_ADD, row_args(ctx, &touched, true),
                     KEY + MORE, count, NULL));
    return write_claims(ctx, loads);
}

/* ---- given back ---- */

struct give {
    int64_t claim, location, units, day, hour;
    int64_t left; /* Of the claim. */
};

static err_t lower(struct ctx *ctx, order_id order, const struct give *gives,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct give *give = &gives[i];
        struct sql_arg claim[] = {sql_i(give->left), sql_i(id_bucket(order.v)),
                                  sql_i(order.v), sql_i(give->claim)};
        TRY(sql_run(ctx, SQL_ROUTING_CLAIM_SAVE, claim, COUNT_OF(claim), NULL));
        for (int j = 0; j < WINDOWS; j++) {
            struct sql_arg load[] = {sql_i(give->left == 0 ? -1 : 0),
                                     sql_i(-give->units), sql_i(give->location),
                                     sql_i(j + 1),
                                     sql_i(j == DAY ? give->day : give->hour)};
            TRY(sql_run(ctx, SQL_ROUTING_LOAD_ADD, load, COUNT_OF(load), NULL));
        }
    }
    return OK;
}

err_t routing_loads_give_back(struct ctx *ctx, order_id order,
                              const struct routing_part_load *parts,
                              size_t count)
{
    struct sql_arg args[] = {sql_i(id_bucket(order.v)), sql_i(order.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_CLAIM_LIST, args, COUNT_OF(args), &rows));
    struct give *gives = arena_array(ctx->arena, struct give, rows.count);
    size_t n = 0;
    /* By location; of one location the latest first. */
    for (size_t i = 0; i < rows.count; i++) {
        int64_t units = sql_int(&rows, i, 1), wanted = 0, given = 0;
        for (size_t j = 0; j < count; j++)
            if (parts[j].location.v == sql_int(&rows, i, 0))
                wanted += parts[j].units;
        for (size_t j = 0; j < n; j++)
            if (gives[j].location == sql_int(&rows, i, 0))
                given += gives[j].units;
        int64_t take = wanted - given < units ? wanted - given : units;
        if (take > 0)
            gives[n++] = (struct give){
                sql_int(&rows, i, 4), sql_int(&rows, i, 0), take,
                sql_int(&rows, i, 2), sql_int(&rows, i, 3), units - take};
    }
    return lower(ctx, order, gives, n);
}
