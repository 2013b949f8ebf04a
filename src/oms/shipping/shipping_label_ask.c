/* shipping_label_ask.c - commands on labels: wanted, by hand, void, settled. */
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/shipping/shipping_address.h"
#include "oms/shipping/shipping_job_store.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_orphan.h"
#include "oms/shipping/shipping_pack.h"
#include "oms/shipping/shipping_quote.h"
#include "oms/shipping/shipping_shop_int.h"
#include "oms/shipping/shipping_sscc.h"
#include "store/epoch.h"

static err_t lock_closed(struct ctx *ctx, package_id id, int64_t version,
                         enum package_event event, struct package *ret)
{
    TRY(package_lock(ctx, id, ret));
    if (version)
        TRY(check_version(ctx, version, ret->version));
    TRY(package_allow(ctx, ret->place.state, event));
    if (!ret->is_closed)
        return fail_as(ctx, ERR_STATE, "package_open", "",
                       "close the package first");
    return OK;
}

static label_id new_label(struct ctx *ctx, const struct package *package)
{
    return (label_id){id_next(ctx->ids, ctx->now, id_bucket(package->id.v))};
}

static err_t check_addresses(struct ctx *ctx, const struct package *package,
                             const struct carrier *carrier)
{
    struct carrier_address from, to;
    return package_addresses(ctx, package, carrier, &from, &to);
}

err_t label_quote(struct ctx *ctx, const struct package *package,
                  const struct label_cmd *cmd, const struct live_rates *live,
                  struct quote *ret)
{
    TRY(quote_choose(ctx, package, cmd, live, ret));
    if (!ret->is_chosen)
        return fail_as(ctx, ERR_INVALID, "no_service", "service",
                       "no service takes this package there; see its rates");
    return check_addresses(ctx, package, ret->account.carrier);
}

err_t label_buy(struct ctx *ctx, const struct label *label,
                struct package *package, const struct quote *quote)
{
    /* A later label of a parcel has a reference that nobody used before. */
    TRY(call_want_again(ctx, CARRIER_LABEL, label->id.v, label->account,
                        label->is_first ? package->created_at : ctx->now));
    if (package->sscc.len == 0 && quote->account.gs1_prefix.len)
        TRY(sscc_next(ctx, quote->account.gs1_prefix, &package->sscc));
    quote_put(package, quote);
    return OK;
}

err_t label_want(struct ctx *ctx, const struct label_cmd *cmd)
{
    struct package package;
    struct quote quote = {0};
    struct account *live;
    size_t live_count;
    TRY(lock_closed(ctx, cmd->package, cmd->version,
                    PACKAGE_EVENT_REQUEST_LABEL, &package));
    if (package.weight_g == 0)
        return fail_as(ctx, ERR_INVALID, "weight_missing", "weight_g",
                       "weigh the package first");
    TRY(shop_live(ctx, cmd, &live, &live_count));
    if (live_count > 0)
        TRY(check_addresses(ctx, &package, live[0].carrier));
    else
        TRY(label_quote(ctx, &package, cmd, NULL, &quote));
    struct label label = {
        .id = new_label(ctx, &package),
        .package = package.id,
        .account = quote.account.id,
        .service = live_count > 0 ? STR("") : quote.service,
        .state = LABEL_WANTED,
        .tracking = STR(""),
        .job_id = cmd->job_id,
    };
    TRY(label_add(ctx, &label));
    if (live_count > 0)
        TRY(shop_begin(ctx, cmd, label.id, live, live_count));
    else
        TRY(label_buy(ctx, &label, &package, &quote));
    package.label = label.id;
    package_move(&package, PACKAGE_EVENT_REQUEST_LABEL);
    return package_finish(ctx, "package.label_requested", &package, STR_NONE);
}

err_t label_by_hand(struct ctx *ctx, const struct label_hand *cmd)
{
    struct package package;
    TRY(check_line(ctx, "carrier", cmd->carrier, 1, LIMIT_CODE_BYTES));
    TRY(check_line(ctx, "service", cmd->service, 0, LIMIT_CODE_BYTES));
    TRY(check_code(ctx, "tracking", cmd->tracking));
    TRY(orphan_check(ctx, cmd->tracking));
    TRY(lock_closed(ctx, cmd->package, cmd->version, PACKAGE_EVENT_BOUGHT,
                    &package));
    struct label label = {
        .id = new_label(ctx, &package),
        .package = package.id,
        .service = cmd->service,
        .state = LABEL_BOUGHT,
        .tracking = cmd->tracking,
    };
    TRY(label_add(ctx, &label));
    package.account.v = 0;
    package.carrier = cmd->carrier;
    package.service = cmd->service;
    package.tracking = cmd->tracking;
    package.label = label.id;
    package_move(&package, PACKAGE_EVENT_BOUGHT);
    return package_finish(ctx, "package.labelled", &package, STR("by_hand"));
}

/* ---- void ---- */

