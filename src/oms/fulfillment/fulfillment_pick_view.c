/* fulfillment_pick_view.c - pick tasks as the API shows them. */
#include "oms/fulfillment/fulfillment_pick_view.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/fulfillment/fulfillment_pick_page.h"

static void put_lot(struct json_out *out, const struct pick_page *p, lot_id lot)
{
    const struct lot_name *name =
        map_find(p->lots, (struct map_key){.a = lot.v});
    char day[DATE_TEXT_BYTES];
    if (!name) {
        json_put_null(out, "lot");
        json_put_null(out, "expires_on");
        return;
    }
    json_put_str(out, "lot", name->code);
    if (name->expires_on == NO_EXPIRY) {
        json_put_null(out, "expires_on");
        return;
    }
    date_to_text(name->expires_on, day);
    json_put_str(out, "expires_on", (str){day, sizeof day});
}

static void put_units(struct json_out *out, struct pick_page *p,
                      const struct pick_line *line)
{
    json_begin_list(out, "units");
    for (; p->next_unit < p->unit_count; p->next_unit++) {
        const struct pick_unit *unit = &p->units[p->next_unit];
        if (unit->task.v != line->task.v || unit->n != line->n)
            break;
        json_begin(out, NULL);
        put_lot(out, p, unit->lot);
        json_put_str_or_null(out, "serial", unit->serial);
        json_put_i64(out, "quantity", unit->qty);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_order_line(struct json_out *out, const struct pick_page *p,
                           const struct pick_line *line)
{
    struct map_key key = {.a = line->order.v, .b = line->fo_n};
    const struct order_line_text *text = map_find(p->texts, key);
    const struct production *making = map_find(p->making, key);
    json_put_id(out, "order", "ord", line->order.v);
    json_put_str(out, "order_number", text ? text->number : STR(""));
    json_put_i64(out, "order_line", line->fo_n);
    json_put_str(out, "title", text ? text->title : STR(""));
    json_put_raw(out, "attrs", text ? text->attrs : STR("{}"));
    if (making)
        json_put_cstr(out, "production_status",
                      production_status_name(making->status));
    else
        json_put_null(out, "production_status");
}

static void put_line(struct json_out *out, struct pick_page *p,
                     const struct pick_line *line)
{
    const struct sku_handling *handling =
        map_find(p->handling, (struct map_key){.a = line->sku.v});
    json_begin(out, NULL);
    json_put_i64(out, "line", line->n);
    json_put_id(out, "fulfillment_order", "fo", line->fo.v);
    put_order_line(out, p, line);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", code_of_sku(&p->codes, line->sku));
    json_put_str_or_null(out, "barcode",
                         handling ? handling->barcode : STR(""));
    json_put_str_or_null(out, "bin", line->bin);
    json_put_str_or_null(out, "zone", line->zone);
    put_lot(out, p, line->lot);
    json_put_i64(out, "per_line_unit", line->per);
    json_put_i64(out, "quantity", line->qty);
    json_put_i64(out, "picked", line->picked);
    json_put_i64(out, "missing", line->missing);
    json_put_i64(out, "left", pick_left(line));
    json_put_str_or_null(out, "reason", line->reason);
    json_put_str_or_null(out, "tote", line->tote);
    put_units(out, p, line);
    json_end_object(out);
}

static void put_head(struct json_out *out, const struct pick_page *p,
                     const struct pick_task *t)
{
    json_put_id(out, "id", "pkt", t->id.v);
    json_put_id(out, "location_id", "loc", t->location.v);
    json_put_str(out, "location", code_of_location(&p->codes, t->location));
    json_put_cstr(out, "mode", pick_mode_name(t->mode));
    json_put_cstr(out, "state", pick_state_name(t->state));
    json_put_str_or_null(out, "zone", t->zone);
    json_put_str_or_null(out, "tote", t->tote);
    json_put_id(out, "wave", "pkt", t->wave.v);
    if (t->assignee.kind == 0)
        json_put_null(out, "assignee");
    else
        json_put_id(out, "assignee",
                    t->assignee.kind == ACTOR_USER ? "usr" : "key",
                    t->assignee.id);
    json_put_time_or_null(out, "deadline_at", pick_deadline_of(p, t->id));
    json_put_i64(out, "version", t->version);
    json_put_time(out, "created_at", t->created_at);
    json_put_time(out, "updated_at", t->updated_at);
    json_put_time_or_null(out, "started_at", t->started_at);
    json_put_time_or_null(out, "ended_at", t->ended_at);
}

/* Lines are by task, oldest first; tasks may come in any order. */
static size_t first_line(const struct pick_page *p, pick_task_id task)
{
    size_t low = 0, high = p->line_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (p->lines[mid].task.v < task.v)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void put_task(struct json_out *out, const char *key, struct pick_page *p,
                     const struct pick_task *t, bool is_whole)
{
    int64_t units = 0, picked = 0, missing = 0, lines = 0;
    json_begin(out, key);
    put_head(out, p, t);
    if (is_whole)
        json_begin_list(out, "lines");
    for (size_t i = first_line(p, t->id);
         i < p->line_count && p->lines[i].task.v == t->id.v; i++) {
        const struct pick_line *line = &p->lines[i];
        units += line->qty;
        picked += line->picked;
        missing += line->missing;
        lines++;
        if (is_whole)
            put_line(out, p, line);
    }
    if (is_whole)
        json_end_list(out);
    json_put_i64(out, "line_count", lines);
    json_put_i64(out, "units", units);
    json_put_i64(out, "picked", picked);
    json_put_i64(out, "missing", missing);
    json_end_object(out);
}

err_t pick_write_as(struct ctx *ctx, struct json_out *out, const char *key,
                    pick_task_id id)
{
    struct pick_task task;
    struct pick_page p = {.tasks = &task, .count = 1};
    TRY(pick_task_get(ctx, id, &task));
    TRY(pick_page_read(ctx, &p));
    put_task(out, key, &p, &task, true);
    return OK;
}

err_t pick_write(struct ctx *ctx, struct json_out *out, pick_task_id id)
{
    return pick_write_as(ctx, out, NULL, id);
}

err_t pick_write_list(struct ctx *ctx, struct json_out *out,
                      const struct pick_task *tasks, size_t count)
{
    struct pick_page p = {.tasks = tasks, .count = count};
    TRY(pick_page_read_heads(ctx, &p));
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++)
        put_task(out, NULL, &p, &tasks[i], false);
    json_end_list(out);
    return OK;
}
