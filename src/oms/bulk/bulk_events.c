/* bulk_events.c - labels that jobs asked for come, or do not. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"
#include "store/event.h"

static bool is_wanted(const struct event *event)
{
    static const char *const types[] = {
        "package.labelled", "package.label_refused", "package.label_cancelled"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_equal_cstr(event->type, types[i]))
            return true;
    return false;
}

static err_t order_of(struct ctx *ctx, const struct event *event, int64_t *ret)
{
    struct json_in *data;
    TRY(json_parse(ctx, event->data, &data));
    return json_get_id(data, "order_id", "ord", ret);
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    int64_t *orders = arena_array(ctx->arena, int64_t, count + 1);
    struct order_job_item *items;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (is_wanted(&events[i]))
            TRY(order_of(ctx, &events[i], &orders[n++]));
    if (n == 0)
        return OK;
    TRY(order_job_asked(ctx, orders, n, &items, &n));
    for (size_t i = 0; i < n; i++)
        TRY(order_job_item_look(ctx, &items[i]));
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "order_jobs", .consume = consume},
};
const struct event_list bulk_events = {consumers, COUNT_OF(consumers)};
