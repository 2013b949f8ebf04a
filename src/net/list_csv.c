/* list_csv.c - a list as CSV: its own pages, row by row. */
#include "net/list_csv.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/json_any.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/route.h"

enum { PATH_BYTES = 64, CELL_BYTES = 64 * 1024, LIMIT_TEXT_BYTES = 8 };

static const char *const formats[] = {"json", "csv"};

/* ---- cells ---- */

static json_any member(json_any object, str path, str *ret_rest)
{
    char key[PATH_BYTES];
    str name = str_split(path, '.', ret_rest);
    ASSERT(name.len > 0 && name.len < sizeof key);
    memcpy(key, name.ptr, name.len);
    key[name.len] = '\0';
    return json_any_get(object, key);
}

static str cell_of(struct arena *arena, json_any item, str path)
{
    str rest = STR_NONE;
    json_any value = member(item, path, &rest);
    if (rest.len > 0)
        return cell_of(arena, value, rest);
    if (json_any_kind(value) != JSON_KIND_LIST)
        return json_any_text(arena, value);
    struct buf buf;
    buf_init(&buf, arena, CELL_BYTES);
    for (size_t i = 0; i < json_any_count(value); i++) {
        buf_add_cstr(&buf, i > 0 ? ";" : "");
        buf_add_str(&buf, json_any_text(arena, json_any_at(value, i)));
    }
    return buf_str(&buf);
}

static void put_row(struct ctx *ctx, struct buf *csv,
                    const char *const *columns, json_any item)
{
    for (size_t i = 0; columns[i]; i++)
        csv_put(csv, cell_of(ctx->arena, item, str_from_cstr(columns[i])),
                !columns[i + 1]);
}

static void put_names(struct buf *csv, const char *const *columns)
{
    for (size_t i = 0; columns[i]; i++)
        csv_put(csv, str_from_cstr(columns[i]), !columns[i + 1]);
}

/* ---- pages ---- */

/* Adds the parameter, or says what it is from now on. */
static err_t set_query(struct request *req, const char *name, str value)
{
    size_t i = 0;
    while (i < req->query_count && !str_equal_cstr(req->query[i].name, name))
        i++;
    if (i == REQUEST_QUERY_PARAMS)
        return fail_as(req->ctx, ERR_INVALID, "too_many_parameters", name,
                       "there are too many parameters");
    req->query[i] = (struct query_param){str_from_cstr(name), value, false};
    req->query_count += i == req->query_count;
    return OK;
}

/* Runs the route for one page; *ret_next is empty behind the last. */
static err_t run_page(struct ctx *ctx, struct request *req, struct buf *csv,
                      size_t *ret_rows, str *ret_next)
{
    struct buf page;
    struct json_out out, *was = req->reply;
    json_any doc;
    buf_init(&page, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &page);
    req->reply = &out;
    err_t err = req->route->run(ctx, req);
    req->reply = was;
    TRY(err);
    ASSERT(!page.is_full);
    str text = buf_str(&page);
    TRY(json_any_parse(ctx, &text, &doc));
    json_any items = json_any_get(doc, "items");
    *ret_rows = json_any_count(items);
    for (size_t i = 0; i < *ret_rows; i++)
        put_row(ctx, csv, req->route->table->columns, json_any_at(items, i));
    *ret_next = json_any_get_text(ctx->arena, doc, "next");
    json_any_close(doc);
    return OK;
}

static err_t run_csv(struct ctx *ctx, struct request *req)
{
    size_t rows = 0;
    str next = STR_NONE, ignored;
    char limit[LIMIT_TEXT_BYTES];
    snprintf(limit, sizeof limit, "%d", LIMIT_PAGE);
    if (request_query_find(req, "limit", &ignored))
        return fail_as(ctx, ERR_INVALID, "unknown_parameter", "limit",
                       "CSV comes %d rows at a time", LIST_CSV_ROWS);
    struct buf *csv = req->reply->buf;
    if (!request_query_find(req, "after", &ignored))
        put_names(csv, req->route->table->columns);
    TRY(set_query(req, "limit", str_from_cstr(limit)));
    do {
        size_t more;
        TRY(run_page(ctx, req, csv, &more, &next));
        rows += more;
        if (next.len > 0)
            TRY(set_query(req, "after", next));
    } while (next.len > 0 && rows + LIMIT_PAGE <= LIST_CSV_ROWS);
    req->next = next;
    req->content_type = "text/csv; charset=utf-8";
    req->file_name = str_from_cstr(req->route->table->file);
    return OK;
}

err_t list_run(struct ctx *ctx, struct request *req)
{
    int format = 0;
    TRY(request_query_enum(req, "format", formats, COUNT_OF(formats), &format));
    return format == 0 ? req->route->run(ctx, req) : run_csv(ctx, req);
}
