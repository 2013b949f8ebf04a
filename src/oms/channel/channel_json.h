/* channel_json.h - bodies to commands. Private to the room. */
#ifndef WHARF_OMS_CHANNEL_JSON_H
#define WHARF_OMS_CHANNEL_JSON_H

#include "base/json.h"
#include "oms/channel/channel.h"

/* Where the values of a change live. */
struct channel_patch {
    struct channel_change change;
    str name, brand, tz, number_prefix, attrs;
    enum channel_type type;
    enum tax_mode tax_mode;
    enum rounding rounding;
    enum stock_policy stock_policy;
    enum payment_release payment_release;
    enum payment_capture payment_capture;
    enum tax_source taxes;
    enum tax_round tax_round;
    str tax_country, tax_region, tax_postal_code;
    bool is_active;
};
MUST_USE err_t channel_read(struct json_in *in, struct channel_cmd *ret);
MUST_USE err_t channel_read_change(struct json_in *in,
                                   struct channel_patch *ret);

#endif
