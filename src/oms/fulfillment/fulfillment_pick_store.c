/* fulfillment_pick_store.c - rows of pick tasks, their lines and units. */
#include "oms/fulfillment/fulfillment_pick_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "store/sql.h"

enum { TASK_PARAMS = 8, LINE_PARAMS = 15, UNIT_PARAMS = 10 };

static void read_task(const struct sql_rows *rows, size_t i,
                      struct pick_task *ret)
{
    *ret = (struct pick_task){
        .id = {sql_int(rows, i, 0)},
        .location = {sql_int(rows, i, 1)},
        .mode = (enum pick_mode)sql_int(rows, i, 2),
        .state = (enum pick_state)sql_int(rows, i, 3),
        .zone = sql_str(rows, i, 4),
        .tote = sql_str(rows, i, 5),
        .wave = {sql_int(rows, i, 6)},
        .version = sql_int(rows, i, 9),
        .created_at = sql_int(rows, i, 10),
        .updated_at = sql_int(rows, i, 11),
        .started_at = sql_int(rows, i, 12),
        .ended_at = sql_int(rows, i, 13),
    };
    ret->assignee.kind = (enum actor_kind)sql_int(rows, i, 7);
    ret->assignee.id = sql_int(rows, i, 8);
}

static err_t task_one(struct ctx *ctx, int stmt, pick_task_id id,
                      struct pick_task *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "pick task", &rows));
    read_task(&rows, 0, ret);
    return OK;
}

err_t pick_task_get(struct ctx *ctx, pick_task_id id, struct pick_task *ret)
{
    return task_one(ctx, SQL_PICK_TASK_ROW, id, ret);
}

err_t pick_task_lock(struct ctx *ctx, pick_task_id id, struct pick_task *ret)
{
    return task_one(ctx, SQL_PICK_TASK_LOCK, id, ret);
}

err_t pick_task_page(struct ctx *ctx, const struct pick_filter *filter,
                     struct pick_task **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg after = sql_i(filter->after.v ? filter->after.v : INT64_MAX);
    struct sql_arg state = sql_i(filter->state);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg all[] = {after, state, limit};
    struct sql_arg there[] = {sql_i(filter->location.v), after, state, limit};
    struct sql_arg fo[] = {sql_i(filter->fo.v), after, limit};
    if (filter->fo.v != 0)
        TRY(sql_list(ctx, SQL_PICK_TASK_PAGE_FO, fo, COUNT_OF(fo), &rows));
    else if (filter->location.v != 0)
        TRY(sql_list(ctx, SQL_PICK_TASK_PAGE_LOCATION, there, COUNT_OF(there),
                     &rows));
    else
        TRY(sql_list(ctx, SQL_PICK_TASK_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct pick_task, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_task(&rows, i, &(*ret)[i]);
    return OK;
}

err_t pick_task_add(struct ctx *ctx, const struct pick_task *rows, size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * TASK_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * TASK_PARAMS];
        at[0] = sql_i(rows[i].id.v);
        at[1] = sql_i(rows[i].location.v);
        at[2] = sql_i(rows[i].mode);
        at[3] = sql_s(rows[i].zone);
        at[4] = sql_s(rows[i].tote);
        at[5] = sql_i(rows[i].wave.v);
        at[6] = sql_i(rows[i].created_at);
        at[7] = sql_i(rows[i].updated_at);
    }
    return sql_run_many(ctx, SQL_PICK_TASK_ADD, args, TASK_PARAMS, count, NULL);
}

err_t pick_task_save(struct ctx *ctx, struct pick_task *row)
{
    struct sql_arg args[] = {
        sql_i(row->state),
        sql_s(row->tote),
        sql_i(row->assignee.kind),
        sql_i(row->assignee.id),
        sql_i_or_null(row->started_at),
        sql_i_or_null(row->ended_at),
        sql_i(ctx->now),
        sql_i(row->id.v),
        sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_PICK_TASK_SAVE, args, COUNT_OF(args), &changed));
    row->version++;
    row->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

