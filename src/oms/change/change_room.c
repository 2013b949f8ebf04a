/* change_room.c - the door of the change room. */
#include "oms/change/change_blanket.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_edit.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_hold.h"
#include "oms/change/change_quote.h"
#include "oms/change/change_remark.h"
#include "oms/change/change_replace.h"
#include "oms/change/change_score.h"
#include "oms/room.h"

const struct room change_room = {
    .name = "change",
    .routes = &change_routes,
};

const struct room draft_room = {
    .name = "draft",
    .routes = &draft_routes,
    .verify = &draft_verify,
    .timers = &draft_timers,
};

const struct room quote_room = {
    .name = "quote",
    .routes = &quote_routes,
};

const struct room blanket_room = {
    .name = "blanket",
    .routes = &blanket_routes,
    .verify = &blanket_verify,
    .timers = &blanket_timers,
};

const struct room order_hold_room = {
    .name = "order_hold",
    .routes = &order_hold_routes,
    .verify = &order_hold_verify,
    .timers = &order_hold_timers,
};

const struct room score_room = {
    .name = "order_score",
    .routes = &score_routes,
    .events = &score_events,
    .timers = &score_timers,
    .verify = &score_verify,
};

const struct room remark_room = {
    .name = "order_note",
    .routes = &remark_routes,
    .verify = &remark_verify,
};

const struct room edit_room = {
    .name = "edit",
    .routes = &edit_routes,
    .verify = &edit_verify,
    .timers = &edit_timers,
};

const struct room exchange_room = {
    .name = "exchange",
    .routes = &exchange_routes,
    .verify = &exchange_verify,
    .events = &exchange_events,
};

const struct room replace_room = {
    .name = "replace",
    .routes = &replace_routes,
    .verify = &replace_verify,
};
