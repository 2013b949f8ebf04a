/* change_fuzz.c - any bytes as the body of a cancellation. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/change/change_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the command asks for, a cut never takes more than is open. */
static void cut(struct ctx *ctx, const struct cancel_cmd *cmd)
{
    struct order_line lines[] = {
        {.n = 1,        .ordered = 5,   .backordered = 2, .allocated = 3},
        { .n = 2, .ordered = 4, .allocated = 1,      .picked = 1,   .shipped = 2},
    };
    struct order order = {.lines = lines, .line_count = COUNT_OF(lines)};
    struct line_cut *cuts;
    size_t count;
    err_clear(ctx);
    err_t err = change_cuts_make(ctx, cmd, &order, &cuts, &count);
    ASSERT(err == OK || err == ERR_INVALID || err == ERR_STATE);
    for (size_t i = 0; err == OK && i < count; i++)
        change_cut_apply(&cuts[i], &lines[cuts[i].n - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct cancel_cmd cmd = {0};
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = change_cancel_from_json(&ctx, in, &cmd);
    if (err == OK)
        cut(&ctx, &cmd);
    else
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
