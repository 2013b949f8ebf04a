/* customer.h - the customer room: who buys, and how they are known.
 *
 * A customer goes by keys: e-mail addresses, telephone numbers, ids in other
 * systems. No two customers share a key, whoever writes at the same time. All
 * that comes from outside is matched by them: found, or made. Two customers
 * that turn out to be one are merged; the loser points to the winner.
 */
#ifndef WHARF_OMS_CUSTOMER_H
#define WHARF_OMS_CUSTOMER_H

#include "base/base.h"
#include "oms/ids.h"

struct json_out;
struct room;

enum customer_key_kind {
    CUSTOMER_EMAIL = 1,
    CUSTOMER_PHONE = 2,
    CUSTOMER_EXTERNAL = 3
};

/* What an order, a file or a person at the desk says about a customer. All may
 * be empty. Strings are as given: folding is done here. */
struct customer_seen {
    str name, email, phone;
    str country;             /* ISO 3166: of a phone without its own code. */
    str source, external_id; /* Both or none: "shopify", "7423". */
    str language;            /* BCP 47; used where the customer is made. */
};
struct customer_match {
    struct customer_seen seen;
    /* The outcome: */
    customer_id id; /* 0: nothing to know them by; nothing was made. */
    bool is_new;
    customer_id other; /* Another whose e-mail, external id or phone it also
                          has; noted as a possible duplicate. 0: none. */
};
/* Finds the customer of each by e-mail, else external id, else phone, or makes
 * one; keys that nobody has become theirs. Items of a batch see those before
 * them. Follows merges. ERR_RETRY where another writer took a key meanwhile. */
MUST_USE err_t customer_match_many(struct ctx *ctx, struct customer_match *at,
                                   size_t count);
/* A batch of one. */
MUST_USE err_t customer_match(struct ctx *ctx, const struct customer_seen *seen,
                              customer_id *ret, bool *ret_is_new);

/* Fails with ERR_NOT_FOUND. */
MUST_USE err_t customer_check_exists(struct ctx *ctx, customer_id id);

/* The customer of an e-mail address; ERR_NOT_FOUND. */
MUST_USE err_t customer_find_email(struct ctx *ctx, str email,
                                   customer_id *ret);

/* Everything that is one person here. */
struct customer_person {
    customer_id id;
    utc_ms erased_at; /* 0: not; else the rest is empty. */
    int64_t *ids;     /* The customer and those merged into it. */
    size_t id_count;
    str *texts; /* Keys as given and as compared. */
    size_t text_count;
    order_id *orders;
    size_t order_count;
};
/* Locks the customer. Fails with ERR_NOT_FOUND, ERR_STATE (customer_merged). */
MUST_USE err_t customer_person_lock(struct ctx *ctx, customer_id id,
                                    struct customer_person *ret);
/* Empties all rows about a locked person and tells customer.erased; the links
 * and values of the orders stay, under a customer that is nobody. */
MUST_USE err_t customer_erase(struct ctx *ctx,
                              const struct customer_person *person);
/* Writes everything kept about a customer but orders, as members of an open
 * object: customer, merged, consents, notes. */
MUST_USE err_t customer_export(struct ctx *ctx, customer_id id,
                               struct json_out *out);
/* The customer's orders from the newest on, `before` the id; INT64_MAX. */
MUST_USE err_t customer_order_list(struct ctx *ctx, customer_id id,
                                   int64_t before, size_t limit, order_id **ret,
                                   size_t *ret_count);

/* An order as its customer's account sees it. */
struct customer_order {
    order_id order;
    struct customer_seen seen; /* Used where the order has no customer yet. */
    char currency[4];
    int64_t total; /* As placed. */
    utc_ms placed_at;
    bool is_counted;      /* Not cancelled, expired or discarded. */
    customer_id customer; /* The outcome; 0: nothing to know them by. */
};
/* Links orders to customers and keeps what each customer's orders come to. To
 * say the same twice changes nothing. An order is named once. */
MUST_USE err_t customer_keep_orders(struct ctx *ctx, struct customer_order *at,
                                    size_t count);

/* The customer that an order is linked to; ERR_INVALID customer_unknown. */
MUST_USE err_t customer_of_order(struct ctx *ctx, order_id order,
                                 customer_id *ret);

extern const struct room customer_room;

#endif
