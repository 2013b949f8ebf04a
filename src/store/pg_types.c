/* pg_types.c - our values as PostgreSQL's parameters, its cells as our values.
 *
 * Parameters go in binary, which needs no copies and no terminating NUL;
 * results come back as text.
 */
#include "store/pg_engine.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* Fixed numbers of the server's own types. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_VARCHAR = 1043,
    OID_NUMERIC = 1700,
    OID_JSONB = 3802,
    OID_XID8 = 5069
};

static const struct {
    Oid array, element;
} arrays[] = {
    {1016, OID_INT8   },
    {1005, OID_INT2   },
    {1007, OID_INT4   },
    {1009, OID_TEXT   },
    {1001, OID_BYTEA  },
    {1015, OID_VARCHAR},
    {3807, OID_JSONB  },
};

bool pg_types_of(const struct sql_stmt *stmt, Oid ret[PG_PARAMS_MAX])
{
    static const char letters[] = "itjb";
    static const Oid oids[] = {OID_INT8, OID_TEXT, OID_JSONB, OID_BYTEA};

    ASSERT(stmt->params <= PG_PARAMS_MAX);
    bool is_all = true;
    for (int i = 0; i < stmt->params; i++) {
        const char *at = strchr(letters, stmt->types[i]);
        ret[i] = at ? oids[at - letters] : 0;
        is_all = is_all && at;
    }
    return is_all;
}

static Oid element_of(Oid array)
{
    for (size_t i = 0; i < COUNT_OF(arrays); i++)
        if (arrays[i].array == array)
            return arrays[i].element;
    return 0;
}

static size_t int_bytes(Oid type)
{
    if (type == OID_INT8)
        return 8;
    if (type == OID_INT4)
        return 4;
    return type == OID_INT2 ? 2 : 0;
}

static bool is_bytes(Oid type)
{
    return type == OID_TEXT || type == OID_BYTEA || type == OID_VARCHAR ||
           type == OID_JSONB;
}

static char *put_int(char *at, int64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (char)((uint64_t)value >> (8 * (bytes - 1 - i)));
    return at + bytes;
}

static bool fits(int64_t value, size_t bytes)
{
    if (bytes == 8)
        return true;
    int64_t limit = (int64_t)1 << (8 * bytes - 1);
    return value >= -limit && value < limit;
}

/* Bytes of one value in binary; false where it is not of that type. */
static bool value_size(const struct sql_arg *arg, Oid type, size_t *ret)
{
    *ret = 0;
    if (arg->is_null)
        return true;
    if (!arg->is_text) {
        *ret = int_bytes(type);
        return *ret > 0 && fits(arg->i, *ret);
    }
    *ret = arg->s.len + (type == OID_JSONB ? 1 : 0);
    return is_bytes(type);
}

static char *value_put(char *at, const struct sql_arg *arg, Oid type)
{
    if (!arg->is_text)
        return put_int(at, arg->i, int_bytes(type));
    if (type == OID_JSONB)
        *at++ = 1; /* The version of its binary form. */
    if (arg->s.len > 0)
        memcpy(at, arg->s.ptr, arg->s.len);
    return at + arg->s.len;
}

static void values_init(struct ctx *ctx, const Oid *types, size_t count,
                        struct pg_values *ret)
{
    ret->count = (int)count;
    ret->types = types;
    ret->values = arena_array(ctx->arena, const char *, count);
    ret->lengths = arena_array(ctx->arena, int, count);
    ret->formats = arena_array(ctx->arena, int, count);
    for (size_t i = 0; i < count; i++)
        ret->formats[i] = 1;
}

err_t pg_values_single(struct ctx *ctx, const Oid *types,
                       const struct sql_arg *args, size_t count,
                       struct pg_values *ret)
{
    values_init(ctx, types, count, ret);
    for (size_t i = 0; i < count; i++) {
        size_t size;
        if (!value_size(&args[i], types[i], &size))
            return fail(ctx, ERR_INTERNAL, "",
                        "parameter %zu is not of type %u", i + 1, types[i]);
        if (args[i].is_null)
            continue;
        ret->lengths[i] = (int)size;
        if (args[i].is_text && types[i] != OID_JSONB) {
            ret->values[i] = args[i].s.len > 0 ? args[i].s.ptr : "";
            continue;
        }
        char *at = arena_alloc(ctx->arena, size);
        (void)value_put(at, &args[i], types[i]);
        ret->values[i] = at;
    }
    return OK;
}

