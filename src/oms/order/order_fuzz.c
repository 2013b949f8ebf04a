/* order_fuzz.c - any bytes as the body of an order: a command or a refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sum(struct ctx *ctx, const struct order_cmd *cmd,
                enum tax_mode mode)
{
    struct order_totals totals;
    struct order_sums *sums;
    err_clear(ctx);
    err_t err = order_totals_check(ctx, cmd, mode, &totals, &sums);
    ASSERT(err == OK || err == ERR_INVALID);
    ASSERT(err != OK || (totals.total >= 0 && totals.total <= LIMIT_MINOR));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct order_cmd cmd;
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = order_cmd_from_json(&ctx, in, STR("key"), &cmd);
    if (err == OK) {
        ASSERT(cmd.doc.len > 2 && cmd.doc.ptr[0] == '{');
        sum(&ctx, &cmd, TAX_INCLUSIVE);
        sum(&ctx, &cmd, TAX_EXCLUSIVE);
    } else {
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
        ASSERT(ctx.err.text[0] != '\0');
    }
    arena_close(ctx.arena);
    return 0;
}
