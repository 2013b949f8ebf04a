/* shipping_trace.c - what carriers say of parcels, kept and applied. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_handover_sql.h"
#include "oms/shipping/shipping_pack.h"
#include "store/sql.h"

enum { SAME_NUMBER_MAX = 5 }; /* Parcels of one tracking number. */
static const char trace_limit_slug[] = "limit_reached";

static str dedupe_of(struct ctx *ctx, const struct carrier_trace *t)
{
    if (t->event_key.len)
        return str_printf(ctx->arena, "id %.*s", STR_ARG(t->event_key));
    str all = str_printf(ctx->arena, "%d %.*s %.*s", t->code, STR_ARG(t->raw),
                         STR_ARG(t->place));
    return str_printf(ctx->arena, "%lld %016llx", (long long)t->occurred_at,
                      (unsigned long long)str_hash(all));
}

static err_t is_known(struct ctx *ctx, package_id id, str dedupe, bool *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v),
                             sql_s(dedupe)};
    TRY(sql_list(ctx, SQL_TRACE_FIND, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

static err_t check_room(struct ctx *ctx, package_id id, size_t more)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_list(ctx, SQL_TRACE_COUNT, args, COUNT_OF(args), &rows));
    if (sql_int(&rows, 0, 0) + (int64_t)more > LIMIT_TRACES_KEPT)
        return fail_as(ctx, ERR_STATE, trace_limit_slug, "",
                       "a package has at most %d tracking events",
                       LIMIT_TRACES_KEPT);
    return OK;
}

static const char *type_of(enum package_state state)
{
    switch (state) {
    case PACKAGE_IN_TRANSIT: return "package.in_transit";
    case PACKAGE_OUT_FOR_DELIVERY: return "package.out_for_delivery";
    case PACKAGE_DELIVERED: return "package.delivered";
    case PACKAGE_EXCEPTION: return "package.exception";
    case PACKAGE_RETURN_TO_SENDER: return "package.return_to_sender";
    case PACKAGE_LOST: return "package.lost";
    case PACKAGE_NONE:
    case PACKAGE_DRAFT:
    case PACKAGE_LABEL_PENDING:
    case PACKAGE_LABELLED:
    case PACKAGE_MANIFESTED:
    case PACKAGE_VOIDED: break;
    }
    UNREACHABLE("no fact leads there");
}

static err_t store(struct ctx *ctx, const struct package *package,
                   const struct carrier_trace *t, str dedupe, bool is_applied,
                   bool by_hand)
{
    int bucket = id_bucket(package->id.v);
    bool is_erased = package->erased_at != 0; /* The words may name him. */
    struct sql_arg args[] = {
        sql_i(id_next(ctx->ids, ctx->now, bucket)),
        sql_i(bucket),
        sql_i(package->id.v),
        sql_i(t->code),
        sql_s(is_erased ? STR("") : t->raw),
        sql_s(is_erased ? STR("") : t->place),
        sql_s(dedupe),
        sql_i(t->occurred_at),
        sql_i(ctx->now),
        sql_i(is_applied),
        sql_i(by_hand),
    };
    return sql_run(ctx, SQL_TRACE_ADD, args, COUNT_OF(args), NULL);
}

/* It leaves while its label is being voided: a person must see to it. */
static err_t tell_voiding(struct ctx *ctx, const struct package *package,
                          str code)
{
    struct label label;
    if (package->label.v == 0)
        return OK;
    TRY(label_get(ctx, package->label, &label));
    if (label.state != LABEL_VOIDING)
        return OK;
    return package_tell(ctx, "package.moved_voiding", package, code);
}

