/* idem_postgres.c - idempotency keys in a ring of daily partitions.
 *
 * A key is looked up today and yesterday, and stored today. Around midnight
 * two nodes may disagree on the day, so both store it in both days: the one
 * that comes second meets the other's row in at least one of them.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/time.h"
#include "store/engine.h"
#include "store/idem.h"
#include "store/idem_postgres_sql.h"
#include "store/sql.h"

enum {
    DAYS = 4, /* Of the ring: migration 0001 made as many partitions. */
    FIND_PARAMS = 5,
    INSERT_PARAMS = 8,
    /* Two clocks further apart than this are not running one store. */
    MIDNIGHT_MS = 10 * 60 * 1000
};

static int64_t day_of(utc_ms at)
{
    return at / DAY_MS;
}

static int64_t slot_of(int64_t day)
{
    return day % DAYS;
}

static void key_args(const struct idem_entry *entry, int64_t day,
                     struct sql_arg *args)
{
    args[0] = sql_i(entry->key_hash & 255);
    args[1] = sql_i(slot_of(day));
    args[2] = sql_i(day);
    args[3] = sql_i(entry->key_hash);
    args[4] = sql_i(entry->key_check);
}

static struct map_key key_of(int64_t hash, int64_t check)
{
    return (struct map_key){.a = hash, .b = check};
}

static void found(struct idem_entry *entry, const struct sql_rows *rows,
                  size_t row)
{
    entry->is_found = true;
    entry->found_body_hash = sql_int(rows, row, 2);
    entry->found_status = (int)sql_int(rows, row, 3);
    entry->found_reply = sql_str(rows, row, 4);
}

static err_t pg_find(struct ctx *ctx, struct idem *idem,
                     struct idem_entry *const *entries, size_t count)
{
    int64_t day = day_of(ctx->now);
    size_t rows_count = 2 * count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, rows_count * FIND_PARAMS);
    struct map *by_key = map_open(ctx->arena, count);
    struct sql_rows rows;

    (void)idem;
    for (size_t i = 0; i < count; i++) {
        struct idem_entry *entry = entries[i];
        entry->is_found = false;
        key_args(entry, day, &args[2 * i * FIND_PARAMS]);
        key_args(entry, day - 1, &args[(2 * i + 1) * FIND_PARAMS]);
        map_set(by_key, key_of(entry->key_hash, entry->key_check), entry);
    }
    TRY(sql_list_many(ctx, SQL_IDEM_PG_FIND, args, FIND_PARAMS, rows_count,
                      &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct idem_entry *entry = map_find(
            by_key, key_of(sql_int(&rows, i, 0), sql_int(&rows, i, 1)));
        ASSERT(entry != NULL);
        found(entry, &rows, i);
    }
    return OK;
}

/* The days a key is stored under: one, or two around midnight. */
static size_t days_of(utc_ms now, int64_t days[2])
{
    int64_t day = day_of(now), into_ms = now % DAY_MS;

    days[0] = day;
    if (into_ms < MIDNIGHT_MS) {
        days[0] = day - 1;
        days[1] = day;
        return 2;
    }
    days[1] = day + 1;
    return into_ms >= DAY_MS - MIDNIGHT_MS ? 2 : 1;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_key_order(const void *a, const void *b)
{
    const struct idem_entry *x = *(struct idem_entry *const *)a;
    const struct idem_entry *y = *(struct idem_entry *const *)b;
    int order = compare(x->key_hash, y->key_hash);

    return order ? order : compare(x->key_check, y->key_check);
}

/* In key order, so that two writers never wait for each other in a circle. */
static struct idem_entry **
sorted(struct ctx *ctx, struct idem_entry *const *entries, size_t count)
{
    struct idem_entry **list =
        arena_array(ctx->arena, struct idem_entry *, count);

    for (size_t i = 0; i < count; i++)
        list[i] = entries[i];
    qsort(list, count, sizeof(struct idem_entry *), by_key_order);
    return list;
}

static err_t pg_add(struct ctx *ctx, struct idem *idem,
                    struct idem_entry *const *entries, size_t count)
{
    int64_t days[2], changed = 0;
    size_t day_count = days_of(ctx->now, days);
    size_t rows = day_count * count;
    struct idem_entry **list = sorted(ctx, entries, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, rows * INSERT_PARAMS);

    (void)idem;
    for (size_t i = 0; i < rows; i++) {
        const struct idem_entry *entry = list[i % count];
        struct sql_arg *row = &args[i * INSERT_PARAMS];
        key_args(entry, days[i / count], row);
        row[5] = sql_i(entry->body_hash);
        row[6] = sql_i(entry->status);
        row[7] = sql_s(entry->reply);
    }
    TRY(sql_run_many(ctx, SQL_IDEM_PG_INSERT, args, INSERT_PARAMS, rows,
                     &changed));
    if (changed != (int64_t)rows)
        return fail(ctx, ERR_RETRY, "", "another node used the key");
    return OK;
}

/* Empties the slot of the day before yesterday, which is also the slot that
 * the day after tomorrow will use. */
static err_t pg_sweep(struct ctx *ctx, struct idem *idem, bool *ret_more)
{
    static const int empty[DAYS] = {SQL_IDEM_PG_EMPTY_0, SQL_IDEM_PG_EMPTY_1,
                                    SQL_IDEM_PG_EMPTY_2, SQL_IDEM_PG_EMPTY_3};
    int64_t slot = slot_of(day_of(ctx->now) + 2);
    struct sql_arg arg = sql_i(slot);
    struct sql_rows rows;

    (void)idem;
    *ret_more = false;
    TRY(sql_list(ctx, SQL_IDEM_PG_USED, &arg, 1, &rows));
    if (rows.count == 0)
        return OK;
    return sql_run(ctx, empty[slot], NULL, 0, NULL);
}

static err_t pg_open(struct ctx *ctx, struct idem *idem)
{
    (void)ctx;
    (void)idem;
    return OK;
}

static void pg_close(struct idem *idem)
{
    (void)idem;
}

const struct idem_ops idem_postgres = {
    .open = pg_open,
    .close = pg_close,
    .find = pg_find,
    .add = pg_add,
    .sweep = pg_sweep,
};
