/* analytics_run.c - one report: its sums read, grouped, sorted and compared. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/zone_clock.h"
#include "oms/analytics/analytics_sql.h"
#include "oms/analytics/analytics_store.h"
#include "store/sql.h"

__extension__ typedef __int128 wide;

/* ---- periods ---- */

static int64_t month_of(int64_t day)
{
    enum { MONTH_AT = 5 };
    char text[DATE_TEXT_BYTES];
    date_to_text(day, text);
    return (text[MONTH_AT] - '0') * 10 + text[MONTH_AT + 1] - '0';
}

/* Whether another period begins with that day. */
static bool begins(enum report_step step, int64_t day)
{
    switch (step) {
    case STEP_HOUR:
    case STEP_DAY: return true;
    case STEP_WEEK: return weekday_of(day) == 0;
    case STEP_MONTH: return month_of(day) != month_of(day - 1);
    }
    UNREACHABLE("every step is named");
}

static err_t add_period(struct ctx *ctx, struct report_period *to,
                        size_t *count, utc_ms from, str label)
{
    if (*count == REPORT_MAX_ROWS)
        return fail_as(ctx, ERR_INVALID, "range_too_long", "from",
                       "this is more than %d periods; choose fewer days or "
                       "longer periods",
                       REPORT_MAX_ROWS);
    to[(*count)++] = (struct report_period){from, label};
    return OK;
}

static err_t add_hours(struct ctx *ctx, struct report_period *to, size_t *count,
                       const struct zone_clock *clock, int64_t day, str date)
{
    enum { MINUTES = 60 };
    static const utc_ms HOUR_MS = (utc_ms)MINUTES * 60 * 1000;
    utc_ms end = zone_clock_at(clock, day + 1, 0);
    for (utc_ms at = zone_clock_at(clock, day, 0); at < end; at += HOUR_MS) {
        int minute;
        zone_clock_day(clock, at, &minute);
        TRY(add_period(ctx, to, count, at,
                       str_printf(ctx->arena, "%.*sT%02d:%02d", STR_ARG(date),
                                  minute / MINUTES, minute % MINUTES)));
    }
    return OK;
}

err_t report_periods(struct ctx *ctx, const struct report_query *query,
                     int64_t from_day, int64_t until,
                     struct report_period **ret, size_t *ret_count)
{
    struct zone_clock clock;
    TRY(zone_clock_make(ctx, ctx->arena, query->zone, (from_day - 1) * DAY_MS,
                        (until + 1) * DAY_MS, &clock));
    struct report_period *to =
        arena_array(ctx->arena, struct report_period, REPORT_MAX_ROWS);
    *ret = to;
    *ret_count = 0;
    for (int64_t day = from_day; day < until; day++) {
        char text[DATE_TEXT_BYTES];
        if (day > from_day && !begins(query->step, day))
            continue;
        date_to_text(day, text);
        str date = str_copy(ctx->arena, (str){text, sizeof(text)});
        if (query->step == STEP_HOUR)
            TRY(add_hours(ctx, to, ret_count, &clock, day, date));
        else
            TRY(add_period(ctx, to, ret_count, zone_clock_at(&clock, day, 0),
                           date));
    }
    return OK;
}

