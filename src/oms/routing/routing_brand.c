/* routing_brand.c - strategies of brands as rows: one document each. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "store/sql.h"

/* Scenarios stand as a channel's do; an empty list of them is none. */
static err_t read_doc(struct ctx *ctx, str doc, struct routing_ranking *ret)
{
    struct json_list locations, scenarios;
    struct json_in *in;
    str raw;
    TRY(json_parse(ctx, doc, &in));
    TRY(json_get_list(in, "locations", 0, SIZE_MAX, &locations));
    TRY(json_get_list(in, "scenarios", 0, SIZE_MAX, &scenarios));
    TRY(json_any_raw(in, "scenarios", doc.len, &raw));
    if (scenarios.count > 0)
        ret->doc = str_printf(ctx->arena, "{\"scenarios\":%.*s}", STR_ARG(raw));
    ret->locations = arena_array(ctx->arena, location_id, locations.count);
    ret->count = locations.count;
    for (size_t i = 0; i < locations.count; i++) {
        str text;
        TRY(json_list_str(&locations, i, 1, ID_TEXT_BYTES, &text));
        if (!id_from_text("loc", text, &ret->locations[i].v))
            return fail(ctx, ERR_INTERNAL, NULL,
                        "the strategy of a brand names what is no location");
    }
    return json_end(in);
}

/* Columns: brand, version, doc. */
static err_t read_row(struct ctx *ctx, const struct sql_rows *rows, size_t i,
                      struct routing_ranking *ret)
{
    *ret = (struct routing_ranking){.brand = sql_str(rows, i, 0),
                                    .version = sql_int(rows, i, 1)};
    return read_doc(ctx, sql_str(rows, i, 2), ret);
}

static err_t read_one(struct ctx *ctx, int stmt, struct sql_arg key,
                      struct routing_ranking *ret)
{
    struct sql_rows rows;
    *ret = (struct routing_ranking){.version = 0};
    TRY(sql_list(ctx, stmt, &key, 1, &rows));
    return rows.count > 0 ? read_row(ctx, &rows, 0, ret) : OK;
}

err_t routing_brand_get(struct ctx *ctx, str brand, struct routing_ranking *ret)
{
    return read_one(ctx, SQL_ROUTING_BRAND_GET, sql_s(brand), ret);
}

err_t routing_brand_of(struct ctx *ctx, channel_id channel,
                       struct routing_ranking *ret)
{
    return read_one(ctx, SQL_ROUTING_BRAND_OF, sql_i(channel.v), ret);
}

err_t routing_brand_page(struct ctx *ctx, str after, size_t limit,
                         struct routing_ranking **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_s(after), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_BRAND_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct routing_ranking, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(read_row(ctx, &rows, i, &(*ret)[i]));
    return OK;
}

err_t routing_brand_is_known(struct ctx *ctx, str brand, bool *ret)
{
    struct sql_arg key = sql_s(brand);
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_BRAND_CHANNEL, &key, 1, &rows));
    *ret = rows.count > 0;
    return OK;
}

static str doc_of(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_begin_list(&out, "locations");
    for (size_t i = 0; i < cmd->count; i++)
        json_put_id(&out, NULL, "loc", cmd->locations[i].v);
    json_end_list(&out);
    if (cmd->doc.len > 0) /* Its one member joins them. */
        json_put_members(&out, cmd->doc);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

err_t routing_brand_save(struct ctx *ctx, const struct routing_cmd *cmd)
{
    struct sql_arg args[] = {sql_s(cmd->brand), sql_i(cmd->version + 1),
                             sql_s(doc_of(ctx, cmd))};
    int64_t changed;
    TRY(routing_stamp(ctx));
    TRY(sql_run(ctx, SQL_ROUTING_BRAND_SAVE, args, COUNT_OF(args), &changed));
    return changed == 1 ? OK : ERR_RETRY; /* Another writer was faster. */
}