/* Bytes of column `p` as a binary array; 0 where a value does not fit. */
static size_t array_size(const struct sql_arg *args, size_t stride, size_t rows,
                         Oid element, bool *ret_nulls)
{
    size_t total = 20;

    *ret_nulls = false;
    for (size_t row = 0; row < rows; row++) {
        size_t size;
        if (!value_size(&args[row * stride], element, &size))
            return 0;
        *ret_nulls |= args[row * stride].is_null;
        total += 4 + size;
    }
    return total;
}

static void array_put(char *at, const struct sql_arg *args, size_t stride,
                      size_t rows, Oid element, bool has_nulls)
{
    at = put_int(at, 1, 4); /* Dimensions. */
    at = put_int(at, has_nulls ? 1 : 0, 4);
    at = put_int(at, (int64_t)element, 4);
    at = put_int(at, (int64_t)rows, 4);
    at = put_int(at, 1, 4); /* The first index. */
    for (size_t row = 0; row < rows; row++) {
        const struct sql_arg *arg = &args[row * stride];
        if (arg->is_null) {
            at = put_int(at, -1, 4);
            continue;
        }
        char *length_at = at;
        at = value_put(at + 4, arg, element);
        (void)put_int(length_at, at - length_at - 4, 4);
    }
}

err_t pg_values_many(struct ctx *ctx, const Oid *types,
                     const struct sql_arg *args, size_t count, size_t rows,
                     struct pg_values *ret)
{
    ASSERT(rows > 0);
    values_init(ctx, types, count, ret);
    for (size_t p = 0; p < count; p++) {
        Oid element = element_of(types[p]);
        bool has_nulls = false;
        size_t size =
            element ? array_size(args + p, count, rows, element, &has_nulls)
                    : 0;
        if (size == 0)
            return fail(ctx, ERR_INTERNAL, "",
                        "parameter %zu has values not of type %u", p + 1,
                        types[p]);
        if (size > INT32_MAX / 2)
            return fail(ctx, ERR_INTERNAL, "", "parameter %zu is too large",
                        p + 1);
        char *at = arena_alloc(ctx->arena, size);
        array_put(at, args + p, count, rows, element, has_nulls);
        ret->values[p] = at;
        ret->lengths[p] = (int)size;
    }
    return OK;
}

/* ---- results ---- */

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* "\x00ff" as the server writes bytea. */
static str unhex(struct arena *arena, str text)
{
    ASSERT(text.len >= 2 && text.ptr[0] == '\\' && text.ptr[1] == 'x');
    size_t len = (text.len - 2) / 2;
    char *bytes = arena_alloc(arena, len + 1);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(hex_digit(text.ptr[2 + 2 * i]) << 4 |
                          hex_digit(text.ptr[3 + 2 * i]));
    return (str){bytes, len};
}

static bool is_number(Oid type)
{
    return int_bytes(type) > 0 || type == OID_XID8 || type == OID_NUMERIC;
}

static struct sql_arg cell_of(struct arena *arena, Oid type, str text)
{
    struct sql_arg cell = {.is_text = false};

    /* SUM of BIGINT is NUMERIC, which fits where the sums are sane. */
    if (is_number(type) && str_to_i64(text, &cell.i))
        return cell;
    if (type == OID_BOOL) {
        cell.i = text.len > 0 && text.ptr[0] == 't';
        return cell;
    }
    cell.is_text = true;
    cell.s = type == OID_BYTEA ? unhex(arena, text) : str_copy(arena, text);
    return cell;
}

err_t pg_rows(struct ctx *ctx, const PGresult *result, size_t first,
              size_t count, struct sql_rows *ret)
{
    size_t columns = (size_t)PQnfields(result);
    struct sql_arg *cells =
        arena_array(ctx->arena, struct sql_arg, count * columns);

    ASSERT(first + count <= (size_t)PQntuples(result));
    for (size_t column = 0; column < columns; column++) {
        Oid type = PQftype(result, (int)column);
        for (size_t i = 0; i < count; i++) {
            int row = (int)(first + i), field = (int)column;
            struct sql_arg *cell = &cells[i * columns + column];
            if (PQgetisnull(result, row, field)) {
                cell->is_null = true;
                continue;
            }
            str text = {PQgetvalue(result, row, field),
                        (size_t)PQgetlength(result, row, field)};
            *cell = cell_of(ctx->arena, type, text);
        }
    }
    *ret = (struct sql_rows){count, columns, cells};
    return OK;
}