static err_t cancel_call(struct ctx *ctx, const struct label *label)
{
    struct call call;
    struct epoch epoch;
    TRY(call_last(ctx, label->id.v, &call));
    TRY(epoch_get(ctx, &epoch));
    if (call.state != CALL_WANTED || call.tries > 0)
        return fail_as(ctx, ERR_STATE, "label_under_way", "",
                       "the carrier is being asked; wait for its answer");
    /* From before a restore: it may have been asked then. */
    if (!str_equal(call.epoch, epoch.text))
        TRY(sweep_begin(ctx, &call, ctx->now));
    return call_move(ctx, &call, CALL_EVENT_CANCEL);
}

/* No carrier was asked to sell yet: nothing has to be given back. */
static err_t withdraw(struct ctx *ctx, struct package *package,
                      struct label *label, bool is_voiding_package)
{
    bool is_over;
    TRY(shop_is_over(ctx, label->id, &is_over));
    if (is_over)
        TRY(cancel_call(ctx, label));
    else
        TRY(shop_drop(ctx, label->id));
    label->state = LABEL_CANCELLED;
    TRY(label_save(ctx, label));
    package_move(package, PACKAGE_EVENT_REFUSED);
    package->label.v = 0;
    TRY(package_finish(ctx, "package.label_cancelled", package, STR_NONE));
    if (label->job_id)
        TRY(job_note(ctx, (label_job_id){label->job_id}, package->id, false,
                     STR(""), STR("the label was withdrawn")));
    return is_voiding_package ? package_void_now(ctx, package) : OK;
}

static err_t void_by_hand(struct ctx *ctx, struct package *package,
                          struct label *label, bool is_voiding_package)
{
    str tracking = label->tracking;
    label->state = LABEL_VOIDED;
    TRY(label_save(ctx, label));
    package_move(package, PACKAGE_EVENT_UNLABEL);
    package->label.v = 0;
    package->tracking = STR_NONE;
    TRY(package_finish(ctx, "package.label_voided", package, tracking));
    return is_voiding_package ? package_void_now(ctx, package) : OK;
}

/* The order first, where the parcel may be emptied. */
static err_t lock_voided(struct ctx *ctx, package_id id,
                         bool is_voiding_package, struct package *ret)
{
    struct fulfillment_work work;
    return is_voiding_package ? package_begin(ctx, id, &work, ret)
                              : package_lock(ctx, id, ret);
}

err_t label_void(struct ctx *ctx, package_id id, int64_t version,
                 bool is_voiding_package)
{
    struct package package;
    struct label label;
    struct account account;
    TRY(lock_voided(ctx, id, is_voiding_package, &package));
    if (version)
        TRY(check_version(ctx, version, package.version));
    bool is_pending = package.place.state == PACKAGE_LABEL_PENDING;
    if (!is_pending)
        TRY(package_allow(ctx, package.place.state, PACKAGE_EVENT_UNLABEL));
    TRY(label_get(ctx, package.label, &label));
    if (is_pending)
        return withdraw(ctx, &package, &label, is_voiding_package);
    if (label.state == LABEL_VOIDING)
        return OK;
    if (label.account.v == 0)
        return void_by_hand(ctx, &package, &label, is_voiding_package);
    TRY(account_get(ctx, label.account, &account));
    if (!(account.carrier->caps & 1U << CARRIER_VOID))
        return fail_as(ctx, ERR_STATE, "carrier_cannot", "",
                       "%s voids no labels", account.carrier->title);
    label.state = LABEL_VOIDING;
    label.is_voiding_package = is_voiding_package;
    TRY(label_save(ctx, &label));
    TRY(call_want(ctx, CARRIER_VOID, label.id.v, label.account));
    return package_finish(ctx, "package.label_void_requested", &package,
                          STR_NONE);
}

/* ---- settled by a person ---- */

err_t label_settle(struct ctx *ctx, package_id id, enum label_truth truth,
                   str tracking)
{
    struct package package;
    struct call call;
    struct carrier_outcome outcome = {
        .result = CARRIER_REFUSED, .field = STR(""), .text = STR("not bought")};
    TRY(package_get(ctx, id, &package));
    if (package.place.state != PACKAGE_LABEL_PENDING)
        return fail(ctx, ERR_STATE, "state",
                    "no label is asked for in state %s",
                    package_state_name(package.place.state));
    TRY(call_last(ctx, package.label.v, &call));
    if (call.state != CALL_STUCK)
        return fail_as(ctx, ERR_STATE, "call_not_stuck", "",
                       "the carrier is still being asked; nothing has to be "
                       "settled");
    switch (truth) {
    case TRUTH_ASK_AGAIN:
        call.lookups = 0;
        call.next_at = ctx->now;
        return call_move(ctx, &call, CALL_EVENT_RETRY);
    case TRUTH_NOT_BOUGHT: break;
    case TRUTH_BOUGHT:
        TRY(check_code(ctx, "tracking", tracking));
        TRY(orphan_check(ctx, tracking));
        TRY(label_note_settled(ctx, package.label));
        outcome = (struct carrier_outcome){.result = CARRIER_DONE,
                                           .is_found = true,
                                           .tracking = tracking,
                                           .carrier_ref = STR("")};
        break;
    }
    return call_settle(ctx, call.id, &outcome);
}
