/* inventory_fulfil.c - committed units leave, get lost, move or come back.
 *
 * Only row ids count, never "the line": restoring by line has given units
 * back twice elsewhere. A row that ends in part is closed as moved and the
 * rest goes on in its successor.
 */
#include "oms/inventory/inventory_fulfil.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_units.h"
#include "store/sql.h"

enum { END_PARAMS = 6 };

/* What is done with the units. */
struct deed {
    const char *name;
    enum movement_type type;
    enum stock_bucket to;
    enum reservation_event end; /* Of a row that ends whole. */
};
static const struct deed release = {"released", MOVEMENT_RELEASE,
                                    STOCK_AVAILABLE, RESERVATION_EVENT_RELEASE};
static const struct deed ship = {"shipped", MOVEMENT_SHIP, STOCK_OUTSIDE,
                                 RESERVATION_EVENT_CONSUME};
static const struct deed lose = {"held", MOVEMENT_SHORT, STOCK_HELD,
                                 RESERVATION_EVENT_RELEASE};
static const struct deed relocate = {"moved", MOVEMENT_RELEASE, STOCK_AVAILABLE,
                                     RESERVATION_EVENT_MOVE};

/* A row that is named, and what of it. */
struct taken {
    const struct reservation *row;
    int64_t qty;
    reservation_id successor;
};

struct job {
    const struct stock_fulfil *cmd;
    const struct deed *deed;
    struct taken *taken;
    size_t taken_count;
    struct taken **of; /* Per part. */
    struct stock *stock;
    struct units *units;
};

static err_t check_row(struct ctx *ctx, const struct job *job,
                       const struct reservation *row)
{
    if (!row)
        return fail_as(ctx, ERR_NOT_FOUND, "reservation_unknown",
                       "reservations", "the order has no such reservation");
    if (row->kind != RESERVATION_COMMIT ||
        !reservation_next(row->state, job->deed->end))
        return fail(ctx, ERR_STATE, "reservations",
                    "a %s reservation cannot be %s",
                    reservation_state_name(row->state), job->deed->name);
    return OK;
}

static err_t find_rows(struct ctx *ctx, struct job *job)
{
    struct reservation *rows;
    size_t count;
    TRY(inventory_reservations_list(ctx, job->cmd->order, &rows, &count));
    struct map *by_id = map_open(ctx->arena, count);
    struct map *seen = map_open(ctx->arena, job->cmd->count);
    for (size_t i = 0; i < count; i++)
        map_set(by_id, (struct map_key){.a = rows[i].id.v}, &rows[i]);
    job->taken = arena_array(ctx->arena, struct taken, job->cmd->count);
    job->of = arena_array(ctx->arena, struct taken *, job->cmd->count);
    for (size_t i = 0; i < job->cmd->count; i++) {
        const struct stock_part *part = &job->cmd->parts[i];
        struct map_key key = {.a = part->id.v};
        const struct reservation *row = map_find(by_id, key);
        struct taken *taken = map_find(seen, key);
        TRY(check_row(ctx, job, row));
        if (!taken) {
            taken = &job->taken[job->taken_count++];
            *taken = (struct taken){.row = row};
            map_set(seen, key, taken);
        }
        if (part->qty <= 0 || part->qty > row->qty - taken->qty)
            return fail(ctx, ERR_STATE, "reservations",
                        "%lld of %lld committed units cannot be %s",
                        (long long)part->qty,
                        (long long)(row->qty - taken->qty), job->deed->name);
        taken->qty += part->qty;
        job->of[i] = taken;
    }
    return OK;
}

static err_t lock_levels(struct ctx *ctx, struct job *job)
{
    size_t n = 0, count = job->taken_count;
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    location_id *at =
        arena_array(ctx->arena, location_id, count + job->cmd->count);
    for (size_t i = 0; i < count; i++) {
        skus[i] = job->taken[i].row->sku;
        at[n++] = job->taken[i].row->location;
    }
    for (size_t i = 0; i < job->cmd->count; i++)
        if (job->cmd->parts[i].to.v != 0)
            at[n++] = job->cmd->parts[i].to;
    return stock_lock_at(ctx, skus, count, at, n, &job->stock);
}

