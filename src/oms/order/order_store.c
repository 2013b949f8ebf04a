/* order_store.c - orders and lines as rows. */
#include "oms/order/order_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory.h"
#include "oms/order/order_exists.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_worth.h"
#include "store/sql.h"

int order_key_bucket(struct arena *arena, const struct order_key *key)
{
    return str_bucket(str_printf(arena, "%.*s\n%.*s",
                                 STR_ARG(key->channel_code),
                                 STR_ARG(key->external_id)));
}

err_t order_find_many(struct ctx *ctx, const struct order_key *keys,
                      size_t count, struct order_known **ret, size_t *ret_count)
{
    enum { PARAMS = 3 };
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(order_key_bucket(ctx->arena, &keys[i]));
        args[i * PARAMS + 1] = sql_i(keys[i].channel.v);
        args[i * PARAMS + 2] = sql_s(keys[i].external_id);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_ORDER_FIND_EXTERNAL, args, PARAMS, count,
                      &rows));
    struct order_known *known =
        arena_array(ctx->arena, struct order_known, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        known[i] = (struct order_known){{sql_int(&rows, i, 0)},
                                        {sql_int(&rows, i, 1)},
                                        sql_str(&rows, i, 2),
                                        sql_int(&rows, i, 3)};
    *ret = known;
    *ret_count = rows.count;
    return OK;
}

static struct sql_arg *put_order(struct sql_arg *at, const struct order *order)
{
    *at++ = sql_i(order->id.v);
    *at++ = sql_i(id_bucket(order->id.v));
    *at++ = sql_i(order->channel.v);
    *at++ = sql_s(order->external_id);
    *at++ = sql_s(order->number);
    *at++ = sql_i(order->status);
    *at++ = sql_i(order->version);
    *at++ = sql_i(order->origin);
    *at++ = sql_s(str_from_cstr(order->currency));
    *at++ = sql_i(order->tax_mode);
    *at++ = sql_i(order->totals.lines);
    *at++ = sql_i(order->totals.discount);
    *at++ = sql_i(order->totals.shipping);
    *at++ = sql_i(order->totals.fees);
    *at++ = sql_i(order->totals.tax);
    *at++ = sql_i(order->totals.total);
    *at++ = sql_i(order->body_hash);
    *at++ = sql_i(order->placed_at);
    *at++ = sql_i(order->updated_at);
    *at++ = sql_i(order->is_history);
    *at++ = sql_s_or_null(order->history_buyer);
    *at++ = sql_s(order->doc);
    return at;
}

err_t order_insert_many(struct ctx *ctx, const struct order *const *orders,
                        size_t count)
{
    enum { PARAMS = 22 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        at = put_order(at, orders[i]);
    ASSERT(at == args + count * PARAMS);
    int64_t changed;
    TRY(sql_run_many(ctx, SQL_ORDER_INSERT, args, PARAMS, count, &changed));
    if (changed != (int64_t)count)
        return fail(ctx, ERR_RETRY, "external_id",
                    "another writer placed the order");
    return OK;
}

/* Where an untracked line is allocated, which no reservation says. */
static int64_t untracked_at(const struct order *order, int64_t n)
{
    for (size_t i = 0; i < order->allocation_count; i++)
        if (order->allocations[i].n == n)
            return order->allocations[i].location.v;
    return 0;
}

static struct sql_arg *put_line(struct sql_arg *at, const struct order *order,
                                const struct order_line *line)
{
    *at++ = sql_i(order->id.v);
    *at++ = sql_i(line->n);
    *at++ = sql_i(id_bucket(order->id.v));
    *at++ = sql_i(line->sku.v);
    *at++ = sql_s(line->sku_code);
    *at++ = sql_s(line->title);
    *at++ = line->is_tracked ? sql_null() : sql_i(untracked_at(order, line->n));
    *at++ = sql_i(line->ordered);
    *at++ = sql_i(line->unallocated);
    *at++ = sql_i(line->backordered);
    *at++ = sql_i(line->allocated);
    *at++ = sql_i(line->shipped);
    *at++ = sql_i(line->unit_price);
    *at++ = sql_i(line->discount);
    *at++ = sql_i(line->tax);
    *at++ = sql_i(line->total);
    *at++ = sql_s(line->doc);
    *at++ = sql_i(line->part_count > 0);
    return at;
}

err_t order_line_insert_many(struct ctx *ctx, const struct order *const *orders,
                             size_t count)
{
    enum { PARAMS = 18 };
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += orders[i]->line_count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, lines * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < orders[i]->line_count; j++)
            at = put_line(at, orders[i], &orders[i]->lines[j]);
    ASSERT(at == args + lines * PARAMS);
    return sql_run_many(ctx, SQL_ORDER_LINE_INSERT, args, PARAMS, lines, NULL);
}

