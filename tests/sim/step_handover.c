/* step_handover.c - manifests, carriers asked to come, labels in bulk. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "parcel.h"

enum { MOST = 12 };

static struct parcel chosen[MOST];
static int count;

/* Parcels of those kept, at one place; `state`, now and then another. */
static void choose(struct sim *sim, const char *state, bool is_one_place)
{
    struct m_parcels *all = &sim->model.goods.parcels;
    size_t known = all->count < M_PARCELS ? all->count : M_PARCELS;
    bool is_strict = sim_chance(sim, 85);
    count = 0;
    for (size_t i = 0; i < known && count < MOST && !sim->is_wrong; i++) {
        struct parcel *at = &chosen[count];
        if (!parcel_read(sim, all->at[i].id, at))
            return;
        bool is_fit = strcmp(at->state, state) == 0;
        if ((is_fit || (!is_strict && sim_chance(sim, 3))) &&
            (count == 0 || !is_one_place || at->place == chosen[0].place))
            count++;
    }
}

static void put_chosen(struct json_out *out)
{
    json_begin_list(out, "packages");
    for (int i = 0; i < count; i++)
        json_put_id(out, NULL, "pkg", chosen[i].id);
    json_end_list(out);
}

static void keep(struct sim *sim, const char *prefix, int64_t id)
{
    struct m_handovers *all = &sim->model.goods.handovers;
    struct m_handover *at = &all->at[all->count++ % M_HANDOVERS];
    *at = (struct m_handover){.id = id};
    snprintf(at->prefix, sizeof(at->prefix), "%s", prefix);
}

/* ---- manifests ---- */

/* All that leave of one order, together. */
static void take_order(struct sim *sim, int first)
{
    static struct g_fos fos;
    struct g_deed deed = {.place = chosen[first].place};
    struct m_order *order = order_of(&sim->model, chosen[first].order);
    for (int i = 0; i < first; i++)
        if (chosen[i].order == chosen[first].order)
            return;
    for (int i = first; i < count; i++)
        for (int j = 0; j < M_LINES; j++)
            if (chosen[i].order == chosen[first].order) {
                deed.shipped[j] += chosen[i].kits[j];
                sim->shipped += chosen[i].kits[j];
            }
    goods_take(sim, order, &deed);
    if (!sim->is_wrong)
        (void)goods_read(sim, order, &fos);
}

static void manifest(struct sim *sim)
{
    struct json_out out;
    struct parcel now;
    const char *code = "";
    bool is_twice = sim_chance(sim, 5);
    choose(sim, "labelled", true);
    if (count == 0 || sim->is_wrong)
        return;
    if (is_twice && count < MOST) {
        chosen[count] = chosen[0];
        count++;
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            if (chosen[i].id == chosen[j].id)
                code = "package_twice";
    bool has_state = false, has_void = false;
    for (int i = 0; i < count; i++) {
        bool is_labelled = strcmp(chosen[i].state, "labelled") == 0;
        has_state |= !is_labelled;
        has_void |=
            is_labelled && strcmp(chosen[i].label_state, "voiding") == 0;
    }
    struct call *call = sim_begin(sim, "createManifest", &out);
    json_put_cstr(&out, "location", sim->model.places[chosen[0].place].code);
    json_put_cstr(&out, "account", "FAULTY");
    put_chosen(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    /* Of several that stand in the way, one is told. */
    bool is_refused = has_state || has_void || code[0] != '\0';
    bool is_told =
        is_refused &&
        ((has_state && (strcmp(call->code, "state") == 0 ||
                        strcmp(call->code, "other_manifest") == 0)) ||
         (has_void && strcmp(call->code, "label_voiding") == 0) ||
         (code[0] && strcmp(call->code, code) == 0));
    if (!is_refused && sim_ended(sim, call, "")) {
        sim_expect(sim, sim_i64(call->json, "packages") == count,
                   "a manifest has %lld parcels of %d",
                   (long long)sim_i64(call->json, "packages"), count);
        keep(sim, "mfs", sim_id(call->json, "id", "mfs"));
        for (int i = 0; i < count && !sim->is_wrong; i++) {
            take_order(sim, i);
            if (parcel_read(sim, chosen[i].id, &now))
                sim_expect(sim, strcmp(now.state, "manifested") == 0,
                           "a parcel on a manifest is %s", now.state);
        }
    }
    sim_expect(sim, !is_refused || is_told,
               "a manifest of what cannot leave ended with \"%s\"", call->code);
    call_close(call);
}

/* ---- carriers that come ---- */

static void ask_to_come(struct sim *sim)
{
    struct json_out out;
    int place = (int)sim_between(sim, 0, sim->model.place_count - 1);
    bool is_past = sim_chance(sim, 10);
    struct call *call = sim_begin(sim, "requestCarrierPickup", &out);
    json_put_cstr(&out, "location", sim->model.places[place].code);
    json_put_cstr(&out, "account", "FAULTY");
    json_put_time(&out, "ready_at", sim->now + 3600000);
    json_put_time(&out, "until", sim->now + (is_past ? 3600000 : 7200000));
    json_put_i64(&out, "packages", sim_between(sim, 1, 9));
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_past ? "window_invalid" : "") && !is_past)
        keep(sim, "cpu", sim_id(call->json, "id", "cpu"));
    call_close(call);
}

