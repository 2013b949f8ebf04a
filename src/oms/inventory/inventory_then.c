/* inventory_then.c - a level as it was: its chain of movements walked back.
 *
 * "Then" is after the last movement whose time is not younger. Where a clock
 * was set back, times along the chain fall, too, and the later pass counts.
 */
#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_store.h"
#include "store/sql.h"

enum { PAGE = 20000 };

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

/* The policies then; *is_found is set where one was ever set. */
static err_t policies_at(struct ctx *ctx, struct stock_level *level, utc_ms at,
                         bool *is_found)
{
    char text[ID_TEXT_BYTES];
    str location = {text, id_to_text("loc", level->location.v, text)};
    struct sql_arg args[] = {sql_i(level->sku.v), sql_s(location), sql_i(at)};
    struct sql_rows safety, low;
    TRY(sql_list(ctx, SQL_LEVEL_SAFETY_AT, args, COUNT_OF(args), &safety));
    TRY(sql_list(ctx, SQL_LEVEL_LOW_AT, args, COUNT_OF(args), &low));
    level->safety_stock = safety.count > 0 ? sql_int(&safety, 0, 0) : 0;
    level->low_stock = LOW_NEVER;
    if (low.count > 0 && !sql_is_null(&low, 0, 0))
        level->low_stock = sql_int(&low, 0, 0);
    *is_found |= safety.count > 0;
    return OK;
}

err_t level_get_at(struct ctx *ctx, const struct level_key *key, utc_ms at,
                   struct stock_level *ret)
{
    struct stock_level level;
    bool is_found = false;
    TRY(level_get(ctx, key->sku, key->location, &level));
    int64_t next = level.last_movement_id;
    while (next != 0 && !is_found) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(undo_page(ctx, &level, at, &next, &is_found));
        arena_reset_to(ctx->arena, mark);
    }
    TRY(policies_at(ctx, &level, at, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_NOT_FOUND, "not_known_yet", "at",
                       "nothing of this SKU was at this location yet");
    *ret = level;
    return OK;
}
