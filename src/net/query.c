/* query.c - what a target says beside the route: path parameters and query. */
#include "net/query.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

/* ---- decoding ---- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte at *at, which moves on; -1 for a broken escape or a NUL. */
static int decode_byte(str text, bool is_form, size_t *at)
{
    char c = text.ptr[*at];
    *at += 1;
    if (c == '+' && is_form)
        return ' ';
    if (c != '%')
        return c == '\0' ? -1 : (unsigned char)c;
    if (text.len - *at < 2)
        return -1;
    int high = hex_value(text.ptr[*at]);
    int low = hex_value(text.ptr[*at + 1]);
    *at += 2;
    if (high < 0 || low < 0 || (high == 0 && low == 0))
        return -1;
    return high * 16 + low;
}

static bool needs_decoding(str text, bool is_form)
{
    if (text.len == 0)
        return false;
    return memchr(text.ptr, '%', text.len) ||
           (is_form && memchr(text.ptr, '+', text.len));
}

bool percent_decode(struct arena *arena, str text, bool is_form, str *ret)
{
    str decoded = text;
    if (needs_decoding(text, is_form)) {
        char *to = arena_array(arena, char, text.len);
        decoded = (str){to, 0};
        for (size_t at = 0; at < text.len;) {
            int byte = decode_byte(text, is_form, &at);
            if (byte < 0)
                return false;
            to[decoded.len++] = (char)byte;
        }
    }
    if (!str_is_utf8(decoded))
        return false;
    *ret = decoded;
    return true;
}

static bool query_has(const struct request *req, str name)
{
    for (size_t i = 0; i < req->query_count; i++)
        if (str_equal(req->query[i].name, name))
            return true;
    return false;
}

static err_t add_param(struct request *req, str pair)
{
    struct query_param param = {.is_read = false};
    str value;
    str name = str_split(pair, '=', &value);
    if (!percent_decode(req->ctx->arena, name, true, &param.name) ||
        !percent_decode(req->ctx->arena, value, true, &param.value))
        return fail_as(req->ctx, ERR_MALFORMED, "query_invalid", "",
                       "the query has a broken escape or is not UTF-8");
    if (query_has(req, param.name))
        return fail_as(req->ctx, ERR_INVALID, "parameter_repeated",
                       str_to_cstr(req->ctx->arena, param.name),
                       "stands twice in the query");
    if (req->query_count == REQUEST_QUERY_PARAMS)
        return fail_as(req->ctx, ERR_INVALID, "too_many_parameters", "",
                       "at most %d query parameters are read",
                       REQUEST_QUERY_PARAMS);
    req->query[req->query_count++] = param;
    return OK;
}

err_t query_parse(struct request *req, str query)
{
    while (query.len) {
        str pair = str_split(query, '&', &query);
        if (pair.len)
            TRY(add_param(req, pair));
    }
    return OK;
}

/* ---- readers ---- */

/* The name inside the i-th {…} of the route's path. */
static const char *path_param_name(struct request *req, size_t i)
{
    str rest = str_from_cstr(req->route->path);
    str name = STR_NONE;
    for (size_t n = 0; n <= i; n++) {
        str_split(rest, '{', &rest);
        name = str_split(rest, '}', &rest);
    }
    return str_to_cstr(req->ctx->arena, name);
}

err_t request_path_id(struct request *req, size_t i, const char *prefix,
                      int64_t *ret)
{
    ASSERT(i < REQUEST_PATH_PARAMS);
    if (id_from_text(prefix, req->path_params[i], ret))
        return OK;
    return fail(req->ctx, ERR_NOT_FOUND, path_param_name(req, i),
                "is not an id that begins with %s_", prefix);
}

err_t request_permit(struct request *req, unsigned perms)
{
    unsigned needed = (unsigned)req->route->perm;
    req->perms = perms;
    if ((perms & needed) != needed)
        return fail(req->ctx, ERR_DENIED, "", "the caller lacks the scope %s",
                    perm_name(req->route->perm));
    return OK;
}

bool request_query_find(struct request *req, const char *name, str *ret)
{
    for (size_t i = 0; i < req->query_count; i++) {
        if (str_equal_cstr(req->query[i].name, name)) {
            req->query[i].is_read = true;
            *ret = req->query[i].value;
            return true;
        }
    }
    return false;
}

err_t request_query_i64(struct request *req, const char *name, int64_t min,
                        int64_t max, int64_t *ret)
{
    str text;
    int64_t value;
    if (!request_query_find(req, name, &text))
        return OK;
    if (!str_to_i64(text, &value))
        return fail_as(req->ctx, ERR_INVALID, "wrong_type", name,
                       "must be a whole number");
    if (value < min || value > max)
        return fail_as(req->ctx, ERR_INVALID, "number_out_of_range", name,
                       "must be %lld to %lld", (long long)min, (long long)max);
    *ret = value;
    return OK;
}

err_t request_query_limit(struct request *req, size_t *ret)
{
    int64_t limit = LIMIT_PAGE_DEFAULT;
    TRY(request_query_i64(req, "limit", 1, LIMIT_PAGE, &limit));
    *ret = (size_t)limit;
    return OK;
}

err_t request_query_id(struct request *req, const char *name,
                       const char *prefix, int64_t *ret)
{
    str text;
    if (!request_query_find(req, name, &text) ||
        id_from_text(prefix, text, ret))
        return OK;
    return fail_as(req->ctx, ERR_INVALID, "wrong_type", name,
                   "must be an id that begins with %s_", prefix);
}

err_t request_query_time(struct request *req, const char *name, utc_ms *ret)
{
    str text;
    if (!request_query_find(req, name, &text) || time_from_text(text, ret))
        return OK;
    return fail_as(req->ctx, ERR_INVALID, "wrong_type", name,
                   "must be a time as 2026-11-22T01:02:03Z");
}

err_t request_query_past(struct request *req, const char *name, utc_ms *ret,
                         bool *found)
{
    str text;
    *ret = 0;
    *found = request_query_find(req, name, &text);
    TRY(request_query_time(req, name, ret));
    if (*found && *ret > req->ctx->now)
        return fail_as(req->ctx, ERR_INVALID, "time_in_future", name,
                       "is still to come");
    return OK;
}

err_t request_query_enum(struct request *req, const char *name,
                         const char *const *names, size_t count, int *ret)
{
    str text;
    if (!request_query_find(req, name, &text))
        return OK;
    for (size_t i = 0; i < count; i++) {
        if (names[i] && str_equal_cstr(text, names[i])) {
            *ret = (int)i;
            return OK;
        }
    }
    struct buf list;
    buf_init(&list, req->ctx->arena, 180);
    for (size_t i = 0; i < count; i++)
        if (names[i])
            buf_addf(&list, "%s%s", list.len ? ", " : "", names[i]);
    return fail_as(req->ctx, ERR_INVALID, "unknown_value", name,
                   "must be one of: %.*s", STR_ARG(buf_str(&list)));
}

err_t request_query_end(struct request *req)
{
    for (size_t i = 0; i < req->query_count; i++) {
        const struct query_param *param = &req->query[i];
        if (!param->is_read)
            return fail_as(req->ctx, ERR_INVALID, "unknown_parameter",
                           str_to_cstr(req->ctx->arena, param->name),
                           "is not a parameter of this path");
    }
    return OK;
}
