/* tax_engine.c - which channel has an engine outside, as rows. */
#include "oms/order/tax_engine.h"

#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "base/url.h"
#include "oms/order/tax_engine_sql.h"
#include "oms/vendor.h"
#include "store/sql.h"

static const char *const failures[] = {"refuse", "tables"};

static struct vendor_place place_of(channel_id id)
{
    return (struct vendor_place){"tax_engine", "chn", id.v};
}

err_t tax_engine_get(struct ctx *ctx, channel_id id, struct tax_engine *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    *ret = (struct tax_engine){.channel = id};
    TRY(sql_list(ctx, SQL_TAX_ENGINE_GET, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return OK;
    ret->url = sql_str(&rows, 0, 0);
    ret->sealed = sql_str(&rows, 0, 1);
    ret->on_failure = (enum tax_failure)sql_int(&rows, 0, 2);
    ret->timeout_ms = sql_int(&rows, 0, 3);
    ret->is_active = sql_int(&rows, 0, 4) != 0;
    ret->version = sql_int(&rows, 0, 5);
    ret->created_at = sql_int(&rows, 0, 6);
    ret->updated_at = sql_int(&rows, 0, 7);
    return OK;
}

err_t tax_engine_read(struct json_in *in, struct tax_engine *ret,
                      str *ret_secret)
{
    int failure;
    struct url url;
    *ret_secret = STR_NONE;
    ret->timeout_ms = TAX_ENGINE_MS;
    ret->is_active = true;
    TRY(json_get_i64(in, "version", 0, INT64_MAX, &ret->version));
    TRY(json_get_str(in, "url", 1, LIMIT_URL_BYTES, &ret->url));
    const char *why = url_parse(ret->url, &url);
    if (why)
        return json_fail(in, "url", ERR_INVALID, "url_invalid", "%s", why);
    TRY(json_opt_str(in, "secret", 1, LIMIT_VENDOR_SECRET, ret_secret));
    TRY(json_get_enum(in, "on_failure", failures, COUNT_OF(failures),
                      &failure));
    ret->on_failure = (enum tax_failure)(failure + 1);
    TRY(json_opt_i64(in, "timeout_ms", TAX_ENGINE_MS_MIN, TAX_ENGINE_MS_MAX,
                     &ret->timeout_ms));
    TRY(json_opt_bool(in, "is_active", &ret->is_active));
    return json_end(in);
}

err_t tax_engine_put(struct ctx *ctx, struct tax_engine *engine, str secret)
{
    struct channel channel;
    struct tax_engine known;
    int64_t changed;
    TRY(channel_get(ctx, engine->channel, &channel));
    TRY(tax_engine_get(ctx, engine->channel, &known));
    TRY(check_version(ctx, engine->version, known.version));
    engine->sealed = known.sealed;
    if (secret.len > 0)
        TRY(vendor_seal(ctx, place_of(engine->channel), secret,
                        &engine->sealed));
    if (engine->sealed.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "secret",
                       "the engine knows us by a secret");
    if (engine->is_active && channel.taxes == TAXES_COMPUTED)
        return fail_as(ctx, ERR_STATE, "taxes_computed", "is_active",
                       "orders of the channel must come to what the tables "
                       "say; set its taxes to given first");
    struct sql_arg row[] = {sql_i(engine->channel.v),
                            sql_s(engine->url),
                            sql_s(engine->sealed),
                            sql_i(engine->on_failure),
                            sql_i(engine->timeout_ms),
                            sql_i(engine->is_active),
                            sql_i(ctx->now)};
    struct sql_arg again[] = {
        sql_s(engine->url),        sql_s(engine->sealed),
        sql_i(engine->on_failure), sql_i(engine->timeout_ms),
        sql_i(engine->is_active),  sql_i(ctx->now),
        sql_i(engine->channel.v),  sql_i(engine->version)};
    TRY(known.version
            ? sql_run(ctx, SQL_TAX_ENGINE_SAVE, again, COUNT_OF(again),
                      &changed)
            : sql_run(ctx, SQL_TAX_ENGINE_ADD, row, COUNT_OF(row), &changed));
    if (changed != 1)
        return ERR_RETRY;
    TRY(tax_engine_get(ctx, engine->channel, engine));
    return vendor_tell(ctx, "tax_engine.changed", "channel", channel.id.v,
                       engine->version, channel.code);
}

err_t tax_engine_secret(struct ctx *ctx, const struct tax_engine *engine,
                        str *ret)
{
    return vendor_unseal(ctx, place_of(engine->channel), engine->sealed, ret);
}
