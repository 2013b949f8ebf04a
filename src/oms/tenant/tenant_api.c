/* tenant_api.c - the tenant room's HTTP face.
 *
 * All but the usage of one's own store is for operators: their permissions
 * hold in the control store only.
 */
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "oms/tenant/tenant_json.h"
#include "oms/tenant/tenant_room.h"
#include "oms/tenant/tenant_rules.h"
#include "oms/tenant/tenant_store.h"

enum { USAGE_DAYS = 31, USAGE_DAYS_MAX = 366, DATE_BYTES = 10 };

static void write_tenant(struct json_out *out, const struct tenant_row *row)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "ten", row->id.v);
    json_put_str(out, "code", row->code);
    json_put_str(out, "name", row->name);
    json_put_cstr(out, "state", tenant_state_names[row->state - 1]);
    json_begin_list(out, "hosts");
    for (size_t i = 0; i < row->host_count; i++)
        json_put_str(out, NULL, row->hosts[i]);
    json_end_list(out);
    json_put_i64(out, "version", row->version);
    json_put_time(out, "created_at", row->created_at);
    json_end_object(out);
}

/* POST /v1/tenants */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct tenant_cmd cmd;
    struct tenant_row row;
    TRY(tenant_read(req->body, &cmd));
    TRY(tenant_create(ctx, &cmd, &row));
    req->status = 201;
    write_tenant(req->reply, &row);
    return OK;
}

/* GET /v1/tenants/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    tenant_id id;
    struct tenant_row row;
    TRY(request_path_id(req, 0, "ten", &id.v));
    TRY(request_query_end(req));
    TRY(tenant_get(ctx, id, &row));
    write_tenant(req->reply, &row);
    return OK;
}

/* PATCH /v1/tenants/{id} */
static err_t api_change(struct ctx *ctx, struct request *req)
{
    tenant_id id;
    struct tenant_patch patch;
    struct tenant_row row;
    TRY(request_path_id(req, 0, "ten", &id.v));
    TRY(tenant_read_change(req->body, &patch));
    TRY(tenant_change(ctx, id, &patch.change, &row));
    write_tenant(req->reply, &row);
    return OK;
}

/* GET /v1/tenants */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    tenant_id after = {0};
    struct tenant_row *rows;
    size_t limit, count;
    TRY(request_query_id(req, "after", "ten", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(tenant_list(ctx, after, limit, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_tenant(req->reply, &rows[i]);
    json_end_page(req->reply, "ten", count == limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* ---- usage ---- */

/* Days from `from` to `to`, both counted in; the last month by default. */
static err_t read_days(struct ctx *ctx, struct request *req, int64_t *ret_from,
                       int64_t *ret_to)
{
    utc_ms to = ctx->now, from = 0;
    TRY(request_query_time(req, "to", &to));
    from = to - (USAGE_DAYS - 1) * DAY_MS;
    TRY(request_query_time(req, "from", &from));
    TRY(request_query_end(req));
    if (from < 0 || from > to || to / DAY_MS - from / DAY_MS >= USAGE_DAYS_MAX)
        return fail_as(ctx, ERR_INVALID, "range_invalid", "from",
                       "must not be after `to`, nor more than %d days before",
                       USAGE_DAYS_MAX);
    *ret_from = from / DAY_MS;
    *ret_to = to / DAY_MS;
    return OK;
}

/* The rows of a day stand together. */
static void write_usage(struct json_out *out, const struct usage *rows,
                        size_t count)
{
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; i < count;) {
        int64_t day = rows[i].day;
        char text[TIME_TEXT_BYTES];
        time_to_text(day * DAY_MS, text);
        json_begin(out, NULL);
        json_put_str(out, "day", (str){text, DATE_BYTES});
        json_begin_list(out, "counters");
        for (; i < count && rows[i].day == day; i++) {
            json_begin(out, NULL);
            json_put_str(out, "name", rows[i].name);
            json_put_i64(out, "value", rows[i].value);
            json_end_object(out);
        }
        json_end_list(out);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* GET /v1/usage */
static err_t api_own_usage(struct ctx *ctx, struct request *req)
{
    int64_t from = 0, to = 0;
    struct usage *rows;
    size_t count;
    TRY(read_days(ctx, req, &from, &to));
    TRY(usage_list(ctx, from, to, &rows, &count));
    write_usage(req->reply, rows, count);
    return OK;
}

/* GET /v1/tenants/{id}/usage */
static err_t api_usage(struct ctx *ctx, struct request *req)
{
    tenant_id id;
    int64_t from = 0, to = 0;
    struct tenant_row row;
    struct usage *rows;
    size_t count;
    TRY(request_path_id(req, 0, "ten", &id.v));
    TRY(read_days(ctx, req, &from, &to));
    TRY(tenant_get(ctx, id, &row));
    TRY(tenant_usage_list(ctx, id, from, to, &rows, &count));
    write_usage(req->reply, rows, count);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createTenant",
     .is_access = true,
     .method = HTTP_POST,
     .path = "/v1/tenants",
     .perm = PERM_TENANTS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create},
    {.operation = "listTenants",
     .method = HTTP_GET,
     .path = "/v1/tenants",
     .perm = PERM_TENANTS_READ,
     .kind = ROUTE_READ,
     .run = api_list        },
    {.operation = "getTenant",
     .method = HTTP_GET,
     .path = "/v1/tenants/{id}",
     .perm = PERM_TENANTS_READ,
     .kind = ROUTE_READ,
     .run = api_get        },
    {.operation = "changeTenant",
     .is_access = true,
     .method = HTTP_PATCH,
     .path = "/v1/tenants/{id}",
     .perm = PERM_TENANTS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change},
    {.operation = "getTenantUsage",
     .method = HTTP_GET,
     .path = "/v1/tenants/{id}/usage",
     .perm = PERM_TENANTS_READ,
     .kind = ROUTE_READ,
     .run = api_usage },
    {.operation = "getUsage",
     .method = HTTP_GET,
     .path = "/v1/usage",
     .perm = PERM_SYSTEM_READ,
     .kind = ROUTE_READ,
     .run = api_own_usage  },
};
const struct route_list tenant_routes = {routes, COUNT_OF(routes)};
