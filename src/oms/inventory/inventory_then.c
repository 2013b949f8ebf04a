/* inventory_then.c - a level as it was: its chain of movements walked back.
 *
 * "Then" is after the last movement whose time is not younger. Where a clock
 * was set back, times along the chain fall, too, and the later pass counts.
 * The walk begins at the mark that follows; marks are the whole of a level,
 * written with the level every so often, and with each change of its policies.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_verify.h"
#include "store/sql.h"

enum { PAGE = 20000, MARK_VERSIONS = 256, MARK_MOVES = 256 };

/* ---- marks ---- */

static bool is_due(const struct stock_touched *at)
{
    const struct stock_level *level = at->level;
    return (level->version + 1) % MARK_VERSIONS == 0 ||
           at->memo->moves >= MARK_MOVES ||
           level->safety_stock != at->memo->safety_stock ||
           level->low_stock != at->memo->low_stock;
}

static void put_mark(struct ctx *ctx, const struct stock_level *level,
                     struct sql_arg *ret)
{
    ret[0] = sql_i(id_bucket(level->sku.v));
    ret[1] = sql_i(level->sku.v);
    ret[2] = sql_i(level->location.v);
    ret[3] = sql_i(level->version + 1);
    ret[4] = sql_i(ctx->now);
    ret[5] = sql_i(level->last_movement_id);
    ret[6] = sql_i(level->on_hand + level->delta_on_hand);
    ret[7] = sql_i(stock_bucket_qty(level, STOCK_COMMITTED));
    ret[8] = sql_i(stock_bucket_qty(level, STOCK_RESERVED));
    ret[9] = sql_i(stock_bucket_qty(level, STOCK_DAMAGED));
    ret[10] = sql_i(stock_bucket_qty(level, STOCK_QUALITY_CONTROL));
    ret[11] = sql_i(stock_bucket_qty(level, STOCK_HELD));
    ret[12] = sql_i(level->safety_stock);
    ret[13] =
        level->low_stock == LOW_NEVER ? sql_null() : sql_i(level->low_stock);
}

err_t stock_mark(struct ctx *ctx, const struct stock *stock)
{
    enum { PARAMS = 14 };
    struct sql_arg *args = NULL;
    size_t n = 0;
    for (size_t i = 0; i < stock->touched_count; i++) {
        if (!is_due(&stock->touched[i]))
            continue;
        if (!args)
            args = arena_array(ctx->arena, struct sql_arg,
                               stock->touched_count * PARAMS);
        put_mark(ctx, stock->touched[i].level, &args[n++ * PARAMS]);
    }
    if (n == 0)
        return OK;
    return sql_run_many(ctx, SQL_LEVEL_MARK_ADD, args, PARAMS, n, NULL);
}

/* ---- back ---- */

/* Takes off what a page of movements did; *next is 0 after the last. */
static err_t undo_page(struct ctx *ctx, struct stock_level *level, utc_ms at,
                       int64_t *next, bool *is_found)
{
    struct sql_rows rows;
    struct sql_arg args[] = {
        sql_i(id_bucket(level->sku.v)), sql_i(*next), sql_i(level->sku.v),
        sql_i(level->location.v),       sql_i(at),    sql_i(PAGE)};
    TRY(sql_list(ctx, SQL_MOVEMENT_UNDO, args, COUNT_OF(args), &rows));
    ASSERT(rows.count == 1);
    *next = sql_int(&rows, 0, 0);
    *is_found = sql_int(&rows, 0, 1) > 0;
    level->on_hand -= sql_int(&rows, 0, 2);
    level->committed -= sql_int(&rows, 0, 3);
    level->reserved -= sql_int(&rows, 0, 4);
    level->damaged -= sql_int(&rows, 0, 5);
    level->quality_control -= sql_int(&rows, 0, 6);
    level->held -= sql_int(&rows, 0, 7);
    return OK;
}

