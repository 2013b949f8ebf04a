/* returns_fuzz.c - any bytes as the bodies about returns. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written of a policy is read as the same policy. */
static void write_again(struct ctx *ctx, const struct return_policy *policy)
{
    struct buf buf;
    struct json_out out;
    struct json_in *in;
    struct return_policy again;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    return_policy_write(&out, policy);
    json_end_object(&out);
    err_t err = json_parse(ctx, buf_str(&buf), &in);
    ASSERT(err == OK);
    err = return_policy_read(ctx, in, &again);
    ASSERT(err == OK);
    ASSERT(again.window_days == policy->window_days);
    ASSERT(again.reason_count == policy->reason_count);
    ASSERT(again.final_sku_count == policy->final_sku_count);
}

static err_t read_as(struct ctx *ctx, int what, struct json_in *in)
{
    struct return_policy policy;
    struct return_request request = {.count = 0};
    struct return_step step = {.event = RETURN_EVENT_DECLINE};
    struct receive_cmd receive = {.count = 0};
    struct inspect_cmd inspect = {.count = 0};
    switch (what) {
    case 0: return return_read_request(ctx, in, &request);
    case 1: return return_read_step(ctx, in, &step);
    case 2: return return_read_receive(ctx, in, &receive);
    case 3: return return_read_inspect(ctx, in, &inspect);
    case 4:
        TRY(return_read_self(ctx, in, &request));
        ASSERT(!request.is_received && !request.is_exception);
        return OK;
    default: break;
    }
    TRY(return_policy_read(ctx, in, &policy));
    write_again(ctx, &policy);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { BODIES = 6 };
    str body = {(const char *)data, size};
    for (int i = 0; i < BODIES; i++) {
        struct ctx ctx = {.arena = arena_open()};
        struct json_in *in = NULL;
        err_t err = json_parse(&ctx, body, &in);
        if (err == OK)
            err = read_as(&ctx, i, in);
        ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
        arena_close(ctx.arena);
    }
    return 0;
}
