/* shipping_track.h - what a buyer may see of his order with a link alone.
 *
 * A tracking token names a store and an order, a generation and the time it
 * ends, and is signed with the key file; it opens one page of facts and
 * nothing else. Nothing of it is stored but the generation of an order, which
 * revoking raises. Tokens are made by who sends the message; events carry none.
 * A public header of the room. docs/tracking.md
 */
#ifndef WHARF_OMS_SHIPPING_TRACK_H
#define WHARF_OMS_SHIPPING_TRACK_H

#include "base/base.h"
#include "oms/ids.h"

struct order;
struct request;
struct room;
struct secret_ring;

/* What a token opens: the page of facts, asking goods back, or a quote. */
enum track_kind { TRACK_PAGE = 1, TRACK_RETURN = 2, TRACK_QUOTE = 3 };
enum {
    TRACK_TOKEN_BYTES = 240,
    TRACK_STORE_BYTES = 40,
    TRACK_DAYS = 120, /* How long a token is good unless told otherwise. */
    TRACK_DAYS_MAX = 400
};

/* "t1.<store>.<order>.<generation>.<ends, seconds>.m1.<key>.<mac>"; the store
 * is empty where there is only one. A token to ask goods back begins with r1,
 * one of a quote with q1: it names a draft and its generation is 1. */
struct track_token {
    enum track_kind kind;
    str store;
    order_id order;
    draft_id draft; /* Of TRACK_QUOTE, which has no order. */
    int64_t generation;
    utc_ms ends_at;
    str head, signature; /* Parts of the text. */
};
/* Takes it apart; false where it is none. It is not believed yet. */
bool track_token_read(str text, struct track_token *ret);
/* Whether a key of the ring signed it; in constant time. NULL: none did. */
bool track_token_is_signed(struct arena *arena, const struct secret_ring *ring,
                           const struct track_token *token);
/* In ctx->arena. ERR_STATE (no_key_file) where nothing can be signed. */
MUST_USE err_t track_token_make(struct ctx *ctx, const struct secret_ring *ring,
                                const struct track_token *token, str *ret);

/* Whether it opens anything of the store of that name at that time: OK,
 * ERR_NOT_FOUND (not ours, or changed) or ERR_GONE (it has ended). */
err_t track_token_judge(struct arena *arena, const struct secret_ring *ring,
                        str store, utc_ms now, const struct track_token *token);
/* A token for an order that there is. *ret_token's parts say what it holds. */
MUST_USE err_t track_link_make(struct ctx *ctx, order_id id,
                               enum track_kind kind, int64_t days,
                               struct track_token *ret_token, str *ret);
/* One for a quote that there is, of the version that was sent. */
MUST_USE err_t track_quote_make(struct ctx *ctx, draft_id id, int64_t version,
                                utc_ms ends_at, str *ret);
/* Takes all links of the order back; ERR_STALE. */
MUST_USE err_t track_links_revoke(struct ctx *ctx, order_id id, int64_t version,
                                  struct order *ret, int64_t *ret_generation);
/* The order that a token opens: ERR_NOT_FOUND (token_unknown), ERR_GONE
 * (token_expired, token_revoked). Of a quote ret_order is NULL. */
MUST_USE err_t track_open(struct ctx *ctx, str text, enum track_kind kind,
                          struct track_token *ret, struct order *ret_order);

/* The same for the token in the path of a request; who shows wrong ones waits
 * longer and longer. */
MUST_USE err_t track_follow(struct ctx *ctx, struct request *req,
                            enum track_kind kind, struct track_token *ret,
                            struct order *ret_order);

/* Whose token a request for tracking shows; empty: it is none. */
str track_token_shown(const struct request *req);

extern const struct room tracking_room;

#endif
