/* json.h - JSON in, with the path of what is wrong, and JSON out.
 *
 * Reading: json_parse() refuses bad syntax, invalid UTF-8, duplicate keys,
 * depth over LIMIT_JSON_DEPTH and numbers out of range, each with its own
 * slug. A reader asks an object for its keys one by one and ends with
 * json_end(), which refuses keys nobody asked for. json_get_ fails where the
 * key is missing; json_opt_ leaves *ret as it was where it is missing or null.
 * Strings are not copied: they point into the parsed document and are good
 * until the arena it was parsed with resets, as is the document itself.
 */
#ifndef WHARF_BASE_JSON_H
#define WHARF_BASE_JSON_H

#include "base/base.h"

struct json_in; /* One object being read. */
struct json_node;
struct json_list {
    struct json_in *parent;
    const char *key;
    const struct json_node *node;
    size_t count;
};

/* The body must be one object. The document lives as long as the arena. */
MUST_USE err_t json_parse(struct ctx *ctx, str body, struct json_in **ret);
/* Rebinds an already parsed document to the context that goes on with it. */
void json_in_rebind(struct json_in *in, struct ctx *ctx);

bool json_has(struct json_in *in, const char *key); /* And is not null. */
MUST_USE err_t json_get_i64(struct json_in *in, const char *key, int64_t min,
                            int64_t max, int64_t *ret);
MUST_USE err_t json_opt_i64(struct json_in *in, const char *key, int64_t min,
                            int64_t max, int64_t *ret);
/* min and max count bytes. */
MUST_USE err_t json_get_str(struct json_in *in, const char *key, size_t min,
                            size_t max, str *ret);
MUST_USE err_t json_opt_str(struct json_in *in, const char *key, size_t min,
                            size_t max, str *ret);
MUST_USE err_t json_opt_bool(struct json_in *in, const char *key, bool *ret);
MUST_USE err_t json_get_id(struct json_in *in, const char *key,
                           const char *prefix, int64_t *ret);
MUST_USE err_t json_opt_id(struct json_in *in, const char *key,
                           const char *prefix, int64_t *ret);
MUST_USE err_t json_opt_time(struct json_in *in, const char *key, utc_ms *ret);
/* One of `names`; *ret gets its index. */
MUST_USE err_t json_get_enum(struct json_in *in, const char *key,
                             const char *const *names, size_t count, int *ret);
MUST_USE err_t json_opt_enum(struct json_in *in, const char *key,
                             const char *const *names, size_t count, int *ret);
/* {"amount": 1999, "currency": "EUR"}. With `currency` it must be that one
 * (slug "currency_mismatch"). -LIMIT_MINOR to LIMIT_MINOR. */
MUST_USE err_t json_get_money(struct json_in *in, const char *key,
                              const char *currency, money *ret);
MUST_USE err_t json_opt_money(struct json_in *in, const char *key,
                              const char *currency, money *ret);
MUST_USE err_t json_get_object(struct json_in *in, const char *key,
                               struct json_in **ret);
/* *ret is NULL where it is missing. */
MUST_USE err_t json_opt_object(struct json_in *in, const char *key,
                               struct json_in **ret);
/* An array of min to max elements; missing with min 0 is empty. */
MUST_USE err_t json_get_list(struct json_in *in, const char *key, size_t min,
                             size_t max, struct json_list *ret);
/* An array of at most max strings of 1 to max_bytes bytes; missing is empty. */
MUST_USE err_t json_get_strs(struct json_in *in, const char *key, size_t max,
                             size_t max_bytes, const str **ret,
                             size_t *ret_count);
MUST_USE err_t json_list_object(struct json_list *list, size_t i,
                                struct json_in **ret);
MUST_USE err_t json_list_str(struct json_list *list, size_t i, size_t min,
                             size_t max, str *ret);
/* Any object, as compact JSON text of at most max bytes, keys sorted; "{}" if
 * missing. */
MUST_USE err_t json_opt_raw(struct json_in *in, const char *key, size_t max,
                            str *ret);
/* Any value as compact JSON text; STR_NONE if missing. Marks it as read. */
MUST_USE err_t json_any_raw(struct json_in *in, const char *key, size_t max,
                            str *ret);
/* Marks every key as read: for foreign payloads that hold more than we use. */
void json_allow_rest(struct json_in *in);
/* From here on null is not the same as missing: json_end() refuses it. For
 * changes, where "leave it" and "empty it" must not be mixed up. */
void json_refuse_nulls(struct json_in *in);
/* There and null: marks it as read, so that a change may empty it. */
bool json_take_null(struct json_in *in, const char *key);
/* Fails with slug "unknown_field" and the path of the first unread key. */
MUST_USE err_t json_end(struct json_in *in);
/* fail_as() with the path of `key` (NULL: of the object itself). */
err_t(json_fail)(struct json_in *in, const char *key, err_t code,
                 const char *slug, const char *fmt, ...) PRINTF_LIKE(5, 6);
/* As in base.h. */
#define json_fail(in, key, code, ...)                                          \
    ((void)(json_fail)(in, key, code, __VA_ARGS__), (code))
/* The path of a key as "lines[2].sku", in the arena. */
str json_path(struct json_in *in, const char *key);

/* Writing. Commas are kept by the writer; key is NULL inside arrays. */
struct buf;
struct json_out {
    struct buf *buf;
    bool needs_comma;
};
void json_out_init(struct json_out *out, struct buf *buf);
void json_begin(struct json_out *out, const char *key); /* { */
void json_end_object(struct json_out *out);             /* } */
void json_begin_list(struct json_out *out, const char *key);
void json_end_list(struct json_out *out);
void json_put_str(struct json_out *out, const char *key, str value);
void json_put_cstr(struct json_out *out, const char *key, const char *value);
void json_put_i64(struct json_out *out, const char *key, int64_t value);
void json_put_bool(struct json_out *out, const char *key, bool value);
void json_put_null(struct json_out *out, const char *key);
void json_put_id(struct json_out *out, const char *key, const char *prefix,
                 int64_t id);
void json_put_time(struct json_out *out, const char *key, utc_ms at);
void json_put_money(struct json_out *out, const char *key, money value);
/* Null where there is none: 0, or an empty string. */
void json_put_str_or_null(struct json_out *out, const char *key, str value);
void json_put_i64_or_null(struct json_out *out, const char *key, int64_t value);
void json_put_id_or_null(struct json_out *out, const char *key,
                         const char *prefix, int64_t id);
void json_put_time_or_null(struct json_out *out, const char *key, utc_ms at);
/* A page of a list, {"items": [...], "next": ...}: what the next page begins
 * after, 0 where there is none. */
void json_begin_page(struct json_out *out);
void json_end_page(struct json_out *out, const char *prefix, int64_t next);
/* Who did something: a kind, and whose id. */
void json_put_actor(struct json_out *out, const char *key,
                    const struct actor *actor);
/* Why one of many was refused: its name, field and sentence. */
void err_put(struct json_out *out, const char *key,
             const struct err_detail *err);
/* `json` must be a valid JSON text of our own making. */
void json_put_raw(struct json_out *out, const char *key, str json);
/* The members of such an object join those of the open one. */
void json_put_members(struct json_out *out, str object);

#endif
