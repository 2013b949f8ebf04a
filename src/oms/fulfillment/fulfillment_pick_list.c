/* fulfillment_pick_list.c - the list that a picker walks with, on paper. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/doc_pick.h"
#include "base/id.h"
#include "base/json_any.h"
#include "base/str.h"
#include "base/time.h"
#include "base/zone_clock.h"
#include "oms/fulfillment/fulfillment_pick_page.h"
#include "oms/fulfillment/fulfillment_pick_view.h"
#include "oms/routing/routing_zone.h"

struct attrs {
    struct doc_attr *at;
    size_t count;
};

/* "size": "54" becomes "size" and "54"; what is no plain value, its JSON. */
static err_t add_attr(struct ctx *ctx, str key, json_any value, void *arg)
{
    struct attrs *attrs = arg;
    str text = json_any_text(ctx->arena, value);
    if (text.len == 0 && json_any_kind(value) != JSON_KIND_STRING)
        text = json_any_dump(ctx->arena, value);
    attrs->at[attrs->count++] =
        (struct doc_attr){str_copy(ctx->arena, key), text};
    return OK;
}

static err_t read_attrs(struct ctx *ctx, str text, struct doc_pick_line *ret)
{
    json_any doc;
    struct attrs attrs = {0};
    TRY(json_any_parse(ctx, &text, &doc));
    attrs.at = arena_array(ctx->arena, struct doc_attr, json_any_count(doc));
    err_t err = json_any_each(ctx, doc, add_attr, &attrs);
    json_any_close(doc);
    ret->attrs = attrs.at;
    ret->attr_count = attrs.count;
    return err;
}

static str lot_text(struct ctx *ctx, const struct pick_page *p, lot_id lot)
{
    char day[DATE_TEXT_BYTES];
    const struct lot_name *name =
        map_find(p->lots, (struct map_key){.a = lot.v});
    if (!name)
        return STR("");
    if (name->expires_on == NO_EXPIRY)
        return name->code;
    date_to_text(name->expires_on, day);
    return str_printf(ctx->arena, "%.*s, until %.*s", STR_ARG(name->code),
                      DATE_TEXT_BYTES, day);
}

/* A walk goes by zone, then by bin. */
static str place_text(struct ctx *ctx, const struct pick_line *line)
{
    if (line->zone.len == 0 || line->bin.len == 0)
        return line->bin;
    return str_printf(ctx->arena, "%.*s %.*s", STR_ARG(line->zone),
                      STR_ARG(line->bin));
}

static err_t make_line(struct ctx *ctx, const struct pick_page *p,
                       const struct pick_line *line, struct doc_pick_line *ret)
{
    struct map_key key = {.a = line->order.v, .b = line->fo_n};
    const struct order_line_text *text = map_find(p->texts, key);
    const struct sku_handling *handling =
        map_find(p->handling, (struct map_key){.a = line->sku.v});
    str number = text ? text->number : STR("");
    *ret = (struct doc_pick_line){
        .bin = place_text(ctx, line),
        .sku = code_of_sku(&p->codes, line->sku),
        .title = text ? text->title : STR(""),
        .code = handling ? handling->barcode : STR(""),
        .qty = line->qty,
        .lot = lot_text(ctx, p, line->lot),
        .into = line->tote.len > 0
                    ? str_printf(ctx->arena, "%.*s %.*s", STR_ARG(number),
                                 STR_ARG(line->tote))
                    : number,
    };
    return read_attrs(ctx, text ? text->attrs : STR("{}"), ret);
}

static str mode_text(struct ctx *ctx, const struct pick_task *task)
{
    const char *name = pick_mode_name(task->mode);
    if (task->zone.len == 0)
        return str_from_cstr(name);
    return str_printf(ctx->arena, "%s %.*s", name, STR_ARG(task->zone));
}

/* By the clocks of the location: "2026-11-22 16:00 Europe/Berlin". */
static err_t deadline_text(struct ctx *ctx, const struct pick_page *p,
                           const struct pick_task *task, str *ret)
{
    const struct routing_book *book;
    utc_ms at = pick_deadline_of(p, task->id);
    char day[DATE_TEXT_BYTES];
    int minute;
    *ret = STR("");
    if (at == 0)
        return OK;
    TRY(routing_book_get(ctx, &book));
    const struct zone_clock *clock = routing_site_clock(book, task->location);
    if (!clock)
        return OK;
    date_to_text(zone_clock_day(clock, at, &minute), day);
    *ret = str_printf(ctx->arena, "%.*s %02d:%02d %.*s", DATE_TEXT_BYTES, day,
                      minute / 60, minute % 60, STR_ARG(clock->zone));
    return OK;
}

err_t pick_write_pdf(struct ctx *ctx, enum doc_paper paper, pick_task_id id,
                     str *ret)
{
    struct pick_task task;
    struct pick_page p = {.tasks = &task, .count = 1};
    char number[ID_TEXT_BYTES];
    size_t n = 0;
    TRY(pick_task_get(ctx, id, &task));
    TRY(pick_page_read(ctx, &p));
    struct doc_pick_line *lines =
        arena_array(ctx->arena, struct doc_pick_line, p.line_count);
    for (size_t i = 0; i < p.line_count; i++)
        if (p.lines[i].qty > 0)
            TRY(make_line(ctx, &p, &p.lines[i], &lines[n++]));
    if (n == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_pick", "lines",
                       "nothing of this task is left");
    struct doc_pick_list list = {
        .paper = paper,
        .number = {number, id_to_text("pkt", id.v, number)},
        .mode = mode_text(ctx, &task),
        .location = code_of_location(&p.codes, task.location),
        .assignee = STR(""),
        .tote = task.tote,
        .lines = lines,
        .line_count = n,
    };
    TRY(deadline_text(ctx, &p, &task, &list.deadline));
    return doc_pick_pdf(ctx, &list, ret);
}
