/* change_blanket_fuzz.c - any bytes as the body of a blanket order: a command,
 * or a refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/change/change_blanket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open(), .now = 1800000000000};
    struct json_in *in = NULL;
    struct blanket_cmd cmd = {.version = 0};
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = blanket_cmd_from_json(&ctx, in, &cmd);
    if (err == OK)
        ASSERT(cmd.body.len > 0 && cmd.count <= LIMIT_RELEASES &&
               (cmd.count > 0) != (cmd.every.unit != 0));
    else
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
