/* tail.c - pieces of the log in a ring; the oldest make room. */
#include "store/tail.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/str.h"

enum {
    RUNS = 64,
    TAIL_BYTES = 4 * 1024 * 1024, /* Of all of them; the oldest make room. */
};

struct run { /* All events in (from, to]. */
    struct event_cursor from, to;
    struct arena *arena;
    struct event *at;
    size_t count;
};

struct tail {
    pthread_mutex_t lock;
    struct run runs[RUNS]; /* A ring. */
    size_t first, count;
    size_t bytes;
    int64_t age; /* Rises when all is forgotten. */
};

struct tail *tail_open(void)
{
    struct tail *tail = mem_new(sizeof *tail);
    pthread_mutex_init(&tail->lock, NULL);
    return tail;
}

static void drop_oldest(struct tail *tail)
{
    struct run *run = &tail->runs[tail->first];
    tail->bytes -= arena_used(run->arena);
    arena_close(run->arena);
    tail->first = (tail->first + 1) % RUNS;
    tail->count--;
}

void tail_close(struct tail *tail)
{
    if (!tail)
        return;
    while (tail->count > 0)
        drop_oldest(tail);
    pthread_mutex_destroy(&tail->lock);
    mem_free(tail);
}

void tail_forget(struct tail *tail)
{
    if (!tail)
        return;
    pthread_mutex_lock(&tail->lock);
    while (tail->count > 0)
        drop_oldest(tail);
    tail->age++;
    pthread_mutex_unlock(&tail->lock);
}

static struct event_cursor cursor_at(const struct event *event)
{
    return (struct event_cursor){.xid = event->xid, .id = event->id};
}

static void copy(struct arena *arena, const struct event *from,
                 struct event *to)
{
    *to = *from;
    to->type = str_copy(arena, from->type);
    to->subject_kind = str_copy(arena, from->subject_kind);
    to->data = str_copy(arena, from->data);
}

/* The newest that has the event just behind the cursor. */
static const struct run *run_behind(const struct tail *tail,
                                    struct event_cursor after)
{
    for (size_t i = tail->count; i > 0; i--) {
        const struct run *run = &tail->runs[(tail->first + i - 1) % RUNS];
        if (event_cursor_cmp(run->from, after) <= 0 &&
            event_cursor_cmp(after, run->to) < 0)
            return run;
    }
    return NULL;
}

struct tail_piece tail_read(struct tail *tail, struct arena *arena,
                            struct event_cursor after, size_t limit)
{
    struct tail_piece ret = {.at = arena_array(arena, struct event, limit)};
    const struct run *run;
    size_t bytes = 0;
    if (!tail)
        return ret;
    pthread_mutex_lock(&tail->lock);
    ret.age = tail->age;
    while (ret.count < limit && !ret.is_cut &&
           (run = run_behind(tail, after))) {
        for (size_t i = 0; i < run->count && ret.count < limit; i++) {
            if (event_cursor_cmp(cursor_at(&run->at[i]), after) <= 0)
                continue;
            copy(arena, &run->at[i], &ret.at[ret.count]);
            bytes += run->at[i].data.len;
            after = cursor_at(&ret.at[ret.count++]);
        }
        ret.is_cut = bytes > LIMIT_EVENTS_BYTES;
    }
    pthread_mutex_unlock(&tail->lock);
    return ret;
}

static struct run run_of(struct event_cursor after, const struct event *events,
                         size_t count)
{
    struct run run = {.from = after,
                      .to = cursor_at(&events[count - 1]),
                      .arena = arena_open(),
                      .count = count};
    run.at = arena_array(run.arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        copy(run.arena, &events[i], &run.at[i]);
    return run;
}

void tail_keep(struct tail *tail, int64_t age, struct event_cursor after,
               const struct event *events, size_t count)
{
    if (!tail || count == 0)
        return;
    struct run run = run_of(after, events, count);
    size_t bytes = arena_used(run.arena);
    pthread_mutex_lock(&tail->lock);
    if (age != tail->age || bytes > TAIL_BYTES) {
        arena_close(run.arena);
    } else {
        while (tail->count == RUNS ||
               (tail->count > 0 && tail->bytes + bytes > TAIL_BYTES))
            drop_oldest(tail);
        tail->runs[(tail->first + tail->count++) % RUNS] = run;
        tail->bytes += bytes;
    }
    pthread_mutex_unlock(&tail->lock);
}
