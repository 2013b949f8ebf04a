/* fulfillment_pick_page.c - what pick tasks are shown with, in set reads. */
#include "oms/fulfillment/fulfillment_pick_page.h"

#include "base/arena.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "store/sql.h"

static err_t read_texts(struct ctx *ctx, struct pick_page *p)
{
    struct order_line_text *texts;
    struct production *making;
    size_t count;
    struct order_line_key *keys =
        arena_array(ctx->arena, struct order_line_key, p->line_count);
    struct production_line *lines =
        arena_array(ctx->arena, struct production_line, p->line_count);
    for (size_t i = 0; i < p->line_count; i++) {
        const struct pick_line *line = &p->lines[i];
        keys[i] = (struct order_line_key){line->order, line->fo_n};
        lines[i] = (struct production_line){line->order, line->fo_n, {0}};
    }
    TRY(order_line_texts(ctx, keys, p->line_count, &texts, &count));
    p->texts = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(
            p->texts,
            (struct map_key){.a = texts[i].key.order.v, .b = texts[i].key.n},
            &texts[i]);
    TRY(production_list(ctx, lines, p->line_count, &making, &count));
    p->making = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(p->making,
                (struct map_key){.a = making[i].order.v, .b = making[i].n},
                &making[i]);
    return OK;
}

static err_t read_lots(struct ctx *ctx, struct pick_page *p)
{
    struct lot_name *names;
    size_t n = 0, count;
    lot_id *ids =
        arena_array(ctx->arena, lot_id, p->line_count + p->unit_count);
    for (size_t i = 0; i < p->line_count; i++)
        ids[n++] = p->lines[i].lot;
    for (size_t i = 0; i < p->unit_count; i++)
        ids[n++] = p->units[i].lot;
    TRY(inventory_lot_names(ctx, ids, n, &names, &count));
    p->lots = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(p->lots, (struct map_key){.a = names[i].lot.v}, &names[i]);
    return OK;
}

static err_t read_deadlines(struct ctx *ctx, struct pick_page *p,
                            const pick_task_id *ids)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, p->count);
    for (size_t i = 0; i < p->count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_PICK_TASK_DEADLINE, keys, p->count, &rows));
    utc_ms *at = arena_array(ctx->arena, utc_ms, rows.count);
    p->deadlines = map_open(ctx->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        at[i] = sql_int(&rows, i, 1);
        map_set(p->deadlines, (struct map_key){.a = sql_int(&rows, i, 0)},
                &at[i]);
    }
    return OK;
}

utc_ms pick_deadline_of(const struct pick_page *page, pick_task_id task)
{
    const utc_ms *at = map_find(page->deadlines, (struct map_key){.a = task.v});
    return at ? *at : 0;
}

static pick_task_id *ids_of(struct ctx *ctx, const struct pick_page *p)
{
    pick_task_id *ids = arena_array(ctx->arena, pick_task_id, p->count);
    for (size_t i = 0; i < p->count; i++)
        ids[i] = p->tasks[i].id;
    return ids;
}

err_t pick_page_read_heads(struct ctx *ctx, struct pick_page *p)
{
    pick_task_id *ids = ids_of(ctx, p);
    location_id *places = arena_array(ctx->arena, location_id, p->count);
    for (size_t i = 0; i < p->count; i++)
        places[i] = p->tasks[i].location;
    TRY(pick_line_list(ctx, ids, p->count, &p->lines, &p->line_count));
    TRY(codes_of_locations(ctx, places, p->count, &p->codes));
    return read_deadlines(ctx, p, ids);
}

err_t pick_page_read(struct ctx *ctx, struct pick_page *p)
{
    struct sku_handling *handling;
    size_t count;
    TRY(pick_page_read_heads(ctx, p));
    TRY(pick_unit_list(ctx, ids_of(ctx, p), p->count, &p->units,
                       &p->unit_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, p->line_count);
    for (size_t i = 0; i < p->line_count; i++)
        skus[i] = p->lines[i].sku;
    TRY(codes_of_skus(ctx, skus, p->line_count, &p->codes));
    TRY(sku_list_handling(ctx, skus, p->line_count, &handling, &count));
    p->handling = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(p->handling, (struct map_key){.a = handling[i].id.v},
                &handling[i]);
    TRY(read_texts(ctx, p));
    return read_lots(ctx, p);
}
