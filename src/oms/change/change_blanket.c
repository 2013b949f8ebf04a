/* change_blanket.c - the commands that write blanket orders down and move
 * them. */
#include "oms/change/change_blanket.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_blanket_store.h"
#include "oms/change/change_draft.h"
#include "oms/room.h"
#include "store/event.h"

enum { EVENT_BYTES = 1024, RELEASES_MOST = 5000, LOOK_EVERY_MS = 60 * 60000 };

static const char *const told[BLANKET_EVENT_CANCEL] = {
    "blanket.created",  "blanket.revised", "blanket.activated",
    "blanket.paused",   "blanket.resumed", "blanket.completed",
    "blanket.cancelled"};

static err_t tell(struct ctx *ctx, const struct blanket *blanket,
                  const struct blanket_sum *sum,
                  const struct blanket_word *word)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", blanket->version);
    json_put_cstr(&out, "state",
                  machine_state_name(&blanket_machine, (int)blanket->state));
    json_put_id_or_null(&out, "company", "cmp", blanket->company.v);
    json_put_id_or_null(&out, "customer", "cus", blanket->customer.v);
    json_put_i64(&out, "planned", sum->count[RELEASE_PLANNED - 1]);
    json_put_time_or_null(&out, "next_ship_at", sum->next_at);
    if (word->write)
        word->write(&out, word->arg);
    json_end_object(&out);
    return event_add(ctx, word->type, "blanket", blanket->id.v, buf_str(&buf),
                     NULL);
}

err_t blanket_note(struct ctx *ctx, struct blanket *blanket,
                   const struct blanket_word *word)
{
    struct blanket_sum sum;
    TRY(blanket_sums(ctx, blanket, 1, &sum));
    if (blanket->state == BLANKET_ACTIVE && sum.count[RELEASE_PLANNED - 1] == 0)
        blanket->state = BLANKET_COMPLETED;
    TRY(blanket_save(ctx, blanket));
    return tell(ctx, blanket, &sum, word);
}

static err_t move(struct ctx *ctx, struct blanket *blanket,
                  enum blanket_event event)
{
    TRY(machine_allow(ctx, &blanket_machine, (int)blanket->state, (int)event));
    blanket->state = (enum blanket_state)machine_next(
        &blanket_machine, (int)blanket->state, (int)event);
    return OK;
}

/* ---- written down ---- */

/* Those of a plan that says "every". */
static err_t make_releases(struct ctx *ctx, str channel_code,
                           struct blanket_cmd *cmd)
{
    struct channel channel;
    bool is_there;
    TRY(channel_find(ctx, channel_code, &channel, &is_there));
    ASSERT(is_there);
    cmd->releases = arena_array(ctx->arena, struct release, LIMIT_RELEASES);
    for (;;) {
        utc_ms at;
        TRY(every_time(ctx, channel.tz, &cmd->every, (int64_t)cmd->count, &at));
        if (cmd->times ? (int64_t)cmd->count == cmd->times : at > cmd->until)
            break;
        if (cmd->count == LIMIT_RELEASES)
            return fail_as(ctx, ERR_INVALID, "too_many_releases", "every",
                           "a plan has %d releases at most", LIMIT_RELEASES);
        if (at > ctx->now + LIMIT_RELEASE_DAYS * DAY_MS)
            return fail_as(ctx, ERR_INVALID, "time_out_of_range",
                           cmd->times ? "every.times" : "every.until",
                           "a plan ends within %d days", LIMIT_RELEASE_DAYS);
        cmd->releases[cmd->count++] = (struct release){.ship_at = at};
    }
    if (cmd->count > 0)
        return OK;
    return fail_as(ctx, ERR_INVALID, "time_out_of_range", "every.until",
                   "must not be before from");
}

/* Behind those that there were. */
static err_t store_plan(struct ctx *ctx, const struct blanket *blanket,
                        struct blanket_cmd *cmd)
{
    int64_t last;
    TRY(release_clear(ctx, blanket->id));
    TRY(release_last(ctx, blanket->id, &last));
    if (last + (int64_t)cmd->count > RELEASES_MOST)
        return fail_as(ctx, ERR_LIMIT, "too_many_releases", "releases",
                       "a blanket order has %d releases at most: write a new "
                       "one",
                       RELEASES_MOST);
    for (size_t i = 0; i < cmd->count; i++)
        cmd->releases[i].n = last + (int64_t)i + 1;
    return release_insert(ctx, blanket->id, cmd->releases, cmd->count);
}

/* Its lines priced as a release of all of them is today. */
static err_t work_out(struct ctx *ctx, struct blanket_cmd *cmd,
                      struct blanket *blanket)
{
    struct draft draft = {.version = 0};
    TRY(draft_work_out(ctx, cmd->draft, &draft));
    if (cmd->every.unit)
        TRY(make_releases(ctx, draft.channel, cmd));
    blanket->company = draft.company;
    blanket->customer = draft.customer;
    blanket->channel = draft.channel;
    memcpy(blanket->currency, draft.currency, sizeof blanket->currency);
    blanket->total = draft.total;
    blanket->po_number = cmd->draft->po_number;
    blanket->terms_days = cmd->draft->terms_days;
    blanket->reserve_days = cmd->reserve_days;
    blanket->body = cmd->body;
    return OK;
}

