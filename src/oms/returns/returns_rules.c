/* returns_rules.c - moves of returns and of their units. Pure. */
#include "oms/returns/returns_rules.h"

#include "base/machine.h"
#include "base/str.h"

/* ---- the return ---- */

static const char *const states[RETURN_EXPIRED] = {
    "requested",          "open",      "in_transit",
    "partially_received", "received",  "closed",
    "declined",           "cancelled", "expired"};
static const char *const events[RETURN_EVENT_LABEL] = {
    "request",      "approve", "decline", "cancel", "expire", "move",
    "receive_part", "receive", "inspect", "close",  "label"};
/* clang-format off */
static const struct machine_move moves[] = {
    {RETURN_NONE, RETURN_EVENT_REQUEST, RETURN_REQUESTED},
    {RETURN_REQUESTED, RETURN_EVENT_APPROVE, RETURN_OPEN},
    {RETURN_REQUESTED, RETURN_EVENT_DECLINE, RETURN_DECLINED},
    {RETURN_REQUESTED, RETURN_EVENT_CANCEL, RETURN_CANCELLED},
    {RETURN_OPEN, RETURN_EVENT_CANCEL, RETURN_CANCELLED},
    {RETURN_OPEN, RETURN_EVENT_EXPIRE, RETURN_EXPIRED},
    {RETURN_OPEN, RETURN_EVENT_LABEL, RETURN_OPEN},
    {RETURN_OPEN, RETURN_EVENT_MOVE, RETURN_IN_TRANSIT},
    {RETURN_OPEN, RETURN_EVENT_RECEIVE_PART, RETURN_PARTIALLY_RECEIVED},
    {RETURN_OPEN, RETURN_EVENT_RECEIVE, RETURN_RECEIVED},
    {RETURN_IN_TRANSIT, RETURN_EVENT_RECEIVE_PART, RETURN_PARTIALLY_RECEIVED},
    {RETURN_IN_TRANSIT, RETURN_EVENT_RECEIVE, RETURN_RECEIVED},
    {RETURN_PARTIALLY_RECEIVED, RETURN_EVENT_RECEIVE_PART, RETURN_PARTIALLY_RECEIVED},
    {RETURN_PARTIALLY_RECEIVED, RETURN_EVENT_RECEIVE, RETURN_RECEIVED},
    {RETURN_PARTIALLY_RECEIVED, RETURN_EVENT_LABEL, RETURN_PARTIALLY_RECEIVED},
    {RETURN_PARTIALLY_RECEIVED, RETURN_EVENT_INSPECT, RETURN_PARTIALLY_RECEIVED},
    {RETURN_RECEIVED, RETURN_EVENT_RECEIVE, RETURN_RECEIVED},
    {RETURN_RECEIVED, RETURN_EVENT_INSPECT, RETURN_RECEIVED},
    {RETURN_RECEIVED, RETURN_EVENT_CLOSE, RETURN_CLOSED},
    {RETURN_CLOSED, RETURN_EVENT_INSPECT, RETURN_CLOSED},
};
/* clang-format on */
const struct machine return_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "return_state",
    .noun = "a return that is",
    /* What follows from its units, its carrier or the clock. */
    .unasked = 1u << RETURN_EVENT_REQUEST | 1u << RETURN_EVENT_EXPIRE |
               1u << RETURN_EVENT_MOVE | 1u << RETURN_EVENT_RECEIVE_PART |
               1u << RETURN_EVENT_CLOSE,
};

const char *return_state_name(enum return_state state)
{
    return machine_state_name(&return_machine, state);
}

str return_allowed(struct arena *arena, enum return_state state)
{
    return machine_allowed(arena, &return_machine, state);
}

/* ---- its units ---- */

static const char *const receptions[RECEPTION_CANCELLED] = {
    "awaiting",   "in_transit",        "received", "lost",     "short",
    "wrong_item", "given_to_customer", "expired",  "cancelled"};
static const char *const reception_events[RECEPTION_EVENT_CANCEL] = {
    "request", "scan", "receive", "lose",  "miss",
    "mistake", "give", "expire",  "cancel"};
