/* csv_stream.c - CSV of any length, a window of it in memory. */
#include "base/csv_stream.h"

#include "base/arena.h"
#include "base/charset.h"
#include "base/csv.h"
#include "base/str.h"

/* The window always holds a whole record, or as much as one may be long. */
enum {
    WINDOW_BYTES = 4 * CSV_MAX_RECORD_BYTES,
    /* A record, its quotes doubled, and its end. */
    AHEAD_BYTES = 2 * CSV_MAX_RECORD_BYTES + 64
};

struct csv_stream {
    struct csv_stream_config config;
    struct csv_in in; /* Over the window. */
    char *window;
    int64_t bytes;
    bool is_begun, is_over;
    bool is_in_long; /* Inside a line that was given up. */
    bool has_failed;
    struct err_detail failure;
};

struct csv_stream *csv_stream_open(const struct csv_stream_config *config)
{
    struct csv_stream *stream = mem_new(sizeof *stream);
    stream->config = *config;
    stream->window = mem_new(WINDOW_BYTES);
    csv_in_init(&stream->in, (str){stream->window, 0});
    stream->in.is_bytes = true;
    if (config->separator)
        stream->in.separator = config->separator;
    return stream;
}

void csv_stream_close(struct csv_stream *stream)
{
    if (!stream)
        return;
    mem_free(stream->window);
    mem_free(stream);
}

int64_t csv_stream_bytes(const struct csv_stream *stream)
{
    return stream->bytes;
}

/* The source's failure is kept for the end; *ret_len is 0 then. */
static void read_some(struct ctx *ctx, struct csv_stream *stream,
                      size_t *ret_len)
{
    struct csv_in *in = &stream->in;
    size_t got = 0;
    err_t err =
        stream->config.read(ctx, stream->config.arg, stream->window + in->len,
                            WINDOW_BYTES - in->len, &got);
    if (err != OK) {
        stream->has_failed = true;
        stream->failure = ctx->err;
        err_clear(ctx);
        got = 0;
    }
    *ret_len = got;
}

static void fill(struct ctx *ctx, struct csv_stream *stream)
{
    struct csv_in *in = &stream->in;
    if (stream->is_over || in->len - in->pos >= AHEAD_BYTES)
        return;
    memmove(stream->window, stream->window + in->pos, in->len - in->pos);
    in->len -= in->pos;
    in->pos = 0;
    in->ptr = stream->window;
    while (in->len < WINDOW_BYTES && !stream->is_over) {
        size_t got;
        read_some(ctx, stream, &got);
        in->len += got;
        stream->bytes += (int64_t)got;
        stream->is_over = got == 0;
    }
}

/* UTF-16 is what a spreadsheet saves as "Unicode text". */
static err_t begin(struct ctx *ctx, struct csv_stream *stream)
{
    static const str bom = STR_INIT("\xEF\xBB\xBF");
    struct csv_in *in = &stream->in;
    str text = {in->ptr, in->len};
    stream->is_begun = true;
    if (str_starts(text, bom))
        in->pos = bom.len;
    if (str_starts(text, STR("\xFF\xFE")) || str_starts(text, STR("\xFE\xFF")))
        return fail_as(ctx, ERR_INVALID, "encoding_utf16", "encoding",
                       "the file is UTF-16; save it as UTF-8");
    return OK;
}

/* Up to the next line feed; false where the window has none. */
static bool find_line_end(const struct csv_in *in, size_t *ret)
{
    const char *end = in->len > in->pos
                          ? memchr(in->ptr + in->pos, '\n', in->len - in->pos)
                          : NULL;
    *ret = end ? (size_t)(end - in->ptr) : in->len;
    return end != NULL;
}