/* Rows of lots and numbers, where these units go another way than a claim. */
static err_t open_units(struct ctx *ctx, struct job *job)
{
    if (job->deed->to == STOCK_AVAILABLE)
        return OK;
    struct unit_want *wants =
        arena_array(ctx->arena, struct unit_want, job->cmd->count);
    for (size_t i = 0; i < job->cmd->count; i++)
        wants[i] =
            (struct unit_want){job->of[i]->row->sku, job->of[i]->row->location,
                               &job->cmd->parts[i].names};
    return units_open(ctx, wants, job->cmd->count, &job->units);
}

static err_t take_level(struct ctx *ctx, const struct job *job,
                        const struct taken *taken, int64_t qty,
                        struct stock_level **ret)
{
    const struct reservation *row = taken->row;
    *ret = stock_level_find(job->stock, row->sku, row->location);
    if (!*ret || stock_bucket_qty(*ret, STOCK_COMMITTED) < qty)
        return fail(ctx, ERR_INTERNAL, "",
                    "the level of reservation %lld lacks its units",
                    (long long)row->id.v);
    return OK;
}

static err_t out_of_stock(struct ctx *ctx, int64_t there)
{
    return fail_as(ctx, ERR_STATE, "out_of_stock", "location",
                   "%lld units are available there",
                   (long long)(there < 0 ? 0 : there));
}

/* Commits as many where they shall come from instead. */
static err_t commit_there(struct ctx *ctx, const struct job *job,
                          const struct stock_part *part, struct taken *taken)
{
    const struct reservation *row = taken->row;
    struct stock_owner owner = {OWNER_ORDER_LINE, job->cmd->order.v,
                                row->owner_n, job->cmd->event_id};
    struct stock_level *level =
        stock_level_find(job->stock, row->sku, part->to);
    int64_t there =
        level ? stock_sellable(job->stock, level, job->cmd->channel) : 0;
    if (!level || there < part->qty)
        return out_of_stock(ctx, there);
    reservation_id id = stock_commit(ctx, job->stock, level, part->qty, &owner);
    if (taken->successor.v == 0)
        taken->successor = id;
    return OK;
}

static err_t move_part(struct ctx *ctx, const struct job *job, size_t i)
{
    const struct stock_part *part = &job->cmd->parts[i];
    struct taken *taken = job->of[i];
    struct stock_level *level;
    TRY(take_level(ctx, job, taken, part->qty, &level));
    struct stock_move move = {
        .type = job->deed->type,
        .from = STOCK_COMMITTED,
        .to = job->deed->to,
        .qty = part->qty,
        .ref_kind = REF_ORDER,
        .ref_id = job->cmd->order.v,
        .event_id = job->cmd->event_id,
    };
    struct unit_move units = {.sku = level->sku,
                              .location = level->location,
                              .from = move.from,
                              .to = move.to,
                              .qty = move.qty,
                              .names = &part->names};
    if (job->units)
        TRY(units_check(ctx, job->units, &units));
    stock_move(ctx, job->stock, level, &move);
    if (job->units)
        (void)units_apply(ctx, job->units, &units, level->last_movement_id);
    return job->deed == &relocate ? commit_there(ctx, job, part, taken) : OK;
}

/* How a row ends: whole, or with a successor for the rest. */
static void end_row(struct ctx *ctx, const struct job *job, struct taken *taken,
                    struct sql_arg *ret)
{
    const struct reservation *row = taken->row;
    enum reservation_event end = job->deed->end;
    if (taken->qty < row->qty) {
        struct stock_owner owner = {OWNER_ORDER_LINE, job->cmd->order.v,
                                    row->owner_n, job->cmd->event_id};
        const struct stock_level *level =
            stock_level_find(job->stock, row->sku, row->location);
        taken->successor = stock_reserve(ctx, job->stock, level, &owner,
                                         row->qty - taken->qty);
        end = RESERVATION_EVENT_MOVE;
    }
    ret[0] = sql_i(reservation_next(row->state, end));
    ret[1] = sql_i_or_null(taken->successor.v);
    ret[2] = sql_i(job->cmd->order.v);
    ret[3] = sql_i(row->id.v);
    ret[4] = sql_i(id_bucket(row->sku.v));
    ret[5] = sql_i(row->qty);
}

