/* tenant_store.h - rows of tenants. Private to the room. */
#ifndef WHARF_OMS_TENANT_STORE_H
#define WHARF_OMS_TENANT_STORE_H

#include "oms/tenant/tenant.h"

MUST_USE err_t tenant_row_lock(struct ctx *ctx, tenant_id id,
                               struct tenant_row *ret);
/* *ret_added 0: the code is taken. */
MUST_USE err_t tenant_row_add(struct ctx *ctx, const struct tenant_row *row,
                              int64_t *ret_added);
MUST_USE err_t tenant_row_save(struct ctx *ctx, struct tenant_row *row);
/* Makes these the tenant's hosts. ERR_CONFLICT (host_taken), by field. */
MUST_USE err_t tenant_hosts_save(struct ctx *ctx, const struct tenant_row *row);
MUST_USE err_t tenant_usage_list(struct ctx *ctx, tenant_id tenant,
                                 int64_t from, int64_t to, struct usage **ret,
                                 size_t *ret_count);

#endif
