/* hold_fuzz.c - any bytes as the body of a hold: a command or a refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/hold/hold_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct hold_cmd cmd;
    struct hold_extend_cmd extend;
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = hold_cmd_from_json(&ctx, in, &cmd);
    if (err == OK) {
        ASSERT(cmd.count > 0 && cmd.count <= LIMIT_HOLD_ITEMS);
        ASSERT(cmd.ttl_s > 0 && cmd.ttl_s <= LIMIT_HOLD_TTL_S);
    } else {
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
        ASSERT(ctx.err.text[0] != '\0');
    }
    err_clear(&ctx);
    err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = hold_extend_from_json(&ctx, in, &extend);
    ASSERT(err != OK || (extend.ttl_s > 0 && extend.version >= 0));
    arena_close(ctx.arena);
    return 0;
}
