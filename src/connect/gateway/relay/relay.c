/* relay.c - requests to JSON and answers back, for a service of the merchant's
 * own that stands before a gateway. */
#include "connect/gateway/relay/relay.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_any.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "connect/relay.h"
#include "oms/payment/payment.h"

enum { REQUEST_BYTES = 64 * 1024, FACTS_MAX = 500 };

static err_t check(struct ctx *ctx, str settings)
{
    str url;
    return relay_url(ctx, settings, &url);
}

/* ---- asking ---- */

static void put_known(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
}

static str make_body(struct arena *arena, const struct gateway_request *r)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, REQUEST_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "operation", gateway_op_name(r->op));
    json_put_str(&out, "reference", r->reference);
    json_put_str(&out, "payment", r->payment);
    json_put_str(&out, "order", r->order);
    put_known(&out, "gateway_ref", r->gateway_ref);
    if (r->op != GATEWAY_LOOKUP) {
        put_known(&out, "token", r->token);
        put_known(&out, "method", r->method);
        json_put_money(&out, "amount", r->amount);
        if (r->is_renewal)
            json_put_bool(&out, "renews", true);
        if (r->renews_until)
            json_put_time(&out, "renews_until", r->renews_until);
    }
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

static err_t ask(struct ctx *ctx, const struct gateway_account *account,
                 const struct gateway_request *request,
                 struct outside_call *ret)
{
    str url;
    TRY(relay_url(ctx, account->settings, &url));
    *ret = relay_call(ctx->arena, url, account->secret,
                      make_body(ctx->arena, request));
    if (request->op != GATEWAY_LOOKUP)
        ret->headers[2] = str_to_cstr(
            ctx->arena, str_printf(ctx->arena, "Idempotency-Key: %.*s",
                                   STR_ARG(request->reference)));
    return OK;
}

/* ---- its answer ---- */

static const char *const type_names[PAYMENT_TYPES] = {
    "authorize",           "capture", "void", "refund",      "chargeback",
    "chargeback_reversed", "expire",  "fail", "dispute_lost"};
static const char *const status_names[GATEWAY_FACT_REFUSED] = {
    "done", "pending", "refused"};

static str text_of(struct ctx *ctx, json_any at, const char *key, size_t most)
{
    str text = json_any_get_text(ctx->arena, at, key);
    return text.len <= most ? text : STR("");
}

/* 0 where it is none of them. */
static int index_of(str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(name, names[i]))
            return (int)i + 1;
    return 0;
}

/* False where an amount is there that makes no sense. */
static bool read_amount(struct ctx *ctx, json_any at, struct gateway_fact *ret)
{
    json_any amount = json_any_get(at, "amount");
    str currency = json_any_get_text(ctx->arena, amount, "currency");
    if (!json_any_has(at, "amount"))
        return true;
    return json_any_to_i64(json_any_get(amount, "amount"), &ret->amount) &&
           ret->amount > 0 && ret->amount <= LIMIT_MINOR &&
           currency_from_str(currency, ret->currency);
}

/* Text that goes back to it, or is a key: as a whole, or not at all. */
static bool read_key(struct ctx *ctx, json_any at, const char *key, str *ret)
{
    *ret = json_any_get_text(ctx->arena, at, key);
    return ret->len <= LIMIT_EXTERNAL_ID_BYTES;
}

static bool read_time(struct ctx *ctx, json_any at, const char *key,
                      utc_ms *ret)
{
    return !json_any_has(at, key) ||
           (time_from_text(json_any_get_text(ctx->arena, at, key), ret) &&
            *ret > 0);
}

static bool read_fact(struct ctx *ctx, json_any at, struct gateway_fact *ret)
{
    struct gateway_fact fact = {.text = STR("")};
    str status = text_of(ctx, at, "status", 20);
    fact.type = index_of(text_of(ctx, at, "type", 40), type_names,
                         COUNT_OF(type_names));
    fact.status = (enum gateway_status)index_of(status, status_names,
                                                COUNT_OF(status_names));
    fact.text = text_of(ctx, at, "detail", LIMIT_REASON_BYTES);
    fact.is_renewal = json_any_is_true(at, "renews");
    if (!fact.status || !read_amount(ctx, at, &fact) ||
        !read_key(ctx, at, "reference", &fact.reference) ||
        !read_key(ctx, at, "payment", &fact.payment) ||
        !read_key(ctx, at, "gateway_ref", &fact.gateway_ref) ||
        !read_key(ctx, at, "id", &fact.id) ||
        !read_key(ctx, at, "dispute", &fact.dispute) ||
        !read_time(ctx, at, "renews_until", &fact.renews_until) ||
        !read_time(ctx, at, "due_at", &fact.due_at) ||
        !read_time(ctx, at, "occurred_at", &fact.occurred_at) ||
        !read_time(ctx, at, "expires_at", &fact.expires_at))
        return false;
    *ret = fact;
    return true;
}

static struct gateway_outcome unknown(const char *why)
{
    return (struct gateway_outcome){.result = GATEWAY_UNKNOWN,
                                    .field = STR(""),
                                    .text = str_from_cstr(why)};
}

static struct gateway_outcome refused(struct ctx *ctx, json_any top)
{
    struct gateway_outcome outcome = {.result = GATEWAY_REFUSED};
    outcome.field = text_of(ctx, top, "field", 96);
    outcome.text = text_of(ctx, top, "detail", LIMIT_REASON_BYTES);
    if (outcome.text.len == 0)
        outcome.text = STR("the gateway refused it");
    return outcome;
}

