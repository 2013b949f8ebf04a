/* routing_config.h - sites, tables and points as they are stored. Private. */
#ifndef WHARF_OMS_ROUTING_CONFIG_H
#define WHARF_OMS_ROUTING_CONFIG_H

#include "oms/routing/routing_book.h"

struct config_doc {
    location_id location; /* Of a site. */
    str code;
    int64_t version; /* 0: never set. */
    str doc;         /* JSON object. */
};
MUST_USE err_t site_doc_get(struct ctx *ctx, location_id location,
                            struct config_doc *ret);
MUST_USE err_t site_doc_page(struct ctx *ctx, location_id after, size_t limit,
                             struct config_doc **ret, size_t *ret_count);
/* Both: under the version after `version`, which must be the stored one
 * (ERR_STALE), with its event; the document is checked. */
MUST_USE err_t site_doc_set(struct ctx *ctx, location_id location,
                            int64_t version, str doc);
MUST_USE err_t table_doc_set(struct ctx *ctx, enum routing_table table,
                             int64_t version, str doc);
MUST_USE err_t table_doc_get(struct ctx *ctx, enum routing_table table,
                             struct config_doc *ret);

struct config_point {
    str prefix; /* As postal_of() has it. */
    int64_t lat_e6, lon_e6;
};
/* Replaces those of the country. */
MUST_USE err_t points_set(struct ctx *ctx, str country,
                          const struct config_point *points, size_t count);
MUST_USE err_t points_page(struct ctx *ctx, str country, str after,
                           size_t limit, struct config_point **ret,
                           size_t *ret_count);

#endif
