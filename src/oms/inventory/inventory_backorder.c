/* inventory_backorder.c - keeps what orders wait for, and its sum by SKU.
 *
 * What an order waits for is compared with what is kept of it, and the sum
 * moves by the difference. Two do this: the consumer that follows orders, and
 * who serves them. So what is kept is read before the orders are, each row is
 * written only as it was read, and the sums are moved, not set.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_backorder_sql.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/inventory/inventory_wait_int.h"
#include "store/sql.h"

enum { LINE_PARAMS = 6, CHANGE_PARAMS = 7, DROP_PARAMS = 3 };

struct line {
    int64_t order, n;
    int64_t sku, now, rank, channel;
    int64_t old_sku, was, old_rank;
};
struct sum {
    int64_t sku, by;
};

struct backorder_book {
    struct line *lines;
    size_t count, room;
    struct map *by_key; /* (order, n): struct line. */
    struct sum *sums;
    size_t sum_count;
    struct map *by_sku;
};

static struct line *line_find(const struct backorder_book *book, int64_t order,
                              int64_t n)
{
    return map_find(book->by_key, (struct map_key){.a = order, .b = n});
}

static struct line *line_add(struct backorder_book *book, int64_t order,
                             int64_t n)
{
    ASSERT(book->count < book->room);
    struct line *line = &book->lines[book->count++];
    *line = (struct line){.order = order, .n = n};
    map_set(book->by_key, (struct map_key){.a = order, .b = n}, line);
    return line;
}

err_t backorder_open(struct ctx *ctx, const order_id *orders, size_t count,
                     struct backorder_book **ret)
{
    struct backorder_book *book = arena_new(ctx->arena, struct backorder_book);
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i].v);
    TRY(sql_list_distinct(ctx, SQL_BACKORDER_LINE_LIST, keys, count, &rows));
    book->room = rows.count;
    book->lines = arena_array(ctx->arena, struct line, rows.count);
    book->by_key = map_open(ctx->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct line *line =
            line_add(book, sql_int(&rows, i, 0), sql_int(&rows, i, 1));
        line->sku = line->old_sku = sql_int(&rows, i, 2);
        line->was = sql_int(&rows, i, 3);
        line->rank = line->old_rank = sql_int(&rows, i, 4);
        line->channel = sql_int(&rows, i, 5);
    }
    *ret = book;
    return OK;
}

/* Room for lines that were not kept yet. */
static void grow(struct ctx *ctx, struct backorder_book *book, size_t count)
{
    struct line *more =
        arena_array(ctx->arena, struct line, book->count + count);
    book->room = book->count + count;
    if (book->count > 0)
        memcpy(more, book->lines, book->count * sizeof *more);
    book->lines = more;
    book->by_key = map_open(ctx->arena, book->room);
    for (size_t i = 0; i < book->count; i++)
        map_set(book->by_key,
                (struct map_key){.a = more[i].order, .b = more[i].n}, &more[i]);
    book->sums = arena_array(ctx->arena, struct sum, book->room * 2);
    book->by_sku = map_open(ctx->arena, book->room * 2);
}

static void add_to(struct backorder_book *book, int64_t sku, int64_t by)
{
    struct sum *sum = map_find(book->by_sku, (struct map_key){.a = sku});
    if (!sum) {
        sum = &book->sums[book->sum_count++];
        *sum = (struct sum){.sku = sku};
        map_set(book->by_sku, (struct map_key){.a = sku}, sum);
    }
    sum->by += by;
}

static bool is_changed(const struct line *line)
{
    return line->now != line->was || line->rank != line->old_rank ||
           (line->now > 0 && line->sku != line->old_sku);
}

static struct wait_turn turn_of(const struct line *line, enum wait_kind kind,
                                int64_t sku, int64_t rank)
{
    return (struct wait_turn){
        kind, {sku     },
         0, { rank, {line->order}, line->n}
    };
}

/* Every queue that changed is walked again from there on: pegged, and served
 * where more is wanted. Before the lines are written: who walks a queue holds
 * its turn and then writes lines. */
static err_t wake(struct ctx *ctx, const struct backorder_book *book)
{
    struct wait_turn *turns =
        arena_array(ctx->arena, struct wait_turn, book->count * 3);
    size_t n = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct line *line = &book->lines[i];
        bool is_more = line->now > line->was || line->sku != line->old_sku ||
                       line->rank != line->old_rank;
        if (!is_changed(line))
            continue;
        if (line->old_sku)
            turns[n++] = turn_of(line, WAIT_PEG, line->old_sku, line->old_rank);
        if (line->now == 0)
            continue;
        turns[n++] = turn_of(line, WAIT_PEG, line->sku, line->rank);
        if (is_more)
            turns[n++] = turn_of(line, WAIT_SERVE, line->sku, line->rank);
    }
    return wait_wake(ctx, turns, n);
}

