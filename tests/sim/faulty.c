/* faulty.c - a carrier that times out, repeats, answers late, garbage or no.
 *
 * Its replies go the way of a real one: `ask` makes the request, the wire does
 * what it will, `read` makes an outcome of what came back.
 */
#define WHARF_UNBANNED
#include "faulty.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_job.h"

const struct carrier *__real_carrier_find(str name);
const struct carrier *__wrap_carrier_find(str name);

/* ---- the interface ---- */

static err_t ask(struct ctx *ctx, const struct carrier_account *account,
                 const struct carrier_request *request,
                 struct outside_call *ret)
{
    (void)account;
    *ret = (struct outside_call){
        .method = "POST",
        .url = "https://faulty.example",
        .body =
            str_printf(ctx->arena, "%s %.*s %.*s", carrier_op_name(request->op),
                       STR_ARG(request->reference), STR_ARG(request->tracking)),
    };
    return OK;
}

static err_t read(struct ctx *ctx, const struct carrier_account *account,
                  const struct carrier_request *request,
                  const struct outside_reply *reply,
                  struct carrier_outcome *ret)
{
    str rest, word = str_split(reply->body, ' ', &rest);
    (void)account;
    *ret = (struct carrier_outcome){.result = CARRIER_UNKNOWN,
                                    .field = STR(""),
                                    .text = STR("no answer"),
                                    .carrier_ref = STR(""),
                                    .confirmation = STR("")};
    if (!reply->is_answered) {
        ret->result = reply->is_unsent ? CARRIER_LATER : CARRIER_UNKNOWN;
    } else if (reply->status == 429) {
        ret->result = CARRIER_LATER;
        ret->retry_after_s = reply->retry_after_s;
    } else if (reply->status == 422) {
        ret->result = CARRIER_REFUSED;
        ret->text = STR("we do not go there");
    } else if (reply->status == 200 && str_equal_cstr(word, "ok")) {
        ret->result = CARRIER_DONE;
        ret->is_found = true;
        ret->tracking = str_copy(ctx->arena, rest);
        if (request->op == CARRIER_MANIFEST || request->op == CARRIER_PICKUP)
            ret->confirmation = ret->tracking;
    } else if (reply->status == 200 && str_equal_cstr(word, "none")) {
        ret->result = CARRIER_DONE;
    }
    return OK;
}

static const struct carrier faulty_carrier = {
    .name = "faulty",
    .title = "Faulty",
    .caps = 1 << CARRIER_LABEL | 1 << CARRIER_VOID | 1 << CARRIER_LOOKUP |
            1 << CARRIER_MANIFEST | 1 << CARRIER_PICKUP,
    .ask = ask,
    .read = read,
};

const struct carrier *__wrap_carrier_find(str name)
{
    return str_equal_cstr(name, "faulty") ? &faulty_carrier
                                          : __real_carrier_find(name);
}

/* ---- its own house ---- */

const struct f_label *faulty_find(struct sim *sim, const char *reference)
{
    const struct f_label *found = NULL;
    for (int i = 0; i < sim->faulty->count; i++) {
        const struct f_label *label = &sim->faulty->labels[i];
        if (strcmp(label->reference, reference) != 0)
            continue;
        if (found && (found->is_void || label->is_void)) {
            found = found->is_void ? label : found;
            continue;
        }
        sim_expect(sim, !found, "I23: %s was bought twice: %s and %s",
                   reference, found ? found->tracking : "", label->tracking);
        found = label;
    }
    return found;
}

bool faulty_knows(const struct sim *sim, const char *reference)
{
    for (int i = 0; i < sim->faulty->told_count; i++)
        if (strcmp(sim->faulty->told[i], reference) == 0)
            return true;
    return false;
}

/* A manifest may be sent again; nobody comes twice. */
static void hear(struct sim *sim, const char *op, const char *reference)
{
    struct faulty *f = sim->faulty;
    bool is_known = faulty_knows(sim, reference);
    sim_expect(sim, !is_known || strcmp(op, "pickup") != 0,
               "I23: a carrier was asked twice to come for %s", reference);
    ASSERT(f->told_count < F_TOLD);
    if (!is_known)
        snprintf(f->told[f->told_count++], sizeof(f->told[0]), "%s", reference);
}

