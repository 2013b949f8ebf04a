/* verify.c - runs the checks of all rooms and keeps the first bad rows. */
#include "app/verify.h"

#include "app/rooms.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/room.h"

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

static err_t run_list(struct ctx *ctx, struct arena *arena, const char *room,
                      const struct verify_list *list,
                      struct verify_report *report)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct verify_check *check = &list->at[i];
        struct verify_outcome *outcome = &report->at[report->count++];
        *outcome = (struct verify_outcome){
            .room = room,
            .invariant = check->invariant,
            .title = check->title,
        };
        struct run run = {arena, outcome};
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(check->run(ctx, keep, &run));
        arena_reset_to(ctx->arena, mark);
        report->bad += outcome->bad;
    }
    return OK;
}

err_t verify_run(struct ctx *ctx, struct arena *arena,
                 struct verify_report *ret)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(arena != ctx->arena);
    size_t count = log_verify.count;
    for (size_t i = 0; rooms[i]; i++)
        count += rooms[i]->verify ? rooms[i]->verify->count : 0;
    struct verify_report report = {
        .at = arena_array(arena, struct verify_outcome, count)};
    for (size_t i = 0; rooms[i]; i++) {
        if (rooms[i]->verify)
            TRY(run_list(ctx, arena, rooms[i]->name, rooms[i]->verify,
                         &report));
    }
    TRY(run_list(ctx, arena, "log", &log_verify, &report));
    ASSERT(report.count == count);
    *ret = report;
    return OK;
}
