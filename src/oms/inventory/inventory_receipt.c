/* inventory_receipt.c - the command that takes goods in. */
#include "oms/inventory/inventory_receipt.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_expected.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipts_sql.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"
#include "oms/inventory/inventory_units.h"
#include "store/sql.h"

enum { LINE_PARAMS = 9 };

/* What a call works on. */
struct receiving {
    const struct receipt_cmd *cmd;
    receipt_id id;
    struct location at;
    const struct sku **skus; /* One per line. */
    struct stock *stock;
    struct units *units;
    struct supply *supplies; /* What was expected and has come. */
    size_t supply_count;
    struct event *events; /* One per line, and the receipt's own. */
    struct sql_arg *rows;
};

static err_t find_skus(struct ctx *ctx, struct receiving *r)
{
    const struct receipt_cmd *cmd = r->cmd;
    struct named named;
    str *codes = arena_array(ctx->arena, str, cmd->count);
    for (size_t i = 0; i < cmd->count; i++)
        codes[i] = cmd->lines[i].sku;
    TRY(named_skus(ctx, codes, cmd->count, &named));
    r->skus = arena_array(ctx->arena, const struct sku *, cmd->count);
    for (size_t i = 0; i < cmd->count; i++) {
        err_t err = named_sku_get(ctx, &named, codes[i], &r->skus[i]);
        if (err == OK && !r->skus[i]->is_tracked)
            err = fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                          "an untracked SKU takes no stock");
        TRY(fail_in(ctx, err, "lines", i));
    }
    return OK;
}

static err_t read_supplies(struct ctx *ctx, struct receiving *r)
{
    const struct receipt_cmd *cmd = r->cmd;
    supply_id *ids = arena_array(ctx->arena, supply_id, cmd->count);
    for (size_t i = 0; i < cmd->count; i++)
        ids[i] = cmd->lines[i].supply;
    return supply_list_ids(ctx, ids, cmd->count, &r->supplies,
                           &r->supply_count);
}

static err_t open_rows(struct ctx *ctx, struct receiving *r)
{
    const struct receipt_cmd *cmd = r->cmd;
    struct level_key *keys =
        arena_array(ctx->arena, struct level_key, cmd->count);
    struct unit_want *wants =
        arena_array(ctx->arena, struct unit_want, cmd->count);
    for (size_t i = 0; i < cmd->count; i++) {
        keys[i] = (struct level_key){r->skus[i]->id, r->at.id};
        wants[i] =
            (struct unit_want){r->skus[i]->id, r->at.id, &cmd->lines[i].names};
    }
    TRY(level_lock(ctx, keys, cmd->count, &r->stock));
    TRY(units_open(ctx, wants, cmd->count, &r->units));
    return read_supplies(ctx, r);
}

static str serials_text(struct ctx *ctx, const struct unit_names *names)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (size_t i = 0; i < names->serial_count; i++)
        json_put_str(&out, NULL, names->serials[i]);
    json_end_list(&out);
    return buf_str(&buf);
}

static void put_row(struct ctx *ctx, const struct receiving *r, size_t i,
                    lot_id lot, int64_t moved_by)
{
    const struct receipt_line *line = &r->cmd->lines[i];
    struct sql_arg *row = &r->rows[i * LINE_PARAMS];
    row[0] = sql_i(r->id.v);
    row[1] = sql_i((int64_t)i + 1);
    row[2] = sql_i(r->skus[i]->id.v);
    row[3] = sql_i(line->qty);
    row[4] = sql_i(line->bucket);
    row[5] = sql_i(lot.v);
    row[6] = sql_i(line->supply.v);
    row[7] = sql_i(moved_by);
    row[8] = sql_s(serials_text(ctx, &line->names));
}

static struct supply *supply_of(const struct receiving *r, supply_id id)
{
    for (size_t i = 0; i < r->supply_count; i++)
        if (r->supplies[i].id.v == id.v)
            return &r->supplies[i];
    return NULL;
}

/* Whether what comes was expected so; lowers what is still awaited. */
static err_t meet(struct ctx *ctx, struct receiving *r, size_t i)
{
    static const char *const field = "expected_receipt";
    const struct receipt_line *line = &r->cmd->lines[i];
    if (line->supply.v == 0)
        return OK;
    struct supply *supply = supply_of(r, line->supply);
    if (!supply)
        return fail_as(ctx, ERR_INVALID, "supply_unknown", field,
                       "there is no such expected receipt");
    if (supply->source == SUPPLY_TRANSFER)
        return fail_as(ctx, ERR_STATE, "owned_by_transfer", field,
                       "units of a transfer are received by the transfer");
    if (supply->sku.v != r->skus[i]->id.v || supply->location.v != r->at.id.v)
        return fail_as(ctx, ERR_INVALID, "supply_differs", field,
                       "it is of another SKU or for another location");
    if (supply->state == SUPPLY_CANCELLED)
        return fail(ctx, ERR_STATE, field, "it was cancelled");
    if (line->qty > supply_room(supply))
        return fail_as(ctx, ERR_INVALID, "over_received", "quantity",
                       "at most %lld more units may come in",
                       (long long)supply_room(supply));
    supply_apply(r->stock, supply, supply->qty, supply->received + line->qty);
    return OK;
}

