/* draft.h - an order being read: amounts, and how they are made to add up.
 *
 * Decimals are kept in millionths until they become minor units, so that
 * unrounded tax shares still weigh what they should. Whatever is spread is
 * spread by the largest remainder, so that parts sum to the whole. A draft
 * never invents an amount: it only places amounts that the payload names.
 */
#ifndef WHARF_CONNECT_CHANNEL_DRAFT_H
#define WHARF_CONNECT_CHANNEL_DRAFT_H

#include "connect/channel/import.h"

/* Millionths of a currency unit, or any decimal. */
typedef int64_t micro;
enum { MICRO = 1000000 };
/* "12.34", "-0.5", "3"; digits past the sixth are rounded half up. False for
 * anything else and from 10^12 on. */
bool micro_from_text(str text, micro *ret);

struct draft_charge {
    json_any src; /* Where it was read from. */
    str title;
    int64_t price, discount;
    struct order_tax *taxes;
    size_t tax_count;
};
struct draft_line {
    json_any src;
    str sku, title, attrs;
    int64_t qty, unit_price, discount;
    struct order_tax *taxes;
    size_t tax_count;
    bool is_taxed; /* Bears a share of order tax that names no line. */
};
struct draft {
    struct ctx *ctx;
    json_any src;
    struct import_order *out;
    char currency[4];
    bool is_tax_included;
    struct draft_line *lines;
    size_t line_count;
    struct draft_charge *shipping, *fees; /* Room is the reader's affair. */
    size_t shipping_count, fee_count;
};

void draft_note(struct draft *draft, enum import_note note);

/* ---- reading; paths name the field, as "line_items[2].price" ---- */

/* The amount under that key in minor units; false in *found (may be NULL)
 * leaves *ret alone. Digits past the currency's are rounded and noted. */
MUST_USE err_t draft_money(struct draft *draft, json_any object,
                           const char *path, const char *key, int64_t *ret,
                           bool *found);
/* The same, where an amount below zero is refused. */
MUST_USE err_t draft_price(struct draft *draft, json_any object,
                           const char *path, const char *key, int64_t *ret);
/* In millionths; 0 where it is missing. */
MUST_USE err_t draft_micro(struct draft *draft, json_any object,
                           const char *path, const char *key, micro *ret);
/* A trimmed text, cut to max bytes at a character and noted where cut. */
str draft_text(struct draft *draft, json_any object, const char *key,
               size_t max);
str draft_cut(struct draft *draft, str text, size_t max);
/* The same, and `none` where nothing is left. */
str draft_title(struct draft *draft, json_any object, const char *key,
                const char *none);
/* A whole number from 0; fails where it is missing or not whole. */
MUST_USE err_t draft_qty(struct draft *draft, json_any object, const char *path,
                         const char *key, int64_t *ret);
/* The code of the SKU sold: as sent, or made from the first of `keys` (NULL-
 * ended) that the object has, as "shopify-variant-39072856", or the title. */
str draft_sku(struct draft *draft, json_any object, str title,
              const char *prefix, const char *const *keys);
/* Fails with "lines_missing" where that list is not there or empty. */
MUST_USE err_t draft_need_lines(struct draft *draft, const char *key);
/* RFC 3339; a time without zone is taken as UTC. */
MUST_USE err_t draft_time(struct draft *draft, json_any object, const char *key,
                          utc_ms *ret);
/* Fails with "currency_unknown" or "missing_field". */
MUST_USE err_t draft_set_currency(struct draft *draft, str code);

/* ---- arithmetic ---- */

struct draft_sums {
    int64_t lines, discount, shipping, fees, tax, total;
};
/* Fails with "number_out_of_range". */
MUST_USE err_t draft_sum(struct draft *draft, struct draft_sums *ret);
/* Takes `amount` off the lines by what is left of their value. False, and
 * nothing changed, where they are worth less. */
MUST_USE err_t draft_spread_discount(struct draft *draft, int64_t amount,
                                     bool *done);
/* Adds a tax to taxed lines and shipping by their value. */
MUST_USE err_t draft_spread_tax(struct draft *draft, str name, int64_t rate_ppm,
                                int64_t amount);
/* Moves taxes by a minor unit each until they sum to `target`, where no more
 * than one unit each is needed. */
void draft_round_tax(struct draft *draft, int64_t target, int64_t sum);
/* Where amounts had more digits than the currency, lines may be off by a
 * minor unit each: moves them to meet `total`. Else nothing changes. */
MUST_USE err_t draft_meet_total(struct draft *draft, int64_t total);
void draft_add_tax(struct draft *draft, struct order_tax **taxes, size_t *count,
                   const struct order_tax *tax);
/* Copies lines, charges and totals into out->cmd. Fails with "totals_mismatch"
 * where the sum is not `total`, saying what it is made of. */
MUST_USE err_t draft_finish(struct draft *draft, const char *field,
                            int64_t total);

#endif