/* clang-format off */
static const struct machine_move reception_moves[] = {
    {RECEPTION_NONE, RECEPTION_EVENT_REQUEST, RECEPTION_AWAITING},
    {RECEPTION_AWAITING, RECEPTION_EVENT_SCAN, RECEPTION_IN_TRANSIT},
    {RECEPTION_AWAITING, RECEPTION_EVENT_RECEIVE, RECEPTION_RECEIVED},
    {RECEPTION_AWAITING, RECEPTION_EVENT_LOSE, RECEPTION_LOST},
    {RECEPTION_AWAITING, RECEPTION_EVENT_MISS, RECEPTION_SHORT},
    {RECEPTION_AWAITING, RECEPTION_EVENT_MISTAKE, RECEPTION_WRONG_ITEM},
    {RECEPTION_AWAITING, RECEPTION_EVENT_GIVE, RECEPTION_GIVEN_TO_CUSTOMER},
    {RECEPTION_AWAITING, RECEPTION_EVENT_EXPIRE, RECEPTION_EXPIRED},
    {RECEPTION_AWAITING, RECEPTION_EVENT_CANCEL, RECEPTION_CANCELLED},
    {RECEPTION_IN_TRANSIT, RECEPTION_EVENT_RECEIVE, RECEPTION_RECEIVED},
    {RECEPTION_IN_TRANSIT, RECEPTION_EVENT_LOSE, RECEPTION_LOST},
    {RECEPTION_IN_TRANSIT, RECEPTION_EVENT_MISS, RECEPTION_SHORT},
    {RECEPTION_IN_TRANSIT, RECEPTION_EVENT_MISTAKE, RECEPTION_WRONG_ITEM},
    {RECEPTION_LOST, RECEPTION_EVENT_RECEIVE, RECEPTION_RECEIVED},
    {RECEPTION_SHORT, RECEPTION_EVENT_RECEIVE, RECEPTION_RECEIVED},
};
/* clang-format on */
const struct machine reception_machine = {
    .states = receptions,
    .events = reception_events,
    .state_count = COUNT_OF(receptions),
    .event_count = COUNT_OF(reception_events),
    .moves = reception_moves,
    .move_count = COUNT_OF(reception_moves),
    .slug = "reception_state",
    .field = "items",
    .noun = "units that are",
    .unasked = 1u << RECEPTION_EVENT_REQUEST | 1u << RECEPTION_EVENT_SCAN |
               1u << RECEPTION_EVENT_EXPIRE | 1u << RECEPTION_EVENT_CANCEL,
};

static const char *const acceptances[ACCEPTANCE_MANUAL] = {
    "pending", "accepted", "rejected", "manual"};
static const char *const acceptance_events[ACCEPTANCE_EVENT_REFER] = {
    "open", "accept", "reject", "refer"};
static const struct machine_move acceptance_moves[] = {
    {ACCEPTANCE_NONE,    ACCEPTANCE_EVENT_OPEN,   ACCEPTANCE_PENDING },
    {ACCEPTANCE_PENDING, ACCEPTANCE_EVENT_ACCEPT, ACCEPTANCE_ACCEPTED},
    {ACCEPTANCE_PENDING, ACCEPTANCE_EVENT_REJECT, ACCEPTANCE_REJECTED},
    {ACCEPTANCE_PENDING, ACCEPTANCE_EVENT_REFER,  ACCEPTANCE_MANUAL  },
    {ACCEPTANCE_MANUAL,  ACCEPTANCE_EVENT_ACCEPT, ACCEPTANCE_ACCEPTED},
    {ACCEPTANCE_MANUAL,  ACCEPTANCE_EVENT_REJECT, ACCEPTANCE_REJECTED},
};
const struct machine acceptance_machine = {
    .states = acceptances,
    .events = acceptance_events,
    .state_count = COUNT_OF(acceptances),
    .event_count = COUNT_OF(acceptance_events),
    .moves = acceptance_moves,
    .move_count = COUNT_OF(acceptance_moves),
    .slug = "acceptance_state",
    .field = "items",
    .noun = "units that are",
    .unasked = 1u << ACCEPTANCE_EVENT_OPEN,
};

static const char *const dispositions[DISPOSITION_KEEP] = {
    "restock", "quality_control", "damaged", "refurbish",
    "scrap",   "vendor",          "keep"};
#define GOES(from, to)                                                         \
    {                                                                          \
        from, to, to                                                           \
    }
