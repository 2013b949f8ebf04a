/* history_batch.c - a run of invoices as one transaction.
 *
 * It may be run again after a conflict, so everything it finds out is set anew
 * each time.
 */
#include "app/history_batch.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/customer/customer.h"

static struct map_key text_key(str s)
{
    return (struct map_key){.s = s};
}

static bool is_recorded(const struct history_item *item)
{
    return item->err == OK && item->outcome.lines > 0 &&
           item->invoice->kind != RETAIL_ADJUST;
}

static err_t make_channel(struct ctx *ctx, struct history_batch *batch)
{
    const struct retail_settings *settings = batch->settings;
    struct channel channel;
    bool is_found;
    TRY(channel_find(ctx, settings->channel, &channel, &is_found));
    batch->is_channel_new = !is_found;
    if (is_found)
        return OK;
    struct channel_cmd cmd = {.code = settings->channel,
                              .name = settings->channel,
                              .tz = settings->zone,
                              .attrs = STR("{}"),
                              .type = CHANNEL_WEB,
                              .tax_mode = TAX_INCLUSIVE,
                              .rounding = ROUND_HALF_UP,
                              .stock_policy = STOCK_POLICY_BACKORDER};
    memcpy(cmd.currency, settings->currency, sizeof cmd.currency);
    return channel_create(ctx, &cmd, &channel);
}

/* ---- SKUs ---- */

/* A SKU the batch names. */
struct wanted {
    str code;
    str title; /* The first of a line that was sold for money, else any. */
    bool is_sold;
    struct sku sku; /* id 0: not there yet. */
};
struct wanted_list {
    struct map *by_code;
    struct wanted *at;
    size_t count;
};

static void want(struct wanted_list *list, const struct retail_row *row)
{
    struct wanted *wanted = map_find(list->by_code, text_key(row->sku));
    if (!wanted) {
        wanted = &list->at[list->count++];
        *wanted = (struct wanted){.code = row->sku};
        map_set(list->by_code, text_key(row->sku), wanted);
    }
    bool is_sold = row->price > 0 && row->qty > 0;
    if (row->title.len > 0 && !wanted->is_sold &&
        (is_sold || wanted->title.len == 0)) {
        wanted->title = row->title;
        wanted->is_sold = is_sold;
    }
}

static err_t find_skus(struct ctx *ctx, const struct history_batch *batch,
                       struct wanted_list *list)
{
    list->by_code = map_open(ctx->arena, batch->lines);
    list->at = arena_array(ctx->arena, struct wanted, batch->lines);
    list->count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct retail_invoice *invoice = batch->items[i].invoice;
        for (size_t j = 0; is_recorded(&batch->items[i]) && j < invoice->count;
             j++)
            if (retail_row_reason(&invoice->rows[j]) == RETAIL_TAKEN)
                want(list, &invoice->rows[j]);
    }
    str *codes = arena_array(ctx->arena, str, list->count);
    struct sku *found;
    size_t count;
    for (size_t i = 0; i < list->count; i++)
        codes[i] = list->at[i].code;
    TRY(sku_list_codes(ctx, codes, list->count, &found, &count));
    for (size_t i = 0; i < count; i++) {
        struct wanted *wanted =
            map_find(list->by_code, text_key(found[i].code));
        ASSERT(wanted);
        wanted->sku = found[i];
    }
    return OK;
}

/* A SKU that was first met without a title gets the first one it is sold by;
 * no other title is ever changed, so that a second run changes none. */
static err_t set_title(struct ctx *ctx, struct history_batch *batch,
                       struct wanted *wanted)
{
    bool is_unnamed = str_equal(wanted->sku.title, wanted->code);
    if (!is_unnamed || !wanted->is_sold ||
        str_equal(wanted->title, wanted->code))
        return OK;
    struct sku_change change = {.version = wanted->sku.version,
                                .title = &wanted->title};
    batch->titles_set++;
    wanted->sku.title = wanted->title;
    return sku_change(ctx, wanted->sku.id, &change);
}

static err_t make_skus(struct ctx *ctx, struct history_batch *batch,
                       struct wanted_list *list)
{
    struct sku_cmd *cmds = arena_array(ctx->arena, struct sku_cmd, list->count);
    struct sku_result *results =
        arena_array(ctx->arena, struct sku_result, list->count);
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct wanted *wanted = &list->at[i];
        if (wanted->sku.id.v) {
            TRY(set_title(ctx, batch, wanted));
            continue;
        }
        str title = wanted->title.len > 0 ? wanted->title : wanted->code;
        wanted->sku.title = title;
        cmds[n++] = (struct sku_cmd){
            .code = wanted->code, .title = title, .attrs = STR("{}")};
    }
    TRY(sku_create_many(ctx, cmds, n, results));
    for (size_t i = 0; i < n; i++)
        batch->skus_created += results[i].is_ok;
    return OK; /* One that was refused refuses the invoices that name it. */
}