/* ---- lines ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct pick_line *x = a, *y = b;
    if (x->task.v != y->task.v)
        return x->task.v < y->task.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

/* By what they walk for. */
static int compare_aims(const struct pick_line *x, const struct pick_line *y)
{
    if (x->fo.v != y->fo.v)
        return x->fo.v < y->fo.v ? -1 : 1;
    if (x->fo_n != y->fo_n)
        return x->fo_n < y->fo_n ? -1 : 1;
    return (x->sku.v > y->sku.v) - (x->sku.v < y->sku.v);
}

static int compare_walked(const void *a, const void *b)
{
    const struct pick_walked *x = a, *y = b;
    int by = compare_aims(&x->line, &y->line);
    return by ? by : compare_lines(&x->line, &y->line);
}

static void read_line(const struct sql_rows *rows, size_t i,
                      struct pick_line *ret)
{
    *ret = (struct pick_line){
        .task = {sql_int(rows, i, 0)},
        .n = sql_int(rows, i, 1),
        .fo = {sql_int(rows, i, 2)},
        .fo_n = sql_int(rows, i, 3),
        .order = {sql_int(rows, i, 4)},
        .sku = {sql_int(rows, i, 5)},
        .lot = {sql_int(rows, i, 6)},
        .per = sql_int(rows, i, 7),
        .qty = sql_int(rows, i, 8),
        .picked = sql_int(rows, i, 9),
        .missing = sql_int(rows, i, 10),
        .reason = sql_str(rows, i, 11),
        .bin = sql_str(rows, i, 12),
        .zone = sql_str(rows, i, 13),
        .tote = sql_str(rows, i, 14),
    };
}

err_t pick_line_list(struct ctx *ctx, const pick_task_id *ids, size_t count,
                     struct pick_line **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_PICK_LINE_LIST, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct pick_line, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_line(&rows, i, &(*ret)[i]);
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, compare_lines);
    return OK;
}

err_t pick_line_list_fos(struct ctx *ctx, const fulfillment_order_id *ids,
                         size_t count, struct pick_walked **ret,
                         size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_PICK_LINE_LIST_FO, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct pick_walked, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct pick_walked *at = &(*ret)[i];
        read_line(&rows, i, &at->line);
        at->state = (enum pick_state)sql_int(&rows, i, 15);
        at->line.location.v = sql_int(&rows, i, 16);
    }
    if (rows.count > 1)
        qsort(*ret, rows.count, sizeof **ret, compare_walked);
    return OK;
}

struct pick_run pick_run_of(struct pick_walked *lines, size_t count,
                            fulfillment_order_id fo, int64_t fo_n, sku_id sku)
{
    const struct pick_line aim = {.fo = fo, .fo_n = fo_n, .sku = sku};
    size_t low = 0, high = count, n = 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_aims(&lines[mid].line, &aim) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + n < count && compare_aims(&lines[low + n].line, &aim) == 0)
        n++;
    return (struct pick_run){count > 0 ? lines + low : NULL, n};
}

err_t pick_line_save(struct ctx *ctx, const struct pick_line *lines,
                     size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LINE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct pick_line *l = &lines[i];
        struct sql_arg *at = &args[i * LINE_PARAMS];
        at[0] = sql_i(l->task.v);
        at[1] = sql_i(l->n);
        at[2] = sql_i(l->fo.v);
        at[3] = sql_i(l->fo_n);
        at[4] = sql_i(l->order.v);
        at[5] = sql_i(l->sku.v);
        at[6] = sql_i(l->lot.v);
        at[7] = sql_i(l->per);
        at[8] = sql_i(l->qty);
        at[9] = sql_i(l->picked);
        at[10] = sql_i(l->missing);
        at[11] = sql_s(l->reason);
        at[12] = sql_s(l->bin);
        at[13] = sql_s(l->zone);
        at[14] = sql_s(l->tote);
    }
    return sql_run_many(ctx, SQL_PICK_LINE_SAVE, args, LINE_PARAMS, count,
                        NULL);
}

/* ---- units ---- */