static const struct machine_move disposition_moves[] = {
    GOES(DISPOSITION_NONE, DISPOSITION_RESTOCK),
    GOES(DISPOSITION_NONE, DISPOSITION_QUALITY_CONTROL),
    GOES(DISPOSITION_NONE, DISPOSITION_DAMAGED),
    GOES(DISPOSITION_NONE, DISPOSITION_REFURBISH),
    GOES(DISPOSITION_NONE, DISPOSITION_SCRAP),
    GOES(DISPOSITION_NONE, DISPOSITION_VENDOR),
    GOES(DISPOSITION_NONE, DISPOSITION_KEEP),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_RESTOCK),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_DAMAGED),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_REFURBISH),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_SCRAP),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_VENDOR),
    GOES(DISPOSITION_QUALITY_CONTROL, DISPOSITION_KEEP),
    GOES(DISPOSITION_DAMAGED, DISPOSITION_REFURBISH),
    GOES(DISPOSITION_DAMAGED, DISPOSITION_SCRAP),
    GOES(DISPOSITION_DAMAGED, DISPOSITION_VENDOR),
    GOES(DISPOSITION_DAMAGED, DISPOSITION_KEEP),
    GOES(DISPOSITION_REFURBISH, DISPOSITION_RESTOCK),
    GOES(DISPOSITION_REFURBISH, DISPOSITION_DAMAGED),
    GOES(DISPOSITION_REFURBISH, DISPOSITION_SCRAP),
    GOES(DISPOSITION_REFURBISH, DISPOSITION_VENDOR),
};
const struct machine disposition_machine = {
    .states = dispositions,
    .events = dispositions,
    .state_count = COUNT_OF(dispositions),
    .event_count = COUNT_OF(dispositions),
    .moves = disposition_moves,
    .move_count = COUNT_OF(disposition_moves),
    .slug = "disposition_state",
    .field = "items",
    .noun = "units whose disposition is",
};

bool reception_is_received(enum reception reception)
{
    return reception == RECEPTION_RECEIVED;
}

bool reception_is_awaited(enum reception reception)
{
    return reception == RECEPTION_AWAITING || reception == RECEPTION_IN_TRANSIT;
}

bool reception_is_dropped(enum reception reception)
{
    return reception == RECEPTION_EXPIRED || reception == RECEPTION_CANCELLED;
}

bool disposition_is_taking(enum disposition disposition)
{
    return disposition == DISPOSITION_RESTOCK ||
           disposition == DISPOSITION_REFURBISH ||
           disposition == DISPOSITION_VENDOR;
}

enum stock_bucket disposition_bucket(enum disposition disposition)
{
    switch (disposition) {
    case DISPOSITION_RESTOCK: return STOCK_AVAILABLE;
    case DISPOSITION_NONE:
    case DISPOSITION_QUALITY_CONTROL: return STOCK_QUALITY_CONTROL;
    case DISPOSITION_DAMAGED:
    case DISPOSITION_REFURBISH: return STOCK_DAMAGED;
    case DISPOSITION_SCRAP:
    case DISPOSITION_VENDOR:
    case DISPOSITION_KEEP: return STOCK_OUTSIDE;
    }
    UNREACHABLE("not a disposition");
}

enum stock_bucket return_unit_bucket(const struct return_unit *unit)
{
    return reception_is_received(unit->reception)
               ? disposition_bucket(unit->disposition)
               : STOCK_OUTSIDE;
}

/* ---- what became of a line ---- */

/* Of one component, or of the line's own SKU. */
struct part_sum {
    int64_t accepted, kept, live;
    int64_t here, undecided; /* Received and not given back to the buyer. */
};

/* Whole units that something of is gone from the buyer. */
static int64_t units_gone(const struct part_sum *sum, int64_t per, int64_t open)
{
    int64_t spare = sum->undecided - open * per;
    return (sum->accepted + sum->here + (spare > 0 ? spare : 0) + per - 1) /
           per;
}

static void sum_here(struct part_sum *sum, const struct return_unit *at)
{
    if (!reception_is_received(at->reception) ||
        at->disposition == DISPOSITION_KEEP)
        return;
    if (at->acceptance == ACCEPTANCE_REJECTED)
        sum->here += at->qty;
    else if (at->acceptance != ACCEPTANCE_ACCEPTED)
        sum->undecided += at->qty;
}

static struct part_sum sum_part(const struct return_unit *first,
                                const struct return_unit *units, size_t count)
{
    struct part_sum sum = {0};
    for (size_t j = 0; j < count; j++) {
        const struct return_unit *at = &units[j];
        if (at->i != first->i || at->sku.v != first->sku.v)
            continue;
        sum_here(&sum, at);
        if (at->acceptance == ACCEPTANCE_ACCEPTED) {
            sum.accepted += at->qty;
            sum.live += at->qty;
            if (!reception_is_received(at->reception) &&
                !reception_is_awaited(at->reception))
                sum.kept += at->qty;
        } else if (at->acceptance != ACCEPTANCE_REJECTED &&
                   !reception_is_dropped(at->reception)) {
            sum.live += at->qty;
        }
    }
    return sum;
}

