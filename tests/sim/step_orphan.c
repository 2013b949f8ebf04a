/* step_orphan.c - labels that a carrier sold and no parcel wants. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "parcel.h"

enum { PAGE = 250, MOST = F_LABELS };

struct orphan {
    int64_t id;
    char state[16], tracking[24];
};
static struct orphan orphans[MOST];
static int count;

static struct call *read_page(struct sim *sim, const char *operation,
                              const char *query)
{
    struct call *call = call_open(operation);
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    return call;
}

/* One page; how many it has. */
static size_t read_some(struct sim *sim, const char *query)
{
    struct json_list list = {0};
    struct call *call = read_page(sim, "listOrphanLabels", query);
    if (!sim_ended(sim, call, "") ||
        !sim_expect(sim,
                    json_get_list(call->json, "items", 0, PAGE, &list) == OK,
                    "listOrphanLabels: no items"))
        list.count = 0;
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++) {
        struct json_in *in;
        str state = STR_NONE, tracking = STR_NONE;
        ASSERT(count < MOST);
        struct orphan *at = &orphans[count++];
        if (!sim_expect(sim,
                        json_list_object(&list, i, &in) == OK &&
                            json_get_str(in, "state", 1, 15, &state) == OK &&
                            json_get_str(in, "tracking", 1, 23, &tracking) ==
                                OK,
                        "listOrphanLabels: an item cannot be read"))
            break;
        at->id = sim_id(in, "id", "orl");
        snprintf(at->state, sizeof(at->state), "%.*s", STR_ARG(state));
        snprintf(at->tracking, sizeof(at->tracking), "%.*s", STR_ARG(tracking));
    }
    call_close(call);
    return list.count;
}

static void read_all(struct sim *sim)
{
    char query[80] = "limit=250", id[ID_TEXT_BYTES];
    count = 0;
    while (read_some(sim, query) == PAGE && !sim->is_wrong) {
        int len = (int)id_to_text("orl", orphans[count - 1].id, id);
        snprintf(query, sizeof(query), "limit=250&after=%.*s", len, id);
    }
}

static const struct orphan *orphan_of(const char *tracking)
{
    for (int i = 0; i < count; i++)
        if (strcmp(orphans[i].tracking, tracking) == 0)
            return &orphans[i];
    return NULL;
}

void orphan_work(struct sim *sim)
{
    struct json_out out;
    read_all(sim);
    if (count == 0 || sim->is_wrong)
        return;
    const struct orphan *at = &orphans[sim_between(sim, 0, count - 1)];
    bool is_refused = strcmp(at->state, "refused") == 0;
    struct call *call = sim_begin(sim, "voidOrphanLabel", &out);
    sim_path(call, 0, "orl", at->id);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, is_refused ? "" : "orphan_not_refused") &&
        is_refused)
        sim_expect(sim, sim_has_text(call->json, "state", "voiding"),
                   "the label %s is asked for again and not voiding",
                   at->tracking);
    call_close(call);
}

/* ---- checks ---- */

static bool is_borne(struct sim *sim, const struct f_label *label)
{
    char query[80];
    struct json_list list = {0};
    snprintf(query, sizeof(query), "tracking=%s", label->tracking);
    struct call *call = read_page(sim, "listPackages", query);
    bool is_read = sim_ended(sim, call, "") &&
                   json_get_list(call->json, "items", 0, PAGE, &list) == OK;
    call_close(call);
    return is_read && list.count == 1;
}

/* What was sold to a store that is lost, nobody may know of. */
static bool is_lost(const struct faulty *f, const struct f_label *label)
{
    enum { LATE_MS = 60 * 1000 };
    return f->restored_at > 0 && label->sold_at <= f->restored_at + LATE_MS;
}

static void check_label(struct sim *sim, const struct f_label *label)
{
    const struct orphan *orphan = orphan_of(label->tracking);
    bool is_told = orphan && strcmp(orphan->state, "voided") == 0;
    sim_expect(sim, !is_told || label->is_void,
               "I23: the label %s is voided and its carrier keeps it",
               label->tracking);
    if (label->is_void || is_lost(sim->faulty, label))
        return;
    if (orphan)
        sim_expect(sim, strcmp(orphan->state, "refused") == 0,
                   "I23: the label %s that nobody wants is %s", label->tracking,
                   orphan->state);
    else
        sim_expect(sim, is_borne(sim, label),
                   "I23: nobody knows of the label %s, sold for %s%s",
                   label->tracking, label->reference,
                   label->is_denied ? " and denied" : "");
}

void check_orphans(struct sim *sim)
{
    enum { OLD_ONES = 10 };
    struct faulty *f = sim->faulty;
    read_all(sim);
    for (int i = 0; i < OLD_ONES && f->seen > 0 && !sim->is_wrong; i++)
        check_label(sim, &f->labels[sim_between(sim, 0, f->seen - 1)]);
    for (; f->seen < f->count && !sim->is_wrong; f->seen++)
        check_label(sim, &f->labels[f->seen]);
    for (int i = 0; i < count && !sim->is_wrong; i++) {
        bool is_sold = false;
        for (int j = 0; j < f->count && !is_sold; j++)
            is_sold = strcmp(f->labels[j].tracking, orphans[i].tracking) == 0;
        sim_expect(sim, is_sold, "nobody sold the label %s",
                   orphans[i].tracking);
    }
}

void orphan_tell(const struct sim *sim)
{
    const struct faulty *f = sim->faulty;
    printf("sim: labels=%d denied=%lld unwanted=%d kept=%lld\n", f->count,
           (long long)f->denied, count, (long long)f->kept);
}
