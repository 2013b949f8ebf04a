/* wire.c - requests that get lost, come late, or are answered with garbage. */
#define WHARF_UNBANNED
#include "wire.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"

void wire_tick(struct sim *sim, struct wire *wire)
{
    wire->now = wire->now < sim->now ? sim->now : wire->now;
    wire->now += sim_between(sim, 0, 90000);
}

/* It arrives when its sender has long given up, but not a minute later. */
static void delay(struct sim *sim, struct wire *wire, const char *body)
{
    for (int i = 0; i < WIRE_WAY; i++)
        if (wire->way[i].at == 0) {
            wire->way[i].at = wire->now + sim_between(sim, 1, 50000);
            snprintf(wire->way[i].body, sizeof(wire->way[i].body), "%s", body);
            return;
        }
}

void wire_arrive(struct sim *sim, struct wire *wire)
{
    struct arena *arena = arena_open();
    for (int i = 0; i < WIRE_WAY; i++)
        if (wire->way[i].at > 0 && wire->way[i].at <= wire->now) {
            struct buf reply;
            buf_init(&reply, arena, LIMIT_REPLY_BYTES);
            wire->way[i].at = 0;
            (void)wire->house(sim, wire->way[i].body, true, &reply);
        }
    arena_close(arena);
}

struct outside_reply wire_send(struct sim *sim, struct wire *wire,
                               struct arena *arena, const char *body,
                               bool is_fair)
{
    struct buf text;
    struct outside_reply reply = {.is_answered = true};
    int64_t dice = is_fair ? 0 : sim_between(sim, 0, 99);
    buf_init(&text, arena, LIMIT_REPLY_BYTES);
    if (dice >= 94)
        return (struct outside_reply){.is_unsent = true};
    if (dice >= 88)
        return (struct outside_reply){
            .is_answered = true, .status = 429, .retry_after_s = 7};
    if (dice >= 82) { /* Lost on its way, or only late. */
        if (dice < 86)
            delay(sim, wire, body);
        return (struct outside_reply){.is_answered = false};
    }
    reply.status = wire->house(sim, body, dice < 76, &text);
    reply.body = buf_str(&text);
    if (dice >= 60 && dice < 68) /* Done, and no answer. */
        return (struct outside_reply){.is_answered = false};
    if (dice >= 68 && dice < 72)
        reply.body = STR("<html>it works</html>");
    if (dice >= 72 && dice < 76)
        reply.status = 500;
    return reply;
}

err_t wire_run(struct sim *sim, struct wire *wire, struct arena *arena,
               work_run_fn *fn, void *arg)
{
    const struct work_kind kind = {.name = "sim_worker", .run = fn};
    struct work work = {
        .kind = &kind,
        .lane = LANE_LOW,
        .ctx = {.arena = arena, .now = wire->now},
        .arg = arg
    };
    work.ctx.actor.kind = ACTOR_SYSTEM;
    buf_init(&work.reply, arena, 1);
    err_t err = store_run(sim->place->store, &work);
    snprintf(wire->why, sizeof(wire->why), "%.190s", work.ctx.err.text);
    sim_expect(sim, err != ERR_INTERNAL, "the worker: %s", work.ctx.err.text);
    return err;
}
