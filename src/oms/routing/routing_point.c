/* routing_point.c - points of destinations from the table of prefixes. */
#include "oms/routing/routing_point.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/routing/routing_sql.h"
#include "store/sql.h"

enum { PARAMS = 2 };

struct postal postal_of(str code)
{
    struct postal ret = {.len = 0};
    for (size_t i = 0; i < code.len && ret.len < POSTAL_BYTES; i++) {
        char c = code.ptr[i];
        if (c == ' ' || c == '-')
            continue;
        ret.at[ret.len++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return ret;
}

static struct map_key key_of(str country, str prefix)
{
    return (struct map_key){.a = country.ptr[0] * 256 + country.ptr[1],
                            .s = prefix};
}

/* Longest first. */
static bool find_prefix(const struct map *found, struct sql_rows *rows,
                        struct routing_destination *to, str code)
{
    for (; code.len > 0; code.len--) {
        const struct sql_arg *row = map_find(found, key_of(to->country, code));
        if (!row)
            continue;
        size_t i = (size_t)(row - rows->cells) / rows->columns;
        to->lat_e6 = sql_int(rows, i, 2);
        to->lon_e6 = sql_int(rows, i, 3);
        return true;
    }
    return false;
}

static bool is_asked(const struct routing_destination *to)
{
    return !to->has_point && to->country.len == 2;
}

err_t routing_point_fill(struct ctx *ctx, struct routing_destination **to,
                         size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * POSTAL_BYTES * PARAMS);
    str *codes = arena_array(ctx->arena, str, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_asked(to[i]))
            continue;
        struct postal postal = postal_of(to[i]->postal_code);
        codes[i] = str_copy(ctx->arena, (str){postal.at, postal.len});
        for (size_t len = 1; len <= postal.len; len++) {
            args[n * PARAMS] = sql_s(to[i]->country);
            args[n++ * PARAMS + 1] = sql_s((str){codes[i].ptr, len});
        }
    }
    struct sql_rows rows = {.count = 0};
    if (n > 0)
        TRY(sql_list_many(ctx, SQL_ROUTING_POINT_FIND, args, PARAMS, n, &rows));
    struct map *found = map_open(ctx->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        map_set(found, key_of(sql_str(&rows, i, 0), sql_str(&rows, i, 1)),
                &rows.cells[i * rows.columns]);
    for (size_t i = 0; i < count; i++) {
        if (!is_asked(to[i]))
            continue;
        if (find_prefix(found, &rows, to[i], codes[i]))
            to[i]->point = "postal_code";
        else if (country_point(to[i]->country, &to[i]->lat_e6, &to[i]->lon_e6))
            to[i]->point = "country";
        to[i]->has_point = to[i]->point != NULL;
    }
    return OK;
}
