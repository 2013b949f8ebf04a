/* doc_manifest.c - where everything stands on a manifest. */
#include "base/doc_manifest.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/doc_report.h"
#include "base/str.h"

enum { SERVICES_MAX = 40 };

struct total {
    str service;
    int64_t count, weight_g;
};

struct summed {
    const struct doc_manifest *manifest;
    struct total all, services[SERVICES_MAX];
    size_t service_count;
};

static err_t add(struct ctx *ctx, struct summed *summed,
                 const struct doc_manifest_line *line)
{
    struct total *total = NULL;
    for (size_t i = 0; i < summed->service_count && !total; i++)
        if (str_equal(summed->services[i].service, line->service))
            total = &summed->services[i];
    if (!total && summed->service_count == SERVICES_MAX)
        return fail_as(ctx, ERR_INVALID, "too_many", "lines",
                       "must be of at most %d services", SERVICES_MAX);
    if (!total)
        total = &summed->services[summed->service_count++];
    total->service = line->service;
    total->count++;
    total->weight_g += line->weight_g;
    summed->all.count++;
    summed->all.weight_g += line->weight_g;
    return OK;
}

static str weight(struct doc_report *report, const struct doc_manifest *m,
                  int64_t weight_g)
{
    return weight_g ? doc_weight(report->ctx->arena, weight_g, m->units)
                    : STR_NONE;
}

static str number(struct doc_report *report, int64_t n)
{
    return str_printf(report->ctx->arena, "%lld", (long long)n);
}

static err_t put_parties(struct doc_report *report, const struct summed *summed)
{
    const struct doc_manifest *m = summed->manifest;
    str day = doc_day(report->ctx->arena, m->day);
    str packages = number(report, summed->all.count);
    str total = weight(report, m, summed->all.weight_g);
    const struct doc_fact facts[] = {
        {"Carrier",  m->carrier, "carrier"},
        {"Account",  m->account, "account"},
        {"Date",     day,        "day"    },
        {"Packages", packages,   "lines"  },
        {"Weight",   total,      "lines"  }
    };
    double half = report->w / 2, y, height;
    const struct doc_block block = {
        .address = &m->from,
        .prefix = "from",
        .at = {report->x, report->y, half - 20, 110},
        .size = 9.5,
        .size_min = 6
    };
    TRY(doc_put_address(report->sheet, &block, &height));
    const struct doc_rect at = {report->x + half, report->y, half, 0};
    TRY(doc_report_facts(report, &at, facts, COUNT_OF(facts), &y));
    report->y = (y > report->y + height ? y : report->y + height) + 10;
    return OK;
}

static err_t put_packages(struct doc_report *report,
                          const struct doc_manifest *m)
{
    static const struct doc_column columns[] = {
        {"",                36,  8,   DOC_RIGHT, false},
        {"TRACKING NUMBER", 0,   9,   DOC_LEFT,  true },
        {"SERVICE",         120, 8.5, DOC_LEFT,  false},
        {"TO",              90,  8.5, DOC_LEFT,  false},
        {"REFERENCE",       80,  8.5, DOC_LEFT,  false},
        {"WEIGHT",          68,  8.5, DOC_RIGHT, false}
    };
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i < m->line_count; i++) {
        const struct doc_manifest_line *line = &m->lines[i];
        str to = str_printf(report->ctx->arena, "%.*s %.*s",
                            STR_ARG(line->country), STR_ARG(line->postal_code));
        const struct doc_cell cells[] = {
            doc_cell(number(report, (int64_t)i + 1), ""),
            doc_cell(line->tracking, doc_field(report, "lines", i, "tracking")),
            doc_cell(line->service, doc_field(report, "lines", i, "service")),
            doc_cell(to, doc_field(report, "lines", i, "postal_code")),
            doc_cell(line->reference,
                     doc_field(report, "lines", i, "reference")),
            doc_cell(weight(report, m, line->weight_g),
                     doc_field(report, "lines", i, "weight_g"))};
        TRY(doc_table_row(report, cells));
    }
    doc_table_end(report);
    return OK;
}

