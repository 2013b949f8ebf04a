/* demo_deed.c - what people do in a tale: calls of the API, each in its hour.
 *
 * In the body of a deed stand, and are filled in as it is done:
 *
 *   @v       the version of what it is done to
 *   @cur     the currency of the order
 *   @at+48   48 hours from the hour of the tale, as time
 *   @now+48  48 hours from now; the same, but where all happens at once
 *   @id:ret  the id of the return that the tale knows of
 */
#include "app/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_types.h"
#include "store/store.h"

enum { HOUR_MS = 60 * 60 * 1000 };

/* What has a version, and how it is read. */
static const struct {
    const char *prefix, *operation;
} readers[] = {
    {"ord", "getOrder"           },
    {"pay", "getPayment"         },
    {"ret", "getReturn"          },
    {"exc", "getExchange"        },
    {"chg", "getOrderChange"     },
    {"fo",  "getFulfillmentOrder"},
    {"po",  "getPurchaseOrder"   },
    {"trf", "getTransfer"        },
    {"cnt", "getCount"           },
    {"drf", "getDraft"           },
    {"cmp", "getCompany"         },
    {"blk", "getBlanketOrder"    },
    {"chn", "getChannel"         },
};

const char *demo_id(struct ctx *ctx, const char *prefix, int64_t id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    return str_to_cstr(ctx->arena, (str){text, len});
}

static const char *thing(const struct demo_tale *tale, const char *prefix,
                         size_t len)
{
    for (size_t i = 0; i < tale->thing_count; i++)
        if (strlen(tale->things[i].prefix) == len &&
            memcmp(tale->things[i].prefix, prefix, len) == 0)
            return tale->things[i].id;
    UNREACHABLE("the tale has no such thing");
}

void demo_remember(struct demo_tale *tale, str id)
{
    size_t i = 0, len = 0;
    while (len < id.len && id.ptr[len] != '_')
        len++;
    ASSERT(len < sizeof tale->things[0].prefix && id.len <= ID_TEXT_BYTES);
    while (i < tale->thing_count &&
           memcmp(tale->things[i].id, id.ptr, len + 1) != 0)
        i++;
    ASSERT(i < DEMO_THINGS);
    if (i == tale->thing_count)
        tale->thing_count++;
    tale->things[i] = (struct demo_thing){{0}, {0}};
    memcpy(tale->things[i].prefix, id.ptr, len);
    memcpy(tale->things[i].id, id.ptr, id.len);
}

/* ---- the body ---- */

struct deed_run {
    const struct demo *demo;
    struct demo_tale *tale;
    const struct demo_deed *deed;
};

static err_t version_of(struct ctx *ctx, const struct deed_run *run,
                        int64_t *ret)
{
    const char *of = run->deed->of;
    struct json_in *reply;
    for (size_t i = 0; i < COUNT_OF(readers); i++)
        if (strcmp(readers[i].prefix, of) == 0) {
            TRY(demo_call(ctx, readers[i].operation,
                          thing(run->tale, of, strlen(of)), STR_NONE, &reply));
            return json_get_i64(reply, "version", 1, INT64_MAX, ret);
        }
    UNREACHABLE("nobody knows how to read it");
}

static err_t currency_of(struct ctx *ctx, const struct deed_run *run, str *ret)
{
    struct json_in *reply;
    TRY(demo_call(ctx, "getOrder", thing(run->tale, "ord", 3), STR_NONE,
                  &reply));
    return json_get_str(reply, "currency", 3, 3, ret);
}

