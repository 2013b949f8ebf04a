/* payment_credit.c - the commands of gift cards and store credit. */
#include "oms/payment/payment_credit.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/customer/customer.h"
#include "oms/payment/payment_credit_store.h"

/* ---- codes ---- */

enum { CODE_DIGITS = 16, CODE_GROUP = 4 };
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* 80 random bits: "7k3m-9qx2-…". */
static str make_code(struct arena *arena)
{
    char text[CREDIT_CODE_BYTES];
    size_t at = 0;
    for (int i = 0; i < CODE_DIGITS; i++) {
        if (i > 0 && i % CODE_GROUP == 0)
            text[at++] = '-';
        text[at++] = digits[randombytes_uniform(32)];
    }
    return str_copy(arena, (str){text, at});
}

/* As people write them: of any case, O for 0, I and L for 1, gaps anywhere. */
static str plain_code(struct arena *arena, str code)
{
    char *text = arena_array(arena, char, code.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c == 'o')
            c = '0';
        if (c == 'i' || c == 'l')
            c = '1';
        if (c != '-' && c != ' ')
            text[n++] = c;
    }
    return (str){text, n};
}

static str hash_code(struct arena *arena, str code)
{
    enum { BYTES = crypto_generichash_BYTES };
    unsigned char hash[BYTES];
    char text[BYTES * 2 + 1];
    str plain = plain_code(arena, code);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)plain.ptr,
                       plain.len, NULL, 0);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    return str_copy(arena, (str){text, BYTES * 2});
}

/* ---- gift cards ---- */