/* A unit counts as soon as one of its components is not with the buyer. */
static int64_t count_held(const struct return_count *now,
                          const struct return_line *line,
                          const struct return_unit *units, size_t count)
{
    int64_t most = 0;
    for (size_t j = 0; j < count; j++) {
        if (units[j].i != line->i)
            continue;
        struct part_sum sum = sum_part(&units[j], units, count);
        int64_t gone = units_gone(&sum, units[j].per, now->open);
        most = gone > most ? gone : most;
    }
    most -= now->accepted;
    return most < 0 ? 0 : most > now->dropped ? now->dropped : most;
}

struct return_count return_count_line(const struct return_line *line,
                                      const struct return_unit *units,
                                      size_t count)
{
    struct return_count ret = {.accepted = line->qty, .is_plain = true};
    const struct return_unit *first = NULL;
    int64_t live = line->qty;
    for (size_t j = 0; j < count; j++) {
        if (units[j].i != line->i)
            continue;
        struct part_sum sum = sum_part(&units[j], units, count);
        first = first ? first : &units[j];
        if (units[j].per != 1 || units[j].sku.v != first->sku.v)
            ret.is_plain = false;
        if (sum.accepted / units[j].per < ret.accepted)
            ret.accepted = sum.accepted / units[j].per;
        if (sum.live / units[j].per < live)
            live = sum.live / units[j].per;
        ret.kept = sum.kept;
        if (sum.accepted > sum.kept)
            ret.has_goods = true;
    }
    ret.dropped = line->qty - live;
    ret.open = live - ret.accepted;
    ASSERT(ret.open >= 0 && ret.dropped >= 0);
    ret.held = ret.dropped ? count_held(&ret, line, units, count) : 0;
    return ret;
}

static bool is_decided(const struct return_unit *unit)
{
    if (reception_is_dropped(unit->reception))
        return true;
    if (unit->acceptance != ACCEPTANCE_ACCEPTED &&
        unit->acceptance != ACCEPTANCE_REJECTED)
        return false;
    return !reception_is_received(unit->reception) ||
           unit->disposition != DISPOSITION_NONE;
}

enum return_event return_follow(enum return_state state,
                                const struct return_unit *units, size_t count)
{
    bool is_awaited = false, has_come = false, is_over = true;
    for (size_t i = 0; i < count; i++) {
        if (reception_is_awaited(units[i].reception))
            is_awaited = true;
        else if (!reception_is_dropped(units[i].reception))
            has_come = true;
        is_over = is_over && is_decided(&units[i]);
    }
    switch (state) {
    case RETURN_OPEN:
    case RETURN_IN_TRANSIT:
        if (!has_come)
            return 0;
        return is_awaited ? RETURN_EVENT_RECEIVE_PART : RETURN_EVENT_RECEIVE;
    case RETURN_PARTIALLY_RECEIVED:
        return is_awaited ? 0 : RETURN_EVENT_RECEIVE;
    case RETURN_RECEIVED: return is_over ? RETURN_EVENT_CLOSE : 0;
    case RETURN_NONE:
    case RETURN_REQUESTED:
    case RETURN_CLOSED:
    case RETURN_DECLINED:
    case RETURN_CANCELLED:
    case RETURN_EXPIRED: return 0;
    }
    UNREACHABLE("not a state of a return");
}

/* ---- what may come back ---- */

const char *return_verdict_name(enum return_verdict verdict)
{
    switch (verdict) {
    case RETURN_ALLOWED: return "allowed";
    case RETURN_NOTHING_LEFT: return "nothing_left";
    case RETURN_FINAL_SALE: return "final_sale";
    case RETURN_WINDOW_OVER: return "window_over";
    }
    UNREACHABLE("not a verdict");
}

utc_ms return_window_end(const struct return_facts *facts)
{
    return facts->since ? facts->since + facts->window_days * DAY_MS : 0;
}

enum return_verdict return_judge(const struct return_facts *facts, utc_ms now)
{
    if (facts->left <= 0)
        return RETURN_NOTHING_LEFT;
    if (facts->is_final)
        return RETURN_FINAL_SALE;
    if (facts->window_days == 0 ||
        (facts->since && now > return_window_end(facts)))
        return RETURN_WINDOW_OVER;
    return RETURN_ALLOWED;
}
