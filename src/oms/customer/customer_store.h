/* customer_store.h - rows of the customer room. Private to it. */
#ifndef WHARF_OMS_CUSTOMER_STORE_H
#define WHARF_OMS_CUSTOMER_STORE_H

#include "oms/customer/customer.h"

struct customer_key {
    enum customer_key_kind kind;
    str source, value; /* As compared. */
    str shown;         /* As given. */
    int64_t customer;
    int64_t n; /* From 1 within its customer. */
};
struct customer {
    customer_id id;
    str name, language, attrs, tags; /* attrs and tags: JSON. */
    customer_id merged_into;         /* 0: lives. */
    utc_ms erased_at;                /* 0: not. */
    int64_t version;
    utc_ms created_at, updated_at;
};

/* Who has them; in no promised order. */
MUST_USE err_t customer_key_find_many(struct ctx *ctx,
                                      const struct customer_key *keys,
                                      size_t count, struct customer_key **ret,
                                      size_t *ret_count);
/* Locks rows in order of id; `ids` is sorted and has no repeats. */
MUST_USE err_t customer_lock_many(struct ctx *ctx, const int64_t *ids,
                                  size_t count, struct customer **ret,
                                  size_t *ret_count);
MUST_USE err_t customer_add_many(struct ctx *ctx, const struct customer *at,
                                 size_t count);
/* ERR_RETRY where one of them has an owner by now. */
MUST_USE err_t customer_key_add_many(struct ctx *ctx,
                                     const struct customer_key *keys,
                                     size_t count);

#endif
