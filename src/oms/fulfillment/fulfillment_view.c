/* fulfillment_view.c - fulfillment orders as the API shows them, and how many
 * there are where. */
#include "oms/fulfillment/fulfillment_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_rules.h"
#include "oms/fulfillment/fulfillment_sql.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_pick.h"
#include "store/sql.h"

/* ---- one ---- */

static const struct order_line_text *
text_of(const struct map *texts, const struct fulfillment *fo, int64_t n)
{
    return map_find(texts, (struct map_key){.a = fo->order.v, .b = n});
}

static void put_line(struct json_out *out, const struct fulfillment_line *line,
                     const struct order_line_text *text)
{
    json_begin(out, NULL);
    json_put_i64(out, "line", line->n);
    json_put_i64(out, "n", line->n); /* Its old name. */
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", text ? text->sku_code : STR(""));
    json_put_str(out, "title", text ? text->title : STR(""));
    json_put_bool(out, "is_kit", text && text->is_kit);
    json_put_i64(out, "quantity", line->qty);
    json_put_i64(out, "picked", line->picked);
    json_put_i64(out, "packed", line->packed);
    json_put_i64(out, "shipped", line->shipped);
    json_end_object(out);
}

static void put_head(struct json_out *out, const struct fulfillment *fo)
{
    json_put_id(out, "channel_id", "chn", fo->channel.v);
    json_put_id(out, "location_id", "loc", fo->location.v);
    json_put_cstr(out, "method", order_method_name(fo->method));
    json_put_cstr(out, "status", fulfillment_status_name(fo->status));
    machine_put_allowed(out, &fulfillment_machine, fo->status);
    json_put_cstr(out, "request_status",
                  fulfillment_request_name(fo->request_status));
    json_put_str_or_null(out, "hold_reason", fo->hold_reason);
    json_put_time_or_null(out, "fulfil_at", fo->fulfil_at);
    json_put_time_or_null(out, "deadline_at", fo->deadline_at);
    json_put_time_or_null(out, "promise_at", fo->promise_at);
    json_put_bool(out, "is_sticky", fo->is_sticky);
    json_put_raw(out, "request", fo->request);
}

static void put_one(struct json_out *out, const struct fulfillment *fo,
                    const struct map *texts)
{
    const struct order_line_text *first = text_of(texts, fo, 1);
    json_begin(out, NULL);
    json_put_id(out, "id", "fo", fo->id.v);
    json_put_i64(out, "version", fo->version);
    json_put_id(out, "order", "ord", fo->order.v);
    json_put_str(out, "order_number", first ? first->number : STR(""));
    put_head(out, fo);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < fo->line_count; i++)
        put_line(out, &fo->lines[i], text_of(texts, fo, fo->lines[i].n));
    json_end_list(out);
    json_put_time(out, "created_at", fo->created_at);
    json_put_time(out, "updated_at", fo->updated_at);
    json_put_time_or_null(out, "closed_at", fo->closed_at);
    json_end_object(out);
}

/* ---- many ---- */

/* The first line of each order is asked for with them: it knows the number,
 * also of one that has no line left. */
static err_t read_texts(struct ctx *ctx, const struct fulfillment *at,
                        size_t count, struct map **ret)
{
    struct order_line_text *texts;
    size_t room = count, n = 0, text_count;
    for (size_t i = 0; i < count; i++)
        room += at[i].line_count;
    struct order_line_key *keys =
        arena_array(ctx->arena, struct order_line_key, room);
    for (size_t i = 0; i < count; i++) {
        keys[n++] = (struct order_line_key){at[i].order, 1};
        for (size_t j = 0; j < at[i].line_count; j++)
            keys[n++] = (struct order_line_key){at[i].order, at[i].lines[j].n};
    }
    TRY(order_line_texts(ctx, keys, n, &texts, &text_count));
    *ret = map_open(ctx->arena, text_count);
    for (size_t i = 0; i < text_count; i++)
        map_set(
            *ret,
            (struct map_key){.a = texts[i].key.order.v, .b = texts[i].key.n},
            &texts[i]);
    return OK;
}

err_t fulfillment_write(struct ctx *ctx, struct json_out *out,
                        const struct fulfillment *at, size_t count)
{
    struct map *texts;
    TRY(read_texts(ctx, at, count, &texts));
    for (size_t i = 0; i < count; i++)
        put_one(out, &at[i], texts);
    return OK;
}

/* ---- how many ---- */

static const enum fulfillment_status live[] = {
    FULFILLMENT_SCHEDULED, FULFILLMENT_OPEN, FULFILLMENT_ON_HOLD,
    FULFILLMENT_IN_PROGRESS, FULFILLMENT_INCOMPLETE};

err_t fulfillment_counts(struct ctx *ctx, struct fulfillment_count **ret,
                         size_t *ret_count)
{
    struct location *places;
    struct sql_rows rows = {0};
    size_t place_count, n = 0;
    TRY(location_list(ctx, &places, &place_count));
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       place_count * COUNT_OF(live) * 3);
    for (size_t i = 0; i < place_count; i++)
        for (size_t j = 0; j < COUNT_OF(live); j++) {
            args[n * 3] = sql_i(places[i].id.v);
            args[n * 3 + 1] = sql_i(live[j]);
            args[n++ * 3 + 2] = sql_i(LIMIT_COUNTED);
        }
    if (n > 0)
        TRY(sql_list_many(ctx, SQL_FULFILLMENT_COUNT, args, 3, n, &rows));
    *ret = arena_array(ctx->arena, struct fulfillment_count, rows.count);
    *ret_count = 0;
    for (size_t i = 0; i < rows.count; i++)
        if (sql_int(&rows, i, 2) > 0)
            (*ret)[(*ret_count)++] = (struct fulfillment_count){
                {sql_int(&rows, i, 0)},
                (enum fulfillment_status)sql_int(&rows, i, 1),
                sql_int(&rows, i, 2)};
    return OK;
}
