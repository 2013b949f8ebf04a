/* woocommerce_fuzz.c - any bytes as a document of woocommerce orders. */
#include "base/arena.h"
#include "connect/channel/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t on_order(struct ctx *ctx, json_any from, void *arg)
{
    const struct import_format *format = arg;
    struct import_order order;
    if (format->read(ctx, from, &order) == OK)
        ASSERT(order.cmd.line_count > 0 && order.cmd.totals != NULL);
    err_clear(ctx);
    return OK;
}

static err_t on_skip(struct ctx *ctx, str kind, size_t count, void *arg)
{
    (void)ctx;
    (void)arg;
    ASSERT(kind.len > 0 && count > 0);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct import_format format;
    struct ctx ctx = {.arena = arena_open()};
    str text = {(const char *)data, size};
    format = woocommerce_orders;
    const struct import_sink sink = {&format, on_order, on_skip};
    for (;;) {
        json_any document;
        if (json_any_parse(&ctx, &text, &document) != OK || !document.node)
            break;
        if (format.walk(&ctx, document, &sink) != OK)
            err_clear(&ctx);
        json_any_close(document);
    }
    arena_close(ctx.arena);
    return 0;
}
