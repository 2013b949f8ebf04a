/* returns_rules.h - the pure part of the returns room. Private to it. */
#ifndef WHARF_OMS_RETURNS_RULES_H
#define WHARF_OMS_RETURNS_RULES_H

#include "base/time.h"
#include "oms/returns/returns.h"

struct machine;

enum {
    LIMIT_RETURNS = 50,       /* Of an order. */
    LIMIT_RETURN_LINES = 100, /* Of a return. */
    LIMIT_RETURN_UNITS = 1000 /* Rows of one. */
};

/* docs/states/return.md and return_item.md have the grids. */
enum return_event {
    RETURN_EVENT_REQUEST = 1,
    RETURN_EVENT_APPROVE,
    RETURN_EVENT_DECLINE,
    RETURN_EVENT_CANCEL,
    RETURN_EVENT_EXPIRE,
    RETURN_EVENT_MOVE,         /* Its carrier has it. */
    RETURN_EVENT_RECEIVE_PART, /* More is awaited. */
    RETURN_EVENT_RECEIVE,
    RETURN_EVENT_INSPECT,
    RETURN_EVENT_CLOSE,
    RETURN_EVENT_LABEL /* The buyer gets one to send it with. */
};
enum reception_event {
    RECEPTION_EVENT_REQUEST = 1,
    RECEPTION_EVENT_SCAN,
    RECEPTION_EVENT_RECEIVE,
    RECEPTION_EVENT_LOSE,
    RECEPTION_EVENT_MISS,
    RECEPTION_EVENT_MISTAKE,
    RECEPTION_EVENT_GIVE,
    RECEPTION_EVENT_EXPIRE,
    RECEPTION_EVENT_CANCEL
};
enum acceptance_event {
    ACCEPTANCE_EVENT_OPEN = 1,
    ACCEPTANCE_EVENT_ACCEPT,
    ACCEPTANCE_EVENT_REJECT,
    ACCEPTANCE_EVENT_REFER
};
extern const struct machine return_machine, reception_machine,
    acceptance_machine, disposition_machine; /* Events are dispositions. */

/* Goods of it are in the house, or were. */
bool reception_is_received(enum reception reception);
/* Still to come. */
bool reception_is_awaited(enum reception reception);
/* Nothing more comes of these units, and nothing is decided about them. */
bool reception_is_dropped(enum reception reception);

/* The merchant does with them as he likes: never with rejected ones. */
bool disposition_is_taking(enum disposition disposition);
/* Where units of a disposition stand; OUTSIDE: not in the house. */
enum stock_bucket disposition_bucket(enum disposition disposition);
/* Where the units stand now. */
enum stock_bucket return_unit_bucket(const struct return_unit *unit);

/* What became of a line of which so many units were asked back, by its rows.
 * A kit counts once all of its components do. */
struct return_count {
    int64_t open, accepted, dropped; /* They come to the line's qty. */
    int64_t held;   /* Of the dropped those that the buyer does not have. */
    bool is_plain;  /* Not a kit. */
    int64_t kept;   /* Accepted though they do not come; no kit. */
    bool has_goods; /* Some of what was accepted came back. */
};
struct return_count return_count_line(const struct return_line *line,
                                      const struct return_unit *units,
                                      size_t count);
/* The event that its units ask for; 0: it stays as it is. */
enum return_event return_follow(enum return_state state,
                                const struct return_unit *units, size_t count);

/* ---- what may come back ---- */

enum return_verdict {
    RETURN_ALLOWED = 1,
    RETURN_NOTHING_LEFT, /* Not shipped, or asked back before. */
    RETURN_FINAL_SALE,
    RETURN_WINDOW_OVER
};
const char *return_verdict_name(enum return_verdict verdict);
struct return_facts {
    int64_t left;        /* Units shipped and not asked back, */
    int64_t held;        /* less those that were rejected and are here. */
    bool is_final;       /* Sold as final. */
    utc_ms since;        /* They arrived, else left; 0: not known. */
    int64_t window_days; /* 0: nothing may. */
};
enum return_verdict return_judge(const struct return_facts *facts, utc_ms now);
/* The last instant; 0: it has not begun. */
utc_ms return_window_end(const struct return_facts *facts);

#endif
