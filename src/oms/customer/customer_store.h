/* customer_store.h - rows of the customer room. Private to it. */
#ifndef WHARF_OMS_CUSTOMER_STORE_H
#define WHARF_OMS_CUSTOMER_STORE_H

#include "oms/customer/customer.h"

struct json_out;
struct sql_rows;

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
struct customer customer_from_row(const struct sql_rows *rows, size_t i);

MUST_USE err_t customer_get(struct ctx *ctx, customer_id id,
                            struct customer *ret);
/* For a change: fails with ERR_NOT_FOUND, ERR_STALE (where `seen` is not 0),
 * ERR_STATE (customer_merged, customer_erased). */
MUST_USE err_t customer_lock(struct ctx *ctx, customer_id id, int64_t seen,
                             struct customer *ret);
/* Locks rows in order of id; `ids` is sorted and has no repeats. */
MUST_USE err_t customer_lock_many(struct ctx *ctx, const int64_t *ids,
                                  size_t count, struct customer **ret,
                                  size_t *ret_count);
MUST_USE err_t customer_add_many(struct ctx *ctx, const struct customer *at,
                                 size_t count);
/* Writes a locked row back, its version raised, and tells `type`. */
MUST_USE err_t customer_save(struct ctx *ctx, struct customer *customer,
                             const char *type);
/* Appends an event about a customer; the data hold the version alone. */
MUST_USE err_t customer_tell(struct ctx *ctx, const struct customer *customer,
                             const char *type);

/* Who has them; in no promised order. */
MUST_USE err_t customer_key_find_many(struct ctx *ctx,
                                      const struct customer_key *keys,
                                      size_t count, struct customer_key **ret,
                                      size_t *ret_count);
/* ERR_RETRY where one of them has an owner by now. */
MUST_USE err_t customer_key_add_many(struct ctx *ctx,
                                     const struct customer_key *keys,
                                     size_t count);
/* Of one customer, by n. */
MUST_USE err_t customer_key_list(struct ctx *ctx, customer_id id,
                                 struct customer_key **ret, size_t *ret_count);

struct customer_filter {
    struct customer_key key; /* kind 0: any. */
    int64_t before;
    size_t limit;
};
/* Newest first. */
MUST_USE err_t customer_page(struct ctx *ctx,
                             const struct customer_filter *filter,
                             struct customer **ret, size_t *ret_count);

/* The row's members, of an open object. */
void customer_put_row(struct json_out *out, const struct customer *customer);
/* Everything kept about a customer but notes and orders, as a whole object. */
MUST_USE err_t customer_put(struct ctx *ctx, struct json_out *out,
                            const char *key, const struct customer *customer);

/* Pages of what is only added to, oldest first, with items and next. Fail with
 * ERR_NOT_FOUND. */
struct customer_page_query {
    customer_id id;
    int64_t after;
    size_t limit;
};
MUST_USE err_t customer_put_consent_page(
    struct ctx *ctx, struct json_out *out, const char *key,
    const struct customer_page_query *page);
MUST_USE err_t customer_put_note_page(struct ctx *ctx, struct json_out *out,
                                      const char *key,
                                      const struct customer_page_query *page);

#endif
