/* tenants_janitor.c - one thread that writes usage, has the log digested and
 * closes idle stores. */
#include <string.h>

#include "app/rooms.h"
#include "app/tenants_int.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/consumers.h"
#include "jobs/digest.h"
#include "jobs/feeds.h"
#include "oms/room.h"
#include "oms/system/digest.h"

enum { TICK_MS = 1000, LOAD_TICKS = 2, FLUSH_TICKS = 10, NAMES = 5 };

/* In the order of struct tenant_use. */
static const char *const use_names[NAMES] = {"requests", "writes", "refused",
                                             "bytes_in", "bytes_out"};

/* ---- usage ---- */

struct flush {
    struct usage rows[NAMES];
    size_t count;
    /* What the store then says of today and the day before. */
    struct arena *arena;
    struct usage *seen;
    size_t seen_count;
    tenant_id tenant;
};

static err_t flush_run(struct ctx *ctx, void *arg)
{
    struct flush *flush = arg;
    struct usage *seen;
    int64_t day = ctx->now / DAY_MS;
    TRY(usage_add(ctx, flush->rows, flush->count));
    TRY(usage_list(ctx, day - 1, day, &seen, &flush->seen_count));
    flush->seen =
        arena_array(flush->arena, struct usage, flush->seen_count + 1);
    for (size_t i = 0; i < flush->seen_count; i++) {
        flush->seen[i] = seen[i];
        flush->seen[i].name = str_copy(flush->arena, seen[i].name);
    }
    return OK;
}

static err_t report_run(struct ctx *ctx, void *arg)
{
    const struct flush *flush = arg;
    return tenant_usage_save(ctx, flush->tenant, flush->seen,
                             flush->seen_count);
}

static void take_use(struct tenant_slot *slot, struct flush *flush)
{
    for (size_t i = 0; i < NAMES; i++) {
        int64_t value = atomic_exchange(&slot->use[i], 0);
        if (value != 0)
            flush->rows[flush->count++] = (struct usage){
                clock_now() / DAY_MS, str_from_cstr(use_names[i]), value};
    }
}

static void give_use_back(struct tenant_slot *slot, const struct flush *flush)
{
    for (size_t i = 0; i < flush->count; i++)
        for (size_t j = 0; j < NAMES; j++)
            if (str_equal_cstr(flush->rows[i].name, use_names[j]))
                atomic_fetch_add(&slot->use[j], flush->rows[i].value);
}

void slot_flush(struct tenant_slot *slot)
{
    struct tenants *tenants = slot->owner;
    struct flush flush = {.tenant = slot->id};
    take_use(slot, &flush);
    if (flush.count == 0)
        return;
    flush.arena = arena_open();
    err_t err = tenants_run(slot->tenant->store, LANE_LOW, "count usage",
                            flush_run, &flush);
    if (err != OK)
        give_use_back(slot, &flush);
    else if (!slot->is_fixed)
        /* Told again with the next flush, should it fail. */
        (void)tenants_run(tenants->first.tenant->store, LANE_LOW,
                          "report usage", report_run, &flush);
    arena_close(flush.arena);
}

/* ---- closing ---- */

static err_t next_of_timers(struct ctx *ctx, void *arg)
{
    utc_ms *next = arg;
    TRY(digest_next_at(ctx, next));
    for (size_t i = 0; rooms[i]; i++) {
        const struct timer_list *timers = rooms[i]->timers;
        for (size_t j = 0; timers && j < timers->count; j++) {
            utc_ms at = 0;
            if (!timers->at[j].next_at)
                continue;
            TRY(timers->at[j].next_at(ctx, &at));
            if (at != 0 && (*next == 0 || at < *next))
                *next = at;
        }
    }
    return OK;
}

struct wake {
    tenant_id tenant;
    utc_ms at;
};

static err_t wake_save(struct ctx *ctx, void *arg)
{
    const struct wake *wake = arg;
    return tenant_set_wake(ctx, wake->tenant, wake->at);
}

void slot_note_open(struct tenant_slot *slot)
{
    struct wake wake = {.tenant = slot->id, .at = clock_now()};
    (void)tenants_run(slot->owner->first.tenant->store, LANE_LOW,
                      "note that it is open", wake_save, &wake);
}

/* What a closed store will have to be opened for; false: it may not close. */
static bool make_wake(struct tenant_slot *slot, struct wake *ret)
{
    *ret = (struct wake){.tenant = slot->id};
    return consumers_drain(slot->tenant->consumers) &&
           tenants_run(slot->tenant->store, LANE_READ, "ask what is due",
                       next_of_timers, &ret->at) == OK &&
           tenants_run(slot->owner->first.tenant->store, LANE_LOW,
                       "note what is due", wake_save, ret) == OK;
}