/* Asked in vain, it may sell all the same, and say so later or never. */
static int sell(struct sim *sim, const char *reference, bool is_willing,
                struct buf *ret)
{
    struct faulty *f = sim->faulty;
    is_willing = is_willing && (f->is_fair || !sim_chance(sim, 12 + f->mood));
    if (!is_willing && !sim_chance(sim, 50))
        return 422;
    ASSERT(f->count < F_LABELS);
    struct f_label *label = &f->labels[f->count++];
    *label = (struct f_label){.sold_at = f->wire.now, .is_denied = !is_willing};
    snprintf(label->reference, sizeof(label->reference), "%s", reference);
    snprintf(label->tracking, sizeof(label->tracking), "F%08d", f->count);
    (void)faulty_find(sim, reference);
    f->denied += label->is_denied;
    if (label->is_denied && sim_chance(sim, 40))
        f->late = label->tracking;
    buf_addf(ret, "ok %s", label->tracking);
    return is_willing ? 200 : 422;
}

/* What it refused once under that reference, it never does; what is void stays
 * so. */
static int take_back(struct sim *sim, struct f_label *label,
                     const char *reference, bool is_willing)
{
    struct faulty *f = sim->faulty;
    if (label->is_void)
        return 200;
    if (strcmp(label->kept_for, reference) == 0)
        return 422;
    is_willing = is_willing && (f->is_fair || !sim_chance(sim, 30 + f->mood));
    if (is_willing || sim_chance(sim, 50)) {
        label->is_void = true;
        f->late = is_willing ? NULL : "";
        return is_willing ? 200 : 422;
    }
    snprintf(label->kept_for, sizeof(label->kept_for), "%s", reference);
    f->kept++;
    return 422;
}

/* Of a label that is void it says nothing. */
static void tell(struct sim *sim, const char *reference, struct buf *ret)
{
    const struct f_label *label = faulty_find(sim, reference);
    bool is_known = label && !label->is_void;
    buf_addf(ret, "%s%s", is_known ? "ok " : "none",
             is_known ? label->tracking : "");
}

int faulty_house(struct sim *sim, const char *body, bool is_willing,
                 struct buf *ret)
{
    struct faulty *f = sim->faulty;
    char op[16] = "", reference[32] = "", tracking[24] = "";
    (void)sscanf(body, "%15s %31s %23s", op, reference, tracking);
    if (strcmp(op, "label") == 0)
        return sell(sim, reference, is_willing, ret);
    if (strcmp(op, "lookup") == 0) {
        tell(sim, reference, ret);
    } else if (strcmp(op, "manifest") == 0 || strcmp(op, "pickup") == 0) {
        hear(sim, op, reference);
        buf_addf(ret, "ok C%d", f->told_count);
    } else if (strcmp(op, "void") == 0) {
        buf_add_cstr(ret, "ok");
        for (int i = 0; i < f->count; i++)
            if (strcmp(f->labels[i].tracking, tracking) == 0)
                return take_back(sim, &f->labels[i], reference, is_willing);
    }
    return 200;
}

/* ---- the worker ---- */

struct round {
    struct faulty *f;
    struct call_task *tasks;
    size_t count;
    struct carrier_outcome *outcomes;
    const char **late; /* Done, says another answer; NULL: none comes. */
    size_t at;
};

static err_t run_take(struct work *work)
{
    struct round *r = work->arg;
    struct call_taker taker = {.owner = r->f->owner, .limit = CALL_BATCH};
    return call_take(&work->ctx, &taker, &r->tasks, &r->count);
}

static err_t run_record(struct work *work)
{
    struct round *r = work->arg;
    return call_record(&work->ctx, &r->tasks[r->at], &r->outcomes[r->at]);
}

/* It said no, and now that it did it. */
static err_t run_late(struct work *work)
{
    struct round *r = work->arg;
    struct carrier_outcome outcome = {.result = CARRIER_DONE,
                                      .is_found = true,
                                      .field = STR(""),
                                      .text = STR(""),
                                      .carrier_ref = STR(""),
                                      .confirmation = STR(""),
                                      .tracking =
                                          str_from_cstr(r->late[r->at])};
    return call_record(&work->ctx, &r->tasks[r->at], &outcome);
}

static err_t run_release(struct work *work)
{
    struct round *r = work->arg;
    return call_release(&work->ctx, r->f->owner, true);
}

static err_t run_work(struct sim *sim, struct arena *arena, work_run_fn *fn,
                      void *arg)
{
    return wire_run(sim, &sim->faulty->wire, arena, fn, arg);
}

/* ---- labels in bulk ---- */

struct batch {
    struct job_item *items;
    size_t count, at;
    struct err_detail err;
};

static err_t run_next(struct work *work)
{
    struct batch *b = work->arg;
    return job_next(&work->ctx, JOB_BATCH, &b->items, &b->count);
}

