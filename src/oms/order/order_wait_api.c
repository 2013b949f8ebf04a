/* order_wait_api.c - what waits, as the API shows it, and who comes first. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/catalog/catalog.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_wait.h"

static void put_peg(struct json_out *out, const struct peg *peg)
{
    json_begin(out, NULL);
    json_put_id_or_null(out, "supply", "sup", peg->supply.v);
    json_put_id_or_null(out, "location", "loc", peg->location.v);
    json_put_str(out, "reference", peg->reference);
    json_put_i64(out, "quantity", peg->qty);
    json_put_time_or_null(out, "expected_at", peg->expected_at);
    json_end_object(out);
}

/* The pegs of one line, from *at on: they stand in order of key. */
static void put_pegs(struct json_out *out, const struct wait_line *line,
                     const struct peg *pegs, size_t count, size_t *at)
{
    int64_t open = line->qty;
    while (*at < count && wait_key_cmp(&pegs[*at].key, &line->key) < 0)
        *at += 1;
    order_promise_put(out, "promise_at", line->promise_at);
    json_begin_list(out, "pegs");
    for (; *at < count && wait_key_cmp(&pegs[*at].key, &line->key) == 0;
         *at += 1) {
        put_peg(out, &pegs[*at]);
        open -= pegs[*at].qty;
    }
    json_end_list(out);
    json_put_i64(out, "unpegged", open > 0 ? open : 0);
}

/* ---- of an order ---- */

static str code_of(const struct order *order, const struct wait_line *line)
{
    size_t n = (size_t)(line->key.n / WAIT_PART);
    size_t part = (size_t)(line->key.n % WAIT_PART);
    ASSERT(n >= 1 && n <= order->line_count);
    const struct order_line *of = &order->lines[n - 1];
    return part >= 1 && part <= of->part_count ? of->parts[part - 1].code
                                               : of->sku_code;
}

