/* csv_map_read.c - reads a mapping file. */
#include "app/csv_map.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

static const char *const targets[MAP_TARGETS] = {
    [MAP_CHANNELS] = "channels",
    [MAP_LOCATIONS] = "locations",
    [MAP_PRODUCTS] = "products",
    [MAP_SKUS] = "skus",
    [MAP_CUSTOMERS] = "customers",
    [MAP_STOCK] = "stock",
    [MAP_STOCK_CHANGE] = "stock_changes",
    [MAP_EXPECTED] = "expected_receipts",
    [MAP_BINS] = "bins",
    [MAP_ORDERS] = "orders",
};
static const char *const types[MAP_TYPES] = {
    [MAP_TEXT] = "text",   [MAP_INTEGER] = "integer", [MAP_DECIMAL] = "decimal",
    [MAP_MONEY] = "money", [MAP_BOOL] = "bool",       [MAP_TIME] = "time",
    [MAP_DATE] = "date",
};

const char *map_target_name(enum map_target target)
{
    return targets[target];
}

/* "1000" or "0.4536" as a ratio. */
static bool read_factor(str s, int64_t *ret_num, int64_t *ret_den)
{
    int64_t num = 0, den = 1;
    bool is_fraction = false;
    if (s.len == 0 || s.len > 12)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' && !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        num = num * 10 + (s.ptr[i] - '0');
        den *= is_fraction ? 10 : 1;
    }
    *ret_num = num;
    *ret_den = den;
    return num > 0;
}

static err_t read_words(struct ctx *ctx, struct json_in *in,
                        struct map_field *field)
{
    struct json_list list;
    TRY(json_get_list(in, "words", 0, MAP_GROUP_ROWS, &list));
    field->words = arena_array(ctx->arena, struct map_word, list.count);
    field->word_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "from", 0, LIMIT_TITLE_BYTES,
                         &field->words[i].from));
        TRY(json_get_str(at, "to", 0, LIMIT_TITLE_BYTES, &field->words[i].to));
        TRY(json_end(at));
    }
    return OK;
}

static err_t read_numbers(struct json_in *in, struct map_field *field)
{
    str factor = STR("1"), currency = STR_NONE;
    TRY(json_opt_str(in, "factor", 1, LIMIT_CODE_BYTES, &factor));
    if (!read_factor(factor, &field->factor_num, &field->factor_den))
        return json_fail(in, "factor", ERR_INVALID, "number_invalid",
                         "must be a positive decimal number as a string");
    TRY(json_opt_str(in, "currency", 3, 3, &currency));
    if (currency.len > 0 && !currency_from_str(currency, field->currency))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency of ISO 4217, as EUR");
    if (field->type == MAP_MONEY && currency.len == 0)
        return json_fail(in, "currency", ERR_INVALID, "missing_field",
                         "money needs its currency");
    return OK;
}

/* "lines[].unit_price": names of letters, digits and _, at most four deep. */
static bool path_is_fine(str path)
{
    size_t parts = 0;
    while (path.len > 0) {
        str part = str_split(path, '.', &path);
        if (part.len > 2 && part.ptr[part.len - 2] == '[' &&
            part.ptr[part.len - 1] == ']')
            part.len -= 2;
        if (part.len == 0 || ++parts > MAP_PATH_PARTS)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '_'))
                return false;
        }
    }
    return parts > 0;
}