static void get_currency(const struct sql_rows *rows, size_t row, size_t column,
                         char ret[4])
{
    str text = sql_str(rows, row, column);
    ASSERT(text.len == 3);
    memcpy(ret, text.ptr, 3);
    ret[3] = '\0';
}

static void get_order(const struct sql_rows *rows, struct order *ret)
{
    size_t at = 0;
    ret->id.v = sql_int(rows, 0, at++);
    ret->channel.v = sql_int(rows, 0, at++);
    ret->external_id = sql_str(rows, 0, at++);
    ret->number = sql_str(rows, 0, at++);
    ret->status = (enum order_status)sql_int(rows, 0, at++);
    ret->version = sql_int(rows, 0, at++);
    ret->origin = (enum order_origin)sql_int(rows, 0, at++);
    get_currency(rows, 0, at++, ret->currency);
    ret->tax_mode = (enum tax_mode)sql_int(rows, 0, at++);
    ret->totals.lines = sql_int(rows, 0, at++);
    ret->totals.discount = sql_int(rows, 0, at++);
    ret->totals.shipping = sql_int(rows, 0, at++);
    ret->totals.fees = sql_int(rows, 0, at++);
    ret->totals.tax = sql_int(rows, 0, at++);
    ret->totals.total = sql_int(rows, 0, at++);
    ret->body_hash = sql_int(rows, 0, at++);
    ret->placed_at = sql_int(rows, 0, at++);
    ret->updated_at = sql_int(rows, 0, at++);
    ret->is_history = sql_int(rows, 0, at++) != 0;
    ret->fulfil_flags = sql_int(rows, 0, at++);
    ret->delivery_flags = sql_int(rows, 0, at++);
    ret->pay.pending = sql_int(rows, 0, at++);
    ret->pay.authorized = sql_int(rows, 0, at++);
    ret->pay.captured = sql_int(rows, 0, at++);
    ret->pay.refunded = sql_int(rows, 0, at++);
    ret->pay.disputed = sql_int(rows, 0, at++);
    ret->doc = sql_str(rows, 0, at++);
    at += 2; /* See get_charges. */
    ret->fees_off = sql_int(rows, 0, at++);
    ret->fees_tax_off = sql_int(rows, 0, at++);
    ret->allowance_now = sql_int(rows, 0, at++);
    ret->return_flags = sql_int(rows, 0, at++);
}

/* NULL is "as placed". */
static int64_t now_or(const struct sql_rows *rows, size_t row, size_t column,
                      int64_t placed)
{
    return sql_is_null(rows, row, column) ? placed : sql_int(rows, row, column);
}

static struct sql_arg now_arg(int64_t now, int64_t placed)
{
    return now == placed ? sql_null() : sql_i(now);
}

/* Once its lines are known. */
static void get_charges(const struct sql_rows *rows, struct order *order)
{
    enum { CHARGES = 27 };
    order->charges_now = now_or(rows, 0, CHARGES, order_charges(order));
    order->charges_tax_now =
        now_or(rows, 0, CHARGES + 1, order_charges_tax(order));
}

