/* relay.c - requests to JSON and answers back, for a service of the
 * merchant's own. */
#include "connect/carrier/relay/relay.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_any.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "connect/relay.h"
#include "oms/shipping/shipping_package.h"

enum {
    REQUEST_BYTES = 4 * 1024 * 1024,
    TRACES_MAX = 500,
    RATES_MAX = 100,
    DAYS_MAX = 365,
    TRACK_MINUTES_MIN = 15,
    TRACK_MINUTES_MAX = 7 * 24 * 60
};

struct settings {
    str url;
    int64_t track_minutes; /* 0: nobody asks. */
    bool has_rates;
};

static err_t read_settings(struct ctx *ctx, str text, struct settings *ret)
{
    struct json_in *in;
    *ret = (struct settings){0};
    TRY(json_parse(ctx, text, &in));
    TRY(relay_read_url(ctx, in, &ret->url));
    TRY(json_opt_i64(in, "track_minutes", TRACK_MINUTES_MIN, TRACK_MINUTES_MAX,
                     &ret->track_minutes));
    TRY(json_opt_bool(in, "rates", &ret->has_rates));
    return json_end(in);
}

static err_t check(struct ctx *ctx, str text)
{
    struct settings settings;
    return read_settings(ctx, text, &settings);
}

static void habits(struct ctx *ctx, str text, struct carrier_habits *ret)
{
    struct settings settings;
    if (read_settings(ctx, text, &settings) != OK)
        err_clear(ctx);
    *ret = (struct carrier_habits){.track_every_ms =
                                       settings.track_minutes * 60 * 1000,
                                   .has_rates = settings.has_rates};
}

/* ---- asking ---- */

static void put_known(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
}

static void put_address(struct json_out *out, const char *key,
                        const struct carrier_address *a)
{
    json_begin(out, key);
    put_known(out, "name", a->name);
    put_known(out, "company", a->company);
    put_known(out, "line1", a->line1);
    put_known(out, "line2", a->line2);
    put_known(out, "line3", a->line3);
    put_known(out, "city", a->city);
    put_known(out, "region", a->region);
    put_known(out, "postal_code", a->postal_code);
    put_known(out, "country", a->country);
    put_known(out, "phone", a->phone);
    put_known(out, "email", a->email);
    json_end_object(out);
}

static void put_parcel(struct json_out *out, const struct carrier_parcel *p)
{
    json_begin(out, "parcel");
    json_put_i64(out, "weight_g", p->weight_g);
    json_put_i64(out, "length_mm", p->length_mm);
    json_put_i64(out, "width_mm", p->width_mm);
    json_put_i64(out, "height_mm", p->height_mm);
    put_known(out, "sscc", p->sscc);
    json_end_object(out);
}

static str make_body(struct arena *arena, const struct carrier_request *r)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, REQUEST_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "operation", carrier_op_name(r->op));
    json_put_str(&out, "reference", r->reference);
    put_known(&out, "service", r->service);
    put_known(&out, "tracking", r->tracking);
    put_known(&out, "carrier_ref", r->carrier_ref);
    if (r->op == CARRIER_LABEL || r->op == CARRIER_RATE) {
        put_address(&out, "from", &r->from);
        put_address(&out, "to", &r->to);
        put_parcel(&out, &r->parcel);
        put_known(&out, "incoterm", r->incoterm);
    }
    if (r->op == CARRIER_PICKUP) {
        put_address(&out, "from", &r->from);
        json_put_time(&out, "ready_at", r->ready_at);
        json_put_time(&out, "until", r->until);
    }
    if (r->tracking_count) {
        json_begin_list(&out, "trackings");
        for (size_t i = 0; i < r->tracking_count; i++)
            json_put_str(&out, NULL, r->trackings[i]);
        json_end_list(&out);
    }
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

static err_t ask(struct ctx *ctx, const struct carrier_account *account,
                 const struct carrier_request *request,
                 struct outside_call *ret)
{
    struct settings settings;
    TRY(read_settings(ctx, account->settings, &settings));
    *ret = relay_call(ctx->arena, settings.url, account->secret,
                      make_body(ctx->arena, request));
    return OK;
}

