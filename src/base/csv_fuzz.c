/* csv_fuzz.c - any bytes as CSV: what is read, written and read is the same. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(struct ctx *ctx, const str *fields, size_t count)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, 4 * CSV_MAX_RECORD_BYTES);
    for (size_t i = 0; i < count; i++)
        csv_put(&buf, fields[i], i + 1 == count);
    struct csv_in in;
    csv_in_init(&in, buf_str(&buf));
    str *again;
    size_t again_count;
    if (csv_next(ctx, &in, &again, &again_count) != OK) {
        /* Quotes and guards may carry it over the limit, nothing else. */
        ASSERT(buf.len > CSV_MAX_RECORD_BYTES);
        return;
    }
    ASSERT(again_count == count);
    for (size_t i = 0; i < count; i++) {
        bool is_guarded = again[i].len == fields[i].len + 1;
        str got =
            is_guarded ? (str){again[i].ptr + 1, again[i].len - 1} : again[i];
        ASSERT(str_equal(got, fields[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct csv_in in;
    csv_in_init(&in, (str){(const char *)data, size});
    struct arena_mark mark = arena_mark(ctx.arena);
    for (;;) {
        str *fields;
        size_t count;
        if (csv_next(&ctx, &in, &fields, &count) != OK || count == 0)
            break;
        ASSERT(count <= CSV_MAX_COLUMNS);
        round_trip(&ctx, fields, count);
        arena_reset_to(ctx.arena, mark);
    }
    ASSERT(in.pos <= in.len);
    arena_close(ctx.arena);
    return 0;
}