static void get_line(const struct sql_rows *rows, size_t row,
                     struct order_line *ret)
{
    size_t at = 0;
    ret->n = sql_int(rows, row, at++);
    ret->sku.v = sql_int(rows, row, at++);
    ret->sku_code = sql_str(rows, row, at++);
    ret->title = sql_str(rows, row, at++);
    ret->is_tracked = sql_is_null(rows, row, at);
    ret->untracked_at.v = ret->is_tracked ? 0 : sql_int(rows, row, at);
    at++;
    ret->ordered = sql_int(rows, row, at++);
    ret->cancelled = sql_int(rows, row, at++);
    ret->unallocated = sql_int(rows, row, at++);
    ret->backordered = sql_int(rows, row, at++);
    ret->allocated = sql_int(rows, row, at++);
    ret->picked = sql_int(rows, row, at++);
    ret->shipped = sql_int(rows, row, at++);
    ret->delivered = sql_int(rows, row, at++);
    ret->unit_price = sql_int(rows, row, at++);
    ret->discount = sql_int(rows, row, at++);
    ret->tax = sql_int(rows, row, at++);
    ret->total = sql_int(rows, row, at++);
    ret->doc = sql_str(rows, row, at++);
    at++;
    ret->discount_now = now_or(rows, row, at++, ret->discount);
    ret->tax_now = now_or(rows, row, at++, ret->tax);
    ret->total_now = now_or(rows, row, at++, ret->total);
    ret->return_requested = sql_int(rows, row, at++);
    ret->returned = sql_int(rows, row, at++);
    ret->written_off = sql_int(rows, row, at++);
    ret->added = now_or(rows, row, at++, 0);
    ret->unit_price_now = now_or(rows, row, at++, ret->unit_price);
    ret->base_units = sql_int(rows, row, at++);
    ret->base_total = sql_int(rows, row, at++);
}

static int compare_allocations(const void *a, const void *b)
{
    const struct order_allocation *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* Units of the line's own SKU; of a kit those of the first component, which
 * stands for all. */
static int64_t units_of(const struct order_line *line,
                        const struct reservation *row)
{
    bool is_other = line->part_count > 0 && row->sku.v != line->parts[0].sku.v;
    return is_other ? 0 : row->qty;
}

/* Rows of a kit may be torn anywhere: they are counted in kits together. */
static size_t count_kits(const struct order *order, struct order_allocation *at,
                         size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count;) {
        struct order_allocation sum = at[i++];
        const struct order_line *line = &order->lines[sum.n - 1];
        if (line->part_count == 0) {
            at[n++] = sum;
            continue;
        }
        for (; i < count && compare_allocations(&at[i], &sum) == 0; i++)
            sum.qty += at[i].qty;
        sum.qty /= line->parts[0].quantity;
        if (sum.qty > 0)
            at[n++] = sum;
    }
    return n;
}

err_t order_allocations_read(struct ctx *ctx, struct order *order)
{
    struct reservation *rows;
    size_t count, n = 0;
    TRY(inventory_reservations_list(ctx, order->id, &rows, &count));
    struct order_allocation *at = arena_array(
        ctx->arena, struct order_allocation, count + order->line_count);
    for (size_t i = 0; i < count; i++) {
        int64_t line = rows[i].owner_n;
        if (rows[i].state != RESERVATION_COMMITTED)
            continue;
        ASSERT(line >= 1 && line <= (int64_t)order->line_count);
        int64_t qty = units_of(&order->lines[line - 1], &rows[i]);
        if (qty > 0)
            at[n++] = (struct order_allocation){line, rows[i].location, qty};
    }
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        int64_t qty = line->allocated + line->picked;
        if (line->untracked_at.v != 0 && qty > 0)
            at[n++] =
                (struct order_allocation){line->n, line->untracked_at, qty};
    }
    if (n > 1)
        qsort(at, n, sizeof(*at), compare_allocations);
    order->allocations = at;
    order->allocation_count = count_kits(order, at, n);
    return OK;
}

static bool has_kits(const struct sql_rows *lines)
{
    enum { IS_KIT = 18 };
    for (size_t i = 0; i < lines->count; i++)
        if (sql_int(lines, i, IS_KIT))
            return true;
    return false;
}

