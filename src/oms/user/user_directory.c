/* user_directory.c - all live keys in memory, for the guard of the doors. */
#include "base/arena.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_sql.h"
#include "store/sql.h"

static int compare(const void *a, const void *b)
{
    const struct key_entry *x = a, *y = b;
    return memcmp(x->hash, y->hash, KEY_HASH_BYTES);
}

err_t key_directory_load(struct ctx *ctx, struct key_entry **ret,
                         size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_KEY_DIRECTORY, NULL, 0, &rows));
    struct key_entry *entries =
        arena_array(ctx->arena, struct key_entry, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        entries[i].id = sql_int(&rows, i, 0);
        entries[i].perms = (unsigned)sql_int(&rows, i, 1);
        entries[i].expires_at = sql_int(&rows, i, 2);
        if (!hash_from_hex(sql_str(&rows, i, 3), entries[i].hash))
            return fail(ctx, ERR_INTERNAL, "", "key %lld is not a hash",
                        (long long)entries[i].id);
    }
    if (rows.count > 1)
        qsort(entries, rows.count, sizeof *entries, compare);
    *ret = entries;
    *ret_count = rows.count;
    return OK;
}
