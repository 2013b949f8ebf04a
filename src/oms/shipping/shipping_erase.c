/* shipping_erase.c - what parcels say of a person, taken out of them. */
#include "oms/shipping/shipping_erase.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/shipping/shipping_erase_sql.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_orphan.h"
#include "oms/shipping/shipping_store.h"
#include "store/sql.h"

/* Its manifest, and pickups where it stood; `of` names the parcel. */
static err_t erase_handovers(struct ctx *ctx, const struct sql_arg *of,
                             size_t count)
{
    struct sql_rows rows;
    TRY(sql_run(ctx, SQL_MANIFEST_ERASE, of, count, NULL));
    TRY(sql_run(ctx, SQL_MANIFEST_CALL_ERASE, of, count, NULL));
    TRY(sql_list(ctx, SQL_PICKUP_ERASE, of, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct sql_arg id[] = {sql_i(sql_int(&rows, i, 0))};
        TRY(sql_run(ctx, SQL_PICKUP_CALL_ERASE, id, COUNT_OF(id), NULL));
    }
    return OK;
}

static err_t empty_package(struct ctx *ctx, package_id id)
{
    int bucket = id_bucket(id.v);
    struct package package;
    struct sql_arg of[] = {sql_i(bucket), sql_i(id.v)};
    struct sql_arg item[] = {sql_i(id.v), sql_i(bucket)};
    TRY(sql_run(ctx, SQL_JOB_ITEM_ERASE, item, COUNT_OF(item), NULL));
    TRY(sql_run(ctx, SQL_CALL_ERASE, of, COUNT_OF(of), NULL));
    TRY(sql_run(ctx, SQL_LABEL_ERASE, of, COUNT_OF(of), NULL));
    TRY(sql_run(ctx, SQL_ORPHAN_ERASE, of, COUNT_OF(of), NULL));
    TRY(sql_run(ctx, SQL_ORPHAN_CALL_ERASE, of, COUNT_OF(of), NULL));
    TRY(sql_run(ctx, SQL_TRACE_ERASE, of, COUNT_OF(of), NULL));
    TRY(erase_handovers(ctx, of, COUNT_OF(of)));
    TRY(package_get(ctx, id, &package));
    return package_tell(ctx, "package.erased", &package, STR_NONE);
}

static err_t erase_one(struct ctx *ctx, order_id order, struct sql_rows *ret)
{
    struct sql_arg args[] = {sql_i(ctx->now), sql_i(id_bucket(order.v)),
                             sql_i(order.v)};
    TRY(sql_list(ctx, SQL_PACKAGE_ERASE, args, COUNT_OF(args), ret));
    for (size_t i = 0; i < ret->count; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(empty_package(ctx, (package_id){sql_int(ret, i, 0)}));
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

err_t shipping_erase_many(struct ctx *ctx, const order_id *ids, size_t count,
                          package_id **ret, size_t *ret_count)
{
    struct sql_rows *rows = arena_array(ctx->arena, struct sql_rows, count);
    size_t n = 0;
    ASSERT(ctx->tx != NULL);
    for (size_t i = 0; i < count; i++) {
        TRY(erase_one(ctx, ids[i], &rows[i]));
        n += rows[i].count;
    }
    *ret = arena_array(ctx->arena, package_id, n);
    *ret_count = n;
    for (size_t i = 0, at = 0; i < count; i++)
        for (size_t k = 0; k < rows[i].count; k++)
            (*ret)[at++].v = sql_int(&rows[i], k, 0);
    return OK;
}

/* ---- what comes later ---- */

static err_t manifest_hush(struct ctx *ctx, int64_t manifest,
                           struct carrier_outcome *outcome)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(manifest)};
    TRY(sql_list(ctx, SQL_MANIFEST_HAS_ERASED, args, COUNT_OF(args), &rows));
    if (sql_int(&rows, 0, 0) > 0)
        outcome->text = STR("");
    return OK;
}

err_t label_hush(struct ctx *ctx, const struct call *call,
                 struct carrier_outcome *outcome)
{
    struct label label;
    struct package package;
    struct orphan orphan;
    bool is_orphan;
    bool is_label = call->op == CARRIER_LABEL || call->op == CARRIER_VOID ||
                    call->op == CARRIER_TRACK || call->op == CARRIER_RATE ||
                    call->op == CARRIER_LOOKUP;
    bool has_words =
        outcome->text.len || outcome->label_zpl.len || outcome->label_pdf.len;
    if (has_words && call->op == CARRIER_MANIFEST)
        return manifest_hush(ctx, call->subject, outcome);
    if (!is_label || !has_words)
        return OK;
    TRY(orphan_of(ctx, call, &orphan, &is_orphan));
    TRY(label_get(ctx, is_orphan ? orphan.label : (label_id){call->subject},
                  &label));
    TRY(package_lock(ctx, label.package, &package));
    if (package.erased_at == 0)
        return OK;
    outcome->text = STR("");
    outcome->label_zpl = outcome->label_pdf = STR_NONE;
    return OK;
}
