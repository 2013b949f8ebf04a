/* json_out.c - JSON written by hand into a buffer; commas are kept here. */
#include "base/json.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

void json_out_init(struct json_out *out, struct buf *buf)
{
    *out = (struct json_out){.buf = buf};
}

/* The comma before and the key, which is a literal of our own. */
static void put_key(struct json_out *out, const char *key)
{
    if (out->needs_comma)
        buf_add_char(out->buf, ',');
    out->needs_comma = true;
    if (!key)
        return;
    buf_add_char(out->buf, '"');
    buf_add_cstr(out->buf, key);
    buf_add(out->buf, "\":", 2);
}

void json_begin(struct json_out *out, const char *key)
{
    put_key(out, key);
    buf_add_char(out->buf, '{');
    out->needs_comma = false;
}

void json_end_object(struct json_out *out)
{
    buf_add_char(out->buf, '}');
    out->needs_comma = true;
}

void json_begin_list(struct json_out *out, const char *key)
{
    put_key(out, key);
    buf_add_char(out->buf, '[');
    out->needs_comma = false;
}

void json_end_list(struct json_out *out)
{
    buf_add_char(out->buf, ']');
    out->needs_comma = true;
}

static void add_escape(struct buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char names[] = "btn?fr"; /* For 8 to 13. */
    char text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    if (c >= 8 && c <= 13 && c != 11) {
        text[1] = names[c - 8];
        buf_add(buf, text, 2);
    } else if (c == '"' || c == '\\') {
        text[1] = (char)c;
        buf_add(buf, text, 2);
    } else {
        buf_add(buf, text, sizeof(text));
    }
}

static void add_quoted(struct buf *buf, str s)
{
    buf_add_char(buf, '"');
    size_t start = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(buf, s.ptr + start, i - start);
        add_escape(buf, c);
        start = i + 1;
    }
    if (start < s.len)
        buf_add(buf, s.ptr + start, s.len - start);
    buf_add_char(buf, '"');
}

void json_put_str(struct json_out *out, const char *key, str value)
{
    put_key(out, key);
    add_quoted(out->buf, value);
}

void json_put_cstr(struct json_out *out, const char *key, const char *value)
{
    json_put_str(out, key, str_from_cstr(value));
}

void json_put_i64(struct json_out *out, const char *key, int64_t value)
{
    put_key(out, key);
    buf_add_i64(out->buf, value);
}

void json_put_bool(struct json_out *out, const char *key, bool value)
{
    put_key(out, key);
    buf_add_cstr(out->buf, value ? "true" : "false");
}

void json_put_null(struct json_out *out, const char *key)
{
    put_key(out, key);
    buf_add(out->buf, "null", 4);
}

void json_put_id(struct json_out *out, const char *key, const char *prefix,
                 int64_t id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    put_key(out, key);
    buf_add_char(out->buf, '"');
    buf_add(out->buf, text, len);
    buf_add_char(out->buf, '"');
}

void json_put_time(struct json_out *out, const char *key, utc_ms at)
{
    char text[TIME_TEXT_BYTES + 2];
    text[0] = '"';
    time_to_text(at, text + 1);
    text[TIME_TEXT_BYTES + 1] = '"';
    put_key(out, key);
    buf_add(out->buf, text, sizeof(text));
}

void json_put_money(struct json_out *out, const char *key, money value)
{
    put_key(out, key);
    buf_add_cstr(out->buf, "{\"amount\":");
    buf_add_i64(out->buf, value.minor);
    buf_add_cstr(out->buf, ",\"currency\":\"");
    buf_add_cstr(out->buf, value.currency);
    buf_add(out->buf, "\"}", 2);
}

void json_put_str_or_null(struct json_out *out, const char *key, str value)
{
    if (value.len > 0)
        json_put_str(out, key, value);
    else
        json_put_null(out, key);
}

void json_put_i64_or_null(struct json_out *out, const char *key, int64_t value)
{
    if (value != 0)
        json_put_i64(out, key, value);
    else
        json_put_null(out, key);
}

void json_put_id_or_null(struct json_out *out, const char *key,
                         const char *prefix, int64_t id)
{
    if (id != 0)
        json_put_id(out, key, prefix, id);
    else
        json_put_null(out, key);
}

void json_begin_page(struct json_out *out)
{
    json_begin(out, NULL);
    json_begin_list(out, "items");
}

void json_end_page(struct json_out *out, const char *prefix, int64_t next)
{
    json_end_list(out);
    json_put_id_or_null(out, "next", prefix, next);
    json_end_object(out);
}

void json_put_time_or_null(struct json_out *out, const char *key, utc_ms at)
{
    if (at != 0)
        json_put_time(out, key, at);
    else
        json_put_null(out, key);
}

static const char *actor_name(enum actor_kind kind)
{
    switch (kind) {
    case ACTOR_SYSTEM: return "system";
    case ACTOR_CLI: return "cli";
    case ACTOR_KEY: return "key";
    case ACTOR_USER: return "user";
    }
    UNREACHABLE("not a kind of actor");
}

void json_put_actor(struct json_out *out, const char *key,
                    const struct actor *actor)
{
    json_begin(out, key);
    json_put_cstr(out, "kind", actor_name(actor->kind));
    if (actor->kind == ACTOR_KEY)
        json_put_id(out, "id", "key", actor->id);
    else if (actor->kind == ACTOR_USER)
        json_put_id(out, "id", "usr", actor->id);
    else
        json_put_null(out, "id");
    json_end_object(out);
}

void err_put(struct json_out *out, const char *key,
             const struct err_detail *err)
{
    json_begin(out, key);
    json_put_cstr(out, "code", err_name(err));
    json_put_cstr(out, "field", err->field);
    json_put_cstr(out, "detail", err->text);
    json_end_object(out);
}

void json_put_raw(struct json_out *out, const char *key, str json)
{
    put_key(out, key);
    buf_add_str(out->buf, json);
}

void json_put_members(struct json_out *out, str object)
{
    ASSERT(object.len >= 2 && object.ptr[0] == '{' &&
           object.ptr[object.len - 1] == '}');
    if (object.len > 2)
        json_put_raw(out, NULL, (str){object.ptr + 1, object.len - 2});
}
