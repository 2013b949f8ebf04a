/* doc_pick.c - where everything stands on a pick list. */
#include "base/doc_pick.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/doc_report.h"
#include "base/str.h"

enum { ITEM = 3 /* The column of titles. */ };

static str sub_text(struct doc_report *report, const struct doc_pick_line *line)
{
    str sku = str_printf(report->ctx->arena, "SKU %.*s", STR_ARG(line->sku));
    if (line->lot.len == 0)
        return sku;
    return str_printf(report->ctx->arena, "%.*s\nTake lot %.*s", STR_ARG(sku),
                      STR_ARG(line->lot));
}

static err_t put_line(struct doc_report *report,
                      const struct doc_pick_list *list,
                      const struct doc_pick_line *line)
{
    size_t n = (size_t)(line - list->lines);
    str qty = str_printf(report->ctx->arena, "%lld", (long long)line->qty);
    const struct doc_cell cells[] = {
        {.kind = DOC_CELL_BOX  },
        doc_cell(line->bin.len ? line->bin : STR("no bin"),
                 doc_field(report, "lines", n, "bin")),
        doc_cell(qty, doc_field(report, "lines", n, "qty")),
        {      .text = line->title,
         .field = doc_field(report,              "lines", n, "title"),
         .sub = sub_text(report, line),
         .sub_field = doc_field(report, "lines", n, "sku")},
        doc_cell(line->into, doc_field(report, "lines", n, "into")),
        { .kind = DOC_CELL_BARS,
         .text = line->code.len ? line->code : line->sku,
         .field =
             doc_field(report,       "lines",  n, line->code.len ? "code" : "sku")}
    };
    TRY(doc_table_row(report, cells));
    return doc_table_attrs(report, ITEM, line->attrs, line->attr_count,
                           doc_field(report, "lines", n, "attrs"));
}

static err_t put_facts(struct doc_report *report,
                       const struct doc_pick_list *list, int64_t units)
{
    struct arena *arena = report->ctx->arena;
    const struct doc_fact left[] = {
        {"Location", list->location, "location"},
        {"Kind",     list->mode,     "mode"    },
        {"Picker",   list->assignee, "assignee"}
    };
    str work = str_printf(arena, "%lld units, %zu lines", (long long)units,
                          list->line_count);
    const struct doc_fact right[] = {
        {"Until",   list->deadline, "deadline"},
        {"Tote",    list->tote,     "tote"    },
        {"To pick", work,           "lines"   }
    };
    double half = report->w / 2, y, low;
    struct doc_rect at = {report->x, report->y, half, 0};
    TRY(doc_report_facts(report, &at, left, COUNT_OF(left), &low));
    at.x += half;
    TRY(doc_report_facts(report, &at, right, COUNT_OF(right), &y));
    report->y = (y > low ? y : low) + 10;
    return OK;
}

static err_t body(struct doc_report *report, const void *facts)
{
    static const struct doc_column columns[] = {
        {"",     24,  9,   DOC_LEFT,   false},
        {"BIN",  84,  13,  DOC_LEFT,   true },
        {"QTY",  52,  20,  DOC_RIGHT,  true },
        {"ITEM", 0,   9.5, DOC_LEFT,   true },
        {"FOR",  60,  8.5, DOC_LEFT,   false},
        {"SCAN", 150, 8,   DOC_CENTER, false}
    };
    const struct doc_pick_list *list = facts;
    int64_t units = 0;
    for (size_t i = 0; i < list->line_count; i++)
        units += list->lines[i].qty;
    const struct doc_head head = {list->number, "number", list->number,
                                  "number"};
    TRY(doc_report_head(report, &head));
    TRY(put_facts(report, list, units));
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i < list->line_count; i++)
        TRY(put_line(report, list, &list->lines[i]));
    doc_table_end(report);
    return OK;
}

static err_t check(struct ctx *ctx, const struct doc_pick_list *list)
{
    TRY(check_code(ctx, "number", list->number));
    TRY(check_range(ctx, "lines", (int64_t)list->line_count, 1,
                    LIMIT_DOC_LINES));
    for (size_t i = 0; i < list->line_count; i++) {
        char field[40];
        (void)snprintf(field, sizeof field, "lines[%zu].qty", i);
        TRY(check_range(ctx, field, list->lines[i].qty, 1, LIMIT_QTY));
        (void)snprintf(field, sizeof field, "lines[%zu].sku", i);
        TRY(check_code(ctx, field, list->lines[i].sku));
    }
    return OK;
}

err_t doc_pick_pdf(struct ctx *ctx, const struct doc_pick_list *list, str *ret)
{
    TRY(check(ctx, list));
    const struct doc_plan plan = {
        .paper = list->paper,
        .title = "Pick list",
        .footer = str_printf(ctx->arena, "%.*s", STR_ARG(list->number)),
        .body = body,
        .facts = list};
    return doc_report_pdf(ctx, &plan, ret);
}
