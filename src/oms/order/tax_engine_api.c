/* tax_engine_api.c - engines of channels over HTTP, and how one is asked. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/client.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/order/order_price.h"
#include "oms/order/order_quote.h"
#include "oms/order/tax_engine.h"

/* Failures in a row that are looked past, more than may be under way at once;
 * then it is left alone for a while that doubles. */
enum { FAILURES_FREE = 12, REST_MAX_S = 60, RETRY_S = 2 };
/* The order is wrong, not the engine. */
enum { STATUS_REFUSED = 422 };

struct order_ask {
    struct order_priced one;
    struct tax_engine engine;
    struct tax_answer answer;
    struct outside_call call;
    bool has_engine;   /* The channel; else none of the others is set. */
    bool is_by_tables; /* The engine failed, and they stand in. */
    err_t err;         /* Why there is no price. The command says so, unless */
    struct err_detail problem; /* it was done before, and is sent again. */
};

/* ---- asking ---- */

static void note_done(struct http_call *call)
{
    *(bool *)call->arg = true;
}

/* Waits for it, on a thread that holds nothing. */
static err_t ask(struct ctx *ctx, const struct request *req,
                 const struct order_ask *price, struct outside_reply *ret)
{
    struct http_client *client;
    struct buf answer;
    bool is_done = false;
    struct http_call call = {.method = price->call.method,
                             .url = price->call.url,
                             .body = price->call.body,
                             .timeout_ms = (int)price->engine.timeout_ms,
                             .done = note_done,
                             .arg = &is_done,
                             .answer = &answer};
    buf_init(&answer, ctx->arena, LIMIT_TAX_ANSWER_BYTES);
    for (size_t i = 0; i < OUTSIDE_HEADERS_MAX && price->call.headers[i]; i++)
        call.headers[i] = price->call.headers[i];
    TRY(http_client_open(ctx, req->guard, &client));
    http_client_start(client, &call);
    while (!is_done)
        http_client_poll(client, (int)price->engine.timeout_ms);
    http_client_close(client);
    *ret = (struct outside_reply){
        .is_answered = call.error == CALL_OK && !answer.is_full,
        .status = call.status,
        .retry_after_s = call.retry_after_s,
        .body = answer.is_full ? STR("") : buf_str(&answer)};
    return OK;
}

static int64_t now_ms(void)
{
    return clock_mono_ns() / 1000000;
}

static struct throttle_gate gate_of(const struct request *req,
                                    const struct tax_engine *engine)
{
    uint64_t tenant = (uint64_t)(uintptr_t)req->tenant;
    return (struct throttle_gate){
        .key = throttle_key(req->throttle, tenant ^ (uint64_t)engine->channel.v,
                            engine->url),
        .free = FAILURES_FREE,
        .wait_max_s = REST_MAX_S};
}

bool tax_engine_is_marked(const struct order_cmd *cmd)
{
    for (size_t i = 0; i < cmd->tag_count; i++)
        if (str_equal_cstr(cmd->tags[i], TAX_FALLBACK_TAG))
            return true;
    return false;
}

/* The tables stand in, or there is no price. */
static err_t go_without(struct ctx *ctx, struct request *req,
                        struct order_ask *price, int wait_s)
{
    const struct order_cmd *cmd = &price->one.asked.cmd;
    err_clear(ctx);
    price->is_by_tables =
        price->engine.on_failure == TAX_FAILURE_TABLES &&
        (cmd->tag_count < LIMIT_TAGS || tax_engine_is_marked(cmd));
    if (price->is_by_tables)
        return OK;
    req->retry_after_s = wait_s;
    return fail_as(ctx, ERR_BUSY, "tax_engine_failed", "channel",
                   "the tax engine of the channel gave no answer that holds");
}

/* What the store could not do is no word of the engine. */
static err_t keep(struct ctx *ctx, struct order_ask *ask, err_t err)
{
    if (err == ERR_RETRY || err == ERR_INTERNAL)
        return err;
    ask->err = err;
    ask->problem = ctx->err;
    err_clear(ctx);
    return OK;
}