/* ---- its answer ---- */

static str text_of(struct ctx *ctx, json_any at, const char *key, size_t most)
{
    str text = json_any_get_text(ctx->arena, at, key);
    return text.len <= most ? text : STR("");
}

static bool read_money(struct ctx *ctx, json_any at, money *ret)
{
    str currency = json_any_get_text(ctx->arena, at, "currency");
    int64_t minor;
    if (!json_any_to_i64(json_any_get(at, "amount"), &minor) || minor < 0 ||
        minor > LIMIT_MINOR || !currency_from_str(currency, ret->currency))
        return false;
    ret->minor = minor;
    return true;
}

static bool read_rate(struct ctx *ctx, json_any at, struct carrier_rate *ret)
{
    *ret = (struct carrier_rate){
        .service = text_of(ctx, at, "service", LIMIT_CODE_BYTES), .days = -1};
    int64_t days;
    if (json_any_to_i64(json_any_get(at, "days"), &days) && days >= 0 &&
        days <= DAYS_MAX)
        ret->days = days;
    return ret->service.len > 0 &&
           read_money(ctx, json_any_get(at, "price"), &ret->price);
}

/* What makes no sense in it is left out. */
static bool read_rates(struct ctx *ctx, json_any top,
                       struct carrier_outcome *ret)
{
    json_any list = json_any_get(top, "rates");
    size_t count = json_any_count(list);
    if (json_any_kind(list) != JSON_KIND_LIST)
        return false;
    if (count > RATES_MAX)
        count = RATES_MAX;
    struct carrier_rate *rates =
        arena_array(ctx->arena, struct carrier_rate, count + 1);
    for (size_t i = 0; i < count; i++)
        if (read_rate(ctx, json_any_at(list, i), &rates[ret->rate_count]))
            ret->rate_count++;
    ret->rates = rates;
    return true;
}

/* `tracking` where it names none. */
static bool read_trace(struct ctx *ctx, json_any at, str tracking,
                       struct carrier_trace *ret)
{
    enum trace_code code;
    str name = json_any_get_text(ctx->arena, at, "code");
    str when = json_any_get_text(ctx->arena, at, "occurred_at");
    if (!trace_code_from_name(name, &code))
        code = TRACE_OTHER;
    *ret = (struct carrier_trace){
        .tracking = text_of(ctx, at, "tracking", LIMIT_CODE_BYTES),
        .raw = text_of(ctx, at, "text", LIMIT_REASON_BYTES),
        .place = text_of(ctx, at, "place", LIMIT_NAME_BYTES),
        .event_key = text_of(ctx, at, "id", LIMIT_EXTERNAL_ID_BYTES),
        .code = code,
    };
    if (ret->tracking.len == 0)
        ret->tracking = tracking;
    return time_from_text(when, &ret->occurred_at) && ret->tracking.len > 0;
}

static void read_traces(struct ctx *ctx, json_any top, str tracking,
                        struct carrier_outcome *ret)
{
    json_any list = json_any_get(top, "events");
    size_t count = json_any_count(list);
    if (json_any_kind(list) != JSON_KIND_LIST)
        return;
    if (count > TRACES_MAX)
        count = TRACES_MAX;
    struct carrier_trace *traces =
        arena_array(ctx->arena, struct carrier_trace, count + 1);
    for (size_t i = 0; i < count; i++)
        if (read_trace(ctx, json_any_at(list, i), tracking,
                       &traces[ret->trace_count]))
            ret->trace_count++;
    ret->traces = traces;
}