static err_t receive_line(struct ctx *ctx, struct receiving *r, size_t i)
{
    const struct receipt_line *line = &r->cmd->lines[i];
    struct stock_level *level =
        stock_level_find(r->stock, r->skus[i]->id, r->at.id);
    ASSERT(level != NULL);
    if (level->on_hand + level->delta_on_hand + line->qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "quantity",
                       "a level holds at most %lld units",
                       (long long)LIMIT_QTY);
    struct stock_move move = {
        .type = MOVEMENT_RECEIVE,
        .from = STOCK_OUTSIDE,
        .to = line->bucket,
        .qty = line->qty,
        .ref_kind = REF_RECEIPT,
        .ref_id = r->id.v,
    };
    struct unit_move units = {.sku = level->sku,
                              .location = level->location,
                              .from = move.from,
                              .to = move.to,
                              .qty = move.qty,
                              .names = &line->names};
    TRY(units_check(ctx, r->units, &units));
    TRY(meet(ctx, r, i));
    move.event_id = event_id(ctx, level->sku.v);
    stock_move(ctx, r->stock, level, &move);
    lot_id lot = units_apply(ctx, r->units, &units, level->last_movement_id);
    r->events[i] = stock_event(ctx, "stock.received", level, &move);
    put_row(ctx, r, i, lot, level->last_movement_id);
    return OK;
}

static str receipt_text(struct ctx *ctx, const struct receiving *r)
{
    int64_t units = 0;
    struct buf buf;
    struct json_out out;
    for (size_t i = 0; i < r->cmd->count; i++)
        units += r->cmd->lines[i].qty;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "location", "loc", r->at.id.v);
    json_put_str(&out, "reference", r->cmd->reference);
    json_put_i64(&out, "lines", (int64_t)r->cmd->count);
    json_put_i64(&out, "units", units);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t save(struct ctx *ctx, struct receiving *r)
{
    size_t count = r->cmd->count;
    struct event *own = &r->events[count];
    *own = (struct event){
        .id = event_id(ctx, r->id.v),
        .at = ctx->now,
        .type = STR("receipt.created"),
        .subject_kind = STR("receipt"),
        .subject_id = r->id.v,
        .actor = ctx->actor,
        .data = receipt_text(ctx, r),
    };
    struct sql_arg args[] = {sql_i(r->id.v), sql_i(r->at.id.v),
                             sql_s(r->cmd->reference), sql_i(own->id),
                             sql_i(ctx->now)};
    TRY(event_add_many(ctx, r->events, count + 1));
    TRY(sql_run(ctx, SQL_RECEIPT_ADD, args, COUNT_OF(args), NULL));
    TRY(sql_run_many(ctx, SQL_RECEIPT_LINE_ADD, r->rows, LINE_PARAMS, count,
                     NULL));
    TRY(supply_save(ctx, r->supplies, r->supply_count));
    TRY(stock_save(ctx, r->stock));
    return units_save(ctx, r->units);
}

err_t receipt_create(struct ctx *ctx, const struct receipt_cmd *cmd,
                     receipt_id *ret)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->count > 0 && cmd->count <= LIMIT_RECEIPT_LINES);
    struct receiving r = {
        .cmd = cmd,
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .events = arena_array(ctx->arena, struct event, cmd->count + 1),
        .rows =
            arena_array(ctx->arena, struct sql_arg, cmd->count * LINE_PARAMS),
    };
    TRY(check_line(ctx, "reference", cmd->reference, 0,
                   LIMIT_EXTERNAL_ID_BYTES));
    TRY(named_location_get(ctx, "location", cmd->location, &r.at));
    TRY(find_skus(ctx, &r));
    TRY(open_rows(ctx, &r));
    for (size_t i = 0; i < cmd->count; i++)
        TRY(fail_in(ctx, receive_line(ctx, &r, i), "lines", i));
    TRY(save(ctx, &r));
    *ret = r.id;
    return OK;
}

/* ---- reading ---- */

static void read_row(const struct sql_rows *rows, size_t i, struct receipt *ret)
{
    *ret = (struct receipt){
        .id = {sql_int(rows, i, 0)},
        .location = {sql_int(rows, i, 1)},
        .reference = sql_str(rows, i, 2),
        .event_id = sql_int(rows, i, 3),
        .created_at = sql_int(rows, i, 4),
    };
}

err_t receipt_get(struct ctx *ctx, receipt_id id, struct receipt *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_RECEIPT_ROW, args, COUNT_OF(args), "receipt", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

err_t receipt_page(struct ctx *ctx, location_id location, receipt_id after,
                   size_t limit, struct receipt **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(location.v), sql_i(after.v),
                             sql_i((int64_t)limit)};
    if (location.v != 0)
        TRY(sql_list(ctx, SQL_RECEIPT_PAGE_LOCATION, args, 3, &rows));
    else
        TRY(sql_list(ctx, SQL_RECEIPT_PAGE, &args[1], 2, &rows));
    *ret = arena_array(ctx->arena, struct receipt, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

static int compare_lines(const void *a, const void *b)
{
    const struct receipt_row *x = a, *y = b;
    if (x->receipt.v != y->receipt.v)
        return x->receipt.v < y->receipt.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

err_t receipt_line_list(struct ctx *ctx, const struct receipt *receipts,
                        size_t count, struct receipt_row **ret,
                        size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(receipts[i].id.v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_RECEIPT_LINE_LIST, keys, count, &rows));
    struct receipt_row *lines =
        arena_array(ctx->arena, struct receipt_row, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        lines[i] = (struct receipt_row){
            .receipt = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .qty = sql_int(&rows, i, 3),
            .bucket = (enum stock_bucket)sql_int(&rows, i, 4),
            .lot = {sql_int(&rows, i, 5)},
            .supply = {sql_int(&rows, i, 6)},
            .serials = sql_str(&rows, i, 7),
        };
    if (rows.count > 1)
        qsort(lines, rows.count, sizeof *lines, compare_lines);
    *ret = lines;
    *ret_count = rows.count;
    return OK;
}
