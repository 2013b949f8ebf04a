/* csv_map_fuzz.c - any bytes as a mapping file, and as cells of one. */
#include "app/csv_map.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELLS = 4 };

/* Up to the first NUL a mapping, the rest its cells. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    str rest = {(const char *)data, size};
    str text = str_split(rest, '\0', &rest);
    struct csv_map map;
    if (csv_map_read(&ctx, text, &map) == OK) {
        str cells[CELLS];
        for (size_t i = 0; i < CELLS; i++)
            cells[i] = str_split(rest, '\n', &rest);
        for (size_t i = 0; i < map.field_count; i++)
            map.fields[i].at = i % CELLS;
        map.column_count = CELLS;
        const struct map_row rows[] = {
            {cells, CELLS},
            {cells, CELLS}
        };
        str body;
        bool is_text = true;
        for (size_t i = 0; i < CELLS; i++)
            is_text = is_text && str_is_utf8(cells[i]);
        if (is_text && csv_map_body(&ctx, &map, rows, 2, &body) == OK)
            ASSERT(body.len >= 2 && body.ptr[0] == '{' &&
                   body.ptr[body.len - 1] == '}');
    }
    arena_close(ctx.arena);
    return 0;
}
