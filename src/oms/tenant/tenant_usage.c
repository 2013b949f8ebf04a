/* tenant_usage.c - counters of what a store was used for, by UTC day.
 *
 * A consumer counts what the event log tells; requests are counted in memory
 * by whoever serves them and added now and then.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/tenant/tenant_room.h"
#include "oms/tenant/tenant_sql.h"
#include "oms/tenant/tenant_store.h"
#include "store/event.h"
#include "store/sql.h"

enum { TALLIES = 64, OPEN_PARAMS = 2, SAVE_PARAMS = 4 };

/* In the order of the primary key, so that two writers lock alike. */
static int compare_usage(const void *a, const void *b)
{
    const struct usage *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return str_compare(x->name, y->name);
}

err_t usage_add(struct ctx *ctx, const struct usage *rows, size_t count)
{
    if (count == 0)
        return OK;
    struct usage *sorted = arena_array(ctx->arena, struct usage, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * OPEN_PARAMS);
    memcpy(sorted, rows, count * sizeof *rows);
    qsort(sorted, count, sizeof *sorted, compare_usage);
    for (size_t i = 0; i < count; i++) {
        args[i * OPEN_PARAMS] = sql_i(sorted[i].day);
        args[i * OPEN_PARAMS + 1] = sql_s(sorted[i].name);
    }
    TRY(sql_run_many(ctx, SQL_USAGE_OPEN, args, OPEN_PARAMS, count, NULL));
    for (size_t i = 0; i < count; i++) {
        struct sql_arg bump[] = {sql_i(sorted[i].value), sql_i(sorted[i].day),
                                 sql_s(sorted[i].name)};
        TRY(sql_run(ctx, SQL_USAGE_BUMP, bump, COUNT_OF(bump), NULL));
    }
    return OK;
}

static struct usage *read_usage(struct ctx *ctx, const struct sql_rows *rows)
{
    struct usage *list = arena_array(ctx->arena, struct usage, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        list[i] = (struct usage){sql_int(rows, i, 0), sql_str(rows, i, 1),
                                 sql_int(rows, i, 2)};
    return list;
}

err_t usage_list(struct ctx *ctx, int64_t from, int64_t to, struct usage **ret,
                 size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(from), sql_i(to)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_USAGE_RANGE, args, COUNT_OF(args), &rows));
    *ret = read_usage(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t tenant_usage_save(struct ctx *ctx, tenant_id tenant,
                        const struct usage *rows, size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SAVE_PARAMS);
    if (count == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        args[i * SAVE_PARAMS] = sql_i(tenant.v);
        args[i * SAVE_PARAMS + 1] = sql_i(rows[i].day);
        args[i * SAVE_PARAMS + 2] = sql_s(rows[i].name);
        args[i * SAVE_PARAMS + 3] = sql_i(rows[i].value);
    }
    return sql_run_many(ctx, SQL_TENANT_USAGE_SAVE, args, SAVE_PARAMS, count,
                        NULL);
}

err_t tenant_usage_list(struct ctx *ctx, tenant_id tenant, int64_t from,
                        int64_t to, struct usage **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(tenant.v), sql_i(from), sql_i(to)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_TENANT_USAGE_RANGE, args, COUNT_OF(args), &rows));
    *ret = read_usage(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

/* ---- the consumer ---- */

struct tally {
    struct usage rows[TALLIES];
    size_t count;
};

static err_t count_one(struct ctx *ctx, struct tally *tally, int64_t day,
                       const char *name, int64_t value)
{
    for (size_t i = 0; i < tally->count; i++) {
        struct usage *row = &tally->rows[i];
        if (row->day == day && str_equal_cstr(row->name, name)) {
            row->value += value;
            return OK;
        }
    }
    if (tally->count == TALLIES) {
        TRY(usage_add(ctx, tally->rows, tally->count));
        tally->count = 0;
    }
    tally->rows[tally->count++] =
        (struct usage){day, str_from_cstr(name), value};
    return OK;
}

static err_t count_order(struct ctx *ctx, struct tally *tally, int64_t day,
                         str data)
{
    struct json_in *in;
    int64_t lines = 0, units = 0;
    TRY(json_parse(ctx, data, &in));
    TRY(json_opt_i64(in, "lines", 0, INT64_MAX, &lines));
    TRY(json_opt_i64(in, "units", 0, INT64_MAX, &units));
    TRY(count_one(ctx, tally, day, "orders", 1));
    TRY(count_one(ctx, tally, day, "order_lines", lines));
    return count_one(ctx, tally, day, "order_units", units);
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct tally *tally = arena_new(ctx->arena, struct tally);
    for (size_t i = 0; i < count; i++) {
        int64_t day = events[i].at / DAY_MS;
        TRY(count_one(ctx, tally, day, "events", 1));
        if (str_equal_cstr(events[i].type, "order.placed"))
            TRY(count_order(ctx, tally, day, events[i].data));
    }
    return usage_add(ctx, tally->rows, tally->count);
}

static const struct event_consumer consumers[] = {
    {.name = "usage", .consume = consume}
};
const struct event_list tenant_events = {consumers, COUNT_OF(consumers)};
