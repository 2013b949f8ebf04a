/* shipping_label.c - rows of labels, and what their carriers answered. */
#include "oms/shipping/shipping_label.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/shipping/shipping_hook_int.h"
#include "oms/shipping/shipping_job_store.h"
#include "oms/shipping/shipping_label_sql.h"
#include "oms/shipping/shipping_orphan.h"
#include "oms/shipping/shipping_pack.h"
#include "oms/shipping/shipping_poll.h"
#include "store/sql.h"

const char *label_state_name(enum label_state state)
{
    switch (state) {
    case LABEL_WANTED: return "wanted";
    case LABEL_BOUGHT: return "bought";
    case LABEL_REFUSED: return "refused";
    case LABEL_VOIDING: return "voiding";
    case LABEL_VOIDED: return "voided";
    case LABEL_CANCELLED: return "cancelled";
    }
    UNREACHABLE("not a state of a label");
}

err_t label_get(struct ctx *ctx, label_id id, struct label *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    TRY(sql_one(ctx, SQL_LABEL_ROW, args, COUNT_OF(args), "label", &rows));
    *ret = (struct label){
        .id = {sql_int(&rows, 0, 0)},
        .package = {sql_int(&rows, 0, 1)},
        .account = {sql_int(&rows, 0, 2)},
        .service = sql_str(&rows, 0, 3),
        .state = (enum label_state)sql_int(&rows, 0, 4),
        .tracking = sql_str(&rows, 0, 5),
        .carrier_ref = sql_str(&rows, 0, 6),
        .has_cost = !sql_is_null(&rows, 0, 8),
        .zpl = sql_str(&rows, 0, 9),
        .pdf = sql_str(&rows, 0, 10),
        .error_field = sql_str(&rows, 0, 11),
        .error_text = sql_str(&rows, 0, 12),
        .is_voiding_package = sql_int(&rows, 0, 13) != 0,
        .job_id = sql_int(&rows, 0, 14),
        .created_at = sql_int(&rows, 0, 15),
        .updated_at = sql_int(&rows, 0, 16),
        .is_first = sql_int(&rows, 0, 17) != 0,
    };
    ret->cost.minor = sql_int(&rows, 0, 8);
    (void)currency_from_str(sql_str(&rows, 0, 7), ret->cost.currency);
    return OK;
}

str label_reference(struct arena *arena, const struct label *label)
{
    return label->is_first ? id_str(arena, "pkg", label->package.v)
                           : id_str(arena, "lbl", label->id.v);
}

err_t label_add(struct ctx *ctx, struct label *row)
{
    struct sql_rows rows;
    int bucket = id_bucket(row->id.v);
    struct sql_arg package[] = {sql_i(bucket), sql_i(row->package.v)};
    TRY(sql_list(ctx, SQL_LABEL_ANY, package, COUNT_OF(package), &rows));
    row->is_first = rows.count == 0;
    struct sql_arg args[] = {
        sql_i(row->id.v),      sql_i(bucket),
        sql_i(row->package.v), sql_i_or_null(row->account.v),
        sql_s(row->service),   sql_i(row->state),
        sql_s(row->tracking),  sql_i_or_null(row->job_id),
        sql_i(ctx->now),       sql_i(row->is_first),
    };
    return sql_run(ctx, SQL_LABEL_ADD, args, COUNT_OF(args), NULL);
}

err_t label_save(struct ctx *ctx, const struct label *row)
{
    struct sql_arg args[] = {
        sql_i(row->state),
        sql_s(row->tracking),
        sql_s(row->carrier_ref),
        row->has_cost ? sql_s(str_from_cstr(row->cost.currency)) : sql_null(),
        row->has_cost ? sql_i(row->cost.minor) : sql_null(),
        sql_s_or_null(row->zpl),
        sql_s_or_null(row->pdf),
        sql_s(row->error_field),
        sql_s(row->error_text),
        sql_i(row->is_voiding_package),
        sql_i(ctx->now),
        sql_i(id_bucket(row->id.v)),
        sql_i(row->id.v),
    };
    return sql_run(ctx, SQL_LABEL_SAVE, args, COUNT_OF(args), NULL);
}

