/* tax_engine_fuzz.c - any bytes as what a tax engine answers. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/order/tax_engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how prices are, and of how many items. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tax_item items[3] = {
        {.amount = 100}, {.amount = 0}, {.amount = LIMIT_MINOR}};
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct tax_request request = {.currency = "EUR",
                                  .mode = data[0] % 2 ? TAX_INCLUSIVE
                                                      : TAX_EXCLUSIVE,
                                  .items = items,
                                  .item_count = (size_t)(data[0] / 2 % 4)};
    struct tax_lines *lines;
    str body = {(const char *)data + 1, size - 1};
    err_t err = tax_engine_decode(&ctx, &request, body, &lines);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    for (size_t i = 0; err == OK && i < request.item_count; i++)
        for (size_t j = 0; j < lines[i].count; j++)
            ASSERT(lines[i].at[j].amount >= 0 &&
                   lines[i].at[j].amount <= LIMIT_MINOR &&
                   (request.mode == TAX_EXCLUSIVE ||
                    lines[i].at[j].amount <= items[i].amount));
    err_clear(&ctx);
    err = tax_engine_refusal(&ctx, &request, body);
    ASSERT(err == ERR_INVALID && ctx.err.text[0] != '\0');
    arena_close(ctx.arena);
    return 0;
}
