/* sqlite_rows.c - values into SQLite's statements and out of them. */
#include "store/sqlite_rows.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { FIRST_ROOM = 16 };

static int bind_one(sqlite3_stmt *stmt, int at, char type,
                    const struct sql_arg *arg)
{
    if (arg->is_null)
        return sqlite3_bind_null(stmt, at);
    if (!arg->is_text)
        return sqlite3_bind_int64(stmt, at, arg->i);
    /* An empty string may have no address, which SQLite takes for NULL. */
    const char *ptr = arg->s.ptr ? arg->s.ptr : "";
    if (type == 'b')
        return sqlite3_bind_blob64(stmt, at, ptr, arg->s.len, SQLITE_STATIC);
    return sqlite3_bind_text64(stmt, at, ptr, arg->s.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

void sqlite_bind(sqlite3_stmt *stmt, const struct sql_stmt *info,
                 const struct sql_arg *args)
{
    for (int i = 0; i < info->params; i++) {
        int code = bind_one(stmt, i + 1, info->types[i], &args[i]);
        ASSERT(code == SQLITE_OK);
    }
}

struct sql_arg sqlite_cell(sqlite3_stmt *stmt, int column, bool is_text)
{
    int type = sqlite3_column_type(stmt, column);
    if (type == SQLITE_NULL)
        return (struct sql_arg){.is_null = true};
    if (type == SQLITE_INTEGER && !is_text)
        return (struct sql_arg){.i = sqlite3_column_int64(stmt, column)};
    const char *ptr = sqlite3_column_blob(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);
    return (struct sql_arg){
        .is_text = true, .s = {ptr, len}
    };
}

void sqlite_rows_init(struct sqlite_rows *out, struct arena *arena,
                      sqlite3_stmt *stmt)
{
    *out = (struct sqlite_rows){
        .rows.columns = (size_t)sqlite3_column_count(stmt), .arena = arena};
}

static void grow(struct sqlite_rows *out)
{
    size_t room = out->room ? out->room * 2 : FIRST_ROOM;
    struct sql_arg *cells =
        arena_array(out->arena, struct sql_arg, room * out->rows.columns);
    if (out->rows.count)
        memcpy(cells, out->rows.cells,
               out->rows.count * out->rows.columns * sizeof(*cells));
    out->rows.cells = cells;
    out->room = room;
}

void sqlite_rows_add(struct sqlite_rows *out, sqlite3_stmt *stmt)
{
    if (out->rows.count == out->room)
        grow(out);
    size_t columns = out->rows.columns;
    struct sql_arg *cells = &out->rows.cells[out->rows.count * columns];
    for (size_t i = 0; i < columns; i++) {
        cells[i] = sqlite_cell(stmt, (int)i, false);
        if (cells[i].is_text)
            cells[i].s = str_copy(out->arena, cells[i].s);
        out->bytes += cells[i].s.len;
    }
    out->rows.count++;
}