static err_t get(struct ctx *ctx, int stmt, order_id id, struct order *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    struct sql_rows rows, head;
    struct order order = {0};
    struct channel channel;
    TRY(sql_list(ctx, stmt, args, 2, &head));
    if (head.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no order with this id");
    get_order(&head, &order);
    TRY(channel_get(ctx, order.channel, &channel));
    order.channel_code = channel.code;
    TRY(sql_list(ctx, SQL_ORDER_LINE_LIST, args, 2, &rows));
    order.lines = arena_array(ctx->arena, struct order_line, rows.count);
    order.line_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        get_line(&rows, i, &order.lines[i]);
        if (order.is_history)
            order.lines[i].delivered = order.lines[i].shipped;
    }
    get_charges(&head, &order);
    if (has_kits(&rows))
        TRY(order_part_read(ctx, &order));
    TRY(order_allocations_read(ctx, &order));
    *ret = order;
    return OK;
}

err_t order_get(struct ctx *ctx, order_id id, struct order *ret)
{
    return get(ctx, SQL_ORDER_GET, id, ret);
}

err_t order_find(struct ctx *ctx, const struct order_cmd *same_key,
                 struct order *ret)
{
    struct channel channel;
    bool is_found;
    TRY(channel_find(ctx, same_key->channel, &channel, &is_found));
    if (is_found) {
        struct order_key key = {channel.id, same_key->channel,
                                same_key->external_id};
        struct order_known *known;
        size_t count;
        TRY(order_find_many(ctx, &key, 1, &known, &count));
        if (count > 0)
            return order_get(ctx, known[0].id, ret);
    }
    return fail(ctx, ERR_NOT_FOUND, "external_id",
                "the channel has no order with this external id");
}

err_t order_lock(struct ctx *ctx, order_id id, struct order *ret)
{
    ASSERT(ctx->tx);
    return get(ctx, SQL_ORDER_LOCK, id, ret);
}

err_t order_check_exists(struct ctx *ctx, order_id id)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_EXISTS, args, 2, &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no order with this id");
    return OK;
}

static err_t save_lines(struct ctx *ctx, const struct order *order)
{
    enum { PARAMS = 22 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, order->line_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        ASSERT(line->delivered <= line->shipped);
        ASSERT(line->return_requested >= 0 && order_line_returnable(line) >= 0);
        ASSERT(line->ordered - line->cancelled ==
               line->unallocated + line->backordered + line->allocated +
                   line->picked + line->shipped);
        *at++ = sql_i(line->cancelled);
        *at++ = sql_i(line->unallocated);
        *at++ = sql_i(line->backordered);
        *at++ = sql_i(line->allocated);
        *at++ = sql_i(line->picked);
        *at++ = sql_i(line->shipped);
        *at++ = sql_i(line->delivered);
        *at++ = line->is_tracked ? sql_null() : sql_i(line->untracked_at.v);
        *at++ = now_arg(line->discount_now, line->discount);
        *at++ = now_arg(line->tax_now, line->tax);
        *at++ = now_arg(line->total_now, line->total);
        *at++ = sql_i_or_null(line->return_requested);
        *at++ = sql_i_or_null(line->returned);
        *at++ = sql_i_or_null(line->written_off);
        *at++ = sql_i(line->ordered);
        *at++ = now_arg(line->added, 0);
        *at++ = now_arg(line->unit_price_now, line->unit_price);
        *at++ = sql_i_or_null(line->base_units);
        *at++ = line->base_units ? sql_i(line->base_total) : sql_null();
        *at++ = sql_i(id_bucket(order->id.v));
        *at++ = sql_i(order->id.v);
        *at++ = sql_i(line->n);
    }
    return sql_run_many(ctx, SQL_ORDER_LINE_SAVE, args, PARAMS,
                        order->line_count, NULL);
}

err_t order_save(struct ctx *ctx, const struct order *order)
{
    ASSERT(order->version > 1 && order->status != ORDER_STATUS_NONE);
    struct sql_arg args[] = {
        sql_i(order->status),
        sql_i(order->version),
        sql_i(ctx->now),
        sql_i(order->fulfil_flags),
        sql_i(order->delivery_flags),
        now_arg(order->charges_now, order_charges(order)),
        now_arg(order->charges_tax_now, order_charges_tax(order)),
        sql_i_or_null(order->fees_off),
        sql_i_or_null(order->fees_tax_off),
        sql_i_or_null(order->allowance_now),
        sql_i_or_null(order->return_flags),
        sql_i(id_bucket(order->id.v)),
        sql_i(order->id.v)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_ORDER_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the order was changed");
    return save_lines(ctx, order);
}
