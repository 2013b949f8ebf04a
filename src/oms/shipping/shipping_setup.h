/* shipping_setup.h - what a merchant sets up: boxes, accounts with carriers.
 * Private to the room. */
#ifndef WHARF_OMS_SHIPPING_SETUP_H
#define WHARF_OMS_SHIPPING_SETUP_H

#include "oms/ids.h"
#include "oms/shipping/carrier.h"
#include "oms/shipping/shipping_box.h"

enum {
    LIMIT_BOXES = 500,
    LIMIT_BOX_MM = 5000,
    LIMIT_BOX_G = 1000 * 1000,
    LIMIT_SERVICES = 50 /* Of an account. */
};

struct box {
    struct box_kind kind; /* id, code, inner size, weights, cost. */
    str name;
    location_id location; /* 0: every one. */
    bool is_active;
    int64_t version;
    utc_ms created_at, updated_at;
};
MUST_USE err_t box_get(struct ctx *ctx, box_id id, struct box *ret);
MUST_USE err_t box_page(struct ctx *ctx, box_id after, size_t limit,
                        struct box **ret, size_t *ret_count);
/* Active ones that stand at the location. */
MUST_USE err_t box_list_at(struct ctx *ctx, location_id location,
                           struct box_kind **ret, size_t *ret_count);
/* By code; ERR_INVALID (box_unknown) where there is none. */
MUST_USE err_t box_by_code(struct ctx *ctx, str code, struct box *ret);
/* A new one where box->kind.id is 0, else at box->version, which it raises. */
MUST_USE err_t box_save(struct ctx *ctx, struct box *box);

struct account {
    carrier_account_id id;
    str code, name;
    const struct carrier *carrier;
    str settings; /* JSON object. */
    str services; /* JSON list, see shipping_service.h. */
    str sealed;   /* The secret as stored; empty: none. */
    str gs1_prefix;
    bool is_active;
    int64_t version;
    utc_ms created_at, updated_at;
};
MUST_USE err_t account_get(struct ctx *ctx, carrier_account_id id,
                           struct account *ret);
MUST_USE err_t account_page(struct ctx *ctx, carrier_account_id after,
                            size_t limit, struct account **ret,
                            size_t *ret_count);
/* By code, active; ERR_INVALID (account_unknown) where there is none. */
MUST_USE err_t account_by_code(struct ctx *ctx, str code, struct account *ret);
/* secret: a new one to be sealed, or STR_NONE: it stays. As box_save. */
MUST_USE err_t account_save(struct ctx *ctx, struct account *account,
                            str secret);
/* The account as its carrier's functions want it, its secret opened. */
MUST_USE err_t account_open(struct ctx *ctx, const struct account *account,
                            struct carrier_account *ret);

#endif