/* ---- what the carrier is asked ---- */

/* What comes back is the shop's own matter. */
static err_t incoterm_of(struct ctx *ctx, const struct package *package,
                         str *ret)
{
    struct order order;
    struct order_route_facts facts;
    if (package->returns.v)
        return OK;
    TRY(order_get(ctx, package->order, &order));
    TRY(order_destination(ctx, &order, &facts));
    *ret = facts.incoterm;
    return OK;
}

err_t label_request(struct ctx *ctx, const struct call *call, bool is_lookup,
                    struct carrier_request *ret)
{
    struct label label;
    struct package package;
    struct account account;
    struct orphan orphan;
    bool is_orphan;
    TRY(orphan_of(ctx, call, &orphan, &is_orphan));
    TRY(label_get(ctx, is_orphan ? orphan.label : (label_id){call->subject},
                  &label));
    TRY(package_get(ctx, label.package, &package));
    TRY(account_get(ctx, call->account, &account));
    /* A void that is asked anew after a no is another one to its carrier. */
    str reference = call->op == CARRIER_VOID
                        ? id_str(ctx->arena, "ccl", call->id.v)
                        : label_reference(ctx->arena, &label);
    *ret = (struct carrier_request){
        .op = is_lookup ? CARRIER_LOOKUP : call->op,
        .reference = reference,
        .service = label.service,
        .tracking = is_orphan ? orphan.tracking : label.tracking,
        .carrier_ref = is_orphan ? orphan.carrier_ref : label.carrier_ref,
        .parcel = {package.weight_g, package.size.length, package.size.width,
                   package.size.height, package.sscc},
        .now = ctx->now,
    };
    if (ret->op != CARRIER_LABEL && ret->op != CARRIER_RATE)
        return OK;
    TRY(package_addresses(ctx, &package, account.carrier, &ret->from,
                          &ret->to));
    return str_equal(ret->from.country, ret->to.country)
               ? OK
               : incoterm_of(ctx, &package, &ret->incoterm);
}

/* ---- what it answered ---- */

static err_t bought(struct ctx *ctx, struct label *label,
                    struct package *package,
                    const struct carrier_outcome *outcome)
{
    if (outcome->tracking.len == 0 || outcome->tracking.len > LIMIT_CODE_BYTES)
        return fail(ctx, ERR_INTERNAL, "",
                    "a carrier's label without a tracking number");
    label->state = LABEL_BOUGHT;
    label->tracking = outcome->tracking;
    label->carrier_ref = outcome->carrier_ref;
    label->has_cost = outcome->has_cost;
    label->cost = outcome->cost;
    label->zpl = outcome->label_zpl;
    label->pdf = outcome->label_pdf;
    label->error_field = outcome->field;
    label->error_text = outcome->text;
    TRY(label_save(ctx, label));
    package_move(package, PACKAGE_EVENT_BOUGHT);
    package->tracking = label->tracking;
    package->label = label->id;
    package->cost_minor =
        label->has_cost ? label->cost.minor : package->quoted_minor;
    if (label->has_cost && !package->currency[0])
        memcpy(package->currency, label->cost.currency, 4);
    TRY(package_finish(ctx, "package.labelled", package, outcome->field));
    TRY(fact_wake(ctx, package->account, package->tracking));
    TRY(poll_begin(ctx, label));
    if (label->job_id == 0)
        return OK;
    return job_note(ctx, (label_job_id){label->job_id}, package->id, true,
                    outcome->field, outcome->text);
}

err_t label_refuse(struct ctx *ctx, struct label *label,
                   struct package *package,
                   const struct carrier_outcome *outcome)
{
    label->state = LABEL_REFUSED;
    label->error_field = outcome->field;
    label->error_text = outcome->text;
    TRY(label_save(ctx, label));
    package_move(package, PACKAGE_EVENT_REFUSED);
    TRY(package_finish(ctx, "package.label_refused", package,
                       outcome->field.len ? outcome->field : STR("carrier")));
    if (label->job_id == 0)
        return OK;
    return job_note(ctx, (label_job_id){label->job_id}, package->id, false,
                    outcome->field, outcome->text);
}

