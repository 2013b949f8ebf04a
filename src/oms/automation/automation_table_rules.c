/* automation_table_rules.c - which events open a task, and which end it. Pure.
 *
 * docs/tasks.md has the same table; a test compares them. The events are those
 * of the task's own subject.
 */
#include "base/json.h"
#include "base/str.h"
#include "oms/automation/automation_task.h"

static const utc_ms LATE_MS = (utc_ms)7 * 24 * 60 * 60 * 1000;

/* The promise is later by more than a week, or nobody knows any more. */
static bool is_late(struct json_in *data)
{
    utc_ms before = 0, now = 0;
    if (json_opt_time(data, "promised_before", &before) != OK ||
        json_opt_time(data, "promise_at", &now) != OK || before == 0)
        return false;
    return now == 0 || now - before > LATE_MS;
}

static bool is_promised(struct json_in *data)
{
    return json_has(data, "promise_at") && !is_late(data);
}

/* Nothing of the order waits any more. */
static bool is_served(struct json_in *data)
{
    int64_t waiting = -1;
    return json_opt_i64(data, "waiting", 0, INT64_MAX, &waiting) == OK &&
           waiting == 0;
}

/* A count that a short pick asked for. */
static bool is_missed(struct json_in *data)
{
    return json_has(data, "missed_by");
}

/* Some of what was missing nobody was asked to count. */
static bool is_uncounted(struct json_in *data)
{
    struct json_in *details = NULL;
    int64_t lines = 0;
    return json_opt_object(data, "details", &details) == OK && details &&
           json_opt_i64(details, "uncounted", 0, INT64_MAX, &lines) == OK &&
           lines > 0;
}

/* Nothing is left of the fulfillment order, cancelled or shipped. */
static bool is_over(struct json_in *data)
{
    str status = STR_NONE;
    return json_opt_str(data, "status", 0, SIZE_MAX, &status) == OK &&
           (str_equal_cstr(status, "closed") ||
            str_equal_cstr(status, "cancelled"));
}

static bool says(struct json_in *data, const char *key)
{
    bool is_so = false;
    return json_opt_bool(data, key, &is_so) == OK && is_so;
}

/* Its carrier had said that it comes. */
static bool is_booked(struct json_in *data)
{
    return says(data, "is_booked");
}

/* Units of a return are missing, or others came, and nobody decided yet. */
static bool is_doubtful(struct json_in *data)
{
    return says(data, "is_missing") || says(data, "is_manual");
}

static bool is_clear(struct json_in *data)
{
    return !is_doubtful(data);
}

static bool is_left(struct json_in *data)
{
    return !is_over(data);
}

/* The carrier's reason is the field that it does not take. */
static bool is_of_address(struct json_in *data)
{
    str reason = STR_NONE, member;
    return json_opt_str(data, "reason", 0, SIZE_MAX, &reason) == OK &&
           str_equal_cstr(str_split(reason, '.', &member), "to");
}

static bool is_of_label(struct json_in *data)
{
    return !is_of_address(data);
}

/* Somebody moved the money elsewhere. */
static bool is_outside(struct json_in *data)
{
    return says(data, "is_outside");
}

/* The gateway had said that it would not. */
static bool is_contrary(struct json_in *data)
{
    return says(data, "is_contrary");
}

/* More was taken than promised, or given back than taken. */
static bool is_beyond(struct json_in *data)
{
    bool within = true;
    return (json_opt_bool(data, "is_within", &within) == OK && !within) ||
           is_contrary(data);
}

/* To promise is refused to the buyer, who is there; the rest is for us. */
static bool is_of_taken(struct json_in *data)
{
    str step = STR_NONE;
    return json_opt_str(data, "step", 1, SIZE_MAX, &step) == OK &&
           step.len > 0 && !str_equal_cstr(step, "authorize");
}

/* A rule put it on hold, no person. */
static bool is_scored(struct json_in *data)
{
    return json_has(data, "score");
}

/* A dispute of the payment is not decided yet. */
static bool is_disputed(struct json_in *data)
{
    return !json_has(data, "is_disputed") || says(data, "is_disputed");
}

static bool is_settled(struct json_in *data)
{
    return !is_disputed(data);
}

