/* shipping_rate_rules.c - prices of services and the choice among them. */
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/shipping/shipping_rate.h"

static const int64_t PPM = 1000000;

const char *const shop_mode_names[SHOP_MODES] = {"cheapest", "fastest",
                                                 "balanced"};

const char *rate_why_name(enum rate_why why)
{
    switch (why) {
    case RATE_OK: return "ok";
    case RATE_NOT_PRICED: return "not_priced";
    case RATE_TOO_HEAVY: return "too_heavy";
    case RATE_TOO_LARGE: return "too_large";
    case RATE_OTHER_CURRENCY: return "other_currency";
    case RATE_NOT_OFFERED: return "not_offered";
    }
    UNREACHABLE("not a reason of rates");
}

const char *rate_source_name(enum rate_source source)
{
    switch (source) {
    case RATE_CARD: return "card";
    case RATE_LIVE: return "carrier";
    case RATE_NOT_ASKED: return "card_not_asked";
    case RATE_SILENT: return "card_no_answer";
    case RATE_DENIED: return "card_refused";
    }
    UNREACHABLE("not a source of rates");
}

const char *shop_verdict_name(enum shop_verdict verdict)
{
    switch (verdict) {
    case SHOP_CHOSEN: return "chosen";
    case SHOP_ONLY: return "only";
    case SHOP_REFUSED: return "refused";
    case SHOP_LATE: return "late";
    case SHOP_DEARER: return "dearer";
    case SHOP_SLOWER: return "slower";
    case SHOP_WORSE: return "worse";
    }
    UNREACHABLE("not a verdict");
}

/* ---- one price ---- */

static void swap(int64_t *a, int64_t *b)
{
    int64_t c = *a;
    *a = *b;
    *b = c;
}

static bool is_too_large(const struct rate_card *card,
                         const struct box_size *size)
{
    int64_t a = size->length, b = size->width, c = size->height;
    if (a < b)
        swap(&a, &b);
    if (b < c)
        swap(&b, &c);
    if (a < b)
        swap(&a, &b);
    if (card->max_side_mm && a > card->max_side_mm)
        return true;
    return card->max_girth_mm && a + 2 * (b + c) > card->max_girth_mm;
}

int64_t rate_billable(const struct rate_card *card,
                      const struct rate_parcel *parcel)
{
    if (card->volume_divisor <= 0)
        return parcel->weight_g;
    int64_t volume = box_volume(&parcel->size);
    int64_t by_size =
        (volume + card->volume_divisor - 1) / card->volume_divisor;
    return by_size > parcel->weight_g ? by_size : parcel->weight_g;
}

static enum rate_why list_price(const struct rate_card *card, str zone,
                                int64_t weight, int64_t *ret)
{
    bool is_served = false;
    for (size_t i = 0; i < card->bracket_count; i++) {
        const struct rate_bracket *b = &card->brackets[i];
        if (!str_equal(b->zone, zone))
            continue;
        is_served = true;
        if (weight > b->max_weight_g)
            continue;
        *ret = b->price_minor;
        return RATE_OK;
    }
    return is_served ? RATE_TOO_HEAVY : RATE_NOT_PRICED;
}

static err_t with_surcharge(struct ctx *ctx, const struct rate_card *card,
                            money base, money *ret)
{
    return money_mul_ratio(ctx, base, PPM + card->surcharge_ppm, PPM,
                           ROUND_HALF_UP, ret);
}

err_t rate_of(struct ctx *ctx, const struct rate_card *card,
              const struct rate_parcel *parcel, struct rate_price *ret,
              enum rate_why *ret_why)
{
    struct rate_price price = {.min_days = -1, .max_days = -1};
    int64_t list = 0;
    *ret_why = RATE_OK;
    price.billable_g = rate_billable(card, parcel);
    if (is_too_large(card, &parcel->size))
        *ret_why = RATE_TOO_LARGE;
    else if (card->max_weight_g && parcel->weight_g > card->max_weight_g)
        *ret_why = RATE_TOO_HEAVY;
    else
        *ret_why = list_price(card, parcel->zone, price.billable_g, &list);
    *ret = price;
    if (*ret_why != RATE_OK)
        return OK;
    ASSERT(card->discount_ppm >= 0 && card->discount_ppm <= PPM);
    money full = money_make(list, card->currency), cut, with, without;
    TRY(money_mul_ratio(ctx, full, PPM - card->discount_ppm, PPM, ROUND_HALF_UP,
                        &cut));
    TRY(with_surcharge(ctx, card, full, &without));
    TRY(with_surcharge(ctx, card, cut, &with));
    price.list_minor = without.minor;
    price.price_minor = with.minor;
    price.savings_minor = without.minor - with.minor;
    ASSERT(price.savings_minor >= 0);
    for (size_t i = 0; i < card->day_count; i++)
        if (str_equal(card->days[i].zone, parcel->zone)) {
            price.min_days = card->days[i].min_days;
            price.max_days = card->days[i].max_days;
        }
    *ret = price;
    return OK;
}

