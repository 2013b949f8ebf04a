/* list_csv.c - a list as CSV: its own pages, row by row. */
#include "net/list_csv.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/json_any.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/route.h"

enum { PATH_BYTES = 64, LIMIT_TEXT_BYTES = 8 };

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

/* A cell is no longer than the page that it is read from. */
static str cell_of(struct arena *arena, json_any item, str path)
{
    str rest = STR_NONE;
    json_any value = member(item, path, &rest);
    if (rest.len > 0)
        return cell_of(arena, value, rest);
    if (json_any_kind(value) != JSON_KIND_LIST)
        return json_any_text(arena, value);
    struct buf buf;
    buf_init(&buf, arena, LIMIT_REPLY_BYTES);
    for (size_t i = 0; i < json_any_count(value); i++) {
        buf_add_cstr(&buf, i > 0 ? ";" : "");
        buf_add_str(&buf, json_any_text(arena, json_any_at(value, i)));
    }
    ASSERT(!buf.is_full);
    return buf_str(&buf);
}

static void put_row(struct ctx *ctx, struct buf *csv,
                    const char *const *columns, json_any item, json_any part)
{
    for (size_t i = 0; columns[i]; i++) {
        str path = str_from_cstr(columns[i]), rest = STR_NONE;
        bool is_of_part = json_any_kind(member(part, path, &rest)) != 0;
        csv_put(csv, cell_of(ctx->arena, is_of_part ? part : item, path),
                !columns[i + 1]);
    }
}

/* How many rows an item is. */
static size_t put_item(struct ctx *ctx, struct buf *csv,
                       const struct list_table *table, json_any item)
{
    if (!table->each) {
        put_row(ctx, csv, table->columns, item, item);
        return 1;
    }
    json_any parts = json_any_get(item, table->each);
    size_t count = json_any_count(parts);
    for (size_t i = 0; i < count; i++)
        put_row(ctx, csv, table->columns, item, json_any_at(parts, i));
    return count;
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

/* One page of the route as JSON, of fewer items where they are too large for
 * one. */
static err_t run_json(struct ctx *ctx, struct request *req, str *ret)
{
    for (int limit = LIMIT_PAGE; limit > 0; limit /= 2) {
        struct json_out out, *was = req->reply;
        struct buf page;
        TRY(set_query(req, "limit", str_printf(ctx->arena, "%d", limit)));
        struct arena_mark mark = arena_mark(ctx->arena);
        buf_init(&page, ctx->arena, LIMIT_REPLY_BYTES);
        json_out_init(&out, &page);
        req->reply = &out;
        err_t err = req->route->run(ctx, req);
        req->reply = was;
        TRY(err);
        *ret = buf_str(&page);
        if (!page.is_full)
            return OK;
        arena_reset_to(ctx->arena, mark);
    }
    return fail_as(ctx, ERR_INTERNAL, "reply_too_large", "",
                   "one row is larger than an answer may be");
}

/* Runs the route for one page; *ret_next is empty behind the last. */
static err_t run_page(struct ctx *ctx, struct request *req, struct buf *csv,
                      size_t *ret_rows, str *ret_next)
{
    str text;
    json_any doc;
    TRY(run_json(ctx, req, &text));
    TRY(json_any_parse(ctx, &text, &doc));
    json_any items = json_any_get(doc, "items");
    *ret_rows = 0;
    for (size_t i = 0; i < json_any_count(items); i++)
        *ret_rows +=
            put_item(ctx, csv, req->route->table, json_any_at(items, i));
    *ret_next = json_any_get_text(ctx->arena, doc, "next");
    json_any_close(doc);
    return OK;
}

static err_t run_csv(struct ctx *ctx, struct request *req)
{
    const struct list_table *table = req->route->table;
    size_t rows = 0, most = LIMIT_PAGE * (table->each ? table->most : 1);
    str next = STR_NONE, ignored;
    if (request_query_find(req, "limit", &ignored))
        return fail_as(ctx, ERR_INVALID, "unknown_parameter", "limit",
                       "CSV comes %d rows at a time", LIST_CSV_ROWS);
    struct buf *csv = req->reply->buf;
    if (!request_query_find(req, "after", &ignored))
        put_names(csv, table->columns);
    do {
        size_t more;
        TRY(run_page(ctx, req, csv, &more, &next));
        rows += more;
        if (next.len > 0)
            TRY(set_query(req, "after", next));
    } while (next.len > 0 && rows + most <= LIST_CSV_ROWS);
    req->next = next;
    req->content_type = "text/csv; charset=utf-8";
    req->file_name = str_from_cstr(table->file);
    return OK;
}

err_t list_run(struct ctx *ctx, struct request *req)
{
    int format = 0;
    TRY(request_query_enum(req, "format", formats, COUNT_OF(formats), &format));
    return format == 0 ? req->route->run(ctx, req) : run_csv(ctx, req);
}
