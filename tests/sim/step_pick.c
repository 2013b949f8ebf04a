/* step_pick.c - pick tasks: made, walked, scanned, short, called off. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"

static struct g_task task, after;

static bool is(const char *state)
{
    return strcmp(task.state, state) == 0;
}

static int64_t left_of(const struct g_task_line *line)
{
    return line->qty - line->picked - line->missing;
}

static bool read_one(struct sim *sim, int64_t id, struct g_task *ret)
{
    struct call *call = call_open("getPickTask");
    sim_path(call, 0, "pkt", id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_fine = sim_ended(sim, call, "") && task_read(sim, call->json, ret);
    call_close(call);
    return is_fine;
}

static void keep(struct model *model, int64_t id)
{
    model->goods.tasks.at[model->goods.tasks.count++ % M_TASKS] = id;
}

void task_make(struct sim *sim, const struct g_fo *fo)
{
    struct json_out out;
    struct json_list list = {0};
    bool is_wave = sim_chance(sim, 10);
    struct call *call = sim_begin(sim, "makePickTasks", &out);
    if (is_wave) {
        json_put_cstr(&out, "location", sim->model.places[fo->place].code);
        json_put_i64(&out, "max_orders", sim_between(sim, 1, 8));
    } else {
        json_begin_list(&out, "fulfillment_orders");
        json_put_id(&out, NULL, "fo", fo->id);
        json_end_list(&out);
    }
    sim_body(call, &out);
    sim_call(sim, call);
    const char *code = "";
    if (!is_wave && g_is_elsewhere(fo))
        code = "request_state";
    else if (!is_wave && !g_is(fo, "open") && !g_is(fo, "in_progress"))
        code = "state";
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        sim_expect(sim, json_get_list(call->json, "tasks", 0, 250, &list) == OK,
                   "makePickTasks: no tasks"))
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in;
            if (json_list_object(&list, i, &in) == OK &&
                task_read(sim, in, &task) &&
                sim_expect(sim, is("created") && task.count > 0,
                           "a task was made %s with %d lines", task.state,
                           task.count))
                keep(&sim->model, task.id);
        }
    call_close(call);
}

/* ---- calls ---- */

/* A command on the task; sometimes of an old version. */
static struct call *begin(struct sim *sim, const char *operation,
                          struct json_out *out, const char **ret_code)
{
    struct call *call = sim_begin(sim, operation, out);
    bool is_stale = sim_chance(sim, 5);
    sim_path(call, 0, "pkt", task.id);
    json_put_i64(out, "version", task.version + is_stale);
    *ret_code = is_stale ? "stale" : "";
    return call;
}

static bool finish(struct sim *sim, struct call *call, struct json_out *out,
                   const char *code)
{
    sim_body(call, out);
    sim_call(sim, call);
    return sim_ended(sim, call, code) && code[0] == '\0';
}

/* ---- orders of the task ---- */

/* Each order once. */
static struct m_order *order_at(struct sim *sim, int at)
{
    for (int i = 0; i < at; i++)
        if (task.lines[i].order == task.lines[at].order)
            return NULL;
    return order_of(&sim->model, task.lines[at].order);
}

static void free_hands(struct m_order *order)
{
    for (int i = 0; i < task.count; i++)
        if (task.lines[i].order == order->id)
            order->lines[task.lines[i].n - 1].in_hand -= task.lines[i].picked;
}

/* What of one line of an FO a walk found and lost. Of a kit the least of its
 * parts is found, and the most of them lost. */
struct walk {
    int64_t found, lost, missing[M_PARTS];
    bool is_kit;
};

static struct walk walk_of(const struct m_line *line, int64_t fo, int64_t n)
{
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    struct walk walk = {.found = INT64_MAX, .is_kit = line->part_count > 0};
    for (int i = 0; i < count; i++) {
        int64_t found = 0, per = parts[i].qty;
        for (int j = 0; j < task.count; j++) {
            const struct g_task_line *at = &task.lines[j];
            if (at->fo != fo || at->n != n || at->sku != parts[i].sku)
                continue;
            found += at->picked;
            walk.missing[i] += at->missing;
        }
        int64_t lost = (walk.missing[i] + per - 1) / per;
        walk.found = found / per < walk.found ? found / per : walk.found;
        walk.lost = lost > walk.lost ? lost : walk.lost;
    }
    return walk;
}

/* FOs of the order before and after: what the command did to each line must
 * be what was scanned. `sign` -1: it is put back. */
