/* purchasing_json.h - bodies to commands. Private to the room. */
#ifndef WHARF_OMS_PURCHASING_JSON_H
#define WHARF_OMS_PURCHASING_JSON_H

#include "base/json.h"
#include "oms/purchasing/purchasing.h"

/* All but id, code, version and times; a new one is active. */
MUST_USE err_t supplier_read(struct ctx *ctx, struct json_in *in,
                             struct supplier *ret);
MUST_USE err_t purchase_read(struct ctx *ctx, struct json_in *in,
                             struct purchase_cmd *ret);
/* Where the values of an edit live. The currency is that of the order. */
struct purchase_patch {
    struct purchase_edit edit;
    str location, note;
};
MUST_USE err_t purchase_read_edit(struct ctx *ctx, struct json_in *in,
                                  const char *currency,
                                  struct purchase_patch *ret);
struct purchase_days {
    int64_t version;
    struct purchase_day *at;
    size_t count;
};
MUST_USE err_t purchase_read_days(struct ctx *ctx, struct json_in *in,
                                  struct purchase_days *ret);
MUST_USE err_t purchase_read_receipt(struct ctx *ctx, struct json_in *in,
                                     struct purchase_receipt *ret);

#endif
