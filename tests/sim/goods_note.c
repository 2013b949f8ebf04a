/* goods_note.c - what happened to units, told to the room in work of our own.
 */
#define WHARF_UNBANNED
#include "base/arena.h"
#include "goods.h"
#include "oms/fulfillment/fulfillment.h"

typedef err_t note_fn(struct ctx *ctx, struct fulfillment_work *work,
                      const struct fulfillment_note *note);
struct noting {
    fulfillment_order_id fo;
    note_fn *fn;
    struct fulfillment_units units[M_LINES];
    struct fulfillment_note note;
};

static err_t run_note(struct work *work)
{
    struct noting *n = work->arg;
    struct fulfillment_work fo;
    TRY(fulfillment_lock(&work->ctx, n->fo, &fo));
    return n->fn(&work->ctx, &fo, &n->note);
}

static note_fn *fn_of(enum g_note what)
{
    switch (what) {
    case G_PACK: return fulfillment_note_packed;
    case G_UNPACK: return fulfillment_note_unpacked;
    case G_SHIP: return fulfillment_note_shipped;
    }
    UNREACHABLE("no such note");
}

const char *goods_note(struct sim *sim, const struct g_fo *fo, enum g_note what,
                       const int64_t qty[M_LINES])
{
    const struct work_kind kind = {.name = "sim_note", .run = run_note};
    struct noting n = {
        .fo = {fo->id}, .fn = fn_of(what), .note.units = n.units};
    struct work work = {
        .kind = &kind,
        .lane = LANE_WRITE,
        .ctx = {.arena = arena_open(), .now = sim->now},
        .arg = &n
    };
    for (int i = 0; i < M_LINES; i++)
        if (qty[i] > 0)
            n.units[n.note.count++] =
                (struct fulfillment_units){.n = i + 1, .qty = qty[i]};
    work.ctx.actor = (struct actor){ACTOR_KEY, 1};
    buf_init(&work.reply, work.ctx.arena, LIMIT_REPLY_BYTES);
    const char *code = "";
    if (store_run(sim->place->store, &work) != OK)
        code = work.ctx.err.slug ? work.ctx.err.slug : err_slug(work.err);
    arena_close(work.ctx.arena);
    sim->calls++;
    return code;
}