/* What it did with one step. */
static struct gateway_outcome
read_step(struct ctx *ctx, const struct gateway_request *request, json_any top)
{
    struct gateway_fact *fact = arena_new(ctx->arena, struct gateway_fact);
    if (!read_fact(ctx, top, fact))
        return unknown("the answer makes no sense");
    if (fact->status == GATEWAY_FACT_REFUSED)
        return refused(ctx, top);
    if (fact->status == GATEWAY_FACT_PENDING)
        return unknown("the gateway has not decided yet");
    bool is_other = fact->type && fact->type != (int)request->op;
    bool is_strange =
        fact->reference.len && !str_equal(fact->reference, request->reference);
    if (is_other || is_strange || fact->id.len == 0)
        return unknown("the answer is one to another question");
    fact->type = (int)request->op;
    fact->reference = request->reference;
    fact->payment = request->payment;
    return (struct gateway_outcome){.result = GATEWAY_DONE,
                                    .field = STR(""),
                                    .text = STR(""),
                                    .facts = fact,
                                    .fact_count = 1};
}

/* All that it knows of a payment; what makes no sense makes the whole no
 * answer, for what is left out would be taken as not done. */
static struct gateway_outcome
read_all(struct ctx *ctx, const struct gateway_request *request, json_any top)
{
    json_any list = json_any_get(top, "transactions");
    size_t count = json_any_count(list);
    if (json_any_kind(list) != JSON_KIND_LIST || count > FACTS_MAX)
        return unknown("the answer makes no sense");
    struct gateway_fact *facts =
        arena_array(ctx->arena, struct gateway_fact, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct gateway_fact *fact = &facts[i];
        if (!read_fact(ctx, json_any_at(list, i), fact) || !fact->type ||
            fact->id.len == 0)
            return unknown("the answer makes no sense");
        fact->payment = request->payment;
    }
    return (struct gateway_outcome){.result = GATEWAY_DONE,
                                    .field = STR(""),
                                    .text = STR(""),
                                    .facts = facts,
                                    .fact_count = count};
}

static struct gateway_outcome read_body(struct ctx *ctx,
                                        const struct gateway_request *request,
                                        int status, str text)
{
    json_any top;
    struct gateway_outcome outcome = unknown("the answer makes no sense");
    if (json_any_parse(ctx, &text, &top) != OK) {
        err_clear(ctx);
        if (relay_is_refusal(status))
            outcome =
                (struct gateway_outcome){.result = GATEWAY_REFUSED,
                                         .field = STR(""),
                                         .text = STR("the gateway refused it")};
        return outcome;
    }
    bool is_done = status >= 200 && status < 300;
    if (relay_is_refusal(status))
        outcome = refused(ctx, top);
    else if (is_done && request->op == GATEWAY_LOOKUP)
        outcome = read_all(ctx, request, top);
    else if (is_done)
        outcome = read_step(ctx, request, top);
    json_any_close(top);
    return outcome;
}

static err_t read_reply(struct ctx *ctx, const struct gateway_account *account,
                        const struct gateway_request *request,
                        const struct outside_reply *reply,
                        struct gateway_outcome *ret)
{
    (void)account;
    if (!reply->is_answered) {
        *ret = unknown("no answer came");
        if (reply->is_unsent)
            ret->result = GATEWAY_LATER;
        return OK;
    }
    if (reply->status == 429) {
        *ret = unknown("the gateway is busy");
        ret->result = GATEWAY_LATER;
        ret->retry_after_s = reply->retry_after_s;
        return OK;
    }
    *ret = read_body(ctx, request, reply->status, reply->body);
    return OK;
}

/* ---- webhooks ---- */

static err_t judge(struct ctx *ctx, const struct gateway_account *account,
                   const struct outside_hook *hook, str *ret_event_id)
{
    TRY(relay_check_hook(ctx, account->secret, hook));
    if (hook->id.len == 0 || hook->id.len > LIMIT_EXTERNAL_ID_BYTES)
        return fail(ctx, ERR_UNAUTHENTICATED, "webhook-id", "no id, or a long");
    *ret_event_id = hook->id;
    return OK;
}

static err_t hear(struct ctx *ctx, const struct gateway_account *account,
                  str body, struct gateway_fact *ret)
{
    json_any top;
    (void)account;
    TRY(json_any_parse(ctx, &body, &top));
    bool is_good = read_fact(ctx, json_any_get(top, "event"), ret);
    json_any_close(top);
    bool is_of = is_good && (ret->payment.len > 0 || ret->gateway_ref.len > 0);
    if (!is_of || !ret->type || ret->id.len == 0)
        return fail_as(ctx, ERR_MALFORMED, "event_invalid", "event",
                       "an event has a type, a status, an id and the payment "
                       "or gateway_ref that it is of");
    return OK;
}

const struct gateway relay_gateway = {
    .name = "relay",
    .title = "A service of your own",
    .caps = 1 << GATEWAY_AUTHORIZE | 1 << GATEWAY_CAPTURE | 1 << GATEWAY_VOID |
            1 << GATEWAY_REFUND | 1 << GATEWAY_LOOKUP | GATEWAY_CAN_WEBHOOK |
            GATEWAY_CAN_RENEW | GATEWAY_IS_IDEMPOTENT,
    .needs_secret = true,
    .needs_token = true,
    .check = check,
    .ask = ask,
    .read = read_reply,
    .judge = judge,
    .hear = hear,
};