/* One fact: kept, and applied where it counts. */
static err_t add_one(struct ctx *ctx, struct fulfillment_work *work,
                     struct package *package, const struct carrier_trace *t,
                     bool by_hand)
{
    str dedupe = dedupe_of(ctx, t);
    bool is_old;
    TRY(is_known(ctx, package->id, dedupe, &is_old));
    if (is_old)
        return OK;
    enum package_state before = package->place.state;
    bool is_applied =
        trace_apply(&package->place, (enum trace_code)t->code, t->occurred_at);
    str code = str_from_cstr(trace_code_name((enum trace_code)t->code));
    TRY(store(ctx, package, t, dedupe, is_applied, by_hand));
    if (!is_applied) {
        if (before == PACKAGE_VOIDED || before == PACKAGE_DRAFT)
            return package_tell(ctx, "package.trace_odd", package, code);
        return package_tell(ctx, "package.traced", package, code);
    }
    if (!package_is_shipped(before)) {
        TRY(tell_voiding(ctx, package, code));
        const struct package *one = package;
        if (!package->returns.v)
            TRY(package_ship_units(ctx, work, &one, 1));
        package->shipped_at = ctx->now;
        TRY(package_tell(ctx, "package.shipped", package, code));
    }
    if (package->place.state == PACKAGE_DELIVERED)
        package->delivered_at = t->occurred_at;
    const char *type = before == package->place.state
                           ? "package.traced"
                           : type_of(package->place.state);
    TRY(package_finish(ctx, type, package, code));
    return package_tell_order(ctx, work, package, before);
}

err_t trace_add(struct ctx *ctx, package_id id,
                const struct carrier_trace *traces, size_t count, bool by_hand)
{
    struct package package;
    struct fulfillment_work work;
    TRY(package_begin(ctx, id, &work, &package));
    TRY(check_room(ctx, id, count));
    for (size_t i = 0; i < count; i++)
        TRY(add_one(ctx, &work, &package, &traces[i], by_hand));
    return OK;
}

/* ---- of many parcels ---- */

struct hit {
    const struct package *package;
    const struct carrier_trace *trace;
};

/* Parcels in order of their orders, as they are locked; those of one parcel as
 * they came. */
static int by_parcel(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->package->order.v != y->package->order.v)
        return x->package->order.v < y->package->order.v ? -1 : 1;
    if (x->package->id.v != y->package->id.v)
        return x->package->id.v < y->package->id.v ? -1 : 1;
    return (x->trace > y->trace) - (x->trace < y->trace);
}

static err_t find_hits(struct ctx *ctx, carrier_account_id account,
                       const struct carrier_outcome *outcome, struct hit *ret,
                       size_t *ret_count)
{
    for (size_t i = 0; i < outcome->trace_count; i++) {
        const struct carrier_trace *t = &outcome->traces[i];
        struct package_filter filter = {.tracking = t->tracking,
                                        .account = account,
                                        .limit = SAME_NUMBER_MAX};
        struct package *rows;
        size_t count;
        if (t->occurred_at > ctx->now + LIMIT_TRACE_AHEAD_MS)
            continue;
        TRY(package_page(ctx, &filter, &rows, &count));
        for (size_t k = 0; k < count; k++)
            ret[(*ret_count)++] = (struct hit){&rows[k], t};
    }
    return OK;
}

err_t trace_add_many(struct ctx *ctx, carrier_account_id account,
                     const struct carrier_outcome *outcome, size_t *ret_known)
{
    size_t most = outcome->trace_count * SAME_NUMBER_MAX, count = 0;
    struct hit *hits = arena_array(ctx->arena, struct hit, most);
    struct carrier_trace *traces =
        arena_array(ctx->arena, struct carrier_trace, most);
    *ret_known = 0;
    TRY(find_hits(ctx, account, outcome, hits, &count));
    if (count > 1)
        qsort(hits, count, sizeof *hits, by_parcel);
    for (size_t at = 0, n = 0; at < count; at += n) {
        package_id id = hits[at].package->id;
        for (n = 0; at + n < count && hits[at + n].package->id.v == id.v; n++)
            traces[n] = *hits[at + n].trace;
        err_t err = trace_add(ctx, id, traces, n, false);
        if (err == ERR_STATE && ctx->err.slug == trace_limit_slug)
            err_clear(ctx); /* The others are not held up by it. */
        else
            TRY(err);
        *ret_known += err == OK ? n : 0;
    }
    return OK;
}

err_t trace_list(struct ctx *ctx, package_id id, struct trace **ret,
                 size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_list(ctx, SQL_TRACE_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct trace, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct trace){
            .id = sql_int(&rows, i, 0),
            .package = {sql_int(&rows, i, 1)},
            .code = (enum trace_code)sql_int(&rows, i, 2),
            .raw = sql_str(&rows, i, 3),
            .place = sql_str(&rows, i, 4),
            .occurred_at = sql_int(&rows, i, 5),
            .received_at = sql_int(&rows, i, 6),
            .is_applied = sql_int(&rows, i, 7) != 0,
            .by_hand = sql_int(&rows, i, 8) != 0,
        };
    return OK;
}
