/* table_rows.c - a row of a table as a line of JSON, and back. */
#include "app/table_rows.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/str.h"

static const int64_t SAFE = (int64_t)1 << 53;

enum { HEX_BYTES = 32 };

/* JSON of any engine with sorted keys and no blanks; empty where it is too
 * deep for our reader. */
static str sorted_json(struct ctx *ctx, str text)
{
    struct json_in *in;
    str raw = STR_NONE;
    str whole = str_printf(ctx->arena, "{\"v\":%.*s}", STR_ARG(text));
    err_t err = json_parse(ctx, whole, &in);
    if (err == OK)
        err = json_any_raw(in, "v", LIMIT_EXPORT_LINE_BYTES, &raw);
    err_clear(ctx);
    return err == OK ? raw : STR_NONE;
}

/* What is too deep to be sorted stays as it is, as a string. */
static void put_json(struct ctx *ctx, struct json_out *out, const char *key,
                     str text)
{
    str sorted = sorted_json(ctx, text);
    if (sorted.len > 0)
        json_put_raw(out, key, sorted);
    else
        json_put_str(out, key, text);
}

static void put_int(struct json_out *out, const char *key, int64_t value)
{
    char text[24];
    if (value <= SAFE && value >= -SAFE) {
        json_put_i64(out, key, value);
        return;
    }
    snprintf(text, sizeof text, "%lld", (long long)value);
    json_put_cstr(out, key, text);
}

static void put_cell(struct ctx *ctx, struct json_out *out,
                     const struct table_column *column,
                     const struct sql_rows *row, size_t at)
{
    if (sql_is_null(row, 0, at))
        json_put_null(out, column->name);
    else if (column->type == 'i')
        put_int(out, column->name, sql_int(row, 0, at));
    else if (column->type == 'j')
        put_json(ctx, out, column->name, sql_str(row, 0, at));
    else
        json_put_str(out, column->name, sql_str(row, 0, at));
}

void table_row_put(struct ctx *ctx, const struct table *table,
                   const struct sql_rows *row, struct buf *out)
{
    struct json_out json;
    size_t at = 0;
    json_out_init(&json, out);
    json_begin(&json, NULL);
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].hide == TABLE_SHOWN)
            put_cell(ctx, &json, &table->columns[i], row, at++);
    ASSERT(at == row->columns);
    json_end_object(&json);
    buf_add_char(out, '\n');
}

static size_t last_shown(const struct table *table)
{
    size_t last = 0;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].hide == TABLE_SHOWN)
            last = i;
    return last;
}

void table_row_csv(struct ctx *ctx, const struct table *table,
                   const struct sql_rows *row, struct buf *out)
{
    size_t at = 0, last = last_shown(table);
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].hide != TABLE_SHOWN)
            continue;
        str cell = STR_NONE;
        if (sql_is_null(row, 0, at))
            cell = STR_NONE;
        else if (table->columns[i].type == 'i')
            cell =
                str_printf(ctx->arena, "%lld", (long long)sql_int(row, 0, at));
        else
            cell = sql_str(row, 0, at);
        if (table->columns[i].type == 'j' && cell.len > 0)
            cell = sorted_json(ctx, cell);
        csv_put(out, cell, i == last);
        at++;
    }
}

void table_head_csv(const struct table *table, struct buf *out)
{
    size_t last = last_shown(table);
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].hide == TABLE_SHOWN)
            csv_put(out, str_from_cstr(table->columns[i].name), i == last);
}

/* ---- in ---- */

static err_t bad_type(struct json_in *in, const char *key, const char *what)
{
    return json_fail(in, key, ERR_INVALID, "wrong_type", "must be %s", what);
}

static err_t read_int(struct json_in *in, const char *key, str raw,
                      struct sql_arg *ret)
{
    int64_t value;
    if (raw.len > 2 && raw.ptr[0] == '"')
        raw = (str){raw.ptr + 1, raw.len - 2};
    if (!str_to_i64(raw, &value))
        return bad_type(in, key, "a whole number");
    *ret = sql_i(value);
    return OK;
}

static err_t read_value(struct json_in *in, const struct table_column *column,
                        struct sql_arg *ret)
{
    str raw, text;
    const char *key = column->name;
    TRY(json_any_raw(in, key, LIMIT_EXPORT_LINE_BYTES, &raw));
    if (column->type == 'i')
        return read_int(in, key, raw, ret);
    if (column->type == 'j' && raw.ptr[0] != '"') {
        *ret = sql_s(raw);
        return OK;
    }
    TRY(json_get_str(in, key, 0, LIMIT_EXPORT_LINE_BYTES, &text));
    *ret = sql_s(text);
    return OK;
}

static str random_hex(struct arena *arena)
{
    unsigned char bytes[HEX_BYTES];
    char *text = arena_alloc(arena, 2 * HEX_BYTES + 1);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, 2 * HEX_BYTES + 1, bytes, sizeof bytes);
    return (str){text, 2 * HEX_BYTES};
}

static struct sql_arg hidden(struct arena *arena, enum table_hide hide)
{
    switch (hide) {
    case TABLE_HIDE_NULL: return sql_null();
    case TABLE_HIDE_ZERO: return sql_i(0);
    case TABLE_HIDE_SEALED: return sql_s(STR("s1.exported.AAAA"));
    case TABLE_HIDE_HEX: return sql_s(random_hex(arena));
    case TABLE_SHOWN: break;
    }
    UNREACHABLE("a column that is shown has its value");
}

/* A column that the export did not know yet. */
static struct sql_arg missing(const struct table_column *column)
{
    int64_t value;
    if (!column->otherwise)
        return sql_null();
    str text = str_from_cstr(column->otherwise);
    if (column->type == 'i' && str_to_i64(text, &value))
        return sql_i(value);
    return sql_s(text);
}

err_t table_row_read(struct ctx *ctx, const struct table *table, str line,
                     struct sql_arg *ret)
{
    struct json_in *in;
    TRY(json_parse(ctx, line, &in));
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_column *column = &table->columns[i];
        if (column->hide != TABLE_SHOWN)
            ret[i] = hidden(ctx->arena, column->hide);
        else if (json_take_null(in, column->name))
            ret[i] = sql_null();
        else if (json_has(in, column->name))
            TRY(read_value(in, column, &ret[i]));
        else
            ret[i] = missing(column);
    }
    return json_end(in);
}
