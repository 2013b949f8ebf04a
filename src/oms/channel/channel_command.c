/* channel_command.c - the commands that create and change a channel. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/channel/channel_rules.h"
#include "oms/channel/channel_store.h"
#include "store/event.h"

/* `before`: as it was. Fulfillment looks at a channel's orders again where its
 * rule of payment has changed. */
static err_t tell(struct ctx *ctx, const char *type,
                  const struct channel *before, const struct channel *channel)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", channel->code);
    json_put_bool(&out, "is_active", channel->is_active);
    if (before->payment_release != channel->payment_release)
        json_put_cstr(&out, "payment_release",
                      payment_release_names[channel->payment_release - 1]);
    json_put_i64(&out, "version", channel->version);
    json_end_object(&out);
    return event_add(ctx, type, "channel", channel->id.v, buf_str(&buf), NULL);
}

err_t channel_create(struct ctx *ctx, const struct channel_cmd *cmd,
                     struct channel *ret)
{
    ASSERT(ctx->tx != NULL);
    struct channel channel = {
        .code = cmd->code,
        .name = cmd->name,
        .type = cmd->type,
        .tz = cmd->tz,
        .tax_mode = cmd->tax_mode,
        .rounding = cmd->rounding,
        .stock_policy = cmd->stock_policy,
        .payment_release =
            cmd->payment_release ? cmd->payment_release : RELEASE_ALWAYS,
        .payment_capture =
            cmd->payment_capture ? cmd->payment_capture : CAPTURE_MANUAL,
        .taxes = cmd->taxes ? cmd->taxes : TAXES_GIVEN,
        .tax_round = cmd->tax_round ? cmd->tax_round : TAX_ROUND_LINE,
        .tax_country = cmd->tax_country,
        .tax_region = cmd->tax_region,
        .tax_postal_code = cmd->tax_postal_code,
        .number_prefix = cmd->number_prefix,
        .is_active = true,
        .version = 1,
        .brand = cmd->brand,
        .attrs = cmd->attrs.len > 0 ? cmd->attrs : STR("{}"),
        .created_at = ctx->now,
    };
    memcpy(channel.currency, cmd->currency, sizeof channel.currency);
    TRY(channel_check(ctx, &channel));
    struct channel other;
    bool found;
    TRY(channel_find(ctx, cmd->code, &other, &found));
    if (found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a channel with this code");
    channel.id.v = id_next(ctx->ids, ctx->now, 0);
    int64_t added;
    TRY(channel_row_add(ctx, &channel, &added));
    if (added != 1)
        return ERR_RETRY; /* Another writer was faster: look again. */
    TRY(tell(ctx, "channel.created", &channel, &channel));
    *ret = channel;
    return OK;
}

static void apply(const struct channel_change *change, struct channel *channel)
{
    if (change->name)
        channel->name = *change->name;
    if (change->brand)
        channel->brand = *change->brand;
    if (change->tz)
        channel->tz = *change->tz;
    if (change->number_prefix)
        channel->number_prefix = *change->number_prefix;
    if (change->attrs)
        channel->attrs = *change->attrs;
    if (change->type)
        channel->type = *change->type;
    if (change->tax_mode)
        channel->tax_mode = *change->tax_mode;
    if (change->rounding)
        channel->rounding = *change->rounding;
    if (change->stock_policy)
        channel->stock_policy = *change->stock_policy;
    if (change->payment_release)
        channel->payment_release = *change->payment_release;
    if (change->payment_capture)
        channel->payment_capture = *change->payment_capture;
    if (change->taxes)
        channel->taxes = *change->taxes;
    if (change->tax_round)
        channel->tax_round = *change->tax_round;
    if (change->tax_country)
        channel->tax_country = *change->tax_country;
    if (change->tax_region)
        channel->tax_region = *change->tax_region;
    if (change->tax_postal_code)
        channel->tax_postal_code = *change->tax_postal_code;
    if (change->is_active)
        channel->is_active = *change->is_active;
}

err_t channel_change(struct ctx *ctx, channel_id id,
                     const struct channel_change *change, struct channel *ret)
{
    ASSERT(ctx->tx != NULL);
    struct channel channel;
    TRY(channel_row_lock(ctx, id, &channel));
    TRY(check_version(ctx, change->version, channel.version));
    const struct channel before = channel;
    apply(change, &channel);
    TRY(channel_check(ctx, &channel));
    TRY(channel_row_save(ctx, &channel));
    ASSERT(channel.version == change->version + 1);
    if (change->brand)
        TRY(channel_stamp(ctx));
    TRY(tell(ctx, "channel.changed", &before, &channel));
    *ret = channel;
    return OK;
}