static err_t end_rows(struct ctx *ctx, struct job *job)
{
    struct sql_arg *ends =
        arena_array(ctx->arena, struct sql_arg, job->taken_count * END_PARAMS);
    int64_t changed;
    for (size_t i = 0; i < job->taken_count; i++)
        end_row(ctx, job, &job->taken[i], &ends[i * END_PARAMS]);
    TRY(sql_run_many(ctx, SQL_RESERVATION_END, ends, END_PARAMS,
                     job->taken_count, &changed));
    return changed == (int64_t)job->taken_count ? OK : ERR_RETRY;
}

static err_t run(struct ctx *ctx, const struct stock_fulfil *cmd,
                 const struct deed *deed)
{
    struct job job = {.cmd = cmd, .deed = deed};
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->event_id != 0);
    if (cmd->count == 0)
        return OK;
    TRY(find_rows(ctx, &job));
    TRY(lock_levels(ctx, &job));
    TRY(open_units(ctx, &job));
    for (size_t i = 0; i < cmd->count; i++)
        TRY(move_part(ctx, &job, i));
    TRY(end_rows(ctx, &job));
    TRY(stock_save(ctx, job.stock));
    return job.units ? units_save(ctx, job.units) : OK;
}

err_t inventory_ship(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    return run(ctx, cmd, &ship);
}

err_t inventory_short(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    return run(ctx, cmd, &lose);
}

err_t inventory_relocate(struct ctx *ctx, const struct stock_fulfil *cmd)
{
    return run(ctx, cmd, &relocate);
}

err_t inventory_release(struct ctx *ctx, order_id order,
                        const struct stock_release *rows, size_t count,
                        int64_t event_id)
{
    struct stock_part *parts =
        arena_array(ctx->arena, struct stock_part, count);
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct stock_part){.id = rows[i].id, .qty = rows[i].qty};
    struct stock_fulfil cmd = {
        .order = order, .event_id = event_id, .parts = parts, .count = count};
    return run(ctx, &cmd, &release);
}

err_t inventory_allocate(struct ctx *ctx, const struct stock_allot *cmd)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->event_id != 0);
    struct stock *stock;
    sku_id *skus = arena_array(ctx->arena, sku_id, cmd->count);
    location_id *at = arena_array(ctx->arena, location_id, cmd->count);
    for (size_t i = 0; i < cmd->count; i++) {
        skus[i] = cmd->wants[i].sku;
        at[i] = cmd->wants[i].location;
    }
    TRY(stock_lock_at(ctx, skus, cmd->count, at, cmd->count, &stock));
    for (size_t i = 0; i < cmd->count; i++) {
        const struct stock_want *want = &cmd->wants[i];
        struct stock_owner owner = {OWNER_ORDER_LINE, cmd->order.v, want->n,
                                    cmd->event_id};
        struct stock_level *level =
            stock_level_find(stock, want->sku, want->location);
        int64_t there = level ? stock_sellable(stock, level, cmd->channel) : 0;
        if (!level || there < want->qty)
            return out_of_stock(ctx, there);
        (void)stock_commit(ctx, stock, level, want->qty, &owner);
    }
    return stock_save(ctx, stock);
}

err_t inventory_live_list(struct ctx *ctx, const order_id *orders, size_t count,
                          struct stock_live **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(orders[i].v);
    TRY(sql_list_distinct(ctx, SQL_RESERVATION_COMMITTED, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct stock_live, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct stock_live){{sql_int(&rows, i, 0)},
                                        sql_int(&rows, i, 1),
                                        {sql_int(&rows, i, 2)},
                                        {sql_int(&rows, i, 3)},
                                        sql_int(&rows, i, 4)};
    return OK;
}