static err_t find_mark(struct ctx *ctx, int stmt, const struct level_key *key,
                       int64_t bound, struct stock_level *ret, bool *is_found)
{
    struct sql_arg args[] = {sql_i(id_bucket(key->sku.v)), sql_i(key->sku.v),
                             sql_i(key->location.v), sql_i(bound)};
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    *is_found = rows.count > 0;
    if (*is_found)
        level_read(&rows, 0, ret);
    return OK;
}

/* The state nearest after `at` to walk back from, with the policies then. */
static err_t find_start(struct ctx *ctx, const struct level_key *key, utc_ms at,
                        struct stock_level *ret, bool *is_known)
{
    struct stock_level by = {.low_stock = LOW_NEVER}, level;
    bool is_next = false;
    TRY(level_get(ctx, key->sku, key->location, &level));
    TRY(find_mark(ctx, SQL_LEVEL_MARK_BY, key, at, &by, is_known));
    TRY(find_mark(ctx, SQL_LEVEL_MARK_NEXT, key, by.version, &level, &is_next));
    level.safety_stock = by.safety_stock;
    level.low_stock = by.low_stock;
    *ret = level;
    return OK;
}

err_t level_get_at(struct ctx *ctx, const struct level_key *key, utc_ms at,
                   struct stock_level *ret)
{
    struct stock_level level;
    bool is_known = false, is_found = false;
    TRY(find_start(ctx, key, at, &level, &is_known));
    int64_t next = level.last_movement_id;
    while (next != 0 && !is_found) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(undo_page(ctx, &level, at, &next, &is_found));
        arena_reset_to(ctx->arena, mark);
    }
    if (!is_found && !is_known)
        return fail_as(ctx, ERR_NOT_FOUND, "not_known_yet", "at",
                       "nothing of this SKU was at this location yet");
    *ret = level;
    return OK;
}

/* ---- verify ---- */

/* What a mark says beside the state before it and the movements since. */
static err_t check_mark(struct ctx *ctx, const struct stock_level *before,
                        const struct stock_level *mark, bool *is_right)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(mark->sku.v)),
                             sql_i(mark->last_movement_id),
                             sql_i(before->last_movement_id)};
    int64_t did[6] = {0};
    if (mark->last_movement_id != before->last_movement_id) {
        TRY(sql_list(ctx, SQL_VERIFY_MARK_WALK, args, COUNT_OF(args), &rows));
        for (size_t i = 0; i < COUNT_OF(did); i++)
            did[i] = sql_int(&rows, 0, i);
    }
    *is_right = before->on_hand + did[0] == mark->on_hand &&
                before->committed + did[1] == mark->committed &&
                before->reserved + did[2] == mark->reserved &&
                before->damaged + did[3] == mark->damaged &&
                before->quality_control + did[4] == mark->quality_control &&
                before->held + did[5] == mark->held;
    return OK;
}

static err_t list_marks(struct ctx *ctx, const struct stock_level *after,
                        struct sql_rows *ret)
{
    struct sql_arg args[] = {sql_i(after->sku.v), sql_i(after->location.v),
                             sql_i(after->version), sql_i(LIMIT_PAGE)};
    return sql_list(ctx, SQL_VERIFY_MARKS, args, COUNT_OF(args), ret);
}

err_t verify_level_marks(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct stock_level last = {.sku = {0}};
    size_t count = LIMIT_PAGE;
    while (count == LIMIT_PAGE) {
        struct arena_mark top = arena_mark(ctx->arena);
        struct sql_rows rows;
        TRY(list_marks(ctx, &last, &rows));
        count = rows.count;
        for (size_t i = 0; i < count; i++) {
            struct stock_level mark, none = {.sku = {0}};
            bool is_right;
            level_read(&rows, i, &mark);
            bool is_next =
                mark.sku.v == last.sku.v && mark.location.v == last.location.v;
            TRY(check_mark(ctx, is_next ? &last : &none, &mark, &is_right));
            char text[ID_TEXT_BYTES];
            str row = {text, id_to_text("sku", mark.sku.v, text)};
            if (!is_right)
                report(arg, "I3", row,
                       STR("a mark is not the movements up to it"));
            last = mark;
        }
        arena_reset_to(ctx->arena, top);
    }
    return OK;
}