/* A promise ends that the order still has to be paid with. */
static bool is_needed(struct json_in *data)
{
    return says(data, "is_needed");
}

/* clang-format off */
const struct task_rule task_rules[] = {
    {.kind = "units_missing",
     .opens = {{"count.created", is_missed},
               {"pick_task.short", is_uncounted}},
     .closes = {{"count.posted", NULL}, {"count.cancelled", NULL}},
     .what = "Units were not where they should be: count the place.",
     .due_h = 8, .role = "warehouse"},
    {.kind = "request_rejected",
     .opens = {{"fulfillment_order.rejected", is_left}},
     .closes = {{"fulfillment_order.submitted", NULL},
                {"fulfillment_order.accepted", NULL},
                {"fulfillment_order.moved", NULL},
                {"fulfillment_order.merged", NULL},
                {"fulfillment_order.shipped", NULL},
                {"fulfillment_order.cut", is_over},
                {"fulfillment_order.cancelled", NULL}},
     .what = "The location refused the order: send it elsewhere.",
     .due_h = 4, .role = "manager"},
    {.kind = "fulfillment_incomplete",
     .opens = {{"fulfillment_order.cancellation_accepted", NULL}},
     .closes = {{"fulfillment_order.moved", NULL},
                {"fulfillment_order.cut", is_over},
                {"fulfillment_order.cancelled", NULL}},
     .what = "The location gave the order up: route what is left.",
     .due_h = 4, .role = "manager"},
    {.kind = "address_refused",
     .opens = {{"package.label_refused", is_of_address}},
     .closes = {{"package.labelled", NULL},
                {"package.label_cancelled", NULL},
                {"package.voided", NULL}},
     .what = "The carrier does not take the address: ask the customer.",
     .due_h = 8, .role = "support"},
    {.kind = "label_refused",
     .opens = {{"package.label_refused", is_of_label}},
     .closes = {{"package.labelled", NULL},
                {"package.label_cancelled", NULL},
                {"package.voided", NULL}},
     .what = "The carrier made no label: mend what it names, or choose another.",
     .due_h = 4, .role = "warehouse"},
    {.kind = "label_stuck",
     .opens = {{"package.label_stuck", NULL}},
     .closes = {{"package.labelled", NULL},
                {"package.label_refused", NULL},
                {"package.label_cancelled", NULL},
                {"package.label_voided", NULL},
                {"package.voided", NULL}},
     .what = "Nobody knows whether the label was bought: ask the carrier.",
     .due_h = 4, .role = "manager"},
    {.kind = "label_duplicate",
     .opens = {{"package.label_duplicate", NULL},
               {"package.label_voided_late", NULL}},
     .what = "A label was bought twice or voided too late: claim the money.",
     .due_h = 48, .role = "manager"},
    {.kind = "void_refused",
     .opens = {{"package.label_void_refused", NULL}},
     .closes = {{"package.label_voided", NULL}},
     .what = "The carrier does not take the label back.",
     .due_h = 48, .role = "manager"},
    {.kind = "label_orphan",
     .opens = {{"package.label_orphan_refused", NULL}},
     .closes = {{"package.label_orphan_voided", NULL},
                {"package.label_orphan_in_use", NULL}},
     .what = "A label nobody wants is not taken back: claim the money.",
     .due_h = 48, .role = "manager"},
    {.kind = "handover_refused",
     .opens = {{"manifest.refused", NULL}, {"carrier_pickup.refused", NULL}},
     .closes = {{"manifest.confirmed", NULL},
                {"carrier_pickup.confirmed", NULL}},
     .what = "The carrier took no manifest, or does not come: ask it otherwise.",
     .due_h = 2, .role = "warehouse"},
    {.kind = "visit_booked",
     .opens = {{"carrier_pickup.cancelled", is_booked},
               {"carrier_pickup.booked", NULL}},
     .what = "A visit was called off here alone: tell the carrier.",
     .due_h = 2, .role = "warehouse"},
    {.kind = "void_moving",
     .opens = {{"package.moved_voiding", NULL}},
     .closes = {{"package.label_void_moot", NULL},
                {"package.label_voided_late", NULL}},
     .what = "It left while its label is being voided: stop it, or the void.",
     .due_h = 4, .role = "manager"},
    {.kind = "delivery_exception",
     .opens = {{"package.exception", NULL}},
     .closes = {{"package.in_transit", NULL},
                {"package.out_for_delivery", NULL},
                {"package.delivered", NULL},
                {"package.return_to_sender", NULL},
                {"package.lost", NULL}},
     .what = "The carrier could not deliver: see why and tell the customer.",
     .due_h = 24, .role = "support"},
    {.kind = "package_lost",
     .opens = {{"package.lost", NULL}},
     .closes = {{"package.in_transit", NULL},
                {"package.out_for_delivery", NULL},
                {"package.delivered", NULL}},
     .what = "The carrier lost the parcel: send anew and claim it.",
     .due_h = 24, .role = "support"},
    {.kind = "package_returning",
     .opens = {{"package.return_to_sender", NULL}},
     .closes = {{"package.delivered", NULL}},
     .what = "The parcel comes back: ask the customer what to do.",
     .due_h = 48, .role = "support"},
    {.kind = "pickup_expired",
     .opens = {{"pickup.expired", NULL}},
     .what = "Nobody collected: put the goods back, tell the customer.",
     .due_h = 24, .role = "warehouse"},
    {.kind = "order_doubtful",
     .opens = {{"order.doubtful", NULL}},
     .closes = {{"order.changed", NULL}, {"order.cancelled", NULL}},
     .what = "The order came with an e-mail address, a telephone number or a "
             "service that cannot be right: mend it.",
     .due_h = 8, .role = "support"},
    {.kind = "fraud_review",
     .opens = {{"order_hold.placed", is_scored}},
     .closes = {{"order_hold.released", NULL}, {"order_hold.expired", NULL}},
     .what = "The order scored too high: look at it, then release or cancel it.",
     .due_h = 4, .role = "support"},
    {.kind = "order_late",
     .opens = {{"order.promise_changed", is_late}},
     .closes = {{"order.promise_changed", is_promised},
                {"order.allocated", is_served},
                {"order.cancelled", NULL}},
     .what = "The goods come much later than promised, or nobody knows when.",
     .due_h = 24, .role = "support"},
    {.kind = "order_overdue",
     .opens = {{"order.promise_missed", NULL}},
     .closes = {{"order.promise_changed", is_promised},
                {"order.allocated", is_served},
                {"order.cancelled", NULL}},
     .what = "What was promised has not come: ask the supplier.",
     .due_h = 24, .role = "manager"},
    {.kind = "work_unpaid",
     .opens = {{"fulfillment_order.unpaid", NULL}},
     .closes = {{"fulfillment_order.shipped", NULL},
                {"fulfillment_order.cut", is_over},
                {"fulfillment_order.cancelled", NULL}},
     .what = "Its payment is gone while somebody is at it: stop it or let it go.",
     .due_h = 2, .role = "warehouse"},
    {.kind = "payment_disputed",
     .opens = {{"payment.charged_back", is_disputed}},
     .closes = {{"payment.charged_back", is_settled},
                {"payment.chargeback_reversed", is_settled},
                {"payment.dispute_lost", is_settled}},
     .what = "The buyer's bank took the money back: answer it in time.",
     .due_h = 48, .role = "manager"},
    {.kind = "payment_outside",
     .opens = {{"payment.refunded", is_outside},
               {"payment.voided", is_outside},
               {"payment.captured", is_beyond},
               {"payment.charged_back", is_beyond},
               {"payment.authorized", is_contrary},
               {"payment.failed", is_contrary}},
     .what = "Money was moved outside of Wharf: see whether it was meant.",
     .due_h = 24, .role = "manager"},
    {.kind = "return_requested",
     .opens = {{"return.requested", NULL}},
     .closes = {{"return.opened", NULL},
                {"return.declined", NULL},
                {"return.cancelled", NULL}},
     .what = "Goods are asked back: say yes or no.",
     .due_h = 24, .role = "support"},
    {.kind = "return_doubtful",
     .opens = {{"return.lost", is_doubtful},
               {"return.received", is_doubtful},
               {"return.inspected", is_doubtful}},
     .closes = {{"return.received", is_clear}, {"return.inspected", is_clear}},
     .what = "Goods of a return are missing or others came: decide on the money.",
     .due_h = 24, .role = "support"},
    {.kind = "return_stuck",
     .opens = {{"return.parcel_refused", NULL},
               {"return.refund_refused", NULL}},
     .what = "What follows for a return could not be done: do it by hand.",
     .due_h = 24, .role = "support"},
    {.kind = "release_refused",
     .opens = {{"blanket.refused", NULL}},
     .closes = {{"blanket.placed", NULL},
                {"blanket.skipped", NULL},
                {"blanket.revised", NULL},
                {"blanket.cancelled", NULL}},
     .what = "A release of a blanket order could not be placed: mend what it "
             "names, or skip it.",
     .due_h = 24, .role = "manager"},
    {.kind = "exchange_unsettled",
     .opens = {{"exchange.unsettled", NULL}},
     .closes = {{"exchange.settled", NULL}},
     .what = "Goods went out in exchange and something is due: ask for it.",
     .due_h = 48, .role = "support"},
    {.kind = "exchange_stuck",
     .opens = {{"exchange.refund_refused", NULL}, {"exchange.refused", NULL}},
     .what = "What follows for an exchange could not be done: do it by hand.",
     .due_h = 24, .role = "support"},
    {.kind = "payment_refused",
     .opens = {{"payment.failed", is_of_taken}},
     .closes = {{"payment.captured", NULL},
                {"payment.refunded", NULL},
                {"payment.voided", NULL}},
     .what = "The gateway refused it, or gave it up: ask again or otherwise.",
     .due_h = 24, .role = "manager"},
    {.kind = "payment_lapsing",
     .opens = {{"payment.failed", is_needed}, {"payment.expired", is_needed}},
     .closes = {{"payment.authorized", NULL},
                {"payment.captured", NULL},
                {"payment.voided", NULL}},
     .what = "What was promised runs out, or has: ask the buyer anew.",
     .due_h = 24, .role = "manager"},
    {.kind = "refund_failed",
     .opens = {{"refund.failed", NULL}},
     .what = "Money was not given back and is still owed: give it otherwise.",
     .due_h = 24, .role = "manager"},
    {.kind = "payment_stuck",
     .opens = {{"payment.stuck", NULL}},
     .closes = {{"payment.captured", NULL},
                {"payment.refunded", NULL},
                {"payment.voided", NULL},
                {"payment.authorized", NULL},
                {"payment.failed", NULL}},
     .what = "The gateway says nothing: look there, and say what became of it.",
     .due_h = 4, .role = "manager"},
    {.kind = "missing_rate",
     .opens = {{"fx_wait.opened", NULL}},
     .closes = {{"fx_wait.ended", NULL}},
     .what = "Money came in a currency without a rate of exchange: record it.",
     .due_h = 24, .role = "manager"},
    {.kind = "gateway_event_dead",
     .opens = {{"gateway_account.misheard", NULL}},
     .what = "A gateway told what nobody here understands: look there.",
     .due_h = 24, .role = "manager"},
    {.kind = "lot_expired",
     .opens = {{"lot.expired", NULL}},
     .what = "Units of the lot have expired: take them off the shelf.",
     .due_h = 48, .role = "warehouse"},
    {.kind = "webhook_disabled",
     .opens = {{"webhook.disabled", NULL}},
     .closes = {{"webhook.changed", NULL},
                {"webhook.deleted", NULL}},
     .what = "An endpoint failed so long that it gets nothing any more.",
     .due_h = 24, .role = "manager"},
};
/* clang-format on */
const size_t task_rule_count = COUNT_OF(task_rules);

const struct task_rule *task_rule_find(str kind)
{
    for (size_t i = 0; i < COUNT_OF(task_rules); i++)
        if (str_equal_cstr(kind, task_rules[i].kind))
            return &task_rules[i];
    return NULL;
}

static bool names(const struct task_when *list, str type)
{
    for (size_t i = 0; i < TASK_TYPES && list[i].type; i++)
        if (str_equal_cstr(type, list[i].type))
            return true;
    return false;
}

bool task_rule_wants(str type)
{
    for (size_t i = 0; i < COUNT_OF(task_rules); i++)
        if (names(task_rules[i].opens, type) ||
            names(task_rules[i].closes, type))
            return true;
    return false;
}
