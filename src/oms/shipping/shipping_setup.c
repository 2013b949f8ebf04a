/* shipping_setup.c - rows of boxes and of accounts with carriers. */
#include "oms/shipping/shipping_setup.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory.h"
#include "oms/shipping/shipping_gs1.h"
#include "oms/shipping/shipping_service.h"
#include "oms/shipping/shipping_setup_sql.h"
#include "oms/vendor.h"
#include "store/sql.h"

/* ---- boxes ---- */

static void read_box(const struct sql_rows *rows, size_t i, struct box *ret)
{
    *ret = (struct box){
        .kind = {.id = sql_int(rows, i, 0),
                 .code = sql_str(rows, i, 1),
                 .inner = {sql_int(rows, i, 4), sql_int(rows, i, 5),
                           sql_int(rows, i, 6)},
                 .weight_g = sql_int(rows, i, 7),
                 .max_weight_g = sql_int(rows, i, 8),
                 .cost_minor = sql_int(rows, i, 9)},
        .name = sql_str(rows, i, 2),
        .location.v = sql_int(rows, i, 3),
        .is_active = sql_int(rows, i, 10) != 0,
        .version = sql_int(rows, i, 11),
        .created_at = sql_int(rows, i, 12),
        .updated_at = sql_int(rows, i, 13),
    };
}

err_t box_page(struct ctx *ctx, box_id after, size_t limit, struct box **ret,
               size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_BOX_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct box, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_box(&rows, i, &(*ret)[i]);
    return OK;
}

err_t box_get(struct ctx *ctx, box_id id, struct box *ret)
{
    struct box *rows;
    size_t count;
    TRY(box_page(ctx, (box_id){id.v - 1}, 1, &rows, &count));
    if (count == 0 || rows[0].kind.id != id.v)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such box");
    *ret = rows[0];
    return OK;
}