/* ---- the choice ---- */

/* No service is known to be this slow. */
enum { UNKNOWN_DAYS = 1000 };

static int64_t days_of(const struct shop_offer *offer)
{
    return offer->price.max_days < 0 ? UNKNOWN_DAYS : offer->price.max_days;
}

static bool is_in_time(const struct shop_offer *offer, utc_ms promise_at)
{
    return promise_at == 0 ||
           (offer->arrives_at != 0 && offer->arrives_at <= promise_at);
}

static int64_t cheapest_tenth(const struct shop_offer *offers, size_t count)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < count; i++)
        if (offers[i].why == RATE_OK && offers[i].price.price_minor < least)
            least = offers[i].price.price_minor;
    return least == INT64_MAX ? 0 : least / 10;
}

static int64_t score_of(enum shop_mode mode, int64_t day_minor,
                        const struct shop_offer *offer)
{
    switch (mode) {
    case SHOP_CHEAPEST: return offer->price.price_minor;
    case SHOP_FASTEST: return days_of(offer);
    case SHOP_BALANCED:
        return offer->price.price_minor + day_minor * days_of(offer);
    }
    UNREACHABLE("not a way to choose");
}

/* By score, then price, then days, then name: never by chance. */
static bool is_better(const struct shop_offer *a, int64_t score_a,
                      const struct shop_offer *b, int64_t score_b)
{
    if (score_a != score_b)
        return score_a < score_b;
    if (a->price.price_minor != b->price.price_minor)
        return a->price.price_minor < b->price.price_minor;
    if (days_of(a) != days_of(b))
        return days_of(a) < days_of(b);
    int order = str_compare(a->account, b->account);
    return order ? order < 0 : str_compare(a->service, b->service) < 0;
}

static enum shop_verdict verdict_of(enum shop_mode mode)
{
    switch (mode) {
    case SHOP_CHEAPEST: return SHOP_DEARER;
    case SHOP_FASTEST: return SHOP_SLOWER;
    case SHOP_BALANCED: return SHOP_WORSE;
    }
    UNREACHABLE("not a way to choose");
}

void shop_choose(struct arena *arena, enum shop_mode mode, utc_ms promise_at,
                 int64_t day_minor, const struct shop_offer *offers,
                 size_t count, struct shop_choice *ret)
{
    struct shop_choice choice = {.chosen = SIZE_MAX, .is_late = true};
    choice.day_minor = day_minor ? day_minor : cheapest_tenth(offers, count);
    choice.verdicts = arena_array(arena, enum shop_verdict, count + 1);
    choice.scores = arena_array(arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (offers[i].why == RATE_OK && is_in_time(&offers[i], promise_at))
            choice.is_late = false;
    /* Where nothing keeps the promise, the least late is taken. */
    enum shop_mode way = choice.is_late ? SHOP_FASTEST : mode;
    for (size_t i = 0; i < count; i++) {
        const struct shop_offer *offer = &offers[i];
        bool is_late = !choice.is_late && !is_in_time(offer, promise_at);
        choice.verdicts[i] = offer->why != RATE_OK ? SHOP_REFUSED
                             : is_late             ? SHOP_LATE
                                                   : verdict_of(way);
        choice.scores[i] = score_of(way, choice.day_minor, offer);
        if (offer->why != RATE_OK || is_late)
            continue;
        if (choice.chosen == SIZE_MAX ||
            is_better(offer, choice.scores[i], &offers[choice.chosen],
                      choice.scores[choice.chosen]))
            choice.chosen = i;
    }
    if (choice.chosen == SIZE_MAX)
        choice.is_late = false;
    else
        choice.verdicts[choice.chosen] = SHOP_CHOSEN;
    *ret = choice;
}