/* The parameter rows of one statement. */
struct line_rows {
    struct sql_arg *args;
    size_t params, count;
};

static struct sql_arg *next_row(struct line_rows *rows)
{
    return &rows->args[rows->count++ * rows->params];
}

static void put_line(const struct line *line, struct line_rows *adds,
                     struct line_rows *changes, struct line_rows *drops)
{
    struct sql_arg *at;
    if (line->now == 0) {
        at = next_row(drops);
        at[0] = sql_i(line->order);
        at[1] = sql_i(line->n);
        at[2] = sql_i(line->was);
        return;
    }
    at = next_row(line->was ? changes : adds);
    at[0] = sql_i(line->sku);
    at[1] = sql_i(line->now);
    at[2] = sql_i(line->rank);
    at[3] = sql_i(line->channel);
    at[4] = sql_i(line->order);
    at[5] = sql_i(line->n);
    if (line->was)
        at[6] = sql_i(line->was);
}

static err_t run_rows(struct ctx *ctx, int stmt, const struct line_rows *rows)
{
    int64_t changed;
    if (rows->count == 0)
        return OK;
    TRY(sql_run_many(ctx, stmt, rows->args, rows->params, rows->count,
                     &changed));
    return changed == (int64_t)rows->count ? OK : ERR_RETRY;
}

static err_t save_lines(struct ctx *ctx, const struct backorder_book *book)
{
    struct line_rows adds = {.params = LINE_PARAMS};
    struct line_rows changes = {.params = CHANGE_PARAMS};
    struct line_rows drops = {.params = DROP_PARAMS};
    struct line_rows *all[] = {&adds, &changes, &drops};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        all[i]->args = arena_array(ctx->arena, struct sql_arg,
                                   book->count * all[i]->params);
    for (size_t i = 0; i < book->count; i++)
        if (is_changed(&book->lines[i]))
            put_line(&book->lines[i], &adds, &changes, &drops);
    TRY(run_rows(ctx, SQL_BACKORDER_LINE_ADD, &adds));
    TRY(run_rows(ctx, SQL_BACKORDER_LINE_CHANGE, &changes));
    return run_rows(ctx, SQL_BACKORDER_LINE_DROP, &drops);
}

static err_t save_sums(struct ctx *ctx, const struct backorder_book *book)
{
    struct line_rows opens = {
        .args = arena_array(ctx->arena, struct sql_arg, book->sum_count * 2),
        .params = 2};
    struct line_rows moves = {
        .args = arena_array(ctx->arena, struct sql_arg, book->sum_count * 2),
        .params = 2};
    for (size_t i = 0; i < book->sum_count; i++) {
        const struct sum *sum = &book->sums[i];
        if (sum->by == 0)
            continue;
        if (sum->by > 0) {
            struct sql_arg *open = next_row(&opens);
            open[0] = sql_i(sum->sku);
            open[1] = sql_i(id_bucket(sum->sku));
        }
        struct sql_arg *move = next_row(&moves);
        move[0] = sql_i(sum->by);
        move[1] = sql_i(sum->sku);
    }
    if (opens.count > 0)
        TRY(sql_run_many(ctx, SQL_BACKORDER_OPEN, opens.args, opens.params,
                         opens.count, NULL));
    return run_rows(ctx, SQL_BACKORDER_MOVE, &moves);
}

err_t backorder_follow(struct ctx *ctx, struct backorder_book *book,
                       const struct backorder *lines, size_t count)
{
    ASSERT(ctx->tx != NULL && book->sums == NULL);
    grow(ctx, book, count);
    for (size_t i = 0; i < count; i++) {
        struct line *line = line_find(book, lines[i].order.v, lines[i].n);
        if (!line)
            line = line_add(book, lines[i].order.v, lines[i].n);
        line->sku = lines[i].sku.v;
        line->now = lines[i].qty;
        line->rank = lines[i].rank;
        line->channel = lines[i].channel.v;
    }
    for (size_t i = 0; i < book->count; i++) {
        const struct line *line = &book->lines[i];
        if (!is_changed(line))
            continue;
        if (line->was > 0)
            add_to(book, line->old_sku, -line->was);
        if (line->now > 0)
            add_to(book, line->sku, line->now);
    }
    TRY(wake(ctx, book));
    TRY(save_lines(ctx, book));
    return save_sums(ctx, book);
}

err_t backorder_get(struct ctx *ctx, sku_id sku, int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(sku.v)};
    TRY(sql_list(ctx, SQL_BACKORDER_GET, args, COUNT_OF(args), &rows));
    *ret = rows.count == 1 ? sql_int(&rows, 0, 1) : 0;
    return OK;
}