/* The last one that has begun. */
static size_t period_at(const struct report_period *periods, size_t count,
                        utc_ms at)
{
    size_t low = 0, high = count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (periods[middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- grouping ---- */

struct grouping {
    struct ctx *ctx;
    const struct report_query *query;
    struct map *by_key;
    struct report_row **rows; /* In the order they were found. */
    size_t count, room;
};

static struct map_key key_of(const struct report_row *row, struct arena *arena)
{
    return (struct map_key){.a = row->id,
                            .b = row->at,
                            .s = str_printf(arena, "%.*s\n%.*s",
                                            STR_ARG(row->currency),
                                            STR_ARG(row->key))};
}

/* The row of such a key, made where there is none; it keeps what it is named
 * by. */
static struct report_row *group_of(struct grouping *g,
                                   const struct report_row *like)
{
    struct arena *arena = g->ctx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct map_key key = key_of(like, arena);
    struct report_row *row = map_find(g->by_key, key);
    if (row) {
        arena_reset_to(arena, mark);
        return row;
    }
    if (g->count == g->room) {
        struct report_row **more =
            arena_array(arena, struct report_row *, g->room * 2);
        memcpy(more, g->rows, g->count * sizeof(*more));
        g->rows = more;
        g->room *= 2;
    }
    row = arena_array(arena, struct report_row, 1);
    *row = (struct report_row){.key = str_copy(arena, like->key),
                               .id = like->id,
                               .currency = str_copy(arena, like->currency),
                               .at = like->at};
    g->rows[g->count++] = row;
    map_set(g->by_key, key, row);
    return row;
}

static struct grouping grouping_open(struct ctx *ctx,
                                     const struct report_query *query)
{
    enum { ROOM = 64 };
    return (struct grouping){
        .ctx = ctx,
        .query = query,
        .by_key = map_open(ctx->arena, ROOM),
        .rows = arena_array(ctx->arena, struct report_row *, ROOM),
        .room = ROOM,
    };
}

/* Each fact that a column names, once. */
static bool names(const struct report *report, enum report_fact fact)
{
    for (size_t i = 0; i < report_width(report); i++)
        if (report->columns[i].fact == fact ||
            report->columns[i].under_fact == fact)
            return true;
    return false;
}

struct gathering {
    struct grouping *into;
    enum report_fact fact;
    const struct report_period *periods; /* BY_TIME */
    size_t period_count;
};

static err_t gather_row(struct ctx *ctx, const struct report_row *found,
                        void *arg)
{
    struct gathering *gathering = arg;
    struct grouping *g = gathering->into;
    struct report_row row = *found;
    (void)ctx;
    if (g->query->currency.len > 0 && row.currency.len > 0 &&
        !str_equal(row.currency, g->query->currency))
        return OK;
    if (gathering->periods)
        row.at = (int64_t)period_at(gathering->periods, gathering->period_count,
                                    row.at);
    report_add(&group_of(g, &row)->sums[gathering->fact],
               &row.sums[gathering->fact]);
    if (g->count <= REPORT_MAX_GROUPS)
        return OK;
    return fail_as(ctx, ERR_INVALID, "report_too_large", "from",
                   "this is of more than %d of its kind; choose fewer days, or "
                   "one channel",
                   REPORT_MAX_GROUPS);
}

static err_t gather(struct grouping *g, int64_t from_day, int64_t until)
{
    const struct report_query *query = g->query;
    struct gathering gathering = {.into = g};
    struct report_reader reader = {gather_row, &gathering};
    if (query->report->group == BY_TIME) {
        struct report_period *periods;
        TRY(report_periods(g->ctx, query, from_day, until, &periods,
                           &gathering.period_count));
        gathering.periods = periods;
    }
    for (int fact = FACT_ORDER; fact < FACT_COUNT; fact++) {
        gathering.fact = (enum report_fact)fact;
        if (names(query->report, gathering.fact))
            TRY(report_read(g->ctx, query, gathering.fact, from_day, until,
                            &reader));
    }
    return OK;
}

/* Every period of every currency has a row, as a chart needs it. Labels come
 * from the days asked for, also for those compared with. */
static err_t fill_time(struct grouping *g)
{
    const struct report_query *query = g->query;
    struct report_period *periods;
    size_t count, found = g->count;
    TRY(report_periods(g->ctx, query, query->from_day, query->until, &periods,
                       &count));
    struct map *seen = map_open(g->ctx->arena, 4);
    struct report_row none = {.currency = STR_NONE};
    for (size_t i = 0; i < found || i == 0; i++) {
        struct report_row row = i < found ? *g->rows[i] : none;
        struct map_key key = {.s = row.currency};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, g);
        for (row.at = 0; row.at < (int64_t)count; row.at++)
            (void)group_of(g, &row);
    }
    for (size_t i = 0; i < g->count; i++)
        g->rows[i]->key = periods[g->rows[i]->at].label;
    return OK;
}

static int by_time(const void *a, const void *b)
{
    const struct report_row *x = *(struct report_row *const *)a;
    const struct report_row *y = *(struct report_row *const *)b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return str_compare(x->currency, y->currency);
}

/* The greatest of the first column first. */
static int by_value(const void *a, const void *b)
{
    const struct report_row *x = *(struct report_row *const *)a;
    const struct report_row *y = *(struct report_row *const *)b;
    if (x->values[0] != y->values[0])
        return x->values[0] > y->values[0] ? -1 : 1;
    int order = str_compare(x->key, y->key);
    if (order == 0)
        order = (x->id > y->id) - (x->id < y->id);
    return order ? order : str_compare(x->currency, y->currency);
}

/* Where it is money, currency by currency: 900 yen are not more than 10 euro.
 */
static int by_money(const void *a, const void *b)
{
    const struct report_row *x = *(struct report_row *const *)a;
    const struct report_row *y = *(struct report_row *const *)b;
    int order = str_compare(x->currency, y->currency);
    return order ? order : by_value(a, b);
}

static void sort(struct grouping *g)
{
    const struct report *report = g->query->report;
    bool is_money = report->columns[0].type == COLUMN_MONEY;
    if (g->count > 1)
        qsort(g->rows, g->count, sizeof(struct report_row *),
              report->group == BY_TIME ? by_time
              : is_money               ? by_money
                                       : by_value);
}

static void sum_up(const struct grouping *g, struct report_table *ret)
{
    struct grouping sums = grouping_open(g->ctx, g->query);
    for (size_t i = 0; i < g->count; i++) {
        struct report_row like = {.currency = g->rows[i]->currency};
        struct report_row *total = group_of(&sums, &like);
        for (int fact = 0; fact < FACT_COUNT; fact++)
            report_add(&total->sums[fact], &g->rows[i]->sums[fact]);
    }
    ret->totals = arena_array(g->ctx->arena, struct report_row, sums.count);
    ret->total_count = sums.count;
    if (sums.count > 1)
        qsort(sums.rows, sums.count, sizeof(struct report_row *), by_time);
    for (size_t i = 0; i < sums.count; i++) {
        ret->totals[i] = *sums.rows[i];
        report_values(g->query->report, &ret->totals[i]);
    }
}

static err_t finish(struct grouping *g, struct report_table *ret)
{
    bool is_time = g->query->report->group == BY_TIME;
    if (is_time)
        TRY(fill_time(g));
    sum_up(g, ret);
    for (size_t i = 0; i < g->count; i++)
        report_values(g->query->report, g->rows[i]);
    sort(g);
    ret->count =
        is_time || g->count < g->query->limit ? g->count : g->query->limit;
    ret->left = g->count - ret->count;
    ret->rows = arena_array(g->ctx->arena, struct report_row, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ret->rows[i] = *g->rows[i];
    return OK;
}

/* ---- comparing ---- */

/* What was there before alone has a row as well; by time, its currency has. */
static err_t gather_before(struct grouping *g, struct grouping *before)
{
    const struct report_query *query = g->query;
    int64_t days = query->until - query->from_day;
    *before = grouping_open(g->ctx, query);
    TRY(gather(before, query->before_day, query->before_day + days));
    for (size_t i = 0; i < before->count; i++) {
        struct report_row like = *before->rows[i];
        report_values(query->report, before->rows[i]);
        if (query->report->group == BY_TIME)
            like.at = 0;
        (void)group_of(g, &like);
    }
    return OK;
}

static void compare(const struct grouping *before, struct report_table *ret)
{
    const struct report_query *query = before->query;
    struct arena *arena = before->ctx->arena;
    struct report_row empty = {.key = STR_NONE};
    report_values(query->report, &empty);
    bool is_time = query->report->group == BY_TIME;
    for (size_t i = 0; i < ret->count; i++) {
        struct report_row like = ret->rows[i];
        if (is_time)
            like.key = STR("");
        const struct report_row *was =
            map_find(before->by_key, key_of(&like, arena));
        ret->rows[i].has_before = true;
        memcpy(ret->rows[i].before, was ? was->values : empty.values,
               sizeof(empty.values));
    }
    struct report_table sums = {0};
    sum_up(before, &sums);
    for (size_t i = 0; i < ret->total_count; i++) {
        struct report_row *total = &ret->totals[i];
        total->has_before = true;
        memcpy(total->before, empty.values, sizeof(empty.values));
        for (size_t j = 0; j < sums.total_count; j++)
            if (str_equal(sums.totals[j].currency, total->currency))
                memcpy(total->before, sums.totals[j].values,
                       sizeof(empty.values));
    }
}

/* ---- stock cover ---- */

/* Shortest first: cover stands in milliseconds, what is free in units. */
static int by_cover(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    if (x->values[0] != y->values[0])
        return x->values[0] < y->values[0] ? -1 : 1;
    return str_compare(x->key, y->key);
}

static int64_t cover_ms(int64_t available, int64_t sold, int64_t days)
{
    wide ms = (wide)(available > 0 ? available : 0) * days * DAY_MS;
    return ms / sold > INT64_MAX ? INT64_MAX : (int64_t)(ms / sold);
}

/* One row per SKU; what it sold for stands aside. */
static err_t sold_row(struct ctx *ctx, const struct report_row *found,
                      void *arg)
{
    struct gathering *gathering = arg;
    struct report_row row = *found;
    row.currency = STR("");
    return gather_row(ctx, &row, gathering);
}

static err_t sold(struct ctx *ctx, const struct report_query *query,
                  struct report_row **ret, size_t *ret_count)
{
    struct grouping g = grouping_open(ctx, query);
    struct gathering gathering = {.into = &g, .fact = FACT_SKU};
    TRY(report_read(ctx, query, FACT_SKU, query->from_day, query->until,
                    &(struct report_reader){sold_row, &gathering}));
    *ret = arena_array(ctx->arena, struct report_row, g.count);
    *ret_count = g.count;
    for (size_t i = 0; i < g.count; i++)
        (*ret)[i] = *g.rows[i];
    return OK;
}

static err_t stock_of(struct ctx *ctx, const struct report_row *rows,
                      size_t count, struct map **ret)
{
    struct sql_rows stock;
    struct sql_arg *codes = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = sql_s(rows[i].key);
    TRY(sql_list_distinct(ctx, SQL_REPORT_STOCK, codes, count, &stock));
    *ret = map_open(ctx->arena, stock.count);
    for (size_t i = 0; i < stock.count; i++) {
        int64_t *units = arena_array(ctx->arena, int64_t, 1);
        *units = sql_int(&stock, i, 1);
        map_set(*ret, (struct map_key){.s = sql_str(&stock, i, 0)}, units);
    }
    return OK;
}

err_t report_cover(struct ctx *ctx, const struct report_query *query,
                   struct report_table *ret)
{
    struct map *stock;
    size_t n = 0, count;
    struct report_row *rows;
    TRY(sold(ctx, query, &rows, &count));
    TRY(stock_of(ctx, rows, count, &stock));
    for (size_t i = 0; i < count; i++) {
        const int64_t *units =
            map_find(stock, (struct map_key){.s = rows[i].key});
        int64_t out = rows[i].sums[FACT_SKU].units;
        if (!units || out <= 0) /* Nowhere kept: not tracked, or a kit. */
            continue;
        rows[n] = rows[i];
        rows[n].sums[FACT_COVER] = (struct report_sum){
            .units = *units,
            .amount = cover_ms(*units, out, query->until - query->from_day)};
        report_values(query->report, &rows[n++]);
    }
    if (n > 0)
        qsort(rows, n, sizeof(*rows), by_cover);
    ret->rows = rows;
    ret->count = n < query->limit ? n : query->limit;
    ret->left = n - ret->count;
    return OK;
}

/* ---- names ---- */

static err_t put_codes(struct ctx *ctx, int stmt, struct report_table *table)
{
    struct sql_rows codes;
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, table->count);
    struct map *by_id = map_open(ctx->arena, table->count);
    for (size_t i = 0; i < table->count; i++)
        ids[i] = sql_i(table->rows[i].id);
    TRY(sql_list_distinct(ctx, stmt, ids, table->count, &codes));
    for (size_t i = 0; i < codes.count; i++) {
        str *code = arena_array(ctx->arena, str, 1);
        *code = sql_str(&codes, i, 1);
        map_set(by_id, (struct map_key){.a = sql_int(&codes, i, 0)}, code);
    }
    for (size_t i = 0; i < table->count; i++) {
        struct map_key key = {.a = table->rows[i].id};
        const str *code = map_find(by_id, key);
        table->rows[i].key = code ? *code : STR_NONE;
    }
    return OK;
}

static err_t put_names(struct ctx *ctx, const struct report_query *query,
                       struct report_table *table)
{
    switch (query->report->group) {
    case BY_CHANNEL: return put_codes(ctx, SQL_REPORT_CHANNEL_CODE, table);
    case BY_LOCATION: return put_codes(ctx, SQL_REPORT_LOCATION_CODE, table);
    case BY_TIME:
    case BY_PART: return OK;
    }
    UNREACHABLE("every group is named");
}

/* ---- all of it ---- */

static err_t check(struct ctx *ctx, const struct report_query *query)
{
    ASSERT(query->until > query->from_day && query->limit > 0);
    if (query->until - query->from_day > REPORT_MAX_DAYS)
        return fail_as(ctx, ERR_INVALID, "range_too_long", "from",
                       "a report reads %d days at most", REPORT_MAX_DAYS);
    return OK;
}

err_t report_run(struct ctx *ctx, const struct report_query *query,
                 struct report_table *ret)
{
    *ret = (struct report_table){0};
    TRY(check(ctx, query));
    if (query->report->run) {
        TRY(query->report->run(ctx, query, ret));
        for (size_t i = 0; i < ret->count; i++)
            report_values(query->report, &ret->rows[i]);
        return OK;
    }
    struct grouping g = grouping_open(ctx, query), before = {.ctx = ctx};
    TRY(gather(&g, query->from_day, query->until));
    if (query->has_before)
        TRY(gather_before(&g, &before));
    TRY(finish(&g, ret));
    if (query->has_before)
        compare(&before, ret);
    return put_names(ctx, query, ret);
}
