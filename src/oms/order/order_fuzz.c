/* order_fuzz.c - any bytes as the body of an order: a command or a refusal. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_price.h"
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

/* The same bytes as a question: its answer is a body. */
static void ask(struct ctx *ctx, str body)
{
    struct json_in *in = NULL;
    struct order_asked asked = {.discount_count = 0};
    struct order_cmd cmd;
    struct buf buf;
    struct json_out out;
    err_clear(ctx);
    err_t err = json_parse(ctx, body, &in);
    if (err == OK)
        err = order_asked_from_json(ctx, in, &asked);
    if (err == OK)
        err = order_discounts_apply(ctx, &asked, ROUND_HALF_UP, &cmd);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    if (err != OK)
        return;
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    order_cmd_put_body(&out, NULL, &cmd);
    err = json_parse(ctx, buf_str(&buf), &in);
    ASSERT(err == OK);
    err = order_cmd_from_json(ctx, in, STR("key"), &cmd);
    ASSERT(err == OK);
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
    ask(&ctx, body);
    arena_close(ctx.arena);
    return 0;
}
