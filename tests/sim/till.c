/* till.c - a gateway that times out, repeats, answers late, garbage or no, and
 * tells by itself what it did: twice, late, and before it has answered.
 *
 * The worker's steps (take, ask, read, record; what is told: take, apply) are
 * the product's, the wire is not.
 */
#define WHARF_UNBANNED
#include "till.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_hook.h"

const struct gateway *__real_gateway_find(str name);
const struct gateway *__wrap_gateway_find(str name);

/* ---- the interface ---- */

static err_t ask(struct ctx *ctx, const struct gateway_account *account,
                 const struct gateway_request *request,
                 struct outside_call *ret)
{
    int64_t payment;
    (void)account;
    ASSERT(id_from_text("pay", request->payment, &payment));
    *ret = (struct outside_call){
        .method = "POST",
        .url = "https://till.example",
        .body = str_printf(ctx->arena, "%s %.*s %lld %lld",
                           gateway_op_name(request->op),
                           STR_ARG(request->reference), (long long)payment,
                           (long long)request->amount.minor),
    };
    return OK;
}

/* "done capture gcl_… D000001 500 17"; the payment may be left out. */
static bool read_fact(struct ctx *ctx, str line, struct gateway_fact *ret)
{
    static const char *const statuses[] = {"done", "pending", "refused"};
    char status[12] = "", type[24] = "", reference[32] = "", id[12] = "";
    long long amount = 0, payment = 0;
    int read =
        sscanf(str_to_cstr(ctx->arena, line), "%11s %23s %31s %11s %lld %lld",
               status, type, reference, id, &amount, &payment);
    *ret = (struct gateway_fact){.amount = amount, .text = STR("")};
    for (int i = 0; i < (int)COUNT_OF(statuses); i++)
        if (strcmp(statuses[i], status) == 0)
            ret->status = (enum gateway_status)(i + 1);
    for (int i = 0; i < M_TYPES; i++)
        if (strcmp(m_type_names[i], type) == 0)
            ret->type = i + 1;
    if (strcmp(reference, "-") != 0)
        ret->reference = str_copy(ctx->arena, str_from_cstr(reference));
    ret->id = str_copy(ctx->arena, str_from_cstr(id));
    memcpy(ret->currency, "EUR", sizeof ret->currency);
    if (payment)
        ret->payment = id_str(ctx->arena, "pay", payment);
    return read >= 5 && ret->status && ret->type;
}

static void read_lines(struct ctx *ctx, const struct gateway_request *request,
                       str rest, struct gateway_outcome *ret)
{
    enum { FACTS = 200 };
    struct gateway_fact *facts =
        arena_array(ctx->arena, struct gateway_fact, FACTS);
    while (rest.len > 0) {
        str line = str_split(rest, '\n', &rest);
        ASSERT(ret->fact_count < FACTS);
        if (!read_fact(ctx, line, &facts[ret->fact_count]))
            return;
        facts[ret->fact_count++].payment = request->payment;
    }
    ret->facts = facts;
    ret->result = GATEWAY_DONE;
}

static err_t read(struct ctx *ctx, const struct gateway_account *account,
                  const struct gateway_request *request,
                  const struct outside_reply *reply,
                  struct gateway_outcome *ret)
{
    str rest, word = str_split(reply->body, '\n', &rest);
    (void)account;
    *ret = (struct gateway_outcome){
        .result = GATEWAY_UNKNOWN, .field = STR(""), .text = STR("no answer")};
    if (!reply->is_answered) {
        ret->result = reply->is_unsent ? GATEWAY_LATER : GATEWAY_UNKNOWN;
    } else if (reply->status == 429) {
        ret->result = GATEWAY_LATER;
        ret->retry_after_s = reply->retry_after_s;
    } else if (reply->status == 422) {
        ret->result = GATEWAY_REFUSED;
        ret->text = STR("the buyer's bank says no");
    } else if (reply->status == 200 && str_equal_cstr(word, "ok")) {
        read_lines(ctx, request, rest, ret);
    }
    return OK;
}

static struct till *listening; /* Whose turn it is. */

static err_t hear(struct ctx *ctx, const struct gateway_account *account,
                  str body, struct gateway_fact *ret)
{
    (void)account;
    listening->heard = 0;
    if (!read_fact(ctx, body, ret) || ret->payment.len == 0)
        return fail(ctx, ERR_MALFORMED, "event", "makes no sense");
    (void)id_from_text("pay", ret->payment, &listening->heard);
    return OK;
}

static const struct gateway till_gateway = {
    .name = "till",
    .title = "Till",
    .caps = 1 << GATEWAY_AUTHORIZE | 1 << GATEWAY_CAPTURE | 1 << GATEWAY_VOID |
            1 << GATEWAY_REFUND | 1 << GATEWAY_LOOKUP | GATEWAY_CAN_WEBHOOK,
    .needs_token = true,
    .ask = ask,
    .read = read,
    .hear = hear,
};

const struct gateway *__wrap_gateway_find(str name)
{
    return str_equal_cstr(name, "till") ? &till_gateway
                                        : __real_gateway_find(name);
}

