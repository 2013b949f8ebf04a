/* demo_walk.c - what becomes of the demo merchant's orders, hour by hour.
 *
 * Each order walks the same way: a task, a walk through the shelves, a parcel,
 * a label, a manifest, and what the carrier says. The last ones have only just
 * begun it. A few go wrong, so that somebody has something to do.
 */
#include "app/demo.h"

#include "app/demo_story.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "oms/fulfillment/fulfillment_types.h"
#include "oms/shipping/shipping_call.h"
#include "store/store.h"

/* ---- helpers ---- */

/* Runs an operation that wants the version that was seen last; `more` is the
 * rest of its body: ",\"line\":1". */
static err_t act(struct ctx *ctx, const char *operation, const char *id,
                 int64_t version, const char *more)
{
    struct json_in *reply;
    return demo_call(ctx, operation, id,
                     str_printf(ctx->arena, "{\"version\":%lld%s}",
                                (long long)version, more),
                     &reply);
}

static err_t read_version(struct json_in *in, int64_t *ret)
{
    return json_get_i64(in, "version", 1, INT64_MAX, ret);
}

static err_t version_of(struct ctx *ctx, const char *operation, const char *id,
                        int64_t *ret)
{
    struct json_in *reply;
    TRY(demo_call(ctx, operation, id, STR_NONE, &reply));
    return read_version(reply, ret);
}

/* ---- picking ---- */

static int place_of(const struct demo *demo, location_id id)
{
    for (int i = 0; i < DEMO_PLACES; i++)
        if (demo->places[i].v == id.v)
            return i;
    return -1;
}

struct step {
    const struct demo *demo;
    struct demo_tale *tale;
    int n;
};

static err_t make_task(struct ctx *ctx, const struct step *s,
                       const struct fulfillment *fo)
{
    struct json_in *reply, *task;
    struct json_list tasks;
    struct demo_part *part = &s->tale->parts[s->tale->part_count];
    *part = (struct demo_part){fo->id, place_of(s->demo, fo->location), 0};
    TRY(demo_call(ctx, "makePickTasks", NULL,
                  str_printf(ctx->arena,
                             "{\"mode\":\"single\","
                             "\"fulfillment_orders\":[\"%s\"]}",
                             demo_id(ctx, "fo", fo->id.v)),
                  &reply));
    TRY(json_get_list(reply, "tasks", 1, 1, &tasks));
    TRY(json_list_object(&tasks, 0, &task));
    TRY(json_get_id(task, "id", "pkt", &part->task));
    s->tale->part_count++;
    return OK;
}

static err_t make_tasks(struct ctx *ctx, const struct step *s)
{
    struct fulfillment *fos;
    size_t count;
    s->tale->part_count = 0;
    TRY(fulfillment_list_order(ctx, s->tale->id, &fos, &count));
    for (size_t i = 0; i < count && i < DEMO_PARTS; i++)
        if (fos[i].status == FULFILLMENT_OPEN)
            TRY(make_task(ctx, s, &fos[i]));
    return OK;
}

/* Takes what is left on every line, or of the first one unit alone. */
static err_t scan_lines(struct ctx *ctx, const char *task, bool is_first_only)
{
    struct json_in *reply, *line;
    struct json_list lines;
    TRY(demo_call(ctx, "getPickTask", task, STR_NONE, &reply));
    TRY(json_get_list(reply, "lines", 1, 1000, &lines));
    for (size_t i = 0; i < (is_first_only ? 1 : lines.count); i++) {
        int64_t left, n;
        str barcode;
        struct json_in *after;
        TRY(json_list_object(&lines, i, &line));
        TRY(json_get_i64(line, "left", 0, LIMIT_QTY, &left));
        TRY(json_get_i64(line, "line", 1, LIMIT_QTY, &n));
        TRY(json_get_str(line, "barcode", 1, LIMIT_CODE_BYTES, &barcode));
        if (left == 0)
            continue;
        str body =
            str_printf(ctx->arena,
                       "{\"barcode\":\"%.*s\",\"line\":%lld,\"quantity\":%lld}",
                       STR_ARG(barcode), (long long)n,
                       is_first_only ? 1 : (long long)left);
        TRY(demo_call(ctx, "scanPickTask", task, body, &after));
    }
    return OK;
}

static err_t start_tasks(struct ctx *ctx, const struct step *s)
{
    for (size_t i = 0; i < s->tale->part_count; i++) {
        const char *id = demo_id(ctx, "pkt", s->tale->parts[i].task);
        int64_t version;
        TRY(version_of(ctx, "getPickTask", id, &version));
        TRY(act(ctx, "startPickTask", id, version, ""));
        TRY(scan_lines(ctx, id, true));
    }
    return OK;
}

