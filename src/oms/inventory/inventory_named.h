/* inventory_named.h - the SKUs and locations that a command names by code.
 * A public header of the room. */
#ifndef WHARF_OMS_INVENTORY_NAMED_H
#define WHARF_OMS_INVENTORY_NAMED_H

#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory.h"

struct named {
    struct map *skus;      /* By code: struct sku. */
    struct map *locations; /* By code: struct location. */
};
/* Codes may repeat; unknown ones are left out. Reads each kind once. */
MUST_USE err_t named_skus(struct ctx *ctx, const str *codes, size_t count,
                          struct named *ret);
MUST_USE err_t named_locations(struct ctx *ctx, const str *codes, size_t count,
                               struct named *ret);
/* NULL where there is none of that code. */
const struct sku *named_sku(const struct named *named, str code);
const struct location *named_location(const struct named *named, str code);

/* The same, or ERR_INVALID (sku_unknown, location_unknown) with field "sku" or
 * that given. */
MUST_USE err_t named_sku_get(struct ctx *ctx, const struct named *named,
                             str code, const struct sku **ret);
MUST_USE err_t named_location_get(struct ctx *ctx, const char *field, str code,
                                  struct location *ret);

/* Puts "lines[3]." before the field of the failure just recorded. */
err_t fail_in(struct ctx *ctx, err_t err, const char *list, size_t i);

/* Codes of the SKUs and locations that a reply shows, by id. */
struct codes {
    struct map *skus;
    struct map *locations;
};
MUST_USE err_t codes_of_skus(struct ctx *ctx, const sku_id *ids, size_t count,
                             struct codes *ret);
MUST_USE err_t codes_of_locations(struct ctx *ctx, const location_id *ids,
                                  size_t count, struct codes *ret);
/* Empty where it is not known. */
str code_of_sku(const struct codes *codes, sku_id id);
str code_of_location(const struct codes *codes, location_id id);

#endif