static err_t read_field(struct ctx *ctx, struct json_in *in,
                        struct map_field *field)
{
    int type = MAP_TEXT;
    bool is_trimmed = true;
    TRY(json_get_str(in, "field", 1, LIMIT_NAME_BYTES, &field->path));
    if (!path_is_fine(field->path))
        return json_fail(in, "field", ERR_INVALID, "path_invalid",
                         "must be names parted by dots, [] after a list");
    TRY(json_opt_str(in, "column", 1, LIMIT_NAME_BYTES, &field->column));
    TRY(json_any_raw(in, "value", LIMIT_ATTRS_BYTES, &field->constant));
    if ((field->column.len > 0) == (field->constant.len > 0))
        return json_fail(in, "column", ERR_INVALID, "missing_field",
                         "give one of column and value");
    TRY(json_opt_enum(in, "type", types, MAP_TYPES, &type));
    field->type = (enum map_type)type;
    TRY(json_opt_bool(in, "trim", &is_trimmed));
    field->is_kept_whole = !is_trimmed;
    TRY(json_opt_bool(in, "upper", &field->is_upper));
    TRY(json_opt_bool(in, "lower", &field->is_lower));
    TRY(json_opt_bool(in, "round", &field->is_rounded));
    field->has_otherwise = json_has(in, "default");
    TRY(json_opt_str(in, "default", 0, LIMIT_TITLE_BYTES, &field->otherwise));
    TRY(json_opt_str(in, "format", 1, LIMIT_CODE_BYTES, &field->format));
    TRY(read_words(ctx, in, field));
    TRY(read_numbers(in, field));
    return json_end(in);
}

static err_t read_signs(struct json_in *in, struct csv_map *map)
{
    str separator = STR(","), decimal = STR(".");
    TRY(json_opt_str(in, "separator", 1, 1, &separator));
    TRY(json_opt_str(in, "decimal", 1, 1, &decimal));
    map->separator = separator.ptr[0];
    map->decimal = decimal.ptr[0];
    if (!memchr(",;\t|", map->separator, 4))
        return json_fail(in, "separator", ERR_INVALID, "value_unknown",
                         "must be , ; | or a tab");
    if (map->decimal != '.' && map->decimal != ',')
        return json_fail(in, "decimal", ERR_INVALID, "value_unknown",
                         "must be . or ,");
    return OK;
}

err_t csv_map_read(struct ctx *ctx, str text, struct csv_map *ret)
{
    struct csv_map map = {.zone = STR("UTC")};
    struct json_in *in;
    struct json_list list;
    int target;
    TRY(json_parse(ctx, text, &in));
    TRY(json_get_enum(in, "target", targets, MAP_TARGETS, &target));
    map.target = (enum map_target)target;
    TRY(read_signs(in, &map));
    TRY(json_opt_str(in, "encoding", 1, LIMIT_CODE_BYTES, &map.encoding));
    TRY(json_opt_str(in, "zone", 1, LIMIT_CODE_BYTES, &map.zone));
    if (!zone_is_known(map.zone))
        return json_fail(in, "zone", ERR_INVALID, "zone_unknown",
                         "must be a zone of the IANA list");
    TRY(json_opt_str(in, "group", 1, LIMIT_NAME_BYTES, &map.group));
    map.has_group = map.group.len > 0;
    if (map.has_group && map.target != MAP_ORDERS)
        return json_fail(in, "group", ERR_INVALID, "value_unknown",
                         "only orders have more than one row");
    TRY(json_get_list(in, "fields", 1, MAP_FIELDS, &list));
    map.fields = arena_array(ctx->arena, struct map_field, list.count);
    map.field_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_field(ctx, at, &map.fields[i]));
    }
    TRY(json_end(in));
    *ret = map;
    return OK;
}

static err_t find_column(struct ctx *ctx, str name, const str *cells,
                         size_t count, size_t *ret)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_trim(cells[i]), name)) {
            *ret = i;
            return OK;
        }
    return fail_as(ctx, ERR_INVALID, "column_missing", "line 1",
                   "the first line has no column %.*s", STR_ARG(name));
}

err_t csv_map_bind(struct ctx *ctx, struct csv_map *map, const str *cells,
                   size_t count)
{
    map->column_count = count;
    for (size_t i = 0; i < map->field_count; i++)
        if (map->fields[i].column.len > 0)
            TRY(find_column(ctx, map->fields[i].column, cells, count,
                            &map->fields[i].at));
    return map->has_group
               ? find_column(ctx, map->group, cells, count, &map->group_at)
               : OK;
}
