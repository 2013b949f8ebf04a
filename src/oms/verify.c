/* verify.c - reporting the bad rows of a check. */
#include "oms/verify.h"

#include "base/id.h"
#include "base/str.h"
#include "store/sql.h"

void verify_tell(const struct verify *check, int64_t id, const char *what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, id, text);
    check->report(check->arg, check->invariant, (str){text, len},
                  str_from_cstr(what));
}

err_t verify_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    str name = id_str(ctx->arena, check->prefix, sql_int(row, 0, 0));
    if (row->columns == 2)
        name = str_printf(ctx->arena, "%.*s/%lld", STR_ARG(name),
                          (long long)sql_int(row, 0, 1));
    check->report(check->arg, check->invariant, name,
                  str_from_cstr(check->what));
    return OK;
}

err_t verify_none(struct ctx *ctx, int stmt, struct verify check)
{
    return sql_each(ctx, stmt, NULL, 0, verify_row, &check);
}