void till_setup(struct sim *sim)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "createGatewayAccount", &out);
    json_put_cstr(&out, "code", "TILL");
    json_put_cstr(&out, "gateway", "till");
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, ""))
        sim->till->account = sim_id(call->json, "id", "gwa");
    call_close(call);
    sim->till->owner = 1;
    sim->till->wire.house = till_house;
}

/* ---- the worker ---- */

struct round {
    struct till *till;
    struct payment_task *tasks;
    size_t count, at;
    struct gateway_outcome *outcomes;
};
struct t_late {
    struct arena *arena; /* Of its round. */
    struct round round;
};

static err_t run_take(struct work *work)
{
    struct round *r = work->arg;
    struct call_taker taker = {.owner = r->till->owner, .limit = CALL_BATCH};
    return payment_call_take(&work->ctx, &taker, &r->tasks, &r->count);
}

static err_t run_record(struct work *work)
{
    struct round *r = work->arg;
    return payment_call_record(&work->ctx, &r->tasks[r->at],
                               &r->outcomes[r->at]);
}

static err_t run_release(struct work *work)
{
    struct till *till = work->arg;
    return payment_call_release(&work->ctx, till->owner, true);
}

static void ask_one(struct sim *sim, struct ctx *ctx, struct round *r, size_t i,
                    bool is_fair)
{
    const struct payment_task *task = &r->tasks[i];
    struct gateway_outcome *outcome = &r->outcomes[i];
    struct outside_call call;
    ASSERT(task->gateway == &till_gateway);
    ASSERT(ask(ctx, &task->account, &task->request, &call) == OK);
    struct outside_reply reply =
        wire_send(sim, &sim->till->wire, ctx->arena,
                  str_to_cstr(ctx->arena, call.body), is_fair);
    if (sim->till->is_silent)
        reply = (struct outside_reply){.is_answered = false};
    ASSERT(read(ctx, &task->account, &task->request, &reply, outcome) == OK);
    if (sim->till->is_blind && task->request.op == GATEWAY_LOOKUP)
        outcome->fact_count = 0;
}

static void record(struct sim *sim, struct arena *arena, struct round *r,
                   bool is_seen)
{
    int64_t id;
    struct till *till = sim->till;
    sim_expect(sim, wire_run(sim, &till->wire, arena, run_record, r) == OK,
               "what a gateway answered is refused: %s", till->wire.why);
    ASSERT(id_from_text("pay", r->tasks[r->at].request.payment, &id));
    if (is_seen && !sim->is_wrong)
        till_sync(sim, till_payment(till, id));
}

void till_die(struct sim *sim)
{
    struct arena *arena = arena_open();
    struct till *till = sim->till;
    till->owner++;
    if (till->late)
        arena_close(till->late->arena);
    till->late = NULL;
    sim_expect(sim, wire_run(sim, &till->wire, arena, run_release, till) == OK,
               "a worker that begins is refused");
    arena_close(arena);
}

/* An answer of an earlier round, which may have been looked up since. */
static void record_late(struct sim *sim)
{
    struct t_late *late = sim->till->late;
    if (!late)
        return;
    sim->till->late = NULL;
    record(sim, late->arena, &late->round, true);
    arena_close(late->arena);
}

static void record_all(struct sim *sim, struct arena *arena, struct round *r,
                       size_t told, bool is_fair)
{
    for (r->at = 0; r->at < told && !sim->is_wrong; r->at++) {
        record(sim, arena, r, true);
        if (!is_fair && sim_chance(sim, 10)) /* The answer comes twice. */
            record(sim, arena, r, true);
    }
}

static size_t turn(struct sim *sim, bool is_fair)
{
    struct till *till = sim->till;
    struct round r = {.till = till};
    struct ctx ctx = {.arena = arena_open()};
    wire_arrive(sim, &till->wire);
    sim_expect(sim, wire_run(sim, &till->wire, ctx.arena, run_take, &r) == OK,
               "no call of a payment can be taken");
    r.outcomes = arena_array(ctx.arena, struct gateway_outcome, r.count + 1);
    for (size_t i = 0; i < r.count; i++)
        ask_one(sim, &ctx, &r, i, is_fair);
    bool is_killed = !is_fair && sim_chance(sim, 6);
    bool is_late = !is_fair && !is_killed && r.count > 0 && !till->late &&
                   sim_chance(sim, 15);
    record_all(sim, ctx.arena, &r, is_killed ? r.count / 2 : r.count - is_late,
               is_fair);
    if (is_killed)
        till_die(sim);
    if (is_late) {
        struct t_late *late = arena_new(ctx.arena, struct t_late);
        r.at = r.count - 1;
        *late = (struct t_late){ctx.arena, r};
        till->late = late;
    } else {
        arena_close(ctx.arena);
    }
    return r.count;
}

/* ---- what it tells ---- */

struct telling {
    int64_t account;
    str id, body;
    gateway_event_id *due;
    size_t due_count, at;
};

static err_t run_hook(struct work *work)
{
    const struct telling *t = work->arg;
    bool is_known;
    return gateway_event_take(&work->ctx, (gateway_account_id){t->account},
                              t->id, t->body, &is_known);
}

