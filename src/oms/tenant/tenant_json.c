/* tenant_json.c - bodies about tenants to commands. */
#include "oms/tenant/tenant_json.h"

#include "base/arena.h"
#include "oms/tenant/tenant_rules.h"

enum { HOST_BYTES = 253 };

err_t tenant_read(struct json_in *in, struct tenant_cmd *ret)
{
    struct tenant_cmd cmd = {.host_count = 0};
    TRY(json_get_str(in, "code", 1, TENANT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(json_get_strs(in, "hosts", TENANT_HOSTS, HOST_BYTES, &cmd.hosts,
                      &cmd.host_count));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t tenant_read_change(struct json_in *in, struct tenant_patch *ret)
{
    struct tenant_change *change = &ret->change;
    int state = -1;
    *ret = (struct tenant_patch){.change = {.version = 0}};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &change->version));
    if (json_has(in, "name")) {
        TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
        change->name = &ret->name;
    }
    TRY(json_opt_enum(in, "state", tenant_state_names,
                      COUNT_OF(tenant_state_names), &state));
    if (state >= 0) {
        ret->state = (enum tenant_state)(state + 1);
        change->state = &ret->state;
    }
    if (json_has(in, "hosts"))
        TRY(json_get_strs(in, "hosts", TENANT_HOSTS, HOST_BYTES, &change->hosts,
                          &change->host_count));
    return json_end(in);
}