static int compare_units(const void *a, const void *b)
{
    const struct pick_unit *x = a, *y = b;
    if (x->task.v != y->task.v)
        return x->task.v < y->task.v ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    if (x->lot.v != y->lot.v)
        return x->lot.v < y->lot.v ? -1 : 1;
    return str_compare(x->serial, y->serial);
}

static void read_units(struct ctx *ctx, const struct sql_rows *rows,
                       struct pick_unit **ret, size_t *ret_count)
{
    struct pick_unit *units =
        arena_array(ctx->arena, struct pick_unit, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        units[i] = (struct pick_unit){
            .task = {sql_int(rows, i, 0)},
            .n = sql_int(rows, i, 1),
            .lot = {sql_int(rows, i, 2)},
            .serial = sql_str(rows, i, 3),
            .fo = {sql_int(rows, i, 4)},
            .fo_n = sql_int(rows, i, 5),
            .sku = {sql_int(rows, i, 6)},
            .location = {sql_int(rows, i, 7)},
            .qty = sql_int(rows, i, 8),
            .gone = sql_int(rows, i, 9),
        };
    if (rows->count > 1)
        qsort(units, rows->count, sizeof *units, compare_units);
    *ret = units;
    *ret_count = rows->count;
}

err_t pick_unit_list(struct ctx *ctx, const pick_task_id *ids, size_t count,
                     struct pick_unit **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_PICK_UNIT_LIST, keys, count, &rows));
    read_units(ctx, &rows, ret, ret_count);
    return OK;
}

err_t pick_unit_list_fo(struct ctx *ctx, fulfillment_order_id fo,
                        struct pick_unit **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(fo.v)};
    TRY(sql_list(ctx, SQL_PICK_UNIT_LIST_FO, args, COUNT_OF(args), &rows));
    read_units(ctx, &rows, ret, ret_count);
    return OK;
}

err_t pick_unit_save(struct ctx *ctx, const struct pick_unit *units,
                     size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * UNIT_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * UNIT_PARAMS];
        at[0] = sql_i(units[i].task.v);
        at[1] = sql_i(units[i].n);
        at[2] = sql_i(units[i].lot.v);
        at[3] = sql_s(units[i].serial);
        at[4] = sql_i(units[i].fo.v);
        at[5] = sql_i(units[i].fo_n);
        at[6] = sql_i(units[i].sku.v);
        at[7] = sql_i(units[i].location.v);
        at[8] = sql_i(units[i].qty);
        at[9] = sql_i(units[i].gone);
    }
    return sql_run_many(ctx, SQL_PICK_UNIT_SAVE, args, UNIT_PARAMS, count,
                        NULL);
}

err_t pick_claim_list(struct ctx *ctx, sku_id sku, location_id location,
                      struct pick_claim **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(sku.v), sql_i(location.v)};
    TRY(sql_list(ctx, SQL_PICK_CLAIM_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct pick_claim, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct pick_claim){.lot = {sql_int(&rows, i, 0)},
                                        .in_hand = sql_int(&rows, i, 1),
                                        .planned = sql_int(&rows, i, 2)};
    return OK;
}

err_t pick_serial_is_taken(struct ctx *ctx, sku_id sku, location_id location,
                           str serial, bool *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(sku.v), sql_i(location.v), sql_s(serial)};
    TRY(sql_list(ctx, SQL_PICK_SERIAL_TAKEN, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

/* ---- scans ---- */

err_t pick_scan_find(struct ctx *ctx, pick_task_id id, str scan_id,
                     bool *ret_found, int64_t *ret_hash)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_s(scan_id)};
    TRY(sql_list(ctx, SQL_PICK_SCAN_GET, args, COUNT_OF(args), &rows));
    *ret_found = rows.count > 0;
    *ret_hash = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}

err_t pick_scan_add(struct ctx *ctx, pick_task_id id, str scan_id, int64_t hash)
{
    struct sql_arg args[] = {sql_i(id.v), sql_s(scan_id), sql_i(hash)};
    return sql_run(ctx, SQL_PICK_SCAN_ADD, args, COUNT_OF(args), NULL);
}
