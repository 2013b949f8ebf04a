/* change_edit_fuzz.c - any bytes as the body of a change, worked out on an
 * order. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/change/change_edit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever it asks for, units and money add up. */
static void work_out(struct ctx *ctx, struct edit *edit)
{
    struct order_line placed[] = {
        {.n = 1,
         .ordered = 5,
         .backordered = 2,
         .allocated = 3,
         .unit_price = 100,
         .unit_price_now = 100,
         .total = 500,
         .total_now = 500},
        { .n = 2,
         .ordered = 4,
         .allocated = 1,
         .picked = 1,
         .shipped = 2,
         .unit_price = 7,
         .unit_price_now = 7,
         .total = 28,
         .total_now = 28,
         .tax = 3,
         .tax_now = 3},
    };
    struct order before = {.lines = placed,
                           .line_count = COUNT_OF(placed),
                           .currency = "EUR",
                           .tax_mode = TAX_INCLUSIVE};
    struct order order = order_keep(ctx->arena, &before);
    struct edit_plan plan = {
        .order = &order, .before = &before, .rounding = ROUND_HALF_UP};
    for (size_t i = 0; i < edit->count; i++)
        edit->actions[i].made =
            (struct order_line){.ordered = 1, .added = 1, .unallocated = 1};
    err_clear(ctx);
    err_t err = edit_apply(ctx, edit, &plan);
    ASSERT(err == OK || err == ERR_INVALID);
    for (size_t i = 0; err == OK && i < order.line_count; i++) {
        const struct order_line *line = &order.lines[i];
        ASSERT(line->ordered - line->cancelled ==
               line->unallocated + line->backordered + line->allocated +
                   line->picked + line->shipped);
        ASSERT(line->total_now >= 0 && line->tax_now >= 0 &&
               line->tax_now <= line->total_now);
        ASSERT(order_line_left(line) > 0 || line->total_now == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct edit edit = {.version = 0};
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = edit_actions_from_json(&ctx, in, "EUR", &edit);
    if (err == OK)
        work_out(&ctx, &edit);
    else
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