static err_t end_tasks(struct ctx *ctx, const struct step *s)
{
    for (size_t i = 0; i < s->tale->part_count; i++) {
        const char *id = demo_id(ctx, "pkt", s->tale->parts[i].task);
        int64_t version;
        if (s->n == DEMO_SHORT) {
            TRY(version_of(ctx, "getPickTask", id, &version));
            TRY(act(ctx, "shortPickTask", id, version,
                    ",\"line\":1,\"quantity\":1,"
                    "\"reason\":\"the shelf is empty\""));
        }
        TRY(scan_lines(ctx, id, false));
        TRY(version_of(ctx, "getPickTask", id, &version));
        TRY(act(ctx, "completePickTask", id, version, ""));
    }
    return OK;
}

/* ---- parcels ---- */

static err_t pack(struct ctx *ctx, const struct step *s)
{
    struct demo_tale *tale = s->tale;
    tale->parcel_count = 0;
    for (size_t i = 0; i < tale->part_count; i++) {
        struct json_in *reply, *item;
        struct json_list items;
        str body = str_printf(ctx->arena,
                              "{\"fulfillment_order_id\":\"%s\","
                              "\"suggest\":true,\"close\":true}",
                              demo_id(ctx, "fo", tale->parts[i].fo.v));
        TRY(demo_call(ctx, "createPackages", NULL, body, &reply));
        TRY(json_get_list(reply, "items", 1, 500, &items));
        for (size_t j = 0; j < items.count; j++) {
            ASSERT(tale->parcel_count < DEMO_PARTS);
            struct demo_parcel *parcel = &tale->parcels[tale->parcel_count++];
            parcel->place = tale->parts[i].place;
            TRY(json_list_object(&items, j, &item));
            TRY(json_get_id(item, "id", "pkg", &parcel->id.v));
        }
    }
    return OK;
}

static err_t ask_labels(struct ctx *ctx, const struct step *s)
{
    for (size_t i = 0; i < s->tale->parcel_count; i++) {
        const char *id = demo_id(ctx, "pkg", s->tale->parcels[i].id.v);
        int64_t version;
        TRY(version_of(ctx, "getPackage", id, &version));
        TRY(act(ctx, "requestLabel", id, version,
                s->n % 5 == 0
                    ? ",\"account\":\"own\",\"service\":\"express\""
                    : ",\"account\":\"own\",\"service\":\"standard\""));
    }
    return OK;
}

/* What the worker of a server does, for the one carrier that asks nobody. In
 * the transaction that wants the call, so no worker is before us; what others
 * want is left to theirs. */
err_t demo_answer_calls(struct ctx *ctx)
{
    const struct call_taker taker = {.owner = 1, .limit = CALL_BATCH};
    struct call_task *tasks;
    size_t count;
    TRY(call_take(ctx, &taker, &tasks, &count));
    for (size_t i = 0; i < count; i++) {
        struct carrier_outcome outcome;
        if (!tasks[i].carrier->answer)
            continue;
        TRY(tasks[i].carrier->answer(ctx, &tasks[i].account, &tasks[i].request,
                                     &outcome));
        TRY(call_record(ctx, &tasks[i], &outcome));
    }
    return call_release(ctx, taker.owner, false);
}

static err_t label(struct ctx *ctx, const struct step *s)
{
    TRY(ask_labels(ctx, s));
    TRY(demo_answer_calls(ctx));
    for (size_t i = 0; i < s->tale->parcel_count; i++) {
        struct json_in *reply;
        str state;
        TRY(demo_call(ctx, "getPackage",
                      demo_id(ctx, "pkg", s->tale->parcels[i].id.v), STR_NONE,
                      &reply));
        TRY(json_get_str(reply, "state", 1, LIMIT_CODE_BYTES, &state));
        if (!str_equal_cstr(state, "labelled"))
            return fail(ctx, ERR_STATE, "",
                        "no label came; is outbound work paused?");
    }
    return OK;
}

/* ---- the carrier ---- */

/* A manifest for each place the order leaves from. */
static err_t hand_over(struct ctx *ctx, const struct step *s)
{
    for (int place = 0; place < DEMO_PLACES; place++) {
        struct json_in *reply;
        struct buf body;
        size_t count = 0;
        buf_init(&body, ctx->arena, LIMIT_REPLY_BYTES);
        buf_addf(&body,
                 "{\"location\":\"%s\",\"account\":\"own\",\"packages\":[",
                 demo_place_code(place));
        for (size_t i = 0; i < s->tale->parcel_count; i++)
            if (s->tale->parcels[i].place == place)
                buf_addf(&body, "%s\"%s\"", count++ ? "," : "",
                         demo_id(ctx, "pkg", s->tale->parcels[i].id.v));
        buf_add_cstr(&body, "]}");
        if (count > 0)
            TRY(demo_call(ctx, "createManifest", NULL, buf_str(&body), &reply));
    }
    return demo_answer_calls(ctx);
}

