/* channel.h - the channel room: where orders come from and by which policy. */
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
enum stock_policy {
    STOCK_POLICY_REFUSE = 1,   /* An order that does not fit is refused. */
    STOCK_POLICY_BACKORDER = 2 /* What does not fit waits as backordered. */
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
    str number_prefix;
    bool is_active;
    int64_t version;
};

/* Found channels of many codes, for a batch. */
MUST_USE err_t channel_list_codes(struct ctx *ctx, const str *codes,
                                  size_t count, struct channel **ret,
                                  size_t *ret_count);
MUST_USE err_t channel_find(struct ctx *ctx, str code, struct channel *ret,
                            bool *found);
MUST_USE err_t channel_get(struct ctx *ctx, channel_id id,
                           struct channel *ret);
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
};
MUST_USE err_t channel_create(struct ctx *ctx, const struct channel_cmd *cmd,
                              struct channel *ret);

extern const struct room channel_room;

#endif
