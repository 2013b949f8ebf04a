/* tenant_fuzz.c - any bytes as a body about a tenant. */
#include "base/arena.h"
#include "oms/tenant/tenant_json.h"
#include "oms/tenant/tenant_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, bool is_change)
{
    struct tenant_cmd cmd;
    struct tenant_patch patch;
    if (is_change)
        return tenant_read_change(in, &patch);
    TRY(tenant_read(in, &cmd));
    struct tenant_row row = {.code = cmd.code,
                             .name = cmd.name,
                             .hosts = cmd.hosts,
                             .host_count = cmd.host_count};
    return tenant_check(ctx, &row);
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data + 1, size - 1};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = decode(&ctx, in, data[0] % 2 == 1);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
