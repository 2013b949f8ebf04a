/* notify_rules.c - which events somebody wants: types and subjects. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/notify/notify_room.h"

/* "order.placed", "order.*" or "*". */
static bool is_pattern(str text)
{
    if (text.len == 0 || text.len > LIMIT_EVENT_TYPE_BYTES)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_last = i + 1 == text.len;
        bool is_after_dot = i > 0 && text.ptr[i - 1] == '.';
        if (c == '*' && is_last && (i == 0 || is_after_dot))
            continue;
        if (c == '.' && i > 0 && !is_last && !is_after_dot)
            continue;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
            continue;
        return false;
    }
    return true;
}

err_t event_types_read(struct ctx *ctx, str text, const char *field,
                       struct event_types *ret)
{
    str *at = arena_array(ctx->arena, str, LIMIT_EVENT_TYPES);
    size_t count = 0;
    str rest = text;
    do {
        str one = str_split(rest, ',', &rest);
        if (count == LIMIT_EVENT_TYPES)
            return fail_as(ctx, ERR_INVALID, "event_type_invalid", field,
                           "at most %d types", LIMIT_EVENT_TYPES);
        if (!is_pattern(one))
            return fail_as(ctx, ERR_INVALID, "event_type_invalid", field,
                           "types are as order.placed, order.* or *");
        at[count++] = one;
    } while (rest.ptr && rest.len > 0);
    *ret = (struct event_types){at, count};
    return OK;
}

static bool pattern_match(str pattern, str type)
{
    if (pattern.ptr[pattern.len - 1] != '*')
        return str_equal(pattern, type);
    return str_starts(type, (str){pattern.ptr, pattern.len - 1});
}

bool event_types_match(const struct event_types *types, str type)
{
    for (size_t i = 0; i < types->count; i++)
        if (pattern_match(types->at[i], type))
            return true;
    return types->count == 0;
}

bool event_filter_match(const struct event_filter *filter,
                        const struct event *event)
{
    if (filter->subject_kind &&
        (event->subject_id != filter->subject_id ||
         !str_equal_cstr(event->subject_kind, filter->subject_kind)))
        return false;
    return event_types_match(&filter->types, event->type);
}
