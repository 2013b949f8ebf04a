/* tenant_json.h - bodies about tenants to commands. Private to the room. */
#ifndef WHARF_OMS_TENANT_JSON_H
#define WHARF_OMS_TENANT_JSON_H

#include "base/json.h"
#include "oms/tenant/tenant.h"

/* Where the values of a change live. */
struct tenant_patch {
    struct tenant_change change;
    str name;
    enum tenant_state state;
};
MUST_USE err_t tenant_read(struct json_in *in, struct tenant_cmd *ret);
MUST_USE err_t tenant_read_change(struct json_in *in, struct tenant_patch *ret);

#endif
