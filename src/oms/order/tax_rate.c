/* tax_rate.c - the commands that write the tax tables. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/tax_int.h"
#include "store/event.h"

/* What is stored, and what this run adds to it. */
struct batch {
    struct ctx *ctx;
    struct tax_rate *known; /* Under the keys in question. */
    bool *is_own;           /* Of each: this run wrote it. */
    size_t known_count;
    struct tax_rate *added, *saved;
    size_t added_count, saved_count;
};

static str event_text(struct ctx *ctx, const struct tax_rate *rate)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "country", rate->country);
    json_put_str(&out, "region", rate->region);
    json_put_str(&out, "postal_prefix", rate->postal_prefix);
    json_put_str(&out, "tax_class", rate->tax_class);
    json_put_i64(&out, "layer", rate->layer);
    json_put_i64(&out, "rate_ppm", rate->rate_ppm);
    json_put_bool(&out, "is_active", rate->is_active);
    json_put_i64(&out, "version", rate->version);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t tell(struct ctx *ctx, str type, const struct tax_rate *rates,
                  size_t count)
{
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){
            .id = event_id(ctx, rates[i].id.v),
            .at = ctx->now,
            .type = type,
            .subject_kind = STR("tax_rate"),
            .subject_id = rates[i].id.v,
            .actor = ctx->actor,
            .data = event_text(ctx, &rates[i]),
        };
    return event_add_many(ctx, events, count);
}

static err_t open_batch(struct ctx *ctx, const struct tax_rate *rates,
                        size_t count, struct batch *ret)
{
    struct arena *arena = ctx->arena;
    struct tax_rate *known;
    size_t n;
    TRY(tax_rate_by_keys(ctx, rates, count, &known, &n));
    *ret = (struct batch){
        .ctx = ctx,
        .known = arena_array(arena, struct tax_rate, n + count),
        .is_own = arena_array(arena, bool, n + count),
        .known_count = n,
        .added = arena_array(arena, struct tax_rate, count),
        .saved = arena_array(arena, struct tax_rate, count),
    };
    if (n > 0)
        memcpy(ret->known, known, n * sizeof *known);
    return OK;
}

/* The rate of that key and beginning; NULL where there is none. */
static struct tax_rate *find_known(const struct batch *batch,
                                   const struct tax_rate *rate)
{
    for (size_t i = 0; i < batch->known_count; i++)
        if (batch->known[i].valid_from == rate->valid_from &&
            tax_rate_is_same_key(&batch->known[i], rate))
            return &batch->known[i];
    return NULL;
}

/* At any time one rate of a key holds. */
static err_t check_alone(const struct batch *batch, const struct tax_rate *rate)
{
    for (size_t i = 0; i < batch->known_count; i++) {
        const struct tax_rate *other = &batch->known[i];
        if (other->id.v == rate->id.v || !tax_rate_is_same_key(other, rate) ||
            !tax_rate_is_overlap(other, rate))
            continue;
        char text[ID_TEXT_BYTES];
        int len = (int)id_to_text("txr", other->id.v, text);
        return fail_as(batch->ctx, ERR_CONFLICT, "rate_overlaps", "valid_from",
                       "%.*s of the same place, class and layer holds at the "
                       "same time; end it first",
                       len, text);
    }
    return OK;
}

static err_t add(struct batch *batch, struct tax_rate *rate)
{
    struct ctx *ctx = batch->ctx;
    rate->id.v = id_next(ctx->ids, ctx->now, 0);
    rate->version = 1;
    rate->created_at = rate->updated_at = ctx->now;
    TRY(check_alone(batch, rate));
    batch->is_own[batch->known_count] = true;
    batch->known[batch->known_count++] = *rate;
    batch->added[batch->added_count++] = *rate;
    return OK;
}

/* `rate` in place of the one that is known. */
static err_t replace(struct batch *batch, struct tax_rate *known,
                     struct tax_rate *rate)
{
    rate->id = known->id;
    rate->version = known->version + 1;
    rate->created_at = known->created_at;
    rate->updated_at = batch->ctx->now;
    TRY(check_alone(batch, rate));
    batch->is_own[known - batch->known] = true;
    *known = *rate;
    batch->saved[batch->saved_count++] = *rate;
    return OK;
}