err_t order_quote_crowded(struct ctx *ctx, struct request *req)
{
    return keep(ctx, req->cmd, go_without(ctx, req, req->cmd, RETRY_S));
}

/* What it said; ERR_BUSY: nothing that holds. */
static err_t read_answer(struct ctx *ctx, struct order_ask *price,
                         const struct outside_reply *reply)
{
    if (!reply->is_answered || reply->status != 200)
        return ERR_BUSY;
    return tax_engine_decode(ctx, &price->answer.request, reply->body,
                             &price->answer.lines);
}

/* With a place among its calls. */
static err_t ask_once(struct ctx *ctx, struct request *req,
                      struct order_ask *price, const struct throttle_gate *gate)
{
    struct outside_reply reply = {.status = 0};
    int wait_s = throttle_enter(req->throttle, gate, 1, now_ms());
    if (wait_s > 0)
        return go_without(ctx, req, price, wait_s);
    err_t err = ask(ctx, req, price, &reply);
    bool is_refused =
        err == OK && reply.is_answered && reply.status == STATUS_REFUSED;
    if (err == OK && !is_refused)
        err = read_answer(ctx, price, &reply);
    if (err == OK) {
        throttle_forgive(req->throttle, gate, 1);
        return is_refused
                   ? tax_engine_refusal(ctx, &price->answer.request, reply.body)
                   : OK;
    }
    throttle_failed(req->throttle, gate, 1, now_ms());
    return go_without(ctx, req, price,
                      reply.retry_after_s > 0 && reply.retry_after_s < INT32_MAX
                          ? (int)reply.retry_after_s
                          : RETRY_S);
}

/* One that is slow must not hold all threads that ask. */
err_t order_quote_toil(struct ctx *ctx, struct request *req)
{
    struct order_ask *price = req->cmd;
    struct throttle_gate gate = gate_of(req, &price->engine);
    if (!throttle_take(req->throttle, gate.key, TAX_ENGINE_CALLS))
        return keep(ctx, price, go_without(ctx, req, price, RETRY_S));
    err_t err = ask_once(ctx, req, price, &gate);
    throttle_give(req->throttle, gate.key);
    return keep(ctx, price, err);
}

err_t tax_engine_answer(struct ctx *ctx, const struct order_ask *ask,
                        const struct tax_answer **ret)
{
    bool has_answer = ask && ask->has_engine && !ask->is_by_tables;
    *ret = has_answer ? &ask->answer : NULL;
    if (ask && ask->err != OK)
        ctx->err = ask->problem;
    return ask ? ask->err : OK;
}

err_t tax_engine_find(struct ctx *ctx, const struct channel *channel,
                      struct tax_engine *ret, bool *ret_is_found)
{
    TRY(tax_engine_get(ctx, channel->id, ret));
    *ret_is_found = ret->is_active && channel->taxes != TAXES_COMPUTED;
    return OK;
}

/* Up to the call; without one there is nothing to toil. */
static err_t prepare(struct ctx *ctx, struct request *req, struct json_in *in,
                     const struct order_listed *listed, struct order_ask *ask)
{
    struct order_cmd *cmd = &ask->one.asked.cmd;
    struct channel channel;
    bool is_found;
    str secret;
    cmd->is_listed = listed != NULL;
    TRY(order_asked_from_json(ctx, in, &ask->one.asked));
    TRY(channel_find(ctx, cmd->channel, &channel, &is_found));
    if (is_found) /* Else the command says so. */
        TRY(tax_engine_find(ctx, &channel, &ask->engine, &ask->has_engine));
    if (!ask->has_engine)
        return OK;
    if (listed)
        TRY(listed->fill(ctx, listed->arg, cmd));
    TRY(order_price_request(ctx, &ask->one, &ask->answer.request));
    if (tax_engine_secret(ctx, &ask->engine, &secret) != OK ||
        secret.len == 0) /* It came with an export, or its key is gone. */
        return go_without(ctx, req, ask, RETRY_S);
    ask->call = tax_engine_call(ctx->arena, ask->engine.url, secret,
                                &ask->answer.request);
    req->is_light = false;
    return OK;
}