err_t blanket_write_down(struct ctx *ctx, struct blanket_cmd *cmd,
                         struct blanket *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct blanket blanket = {
        .version = 1, .created_at = ctx->now, .updated_at = ctx->now};
    enum blanket_event event =
        cmd->id.v ? BLANKET_EVENT_REVISE : BLANKET_EVENT_CREATE;
    struct blanket_word word = {.type = told[event - 1]};
    if (cmd->id.v) {
        TRY(blanket_lock(ctx, cmd->id, &blanket));
        TRY(check_version(ctx, cmd->version, blanket.version));
    }
    TRY(move(ctx, &blanket, event));
    TRY(work_out(ctx, cmd, &blanket));
    if (!cmd->id.v) {
        blanket.id.v = id_next(ctx->ids, ctx->now, 0);
        TRY(blanket_insert(ctx, &blanket));
    }
    TRY(store_plan(ctx, &blanket, cmd));
    *ret = blanket;
    if (cmd->id.v)
        return blanket_note(ctx, ret, &word);
    struct blanket_sum sum;
    TRY(blanket_sums(ctx, &blanket, 1, &sum));
    return tell(ctx, &blanket, &sum, &word);
}

/* ---- steps ---- */

static err_t start(struct ctx *ctx, const struct blanket *blanket)
{
    struct blanket_sum sum;
    TRY(release_start(ctx, blanket));
    TRY(blanket_sums(ctx, blanket, 1, &sum));
    if (sum.count[RELEASE_PLANNED - 1] > 0)
        return OK;
    return fail_as(ctx, ERR_STATE, "nothing_planned", "state",
                   "no release of it lies ahead: revise it");
}

static err_t follow(struct ctx *ctx, const struct blanket *blanket)
{
    switch (blanket->state) {
    case BLANKET_ACTIVE: return start(ctx, blanket);
    case BLANKET_PAUSED: return release_stop(ctx, blanket->id);
    case BLANKET_CANCELLED: return release_cancel(ctx, blanket->id);
    case BLANKET_DRAFT:
    case BLANKET_COMPLETED: break;
    }
    UNREACHABLE("a state nobody asks for");
}

err_t blanket_move(struct ctx *ctx, const struct blanket_step *step,
                   enum blanket_event event, struct blanket *ret)
{
    struct blanket_word word = {.type = told[event - 1]};
    ASSERT(ctx->tx && event != BLANKET_EVENT_REVISE &&
           event != BLANKET_EVENT_COMPLETE);
    TRY(blanket_lock(ctx, step->id, ret));
    TRY(check_version(ctx, step->version, ret->version));
    TRY(move(ctx, ret, event));
    TRY(follow(ctx, ret));
    return blanket_note(ctx, ret, &word);
}

static void put_skipped(struct json_out *out, const void *arg)
{
    const struct release *release = arg;
    json_put_i64(out, "n", release->n);
}

err_t blanket_skip(struct ctx *ctx, const struct blanket_step *step,
                   struct blanket *ret)
{
    struct release release;
    struct release_key key = {step->id, step->n};
    struct blanket_word word = {"blanket.skipped", put_skipped, &release};
    TRY(blanket_lock(ctx, step->id, ret));
    TRY(check_version(ctx, step->version, ret->version));
    TRY(release_get(ctx, &key, &release));
    if (release.state != RELEASE_PLANNED)
        return fail_as(ctx, ERR_STATE, "release_state", "n",
                       "the release is %s; only what is planned is skipped",
                       release_states[release.state - 1]);
    release.state = RELEASE_SKIPPED;
    release.try_at = 0;
    release.code = release.field = release.detail = STR_NONE;
    TRY(release_save(ctx, ret->id, &release));
    return blanket_note(ctx, ret, &word);
}

err_t blanket_erase(struct ctx *ctx, customer_id id)
{
    static const struct blanket_word word = {.type = "blanket.erased"};
    struct blanket *all;
    size_t count;
    TRY(blanket_list_customer(ctx, id, &all, &count));
    for (size_t i = 0; i < count; i++) {
        struct blanket blanket;
        TRY(blanket_lock(ctx, all[i].id, &blanket));
        if (machine_next(&blanket_machine, (int)blanket.state,
                         BLANKET_EVENT_CANCEL)) {
            TRY(move(ctx, &blanket, BLANKET_EVENT_CANCEL));
            TRY(release_cancel(ctx, blanket.id));
        }
        blanket.po_number = STR_NONE;
        blanket.body = STR("{}");
        TRY(blanket_note(ctx, &blanket, &word));
    }
    return OK;
}

/* A store that is closed must be open for the worker. */
static const struct room_timer timers[] = {
    {.name = "releases",
     .period_ms = LOOK_EVERY_MS,
     .next_at = blanket_next_due},
};
const struct timer_list blanket_timers = {timers, COUNT_OF(timers)};
