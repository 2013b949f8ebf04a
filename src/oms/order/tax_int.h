/* tax_int.h - what joins the files of the tax tables. Private to the room. */
#ifndef WHARF_OMS_ORDER_TAX_INT_H
#define WHARF_OMS_ORDER_TAX_INT_H

#include "oms/order/tax.h"

struct json_in;
struct route_list;
struct verify_list;

enum {
    TAX_RATE_PPM_MAX = 1000 * 1000,
    TAX_REASON_BYTES = 200,
    TAX_POSTAL_BYTES = 16
};
extern const char *const tax_kind_names[2];

/* What a rate must be; its place is brought into the form rates have. */
MUST_USE err_t tax_rate_check(struct ctx *ctx, struct tax_rate *rate);
/* Whether both stand under the same place, class and layer. */
bool tax_rate_is_same_key(const struct tax_rate *a, const struct tax_rate *b);
/* Whether both hold at some time. */
bool tax_rate_is_overlap(const struct tax_rate *a, const struct tax_rate *b);

MUST_USE err_t tax_rate_read(struct json_in *in, struct tax_rate *ret);
/* On top of what *ret is; the version is the one seen. */
MUST_USE err_t tax_rate_read_change(struct json_in *in, struct tax_rate *ret);

MUST_USE err_t tax_rate_lock(struct ctx *ctx, tax_rate_id id,
                             struct tax_rate *ret);
/* All rates, locked, that stand under one of these keys. */
MUST_USE err_t tax_rate_by_keys(struct ctx *ctx, const struct tax_rate *keys,
                                size_t count, struct tax_rate **ret,
                                size_t *ret_count);
struct tax_rate_filter {
    str country, tax_class; /* Empty: any. */
    int64_t after;
    size_t limit;
};
MUST_USE err_t tax_rate_page(struct ctx *ctx,
                             const struct tax_rate_filter *filter,
                             struct tax_rate **ret, size_t *ret_count);
MUST_USE err_t tax_rate_add_many(struct ctx *ctx, const struct tax_rate *rates,
                                 size_t count, int64_t *ret_added);
/* At rate->version - 1. */
MUST_USE err_t tax_rate_save_many(struct ctx *ctx, const struct tax_rate *rates,
                                  size_t count, int64_t *ret_saved);

extern const struct route_list tax_routes;
extern const struct verify_list tax_verify;

#endif