err_t order_quote_unasked(struct request *req)
{
    req->is_light = true;
    return OK;
}

err_t order_quote_prepare(struct ctx *ctx, struct request *req,
                          struct json_in *in, const struct order_listed *listed)
{
    struct order_ask *ask = arena_new(ctx->arena, struct order_ask);
    req->is_light = true;
    req->cmd = ask;
    return keep(ctx, ask, prepare(ctx, req, in, listed, ask));
}

err_t tax_engine_mark(struct ctx *ctx, const struct order_ask *ask,
                      const struct channel *channel, struct order_cmd *cmd)
{
    struct tax_engine engine;
    bool has_engine = ask && ask->has_engine;
    bool is_by_tables = !ask || ask->is_by_tables;
    if (!ask)
        TRY(tax_engine_find(ctx, channel, &engine, &has_engine));
    if (!has_engine)
        return OK;
    str *tags = arena_array(ctx->arena, str, cmd->tag_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < cmd->tag_count; i++)
        if (!str_equal_cstr(cmd->tags[i], TAX_FALLBACK_TAG))
            tags[count++] = cmd->tags[i];
    if (is_by_tables && count < LIMIT_TAGS)
        tags[count++] = STR(TAX_FALLBACK_TAG);
    cmd->tags = tags;
    cmd->tag_count = count;
    return OK;
}

/* ---- POST /v1/orders/price ---- */

err_t order_api_price_prepare(struct ctx *ctx, struct request *req)
{
    return order_quote_prepare(ctx, req, req->body, NULL);
}

err_t order_api_price(struct ctx *ctx, struct request *req)
{
    struct order_cmd cmd;
    TRY(request_query_end(req));
    TRY(order_quote(ctx, req->body, NULL, req->cmd, &cmd));
    order_cmd_put_body(req->reply, NULL, &cmd);
    return OK;
}

/* ---- engines ---- */

static void put_engine(struct json_out *out, const struct tax_engine *engine)
{
    json_begin(out, NULL);
    json_put_id(out, "channel_id", "chn", engine->channel.v);
    json_put_str(out, "url", engine->url);
    json_put_bool(out, "has_secret", engine->sealed.len > 0);
    json_put_cstr(out, "on_failure",
                  engine->on_failure == TAX_FAILURE_REFUSE ? "refuse"
                                                           : "tables");
    json_put_i64(out, "timeout_ms", engine->timeout_ms);
    json_put_bool(out, "is_active", engine->is_active);
    json_put_i64(out, "version", engine->version);
    json_put_time(out, "created_at", engine->created_at);
    json_put_time(out, "updated_at", engine->updated_at);
    json_end_object(out);
}

/* GET /v1/channels/{id}/tax-engine */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    struct tax_engine engine;
    channel_id id;
    TRY(request_path_id(req, 0, "chn", &id.v));
    TRY(request_query_end(req));
    TRY(tax_engine_get(ctx, id, &engine));
    if (engine.version == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "the channel has no tax engine");
    put_engine(req->reply, &engine);
    return OK;
}

/* PUT /v1/channels/{id}/tax-engine */
static err_t api_put(struct ctx *ctx, struct request *req)
{
    struct tax_engine engine = {.version = 0};
    str secret;
    TRY(request_path_id(req, 0, "chn", &engine.channel.v));
    TRY(request_query_end(req));
    TRY(tax_engine_read(req->body, &engine, &secret));
    TRY(tax_engine_put(ctx, &engine, secret));
    put_engine(req->reply, &engine);
    return OK;
}

static const struct route routes[] = {
    {.operation = "getTaxEngine",
     .method = HTTP_GET,
     .path = "/v1/channels/{id}/tax-engine",
     .perm = PERM_CHANNELS_READ,
     .kind = ROUTE_READ,
     .run = api_get   },
    { .operation = "putTaxEngine",
     .method = HTTP_PUT,
     .path = "/v1/channels/{id}/tax-engine",
     .perm = PERM_CHANNELS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_put,
     .is_unkept = true},
};
const struct route_list tax_engine_routes = {routes, COUNT_OF(routes)};
