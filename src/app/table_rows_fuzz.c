/* table_rows_fuzz.c - any bytes as a line or a manifest of an export. */
#include "app/manifest.h"
#include "app/table_rows.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct manifest *manifest = arena_new(ctx.arena, struct manifest);
    struct sql_arg args[TABLE_COLUMNS_MAX];
    if (size > 0) {
        const struct table *table =
            manifest_table(data[0] % manifest_table_count());
        str line = {(const char *)data + 1, size - 1};
        ASSERT(table->column_count <= TABLE_COLUMNS_MAX);
        if (table_row_read(&ctx, table, line, args) == OK)
            for (size_t i = 0; i < table->column_count; i++)
                ASSERT(args[i].is_null || !args[i].is_text || args[i].s.ptr);
        err_clear(&ctx);
        if (manifest_read(&ctx, line, manifest) == OK)
            ASSERT(manifest->count <= MANIFEST_FILES);
    }
    arena_close(ctx.arena);
    return 0;
}
