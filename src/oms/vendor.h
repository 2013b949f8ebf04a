/* vendor.h - accounts with services outside: what those with carriers and
 * those with gateways have in common. */
#ifndef WHARF_OMS_VENDOR_H
#define WHARF_OMS_VENDOR_H

#include "base/base.h"

enum { LIMIT_VENDOR_ACCOUNTS = 200, LIMIT_VENDOR_SECRET = 4096 };

/* ERR_STATE, limit_reached, where the statement counts `most` rows or more. */
MUST_USE err_t vendor_check_count(struct ctx *ctx, int stmt, int64_t most);
/* What an insert of that code came to: ERR_CONFLICT is code_taken. */
MUST_USE err_t vendor_code_taken(struct ctx *ctx, err_t err, str code);
/* Appends an event about an account or what else is set up. */
MUST_USE err_t vendor_tell(struct ctx *ctx, const char *type, const char *kind,
                           int64_t id, int64_t version, str code);
/* Whose secret it is: "carrier" and "car". */
struct vendor_place {
    const char *kind, *prefix;
    int64_t id;
};
MUST_USE err_t vendor_seal(struct ctx *ctx, struct vendor_place place,
                           str secret, str *ret);
/* Empty where nothing is sealed. */
MUST_USE err_t vendor_unseal(struct ctx *ctx, struct vendor_place place,
                             str sealed, str *ret);

#endif
