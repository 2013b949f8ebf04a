/* channel_store.h - rows of the channel room. Private to it. */
#ifndef WHARF_OMS_CHANNEL_STORE_H
#define WHARF_OMS_CHANNEL_STORE_H

#include "oms/channel/channel.h"

struct channel_filter {
    str code;               /* Empty: any. */
    enum channel_type type; /* 0: any. */
    int64_t after;
    size_t limit;
};
MUST_USE err_t channel_page(struct ctx *ctx,
                            const struct channel_filter *filter,
                            struct channel **ret, size_t *ret_count);
MUST_USE err_t channel_row_lock(struct ctx *ctx, channel_id id,
                                struct channel *ret);
/* With its number row. *ret_added is 0 where the code exists. */
MUST_USE err_t channel_row_add(struct ctx *ctx, const struct channel *channel,
                               int64_t *ret_added);
/* Writes at channel->version, which it then raises. */
MUST_USE err_t channel_row_save(struct ctx *ctx, struct channel *channel);
/* What routing keeps in memory by the brands of channels is made anew. */
MUST_USE err_t channel_stamp(struct ctx *ctx);

#endif