err_t order_wait_write(struct ctx *ctx, const struct order *order,
                       struct json_out *out)
{
    struct order_wait wait;
    struct wait_line *lines;
    size_t count;
    TRY(order_wait_get(ctx, order->id, &wait));
    TRY(wait_list_orders(ctx, &order->id, 1, &lines, &count));
    if (count == 0 && wait.priority == 0) {
        json_put_null(out, "waiting");
        return OK;
    }
    json_begin(out, "waiting");
    json_put_i64(out, "priority", wait.priority);
    order_promise_put(out, "promise_at", order_promise_of(lines, count));
    json_begin_list(out, "lines");
    for (size_t i = 0; i < count; i++) {
        struct peg *pegs;
        size_t peg_count, at = 0;
        const struct wait_line *line = &lines[i];
        TRY(peg_list(ctx, line->sku, &line->key, &line->key, &pegs,
                     &peg_count));
        json_begin(out, NULL);
        json_put_i64(out, "n", line->key.n / WAIT_PART);
        json_put_str(out, "sku", code_of(order, line));
        json_put_i64(out, "quantity", line->qty);
        put_pegs(out, line, pegs, peg_count, &at);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
    return OK;
}

/* ---- of a SKU ---- */

/* "ord_…/1000" with the rank before it: "-5/ord_…/1000". */
static err_t read_after(struct ctx *ctx, str text, struct wait_key *ret)
{
    struct wait_key key = {0};
    int64_t parts[2] = {0};
    size_t at = 0;
    bool is_good = true;
    for (size_t i = 0; i < 3 && is_good; i++) {
        size_t end = at;
        while (end < text.len && text.ptr[end] != '/')
            end++;
        str part = {text.ptr + at, end - at};
        is_good = i == 1 ? id_from_text("ord", part, &key.order.v)
                         : str_to_i64(part, &parts[i / 2]);
        at = end + 1;
    }
    if (!is_good || at != text.len + 1 || parts[0] < -WAIT_PRIORITY_MAX ||
        parts[0] > WAIT_PRIORITY_MAX || parts[1] < 0 || parts[1] == INT64_MAX)
        return fail_as(ctx, ERR_INVALID, "invalid_cursor", "after",
                       "must be `next` of the page before");
    key.rank = parts[0];
    key.n = parts[1] + 1;
    *ret = key;
    return OK;
}

static void put_next(struct json_out *out, struct arena *arena,
                     const struct wait_key *last)
{
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("ord", last->order.v, id);
    json_put_str(out, "next",
                 str_printf(arena, "%lld/%.*s/%lld", (long long)last->rank,
                            (int)len, id, (long long)last->n));
}

static void put_line(struct json_out *out, const struct wait_line *line,
                     const struct peg *pegs, size_t count, size_t *at)
{
    json_begin(out, NULL);
    json_put_id(out, "order", "ord", line->key.order.v);
    json_put_i64(out, "n", line->key.n / WAIT_PART);
    json_put_bool(out, "is_component", line->key.n % WAIT_PART != 0);
    json_put_id(out, "channel", "chn", line->channel.v);
    json_put_i64(out, "priority", -line->key.rank);
    json_put_time(out, "received_at", id_time(line->key.order.v));
    json_put_i64(out, "quantity", line->qty);
    put_pegs(out, line, pegs, count, at);
    json_end_object(out);
}

static err_t list_queue(struct ctx *ctx, struct request *req, sku_id sku,
                        size_t limit, str after)
{
    struct wait_key from = {.rank = -WAIT_PRIORITY_MAX};
    struct wait_line *lines;
    struct peg *pegs = NULL;
    size_t count, peg_count = 0, at = 0;
    if (after.len > 0)
        TRY(read_after(ctx, after, &from));
    TRY(wait_queue(ctx, sku, &from, limit + 1, &lines, &count));
    bool has_more = count > limit;
    count -= has_more;
    if (count > 0)
        TRY(peg_list(ctx, sku, &lines[0].key, &lines[count - 1].key, &pegs,
                     &peg_count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        put_line(req->reply, &lines[i], pegs, peg_count, &at);
    json_end_list(req->reply);
    if (has_more)
        put_next(req->reply, ctx->arena, &lines[count - 1].key);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

/* ---- of all SKUs ---- */

static err_t list_sums(struct ctx *ctx, struct request *req, size_t limit,
                       str after)
{
    sku_id from = {0};
    struct wait_sum *sums;
    size_t count;
    if (after.len > 0 && !id_from_text("sku", after, &from.v))
        return fail_as(ctx, ERR_INVALID, "invalid_cursor", "after",
                       "must be `next` of the page before");
    TRY(wait_sums(ctx, from, limit + 1, &sums, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        struct sku sku;
        TRY(sku_get(ctx, sums[i].sku, &sku));
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "sku_id", "sku", sku.id.v);
        json_put_str(req->reply, "sku", sku.code);
        json_put_i64(req->reply, "quantity", sums[i].qty);
        json_put_i64(req->reply, "pegged", sums[i].pegged);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "sku", has_more ? sums[count - 1].sku.v : 0);
    return OK;
}

/* GET /v1/backorders */
err_t order_api_backorders(struct ctx *ctx, struct request *req)
{
    str code = STR_NONE, after = STR_NONE;
    struct sku sku;
    bool is_found;
    size_t limit;
    TRY(request_query_limit(req, &limit));
    bool has_sku = request_query_find(req, "sku", &code);
    (void)request_query_find(req, "after", &after);
    TRY(request_query_end(req));
    if (!has_sku)
        return list_sums(ctx, req, limit, after);
    TRY(sku_find(ctx, code, &sku, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "there is no SKU with this code");
    return list_queue(ctx, req, sku.id, limit, after);
}

/* PUT /v1/orders/{id}/priority */
err_t order_api_priority(struct ctx *ctx, struct request *req)
{
    struct order_priority_cmd cmd;
    struct order order;
    TRY(request_path_id(req, 0, "ord", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_i64(req->body, "priority", -WAIT_PRIORITY_MAX,
                     WAIT_PRIORITY_MAX, &cmd.priority));
    TRY(json_end(req->body));
    TRY(order_set_priority(ctx, &cmd, &order));
    json_begin(req->reply, NULL);
    order_write(&order, req->reply);
    TRY(order_wait_write(ctx, &order, req->reply));
    json_end_object(req->reply);
    return OK;
}