/* False where the answer is no answer to that question. */
static bool read_done(struct ctx *ctx, const struct carrier_request *request,
                      json_any top, struct carrier_outcome *ret)
{
    bool wants_label = request->op == CARRIER_LABEL;
    bool is_track = request->op == CARRIER_TRACK;
    if (request->op == CARRIER_LOOKUP) {
        if (json_any_kind(json_any_get(top, "found")) != JSON_KIND_BOOL)
            return false;
        ret->is_found = json_any_is_true(top, "found");
        wants_label = ret->is_found;
    }
    ret->tracking = text_of(ctx, top, "tracking", LIMIT_CODE_BYTES);
    ret->carrier_ref = text_of(ctx, top, "carrier_ref", LIMIT_CODE_BYTES);
    ret->label_zpl = json_any_get_text(ctx->arena, top, "label_zpl");
    ret->label_pdf = json_any_get_text(ctx->arena, top, "label_pdf");
    ret->confirmation = text_of(ctx, top, "confirmation", LIMIT_CODE_BYTES);
    ret->has_cost = read_money(ctx, json_any_get(top, "cost"), &ret->cost);
    read_traces(ctx, top, is_track ? request->tracking : STR(""), ret);
    if (is_track &&
        json_any_kind(json_any_get(top, "events")) != JSON_KIND_LIST)
        return false;
    if (request->op == CARRIER_RATE && !read_rates(ctx, top, ret))
        return false;
    return !wants_label || ret->tracking.len > 0;
}

static struct carrier_outcome unknown(const char *why)
{
    return (struct carrier_outcome){.result = CARRIER_UNKNOWN,
                                    .field = STR(""),
                                    .text = str_from_cstr(why)};
}

static struct carrier_outcome read_refusal(struct ctx *ctx, json_any top)
{
    struct carrier_outcome outcome = {.result = CARRIER_REFUSED};
    outcome.field = text_of(ctx, top, "field", 96);
    outcome.text = text_of(ctx, top, "detail", LIMIT_REASON_BYTES);
    if (outcome.text.len == 0)
        outcome.text = STR("the carrier refused it");
    return outcome;
}

static err_t read_reply(struct ctx *ctx, const struct carrier_account *account,
                        const struct carrier_request *request,
                        const struct outside_reply *reply,
                        struct carrier_outcome *ret)
{
    json_any top;
    str text = reply->body;
    (void)account;
    if (!reply->is_answered) {
        *ret = unknown("no answer came");
        if (reply->is_unsent)
            ret->result = CARRIER_LATER;
        return OK;
    }
    if (reply->status == 429) {
        *ret = unknown("the carrier is busy");
        ret->result = CARRIER_LATER;
        ret->retry_after_s = reply->retry_after_s;
        return OK;
    }
    bool is_done = reply->status >= 200 && reply->status < 300;
    *ret = unknown("the answer makes no sense");
    if (json_any_parse(ctx, &text, &top) != OK) {
        err_clear(ctx);
        if (relay_is_refusal(reply->status)) {
            ret->result = CARRIER_REFUSED;
            ret->text = STR("the carrier refused it");
        }
        return OK;
    }
    struct carrier_outcome outcome = {
        .result = CARRIER_DONE, .field = STR(""), .text = STR("")};
    if (relay_is_refusal(reply->status))
        *ret = read_refusal(ctx, top);
    else if (is_done && read_done(ctx, request, top, &outcome))
        *ret = outcome;
    json_any_close(top);
    return OK;
}

/* ---- webhooks ---- */

static err_t webhook(struct ctx *ctx, const struct carrier_account *account,
                     const struct outside_hook *hook)
{
    return relay_check_hook(ctx, account->secret, hook);
}

static err_t hear(struct ctx *ctx, str body, struct carrier_outcome *ret)
{
    json_any top;
    str text = body;
    TRY(json_any_parse(ctx, &text, &top));
    *ret = (struct carrier_outcome){.result = CARRIER_DONE};
    read_traces(ctx, top, STR(""), ret);
    json_any_close(top);
    return OK;
}

const struct carrier relay_carrier = {
    .name = "relay",
    .title = "A service of your own",
    .caps = 1 << CARRIER_LABEL | 1 << CARRIER_VOID | 1 << CARRIER_LOOKUP |
            1 << CARRIER_MANIFEST | 1 << CARRIER_PICKUP | 1 << CARRIER_TRACK |
            1 << CARRIER_RATE | CARRIER_CAN_WEBHOOK,
    .line_max = 0,
    .needs_secret = true,
    .check = check,
    .habits = habits,
    .ask = ask,
    .read = read_reply,
    .webhook = webhook,
    .hear = hear,
};