static void judge_line(struct sim *sim, const struct m_order *order,
                       struct g_fo *was, struct g_fo *now, int64_t n, int sign,
                       struct g_deed *deed)
{
    const struct g_line *a = g_line_of(was, n), *b = g_line_of(now, n);
    const struct m_line *line = &order->lines[n - 1];
    struct walk walk = walk_of(line, was->id, n);
    if (!sim_expect(sim, a && b, "an FO lost line %lld", (long long)n))
        return;
    int64_t picked = b->picked - a->picked, lost = a->qty - b->qty;
    int64_t room = a->qty - a->picked;
    if (sign > 0 && walk.found > room)
        walk.found = room;
    int64_t want = sign > 0 ? walk.found : -walk.found;
    /* Units were cancelled since they were missed: what was found is taken,
     * and of those left as many are lost. Parts of a kit that other walks found
     * make it whole, too. */
    room -= walk.is_kit ? picked : want;
    walk.lost = sign < 0 ? 0 : walk.lost < room ? walk.lost : room;
    bool is_right =
        walk.is_kit ? (sign > 0 ? picked >= 0 : picked <= 0) : picked == want;
    sim_expect(sim, is_right && lost == walk.lost && b->packed == a->packed,
               "%s line %lld: a walk found %lld and lost %lld, and the FO has "
               "%lld picked more and %lld fewer to do",
               order->external, (long long)n, (long long)want,
               (long long)walk.lost, (long long)picked, (long long)lost);
    deed->picked[n - 1] += picked;
    deed->lost[n - 1] += lost;
    const struct m_part *parts;
    struct m_part self;
    int count = m_parts(line, &parts, &self);
    for (int i = 0; i < count && sign > 0; i++) {
        int64_t most = walk.lost * parts[i].qty;
        deed->missing[n - 1][i] +=
            walk.missing[i] < most ? walk.missing[i] : most;
    }
    sim->picked += picked;
    sim->lost += lost;
}

/* The order's FOs that the task has lines of, each line once. */
static void judge_order(struct sim *sim, struct m_order *order,
                        struct g_fos *was, int sign)
{
    static struct g_fos now;
    struct g_deed deed = {.place = task.place};
    bool is_moved = false;
    if (!goods_list(sim, order, &now))
        return;
    for (int i = 0; i < task.count; i++) {
        const struct g_task_line *at = &task.lines[i];
        bool is_first = at->order == order->id && at->qty > 0;
        for (int j = 0; j < i; j++)
            is_first &= task.lines[j].fo != at->fo ||
                        task.lines[j].n != at->n || task.lines[j].qty == 0;
        struct g_fo *a = g_fo_of(was, at->fo), *b = g_fo_of(&now, at->fo);
        if (is_first && sim_expect(sim, a && b, "a task's FO is not there"))
            judge_line(sim, order, a, b, at->n, sign, &deed);
    }
    for (int i = 0; i < M_LINES; i++)
        is_moved |= deed.picked[i] != 0 || deed.lost[i] != 0;
    if (is_moved)
        goods_take(sim, order, &deed);
    if (!sim->is_wrong)
        goods_read(sim, order, &now);
}

/* A command that ends the walk. */
enum { ORDERS = 60 };
static struct g_fos fos_before[ORDERS], after_fos;

static bool keep_before(struct sim *sim)
{
    int n = 0;
    for (int i = 0; i < task.count; i++) {
        struct m_order *order = order_at(sim, i);
        if (!order)
            continue;
        if (n == ORDERS || !goods_read(sim, order, &fos_before[n++]))
            return false;
    }
    return true;
}

static void judge_all(struct sim *sim, int sign)
{
    int n = 0;
    for (int i = 0; i < task.count && !sim->is_wrong; i++) {
        struct m_order *order = order_at(sim, i);
        if (!order)
            continue;
        if (sign > 0)
            free_hands(order);
        judge_order(sim, order, &fos_before[n++], sign);
    }
    place_forget(sim->place);
}

/* ---- deeds ---- */

static void start(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, "startPickTask", &out, &code);
    if (finish(sim, call, &out, code) && task_read(sim, call->json, &after))
        sim_expect(sim, strcmp(after.state, "picking") == 0,
                   "a task was started and is %s", after.state);
    call_close(call);
}

static int64_t sum(const struct g_task *t, int sku, bool is_left)
{
    int64_t units = 0;
    for (int i = 0; i < t->count; i++)
        if (t->lines[i].sku == sku)
            units += is_left ? left_of(&t->lines[i]) : t->lines[i].picked;
    return units;
}

static bool is_walked_for(int sku)
{
    for (int i = 0; i < task.count; i++)
        if (task.lines[i].sku == sku)
            return true;
    return false;
}

static struct call *scan_call(struct sim *sim, int sku, int64_t qty, str id)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "scanPickTask", &out);
    sim_path(call, 0, "pkt", task.id);
    json_put_cstr(&out, "sku", sim->model.skus[sku].code);
    json_put_i64(&out, "quantity", qty);
    json_put_str(&out, "scan_id", id);
    sim_body(call, &out);
    sim_call(sim, call);
    return call;
}

