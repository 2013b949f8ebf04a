/* tenant_json.c - bodies about tenants to commands. */
#include "oms/tenant/tenant_json.h"

#include "base/arena.h"
#include "oms/tenant/tenant_rules.h"

enum { HOST_BYTES = 253 };

static err_t read_hosts(struct ctx *ctx, struct json_in *in, const str **ret,
                        size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "hosts", 0, TENANT_HOSTS, &list));
    str *hosts = arena_array(ctx->arena, str, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        TRY(json_list_str(&list, i, 1, HOST_BYTES, &hosts[i]));
    *ret = hosts;
    *ret_count = list.count;
    return OK;
}

err_t tenant_read(struct ctx *ctx, struct json_in *in, struct tenant_cmd *ret)
{
    struct tenant_cmd cmd = {.host_count = 0};
    TRY(json_get_str(in, "code", 1, TENANT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(read_hosts(ctx, in, &cmd.hosts, &cmd.host_count));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t tenant_read_change(struct ctx *ctx, struct json_in *in,
                         struct tenant_patch *ret)
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
        TRY(read_hosts(ctx, in, &change->hosts, &change->host_count));
    return json_end(in);
}
