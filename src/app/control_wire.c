/* control_wire.c - writes and reads what goes over the control socket. */
#include "app/control_wire.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { MAGIC_BYTES = 8, DIR_BYTES = 4096 };

static const char REQUEST[] = "WHARFCM1", REPLY[] = "WHARFRE1";
static_assert(sizeof REQUEST == MAGIC_BYTES + 1, "magic of a request");
static_assert(sizeof REPLY == MAGIC_BYTES + 1, "magic of a reply");

static void put_u32(struct buf *out, size_t value)
{
    ASSERT(value <= UINT32_MAX);
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(out, (char)(unsigned char)(value >> shift));
}

static size_t read_u32(const char *at)
{
    size_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static void put_cstr(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    put_u32(out, len);
    buf_add(out, text, len);
}

static size_t size_of(const char *text)
{
    return 4 + strlen(text);
}

void control_request_write(struct buf *out, const struct control_request *from)
{
    size_t size =
        size_of(from->dir) + size_of(from->tenant) + size_of(from->command);
    for (int i = 0; i < from->count; i++)
        size += size_of(from->words[i]);
    buf_add(out, REQUEST, MAGIC_BYTES);
    put_u32(out, size);
    put_cstr(out, from->dir);
    put_cstr(out, from->tenant);
    put_cstr(out, from->command);
    for (int i = 0; i < from->count; i++)
        put_cstr(out, from->words[i]);
}

bool control_head_read(const char head[CONTROL_HEAD_BYTES], size_t *ret_len)
{
    size_t len = read_u32(head + MAGIC_BYTES);
    if (memcmp(head, REQUEST, MAGIC_BYTES) != 0 || len > LIMIT_CONTROL_BYTES)
        return false;
    *ret_len = len;
    return true;
}

/* Takes one string off *rest; NULL where it is none. */
static char *take(struct arena *arena, str *rest)
{
    if (rest->len < 4)
        return NULL;
    size_t len = read_u32(rest->ptr);
    str text = {rest->ptr + 4, len};
    if (len > rest->len - 4 || memchr(text.ptr, '\0', len))
        return NULL;
    rest->ptr += 4 + len;
    rest->len -= 4 + len;
    return str_to_cstr(arena, text);
}

err_t control_request_read(struct ctx *ctx, str bytes,
                           struct control_request *ret)
{
    struct control_request request = {.count = 0};
    request.dir = take(ctx->arena, &bytes);
    request.tenant = request.dir ? take(ctx->arena, &bytes) : NULL;
    request.command = request.tenant ? take(ctx->arena, &bytes) : NULL;
    if (!request.command || request.dir[0] != '/' ||
        strlen(request.dir) > DIR_BYTES)
        return fail(ctx, ERR_MALFORMED, "",
                    "the request has no folder, "
                    "tenant or command");
    /* Each word takes four bytes at least. */
    request.words = arena_array(ctx->arena, char *,
                                (bytes.len / 4 < LIMIT_CONTROL_WORDS
                                     ? bytes.len / 4
                                     : LIMIT_CONTROL_WORDS) +
                                    1);
    while (bytes.len > 0) {
        if (request.count == LIMIT_CONTROL_WORDS)
            return fail(ctx, ERR_MALFORMED, "", "more than %d words",
                        LIMIT_CONTROL_WORDS);
        char *word = take(ctx->arena, &bytes);
        if (!word)
            return fail(ctx, ERR_MALFORMED, "", "a word is cut off");
        request.words[request.count++] = word;
    }
    *ret = request;
    return OK;
}

void control_reply_write(struct buf *out, int code, str text)
{
    ASSERT(code >= 0 && code <= 255);
    if (text.len > CONTROL_TEXT_BYTES)
        text.len = CONTROL_TEXT_BYTES;
    buf_add(out, REPLY, MAGIC_BYTES);
    put_u32(out, (size_t)code);
    put_u32(out, text.len);
    buf_add_str(out, text);
}

bool control_reply_read(const char head[CONTROL_REPLY_BYTES], int *ret_code,
                        size_t *ret_len)
{
    size_t code = read_u32(head + MAGIC_BYTES);
    size_t len = read_u32(head + MAGIC_BYTES + 4);
    if (memcmp(head, REPLY, MAGIC_BYTES) != 0 || code > 255 ||
        len > CONTROL_TEXT_BYTES)
        return false;
    *ret_code = (int)code;
    *ret_len = len;
    return true;
}
