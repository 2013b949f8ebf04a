/* tenant_store.c - rows of tenants, their hosts and credentials. */
#include "oms/tenant/tenant_store.h"

#include <sodium.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/tenant/tenant_sql.h"
#include "store/sql.h"

enum { HEX_BYTES = TENANT_HASH_BYTES * 2 + 1, CREDENTIAL_PARAMS = 3 };

static void read_row(const struct sql_rows *rows, size_t i,
                     struct tenant_row *ret)
{
    *ret = (struct tenant_row){
        .id = {sql_int(rows, i, 0)},
        .code = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .state = (enum tenant_state)sql_int(rows, i, 3),
        .wake_at = sql_int(rows, i, 4),
        .version = sql_int(rows, i, 5),
        .created_at = sql_int(rows, i, 6),
    };
}

/* Host rows come in order of tenant, so each gets a run of them. */
static err_t read_hosts(struct ctx *ctx, struct tenant_row *tenants,
                        size_t count)
{
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, count);
    struct map *by_id = map_open(ctx->arena, count + 1);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        ids[i] = sql_i(tenants[i].id.v);
        map_set(by_id, (struct map_key){.a = tenants[i].id.v}, &tenants[i]);
    }
    if (count == 0)
        return OK;
    TRY(sql_list_many(ctx, SQL_TENANT_HOST_LIST, ids, 1, count, &rows));
    str *hosts = arena_array(ctx->arena, str, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0)};
        struct tenant_row *tenant = map_find(by_id, key);
        ASSERT(tenant != NULL);
        hosts[i] = sql_str(&rows, i, 1);
        if (tenant->host_count++ == 0)
            tenant->hosts = &hosts[i];
    }
    return OK;
}

static err_t read_all(struct ctx *ctx, const struct sql_rows *rows,
                      struct tenant_row **ret)
{
    struct tenant_row *tenants =
        arena_array(ctx->arena, struct tenant_row, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_row(rows, i, &tenants[i]);
    *ret = tenants;
    return read_hosts(ctx, tenants, rows->count);
}

static err_t row_one(struct ctx *ctx, int stmt, tenant_id id,
                     struct tenant_row *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    struct tenant_row *found;
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "tenant", &rows));
    TRY(read_all(ctx, &rows, &found));
    *ret = found[0];
    return OK;
}

err_t tenant_get(struct ctx *ctx, tenant_id id, struct tenant_row *ret)
{
    return row_one(ctx, SQL_TENANT_ROW, id, ret);
}

err_t tenant_row_lock(struct ctx *ctx, tenant_id id, struct tenant_row *ret)
{
    return row_one(ctx, SQL_TENANT_LOCK, id, ret);
}

err_t tenant_find(struct ctx *ctx, str code, struct tenant_row *ret,
                  bool *found)
{
    struct sql_arg args[] = {sql_s(code)};
    struct sql_rows rows;
    struct tenant_row *tenants;
    TRY(sql_list(ctx, SQL_TENANT_BY_CODE, args, COUNT_OF(args), &rows));
    *found = rows.count == 1;
    if (!*found)
        return OK;
    TRY(read_all(ctx, &rows, &tenants));
    *ret = tenants[0];
    return OK;
}

err_t tenant_list(struct ctx *ctx, tenant_id after, size_t limit,
                  struct tenant_row **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_TENANT_PAGE, args, COUNT_OF(args), &rows));
    *ret_count = rows.count;
    return read_all(ctx, &rows, ret);
}

err_t tenant_row_add(struct ctx *ctx, const struct tenant_row *row,
                     int64_t *ret_added)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),  sql_s(row->code),       sql_s(row->name),
        sql_i(row->state), sql_i(row->created_at),
    };
    return sql_run(ctx, SQL_TENANT_ADD, args, COUNT_OF(args), ret_added);
}

err_t tenant_row_save(struct ctx *ctx, struct tenant_row *row)
{
    struct sql_arg args[] = {sql_s(row->name), sql_i(row->state),
                             sql_i(row->id.v), sql_i(row->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_TENANT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    row->version += 1;
    return OK;
}

err_t tenant_set_wake(struct ctx *ctx, tenant_id id, utc_ms at)
{
    struct sql_arg args[] = {sql_i_or_null(at), sql_i(id.v)};
    return sql_run(ctx, SQL_TENANT_WAKE_SAVE, args, COUNT_OF(args), NULL);
}

err_t tenant_hosts_save(struct ctx *ctx, const struct tenant_row *row)
{
    struct sql_arg id[] = {sql_i(row->id.v)};
    TRY(sql_run(ctx, SQL_TENANT_HOST_DROP, id, COUNT_OF(id), NULL));
    for (size_t i = 0; i < row->host_count; i++) {
        struct sql_arg args[] = {sql_s(row->hosts[i]), sql_i(row->id.v)};
        char field[32];
        int64_t added;
        TRY(sql_run(ctx, SQL_TENANT_HOST_ADD, args, COUNT_OF(args), &added));
        if (added == 1)
            continue;
        (void)snprintf(field, sizeof field, "hosts[%zu]", i);
        return fail_as(ctx, ERR_CONFLICT, "host_taken", field,
                       "another tenant has this host");
    }
    return OK;
}

/* ---- credentials ---- */

err_t tenant_credential_add(struct ctx *ctx, tenant_id tenant,
                            const unsigned char *hashes, size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * CREDENTIAL_PARAMS);
    if (count == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        char *hex = arena_array(ctx->arena, char, HEX_BYTES);
        sodium_bin2hex(hex, HEX_BYTES, &hashes[i * TENANT_HASH_BYTES],
                       TENANT_HASH_BYTES);
        args[i * CREDENTIAL_PARAMS] = sql_s((str){hex, HEX_BYTES - 1});
        args[i * CREDENTIAL_PARAMS + 1] = sql_i(id_next(ctx->ids, ctx->now, 0));
        args[i * CREDENTIAL_PARAMS + 2] = sql_i(tenant.v);
    }
    return sql_run_many(ctx, SQL_TENANT_CREDENTIAL_ADD, args, CREDENTIAL_PARAMS,
                        count, NULL);
}

err_t tenant_credential_list(struct ctx *ctx, int64_t after, size_t limit,
                             struct tenant_credential **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_TENANT_CREDENTIAL_PAGE, args, COUNT_OF(args), &rows));
    struct tenant_credential *list =
        arena_array(ctx->arena, struct tenant_credential, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        str hex = sql_str(&rows, i, 2);
        size_t len = 0;
        list[i].id = sql_int(&rows, i, 0);
        list[i].tenant.v = sql_int(&rows, i, 1);
        if (sodium_hex2bin(list[i].hash, TENANT_HASH_BYTES, hex.ptr, hex.len,
                           NULL, &len, NULL) != 0 ||
            len != TENANT_HASH_BYTES)
            return fail(ctx, ERR_INTERNAL, "", "a credential is no hash");
    }
    *ret = list;
    *ret_count = rows.count;
    return OK;
}
