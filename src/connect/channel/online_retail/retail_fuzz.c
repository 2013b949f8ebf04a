/* retail_fuzz.c - any bytes as a file of invoices. */
#include "base/arena.h"
#include "base/charset.h"
#include "base/csv_stream.h"
#include "base/str.h"
#include "connect/channel/online_retail/retail_window.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
    const uint8_t *data;
    size_t size, at;
};

/* Small bites, so that records fall apart. */
static err_t read_source(struct ctx *ctx, void *arg, char *to, size_t room,
                         size_t *ret_len)
{
    enum { BITE = 700 };
    struct source *source = arg;
    size_t len = source->size - source->at;
    (void)ctx;
    len = len > BITE ? BITE : len;
    len = len > room ? room : len;
    if (len)
        memcpy(to, source->data + source->at, len);
    source->at += len;
    *ret_len = len;
    return OK;
}

static void check(struct ctx *ctx, const struct retail_invoice *invoice)
{
    const struct retail_settings settings = {STR("old"), STR("UTC"), "GBP"};
    struct retail_outcome outcome;
    struct order_cmd order;
    struct credit_cmd credit;
    err_t err = OK;
    if (invoice->kind == RETAIL_SALE)
        err = retail_to_order(ctx, &settings, invoice, &order, &outcome);
    else if (invoice->kind == RETAIL_CREDIT)
        err = retail_to_credit(ctx, &settings, invoice, &credit, &outcome);
    else
        err = retail_to_adjustment(ctx, &settings, invoice, &outcome);
    if (err == OK && outcome.lines > 0 && invoice->kind == RETAIL_SALE)
        ASSERT(order.line_count == outcome.lines && order.placed_at > 0);
    err_clear(ctx);
}

static void read_all(struct ctx *ctx, struct csv_stream *stream,
                     struct retail_window *window)
{
    const struct retail_header header = {
        {0, 1, 2, 3, 4, 5, 6, 7},
        8
    };
    for (;;) {
        struct csv_row row;
        struct retail_row at;
        if (csv_stream_next(ctx, stream, &row) != OK) {
            err_clear(ctx);
            return;
        }
        if (row.count == 0 && !row.is_bad)
            return;
        ASSERT(row.line > 0);
        if (row.is_bad)
            continue;
        if (retail_row_read(ctx, &header, row.cells, row.count, &at) == OK)
            retail_window_add(window, &at);
        err_clear(ctx);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct source source = {data, size, 0};
    struct csv_stream_config config = {.read = read_source, .arg = &source};
    if (charset_open(&ctx, "windows-1252", &config.otherwise) != OK)
        return 0;
    struct csv_stream *stream = csv_stream_open(&config);
    struct retail_window *window = retail_window_open();
    struct retail_invoice *whole;
    read_all(&ctx, stream, window);
    size_t count = retail_window_take(window, true, &whole);
    for (size_t i = 0; i < count; i++)
        check(&ctx, &whole[i]);
    retail_window_close(window);
    csv_stream_close(stream);
    arena_close(ctx.arena);
    return 0;
}