static err_t run_items(struct work *work)
{
    const struct batch *b = work->arg;
    for (size_t i = 0; i < b->count; i++)
        TRY(job_item_run(&work->ctx, &b->items[i]));
    return OK;
}

static err_t run_item(struct work *work)
{
    struct batch *b = work->arg;
    err_t err = job_item_run(&work->ctx, &b->items[b->at]);
    b->err = work->ctx.err;
    return err;
}

static err_t run_refuse(struct work *work)
{
    const struct batch *b = work->arg;
    return job_item_refuse(&work->ctx, &b->items[b->at], &b->err);
}

/* All in one transaction; where one is refused, each in its own. */
static bool turn_jobs(struct sim *sim)
{
    struct batch b = {.count = 0};
    struct arena *arena = arena_open();
    sim_expect(sim, run_work(sim, arena, run_next, &b) == OK,
               "no item of a job can be taken");
    if (b.count > 0 && run_work(sim, arena, run_items, &b) != OK)
        for (; b.at < b.count && !sim->is_wrong; b.at++)
            if (run_work(sim, arena, run_item, &b) != OK)
                sim_expect(sim, run_work(sim, arena, run_refuse, &b) == OK,
                           "an item of a job cannot be refused");
    arena_close(arena);
    return b.count > 0;
}

/* The process dies with what it knew; the next one looks up. */
static void die(struct sim *sim, struct arena *arena, struct round *r)
{
    sim->faulty->owner++;
    sim_expect(sim, run_work(sim, arena, run_release, r) == OK,
               "a worker that begins is refused");
}

static void ask_one(struct sim *sim, struct ctx *ctx, struct round *r, size_t i,
                    bool is_fair)
{
    const struct call_task *task = &r->tasks[i];
    struct outside_call call;
    struct carrier_request request = task->request;
    if (sim->faulty->is_blind && request.op == CARRIER_LOOKUP)
        request.op = CARRIER_LABEL;
    ASSERT(task->carrier == &faulty_carrier);
    ASSERT(ask(ctx, &task->account, &request, &call) == OK);
    sim->faulty->late = NULL;
    struct outside_reply reply =
        wire_send(sim, &sim->faulty->wire, ctx->arena,
                  str_to_cstr(ctx->arena, call.body), is_fair);
    r->late[i] = reply.status == 422 ? sim->faulty->late : NULL;
    ASSERT(read(ctx, &task->account, &request, &reply, &r->outcomes[i]) == OK);
}

static size_t turn(struct sim *sim, bool is_fair)
{
    struct round r = {.f = sim->faulty};
    struct ctx ctx = {.arena = arena_open()};
    sim->faulty->is_fair = is_fair;
    wire_arrive(sim, &sim->faulty->wire);
    sim_expect(sim, run_work(sim, ctx.arena, run_take, &r) == OK,
               "no call can be taken");
    r.outcomes = arena_array(ctx.arena, struct carrier_outcome, r.count + 1);
    r.late = arena_array(ctx.arena, const char *, r.count + 1);
    for (size_t i = 0; i < r.count; i++)
        ask_one(sim, &ctx, &r, i, is_fair);
    bool is_killed = !is_fair && sim_chance(sim, 6);
    size_t told = is_killed ? r.count / 2 : r.count;
    for (r.at = 0; r.at < told && !sim->is_wrong; r.at++) {
        sim_expect(sim, run_work(sim, ctx.arena, run_record, &r) == OK,
                   "an answer is refused");
        if (!is_fair && sim_chance(sim, 10)) /* The answer comes twice. */
            (void)run_work(sim, ctx.arena, run_record, &r);
        if (r.late[r.at] && !sim->is_wrong)
            sim_expect(sim, run_work(sim, ctx.arena, run_late, &r) == OK,
                       "an answer that comes late is refused");
    }
    if (is_killed)
        die(sim, ctx.arena, &r);
    arena_close(ctx.arena);
    return r.count;
}

size_t faulty_ask(struct sim *sim)
{
    wire_tick(sim, &sim->faulty->wire);
    return turn(sim, false);
}

void faulty_turn(struct sim *sim, bool is_fair)
{
    enum { ROUNDS = 40, QUARTER_MS = 16 * 60 * 1000 };
    wire_tick(sim, &sim->faulty->wire);
    (void)turn_jobs(sim);
    (void)turn(sim, is_fair);
    for (int i = 0; is_fair && i < ROUNDS && turn_jobs(sim); i++)
        ;
    for (int i = 0, idle = 0; is_fair && i < ROUNDS && idle < 3; i++) {
        sim->faulty->wire.now += QUARTER_MS;
        idle = turn(sim, true) > 0 ? 0 : idle + 1;
    }
}
