/* order_price.c - discounts of an order as amounts on its lines. Pure. */
#include "oms/order/order_price.h"
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"

/* A line while its discounts are found. */
struct part {
    struct order_line_cmd line;
    struct order_discount *discounts; /* Its own and its shares. */
    size_t count;
    int64_t left; /* Of its price. */
};

static err_t percent(struct ctx *ctx, const struct order_cmd *cmd,
                     int64_t amount, int64_t ppm, enum rounding rounding,
                     int64_t *ret)
{
    money part;
    TRY(money_mul_ratio(ctx, money_make(amount, cmd->currency), ppm,
                        (int64_t)1000 * 1000, rounding, &part));
    *ret = part.minor;
    return OK;
}

static err_t fail_large(struct ctx *ctx, const char *field, int64_t left)
{
    return fail_as(ctx, ERR_INVALID, "discount_too_large", field,
                   "must be %lld at most, which is left of the price",
                   (long long)left);
}

/* The discounts that the line names, or the one it has as a sum. */
static err_t open_part(struct ctx *ctx, const struct order_asked *asked,
                       size_t i, enum rounding rounding, struct part *ret)
{
    const struct order_cmd *cmd = &asked->cmd;
    const struct order_line_cmd *line = &cmd->lines[i];
    char field[64];
    int64_t gross;
    snprintf(field, sizeof field, "lines[%zu].discounts", i);
    if (!i64_mul(line->qty, line->unit_price, &gross) || gross > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", field,
                       "the line is too large");
    *ret = (struct part){.line = *line, .left = gross};
    ret->discounts =
        arena_array(ctx->arena, struct order_discount,
                    line->discount_count + asked->discount_count + 1);
    for (size_t j = 0; j < line->discount_count; j++) {
        struct order_discount *to = &ret->discounts[ret->count++];
        *to = line->discounts[j];
        if (to->amount == -1)
            TRY(percent(ctx, cmd, gross, to->rate_ppm, rounding, &to->amount));
        if (to->amount > ret->left)
            return fail_large(ctx, field, ret->left);
        ret->left -= to->amount;
    }
    if (line->discount_count > 0)
        return OK;
    if (line->discount > ret->left)
        return fail_large(ctx, field, ret->left);
    ret->left -= line->discount;
    if (line->discount > 0 && asked->discount_count > 0)
        ret->discounts[ret->count++] = (struct order_discount){
            .title = STR("Discount"), .amount = line->discount};
    return OK;
}

/* Shares one discount on the whole out to what is left of the lines. */
static err_t share_out(struct ctx *ctx, const struct order_asked *asked,
                       size_t at, enum rounding rounding, struct part *parts)
{
    const struct order_cmd *cmd = &asked->cmd;
    const struct order_discount *whole = &asked->discounts[at];
    size_t count = cmd->line_count;
    int64_t *weights = arena_array(ctx->arena, int64_t, count), left = 0;
    money *shares = arena_array(ctx->arena, money, count);
    int64_t amount = whole->amount;
    char field[32];
    for (size_t i = 0; i < count; i++) {
        weights[i] = parts[i].left; /* LIMIT_MINOR each, a thousand. */
        left += parts[i].left;
    }
    if (amount == -1)
        TRY(percent(ctx, cmd, left, whole->rate_ppm, rounding, &amount));
    snprintf(field, sizeof field, "discounts[%zu]", at);
    if (amount > left)
        return fail_large(ctx, field, left);
    if (amount == 0)
        return OK;
    TRY(money_split(ctx, money_make(amount, cmd->currency), weights, count,
                    shares));
    for (size_t i = 0; i < count; i++) {
        if (shares[i].minor == 0)
            continue;
        parts[i].left -= shares[i].minor;
        ASSERT(parts[i].left >= 0);
        parts[i].discounts[parts[i].count++] =
            (struct order_discount){.title = whole->title,
                                    .rate_ppm = whole->rate_ppm,
                                    .amount = shares[i].minor};
    }
    return OK;
}

static void close_part(const struct part *part, struct order_line_cmd *ret)
{
    int64_t sum = 0;
    *ret = part->line;
    for (size_t i = 0; i < part->count; i++)
        sum += part->discounts[i].amount;
    if (part->count > 0)
        ret->discount = sum;
    ret->discounts = part->discounts;
    ret->discount_count = part->count;
    ret->total = -1;
}

err_t order_discounts_apply(struct ctx *ctx, const struct order_asked *asked,
                            enum rounding rounding, struct order_cmd *ret)
{
    size_t count = asked->cmd.line_count;
    struct part *parts = arena_array(ctx->arena, struct part, count);
    for (size_t i = 0; i < count; i++)
        TRY(open_part(ctx, asked, i, rounding, &parts[i]));
    for (size_t i = 0; i < asked->discount_count; i++)
        TRY(share_out(ctx, asked, i, rounding, parts));
    *ret = asked->cmd;
    ret->lines = arena_array(ctx->arena, struct order_line_cmd, count);
    for (size_t i = 0; i < count; i++) {
        close_part(&parts[i], &ret->lines[i]);
        if (parts[i].count > LIMIT_DISCOUNTS)
            return fail_as(ctx, ERR_INVALID, "list_too_long", "discounts",
                           "a line has at most %d discounts", LIMIT_DISCOUNTS);
    }
    ret->totals = NULL;
    return OK;
}