static err_t put_totals(struct doc_report *report, const struct summed *summed)
{
    static const struct doc_column columns[] = {
        {"SERVICE",  0,   9, DOC_LEFT,  false},
        {"PACKAGES", 90,  9, DOC_RIGHT, true },
        {"WEIGHT",   110, 9, DOC_RIGHT, true }
    };
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i <= summed->service_count; i++) {
        bool is_last = i == summed->service_count;
        const struct total *total =
            is_last ? &summed->all : &summed->services[i];
        str name = is_last              ? STR("All")
                   : total->service.len ? total->service
                                        : STR("No service named");
        const struct doc_cell cells[] = {
            doc_cell(name, "lines"),
            doc_cell(number(report, total->count), "lines"),
            doc_cell(weight(report, summed->manifest, total->weight_g),
                     "lines")};
        TRY(doc_table_row(report, cells));
    }
    doc_table_end(report);
    return OK;
}

static err_t put_signatures(struct doc_report *report)
{
    static const char *const captions[] = {
        "Handed over by (name, signature)",
        "Received for the carrier (name, signature)", "Date and time"};
    TRY(doc_report_need(report, 66));
    report->y += 44;
    double w = (report->w - 40) / 3;
    for (size_t i = 0; i < COUNT_OF(captions); i++) {
        double x = report->x + (double)i * (w + 20);
        doc_put_box(report->sheet, x, report->y, w, 0.75, 0);
        const struct doc_text text = {.text = str_from_cstr(captions[i]),
                                      .field = "",
                                      .x = x,
                                      .y = report->y + 3,
                                      .w = w,
                                      .size = 7,
                                      .size_min = 5};
        TRY(doc_put_text(report->sheet, &text, NULL));
    }
    return OK;
}

static err_t body(struct doc_report *report, const void *facts)
{
    const struct summed *summed = facts;
    const struct doc_manifest *m = summed->manifest;
    const struct doc_head head = {m->carrier, "carrier", m->number, "number"};
    TRY(doc_report_head(report, &head));
    TRY(put_parties(report, summed));
    TRY(put_packages(report, m));
    TRY(put_totals(report, summed));
    return put_signatures(report);
}

static err_t check(struct ctx *ctx, const struct doc_manifest *m)
{
    TRY(check_code(ctx, "number", m->number));
    TRY(check_line(ctx, "carrier", m->carrier, 1, LIMIT_NAME_BYTES));
    TRY(doc_address_check(ctx, "from", &m->from));
    TRY(check_range(ctx, "lines", (int64_t)m->line_count, 1, LIMIT_DOC_LINES));
    for (size_t i = 0; i < m->line_count; i++) {
        char field[40];
        (void)snprintf(field, sizeof field, "lines[%zu].tracking", i);
        TRY(check_code(ctx, field, m->lines[i].tracking));
        (void)snprintf(field, sizeof field, "lines[%zu].weight_g", i);
        TRY(check_range(ctx, field, m->lines[i].weight_g, 0, 1000 * 1000));
    }
    return OK;
}

err_t doc_manifest_pdf(struct ctx *ctx, const struct doc_manifest *manifest,
                       str *ret)
{
    TRY(check(ctx, manifest));
    struct summed *summed = arena_new(ctx->arena, struct summed);
    summed->manifest = manifest;
    for (size_t i = 0; i < manifest->line_count; i++)
        TRY(add(ctx, summed, &manifest->lines[i]));
    const struct doc_plan plan = {
        .paper = manifest->paper,
        .title = "Manifest",
        .footer = str_printf(ctx->arena, "%.*s", STR_ARG(manifest->number)),
        .body = body,
        .facts = summed};
    return doc_report_pdf(ctx, &plan, ret);
}
