/* routing_told.c - a stored decision as an entry of a timeline. */
#include "oms/routing/routing_told.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/routing/routing_store.h"

struct place {
    int64_t location; /* 0: no stock is taken. */
    int64_t units;
};
struct told {
    struct place *places; /* In the order they were chosen. */
    size_t count;
    int64_t waiting;
    int64_t considered; /* Locations. */
};

static struct place *place_of(struct told *told, int64_t location)
{
    for (size_t i = 0; i < told->count; i++)
        if (told->places[i].location == location)
            return &told->places[i];
    told->places[told->count] = (struct place){.location = location};
    return &told->places[told->count++];
}

static err_t read_plan(struct ctx *ctx, struct json_in *doc, struct told *told)
{
    struct json_list list;
    TRY(json_get_list(doc, "plan", 0, SIZE_MAX, &list));
    told->places = arena_array(ctx->arena, struct place, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        int64_t location = 0, units;
        TRY(json_list_object(&list, i, &in));
        TRY(json_opt_id(in, "location", "loc", &location));
        TRY(json_get_i64(in, "quantity", 0, INT64_MAX, &units));
        place_of(told, location)->units += units;
    }
    return OK;
}

static err_t read_waiting(struct json_in *doc, struct told *told)
{
    struct json_list list;
    TRY(json_get_list(doc, "backordered", 0, SIZE_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        int64_t units;
        TRY(json_list_object(&list, i, &in));
        TRY(json_get_i64(in, "quantity", 0, INT64_MAX, &units));
        told->waiting += units;
    }
    return OK;
}

/* In the document where the decision is an old one. */
static err_t read_considered(struct json_in *doc, str candidates,
                             struct told *told)
{
    struct json_list list;
    TRY(json_get_list(doc, "candidates", 0, SIZE_MAX, &list));
    told->considered = (int64_t)list.count;
    (void)str_split(candidates, ';', &candidates); /* The rules. */
    for (; candidates.len > 0; told->considered++)
        (void)str_split(candidates, ';', &candidates);
    return OK;
}

static void put_allocated(struct json_out *out, const struct told *told)
{
    json_begin_list(out, "allocated");
    for (size_t i = 0; i < told->count; i++) {
        if (told->places[i].location == 0)
            continue;
        json_begin(out, NULL);
        json_put_id(out, "location", "loc", told->places[i].location);
        json_put_i64(out, "quantity", told->places[i].units);
        json_end_object(out);
    }
    json_end_list(out);
}

static err_t read_told(struct ctx *ctx, const struct routing_record *record,
                       struct json_in **ret_doc, struct told *ret)
{
    *ret = (struct told){0};
    TRY(json_parse(ctx, record->doc, ret_doc));
    TRY(read_plan(ctx, *ret_doc, ret));
    TRY(read_waiting(*ret_doc, ret));
    return read_considered(*ret_doc, record->candidates, ret);
}

err_t routing_told(struct ctx *ctx, const struct routing_record *record,
                   struct json_out *out)
{
    struct json_in *doc;
    struct told told;
    str reason = STR_NONE;
    TRY(read_told(ctx, record, &doc, &told));
    TRY(json_opt_str(doc, "reason", 0, SIZE_MAX, &reason));
    json_begin(out, "data");
    json_put_id(out, "decision", "rtd", record->id);
    json_put_str(out, "rule", record->rule);
    json_put_cstr(out, "why", routing_rule_why(record->rule));
    if (reason.len > 0)
        json_put_str(out, "reason", reason);
    json_put_i64(out, "considered", told.considered);
    put_allocated(out, &told);
    json_put_i64(out, "backordered", told.waiting);
    json_end_object(out);
    return OK;
}
