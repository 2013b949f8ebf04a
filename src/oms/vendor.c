/* vendor.c - see vendor.h. */
#include "oms/vendor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "store/event.h"
#include "store/sql.h"
#include "store/store.h"

enum { EVENT_BYTES = 1024 };

err_t vendor_check_count(struct ctx *ctx, int stmt, int64_t most)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, NULL, 0, &rows));
    if (sql_int(&rows, 0, 0) >= most)
        return fail_as(ctx, ERR_STATE, "limit_reached", "",
                       "there are %lld already", (long long)most);
    return OK;
}

err_t vendor_code_taken(struct ctx *ctx, err_t err, str code)
{
    if (err != ERR_CONFLICT)
        return err;
    err_clear(ctx);
    return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                   "the code %.*s is taken", STR_ARG(code));
}

err_t vendor_tell(struct ctx *ctx, const char *type, const char *kind,
                  int64_t id, int64_t version, str code)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", code);
    json_put_i64(&out, "version", version);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return event_add(ctx, type, kind, id, buf_str(&buf), NULL);
}

static str text_of(struct ctx *ctx, struct vendor_place place)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(place.prefix, place.id, text);
    return str_printf(ctx->arena, "%s:%.*s", place.kind, (int)len, text);
}

err_t vendor_seal(struct ctx *ctx, struct vendor_place place, str secret,
                  str *ret)
{
    /* It goes into a header of HTTP. */
    TRY(check_line(ctx, "secret", secret, 1, LIMIT_VENDOR_SECRET));
    return secret_seal(ctx, store_secrets(ctx), text_of(ctx, place), secret,
                       ret);
}

err_t vendor_unseal(struct ctx *ctx, struct vendor_place place, str sealed,
                    str *ret)
{
    *ret = STR("");
    if (sealed.len == 0)
        return OK;
    return secret_open(ctx, store_secrets(ctx), text_of(ctx, place), sealed,
                       ret);
}
