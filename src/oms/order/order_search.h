/* order_search.h - orders by words: the index and the query. Private.
 *
 * The index is cut into chunks of orders in the order of the log, so that all
 * that is written lies at its end and newer orders are found first. The last
 * chunk is open: its orders' words are looked through one by one. A full one
 * has a row for each word with the places of its orders.
 */
#ifndef WHARF_OMS_ORDER_SEARCH_H
#define WHARF_OMS_ORDER_SEARCH_H

#include "base/words.h"
#include "oms/order/order_store.h"

struct event;
struct order_contact;
struct request;

enum {
    SEARCH_CHUNK = 1024,    /* Orders; two letters tell a place in it. */
    SEARCH_PLACE_BYTES = 2, /* Of a place in `places`. */
    SEARCH_WORDS = 400      /* Of an order; further ones are left out. */
};

/* An order in the index. */
struct search_row {
    int64_t chunk, pos, order;
    str words; /* As words_join() makes them. */
};
/* By order; in no promised order. */
MUST_USE err_t search_find_orders(struct ctx *ctx, const int64_t *orders,
                                  size_t count, struct search_row **ret,
                                  size_t *ret_count);
/* By place. */
MUST_USE err_t search_list_chunk(struct ctx *ctx, int64_t chunk,
                                 struct search_row **ret, size_t *ret_count);
/* The last one; *ret_found is false where the index is empty. */
MUST_USE err_t search_last(struct ctx *ctx, struct search_row *ret,
                           bool *ret_found);

/* What a full chunk's rows by word must be. */
struct search_word {
    str word, places;
};
struct search_word *search_words_of(struct arena *arena,
                                    const struct search_row *rows, size_t count,
                                    size_t *ret_count);
/* Writes them anew. */
MUST_USE err_t search_seal(struct ctx *ctx, int64_t chunk);

/* The words each order is found by. */
MUST_USE err_t order_words_many(struct ctx *ctx,
                                const struct order_contact *contacts,
                                size_t count, str **ret);

/* Its name says the version of the rules by which words are made: a new one
 * reads the whole log again and puts right what differs. */
#define ORDER_SEARCH_CONSUMER "order_search_1"
err_t order_search_consume(struct ctx *ctx, const struct event *events,
                           size_t count);

/* The same for orders that were read; also called by an erasure, which must
 * leave nothing for later. */
MUST_USE err_t order_search_keep(struct ctx *ctx,
                                 const struct order_contact *contacts,
                                 size_t count);

struct search_query {
    struct word_query words;
    order_id after; /* 0: from the newest. */
    size_t limit;
};
/* Newest first. *ret_next is the order to go on after, 0 at the end; a page
 * may be short, even empty, where much was looked through. */
MUST_USE err_t order_search(struct ctx *ctx, const struct search_query *query,
                            struct order_item **ret, size_t *ret_count,
                            order_id *ret_next);

/* A check of `wharf verify`. */
err_t order_search_verify(struct ctx *ctx,
                          void (*report_fn)(void *arg, const char *invariant,
                                            str row, str what),
                          void *arg);

/* GET /v1/orders/search */
err_t order_api_search(struct ctx *ctx, struct request *req);

#endif