static err_t put_one(struct batch *batch, struct tax_rate *rate, bool *is_new)
{
    TRY(tax_rate_check(batch->ctx, rate));
    struct tax_rate *known = find_known(batch, rate);
    *is_new = !known;
    if (!known)
        return add(batch, rate);
    if (batch->is_own[known - batch->known])
        return fail_as(batch->ctx, ERR_CONFLICT, "rate_exists", "valid_from",
                       "it stands in the list twice");
    return replace(batch, known, rate);
}

static err_t write_batch(struct batch *batch)
{
    struct ctx *ctx = batch->ctx;
    int64_t changed;
    if (batch->added_count > 0) {
        TRY(tax_rate_add_many(ctx, batch->added, batch->added_count, &changed));
        if (changed != (int64_t)batch->added_count)
            return ERR_RETRY; /* Another writer was faster: look again. */
        TRY(tell(ctx, STR("tax_rate.created"), batch->added,
                 batch->added_count));
    }
    if (batch->saved_count == 0)
        return OK;
    TRY(tax_rate_save_many(ctx, batch->saved, batch->saved_count, &changed));
    if (changed != (int64_t)batch->saved_count)
        return ERR_RETRY;
    return tell(ctx, STR("tax_rate.changed"), batch->saved, batch->saved_count);
}

/* In the form of the stored ones, so that keys are found. */
static struct tax_rate *plain_places(struct ctx *ctx,
                                     const struct tax_rate *rates, size_t count)
{
    struct tax_rate *own = arena_array(ctx->arena, struct tax_rate, count);
    for (size_t i = 0; i < count; i++) {
        struct tax_place place =
            tax_place_of(ctx->arena, rates[i].country, rates[i].region,
                         rates[i].postal_prefix);
        own[i] = rates[i];
        own[i].region = place.region;
        own[i].postal_prefix = place.postal_code;
    }
    return own;
}

err_t tax_rate_put_many(struct ctx *ctx, const struct tax_rate *rates,
                        size_t count, struct tax_rate_result *results)
{
    ASSERT(ctx->tx != NULL);
    struct tax_rate *own = plain_places(ctx, rates, count);
    struct batch batch;
    TRY(open_batch(ctx, own, count, &batch));
    for (size_t i = 0; i < count; i++) {
        struct tax_rate_result *to = &results[i];
        *to = (struct tax_rate_result){.rate = own[i]};
        to->err = put_one(&batch, &to->rate, &to->is_new);
        if (to->err != OK) {
            to->problem = ctx->err;
            err_clear(ctx);
        }
    }
    return write_batch(&batch);
}

err_t tax_rate_create(struct ctx *ctx, const struct tax_rate *rate,
                      struct tax_rate *ret)
{
    ASSERT(ctx->tx != NULL);
    struct tax_rate *own = plain_places(ctx, rate, 1);
    struct batch batch;
    TRY(tax_rate_check(ctx, own));
    TRY(open_batch(ctx, own, 1, &batch));
    if (find_known(&batch, own))
        return fail_as(ctx, ERR_CONFLICT, "rate_exists", "valid_from",
                       "there is a rate of this place, class and layer from "
                       "then on");
    TRY(add(&batch, own));
    TRY(write_batch(&batch));
    *ret = *own;
    return OK;
}

err_t tax_rate_change(struct ctx *ctx, const struct tax_rate *rate,
                      struct tax_rate *ret)
{
    ASSERT(ctx->tx != NULL);
    struct tax_rate *own = plain_places(ctx, rate, 1), known;
    struct batch batch;
    TRY(tax_rate_check(ctx, own));
    TRY(tax_rate_lock(ctx, rate->id, &known));
    TRY(check_version(ctx, rate->version, known.version));
    TRY(open_batch(ctx, own, 1, &batch));
    const struct tax_rate *other = find_known(&batch, own);
    if (other && other->id.v != own->id.v)
        return fail_as(ctx, ERR_CONFLICT, "rate_exists", "valid_from",
                       "there is a rate of this place, class and layer from "
                       "then on");
    own->version = known.version + 1;
    own->created_at = known.created_at;
    own->updated_at = ctx->now;
    TRY(check_alone(&batch, own));
    batch.saved[batch.saved_count++] = *own;
    TRY(write_batch(&batch));
    *ret = *own;
    return OK;
}
