/* returns_policy.h - by which rules a channel takes goods back. Private to the
 * room.
 */
#ifndef WHARF_OMS_RETURNS_POLICY_H
#define WHARF_OMS_RETURNS_POLICY_H

#include "base/base.h"
#include "base/money.h"
#include "oms/ids.h"

struct json_in;
struct json_out;

enum {
    LIMIT_WINDOW_DAYS = 3650,
    LIMIT_EXPIRE_DAYS = 365,
    LIMIT_REASONS = 50,
    LIMIT_FINAL_SKUS = 1000,
    LIMIT_FINAL_VALUES = 50,
    LIMIT_RETURN_ROUTES = 100,
    LIMIT_ROUTE_TERMS = 100 /* Of one kind, in one route. */
};

struct return_reason {
    str code, title;
    bool needs_note, needs_photo;
    bool is_fault; /* The merchant's: nothing is kept for it. */
};
/* When the money goes back by itself; units are accepted then. */
enum return_refund {
    REFUND_ON_SCAN = 1, /* Its carrier has it. */
    REFUND_ON_RECEIPT = 2,
    REFUND_ON_INSPECTION = 3,
    REFUND_BY_HAND = 4 /* Accepted by inspection; nobody gives it. */
};
/* When goods leave that are sent in exchange. */
enum return_ship {
    SHIP_AT_ONCE = 1,
    SHIP_ON_SCAN = 2, /* Their carrier has what comes back. */
    SHIP_ON_RECEIPT = 3,
    SHIP_ON_INSPECTION = 4 /* All of it is accepted. */
};
enum shipping_refund { /* Once nothing of the order is left. */
                       SHIPPING_NEVER = 1,
                       SHIPPING_FOR_FAULT = 2,
                       SHIPPING_ALWAYS = 3
};
struct return_terms { /* None: whatever it is. */
    const str *at;
    size_t count;
};
/* Where goods go that fit all its terms. */
struct return_route {
    struct return_terms countries, regions, reasons, skus;
    str location; /* Code. */
};
struct return_policy {
    int64_t version;      /* 0: nobody set one; these are the defaults. */
    int64_t window_days;  /* 0: nothing comes back. */
    bool is_from_shipped; /* The window begins when it left. */
    bool is_auto;         /* What the rules allow needs nobody's yes. */
    int64_t expire_days;  /* From the yes on. */
    const struct return_reason *reasons;
    size_t reason_count;
    const str *final_skus; /* Codes; sold as final. */
    size_t final_sku_count;
    str final_attr; /* SKUs that say one of these; empty: none. */
    const str *final_values;
    size_t final_value_count;
    const struct return_route *routes; /* The first that fits. */
    size_t route_count;
    enum return_refund refund;
    enum shipping_refund refund_shipping;
    enum return_ship exchange;
    money keep_up_to;       /* Goods worth no more need not come. */
    int64_t restocking_ppm; /* Kept of what units came to. */
    money shipping_fee;     /* Kept of a return that came by a label. */
};
/* What is not named is as by default. */
MUST_USE err_t return_policy_read(struct ctx *ctx, struct json_in *in,
                                  struct return_policy *ret);
/* Members of an open object, but for the version. */
void return_policy_write(struct json_out *out,
                         const struct return_policy *policy);
MUST_USE err_t return_policy_get(struct ctx *ctx, channel_id channel,
                                 struct return_policy *ret);
/* ERR_STALE where `version` is not the current one (0: none is set). */
MUST_USE err_t return_policy_set(struct ctx *ctx, channel_id channel,
                                 int64_t version, struct return_policy *policy);
/* NULL where there is no such reason. */
const struct return_reason *
return_policy_reason(const struct return_policy *policy, str code);

/* The code of the location that the first fitting route names, or empty. */
str return_policy_route(const struct return_policy *policy, str country,
                        str region, str reason, str sku);

#endif
