/* verify.c - runs the checks of all rooms and keeps the first bad rows. */
#include "app/verify.h"

#include "app/rooms.h"
#include "app/verify_sql.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/room.h"
#include "store/sql.h"

struct run {
    struct arena *arena;
    struct verify_outcome *outcome;
};

static void keep(void *arg, const char *invariant, str row, str what)
{
    const struct run *run = arg;
    struct verify_outcome *outcome = run->outcome;
    outcome->bad++;
    if (outcome->shown_count == VERIFY_SHOWN)
        return;
    outcome->shown[outcome->shown_count++] = (struct verify_bad){
        .invariant = str_copy(run->arena, str_from_cstr(invariant)),
        .row = str_copy(run->arena, row),
        .what = str_copy(run->arena, what),
    };
}

/* One check of either kind, and whose it is. */
struct item {
    const char *room;
    const struct verify_check *whole;
    const struct verify_part *part;
};

/* The nth of all; false past the end. */
static bool item_at(size_t n, struct item *ret)
{
    *ret = (struct item){.room = "log"};
    for (size_t i = 0; rooms[i]; i++) {
        const struct verify_list *list = rooms[i]->verify;
        if (list && n < list->count) {
            *ret = (struct item){rooms[i]->name, &list->at[n], NULL};
            return true;
        }
        n -= list ? list->count : 0;
    }
    if (n < log_verify.count) {
        ret->whole = &log_verify.at[n];
        return true;
    }
    ret->part = log_parts;
    for (n -= log_verify.count; n > 0 && ret->part->title; n--)
        ret->part++;
    return ret->part->title != NULL;
}

void verify_walk_begin(struct verify_walk *walk, struct arena *arena,
                       size_t part_rows)
{
    struct item item;
    size_t count = 0;
    while (item_at(count, &item))
        count++;
    *walk = (struct verify_walk){
        .arena = arena,
        .part_rows = part_rows,
        .report = {.at = arena_array(arena, struct verify_outcome, count),
                   .count = count}
    };
    for (size_t i = 0; item_at(i, &item); i++)
        walk->report.at[i] = (struct verify_outcome){
            .room = item.room,
            .invariant =
                item.whole ? item.whole->invariant : item.part->invariant,
            .title = item.whole ? item.whole->title : item.part->title,
        };
}

static int part_stmt(enum verify_by by)
{
    switch (by) {
    case VERIFY_BY_EVENT: return SQL_VERIFY_PART_EVENTS;
    case VERIFY_BY_ORDER: return SQL_VERIFY_PART_ORDERS;
    }
    UNREACHABLE("a part goes by something");
}

struct part {
    struct verify_range range;
    int64_t end, rows;
};

static err_t find_part(struct ctx *ctx, const struct verify_walk *walk,
                       enum verify_by by, struct part *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(walk->after),
                             sql_i(walk->after == 0 ? INT64_MAX : walk->end),
                             sql_i((int64_t)walk->part_rows)};
    TRY(sql_list(ctx, part_stmt(by), args, COUNT_OF(args), &rows));
    ret->range = (struct verify_range){walk->after, sql_int(&rows, 0, 0)};
    ret->rows = sql_int(&rows, 0, 1);
    ret->end = walk->after == 0 ? sql_int(&rows, 0, 2) : walk->end;
    return OK;
}

err_t verify_walk_step(struct ctx *ctx, struct verify_walk *walk,
                       bool *ret_is_over)
{
    struct item item;
    ASSERT(ctx->tx != NULL && walk->arena != ctx->arena);
    *ret_is_over = !item_at(walk->at, &item);
    if (*ret_is_over)
        return OK;
    /* Kept once it has ended: it may be run again. */
    struct verify_outcome outcome = walk->report.at[walk->at];
    struct run run = {walk->arena, &outcome};
    struct part part = {.rows = 0};
    int64_t bad = outcome.bad;
    struct arena_mark mark = arena_mark(ctx->arena);
    if (item.part)
        TRY(find_part(ctx, walk, item.part->by, &part));
    if (item.part && part.rows > 0)
        TRY(item.part->run(ctx, part.range, keep, &run));
    if (item.whole)
        TRY(item.whole->run(ctx, keep, &run));
    arena_reset_to(ctx->arena, mark);
    walk->report.at[walk->at] = outcome;
    walk->report.bad += outcome.bad - bad;
    walk->rows += part.rows;
    walk->parts += item.part != NULL;
    walk->end = part.end;
    bool is_more = part.rows == (int64_t)walk->part_rows;
    walk->after = is_more ? part.range.upto : 0;
    walk->at += !is_more;
    return OK;
}

err_t verify_run(struct ctx *ctx, struct arena *arena,
                 struct verify_report *ret)
{
    enum { ALL_ROWS = 1 << 30 };
    struct verify_walk walk;
    bool is_over = false;
    verify_walk_begin(&walk, arena, ALL_ROWS);
    while (!is_over)
        TRY(verify_walk_step(ctx, &walk, &is_over));
    *ret = walk.report;
    return OK;
}
