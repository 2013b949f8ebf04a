/* user_view.c - views of lists: who may keep, see, share and take them away. */
#include "oms/user/user_view.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/perm.h"
#include "base/str.h"
#include "oms/user/user_grant.h"
#include "oms/user/user_room.h"
#include "oms/user/user_view_sql.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

static const struct {
    enum perm read, share;
} scopes[] = {
    [VIEW_ORDERS] = {PERM_ORDERS_READ,      PERM_ORDERS_WRITE     },
    [VIEW_FULFILLMENT] = {PERM_FULFILLMENT_READ, PERM_FULFILLMENT_WRITE},
    [VIEW_INVENTORY] = {PERM_INVENTORY_READ,   PERM_INVENTORY_WRITE  },
    [VIEW_RETURNS] = {PERM_ORDERS_READ,      PERM_ORDERS_WRITE     },
    [VIEW_CUSTOMERS] = {PERM_CUSTOMERS_READ,   PERM_CUSTOMERS_WRITE  },
    [VIEW_DRAFTS] = {PERM_ORDERS_READ,      PERM_ORDERS_WRITE     },
    [VIEW_TASKS] = {PERM_TASKS_READ,       PERM_TASKS_WRITE      },
};

static err_t check_scope(struct ctx *ctx, unsigned held, enum perm needed)
{
    if (!(held & (unsigned)needed))
        return fail(ctx, ERR_DENIED, "", "the caller lacks the scope %s",
                    perm_name(needed));
    return OK;
}

static bool is_own(const struct ctx *ctx, const struct saved_view *view)
{
    return view->owner.kind == ctx->actor.kind &&
           view->owner.id == ctx->actor.id;
}

static void from_row(const struct sql_rows *rows, size_t i,
                     struct saved_view *ret)
{
    *ret = (struct saved_view){
        .id = {sql_int(rows,  i, 0)},
        .list = (enum view_list)sql_int(rows, i, 1),
        .owner = { (enum actor_kind)sql_int(rows, i, 2), sql_int(rows, i, 3)},
        .name = sql_str(rows, i, 4),
        .query = sql_str(rows, i, 5),
        .is_shared = sql_int(rows, i, 6) != 0,
        .version = sql_int(rows, i, 7),
        .created_at = sql_int(rows, i, 8),
        .updated_at = sql_int(rows, i, 9),
    };
}

/* Views may go, so they are all about subject 0, as roles are. No name and no
 * filter: people search for people. */
static err_t tell(struct ctx *ctx, const char *type,
                  const struct saved_view *view)
{
    enum { EVENT_BYTES = 512 };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "id", "viw", view->id.v);
    json_put_cstr(&out, "list", view_list_names[view->list - 1]);
    json_put_bool(&out, "is_shared", view->is_shared);
    json_put_i64(&out, "version", view->version);
    json_end_object(&out);
    return event_add(ctx, type, "view", 0, buf_str(&buf), NULL);
}

static err_t check(struct ctx *ctx, const struct saved_view *view,
                   unsigned held)
{
    TRY(check_scope(ctx, held, scopes[view->list].read));
    TRY(check_line(ctx, "name", view->name, 1, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "query", view->query, 0, LIMIT_URL_BYTES));
    return view->is_shared ? check_scope(ctx, held, scopes[view->list].share)
                           : OK;
}

/* The owner's row is locked, so nobody adds a view of his meanwhile. */
static err_t check_own(struct ctx *ctx, const struct saved_view *view,
                       bool is_new)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(view->owner.kind), sql_i(view->owner.id),
                             sql_i(VIEWS_OWN_MAX)};
    TRY(sql_list(ctx, SQL_VIEW_OWN, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (sql_int(&rows, i, 0) != view->id.v &&
            sql_int(&rows, i, 2) == (int64_t)view->list &&
            str_equal(sql_str(&rows, i, 1), view->name))
            return fail_as(ctx, ERR_CONFLICT, "name_taken", "name",
                           "there is a view of yours with this name");
    if (is_new && rows.count >= VIEWS_OWN_MAX)
        return fail_as(ctx, ERR_STATE, "too_many_views", "",
                       "one keeps at most %d views; delete one first",
                       VIEWS_OWN_MAX);
    return OK;
}

static err_t check_room_for_shared(struct ctx *ctx, enum view_list list)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(list), sql_i(VIEWS_SHARED_MAX)};
    TRY(sql_list(ctx, SQL_VIEW_SHARED, args, COUNT_OF(args), &rows));
    if (rows.count >= VIEWS_SHARED_MAX)
        return fail_as(ctx, ERR_STATE, "too_many_views", "is_shared",
                       "a shop shares at most %d views of a list",
                       VIEWS_SHARED_MAX);
    return OK;
}

