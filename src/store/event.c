/* event.c - appending to the event log, reading it, moving cursors. */
#include "store/event.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "store/engine.h"
#include "store/event_sql.h"
#include "store/sql.h"
#include "store/tail.h"

enum {
    INSERT_PARAMS = 8,
    LIST_COLUMNS = 9,
    LIST_BYTES = 2 * LIMIT_EVENTS_BYTES /* However many events were asked. */
};

int64_t event_id(struct ctx *ctx, int64_t subject_id)
{
    ASSERT(ctx->ids != NULL);
    return id_next(ctx->ids, ctx->now, id_bucket(subject_id));
}

static void to_args(const struct event *event, struct sql_arg *args)
{
    args[0] = sql_i(event->id);
    args[1] = sql_i(event->at);
    args[2] = sql_s(event->type);
    args[3] = sql_s(event->subject_kind);
    args[4] = sql_i(event->subject_id);
    args[5] = sql_i(event->actor.kind);
    args[6] = sql_i(event->actor.id);
    args[7] = sql_s(event->data.len ? event->data : STR("{}"));
}

err_t event_add(struct ctx *ctx, const char *type, const char *subject_kind,
                int64_t subject_id, str data, int64_t *ret_id)
{
    struct event event = {
        .id = event_id(ctx, subject_id),
        .at = ctx->now,
        .type = str_from_cstr(type),
        .subject_kind = str_from_cstr(subject_kind),
        .subject_id = subject_id,
        .actor = ctx->actor,
        .data = data,
    };
    TRY(event_add_many(ctx, &event, 1));
    if (ret_id)
        *ret_id = event.id;
    return OK;
}

err_t event_add_many(struct ctx *ctx, const struct event *events, size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * INSERT_PARAMS);
    for (size_t i = 0; i < count; i++) {
        ASSERT(events[i].id > 0);
        to_args(&events[i], &args[i * INSERT_PARAMS]);
    }
    TRY(sql_run_many(ctx, SQL_EVENT_INSERT, args, INSERT_PARAMS, count, NULL));
    ctx->tx->has_events = true;
    return OK;
}

static void from_rows(struct ctx *ctx, const struct sql_rows *rows,
                      struct event **ret, size_t *ret_count)
{
    struct event *events = arena_array(ctx->arena, struct event, rows->count);
    ASSERT(rows->count == 0 || rows->columns == LIST_COLUMNS);
    for (size_t i = 0; i < rows->count; i++) {
        events[i] = (struct event){
            .id = sql_int(rows, i, 0),
            .xid = sql_int(rows, i, 1),
            .at = sql_int(rows, i, 2),
            .type = sql_str(rows, i, 3),
            .subject_kind = sql_str(rows, i, 4),
            .subject_id = sql_int(rows, i, 5),
            .actor = {.kind = (enum actor_kind)sql_int(rows, i, 6),
                      .id = sql_int(rows, i, 7)},
            .data = sql_str(rows, i, 8),
        };
    }
    *ret = events;
    *ret_count = rows->count;
}

/* The beginning is before the rows of a restored log, whose transaction ids are
 * below zero (backup.sql). */
static int64_t xid_of(struct event_cursor cursor)
{
    return cursor.id == 0 ? INT64_MIN : cursor.xid;
}

int event_cursor_cmp(struct event_cursor a, struct event_cursor b)
{
    int64_t x = xid_of(a), y = xid_of(b);
    if (x == y) {
        x = a.id;
        y = b.id;
    }
    return (x > y) - (x < y);
}