static bool starts(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void add_time(struct buf *body, utc_ms from, const char **at)
{
    char text[TIME_TEXT_BYTES];
    size_t len = strspn(*at, "+-0123456789"), sign = **at == '+';
    int64_t hours = 0;
    bool is_number = str_to_i64((str){*at + sign, len - sign}, &hours);
    ASSERT(is_number);
    time_to_text(from + hours * HOUR_MS, text);
    buf_addf(body, "\"%.*s\"", (int)sizeof text, text);
    *at += len;
}

/* What stands at an @. */
static err_t add_filled(struct ctx *ctx, const struct deed_run *run,
                        struct buf *body, const char **at)
{
    if (starts(*at, "@at")) {
        *at += strlen("@at");
        add_time(body,
                 run->demo->begun_at +
                     (utc_ms)(run->tale->hour + run->deed->hour) * HOUR_MS,
                 at);
    } else if (starts(*at, "@now")) {
        *at += strlen("@now");
        add_time(body, ctx->now, at);
    } else if (starts(*at, "@id:")) {
        *at += strlen("@id:");
        size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz");
        buf_addf(body, "\"%s\"", thing(run->tale, *at, len));
        *at += len;
    } else if (starts(*at, "@cur")) {
        str currency;
        TRY(currency_of(ctx, run, &currency));
        buf_addf(body, "\"%.*s\"", STR_ARG(currency));
        *at += strlen("@cur");
    } else {
        int64_t version;
        ASSERT(starts(*at, "@v"));
        TRY(version_of(ctx, run, &version));
        buf_addf(body, "%lld", (long long)version);
        *at += strlen("@v");
    }
    return OK;
}

static err_t fill(struct ctx *ctx, const struct deed_run *run, struct buf *body)
{
    const char *at = run->deed->body;
    ASSERT(*at == '{');
    while (*at) {
        size_t len = strcspn(at, "@");
        buf_add(body, at, len);
        at += len;
        if (*at == '@' && at[-1] != ':') /* Of an e-mail address. */
            buf_add(body, at++, 1);
        else if (*at)
            TRY(add_filled(ctx, run, body, &at));
    }
    return OK;
}

/* ---- the deed ---- */

/* What it made is known from now on: itself, a parcel, an order. */
static err_t read_reply(struct ctx *ctx, const struct deed_run *run,
                        struct json_in *reply)
{
    struct demo_tale *tale = run->tale;
    struct json_list parcels;
    struct json_in *parcel;
    str id;
    if (json_has(reply, "id")) {
        TRY(json_get_str(reply, "id", 1, ID_TEXT_BYTES, &id));
        demo_remember(tale, id);
    }
    if (strcmp(run->deed->operation, "convertDraft") == 0) {
        struct json_in *order;
        TRY(json_get_object(reply, "order", &order));
        TRY(json_get_id(order, "id", "ord", &tale->id.v));
        demo_remember(tale, str_from_cstr(demo_id(ctx, "ord", tale->id.v)));
    }
    if (strcmp(run->deed->operation, "labelReturn") == 0) {
        TRY(json_get_list(reply, "parcels", 1, 50, &parcels));
        TRY(json_list_object(&parcels, 0, &parcel));
        TRY(json_get_str(parcel, "package_id", 1, ID_TEXT_BYTES, &id));
        demo_remember(tale, id);
        return demo_answer_calls(ctx);
    }
    return OK;
}

/* Fulfillment orders and pickups come by themselves. */
static err_t find_fo(struct ctx *ctx, struct demo_tale *tale)
{
    struct fulfillment *fos;
    size_t count;
    TRY(fulfillment_list_order(ctx, tale->id, &fos, &count));
    ASSERT(count > 0);
    demo_remember(tale, str_from_cstr(demo_id(ctx, "fo", fos[0].id.v)));
    return OK;
}

static err_t do_one(struct ctx *ctx, const struct deed_run *run)
{
    const struct demo_deed *deed = run->deed;
    struct json_in *reply;
    struct buf body;
    if (!deed->operation) {
        run->tale->stage = 0;
        run->tale->walk_hour = run->tale->hour + deed->hour;
        return OK;
    }
    if (strcmp(deed->operation, "createWebhook") == 0 && !store_secrets(ctx))
        return OK;
    if (deed->of && strcmp(deed->of, "fo") == 0)
        TRY(find_fo(ctx, run->tale));
    buf_init(&body, ctx->arena, LIMIT_REPLY_BYTES);
    TRY(fill(ctx, run, &body));
    TRY(demo_call(ctx, deed->operation,
                  deed->of ? thing(run->tale, deed->of, strlen(deed->of))
                           : NULL,
                  buf_str(&body), &reply));
    return read_reply(ctx, run, reply);
}

err_t demo_do(struct ctx *ctx, const struct demo *demo, int hour,
              struct demo_tale *tale)
{
    while (tale->done < tale->deed_count &&
           tale->hour + tale->deeds[tale->done].hour <= hour) {
        const struct deed_run run = {demo, tale, &tale->deeds[tale->done++]};
        TRY(do_one(ctx, &run));
    }
    return OK;
}
