/* routing_table_api.c - markets, zones, services, transit and rates over HTTP.
 *
 * A table is replaced whole, under its version. Rows may come as `items` or,
 * of the long tables, as CSV.
 */
#include "base/str.h"
#include "net/route.h"
#include "oms/routing/routing_config.h"
#include "oms/routing/routing_csv.h"
#include "oms/routing/routing_handlers.h"

static const struct csv_column transit_columns[] = {
    {"from",      CSV_TEXT  },
    {"from_zone", CSV_TEXT  },
    {"to",        CSV_TEXT  },
    {"service",   CSV_TEXT  },
    {"days",      CSV_NUMBER}
};
static const struct csv_column rate_columns[] = {
    {"from",      CSV_TEXT    },
    {"from_zone", CSV_TEXT    },
    {"to",        CSV_TEXT    },
    {"service",   CSV_TEXT    },
    {"up_to_g",   CSV_NUMBER  },
    {"amount",    CSV_MINOR   },
    {"currency",  CSV_CURRENCY}
};

static err_t write_table(struct ctx *ctx, struct request *req,
                         enum routing_table table)
{
    struct config_doc stored;
    TRY(table_doc_get(ctx, table, &stored));
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "version", stored.version);
    json_put_members(req->reply, stored.doc);
    json_end_object(req->reply);
    return OK;
}

static err_t get_table(struct ctx *ctx, struct request *req,
                       enum routing_table table)
{
    TRY(request_query_end(req));
    return write_table(ctx, req, table);
}

/* The document to store: the items as they came, or made of CSV. */
static err_t read_doc(struct ctx *ctx, struct request *req,
                      enum routing_table table, struct csv_items *items,
                      str *ret)
{
    str csv = STR_NONE;
    bool is_lane = table == TABLE_TRANSIT || table == TABLE_RATES;
    if (is_lane)
        TRY(json_opt_str(req->body, "csv", 0, LIMIT_BULK_BODY_BYTES, &csv));
    if (csv.len > 0) {
        bool is_rates = table == TABLE_RATES;
        TRY(csv_to_items(ctx, csv, is_rates ? rate_columns : transit_columns,
                         is_rates ? COUNT_OF(rate_columns)
                                  : COUNT_OF(transit_columns),
                         items));
    } else {
        TRY(json_any_raw(req->body, "items", LIMIT_BULK_BODY_BYTES,
                         &items->json));
    }
    if (items->json.len == 0)
        return json_fail(req->body, "items", ERR_INVALID, "missing_field",
                         "must be a list of rows; it may be empty");
    *ret = str_printf(ctx->arena, "{\"items\":%.*s}", STR_ARG(items->json));
    return json_end(req->body);
}

/* Against the other tables as they are. */
static err_t check_doc(struct ctx *ctx, enum routing_table table, str doc)
{
    const struct routing_book *book;
    struct json_in *in;
    TRY(routing_book_get(ctx, &book));
    struct routing_book probe = *book;
    probe.arena = ctx->arena;
    probe.clocks = map_open(ctx->arena, 8);
    probe.places = NULL;
    probe.place_count = probe.place_room = 0;
    TRY(json_parse(ctx, doc, &in));
    TRY(table_decode(ctx, in, table, true, &probe));
    return json_end(in);
}

static err_t set_table(struct ctx *ctx, struct request *req,
                       enum routing_table table)
{
    struct csv_items items = {0};
    int64_t version;
    str doc;
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &version));
    TRY(read_doc(ctx, req, table, &items, &doc));
    TRY(csv_fail_in(ctx, check_doc(ctx, table, doc), &items));
    TRY(table_doc_set(ctx, table, version, doc));
    return write_table(ctx, req, table);
}

/* GET and PUT /v1/routing/markets … */
err_t api_get_markets(struct ctx *ctx, struct request *req)
{
    return get_table(ctx, req, TABLE_MARKETS);
}
err_t api_get_zones(struct ctx *ctx, struct request *req)
{
    return get_table(ctx, req, TABLE_ZONES);
}
err_t api_get_services(struct ctx *ctx, struct request *req)
{
    return get_table(ctx, req, TABLE_SERVICES);
}
err_t api_get_transit(struct ctx *ctx, struct request *req)
{
    return get_table(ctx, req, TABLE_TRANSIT);
}
err_t api_get_rates(struct ctx *ctx, struct request *req)
{
    return get_table(ctx, req, TABLE_RATES);
}
err_t api_set_markets(struct ctx *ctx, struct request *req)
{
    return set_table(ctx, req, TABLE_MARKETS);
}
err_t api_set_zones(struct ctx *ctx, struct request *req)
{
    return set_table(ctx, req, TABLE_ZONES);
}
err_t api_set_services(struct ctx *ctx, struct request *req)
{
    return set_table(ctx, req, TABLE_SERVICES);
}
err_t api_set_transit(struct ctx *ctx, struct request *req)
{
    return set_table(ctx, req, TABLE_TRANSIT);
}
err_t api_set_rates(struct ctx *ctx, struct request *req)
{
    return set_table(ctx, req, TABLE_RATES);
}
