/* routing_csv.c - CSV to the items of a table. Pure. */
#include "oms/routing/routing_csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/str.h"

enum { COLUMNS_MAX = 16 };

/* column NULL: the line as a whole. */
static err_t bad(struct ctx *ctx, const struct csv_in *in, const char *slug,
                 const char *column, str cell)
{
    char field[64];
    snprintf(field, sizeof field, "csv line %lld%s%s", (long long)in->line,
             column ? " column " : "", column ? column : "");
    return fail_as(ctx, ERR_INVALID, slug, field, "\"%.*s\" is not understood",
                   STR_ARG(cell));
}

struct csv_head {
    const struct csv_column *of[COLUMNS_MAX];
    size_t count;
};

static err_t read_head(struct ctx *ctx, struct csv_in *in,
                       const struct csv_column *columns, size_t count,
                       struct csv_head *ret)
{
    str *cells;
    TRY(csv_next(ctx, in, &cells, &ret->count));
    if (ret->count == 0 || ret->count > COLUMNS_MAX)
        return fail_as(ctx, ERR_INVALID, "csv_column", "csv",
                       "the first line must name the columns");
    for (size_t i = 0; i < ret->count; i++) {
        ret->of[i] = NULL;
        for (size_t j = 0; j < count; j++)
            if (str_equal_cstr(str_trim(cells[i]), columns[j].name))
                ret->of[i] = &columns[j];
        if (!ret->of[i])
            return bad(ctx, in, "csv_column", NULL, cells[i]);
    }
    return OK;
}

static err_t put_row(struct ctx *ctx, const struct csv_in *in,
                     const struct csv_head *head, const str *cells,
                     struct json_out *out)
{
    str currency = STR_NONE;
    int64_t minor = 0, number = 0;
    bool has_amount = false;
    json_begin(out, NULL);
    for (size_t i = 0; i < head->count; i++) {
        const struct csv_column *column = head->of[i];
        str cell = str_trim(cells[i]);
        bool is_number =
            column->form == CSV_NUMBER || column->form == CSV_MINOR;
        if (cell.len == 0)
            continue;
        if (is_number && !str_to_i64(cell, &number))
            return bad(ctx, in, "csv_number", column->name, cell);
        switch (column->form) {
        case CSV_TEXT: json_put_str(out, column->name, cell); break;
        case CSV_NUMBER: json_put_i64(out, column->name, number); break;
        case CSV_MINOR: minor = number, has_amount = true; break;
        case CSV_CURRENCY: currency = cell; break;
        }
    }
    if (has_amount) {
        json_begin(out, "amount");
        json_put_i64(out, "amount", minor);
        json_put_str(out, "currency", currency);
        json_end_object(out);
    }
    json_end_object(out);
    return OK;
}

/* One line for each row, more than any text has rows. */
static int64_t *lines_for(struct ctx *ctx, str text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n' || text.ptr[i] == '\r';
    return arena_array(ctx->arena, int64_t, count);
}

err_t csv_to_items(struct ctx *ctx, str text, const struct csv_column *columns,
                   size_t count, struct csv_items *ret)
{
    struct csv_in in;
    struct csv_head head;
    struct buf buf;
    struct json_out out;
    str *cells;
    size_t n;
    *ret = (struct csv_items){.lines = lines_for(ctx, text)};
    csv_in_init(&in, text);
    TRY(read_head(ctx, &in, columns, count, &head));
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (;;) {
        TRY(csv_next(ctx, &in, &cells, &n));
        if (n == 0)
            break;
        if (n != head.count)
            return bad(ctx, &in, "csv_columns", NULL, cells[0]);
        ret->lines[ret->count++] = in.line;
        TRY(put_row(ctx, &in, &head, cells, &out));
    }
    json_end_list(&out);
    if (buf.is_full)
        return fail_as(ctx, ERR_TOO_LARGE, "csv_too_large", "csv",
                       "the table is too large");
    ret->json = buf_str(&buf);
    return OK;
}

err_t csv_fail_in(struct ctx *ctx, err_t err, const struct csv_items *items)
{
    str rest = str_copy(ctx->arena, str_from_cstr(ctx->err.field));
    int64_t at = 0;
    if (err == OK || !items->lines ||
        !str_equal_cstr(str_split(rest, '[', &rest), "items") ||
        !str_to_i64(str_split(rest, ']', &rest), &at) || at < 0 ||
        at >= (int64_t)items->count)
        return err;
    (void)str_split(rest, '.', &rest);
    str column = str_split(rest, '.', &rest); /* Of an amount: its first. */
    snprintf(ctx->err.field, sizeof ctx->err.field, "csv line %lld%s%.*s",
             (long long)items->lines[at], column.len ? " column " : "",
             STR_ARG(column));
    return err;
}
