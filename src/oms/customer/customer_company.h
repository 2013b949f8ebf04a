/* customer_company.h - companies that buy: limit, terms, prices.
 *
 * A company is no person: people are its customers, each by itself. A public
 * header of the room.
 */
#ifndef WHARF_OMS_CUSTOMER_COMPANY_H
#define WHARF_OMS_CUSTOMER_COMPANY_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

enum { COMPANY_NONE = -1 }; /* No limit, no terms, no amount. */
struct company {
    company_id id;
    str name, tax_id;      /* tax_id: may be empty. */
    char currency[4];      /* Of all its amounts. */
    int64_t credit_limit;  /* What it may owe at most. */
    int64_t terms_days;    /* To pay within. */
    int64_t approval_over; /* A draft of more needs a yes. */
    int64_t version;
    utc_ms created_at, updated_at;
};
struct company_price {
    str sku;
    int64_t unit_price;
};

/* ERR_NOT_FOUND; so the next two. */
MUST_USE err_t company_get(struct ctx *ctx, company_id id, struct company *ret);
MUST_USE err_t company_lock(struct ctx *ctx, company_id id,
                            struct company *ret);
MUST_USE err_t company_check(struct ctx *ctx, const struct company *company);
/* Newest first; so the next one. */
MUST_USE err_t company_list(struct ctx *ctx, company_id before, size_t limit,
                            struct company **ret, size_t *ret_count);
struct word_query;
/* Those whose name or tax id meets the words. Looks at some thousands at a
 * time: what is found may be few, and *ret_next says where to go on. */
MUST_USE err_t company_search(struct ctx *ctx, const struct word_query *query,
                              company_id before, size_t limit,
                              struct company **ret, size_t *ret_count,
                              company_id *ret_next);
/* By SKU; LIMIT_COMPANY_PRICES at most. */
MUST_USE err_t company_prices(struct ctx *ctx, company_id id,
                              struct company_price **ret, size_t *ret_count);
/* Those of these SKUs alone; what it has none for is left out. */
MUST_USE err_t company_prices_of(struct ctx *ctx, company_id id,
                                 const str *skus, size_t sku_count,
                                 struct company_price **ret, size_t *ret_count);

/* id, version and times are made here. */
MUST_USE err_t company_create(struct ctx *ctx, struct company *company);
/* The whole of it; company->version is the one the caller saw. The currency
 * stays: ERR_STATE currency_fixed. */
MUST_USE err_t company_change(struct ctx *ctx, struct company *company);
struct company_prices_cmd {
    company_id id;
    int64_t version;
    const struct company_price *at;
    size_t count;
};
MUST_USE err_t company_set_prices(struct ctx *ctx,
                                  const struct company_prices_cmd *cmd,
                                  struct company *ret);

extern const struct room company_room;

#endif