static void take_scan(struct sim *sim, struct call *call, int sku, int64_t qty)
{
    struct json_in *in = NULL;
    bool is_repeat = false;
    if (!sim_expect(sim,
                    json_opt_object(call->json, "task", &in) == OK && in &&
                        json_opt_bool(call->json, "is_repeat", &is_repeat) ==
                            OK,
                    "a scan answered no task") ||
        !task_read(sim, in, &after))
        return;
    sim_expect(sim,
               is_repeat == (qty == 0) &&
                   sum(&after, sku, false) == sum(&task, sku, false) + qty,
               "a scan of %lld units (%s) took %lld", (long long)qty,
               is_repeat ? "a repeat" : "new",
               (long long)(sum(&after, sku, false) - sum(&task, sku, false)));
    for (int i = 0; i < task.count && i < after.count; i++) {
        struct m_order *order = order_of(&sim->model, task.lines[i].order);
        order->lines[task.lines[i].n - 1].in_hand +=
            after.lines[i].picked - task.lines[i].picked;
    }
    task = after;
}

static void scan(struct sim *sim, int sku, int64_t qty, const char *code)
{
    char id[32];
    snprintf(id, sizeof(id), "scan-%lld", (long long)++sim->model.scan_count);
    str name = str_from_cstr(id);
    struct call *call = scan_call(sim, sku, qty, name);
    bool is_fine = sim_ended(sim, call, code) && code[0] == '\0';
    if (is_fine)
        take_scan(sim, call, sku, qty);
    call_close(call);
    if (!is_fine || sim->is_wrong || !sim_chance(sim, 15))
        return;
    /* The device sends it again, with a key of its own. */
    bool is_same = sim_chance(sim, 70);
    call = scan_call(sim, sku, is_same ? qty : qty + 1, name);
    if (sim_ended(sim, call, is_same ? "" : "scan_id_reused") && is_same)
        take_scan(sim, call, sku, 0);
    call_close(call);
}

static void scan_something(struct sim *sim)
{
    int sku = task.lines[sim_between(sim, 0, task.count - 1)].sku;
    int64_t left = sum(&task, sku, true);
    int64_t dice = sim_between(sim, 0, 99);
    int other = (int)sim_between(sim, 0, sim->model.sku_count - 1);
    if (dice < 8 && !is_walked_for(other))
        scan(sim, other, 1, "wrong_item");
    else if (dice < 16)
        scan(sim, sku, left + sim_between(sim, 1, 5), "over_picked");
    else if (left > 0)
        scan(sim, sku, dice < 70 ? left : sim_between(sim, 1, left), "");
}

static void miss(struct sim *sim)
{
    struct json_out out;
    const char *code;
    int at = (int)sim_between(sim, 0, task.count - 1);
    struct g_task_line *line = &task.lines[at];
    bool is_over = left_of(line) == 0 || sim_chance(sim, 10);
    int64_t qty = left_of(line) + 1;
    if (!is_over)
        qty = sim_between(sim, 1, left_of(line));
    struct call *call = begin(sim, "shortPickTask", &out, &code);
    json_put_i64(&out, "line", line->line);
    json_put_i64(&out, "quantity", qty);
    json_put_cstr(&out, "reason", "not on the shelf");
    code = code[0] == '\0' && is_over ? "over_short" : code;
    if (finish(sim, call, &out, code) && task_read(sim, call->json, &after)) {
        sim_expect(sim, after.lines[at].missing == line->missing + qty,
                   "a short pick of %lld units is %lld", (long long)qty,
                   (long long)(after.lines[at].missing - line->missing));
        task = after;
    }
    call_close(call);
}

/* Somebody else who still walks has found units of a line that this walk
 * misses: whose they are is settled when that walk is over. */
static bool may_be_found(struct sim *sim)
{
    for (int i = 0; i < task.count; i++) {
        int64_t n = task.lines[i].n, mine = 0;
        for (int j = 0; j < task.count; j++)
            if (task.lines[j].order == task.lines[i].order &&
                task.lines[j].n == n)
                mine += task.lines[j].picked;
        if (task.lines[i].missing > 0 &&
            order_of(&sim->model, task.lines[i].order)->lines[n - 1].in_hand >
                mine)
            return true;
    }
    return false;
}