static err_t run_due(struct work *work)
{
    struct telling *t = work->arg;
    return gateway_event_due(&work->ctx, CALL_BATCH, &t->due, &t->due_count);
}

static err_t run_apply(struct work *work)
{
    const struct telling *t = work->arg;
    return gateway_event_apply(&work->ctx, t->due[t->at]);
}

static void hook(struct sim *sim, struct arena *arena, int deed)
{
    struct buf body;
    struct till *till = sim->till;
    struct telling t = {.account = till->account};
    buf_init(&body, arena, 200);
    till_tell(till, deed, &body);
    t.body = buf_str(&body);
    t.id = str_printf(arena, "E%06d", deed);
    if (sim_chance(sim, 3)) { /* Something else before it. */
        struct telling other = t;
        other.id = str_printf(arena, "G%06lld", (long long)++till->garbled);
        other.body = STR("hello");
        sim_expect(sim,
                   wire_run(sim, &till->wire, arena, run_hook, &other) == OK,
                   "a webhook is refused");
    }
    for (int times = sim_chance(sim, 20) ? 2 : 1; times > 0; times--)
        sim_expect(sim, wire_run(sim, &till->wire, arena, run_hook, &t) == OK,
                   "a webhook is refused");
}

/* What was told is applied, each in a transaction of its own. */
static size_t apply_all(struct sim *sim, struct arena *arena)
{
    struct till *till = sim->till;
    struct telling t = {.account = till->account};
    sim_expect(sim, wire_run(sim, &till->wire, arena, run_due, &t) == OK,
               "what gateways told cannot be read");
    for (t.at = 0; t.at < t.due_count && !sim->is_wrong; t.at++) {
        till->heard = 0;
        sim_expect(sim, wire_run(sim, &till->wire, arena, run_apply, &t) == OK,
                   "what a gateway told cannot be applied: %s", till->wire.why);
        if (till->heard && !sim->is_wrong)
            till_sync(sim, till_payment(till, till->heard));
    }
    return t.due_count;
}

static size_t listen(struct sim *sim, bool is_fair)
{
    struct arena *arena = arena_open();
    struct till *till = sim->till;
    size_t count = 0;
    listening = till;
    for (int i = 0; i < T_TOLD && !sim->is_wrong; i++) {
        if (till->told[i].at == 0 ||
            (!is_fair && till->told[i].at > till->wire.now))
            continue;
        till->told[i].at = 0;
        hook(sim, arena, till->told[i].deed);
        count++;
    }
    count += apply_all(sim, arena);
    arena_close(arena);
    return count;
}

/* ---- turns ---- */

struct peek {
    int64_t owner;
    utc_ms call_at, event_at;
};

static err_t run_peek(struct work *work)
{
    struct peek *p = work->arg;
    struct call_taker taker = {.owner = p->owner, .limit = CALL_BATCH};
    TRY(payment_call_peek(&work->ctx, &taker, &p->call_at));
    return gateway_event_next_at(&work->ctx, &p->event_at);
}

/* To when the next is due; false where nothing waits. */
static bool go_on(struct sim *sim)
{
    struct till *till = sim->till;
    struct peek p = {.owner = till->owner};
    struct arena *arena = arena_open();
    sim_expect(sim, wire_run(sim, &till->wire, arena, run_peek, &p) == OK,
               "what waits for gateways cannot be read");
    arena_close(arena);
    utc_ms at = p.call_at && (!p.event_at || p.call_at < p.event_at)
                    ? p.call_at
                    : p.event_at;
    till->wire.now = at > till->wire.now ? at : till->wire.now;
    return at != 0;
}

size_t till_ask(struct sim *sim)
{
    struct till *till = sim->till;
    struct round r = {.till = till};
    struct ctx ctx = {.arena = arena_open()};
    wire_tick(sim, &till->wire);
    wire_arrive(sim, &till->wire);
    sim_expect(sim, wire_run(sim, &till->wire, ctx.arena, run_take, &r) == OK,
               "no call of a payment can be taken");
    r.outcomes = arena_array(ctx.arena, struct gateway_outcome, r.count + 1);
    for (size_t i = 0; i < r.count; i++)
        ask_one(sim, &ctx, &r, i, false);
    for (r.at = 0; r.at < r.count && !sim->is_wrong; r.at++)
        record(sim, ctx.arena, &r, false);
    arena_close(ctx.arena);
    return r.count;
}

void till_turn(struct sim *sim, bool is_fair)
{
    enum { ROUNDS = 400 };
    wire_tick(sim, &sim->till->wire);
    if (sim_chance(sim, 30) || is_fair)
        record_late(sim);
    (void)listen(sim, is_fair);
    (void)turn(sim, is_fair);
    for (int i = 0; is_fair && i < ROUNDS && !sim->is_wrong && go_on(sim);
         i++) {
        (void)turn(sim, true);
        (void)listen(sim, true);
    }
}

void till_fall_silent(struct sim *sim)
{
    sim->till->is_silent = true;
    till_turn(sim, true);
    sim->till->is_silent = false;
}