err_t gift_card_issue(struct ctx *ctx, const struct gift_card_cmd *cmd,
                      struct credit *ret, str *ret_code)
{
    ASSERT(ctx->tx && ctx->ids);
    str code = make_code(ctx->arena);
    TRY(check_range(ctx, "amount.amount", cmd->amount, 1, LIMIT_MINOR));
    if (cmd->expires_at && cmd->expires_at <= ctx->now)
        return fail_as(ctx, ERR_INVALID, "time_in_past", "expires_at",
                       "must lie ahead");
    *ret = (struct credit){
        .id = {id_next(ctx->ids, ctx->now,
               (int)randombytes_uniform(ID_BUCKETS))},
        .kind = CREDIT_GIFT_CARD,
        .code_end = {code.ptr + code.len - CODE_GROUP,                CODE_GROUP},
        .expires_at = cmd->expires_at,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    memcpy(ret->currency, cmd->currency, sizeof ret->currency);
    TRY(credit_insert(ctx, ret, hash_code(ctx->arena, code)));
    *ret_code = code;
    TRY(credit_tell(ctx, ret, "created", 0, (order_id){0}));
    return credit_add(ctx, ret,
                      (struct credit_entry){.kind = CREDIT_ISSUED,
                                            .amount = cmd->amount,
                                            .reference = cmd->reference});
}

err_t gift_card_find(struct ctx *ctx, str code, struct credit *ret)
{
    bool is_found;
    TRY(credit_find_code(ctx, hash_code(ctx->arena, code), &is_found, ret));
    if (!is_found)
        return fail(ctx, ERR_NOT_FOUND, "code",
                    "there is no gift card with this code");
    return OK;
}

err_t gift_card_disable(struct ctx *ctx, credit_id id, int64_t version,
                        struct credit *ret)
{
    TRY(credit_lock(ctx, id, ret));
    TRY(check_version(ctx, version, ret->version));
    if (ret->kind != CREDIT_GIFT_CARD || ret->disabled_at)
        return fail_as(ctx, ERR_STATE, "gift_card_not_usable", "id",
                       "it is disabled already, or no gift card");
    return credit_save_disabled(ctx, ret);
}

err_t credit_adjust(struct ctx *ctx, const struct credit_adjust *cmd,
                    struct credit *ret)
{
    TRY(credit_lock(ctx, cmd->id, ret));
    TRY(check_version(ctx, cmd->version, ret->version));
    if (memcmp(ret->currency, cmd->currency, sizeof cmd->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "amount",
                       "it is in %s", ret->currency);
    return credit_add(ctx, ret,
                      (struct credit_entry){.kind = CREDIT_ADJUSTED,
                                            .amount = cmd->amount,
                                            .reference = cmd->reference});
}

/* ---- store credit ---- */

static err_t open_store(struct ctx *ctx, customer_id customer,
                        const char currency[4], struct credit *ret)
{
    bool is_found;
    TRY(customer_check_exists(ctx, customer));
    TRY(credit_find_customer(ctx, customer, currency, &is_found, ret));
    if (is_found)
        return credit_lock(ctx, ret->id, ret);
    *ret = (struct credit){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(customer.v))},
        .kind = CREDIT_STORE,
        .customer = customer,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    memcpy(ret->currency, currency, sizeof ret->currency);
    TRY(credit_insert(ctx, ret, STR_NONE));
    return credit_tell(ctx, ret, "created", 0, (order_id){0});
}

err_t store_credit_give(struct ctx *ctx, const struct store_credit_cmd *cmd,
                        struct credit *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    TRY(open_store(ctx, cmd->customer, cmd->currency, ret));
    return credit_add(
        ctx, ret,
        (struct credit_entry){.kind = ret->balance == 0 && ret->version == 1
                                          ? CREDIT_ISSUED
                                          : CREDIT_ADJUSTED,
                              .amount = cmd->amount,
                              .reference = cmd->reference});
}

err_t credit_from_refund(struct ctx *ctx, customer_id customer,
                         const char *currency, struct credit_entry entry)
{
    struct credit credit;
    TRY(open_store(ctx, customer, currency, &credit));
    entry.kind = CREDIT_REFUNDED;
    return credit_add(ctx, &credit, entry);
}

/* ---- payments ---- */

static err_t check_usable(struct ctx *ctx, const struct credit *credit,
                          const struct payment_cmd *cmd)
{
    enum credit_kind kind =
        cmd->tender == TENDER_GIFT_CARD ? CREDIT_GIFT_CARD : CREDIT_STORE;
    if (credit->kind != kind)
        return fail(ctx, ERR_NOT_FOUND, "gift_card_id",
                    "there is no gift card with this id");
    if (credit->disabled_at ||
        (credit->expires_at && credit->expires_at <= ctx->now))
        return fail_as(ctx, ERR_STATE, "gift_card_not_usable", "gift_card_id",
                       "the gift card is %s",
                       credit->disabled_at ? "disabled" : "over");
    if (memcmp(credit->currency, cmd->currency, sizeof cmd->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "amount",
                       "it is in %s", credit->currency);
    return OK;
}

err_t credit_for_payment(struct ctx *ctx, const struct payment_cmd *cmd,
                         credit_id *ret)
{
    struct credit credit;
    bool is_found = true;
    if (cmd->tender == TENDER_GIFT_CARD)
        TRY(credit_get(ctx, cmd->gift_card, &credit));
    else
        TRY(credit_find_customer(ctx, cmd->customer, cmd->currency, &is_found,
                                 &credit));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "over_balance", "amount",
                       "the customer has no credit in %s", cmd->currency);
    TRY(check_usable(ctx, &credit, cmd));
    *ret = credit.id;
    return OK;
}

err_t credit_follow(struct ctx *ctx, const struct payment *pay,
                    const struct payment_transaction *tx)
{
    bool is_paid = tx->type == PAYMENT_CAPTURE;
    struct credit credit;
    if (!pay->credit.v || (!is_paid && tx->type != PAYMENT_REFUND))
        return OK;
    TRY(credit_lock(ctx, pay->credit, &credit));
    return credit_add(
        ctx, &credit,
        (struct credit_entry){.kind = is_paid ? CREDIT_PAID : CREDIT_GIVEN_BACK,
                              .amount = is_paid ? -tx->amount : tx->amount,
                              .order = pay->order,
                              .payment = pay->id,
                              .reference = tx->reference});
}

err_t credit_check_room(struct ctx *ctx, const struct payment *pay,
                        int64_t amount)
{
    struct credit credit;
    int64_t after;
    if (!pay->credit.v)
        return OK;
    TRY(credit_lock(ctx, pay->credit, &credit));
    return credit_sum(ctx, &credit, amount, &after);
}