static err_t say(struct ctx *ctx, const struct step *s, const char *code,
                 const char *text)
{
    str body = str_printf(ctx->arena,
                          "{\"items\":[{\"code\":\"%s\",\"text\":\"%s\"}]}",
                          code, text);
    for (size_t i = 0; i < s->tale->parcel_count; i++) {
        struct json_in *reply;
        TRY(demo_call(ctx, "addTracking",
                      demo_id(ctx, "pkg", s->tale->parcels[i].id.v), body,
                      &reply));
    }
    return OK;
}

/* ---- the way of an order ---- */

enum stage {
    PLACED = 0,
    TASKED,
    STARTED,
    PICKED,
    PACKED,
    LABELLED,
    SHIPPED,
    MOVING,
    OUT,
    DELIVERED,
    STAGES
};
/* Hours after the order. */
static const int stage_hour[STAGES] = {
    [TASKED] = 4,  [STARTED] = 5,  [PICKED] = 6,
    [PACKED] = 8,  [LABELLED] = 9, [SHIPPED] = 12,
    [MOVING] = 16, [OUT] = 45,     [DELIVERED] = 50,
};

/* Some arrive late; what has a story arrives as it needs. */
static int hour_of(int n, int stage)
{
    int hour = stage_hour[stage];
    if (n < DEMO_OLD && stage >= OUT && demo_story_of(n)->step == 0)
        hour += demo_chance(n, 9, 9) == 0 ? 48 + demo_chance(n, 11, 60)
                                          : demo_chance(n, 11, 14);
    return hour;
}

static bool is_pickup(int n)
{
    return n == DEMO_PICKUP || (n < DEMO_OLD && demo_story_of(n)->is_pickup);
}

/* Where the way of the nth ends, as far as it is not a good one. */
static enum stage last_stage(int n)
{
    if (n == DEMO_SHORT || n == DEMO_PICKUP)
        return PICKED;
    if (n == DEMO_REFUSED || n == DEMO_LOST)
        return OUT;
    return DELIVERED;
}

static err_t be_out(struct ctx *ctx, const struct step *s)
{
    if (s->n == DEMO_LOST)
        return say(ctx, s, "lost", "Not found in the depot");
    if (s->n == DEMO_REFUSED)
        return say(ctx, s, "address_wrong", "No such name at the door");
    return say(ctx, s, "out_for_delivery", "On the van");
}

/* The buyer comes for it. */
static err_t be_fetched(struct ctx *ctx, const struct step *s, bool is_taken)
{
    const struct pickup_filter filter = {.order = s->tale->id, .limit = 1};
    struct pickup *pickups;
    size_t count;
    str code;
    bool is_collected;
    TRY(pickup_page(ctx, &filter, &pickups, &count));
    ASSERT(count == 1);
    if (!is_taken)
        return pickup_ready(ctx, pickups->id, pickups->version, 0);
    TRY(pickup_new_code(ctx, pickups->id, pickups->version, &code));
    TRY(pickup_collect(ctx, pickups->id, code, &is_collected));
    ASSERT(is_collected);
    return OK;
}

static err_t enter_fetched(struct ctx *ctx, const struct step *s)
{
    if (!store_secrets(ctx)) /* Nothing seals its code. */
        return OK;
    if (s->tale->stage == PACKED)
        return be_fetched(ctx, s, false);
    if (s->tale->stage == DELIVERED)
        return be_fetched(ctx, s, true);
    return OK;
}

static err_t enter(struct ctx *ctx, const struct step *s)
{
    if (is_pickup(s->n) && s->tale->stage > PICKED)
        return enter_fetched(ctx, s);
    switch ((enum stage)s->tale->stage) {
    case TASKED: return make_tasks(ctx, s);
    case STARTED: return start_tasks(ctx, s);
    case PICKED: return end_tasks(ctx, s);
    case PACKED: return pack(ctx, s);
    case LABELLED: return label(ctx, s);
    case SHIPPED: return hand_over(ctx, s);
    case MOVING: return say(ctx, s, "in_transit", "Left the depot");
    case OUT: return be_out(ctx, s);
    case DELIVERED: return say(ctx, s, "delivered", "Handed to the buyer");
    case PLACED:
    case STAGES: break;
    }
    UNREACHABLE("nobody comes back to the beginning");
}

static bool goes_on(int n, int hour, const struct demo_tale *tale)
{
    return tale->id.v && tale->stage < (int)last_stage(n) &&
           tale->walk_hour + hour_of(n, tale->stage + 1) <= hour;
}

err_t demo_walk(struct ctx *ctx, const struct demo *demo, int n, int hour,
                struct demo_tale *tale)
{
    const struct step step = {demo, tale, n};
    while (goes_on(n, hour, tale)) {
        tale->stage++;
        TRY(enter(ctx, &step));
    }
    return OK;
}

bool demo_is_due(int n, int hour, const struct demo_tale *tale)
{
    bool is_there = n >= DEMO_ORDERS || tale->id.v;
    return goes_on(n, hour, tale) ||
           (is_there && tale->done < tale->deed_count &&
            tale->hour + tale->deeds[tale->done].hour <= hour);
}
