/* order_way.c - see order_way.h. */
#include "oms/order/order_way.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_sql.h"
#include "store/sql.h"

bool order_way_is_empty(const struct order_way *way)
{
    return way->address.len == 0 && way->tags.len == 0 &&
           way->service.len == 0 && way->fulfil_at == 0;
}

err_t order_address_from_json(struct ctx *ctx, struct json_in *in,
                              const char *key, str *ret)
{
    const struct order_party *party = NULL;
    struct buf buf;
    struct json_out out;
    TRY(order_party_from_json(ctx, in, key, &party));
    if (!party)
        return json_fail(in, key, ERR_INVALID, "missing_field",
                         "an address is needed");
    TRY(order_address_check(in, key, party));
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    order_put_party(&out, NULL, party);
    *ret = buf_str(&buf);
    return OK;
}

/* All members of the document, in its order (order_seal.c). */
static const struct {
    const char *key;
    bool is_always; /* Null where it is not known. */
} members[] = {
    {"customer",         true },
    {"shipping_address", true },
    {"billing_address",  true },
    {"shipping_lines",   true },
    {"fees",             true },
    {"tags",             true },
    {"attrs",            true },
    {"method",           false},
    {"fulfil_at",        false},
    {"service",          false},
    {"pickup_location",  false},
    {"incoterm",         false},
    {"landed_cost",      false},
    {"note",             true },
    {"raw",              true },
};

static bool put_new(struct json_out *out, const char *key,
                    const struct order_way *way)
{
    if (strcmp(key, "shipping_address") == 0 && way->address.len > 0)
        json_put_raw(out, key, way->address);
    else if (strcmp(key, "tags") == 0 && way->tags.len > 0)
        json_put_raw(out, key, way->tags);
    else if (strcmp(key, "service") == 0 && way->service.len > 0)
        json_put_str(out, key, way->service);
    else if (strcmp(key, "fulfil_at") == 0 && way->fulfil_at)
        json_put_time(out, key, way->fulfil_at);
    else
        return false;
    return true;
}

err_t order_way_doc(struct ctx *ctx, const struct order *order,
                    const struct order_way *way, str *ret, str *ret_was)
{
    struct json_in *in;
    struct buf doc, was;
    struct json_out to, old;
    buf_init(&doc, ctx->arena, LIMIT_ARENA_BYTES);
    buf_init(&was, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&to, &doc);
    json_out_init(&old, &was);
    json_begin(&to, NULL);
    json_begin(&old, NULL);
    TRY(json_parse(ctx, order->doc, &in));
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        str raw = STR_NONE;
        const char *key = members[i].key;
        TRY(json_any_raw(in, key, LIMIT_ARENA_BYTES, &raw));
        if (put_new(&to, key, way))
            json_put_raw(&old, key, raw.len > 0 ? raw : STR("null"));
        else if (raw.len > 0)
            json_put_raw(&to, key, raw);
        else if (members[i].is_always)
            json_put_null(&to, key);
    }
    json_end_object(&to);
    json_end_object(&old);
    TRY(json_end(in));
    *ret = buf_str(&doc);
    *ret_was = buf_str(&was);
    return OK;
}

err_t order_doc_save(struct ctx *ctx, const struct order *order)
{
    struct sql_arg args[] = {sql_s(order->doc), sql_i(id_bucket(order->id.v)),
                             sql_i(order->id.v)};
    return sql_run(ctx, SQL_ORDER_DOC_SAVE, args, COUNT_OF(args), NULL);
}