static void count_titles(struct history_batch *batch,
                         const struct wanted_list *list)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct retail_invoice *invoice = batch->items[i].invoice;
        for (size_t j = 0; is_recorded(&batch->items[i]) && j < invoice->count;
             j++) {
            const struct retail_row *row = &invoice->rows[j];
            const struct wanted *wanted =
                map_find(list->by_code, text_key(row->sku));
            batch->titles_differ += wanted && row->title.len > 0 &&
                                    !str_equal(row->title, wanted->sku.title);
        }
    }
}

/* ---- customers ---- */

static err_t match_customers(struct ctx *ctx, struct history_batch *batch)
{
    struct map *seen = map_open(ctx->arena, batch->count);
    struct customer_match *at =
        arena_array(ctx->arena, struct customer_match, batch->count);
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        str id = batch->items[i].invoice->rows[0].customer;
        if (!is_recorded(&batch->items[i]) || id.len == 0 ||
            map_find(seen, text_key(id)))
            continue;
        map_set(seen, text_key(id), seen);
        at[n++] = (struct customer_match){
            .seen = {.source = batch->settings->channel, .external_id = id}
        };
    }
    TRY(customer_match_many(ctx, at, n));
    batch->customers = arena_array(ctx->arena, customer_id, n);
    batch->customer_count = n;
    for (size_t i = 0; i < n; i++) {
        batch->customers[i] = at[i].id;
        batch->customers_created += at[i].is_new;
    }
    return OK;
}

/* ---- recording ---- */

static err_t record_orders(struct ctx *ctx, struct history_batch *batch)
{
    struct order_record_item *at =
        arena_array(ctx->arena, struct order_record_item, batch->count);
    struct history_item **owner =
        arena_array(ctx->arena, struct history_item *, batch->count);
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct history_item *item = &batch->items[i];
        if (!is_recorded(item) || item->invoice->kind != RETAIL_SALE)
            continue;
        owner[n] = item;
        at[n++] =
            (struct order_record_item){.ctx = &item->ctx, .cmd = &item->order};
    }
    TRY(order_record_many(ctx, at, n));
    for (size_t i = 0; i < n; i++) {
        owner[i]->err = at[i].err;
        owner[i]->order_id = at[i].id;
        owner[i]->is_new = at[i].is_new;
    }
    return OK;
}

static err_t record_credits(struct ctx *ctx, struct history_batch *batch)
{
    struct credit_item *at =
        arena_array(ctx->arena, struct credit_item, batch->count);
    struct history_item **owner =
        arena_array(ctx->arena, struct history_item *, batch->count);
    size_t n = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct history_item *item = &batch->items[i];
        if (!is_recorded(item) || item->invoice->kind != RETAIL_CREDIT)
            continue;
        owner[n] = item;
        at[n++] = (struct credit_item){.ctx = &item->ctx, .cmd = &item->credit};
    }
    TRY(credit_record_many(ctx, at, n));
    for (size_t i = 0; i < n; i++) {
        owner[i]->err = at[i].err;
        owner[i]->credit_id = at[i].id;
        owner[i]->is_new = at[i].is_new;
    }
    return OK;
}

static void begin(const struct ctx *ctx, struct history_batch *batch)
{
    batch->is_done = false;
    batch->skus_created = batch->titles_set = batch->titles_differ = 0;
    batch->customers_created = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct history_item *item = &batch->items[i];
        if (item->order_id.v == -1)
            continue; /* Refused before it came here. */
        item->ctx = *ctx;
        item->err = OK;
    }
}

err_t history_batch_record(struct ctx *ctx, void *arg)
{
    struct history_batch *batch = arg;
    struct wanted_list skus;
    begin(ctx, batch);
    TRY(make_channel(ctx, batch));
    TRY(find_skus(ctx, batch, &skus));
    TRY(make_skus(ctx, batch, &skus));
    count_titles(batch, &skus);
    TRY(match_customers(ctx, batch));
    TRY(record_orders(ctx, batch));
    TRY(record_credits(ctx, batch));
    if (batch->is_dry_run)
        TRY(history_batch_sum(ctx, batch));
    batch->is_done = true;
    if (batch->is_dry_run)
        return fail_as(ctx, ERR_STATE, "dry_run", "", "undone: a dry run");
    return OK;
}

err_t history_batch_sum(struct ctx *ctx, void *arg)
{
    struct history_batch *batch = arg;
    order_id *orders = arena_array(ctx->arena, order_id, batch->count);
    credit_note_id *notes =
        arena_array(ctx->arena, credit_note_id, batch->count);
    size_t n = 0, m = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct history_item *item = &batch->items[i];
        if (!is_recorded(item))
            continue;
        if (item->invoice->kind == RETAIL_SALE)
            orders[n++] = item->order_id;
        else
            notes[m++] = item->credit_id;
    }
    TRY(order_history_sums(ctx, orders, n, &batch->order_sums,
                           &batch->order_sum_count));
    return credit_sums(ctx, notes, m, &batch->credit_sums,
                       &batch->credit_sum_count);
}