static err_t list_behind(struct ctx *ctx, int stmt, struct event_cursor after,
                         size_t limit, struct event **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.id), sql_i(xid_of(after)),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list_within(ctx, stmt, args, COUNT_OF(args), LIST_BYTES, &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

err_t event_list_after(struct ctx *ctx, struct event_cursor after, size_t limit,
                       struct event **ret, size_t *ret_count)
{
    return list_behind(ctx, SQL_EVENT_LIST_AFTER, after, limit, ret, ret_count);
}

err_t event_list_subject(struct ctx *ctx, const struct event_subject *subject,
                         size_t limit, struct event **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(subject->id), sql_i(subject->after_id),
                             sql_s(str_from_cstr(subject->kind)),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list_within(ctx, SQL_EVENT_LIST_SUBJECT, args, COUNT_OF(args),
                        LIST_BYTES, &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

err_t event_list_subject_after(struct ctx *ctx,
                               const struct event_subject *subject,
                               struct event_cursor after, size_t limit,
                               struct event **ret, size_t *ret_count)
{
    struct sql_arg args[] = {
        sql_i(subject->id), sql_i(after.id), sql_i(xid_of(after)),
        sql_s(str_from_cstr(subject->kind)), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list_within(ctx, SQL_EVENT_LIST_SUBJECT_AFTER, args, COUNT_OF(args),
                        LIST_BYTES, &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

/* Rows are (xid, id). */
static err_t cursor_row(struct ctx *ctx, int stmt, const struct sql_arg *args,
                        size_t count, bool *ret_is_found,
                        struct event_cursor *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, count, &rows));
    *ret = (struct event_cursor){0};
    *ret_is_found = rows.count == 1;
    if (rows.count == 1)
        *ret = (struct event_cursor){.xid = sql_int(&rows, 0, 0),
                                     .id = sql_int(&rows, 0, 1)};
    return OK;
}

err_t event_cursor_find(struct ctx *ctx, int64_t id, bool *ret_is_found,
                        struct event_cursor *ret)
{
    struct sql_arg args[] = {sql_i(id), sql_i(id_bucket(id))};
    return cursor_row(ctx, SQL_EVENT_LOCATE, args, COUNT_OF(args), ret_is_found,
                      ret);
}

err_t event_head(struct ctx *ctx, struct event_cursor *ret)
{
    bool is_found;
    return cursor_row(ctx, SQL_EVENT_HEAD, NULL, 0, &is_found, ret);
}

static err_t cursor_read(struct ctx *ctx, int stmt, const char *consumer,
                         bool *ret_is_found, struct event_cursor *ret)
{
    struct sql_arg name = sql_s(str_from_cstr(consumer));
    return cursor_row(ctx, stmt, &name, 1, ret_is_found, ret);
}

/* The row is made before it is locked: two nodes that start a new consumer at
 * once must not both read from the beginning. */
static err_t cursor_lock(struct ctx *ctx, const char *consumer,
                         struct event_cursor *ret)
{
    bool is_found;
    TRY(cursor_read(ctx, SQL_EVENT_CURSOR_LOCK, consumer, &is_found, ret));
    if (is_found)
        return OK;
    struct sql_arg name = sql_s(str_from_cstr(consumer));
    TRY(sql_run(ctx, SQL_EVENT_CURSOR_INSERT, &name, 1, NULL));
    return cursor_read(ctx, SQL_EVENT_CURSOR_LOCK, consumer, &is_found, ret);
}

/* As event_list_after(): what another consumer has read first, then the rest of
 * the log. */
static err_t read_step(struct ctx *ctx, struct event_cursor after, size_t limit,
                       struct event **ret, size_t *ret_count)
{
    struct tail *tail = ctx->tx->tail;
    if (!tail)
        return event_list_after(ctx, after, limit, ret, ret_count);
    struct tail_piece kept = tail_read(tail, ctx->arena, after, limit);
    struct event *more;
    size_t count = kept.count;
    *ret = kept.at;
    *ret_count = count;
    if (kept.is_cut || count == limit)
        return OK;
    if (count > 0)
        after = (struct event_cursor){kept.at[count - 1].xid,
                                      kept.at[count - 1].id};
    TRY(event_list_after(ctx, after, limit - count, &more, ret_count));
    tail_keep(tail, kept.age, after, more, *ret_count);
    if (*ret_count > 0)
        memcpy(kept.at + count, more, *ret_count * sizeof *more);
    *ret_count += count;
    return OK;
}

err_t event_step(struct ctx *ctx, const struct event_consumer *consumer,
                 size_t limit, size_t *ret_count)
{
    struct event_cursor cursor;
    TRY(cursor_lock(ctx, consumer->name, &cursor));
    struct event *events;
    size_t count;
    TRY(read_step(ctx, cursor, limit, &events, &count));
    if (count > 0) {
        const struct event *last = &events[count - 1];
        ASSERT(last->xid > cursor.xid || last->id > cursor.id);
        TRY(consumer->consume(ctx, events, count));
        struct sql_arg args[] = {sql_i(last->xid), sql_i(last->id),
                                 sql_s(str_from_cstr(consumer->name))};
        int64_t changed;
        TRY(sql_run(ctx, SQL_EVENT_CURSOR_SAVE, args, COUNT_OF(args),
                    &changed));
        ASSERT(changed == 1);
    }
    *ret_count = count;
    return OK;
}

err_t event_stop_put(struct ctx *ctx, const char *consumer, str error)
{
    struct event_cursor cursor;
    struct event *next;
    size_t count;
    TRY(cursor_lock(ctx, consumer, &cursor));
    TRY(event_list_after(ctx, cursor, 1, &next, &count));
    struct sql_arg args[] = {sql_i(ctx->now),
                             sql_i_or_null(count ? next[0].id : 0),
                             sql_s(error), sql_s(str_from_cstr(consumer))};
    return sql_run(ctx, SQL_EVENT_STOP_SAVE, args, COUNT_OF(args), NULL);
}

err_t event_stop_clear(struct ctx *ctx, const char *consumer)
{
    struct sql_arg args[] = {sql_s(str_from_cstr(consumer))};
    return sql_run(ctx, SQL_EVENT_STOP_CLEAR, args, COUNT_OF(args), NULL);
}

err_t event_stop_list(struct ctx *ctx, struct event_stop **ret,
                      size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_EVENT_STOP_LIST, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct event_stop, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct event_stop){
            .consumer = sql_str(&rows, i, 0),
            .since = sql_int(&rows, i, 1),
            .event = sql_int(&rows, i, 2),
            .error = sql_str(&rows, i, 3),
        };
    return OK;
}

err_t event_step_ahead(struct ctx *ctx, const struct event_consumer *consumer,
                       struct event_cursor *at, size_t limit, size_t *ret_count)
{
    struct event *events;
    size_t count;
    TRY(list_behind(ctx, SQL_EVENT_LIST_AHEAD, *at, limit, &events, &count));
    if (count > 0) {
        *at =
            (struct event_cursor){events[count - 1].xid, events[count - 1].id};
        TRY(consumer->consume(ctx, events, count));
    }
    *ret_count = count;
    return OK;
}

err_t event_cursor_of(struct ctx *ctx, const char *consumer,
                      struct event_cursor *ret)
{
    bool is_found;
    return cursor_read(ctx, SQL_EVENT_CURSOR_GET, consumer, &is_found, ret);
}

err_t event_lag(struct ctx *ctx, const char *consumer, size_t cap, size_t *ret)
{
    struct event_cursor cursor;
    TRY(event_cursor_of(ctx, consumer, &cursor));
    struct sql_arg args[] = {sql_i(cursor.id), sql_i(xid_of(cursor)),
                             sql_i((int64_t)cap)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_EVENT_COUNT_AFTER, args, COUNT_OF(args), &rows));
    *ret = (size_t)sql_int(&rows, 0, 0);
    return OK;
}
