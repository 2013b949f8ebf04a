/* tenant_rules.h - what a tenant must be. Private to the room. */
#ifndef WHARF_OMS_TENANT_RULES_H
#define WHARF_OMS_TENANT_RULES_H

#include "oms/tenant/tenant.h"

/* Index + 1 is the value. */
extern const char *const tenant_state_names[2];

MUST_USE err_t tenant_check(struct ctx *ctx, const struct tenant_row *row);

#endif
