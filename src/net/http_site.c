/* http_site.c - the files of the site that is built in: the dashboard.
 *
 * Looked at only where no route is. A browser that asks for a page no file is
 * named after gets the page that lies nearest above it, in the end the one at
 * "/", which finds its way by the address; /v1 and /assets never do, so that a
 * mistyped call is told so.
 */
#include "net/http_site.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "net/http_int.h"

enum { GZIP_WINDOW = 16 + MAX_WBITS };

/* Everything comes from where the page does; nothing may frame it. */
#define POLICY                                                                 \
    "default-src 'self'; base-uri 'none'; form-action 'self'; "                \
    "frame-ancestors 'none'; object-src 'none'"

static str part(const struct http_exchange *exchange, struct http_slice slice)
{
    return http_slice_str(exchange->bytes, slice);
}

static bool mentions(str text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= text.len; i++)
        if (strncasecmp(text.ptr + i, word, len) == 0)
            return true;
    return false;
}

static const struct http_file *find(const struct http_site *site, str path)
{
    for (size_t i = 0; i < site->count; i++)
        if (str_equal_cstr(path, site->at[i].path))
            return &site->at[i];
    return NULL;
}

static bool is_below(str path, str top)
{
    return str_starts(path, top) &&
           (path.len == top.len || path.ptr[top.len] == '/');
}

/* The page that answers for this address: the longest name it lies below. */
static const struct http_file *page_for(const struct http_site *site, str path)
{
    const struct http_file *page = find(site, STR("/"));
    for (size_t i = 0; i < site->count; i++) {
        const struct http_file *file = &site->at[i];
        str top = str_from_cstr(file->path);
        if (file->is_page && is_below(path, top) &&
            (!page || top.len > strlen(page->path)))
            page = file;
    }
    return page;
}

static const struct http_file *file_for(const struct http_exchange *exchange)
{
    const struct http_site *site = exchange->loop->server->config.site;
    str path = part(exchange, exchange->head.path);
    const struct http_file *file = find(site, path);
    if (file || is_below(path, STR("/v1")) || is_below(path, STR("/assets")))
        return file;
    if (!mentions(part(exchange, exchange->head.accept), "text/html"))
        return NULL;
    return page_for(site, path);
}

/* "q=0", "q=0.000": a coding the client cannot read. */
static bool is_refused(str weight)
{
    if (!str_starts(weight, STR("q=")) || weight.len == 2)
        return false;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.ptr[i] != '0' && weight.ptr[i] != '.')
            return false;
    return true;
}

static bool takes(str codings, str wanted)
{
    while (codings.len > 0) {
        str rest, weight;
        str name =
            str_trim(str_split(str_split(codings, ',', &rest), ';', &weight));
        if (name.len == wanted.len &&
            strncasecmp(name.ptr, wanted.ptr, name.len) == 0)
            return !is_refused(str_trim(weight));
        codings = rest;
    }
    return false;
}

/* For a client that takes neither coding. */
static str unpacked(struct arena *arena, const struct http_file *file)
{
    char *to = arena_alloc_raw(arena, file->size ? file->size : 1);
    z_stream in = {
        .next_in = (Bytef *)(uintptr_t)file->gzip.ptr,
        .avail_in = (uInt)file->gzip.len,
        .next_out = (Bytef *)to,
        .avail_out = (uInt)file->size,
    };
    int began = inflateInit2(&in, GZIP_WINDOW);
    ASSERT(began == Z_OK);
    int ended = inflate(&in, Z_FINISH);
    inflateEnd(&in);
    ASSERT(ended == Z_STREAM_END && in.avail_out == 0);
    return (str){to, file->size};
}

static void choose_coding(struct http_exchange *exchange)
{
    const struct http_file *file = exchange->file;
    str codings = part(exchange, exchange->head.accept_encoding);
    if (takes(codings, STR("br")))
        exchange->raw = file->brotli;
    else if (takes(codings, STR("gzip")))
        exchange->raw = file->gzip;
    else
        exchange->raw = unpacked(exchange->ctx.arena, file);
}

bool site_answer(struct http_exchange *exchange)
{
    const struct http_server *server = exchange->loop->server;
    if (!server->config.site || exchange->head.method != HTTP_GET)
        return false;
    exchange->file = file_for(exchange);
    if (!exchange->file)
        return false;
    err_clear(&exchange->ctx);
    exchange->content_type = exchange->file->type;
    str known = part(exchange, exchange->head.if_none_match);
    if (known.len > 0 && mentions(known, exchange->file->etag)) {
        exchange->req.status = 304;
        exchange->raw = STR("");
    } else {
        choose_coding(exchange);
    }
    return true;
}

static void add(struct buf *head, const char *name, const char *value)
{
    buf_add_cstr(head, name);
    buf_add_cstr(head, value);
    buf_add_cstr(head, "\r\n");
}

void site_headers(const struct http_exchange *exchange, struct buf *head)
{
    const struct http_file *file = exchange->file;
    /* Weak: the codings of a file share it. */
    buf_add_cstr(head, "ETag: W/");
    add(head, "", file->etag);
    add(head, "Vary: ", "Accept, Accept-Encoding");
    add(head, "Cache-Control: ",
        file->is_immutable ? "public, max-age=31536000, immutable"
                           : "no-cache");
    if (exchange->raw.ptr == file->brotli.ptr)
        add(head, "Content-Encoding: ", "br");
    else if (exchange->raw.ptr == file->gzip.ptr)
        add(head, "Content-Encoding: ", "gzip");
    add(head, "Content-Security-Policy: ", POLICY);
    add(head, "Referrer-Policy: ", "same-origin");
    add(head, "X-Frame-Options: ", "DENY");
    add(head, "Cross-Origin-Opener-Policy: ", "same-origin");
    add(head,
        "Permissions-Policy: ", "camera=(self), geolocation=(), microphone=()");
}