err_t box_by_code(struct ctx *ctx, str code, struct box *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code)};
    TRY(sql_list(ctx, SQL_BOX_BY_CODE, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail_as(ctx, ERR_INVALID, "box_unknown", "box",
                       "there is no box %.*s", STR_ARG(code));
    read_box(&rows, 0, ret);
    return OK;
}

err_t box_list_at(struct ctx *ctx, location_id location, struct box_kind **ret,
                  size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(location.v)};
    TRY(sql_list(ctx, SQL_BOX_LIST_AT, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct box_kind, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct box box;
        read_box(&rows, i, &box);
        (*ret)[i] = box.kind;
    }
    return OK;
}

static err_t check_box(struct ctx *ctx, const struct box *box)
{
    const struct box_kind *k = &box->kind;
    TRY(check_code(ctx, "code", k->code));
    TRY(check_line(ctx, "name", box->name, 0, LIMIT_NAME_BYTES));
    TRY(check_range(ctx, "length_mm", k->inner.length, 1, LIMIT_BOX_MM));
    TRY(check_range(ctx, "width_mm", k->inner.width, 1, LIMIT_BOX_MM));
    TRY(check_range(ctx, "height_mm", k->inner.height, 1, LIMIT_BOX_MM));
    TRY(check_range(ctx, "weight_g", k->weight_g, 0, LIMIT_BOX_G));
    TRY(check_range(ctx, "max_weight_g", k->max_weight_g, 0, LIMIT_BOX_G));
    return check_range(ctx, "cost_minor", k->cost_minor, 0, LIMIT_MINOR);
}

static err_t add_box(struct ctx *ctx, struct box *box)
{
    struct box_kind *k = &box->kind;
    TRY(vendor_check_count(ctx, SQL_BOX_COUNT, LIMIT_BOXES));
    k->id = id_next(ctx->ids, ctx->now, 0);
    box->version = 1;
    box->created_at = box->updated_at = ctx->now;
    struct sql_arg args[] = {
        sql_i(k->id),           sql_s(k->code),
        sql_s(box->name),       sql_i_or_null(box->location.v),
        sql_i(k->inner.length), sql_i(k->inner.width),
        sql_i(k->inner.height), sql_i(k->weight_g),
        sql_i(k->max_weight_g), sql_i(k->cost_minor),
        sql_i(box->is_active),  sql_i(ctx->now),
    };
    err_t err = sql_run(ctx, SQL_BOX_ADD, args, COUNT_OF(args), NULL);
    TRY(vendor_code_taken(ctx, err, k->code));
    return vendor_tell(ctx, "box.created", "box", k->id, 1, k->code);
}

err_t box_save(struct ctx *ctx, struct box *box)
{
    struct box_kind *k = &box->kind;
    int64_t changed;
    struct location location;
    TRY(check_box(ctx, box));
    if (box->location.v)
        TRY(location_get(ctx, box->location, &location));
    if (k->id == 0)
        return add_box(ctx, box);
    struct sql_arg args[] = {
        sql_s(box->name),       sql_i_or_null(box->location.v),
        sql_i(k->inner.length), sql_i(k->inner.width),
        sql_i(k->inner.height), sql_i(k->weight_g),
        sql_i(k->max_weight_g), sql_i(k->cost_minor),
        sql_i(box->is_active),  sql_i(ctx->now),
        sql_i(k->id),           sql_i(box->version),
    };
    TRY(sql_run(ctx, SQL_BOX_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    box->version++;
    box->updated_at = ctx->now;
    return vendor_tell(ctx, "box.changed", "box", k->id, box->version, k->code);
}

/* ---- accounts ---- */

static err_t read_account(struct ctx *ctx, const struct sql_rows *rows,
                          size_t i, struct account *ret)
{
    *ret = (struct account){
        .id.v = sql_int(rows, i, 0),
        .code = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .carrier = carrier_find(sql_str(rows, i, 3)),
        .settings = sql_str(rows, i, 4),
        .services = sql_str(rows, i, 5),
        .sealed = sql_str(rows, i, 6),
        .gs1_prefix = sql_str(rows, i, 7),
        .is_active = sql_int(rows, i, 8) != 0,
        .version = sql_int(rows, i, 9),
        .created_at = sql_int(rows, i, 10),
        .updated_at = sql_int(rows, i, 11),
    };
    if (!ret->carrier) /* Of a program that knew more carriers. */
        return fail_as(ctx, ERR_STATE, "carrier_unknown", "carrier",
                       "this program has no carrier %.*s",
                       STR_ARG(sql_str(rows, i, 3)));
    return OK;
}

err_t account_page(struct ctx *ctx, carrier_account_id after, size_t limit,
                   struct account **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_ACCOUNT_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct account, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(read_account(ctx, &rows, i, &(*ret)[i]));
    return OK;
}

err_t account_get(struct ctx *ctx, carrier_account_id id, struct account *ret)
{
    struct account *rows;
    size_t count;
    TRY(account_page(ctx, (carrier_account_id){id.v - 1}, 1, &rows, &count));
    if (count == 0 || rows[0].id.v != id.v)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such account");
    *ret = rows[0];
    return OK;
}

err_t account_by_code(struct ctx *ctx, str code, struct account *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code)};
    TRY(sql_list(ctx, SQL_ACCOUNT_BY_CODE, args, COUNT_OF(args), &rows));
    if (rows.count > 0)
        TRY(read_account(ctx, &rows, 0, ret));
    if (rows.count == 0 || !ret->is_active)
        return fail_as(ctx, ERR_INVALID, "account_unknown", "account",
                       "there is no active carrier account %.*s",
                       STR_ARG(code));
    return OK;
}

static struct vendor_place place_of(carrier_account_id id)
{
    return (struct vendor_place){"carrier", "car", id.v};
}

static err_t check_account(struct ctx *ctx, const struct account *a)
{
    struct service *services;
    size_t count;
    TRY(check_code(ctx, "code", a->code));
    TRY(check_line(ctx, "name", a->name, 0, LIMIT_NAME_BYTES));
    if (a->gs1_prefix.len && !gs1_prefix_is_good(a->gs1_prefix))
        return fail_as(ctx, ERR_INVALID, "gs1_prefix_invalid", "gs1_prefix",
                       "a GS1 company prefix has 7 to 10 digits");
    if (a->carrier->needs_secret && a->sealed.len == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "secret",
                       "%s wants a secret", a->carrier->title);
    if (a->carrier->check)
        TRY(a->carrier->check(ctx, a->settings));
    return service_list(ctx, a->services, &services, &count);
}

static err_t add_account(struct ctx *ctx, const struct account *a)
{
    struct sql_arg args[] = {
        sql_i(a->id.v),           sql_s(a->code),
        sql_s(a->name),           sql_s(str_from_cstr(a->carrier->name)),
        sql_s(a->settings),       sql_s(a->services),
        sql_s_or_null(a->sealed), sql_s(a->gs1_prefix),
        sql_i(a->is_active),      sql_i(ctx->now),
    };
    err_t err = sql_run(ctx, SQL_ACCOUNT_ADD, args, COUNT_OF(args), NULL);
    TRY(vendor_code_taken(ctx, err, a->code));
    return vendor_tell(ctx, "carrier_account.created", "carrier_account",
                       a->id.v, 1, a->code);
}

err_t account_save(struct ctx *ctx, struct account *a, str secret)
{
    int64_t changed;
    bool is_new = a->id.v == 0;
    if (is_new) {
        TRY(vendor_check_count(ctx, SQL_ACCOUNT_COUNT, LIMIT_VENDOR_ACCOUNTS));
        a->id.v = id_next(ctx->ids, ctx->now, 0);
        a->version = 1;
        a->created_at = ctx->now;
    }
    if (secret.len)
        TRY(vendor_seal(ctx, place_of(a->id), secret, &a->sealed));
    TRY(check_account(ctx, a));
    a->updated_at = ctx->now;
    if (is_new)
        return add_account(ctx, a);
    struct sql_arg args[] = {
        sql_s(a->name),           sql_s(a->settings),   sql_s(a->services),
        sql_s_or_null(a->sealed), sql_s(a->gs1_prefix), sql_i(a->is_active),
        sql_i(ctx->now),          sql_i(a->id.v),       sql_i(a->version),
    };
    TRY(sql_run(ctx, SQL_ACCOUNT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    a->version++;
    return vendor_tell(ctx, "carrier_account.changed", "carrier_account",
                       a->id.v, a->version, a->code);
}

err_t account_open(struct ctx *ctx, const struct account *account,
                   struct carrier_account *ret)
{
    *ret = (struct carrier_account){.code = account->code,
                                    .settings = account->settings};
    return vendor_unseal(ctx, place_of(account->id), account->sealed,
                         &ret->secret);
}
