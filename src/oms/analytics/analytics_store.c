/* analytics_store.c - report_sums as rows. */
#include "oms/analytics/analytics_store.h"
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/analytics/analytics_sql.h"
#include "store/sql.h"

enum { KEY = 5, CELL = 8 };

static void put_key(struct sql_arg *to, const struct report_cell *cell)
{
    to[0] = sql_i(cell->fact);
    to[1] = sql_i(cell->quarter_at);
    to[2] = sql_i(cell->of);
    to[3] = sql_s(cell->part);
    to[4] = sql_s(cell->currency);
}

struct map_key report_key(struct arena *arena, const struct report_cell *cell)
{
    return (struct map_key){.a = cell->quarter_at * FACT_COUNT + cell->fact,
                            .b = cell->of,
                            .s = str_printf(arena, "%.*s\n%.*s",
                                            STR_ARG(cell->currency),
                                            STR_ARG(cell->part))};
}

static err_t add_known(struct ctx *ctx, struct report_cell *cells, size_t count)
{
    struct sql_rows rows;
    struct map *by_key = map_open(ctx->arena, count);
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * KEY);
    for (size_t i = 0; i < count; i++) {
        put_key(args + i * KEY, &cells[i]);
        map_set(by_key, report_key(ctx->arena, &cells[i]), &cells[i]);
    }
    TRY(sql_list_many(ctx, SQL_REPORT_SUM_FIND, args, KEY, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct report_cell known = {
            .fact = (enum report_fact)sql_int(&rows, i, 0),
            .quarter_at = sql_int(&rows, i, 1),
            .of = sql_int(&rows, i, 2),
            .part = sql_str(&rows, i, 3),
            .currency = sql_str(&rows, i, 4),
            .sum = {sql_int(&rows, i, 5), sql_int(&rows, i, 6),
                    sql_int(&rows, i, 7)},
        };
        struct report_cell *cell =
            map_find(by_key, report_key(ctx->arena, &known));
        ASSERT(cell);
        report_add(&cell->sum, &known.sum);
    }
    return OK;
}

err_t report_sums_add(struct ctx *ctx, struct report_cell *cells, size_t count)
{
    if (count == 0)
        return OK;
    TRY(add_known(ctx, cells, count));
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * CELL);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *to = args + i * CELL;
        put_key(to, &cells[i]);
        to[KEY] = sql_i(cells[i].sum.n);
        to[KEY + 1] = sql_i(cells[i].sum.units);
        to[KEY + 2] = sql_i(cells[i].sum.amount);
    }
    return sql_run_many(ctx, SQL_REPORT_SUM_SAVE, args, CELL, count, NULL);
}

/* ---- a span of them ---- */

static int stmt_of(enum report_group group)
{
    switch (group) {
    case BY_TIME: return SQL_REPORT_SPAN_TIME;
    case BY_CHANNEL:
    case BY_LOCATION: return SQL_REPORT_SPAN_OF;
    case BY_PART: return SQL_REPORT_SPAN_PART;
    }
    UNREACHABLE("every group is named");
}

/* Of thousand millions and what is over. */
static int64_t amount_of(int64_t high, int64_t low)
{
    static const int64_t SCALE = 1000000000;
    int64_t whole = high + low / SCALE;
    return whole > INT64_MAX / SCALE - 1 ? INT64_MAX
                                         : whole * SCALE + low % SCALE;
}

static err_t span_of(struct ctx *ctx, str zone, int64_t from_day, int64_t until,
                     struct sql_arg ret[2])
{
    utc_ms from, end;
    TRY(zone_date_start(ctx, zone, from_day, &from));
    TRY(zone_date_start(ctx, zone, until, &end));
    ret[0] = sql_i(from);
    ret[1] = sql_i(end);
    return OK;
}

struct reading {
    enum report_group group;
    enum report_fact fact;
    report_row_fn *fn;
    void *arg;
};

static err_t read_one(struct ctx *ctx, const struct sql_rows *rows, void *arg)
{
    const struct reading *reading = arg;
    struct report_row row = {.currency = sql_str(rows, 0, 1)};
    if (reading->group == BY_PART)
        row.key = sql_str(rows, 0, 0);
    else if (reading->group == BY_TIME)
        row.at = sql_int(rows, 0, 0);
    else
        row.id = sql_int(rows, 0, 0);
    row.sums[reading->fact] = (struct report_sum){
        sql_int(rows, 0, 2), sql_int(rows, 0, 3),
        amount_of(sql_int(rows, 0, 4), sql_int(rows, 0, 5))};
    return reading->fn(ctx, &row, reading->arg);
}

err_t report_read(struct ctx *ctx, const struct report_query *query,
                  enum report_fact fact, int64_t from_day, int64_t until,
                  const struct report_reader *reader)
{
    struct reading reading = {query->report->group, fact, reader->fn,
                              reader->arg};
    struct sql_arg args[4] = {sql_i(fact)};
    TRY(span_of(ctx, query->zone, from_day, until, args + 1));
    args[3] = sql_i(query->of);
    /* What is read of a row goes with it; the reader keeps its own. */
    struct ctx own = *ctx;
    own.arena = arena_open();
    err_t err = sql_each(&own, stmt_of(reading.group), args, COUNT_OF(args),
                         read_one, &reading);
    if (err != OK)
        ctx->err = own.err;
    arena_close(own.arena);
    return err;
}

/* ---- buyers ---- */

err_t report_customers(struct ctx *ctx, const struct report_query *query,
                       struct report_table *ret)
{
    struct sql_arg args[4];
    struct sql_rows rows;
    TRY(span_of(ctx, query->zone, query->from_day, query->until, args));
    args[2] = sql_s(query->currency);
    args[3] = sql_i((int64_t)query->limit);
    TRY(sql_list(ctx, SQL_REPORT_BUYERS, args, COUNT_OF(args), &rows));
    ret->rows = arena_array(ctx->arena, struct report_row, rows.count);
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct report_row *row = &ret->rows[i];
        *row = (struct report_row){.id = sql_int(&rows, i, 0),
                                   .currency = sql_str(&rows, i, 1)};
        row->sums[FACT_ORDER] = (struct report_sum){
            .n = sql_int(&rows, i, 2),
            .amount = amount_of(sql_int(&rows, i, 3), sql_int(&rows, i, 4))};
    }
    return OK;
}
