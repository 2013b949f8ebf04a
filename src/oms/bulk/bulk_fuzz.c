/* bulk_fuzz.c - any bytes as a job over orders, and as what it needs to know.
 */
#include "base/arena.h"
#include "base/json.h"
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was kept of it reads the same again. */
static void again(struct ctx *ctx, const struct order_job_cmd *cmd)
{
    struct json_in *in;
    struct bulk_with with;
    err_t err = json_parse(ctx, cmd->params, &in);
    ASSERT(err == OK);
    err = bulk_with_from_json(ctx, in, cmd->action, &with);
    ASSERT(err == OK && with.tag_count == cmd->with.tag_count);
    ASSERT(bulk_perms(cmd->action, &with) ==
           bulk_perms(cmd->action, &cmd->with));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct order_job_cmd cmd;
    err_t err = json_parse(&ctx, (str){(const char *)data, size}, &in);
    if (err == OK)
        err = order_job_cmd_from_json(&ctx, in, &cmd);
    if (err == OK)
        again(&ctx, &cmd);
    else
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
