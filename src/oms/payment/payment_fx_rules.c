/* payment_fx_rules.c - what transactions are worth in the books. Pure. */
#include "base/arena.h"
#include "base/money.h"
#include "oms/payment/payment_fx.h"

/* A capture: money of one rate, of which a part goes back. */
struct lot {
    int64_t amount, base;
    bool is_open;
};

bool fx_convert(const char *from, const char *to, int64_t amount, int64_t rate,
                int64_t *ret)
{
    int64_t num = rate, den = FX_UNIT;
    int digits = currency_exponent(to) - currency_exponent(from);
    for (; digits > 0; digits--)
        num *= 10;
    for (; digits < 0; digits++)
        den *= 10;
    struct ctx none = {0};
    money value = money_make(amount, to);
    if (money_mul_ratio(&none, value, num, den, ROUND_HALF_EVEN, &value) !=
            OK ||
        value.minor > LIMIT_MINOR)
        return false;
    *ret = value.minor;
    return true;
}

/* What the first `out` of all that was taken is worth; false: it is not known
 * yet. */
static bool worth_of(const struct lot *lots, size_t count, int64_t out,
                     int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < count && out > 0; i++) {
        int64_t part = out < lots[i].amount ? out : lots[i].amount;
        if (lots[i].is_open)
            return false;
        if (part > 0)
            *ret += money_share(lots[i].base, lots[i].amount, part);
        out -= part;
    }
    return out <= 0;
}

static int64_t rate_of(const struct exchange_row *rows, size_t count, int64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].n == n)
            return rows[i].rate;
    return -1;
}

/* False where a capture has no row. */
static bool read_lots(const struct payment *pay, const char *books,
                      const struct exchange_row *rows, size_t count,
                      struct lot *lots, size_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        if (tx->type != PAYMENT_CAPTURE || tx->amount == 0)
            continue;
        int64_t rate = rate_of(rows, count, tx->n);
        struct lot lot = {.amount = tx->amount};
        if (rate < 0)
            return false;
        lot.is_open = rate == 0 || !fx_convert(pay->currency, books, tx->amount,
                                               rate, &lot.base);
        lots[(*ret)++] = lot;
    }
    return true;
}

static int64_t sign_of(enum payment_type type)
{
    bool is_out = type == PAYMENT_REFUND || type == PAYMENT_CHARGEBACK;
    return is_out ? 1 : type == PAYMENT_CHARGEBACK_REVERSED ? -1 : 0;
}

size_t fx_work_out(struct arena *arena, const struct payment *pay,
                   const char *books, const struct exchange_row *rows,
                   size_t count, struct exchange_row *ret)
{
    struct lot *lots =
        arena_array(arena, struct lot, pay->transaction_count + 1);
    size_t lot_count, lot = 0, n = 0;
    int64_t out = 0;
    if (!read_lots(pay, books, rows, count, lots, &lot_count))
        return 0;
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        int64_t sign = sign_of(tx->type), before, after;
        struct exchange_row row = {.n = tx->n};
        if (tx->amount == 0 || (sign == 0 && tx->type != PAYMENT_CAPTURE))
            continue;
        if (sign == 0) {
            row.is_open = lots[lot].is_open;
            row.amount = lots[lot].base;
            row.rate = rate_of(rows, count, tx->n);
            lot++;
        } else {
            bool is_known = worth_of(lots, lot_count, out, &before);
            out += sign * tx->amount;
            row.is_open = !worth_of(lots, lot_count, out, &after) || !is_known;
            row.amount = row.is_open ? 0 : sign * (after - before);
        }
        ret[n++] = row;
    }
    return n;
}
