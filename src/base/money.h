/* money.h - minor units with their currency; nothing here is a float. */
#ifndef WHARF_BASE_MONEY_H
#define WHARF_BASE_MONEY_H

#include "base/base.h"

enum rounding {
    ROUND_HALF_UP = 1, /* Away from zero at the half. */
    ROUND_HALF_EVEN = 2,
    ROUND_DOWN = 3 /* Toward zero. */
};

/* Digits after the point by ISO 4217: 0, 2 or 3; -1 for an unknown code. */
int currency_exponent(const char *currency);
/* False unless it is three capitals that ISO 4217 lists. */
bool currency_from_str(str s, char ret[4]);

money money_make(int64_t minor, const char *currency);
bool money_equal(money a, money b);
/* Fail with ERR_INVALID on overflow or on two currencies. */
MUST_USE err_t money_add(struct ctx *ctx, money a, money b, money *ret);
MUST_USE err_t money_sub(struct ctx *ctx, money a, money b, money *ret);
MUST_USE err_t money_mul(struct ctx *ctx, money a, int64_t n, money *ret);
/* a * num / den with 128-bit products. den > 0. */
MUST_USE err_t money_mul_ratio(struct ctx *ctx, money a, int64_t num,
                               int64_t den, enum rounding mode, money *ret);
/* Splits `total` by weights (all >= 0) with the largest remainder method, so
 * that the parts sum to the whole; equal remainders go to the lower index.
 * All weights zero: split evenly. */
MUST_USE err_t money_split(struct ctx *ctx, money total, const int64_t *weights,
                           size_t count, money *ret);
/* What the first k of n equal parts of `total` come to, rounded down: parts
 * sum to the whole and differ by at most 1 (I14). 0 <= k <= n, 0 < n. */
int64_t money_share(int64_t total, int64_t n, int64_t k);
/* Reads "12.34" as minor units. More digits than the currency has are refused
 * unless they are zeros. */
MUST_USE err_t money_from_decimal(struct ctx *ctx, str decimal,
                                  const char *currency, money *ret);
/* "12.34", in the arena. */
str money_to_decimal(struct arena *arena, money a);
/* Checked sums; false on overflow. */
bool i64_add(int64_t a, int64_t b, int64_t *ret);
bool i64_mul(int64_t a, int64_t b, int64_t *ret);

#endif
