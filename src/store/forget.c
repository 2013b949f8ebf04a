/* forget.c - answers remembered for idempotency that must be forgotten. */
#include "store/forget.h"

#include "base/arena.h"
#include "store/idem_sql.h"
#include "store/sql.h"

enum { FORGET_FIRST = 64 };

struct found {
    forget_fn *fn;
    void *arg;
    struct sql_arg *keys; /* Pairs. */
    size_t count, room;
};

/* Rows are dropped one by one, so what is found is kept elsewhere. */
static void keep(struct found *found, const struct sql_rows *row)
{
    if (found->count == found->room) {
        found->room = found->room ? found->room * 2 : FORGET_FIRST;
        found->keys =
            mem_resize(found->keys, found->room * 2 * sizeof(*found->keys));
    }
    found->keys[found->count * 2] = sql_i(sql_int(row, 0, 0));
    found->keys[found->count * 2 + 1] = sql_i(sql_int(row, 0, 1));
    found->count++;
}

static err_t see_reply(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    struct found *found = arg;
    if (found->fn(found->arg, sql_str(row, 0, 2)))
        keep(found, row);
    return OK;
}

static err_t forget_found(struct ctx *ctx, const struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        TRY(sql_run(ctx, SQL_IDEM_REPLY_FORGET, found->keys + i * 2, 2, NULL));
    return OK;
}

err_t forget_replies(struct ctx *ctx, forget_fn *fn, void *arg,
                     int64_t *ret_count)
{
    ASSERT(ctx->tx != NULL);
    struct found found = {.fn = fn, .arg = arg};
    err_t err = sql_each(ctx, SQL_IDEM_REPLY_LIST, NULL, 0, see_reply, &found);
    if (err == OK)
        err = forget_found(ctx, &found);
    mem_free(found.keys);
    *ret_count = (int64_t)found.count;
    return err;
}