/* Drops the rest of a line that was given up. */
static void skip_long(struct ctx *ctx, struct csv_stream *stream)
{
    struct csv_in *in = &stream->in;
    while (stream->is_in_long) {
        size_t end;
        bool is_end = find_line_end(in, &end);
        in->pos = is_end ? end + 1 : end;
        stream->is_in_long = !is_end && !stream->is_over;
        fill(ctx, stream);
    }
}

static str without_end(str raw)
{
    while (raw.len > 0 &&
           (raw.ptr[raw.len - 1] == '\n' || raw.ptr[raw.len - 1] == '\r'))
        raw.len--;
    return raw;
}

/* Goes on behind the first line of a record that cannot be read. */
static void give_up(struct ctx *ctx, struct csv_stream *stream, size_t start,
                    struct csv_row *ret)
{
    struct csv_in *in = &stream->in;
    size_t end;
    in->pos = start;
    bool is_end = find_line_end(in, &end);
    str raw = without_end((str){in->ptr + start, end - start});
    if (raw.len > CSV_MAX_RECORD_BYTES)
        raw.len = CSV_MAX_RECORD_BYTES;
    ret->raw = str_copy(ctx->arena, raw);
    ret->is_bad = true;
    ret->err = ctx->err;
    err_clear(ctx);
    in->pos = is_end ? end + 1 : end;
    in->next_line = in->line;
    stream->is_in_long = !is_end && !stream->is_over;
    ret->is_last = !is_end && stream->is_over;
}

static err_t convert(struct ctx *ctx, const struct charset *charset,
                     struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        row->cells[i] = charset_to_utf8(ctx->arena, charset, row->cells[i]);
    row->is_converted = true;
    return OK;
}

static err_t check_row(struct ctx *ctx, const struct csv_stream *stream,
                       struct csv_row *row)
{
    char field[32];
    snprintf(field, sizeof field, "line %lld", (long long)row->line);
    if (row->raw.len && memchr(row->raw.ptr, '\0', row->raw.len))
        return fail_as(ctx, ERR_INVALID, "csv_nul", field, "holds a NUL");
    if (stream->config.charset)
        return convert(ctx, stream->config.charset, row);
    if (str_is_utf8(row->raw))
        return OK;
    if (stream->config.otherwise)
        return convert(ctx, stream->config.otherwise, row);
    return fail_as(ctx, ERR_INVALID, "csv_utf8_invalid", field,
                   "is not valid UTF-8; name the encoding");
}

err_t csv_stream_next(struct ctx *ctx, struct csv_stream *stream,
                      struct csv_row *ret)
{
    struct csv_in *in = &stream->in;
    *ret = (struct csv_row){0};
    fill(ctx, stream);
    if (!stream->is_begun)
        TRY(begin(ctx, stream));
    skip_long(ctx, stream);
    /* Blank lines before a record are no part of it. */
    while (in->pos < in->len &&
           (in->ptr[in->pos] == '\n' ||
            (in->ptr[in->pos] == '\r' && in->pos + 1 < in->len &&
             in->ptr[in->pos + 1] == '\n'))) {
        in->pos += in->ptr[in->pos] == '\n' ? 1 : 2;
        in->next_line++;
        fill(ctx, stream);
    }
    size_t start = in->pos;
    err_t err = csv_next(ctx, in, &ret->cells, &ret->count);
    ret->line = in->line;
    if (err != OK) {
        give_up(ctx, stream, start, ret);
        return OK;
    }
    if (ret->count == 0) {
        if (!stream->has_failed)
            return OK;
        ctx->err = stream->failure;
        return stream->failure.code;
    }
    str raw = {in->ptr + start, in->pos - start};
    ret->is_last =
        stream->is_over && in->pos == in->len && raw.ptr[raw.len - 1] != '\n';
    ret->raw = str_copy(ctx->arena, without_end(raw));
    if (check_row(ctx, stream, ret) != OK) {
        ret->is_bad = true;
        ret->count = 0;
        ret->err = ctx->err;
        err_clear(ctx);
    }
    return OK;
}
