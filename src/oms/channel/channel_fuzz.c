/* channel_fuzz.c - any bytes as a body about a channel. */
#include "base/arena.h"
#include "oms/channel/channel_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct json_in *in, bool is_change)
{
    struct channel_cmd cmd;
    struct channel_patch patch;
    if (is_change)
        return channel_read_change(in, &patch);
    TRY(channel_read(in, &cmd));
    ASSERT(cmd.type >= CHANNEL_WEB && cmd.type <= CHANNEL_LIVE);
    ASSERT(currency_exponent(cmd.currency) >= 0);
    return OK;
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
        err = decode(in, data[0] % 2 == 1);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
