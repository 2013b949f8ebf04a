/* purchasing_supplier.c - suppliers: rows and commands. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/contact.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/purchasing/purchasing_sql.h"
#include "oms/purchasing/purchasing_store.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 512 };

static struct supplier *read_rows(struct ctx *ctx, const struct sql_rows *rows)
{
    struct supplier *ret =
        arena_array(ctx->arena, struct supplier, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        ret[i] = (struct supplier){
            .id = {sql_int(rows, i, 0)},
            .code = sql_str(rows, i, 1),
            .name = sql_str(rows, i, 2),
            .email = sql_str(rows, i, 3),
            .lead_days = sql_int(rows, i, 5),
            .over_percent = sql_int(rows, i, 6),
            .address = sql_str(rows, i, 7),
            .is_active = sql_int(rows, i, 8) != 0,
            .version = sql_int(rows, i, 9),
            .created_at = sql_int(rows, i, 10),
            .updated_at = sql_int(rows, i, 11),
        };
        memcpy(ret[i].currency, sql_str(rows, i, 4).ptr, 3);
    }
    return ret;
}

err_t supplier_list_ids(struct ctx *ctx, const supplier_id *ids, size_t count,
                        struct supplier **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_SUPPLIER_ROW, keys, count, &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t supplier_get(struct ctx *ctx, supplier_id id, struct supplier *ret)
{
    struct sql_rows rows;
    struct sql_arg arg = sql_i(id.v);
    TRY(sql_one(ctx, SQL_SUPPLIER_ROW, &arg, 1, "supplier", &rows));
    *ret = *read_rows(ctx, &rows);
    return OK;
}

static err_t find_code(struct ctx *ctx, str code, struct supplier *ret,
                       bool *ret_is_found)
{
    struct sql_rows rows;
    struct sql_arg arg = sql_s(code);
    TRY(sql_list(ctx, SQL_SUPPLIER_BY_CODE, &arg, 1, &rows));
    *ret_is_found = rows.count > 0;
    if (rows.count > 0)
        *ret = *read_rows(ctx, &rows);
    return OK;
}

err_t supplier_named(struct ctx *ctx, str code, struct supplier *ret)
{
    bool is_found;
    TRY(find_code(ctx, code, ret, &is_found));
    return is_found ? OK
                    : fail_as(ctx, ERR_INVALID, "supplier_unknown", "supplier",
                              "there is no supplier with this code");
}

err_t supplier_page(struct ctx *ctx, supplier_id before, size_t limit,
                    struct supplier **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(before.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_SUPPLIER_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

/* ---- commands ---- */

static err_t check(struct ctx *ctx, const struct supplier *supplier)
{
    TRY(check_line(ctx, "name", supplier->name, 1, LIMIT_NAME_BYTES));
    if (supplier->email.len > 0 && !email_is_good(supplier->email))
        return fail_as(ctx, ERR_INVALID, "invalid_email", "email",
                       "must be an e-mail address");
    TRY(check_range(ctx, "lead_days", supplier->lead_days, 0,
                    LIMIT_TERMS_DAYS));
    return check_range(ctx, "over_percent", supplier->over_percent, 0, 100);
}

static err_t tell(struct ctx *ctx, const struct supplier *supplier,
                  const char *type)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", supplier->code);
    json_put_bool(&out, "is_active", supplier->is_active);
    json_put_i64(&out, "version", supplier->version);
    json_end_object(&out);
    return event_add(ctx, type, "supplier", supplier->id.v, buf_str(&buf),
                     NULL);
}

err_t supplier_create(struct ctx *ctx, struct supplier *supplier)
{
    ASSERT(ctx->tx && ctx->ids);
    struct supplier other;
    bool is_found;
    TRY(check_code(ctx, "code", supplier->code));
    TRY(check(ctx, supplier));
    TRY(find_code(ctx, supplier->code, &other, &is_found));
    if (is_found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "another supplier has this code");
    supplier->id.v = id_next(ctx->ids, ctx->now, 0);
    supplier->version = 1;
    supplier->created_at = supplier->updated_at = ctx->now;
    struct sql_arg args[] = {
        sql_i(supplier->id.v),
        sql_s(supplier->code),
        sql_s(supplier->name),
        sql_s_or_null(supplier->email),
        sql_s(str_from_cstr(supplier->currency)),
        sql_i(supplier->lead_days),
        sql_i(supplier->over_percent),
        sql_s(supplier->address),
        sql_i(supplier->is_active),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_SUPPLIER_ADD, args, COUNT_OF(args), NULL));
    return tell(ctx, supplier, "supplier.created");
}

static err_t save(struct ctx *ctx, struct supplier *supplier)
{
    struct sql_arg args[] = {
        sql_s(supplier->name),
        sql_s_or_null(supplier->email),
        sql_s(str_from_cstr(supplier->currency)),
        sql_i(supplier->lead_days),
        sql_i(supplier->over_percent),
        sql_s(supplier->address),
        sql_i(supplier->is_active),
        sql_i(ctx->now),
        sql_i(supplier->id.v),
        sql_i(supplier->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_SUPPLIER_SAVE, args, COUNT_OF(args), &changed));
    supplier->version++;
    supplier->updated_at = ctx->now;
    return changed == 1 ? OK : ERR_RETRY;
}

err_t supplier_change(struct ctx *ctx, struct supplier *supplier)
{
    ASSERT(ctx->tx);
    struct sql_rows rows;
    struct sql_arg arg = sql_i(supplier->id.v);
    TRY(sql_one(ctx, SQL_SUPPLIER_LOCK, &arg, 1, "supplier", &rows));
    const struct supplier *before = read_rows(ctx, &rows);
    TRY(check_version(ctx, supplier->version, before->version));
    TRY(check(ctx, supplier));
    supplier->code = before->code;
    supplier->created_at = before->created_at;
    TRY(save(ctx, supplier));
    return tell(ctx, supplier, "supplier.changed");
}
