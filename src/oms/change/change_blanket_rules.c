/* change_blanket_rules.c - the moves of a blanket order, and when it is due. */
#include <stdio.h>

#include "base/machine.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_blanket.h"

static const char *const states[BLANKET_CANCELLED] = {
    "draft", "active", "paused", "completed", "cancelled"};
static const char *const events[BLANKET_EVENT_CANCEL] = {
    "create", "revise", "activate", "pause", "resume", "complete", "cancel"};
static const struct machine_move moves[] = {
    {0,                 BLANKET_EVENT_CREATE,   BLANKET_DRAFT    },
    {BLANKET_DRAFT,     BLANKET_EVENT_REVISE,   BLANKET_DRAFT    },
    {BLANKET_DRAFT,     BLANKET_EVENT_ACTIVATE, BLANKET_ACTIVE   },
    {BLANKET_DRAFT,     BLANKET_EVENT_CANCEL,   BLANKET_CANCELLED},
    {BLANKET_ACTIVE,    BLANKET_EVENT_REVISE,   BLANKET_DRAFT    },
    {BLANKET_ACTIVE,    BLANKET_EVENT_PAUSE,    BLANKET_PAUSED   },
    {BLANKET_ACTIVE,    BLANKET_EVENT_COMPLETE, BLANKET_COMPLETED},
    {BLANKET_ACTIVE,    BLANKET_EVENT_CANCEL,   BLANKET_CANCELLED},
    {BLANKET_PAUSED,    BLANKET_EVENT_REVISE,   BLANKET_DRAFT    },
    {BLANKET_PAUSED,    BLANKET_EVENT_RESUME,   BLANKET_ACTIVE   },
    {BLANKET_PAUSED,    BLANKET_EVENT_CANCEL,   BLANKET_CANCELLED},
    {BLANKET_COMPLETED, BLANKET_EVENT_REVISE,   BLANKET_DRAFT    },
};
const struct machine blanket_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "blanket_state",
    .field = "state",
    .noun = "blanket order",
    .unasked = 1u << BLANKET_EVENT_COMPLETE,
};
const char *const release_states[RELEASE_STATES] = {"planned", "placed",
                                                    "skipped", "cancelled"};

/* ---- again and again ---- */

/* So many months on; where that month has no such day, its last one. */
static int64_t month_on(int64_t day, int64_t months)
{
    char text[DATE_TEXT_BYTES + 1] = "", at[32];
    int64_t year, month, of_month;
    int64_t ret = day;
    date_to_text(day, text);
    if (!str_to_i64((str){text, 4}, &year) ||
        !str_to_i64((str){text + 5, 2}, &month) ||
        !str_to_i64((str){text + 8, 2}, &of_month))
        UNREACHABLE("a date is not one");
    int64_t count = year * 12 + month - 1 + months;
    do
        snprintf(at, sizeof at, "%04lld-%02lld-%02lld", (long long)(count / 12),
                 (long long)(count % 12 + 1), (long long)of_month);
    while (!date_from_text(str_from_cstr(at), &ret) && --of_month > 0);
    return ret;
}

err_t every_time(struct ctx *ctx, str zone, const struct every *every,
                 int64_t k, utc_ms *ret)
{
    int64_t offset, day, on = k * every->count;
    TRY(zone_offset(ctx, zone, every->from, &offset));
    TRY(zone_date(ctx, zone, every->from, &day));
    int64_t into = every->from + offset - day * DAY_MS;
    switch (every->unit) {
    case EVERY_DAY: day += on; break;
    case EVERY_WEEK: day += on * 7; break;
    case EVERY_MONTH: day = month_on(day, on); break;
    }
    return zone_to_utc(ctx, zone, day * DAY_MS + into, ret);
}
