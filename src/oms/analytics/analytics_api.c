/* analytics_api.c - reports over HTTP, as JSON and as CSV. */
#include <string.h>

#include "base/csv.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "oms/analytics/analytics_report.h"

enum { DAYS = 30, ROWS = 100 };

static const char *const group_names[] = {"time", "channel", "location",
                                          "part"};
static const char *const of_names[] = {NULL, "channel", "location"};
static const char *const type_names[] = {"count", "money", "seconds", "share"};
static const char *const step_names[] = {"hour", "day", "week", "month"};
static const char *const compare_names[] = {"none", "previous", "year"};
static const char *const format_names[] = {"json", "csv"};

/* ---- the list of them ---- */

static void write_columns(struct json_out *out, const struct report *report)
{
    json_begin_list(out, "columns");
    for (size_t i = 0; i < report_width(report); i++) {
        const struct report_column *column = &report->columns[i];
        json_begin(out, NULL);
        json_put_cstr(out, "name", column->name);
        json_put_cstr(out, "type", type_names[column->type - 1]);
        json_put_cstr(out, "what", column->what);
        json_end_object(out);
    }
    json_end_list(out);
}

static void write_head(struct json_out *out, const struct report *report)
{
    const char *of = of_names[report_of(report)];
    json_put_cstr(out, "name", report->name);
    json_put_cstr(out, "title", report->title);
    json_put_cstr(out, "what", report->what);
    json_put_cstr(out, "group", group_names[report->group - 1]);
    json_put_cstr(out, "key", report->key);
    json_put_str_or_null(out, "of", of ? str_from_cstr(of) : STR_NONE);
    json_put_bool(out, "has_compare", report->run == NULL);
    write_columns(out, report);
}

