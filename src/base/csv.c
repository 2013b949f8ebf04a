/* csv.c - RFC 4180 records in and out. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

static const str bom = STR_INIT("\xEF\xBB\xBF");

void csv_in_init(struct csv_in *in, str text)
{
    if (str_starts(text, bom))
        text = (str){text.ptr + bom.len, text.len - bom.len};
    *in = (struct csv_in){.ptr = text.ptr, .len = text.len, .separator = ','};
}

static err_t fail_line(struct ctx *ctx, const struct csv_in *in,
                       const char *slug, const char *text)
{
    char field[32];
    snprintf(field, sizeof(field), "line %lld", (long long)in->line);
    return fail_as(ctx, ERR_INVALID, slug, field, "%s", text);
}

static err_t fail_long(struct ctx *ctx, const struct csv_in *in)
{
    return fail_line(ctx, in, "csv_record_too_long",
                     "the record is longer than 1 MiB");
}

/* Length of the line end at pos: 0 (none), 1 (LF) or 2 (CRLF). */
static size_t line_end(const struct csv_in *in, size_t pos)
{
    if (pos < in->len && in->ptr[pos] == '\n')
        return 1;
    if (pos + 1 < in->len && in->ptr[pos] == '\r' && in->ptr[pos + 1] == '\n')
        return 2;
    return 0;
}

/* A quoted field that begins at *pos, its doubled quotes made single. */
static err_t read_quoted(struct ctx *ctx, struct csv_in *in, size_t *pos,
                         str *ret)
{
    size_t start = *pos + 1, end = start, doubled = 0;
    for (;; end++) {
        if (end >= in->len)
            return fail_line(ctx, in, "csv_unclosed_quote",
                             "a quoted field is not closed");
        if (end - start > CSV_MAX_RECORD_BYTES)
            return fail_long(ctx, in);
        if (in->ptr[end] != '"')
            continue;
        if (end + 1 >= in->len || in->ptr[end + 1] != '"')
            break;
        doubled++;
        end++;
    }
    char *text = arena_alloc_raw(ctx->arena, end - start - doubled + 1);
    size_t len = 0;
    for (size_t i = start; i < end; i++) {
        text[len++] = in->ptr[i];
        i += in->ptr[i] == '"' ? 1 : 0;
    }
    ASSERT(len == end - start - doubled);
    *ret = (str){text, len};
    *pos = end + 1;
    return OK;
}

static err_t read_plain(struct ctx *ctx, struct csv_in *in, size_t *pos,
                        str *ret)
{
    size_t start = *pos, end = start;
    while (end < in->len && in->ptr[end] != in->separator &&
           line_end(in, end) == 0) {
        if (in->ptr[end] == '"')
            return fail_line(ctx, in, "csv_stray_quote",
                             "a quote stands inside an unquoted field");
        if (in->ptr[end] == '\r')
            return fail_line(ctx, in, "csv_stray_cr",
                             "a carriage return stands without line feed");
        end++;
        if (end - start > CSV_MAX_RECORD_BYTES)
            return fail_long(ctx, in);
    }
    *ret = str_copy(ctx->arena, (str){in->ptr + start, end - start});
    *pos = end;
    return OK;
}

static err_t read_field(struct ctx *ctx, struct csv_in *in, size_t *pos,
                        str *ret)
{
    if (*pos < in->len && in->ptr[*pos] == '"') {
        TRY(read_quoted(ctx, in, pos, ret));
        if (*pos < in->len && in->ptr[*pos] != in->separator &&
            line_end(in, *pos) == 0)
            return fail_line(ctx, in, "csv_stray_quote",
                             "text follows a quoted field");
        return OK;
    }
    return read_plain(ctx, in, pos, ret);
}

static err_t check_bytes(struct ctx *ctx, const struct csv_in *in, str record)
{
    if (!str_is_utf8(record))
        return fail_line(ctx, in, "csv_utf8_invalid", "is not valid UTF-8");
    if (record.len && memchr(record.ptr, '\0', record.len))
        return fail_line(ctx, in, "csv_nul", "holds a NUL");
    return OK;
}

/* Line ends of the record just read, its own last one included. */
static int64_t count_lines(str record)
{
    int64_t count = 0;
    for (size_t i = 0; i < record.len; i++)
        count += record.ptr[i] == '\n' ? 1 : 0;
    return count;
}

static void skip_blank_lines(struct csv_in *in)
{
    for (size_t len = line_end(in, in->pos); len; len = line_end(in, in->pos)) {
        in->pos += len;
        in->next_line++;
    }
}

err_t csv_next(struct ctx *ctx, struct csv_in *in, str **ret_fields,
               size_t *ret_count)
{
    skip_blank_lines(in);
    in->line = in->next_line + 1;
    str fields[CSV_MAX_COLUMNS];
    size_t count = 0, pos = in->pos;
    bool has_more = pos < in->len;
    while (has_more) {
        if (count == CSV_MAX_COLUMNS)
            return fail_line(ctx, in, "csv_too_many_columns",
                             "has more than 256 columns");
        TRY(read_field(ctx, in, &pos, &fields[count++]));
        if (pos - in->pos > CSV_MAX_RECORD_BYTES)
            return fail_long(ctx, in);
        has_more = pos < in->len && in->ptr[pos] == in->separator;
        pos += has_more ? 1 : line_end(in, pos);
    }
    str record = {in->ptr + in->pos, pos - in->pos};
    if (!in->is_bytes)
        TRY(check_bytes(ctx, in, record));
    in->next_line += count_lines(record);
    in->pos = pos;
    *ret_fields = arena_array(ctx->arena, str, count);
    if (count)
        memcpy(*ret_fields, fields, count * sizeof(str));
    *ret_count = count;
    return OK;
}

/* ---- out ---- */

static size_t skip_digits(str s, size_t at)
{
    while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
        at++;
    return at;
}

/* "-12.50": a sign, digits and at most one point between digits. */
static bool is_number(str s)
{
    size_t start = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
    size_t at = skip_digits(s, start);
    if (at == start)
        return false;
    if (at < s.len && s.ptr[at] == '.') {
        size_t after = skip_digits(s, at + 1);
        if (after == at + 1)
            return false;
        at = after;
    }
    return at == s.len;
}

static bool is_one_of(char c, str set)
{
    return memchr(set.ptr, c, set.len) != NULL;
}

void csv_put(struct buf *buf, str cell, bool is_last)
{
    bool is_formula =
        cell.len && is_one_of(cell.ptr[0], STR("=+-@\t\r")) && !is_number(cell);
    bool is_line_start = buf->len == 0 || buf->ptr[buf->len - 1] == '\n';
    /* Or a lone empty cell would be a blank line, and a byte order mark that
     * of the file. */
    bool is_quoted =
        (cell.len == 0 && is_last && is_line_start) || str_starts(cell, bom);
    for (size_t i = 0; i < cell.len && !is_quoted; i++)
        is_quoted = is_one_of(cell.ptr[i], STR(",\"\r\n"));
    if (is_quoted)
        buf_add_char(buf, '"');
    if (is_formula)
        buf_add_char(buf, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            buf_add_char(buf, '"');
        buf_add_char(buf, cell.ptr[i]);
    }
    if (is_quoted)
        buf_add_char(buf, '"');
    buf_add_cstr(buf, is_last ? "\r\n" : ",");
}
