/* payment_fx.h - what payments in other currencies came to in the books.
 *
 * The rate of a capture is fixed as it is recorded, and what goes back is worth
 * what it was worth when it was taken (I20): of the captures in their order,
 * and to the minor unit, so that all of it together is all of what was taken.
 * So no rate of a later day makes a gain or a loss of a refund. Private to the
 * room.
 */
#ifndef WHARF_OMS_PAYMENT_FX_H
#define WHARF_OMS_PAYMENT_FX_H

#include "oms/payment/payment.h"

struct arena;
struct route_list;
struct timer_list;
struct verify_list;

enum {
    LIMIT_FX_FIXED = 100, /* Payments that are fixed in a transaction. */
    FX_PAGES = 20,        /* Of them that it looks at where all fail. */
    FX_SETTLE_MS = 10 * 60 * 1000 /* By then whoever did not see the decision
                                     what the books are in is done. */
};
#define FX_UNIT       ((int64_t)1000000000)   /* Of a rate: 1. */
#define LIMIT_FX_RATE (FX_UNIT * 1000 * 1000) /* A million for one. */

struct fx_rate {
    fx_rate_id id;
    char currency[4], books[4];
    int64_t rate; /* Billionths of a unit of the books for one unit. */
    utc_ms valid_from;
    str source; /* Empty: none. */
    utc_ms created_at;
};
struct fx_rate_query {
    fx_rate_id before; /* 0: the newest. */
    char currency[4];  /* "": all. */
    size_t limit;
};
/* Of a transaction that moves money: what it is worth in the books. */
struct exchange_row {
    int64_t n;      /* Of the transaction. */
    bool is_open;   /* No rate is known, or it is too large for the books. */
    int64_t rate;   /* Of a capture whose rate is known; else 0. */
    int64_t amount; /* In the books; what went back is above 0. */
};

/* ---- pure ---- */

/* What `amount` comes to; false: too large. */
bool fx_convert(const char *from, const char *to, int64_t amount, int64_t rate,
                int64_t *ret);
/* Works out all rows of a payment anew, by the rates of its captures as they
 * stand in `rows` (n, rate); ret has room for transaction_count. 0: a capture
 * has none, so that there is nothing to go by. */
size_t fx_work_out(struct arena *arena, const struct payment *pay,
                   const char *books, const struct exchange_row *rows,
                   size_t count, struct exchange_row *ret);

/* ---- commands ---- */

/* After a transaction of the payment was added. */
MUST_USE err_t fx_follow(struct ctx *ctx, const struct payment *pay);
/* Records it and fixes captures that waited for it, some at once; *ret_is_more:
 * the turns do the others. ERR_CONFLICT rate_there, books_in. */
MUST_USE err_t fx_rate_record(struct ctx *ctx, struct fx_rate *rate,
                              int64_t *ret_fixed, bool *ret_is_more);
MUST_USE err_t fx_rate_list(struct ctx *ctx, const struct fx_rate_query *query,
                            struct fx_rate **ret, size_t *ret_count);
/* What the books are in, decided once: by the first rate. */
struct fx_books {
    char currency[4]; /* "": no rate was recorded. */
    utc_ms decided_at;
    bool is_walked;        /* Captures from before it were all looked at. */
    payment_id walk_after; /* Else those after this one are still to be. */
};
MUST_USE err_t fx_books(struct ctx *ctx, struct fx_books *ret);
/* Fixes all captures of a payment whose order is locked. */
MUST_USE err_t fx_fix(struct ctx *ctx, const struct payment *pay,
                      const char *books);
/* Payments by order and id; one that is refused stays as it is, and the log
 * names it. */
struct sql_rows;
MUST_USE err_t fx_fix_listed(struct ctx *ctx, const struct sql_rows *rows,
                             const char *books, int64_t *ret_fixed);
/* Those that wait for a rate of that currency and moment, a transaction's part
 * of them. */
MUST_USE err_t fx_fix_open(struct ctx *ctx, const char *currency, utc_ms from,
                           const char *books, int64_t *ret_fixed);
/* Fixes what a rate came beside of, and what was before the books; tells which
 * currencies have none. */
MUST_USE err_t fx_turn(struct ctx *ctx, bool *ret_is_more);
MUST_USE err_t fx_turn_next_at(struct ctx *ctx, utc_ms *ret);
MUST_USE err_t exchange_rows(struct ctx *ctx, payment_id id,
                             struct exchange_row **ret, size_t *ret_count);

extern const struct route_list fx_routes;
extern const struct timer_list fx_timers;
extern const struct verify_list fx_verify;

#endif