static void complete(struct sim *sim)
{
    struct json_out out;
    const char *code;
    bool is_open = false, is_short = false;
    for (int i = 0; i < task.count; i++) {
        is_open |= left_of(&task.lines[i]) > 0;
        is_short |= task.lines[i].missing > 0;
    }
    if (!keep_before(sim))
        return;
    struct call *call = begin(sim, "completePickTask", &out, &code);
    code = code[0] == '\0' && is_open ? "lines_open" : code;
    sim_body(call, &out);
    sim_call(sim, call);
    if (code[0] == '\0' && may_be_found(sim) &&
        strcmp(call->code, "units_in_work") == 0)
        code = "units_in_work";
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        task_read(sim, call->json, &after)) {
        sim_expect(sim, strcmp(after.state, is_short ? "short" : "picked") == 0,
                   "a task was completed and is %s", after.state);
        judge_all(sim, 1);
    }
    call_close(call);
}

static const char *why_packed(struct g_fos *fos, const struct m_order *order)
{
    for (int i = 0; i < task.count; i++) {
        const struct g_task_line *at = &task.lines[i];
        struct g_fo *fo = g_fo_of(fos, at->fo);
        if (at->order != order->id || !fo)
            continue;
        const struct g_line *line = g_line_of(fo, at->n);
        int64_t whole = walk_of(&order->lines[at->n - 1], at->fo, at->n).found;
        whole = whole < line->picked ? whole : line->picked;
        if (whole > line->picked - line->packed)
            return "units_packed";
    }
    return "";
}

/* Some of it waits for its buyer. */
static bool is_at_counter(struct sim *sim, struct g_fos *fos)
{
    for (int i = 0; i < task.count; i++) {
        const struct g_task_line *at = &task.lines[i];
        const struct g_fo *fo = g_fo_of(fos, at->fo);
        if (at->order == fos->order->id && fo && at->picked > 0 &&
            pickup_is_ready(sim, fos, fo))
            return true;
    }
    return false;
}

static void call_off(struct sim *sim)
{
    struct json_out out;
    const char *code, *packed = "";
    bool is_done = is("picked") || is("short"), is_ready = false;
    int n = 0;
    if (!keep_before(sim))
        return;
    for (int i = 0; i < task.count && is_done; i++) {
        struct m_order *order = order_at(sim, i);
        if (order && packed[0] == '\0')
            packed = why_packed(&fos_before[n], order);
        if (order)
            is_ready |= is_at_counter(sim, &fos_before[n++]);
    }
    struct call *call = begin(sim, "cancelPickTask", &out, &code);
    if (code[0] == '\0')
        code = packed;
    if (code[0] == '\0' && is_ready)
        code = "pickup_ready";
    if (finish(sim, call, &out, code) && task_read(sim, call->json, &after)) {
        sim_expect(sim, strcmp(after.state, "cancelled") == 0,
                   "a task was called off and is %s", after.state);
        if (is_done)
            judge_all(sim, -1);
        n = 0;
        for (int i = 0; i < task.count && !is_done && !sim->is_wrong; i++) {
            struct m_order *order = order_at(sim, i);
            if (!order)
                continue;
            free_hands(order);
            goods_follow(sim, &fos_before[n++], NULL, &after_fos);
        }
    }
    call_close(call);
}

static bool is_done(void)
{
    for (int i = 0; i < task.count; i++)
        if (left_of(&task.lines[i]) > 0)
            return false;
    return true;
}

static void walk(struct sim *sim)
{
    int64_t dice = sim_between(sim, 0, 99);
    if (is_done() ? dice < 70 : dice < 3)
        complete(sim);
    else if (dice < 15)
        miss(sim);
    else if (dice < 18)
        call_off(sim);
    else
        scan_something(sim);
}

static void work_on(struct sim *sim, int64_t id, int64_t deeds)
{
    for (int64_t i = 0; i < deeds && !sim->is_wrong; i++) {
        if (!read_one(sim, id, &task) || is("cancelled") || is("packed"))
            return;
        if (is("created") || is("assigned")) {
            if (sim_chance(sim, 90))
                start(sim);
            else
                call_off(sim);
        } else if (is("picking")) {
            walk(sim);
        } else if (sim_chance(sim, 5)) {
            call_off(sim);
        }
    }
}

void task_work(struct sim *sim)
{
    const struct m_tasks *tasks = &sim->model.goods.tasks;
    size_t count = tasks->count < M_TASKS ? tasks->count : M_TASKS;
    if (count > 0)
        work_on(sim, tasks->at[sim_between(sim, 0, (int64_t)count - 1)],
                sim_between(sim, 1, 12));
}

void task_rush(struct sim *sim, const struct g_fo *fo)
{
    const struct m_tasks *tasks = &sim->model.goods.tasks;
    size_t before = tasks->count;
    task_make(sim, fo);
    if (tasks->count > before && !sim->is_wrong)
        work_on(sim, tasks->at[before % M_TASKS], 10);
}