/* The slot is CLOSING: nobody is in it and nobody enters. */
static void close_idle(struct tenant_slot *slot)
{
    struct wake wake;
    slot_flush(slot);
    bool is_closing = make_wake(slot, &wake);
    if (is_closing) {
        tenant_close(slot->tenant);
        log_line(LOG_INFO, "tenant.closed", "%.*s", STR_ARG(slot->code));
    }
    pthread_mutex_lock(&slot->lock);
    bool is_wanted = is_closing && slot->guests != NULL;
    if (is_closing) {
        slot->tenant = NULL;
        slot->wake_at = wake.at;
        slot->state = is_wanted ? SLOT_OPENING : SLOT_CLOSED;
    }
    pthread_mutex_unlock(&slot->lock);
    if (is_wanted)
        slot_open_later(slot);
    else if (!is_closing)
        slot_opened(slot, slot->tenant, OK);
}

/* With the slot's lock: nobody is in it, and none of its streams is open. */
static bool is_idle(const struct tenant_slot *slot)
{
    int64_t idle_ns = (int64_t)slot->owner->config.idle_s * 1000000000;
    return slot->state == SLOT_OPEN && slot->users == 0 &&
           clock_mono_ns() - slot->used_ns >= idle_ns &&
           feeds_count(slot->tenant->feeds) == 0;
}

enum slot_job { JOB_NONE, JOB_FLUSH, JOB_CLOSE, JOB_WAKE };

static enum slot_job job_of(struct tenant_slot *slot, bool is_flush_due)
{
    enum slot_job job = JOB_NONE;
    pthread_mutex_lock(&slot->lock);
    if (slot->state == SLOT_CLOSED && slot->wake_at != 0 &&
        slot->wake_at <= clock_now()) {
        slot->state = SLOT_OPENING;
        job = JOB_WAKE;
    } else if (is_idle(slot)) {
        slot->state = SLOT_CLOSING;
        job = JOB_CLOSE;
    } else if (slot->state == SLOT_OPEN && is_flush_due) {
        slot->users++;
        job = JOB_FLUSH;
    }
    pthread_mutex_unlock(&slot->lock);
    return job;
}

static void look_after(struct tenant_slot *slot, bool is_flush_due)
{
    switch (job_of(slot, is_flush_due)) {
    case JOB_NONE: break;
    case JOB_WAKE: slot_open_later(slot); break;
    case JOB_CLOSE: close_idle(slot); break;
    case JOB_FLUSH:
        slot_flush(slot);
        digest_turn(slot->tenant->store, clock_now());
        pthread_mutex_lock(&slot->lock);
        slot->users--; /* It was used by nobody but us. */
        pthread_mutex_unlock(&slot->lock);
        break;
    }
}

/* ---- the thread ---- */

static void tick(struct tenants *tenants, int64_t n)
{
    bool is_flush_due = n % FLUSH_TICKS == 0;
    if (is_flush_due) {
        slot_flush(&tenants->first);
        digest_turn(tenants->first.tenant->store, clock_now());
    }
    if (!tenants->config.is_control)
        return;
    if (n % LOAD_TICKS == 0) {
        struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
        (void)control_load(&ctx, tenants); /* Logged; the old rows stay. */
        arena_close(ctx.arena);
    }
    pthread_rwlock_rdlock(&tenants->lock);
    struct tenant_slot *slot = tenants->slots; /* Grows at its head only. */
    pthread_rwlock_unlock(&tenants->lock);
    for (; slot; slot = slot->next)
        look_after(slot, is_flush_due);
}

static void *janitor_main(void *arg)
{
    struct tenants *tenants = arg;
    int64_t n = 0;
    pthread_mutex_lock(&tenants->stop_lock);
    while (!tenants->is_stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += TICK_MS / 1000;
        pthread_cond_timedwait(&tenants->stop, &tenants->stop_lock, &until);
        if (tenants->is_stopping)
            break;
        pthread_mutex_unlock(&tenants->stop_lock);
        tick(tenants, ++n);
        pthread_mutex_lock(&tenants->stop_lock);
    }
    pthread_mutex_unlock(&tenants->stop_lock);
    return NULL;
}

err_t janitor_open(struct ctx *ctx, struct tenants *tenants)
{
    if (pthread_create(&tenants->janitor, NULL, janitor_main, tenants) != 0)
        return fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    tenants->has_janitor = true;
    pthread_setname_np(tenants->janitor, "tenants");
    return OK;
}

void janitor_close(struct tenants *tenants)
{
    if (!tenants->has_janitor)
        return;
    pthread_mutex_lock(&tenants->stop_lock);
    tenants->is_stopping = true;
    pthread_cond_signal(&tenants->stop);
    pthread_mutex_unlock(&tenants->stop_lock);
    pthread_join(tenants->janitor, NULL);
}