err_t label_outcome(struct ctx *ctx, const struct call *call,
                    const struct carrier_outcome *outcome)
{
    struct label label;
    struct package package;
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    TRY(package_lock(ctx, label.package, &package));
    ASSERT(label.state == LABEL_WANTED);
    ASSERT(package.place.state == PACKAGE_LABEL_PENDING);
    /* What was asked twice, or is said not to be sold, may have been. */
    bool is_done = outcome->result == CARRIER_DONE;
    if (call->tries > (is_done ? 1 : 0))
        TRY(sweep_begin(ctx, call, ctx->now + SWEEP_AFTER_MS));
    if (is_done)
        return bought(ctx, &label, &package, outcome);
    return label_refuse(ctx, &label, &package, outcome);
}

err_t label_stuck(struct ctx *ctx, const struct call *call)
{
    struct label label;
    struct package package;
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    TRY(package_get(ctx, label.package, &package));
    return package_tell(ctx, "package.label_stuck", &package, STR_NONE);
}

/* ---- void ---- */

err_t void_is_over(struct ctx *ctx, const struct call *call, bool *ret)
{
    struct label label;
    struct orphan orphan;
    bool is_orphan;
    TRY(orphan_of(ctx, call, &orphan, &is_orphan));
    if (is_orphan)
        return orphan_is_over(ctx, &orphan, ret);
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    *ret = label.state != LABEL_VOIDING;
    return OK;
}

/* The carrier keeps it, and so does its parcel. */
static err_t void_refused(struct ctx *ctx, struct label *label,
                          struct package *package,
                          const struct carrier_outcome *outcome)
{
    label->state = LABEL_BOUGHT;
    label->is_voiding_package = false;
    label->error_field = outcome->field;
    label->error_text = outcome->text;
    TRY(label_save(ctx, label));
    /* Of one that moved meanwhile the label was used: all is well. */
    return package_finish(ctx,
                          package_is_shipped(package->place.state)
                              ? "package.label_void_moot"
                              : "package.label_void_refused",
                          package, STR_NONE);
}

static err_t voided(struct ctx *ctx, struct label *label,
                    struct package *package)
{
    label->state = LABEL_VOIDED;
    TRY(label_save(ctx, label));
    if (package->place.state != PACKAGE_LABELLED) /* It moved meanwhile. */
        return package_tell(ctx, "package.label_voided_late", package,
                            label->tracking);
    package_move(package, PACKAGE_EVENT_UNLABEL);
    package->tracking = STR_NONE;
    package->label.v = 0;
    package->cost_minor = -1;
    TRY(package_finish(ctx, "package.label_voided", package, label->tracking));
    return label->is_voiding_package ? package_void_now(ctx, package) : OK;
}

err_t void_outcome(struct ctx *ctx, const struct call *call,
                   const struct carrier_outcome *outcome)
{
    struct label label;
    struct package package;
    struct fulfillment_work work;
    struct orphan orphan;
    bool is_orphan;
    TRY(orphan_of(ctx, call, &orphan, &is_orphan));
    if (is_orphan)
        return orphan_outcome(ctx, &orphan, outcome);
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    bool is_whole = label.is_voiding_package;
    if (is_whole) /* Its order first. */
        TRY(package_begin(ctx, label.package, &work, &package));
    else
        TRY(package_lock(ctx, label.package, &package));
    TRY(label_get(ctx, label.id, &label));     /* That may have waited. */
    if (label.is_voiding_package && !is_whole) /* Since; its order first. */
        return fail(ctx, ERR_RETRY, "", "the label was changed");
    bool is_done = outcome->result == CARRIER_DONE;
    /* It said no before, and voids it all the same. */
    bool is_late = is_done && label.state == LABEL_BOUGHT;
    if (label.state != LABEL_VOIDING && !is_late)
        return OK;
    return is_done ? voided(ctx, &label, &package)
                   : void_refused(ctx, &label, &package, outcome);
}
