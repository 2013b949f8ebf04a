/* shipping_rate.h - what a service costs, and which one is taken. Private to
 * the room, pure.
 *
 * A rate card is a service's list prices by zone and weight, and the discount
 * of the account on them; what is saved is shown. Weight counts as the greater
 * of the scales' and the size's (volume over the card's divisor).
 */
#ifndef WHARF_OMS_SHIPPING_RATE_H
#define WHARF_OMS_SHIPPING_RATE_H

#include "oms/shipping/shipping_box.h"

struct rate_bracket { /* Up to that weight; by zone, then by weight. */
    str zone;
    int64_t max_weight_g, price_minor;
};
struct rate_days { /* Business days on the way. */
    str zone;
    int64_t min_days, max_days;
};
struct rate_card {
    str service, title;
    char currency[4];
    const struct rate_bracket *brackets;
    size_t bracket_count;
    const struct rate_days *days;
    size_t day_count;
    int64_t discount_ppm;   /* Of the account, off the list price. */
    int64_t surcharge_ppm;  /* As for fuel, on the discounted price. */
    int64_t volume_divisor; /* mm3 a gram, often 5000; 0: by weight alone. */
    int64_t max_weight_g;   /* 0: as the brackets end. */
    int64_t max_side_mm, max_girth_mm; /* Length + 2 * (w + h); 0: no limit. */
};

struct rate_parcel {
    int64_t weight_g;
    struct box_size size; /* Outer, 0: not known. */
    str zone;             /* Of the destination; empty: none serves it. */
};

struct rate_price {
    int64_t billable_g;
    int64_t list_minor;         /* Without discount, with the surcharge. */
    int64_t price_minor;        /* To be paid. */
    int64_t savings_minor;      /* list - price. */
    int64_t min_days, max_days; /* -1: not known. */
};
enum rate_why {
    RATE_OK = 0,
    RATE_NOT_PRICED, /* No table has a price for that zone. */
    RATE_TOO_HEAVY,
    RATE_TOO_LARGE,
    RATE_OTHER_CURRENCY, /* Than the order's. */
    RATE_NOT_OFFERED     /* Its carrier told prices, but none of this. */
};
const char *rate_why_name(enum rate_why why);
/* Grams that count: the scales' or the size's. */
int64_t rate_billable(const struct rate_card *card,
                      const struct rate_parcel *parcel);
MUST_USE err_t rate_of(struct ctx *ctx, const struct rate_card *card,
                       const struct rate_parcel *parcel, struct rate_price *ret,
                       enum rate_why *ret_why);

/* ---- rate shopping ---- */

enum shop_mode { SHOP_CHEAPEST = 1, SHOP_FASTEST, SHOP_BALANCED };
enum { SHOP_MODES = 3 };
extern const char *const shop_mode_names[SHOP_MODES]; /* By mode - 1. */

/* Where a price comes from: routing's tables, its carrier, or the tables
 * because the carrier was not asked, kept silent or refused. */
enum rate_source {
    RATE_CARD = 0,
    RATE_LIVE,
    RATE_NOT_ASKED,
    RATE_SILENT,
    RATE_DENIED
};
const char *rate_source_name(enum rate_source source);
struct shop_offer {
    str account, service; /* For the explanation. */
    struct rate_price price;
    utc_ms arrives_at; /* At the latest; 0: not known. */
    enum rate_why why; /* Not RATE_OK: it cannot be taken. */
    enum rate_source source;
};
enum shop_verdict {
    SHOP_CHOSEN = 1,
    SHOP_ONLY,    /* Taken without a price, for nothing else was there. */
    SHOP_REFUSED, /* See why. */
    SHOP_LATE,    /* Others keep the promise, this one does not. */
    SHOP_DEARER,
    SHOP_SLOWER,
    SHOP_WORSE /* In the balance of price and days. */
};
const char *shop_verdict_name(enum shop_verdict verdict);
struct shop_choice {
    size_t chosen;               /* Index; SIZE_MAX: nothing can be taken. */
    bool is_late;                /* Even the chosen one misses the promise. */
    int64_t day_minor;           /* What a day was worth. */
    enum shop_verdict *verdicts; /* Of each offer. */
    int64_t *scores;             /* By which they were compared. */
};
/* One currency. promise_at 0: none was made. day_minor: what a day less is
 * worth in SHOP_BALANCED; 0: a tenth of the cheapest price. In arena. */
void shop_choose(struct arena *arena, enum shop_mode mode, utc_ms promise_at,
                 int64_t day_minor, const struct shop_offer *offers,
                 size_t count, struct shop_choice *ret);

#endif
