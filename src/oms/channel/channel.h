/* channel.h - the channel room: where orders come from and by which policy.
 *
 * A channel is known by its code, which never changes: the bucket of its
 * orders is made from it. A new channel is usable at once; nothing of it is
 * kept in memory between transactions.
 */
#ifndef WHARF_OMS_CHANNEL_H
#define WHARF_OMS_CHANNEL_H

#include "base/base.h"
#include "base/money.h"
#include "oms/ids.h"

struct room;

enum channel_type {
    CHANNEL_WEB = 1,
    CHANNEL_MARKETPLACE = 2,
    CHANNEL_POS = 3,
    CHANNEL_SOCIAL = 4,
    CHANNEL_B2B = 5,
    CHANNEL_LIVE = 6
};
enum tax_mode { TAX_EXCLUSIVE = 1, TAX_INCLUSIVE = 2 };
/* Where taxes are rounded. */
enum tax_round { TAX_ROUND_LINE = 1, TAX_ROUND_TOTAL = 2 };
/* Who says the taxes of an order. */
enum tax_source {
    TAXES_GIVEN = 1,   /* They come with it. */
    TAXES_COMPUTED = 2 /* The tables do; what comes with it is checked. */
};
enum stock_policy {
    STOCK_POLICY_REFUSE = 1,   /* An order that does not fit is refused. */
    STOCK_POLICY_BACKORDER = 2 /* What does not fit waits as backordered. */
};
/* When what was ordered may leave. */
enum payment_release {
    RELEASE_ALWAYS = 1,
    RELEASE_AUTHORIZED = 2, /* Once the money is promised or taken. */
    RELEASE_PAID = 3        /* Once it is taken. */
};
/* When what gateways promised is taken. */
enum payment_capture {
    CAPTURE_MANUAL = 1,  /* As somebody asks for it. */
    CAPTURE_CONFIRM = 2, /* All of it once the order is confirmed. */
    CAPTURE_SHIP = 3     /* What the units that left come to. */
};

struct channel {
    channel_id id;
    str code, name;
    enum channel_type type;
    char currency[4];
    str tz;
    enum tax_mode tax_mode;
    enum rounding rounding;
    enum stock_policy stock_policy;
    enum payment_release payment_release;
    enum payment_capture payment_capture;
    enum tax_source taxes;
    enum tax_round tax_round;
    str tax_country, tax_region, tax_postal_code; /* Its place, or empty. */
    str number_prefix;
    bool is_active;
    int64_t version;
    str brand, attrs;
    utc_ms created_at;
};

/* Found channels of many codes, for a batch; a code named twice is found
 * once, in no promised order. */
MUST_USE err_t channel_list_codes(struct ctx *ctx, const str *codes,
                                  size_t count, struct channel **ret,
                                  size_t *ret_count);
MUST_USE err_t channel_find(struct ctx *ctx, str code, struct channel *ret,
                            bool *found);
MUST_USE err_t channel_get(struct ctx *ctx, channel_id id, struct channel *ret);
/* Takes `count` order numbers of the channel; *ret_first is the first. The
 * row stays locked until commit, so call it late. */
MUST_USE err_t channel_take_numbers(struct ctx *ctx, channel_id id,
                                    int64_t count, int64_t *ret_first);

struct channel_cmd {
    str code, name, brand, tz, number_prefix, attrs;
    enum channel_type type;
    char currency[4];
    enum tax_mode tax_mode;
    enum rounding rounding;
    enum stock_policy stock_policy;
    enum payment_release payment_release; /* 0: always. */
    enum payment_capture payment_capture; /* 0: manual. */
    enum tax_source taxes;                /* 0: given. */
    enum tax_round tax_round;             /* 0: line. */
    str tax_country, tax_region, tax_postal_code;
};
/* ERR_CONFLICT (code_taken) where the code exists. */
MUST_USE err_t channel_create(struct ctx *ctx, const struct channel_cmd *cmd,
                              struct channel *ret);

/* What a change may name; what is NULL stays. */
struct channel_change {
    int64_t version; /* The one the caller saw. */
    const str *name, *brand, *tz, *number_prefix, *attrs;
    const enum channel_type *type;
    const enum tax_mode *tax_mode;
    const enum rounding *rounding;
    const enum stock_policy *stock_policy;
    const enum payment_release *payment_release;
    const enum payment_capture *payment_capture;
    const enum tax_source *taxes;
    const enum tax_round *tax_round;
    const str *tax_country, *tax_region, *tax_postal_code;
    const bool *is_active;
};
/* ERR_STALE where the version is not the current one. */
MUST_USE err_t channel_change(struct ctx *ctx, channel_id id,
                              const struct channel_change *change,
                              struct channel *ret);

/* What buyers see above their pages: of the attributes shop_color, shop_link,
 * shop_contact and shop_pages what is fit, empty otherwise. In ctx->arena. */
struct channel_shop {
    str name;    /* The brand, or the channel's own name. */
    str color;   /* "#0b6780" */
    str link;    /* "https://..." */
    str contact; /* A mail address. */
    str pages;   /* Where those pages are: "https://...", no / behind it. */
};
MUST_USE err_t channel_shop_get(struct ctx *ctx, channel_id id,
                                struct channel_shop *ret);

const char *channel_type_name(enum channel_type type);
const char *tax_mode_name(enum tax_mode mode);
const char *stock_policy_name(enum stock_policy policy);

extern const struct room channel_room;

#endif