static bool read_state(struct sim *sim, const struct m_handover *at,
                       char ret[16], int64_t *ret_version)
{
    bool is_manifest = strcmp(at->prefix, "mfs") == 0;
    struct call *call =
        call_open(is_manifest ? "getManifest" : "getCarrierPickup");
    str state = STR_NONE;
    sim_path(call, 0, at->prefix, at->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_fine = sim_ended(sim, call, "") &&
                   json_opt_str(call->json, "state", 1, 15, &state) == OK;
    snprintf(ret, 16, "%.*s", STR_ARG(state));
    *ret_version = sim_i64(call->json, "version");
    call_close(call);
    return is_fine;
}

static void call_it_off(struct sim *sim)
{
    struct json_out out;
    const struct m_handovers *all = &sim->model.goods.handovers;
    char state[16];
    int64_t version, most = all->count < M_HANDOVERS ? all->count : M_HANDOVERS;
    if (most == 0)
        return;
    const struct m_handover *at = &all->at[sim_between(sim, 0, most - 1)];
    if (strcmp(at->prefix, "cpu") != 0 || !read_state(sim, at, state, &version))
        return;
    bool is_over =
        strcmp(state, "refused") == 0 || strcmp(state, "cancelled") == 0;
    struct call *call = sim_begin(sim, "cancelCarrierPickup", &out);
    sim_path(call, 0, "cpu", at->id);
    json_put_i64(&out, "version", version);
    sim_body(call, &out);
    sim_call(sim, call);
    sim_ended(sim, call, is_over ? "state" : "");
    call_close(call);
}

/* ---- in bulk ---- */

static void in_bulk(struct sim *sim)
{
    struct json_out out;
    choose(sim, "draft", false);
    if (count == 0 || sim->is_wrong)
        return;
    struct call *call = sim_begin(sim, "createLabelJob", &out);
    json_put_cstr(&out, "account", "FAULTY");
    json_put_cstr(&out, "service", "std");
    put_chosen(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, "") &&
        sim_expect(sim, sim_i64(call->json, "total") == count,
                   "a job of %d labels has %lld", count,
                   (long long)sim_i64(call->json, "total")))
        keep(sim, "lbj", sim_id(call->json, "id", "lbj"));
    call_close(call);
}

/* Each item has its outcome; one that was bought has its label. */
static void check_job(struct sim *sim, int64_t id)
{
    int64_t bought = 0, refused = 0, sums[3];
    struct json_list list = {0};
    struct call *call = call_open("getLabelJob");
    sim_path(call, 0, "lbj", id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        sim_expect(sim, sim_has_text(call->json, "state", "done"),
                   "I23: a job of labels does not end");
    sums[0] = sim_i64(call->json, "total");
    sums[1] = sim_i64(call->json, "bought");
    sums[2] = sim_i64(call->json, "refused");
    call_close(call);
    call = call_open("listLabelJobItems");
    sim_path(call, 0, "lbj", id);
    call->query = "limit=250";
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "") &&
        json_get_list(call->json, "items", 0, 250, &list) == OK)
        for (size_t i = 0; i < list.count; i++) {
            struct json_in *in;
            if (json_list_object(&list, i, &in) != OK)
                break;
            bought += sim_has_text(in, "state", "bought");
            refused += sim_has_text(in, "state", "refused");
        }
    call_close(call);
    sim_expect(sim,
               bought == sums[1] && refused == sums[2] &&
                   bought + refused == sums[0],
               "a job of %lld labels: %lld bought, %lld refused; it says %lld "
               "and %lld",
               (long long)sums[0], (long long)bought, (long long)refused,
               (long long)sums[1], (long long)sums[2]);
}

/* ---- checks ---- */

/* Carriers were asked all there was: whoever comes knows of it. */
void check_handovers(struct sim *sim)
{
    const struct m_handovers *all = &sim->model.goods.handovers;
    int64_t most = all->count < M_HANDOVERS ? all->count : M_HANDOVERS;
    for (int64_t i = 0; i < most && !sim->is_wrong; i++) {
        const struct m_handover *at = &all->at[i];
        char state[16], reference[40], text[ID_TEXT_BYTES];
        int64_t version;
        if (strcmp(at->prefix, "lbj") == 0) {
            check_job(sim, at->id);
            continue;
        }
        size_t len = id_to_text(at->prefix, at->id, text);
        snprintf(reference, sizeof(reference), "%.*s", (int)len, text);
        bool is_known = faulty_knows(sim, reference);
        if (read_state(sim, at, state, &version))
            sim_expect(sim,
                       strcmp(state, "requested") != 0 &&
                           (strcmp(state, "confirmed") != 0 || is_known),
                       "%s is %s, and its carrier knows %s of it", reference,
                       state, is_known ? "" : "nothing");
    }
}

void handover_work(struct sim *sim)
{
    int64_t dice = sim_between(sim, 0, 99);
    if (dice < 45)
        manifest(sim);
    else if (dice < 60)
        ask_to_come(sim);
    else if (dice < 68)
        call_it_off(sim);
    else
        in_bulk(sim);
}