err_t view_create(struct ctx *ctx, const struct view_cmd *cmd,
                  struct saved_view *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    ASSERT(cmd->list >= VIEW_ORDERS && cmd->list <= VIEW_TASKS);
    unsigned held;
    struct saved_view view = {
        .list = cmd->list,
        .owner = ctx->actor,
        .name = cmd->name,
        .query = cmd->query,
        .is_shared = cmd->is_shared,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    TRY(grant_held(ctx, cmd->held, &held));
    TRY(check(ctx, &view, held));
    TRY(check_own(ctx, &view, true));
    if (view.is_shared)
        TRY(check_room_for_shared(ctx, view.list));
    view.id.v = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {sql_i(view.id.v),       sql_i(view.list),
                             sql_i(view.owner.kind), sql_i(view.owner.id),
                             sql_s(view.name),       sql_s(view.query),
                             sql_i(view.is_shared),  sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_VIEW_ADD, args, COUNT_OF(args), NULL));
    TRY(tell(ctx, "view.created", &view));
    *ret = view;
    return OK;
}

/* What another keeps for himself is not there. */
static err_t lock(struct ctx *ctx, view_id id, struct saved_view *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_VIEW_LOCK, args, COUNT_OF(args), &rows));
    if (rows.count > 0)
        from_row(&rows, 0, ret);
    if (rows.count == 0 || (!ret->is_shared && !is_own(ctx, ret)))
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such view");
    return OK;
}

err_t view_alter(struct ctx *ctx, view_id id, const struct view_change *change,
                 struct saved_view *ret)
{
    ASSERT(ctx->tx != NULL);
    unsigned held;
    int64_t changed;
    struct saved_view view = {.version = 0};
    TRY(grant_held(ctx, change->held, &held));
    TRY(lock(ctx, id, &view));
    if (!is_own(ctx, &view))
        return fail(ctx, ERR_DENIED, "", "a view is changed by its owner");
    TRY(check_version(ctx, change->version, view.version));
    bool was_shared = view.is_shared;
    view.name = change->name ? *change->name : view.name;
    view.query = change->query ? *change->query : view.query;
    view.is_shared = change->is_shared ? *change->is_shared : view.is_shared;
    TRY(check(ctx, &view, held));
    TRY(check_own(ctx, &view, false));
    if (view.is_shared && !was_shared)
        TRY(check_room_for_shared(ctx, view.list));
    struct sql_arg args[] = {sql_s(view.name),      sql_s(view.query),
                             sql_i(view.is_shared), sql_i(ctx->now),
                             sql_i(view.id.v),      sql_i(view.version)};
    TRY(sql_run(ctx, SQL_VIEW_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    view.version++;
    view.updated_at = ctx->now;
    TRY(tell(ctx, "view.changed", &view));
    *ret = view;
    return OK;
}

err_t view_remove(struct ctx *ctx, view_id id, unsigned held,
                  struct saved_view *ret)
{
    ASSERT(ctx->tx != NULL);
    int64_t gone;
    struct saved_view view = {.version = 0};
    TRY(grant_held(ctx, held, &held));
    TRY(lock(ctx, id, &view));
    if (!is_own(ctx, &view))
        TRY(check_scope(ctx, held, PERM_USERS_WRITE));
    struct sql_arg args[] = {sql_i(view.id.v), sql_i(view.version)};
    TRY(sql_run(ctx, SQL_VIEW_DELETE, args, COUNT_OF(args), &gone));
    if (gone != 1)
        return ERR_RETRY;
    TRY(tell(ctx, "view.deleted", &view));
    *ret = view;
    return OK;
}

err_t view_all(struct ctx *ctx, enum view_list list, unsigned held,
               struct saved_view **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(list), sql_i(ctx->actor.kind),
                             sql_i(ctx->actor.id),
                             sql_i(VIEWS_OWN_MAX + VIEWS_SHARED_MAX)};
    TRY(check_scope(ctx, held, scopes[list].read));
    TRY(sql_list(ctx, SQL_VIEW_OF_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct saved_view, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        from_row(&rows, i, &(*ret)[i]);
    return OK;
}

/* ---- verify ---- */

static err_t check_views(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(ctx, SQL_VERIFY_VIEWS,
                       (struct verify){report, arg, "views", "viw",
                                       "is of nobody who is there"});
}

static const struct verify_check checks[] = {
    {"views", "views are of people and keys that are there", check_views},
};
const struct verify_list view_verify = {checks, COUNT_OF(checks)};