/* GET /v1/reports */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    (void)ctx;
    TRY(request_query_end(req));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < report_count; i++) {
        json_begin(req->reply, NULL);
        write_head(req->reply, &reports[i]);
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* ---- what is asked ---- */

static err_t read_date(struct ctx *ctx, struct request *req, const char *name,
                       int64_t *ret)
{
    str text;
    if (!request_query_find(req, name, &text))
        return OK;
    if (!date_from_text(text, ret))
        return fail_as(ctx, ERR_INVALID, "invalid", name,
                       "must be a date as 2026-11-22");
    return OK;
}

/* `to` is the last day, today unless said; thirty days unless said. */
static err_t read_days(struct ctx *ctx, struct request *req,
                       struct report_query *ret)
{
    int64_t to;
    TRY(zone_date(ctx, ret->zone, ctx->now, &to));
    TRY(read_date(ctx, req, "to", &to));
    ret->from_day = to - DAYS + 1;
    TRY(read_date(ctx, req, "from", &ret->from_day));
    if (to < ret->from_day)
        return fail_as(ctx, ERR_INVALID, "range_empty", "to",
                       "must not be before from");
    ret->until = to + 1;
    return OK;
}

/* The days right before, or the same weekdays a year ago. */
static err_t read_compare(struct request *req, struct report_query *ret)
{
    enum { NONE, PREVIOUS, YEAR, YEAR_DAYS = 364 };
    int compare = NONE;
    TRY(request_query_enum(req, "compare", compare_names,
                           COUNT_OF(compare_names), &compare));
    int64_t days = ret->until - ret->from_day;
    ret->has_before = compare != NONE && !ret->report->run;
    ret->before_day =
        ret->from_day - (compare == PREVIOUS ? days : (int64_t)YEAR_DAYS);
    return OK;
}

static err_t read_of(struct request *req, struct report_query *ret)
{
    switch (report_of(ret->report)) {
    case OF_NOTHING: return OK;
    case OF_CHANNEL: return request_query_id(req, "channel", "chn", &ret->of);
    case OF_LOCATION: return request_query_id(req, "location", "loc", &ret->of);
    }
    UNREACHABLE("every kind is named");
}

/* What it is asked with is looked at first, as everywhere. */
static err_t refuse_name(struct ctx *ctx, struct request *req)
{
    static const char *const names[] = {
        "from",    "to",       "zone",     "by",    "compare",
        "channel", "location", "currency", "limit", "format"};
    str text;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        (void)request_query_find(req, names[i], &text);
    TRY(request_query_end(req));
    return fail(ctx, ERR_NOT_FOUND, "name",
                "there is no report of this name; GET /v1/reports lists them");
}

static err_t read_query(struct ctx *ctx, struct request *req,
                        struct report_query *ret, bool *ret_is_csv)
{
    int step = 1, format = 0;
    int64_t limit = ROWS;
    *ret = (struct report_query){.report = report_find(req->path_params[0]),
                                 .zone = STR("UTC")};
    if (!ret->report)
        return refuse_name(ctx, req);
    (void)request_query_find(req, "zone", &ret->zone);
    if (!zone_is_known(ret->zone))
        return fail_as(ctx, ERR_INVALID, "zone_unknown", "zone",
                       "there is no such time zone; name one as Europe/Berlin");
    TRY(read_days(ctx, req, ret));
    TRY(read_compare(req, ret));
    TRY(read_of(req, ret));
    (void)request_query_find(req, "currency", &ret->currency);
    char currency[4];
    if (ret->currency.len > 0 && !currency_from_str(ret->currency, currency))
        return fail_as(ctx, ERR_INVALID, "currency_unknown", "currency",
                       "must be a currency of ISO 4217, as EUR");
    TRY(request_query_enum(req, "format", format_names, COUNT_OF(format_names),
                           &format));
    if (ret->report->group == BY_TIME)
        TRY(request_query_enum(req, "by", step_names, COUNT_OF(step_names),
                               &step));
    else
        TRY(request_query_i64(req, "limit", 1, REPORT_MAX_ROWS, &limit));
    ret->step = (enum report_step)(step + 1);
    ret->limit = (size_t)limit;
    *ret_is_csv = format == 1;
    return request_query_end(req);
}

/* ---- JSON ---- */

static money money_of(int64_t minor, str currency)
{
    money ret = {.minor = minor};
    ASSERT(currency.len == 3);
    memcpy(ret.currency, currency.ptr, 3);
    return ret;
}

static void write_value(struct json_out *out,
                        const struct report_column *column, str currency,
                        int64_t value)
{
    if (value == REPORT_NOTHING ||
        (column->type == COLUMN_MONEY && currency.len == 0))
        json_put_null(out, NULL);
    else if (column->type == COLUMN_MONEY)
        json_put_money(out, NULL, money_of(value, currency));
    else
        json_put_i64(out, NULL, value);
}

static void write_values(struct json_out *out, const char *name,
                         const struct report *report, str currency,
                         const int64_t *values)
{
    json_begin_list(out, name);
    for (size_t i = 0; i < report_width(report); i++)
        write_value(out, &report->columns[i], currency, values[i]);
    json_end_list(out);
}

static void write_row(struct json_out *out, const struct report *report,
                      const struct report_row *row)
{
    json_put_str_or_null(out, "currency", row->currency);
    write_values(out, "values", report, row->currency, row->values);
    if (row->has_before)
        write_values(out, "before", report, row->currency, row->before);
}

static const char *prefix_of(const struct report *report)
{
    switch (report->group) {
    case BY_CHANNEL: return "chn";
    case BY_LOCATION: return "loc";
    case BY_TIME:
    case BY_PART: break;
    }
    return "cus";
}

static void write_date(struct json_out *out, const char *name, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    date_to_text(day, text);
    json_put_str(out, name, (str){text, sizeof(text)});
}

static void write_json(struct json_out *out, const struct report_query *query,
                       const struct report_table *table)
{
    const struct report *report = query->report;
    int64_t days = query->until - query->from_day;
    json_begin(out, NULL);
    write_head(out, report);
    json_put_str(out, "zone", query->zone);
    write_date(out, "from", query->from_day);
    write_date(out, "to", query->until - 1);
    if (query->has_before) {
        write_date(out, "before_from", query->before_day);
        write_date(out, "before_to", query->before_day + days - 1);
    }
    json_begin_list(out, "rows");
    for (size_t i = 0; i < table->count; i++) {
        json_begin(out, NULL);
        json_put_str_or_null(out, "key", table->rows[i].key);
        json_put_id_or_null(out, "id", prefix_of(report), table->rows[i].id);
        write_row(out, report, &table->rows[i]);
        json_end_object(out);
    }
    json_end_list(out);
    json_put_i64(out, "left", (int64_t)table->left);
    json_begin_list(out, "totals");
    for (size_t i = 0; i < table->total_count; i++) {
        json_begin(out, NULL);
        write_row(out, report, &table->totals[i]);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* ---- CSV ---- */

enum { SHARE_DECIMALS = 4 };

static void put_value(struct ctx *ctx, struct buf *buf,
                      const struct report_column *column, str currency,
                      int64_t value, bool is_last)
{
    static const int64_t BASIS_POINTS = 10000;
    str text = STR_NONE;
    if (value == REPORT_NOTHING ||
        (column->type == COLUMN_MONEY && currency.len == 0))
        ; /* An empty cell. */
    else if (column->type == COLUMN_MONEY)
        text = money_to_decimal(ctx->arena, money_of(value, currency));
    else if (column->type == COLUMN_SHARE)
        text = str_printf(ctx->arena, "%lld.%0*lld",
                          (long long)(value / BASIS_POINTS), SHARE_DECIMALS,
                          (long long)(value % BASIS_POINTS));
    else
        text = str_printf(ctx->arena, "%lld", (long long)value);
    csv_put(buf, text, is_last);
}

static void put_values(struct ctx *ctx, struct buf *buf,
                       const struct report *report,
                       const struct report_row *row)
{
    size_t width = report_width(report);
    for (size_t i = 0; i < width; i++)
        put_value(ctx, buf, &report->columns[i], row->currency, row->values[i],
                  i + 1 == width && !row->has_before);
    for (size_t i = 0; i < width && row->has_before; i++)
        put_value(ctx, buf, &report->columns[i], row->currency, row->before[i],
                  i + 1 == width);
}

static void put_header(struct ctx *ctx, struct buf *buf,
                       const struct report_query *query)
{
    const struct report *report = query->report;
    size_t width = report_width(report);
    csv_put(buf, str_from_cstr(report->key), false);
    csv_put(buf, STR("currency"), false);
    for (size_t i = 0; i < width; i++)
        csv_put(buf, str_from_cstr(report->columns[i].name),
                i + 1 == width && !query->has_before);
    for (size_t i = 0; i < width && query->has_before; i++)
        csv_put(buf,
                str_printf(ctx->arena, "%s_before", report->columns[i].name),
                i + 1 == width);
}

static void write_csv(struct ctx *ctx, struct buf *buf,
                      const struct report_query *query,
                      const struct report_table *table)
{
    put_header(ctx, buf, query);
    for (size_t i = 0; i < table->count; i++) {
        const struct report_row *row = &table->rows[i];
        char id[ID_TEXT_BYTES];
        str key = row->key;
        if (key.len == 0 && row->id)
            key = (str){id, id_to_text(prefix_of(query->report), row->id, id)};
        csv_put(buf, key, false);
        csv_put(buf, row->currency, false);
        put_values(ctx, buf, query->report, row);
    }
}

/* GET /v1/reports/{name} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    struct report_query query;
    struct report_table table;
    bool is_csv;
    TRY(read_query(ctx, req, &query, &is_csv));
    TRY(report_run(ctx, &query, &table));
    if (!is_csv) {
        write_json(req->reply, &query, &table);
        return OK;
    }
    write_csv(ctx, req->reply->buf, &query, &table);
    req->content_type = "text/csv; charset=utf-8";
    req->file_name = str_printf(ctx->arena, "%s.csv", query.report->name);
    return OK;
}

static const struct route routes[] = {
    {.operation = "listReports",
     .method = HTTP_GET,
     .path = "/v1/reports",
     .perm = PERM_REPORTS_READ,
     .kind = ROUTE_READ,
     .run = api_list},
    {.operation = "getReport",
     .method = HTTP_GET,
     .path = "/v1/reports/{name}",
     .perm = PERM_REPORTS_READ,
     .kind = ROUTE_READ,
     .run = api_get },
};
const struct route_list analytics_routes = {routes, COUNT_OF(routes)};
