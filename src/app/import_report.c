/* import_report.c - keeps and prints what an import did. */
#define WHARF_UNBANNED
#include "app/import_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"

enum { KINDS_MAX = 500 };

static const char *outcome_name(enum import_outcome outcome)
{
    switch (outcome) {
    case IMPORT_PLACED: return "orders_placed";
    case IMPORT_THERE: return "orders_already_there";
    case IMPORT_DIFFERS: return "orders_there_with_other_content";
    case IMPORT_REFUSED: return "orders_refused";
    case IMPORT_OUTCOME_COUNT: break;
    }
    UNREACHABLE("not an outcome");
}

static void count_kind(struct import_report *report, struct import_kind **list,
                       str name, int64_t count)
{
    struct import_kind **at = list;
    size_t known = 0;
    while (*at && !str_equal((*at)->name, name)) {
        at = &(*at)->next;
        if (++known == KINDS_MAX)
            name = STR("other kinds");
    }
    if (!*at) {
        *at = arena_new(report->arena, struct import_kind);
        (*at)->name = str_copy(report->arena, name);
    }
    (*at)->count += count;
}

void import_report_skip(struct import_report *report, str kind, size_t count)
{
    report->payloads += (int64_t)count;
    report->skipped += (int64_t)count;
    count_kind(report, &report->skipped_kinds, kind, (int64_t)count);
}

void import_report_sum(struct import_report *report, const char *currency,
                       int64_t total)
{
    struct import_sum *at = report->sums;
    const struct import_sum *end = at + IMPORT_CURRENCIES;
    while (at < end && at->orders > 0 && strcmp(at->currency, currency) != 0)
        at++;
    if (at == end)
        return; /* More currencies than a shop has; orders are counted. */
    memcpy(at->currency, currency, sizeof at->currency);
    int64_t sum;
    if (i64_add(at->total, total, &sum))
        at->total = sum;
    at->orders++;
}

void import_report_issue(struct import_report *report, str file, str order,
                         enum import_outcome outcome,
                         const struct err_detail *err)
{
    struct import_issue *issue = arena_new(report->arena, struct import_issue);
    const char *slug = err_name(err);
    issue->file = str_copy(report->arena, file);
    issue->order = str_copy(report->arena, order);
    issue->slug = str_from_cstr(slug);
    issue->field = str_copy(report->arena, str_from_cstr(err->field));
    issue->text = str_copy(report->arena, str_from_cstr(err->text));
    issue->outcome = outcome;
    if (report->last_issue)
        report->last_issue->next = issue;
    else
        report->issues = issue;
    report->last_issue = issue;
    count_kind(report, &report->reasons, issue->slug, 1);
}

struct figure {
    const char *name;
    int64_t value;
};

enum { FIGURES = 17 };

static void figures_of(const struct import_report *report,
                       struct figure ret[FIGURES])
{
    const struct figure all[FIGURES] = {
        {"files",                      report->files                   },
        {"files_unreadable",           report->files_unreadable        },
        {"files_without_orders",       report->files_without_orders    },
        {"payloads_seen",              report->payloads                },
        {"payloads_skipped",           report->skipped                 },
        {"orders_seen",                report->orders                  },
        {outcome_name(IMPORT_PLACED),  report->outcomes[IMPORT_PLACED] },
        {outcome_name(IMPORT_THERE),   report->outcomes[IMPORT_THERE]  },
        {outcome_name(IMPORT_DIFFERS), report->outcomes[IMPORT_DIFFERS]},
        {outcome_name(IMPORT_REFUSED), report->outcomes[IMPORT_REFUSED]},
        {"orders_cancelled",           report->cancelled               },
        {"lines_placed",               report->lines                   },
        {"units_placed",               report->units                   },
        {"totals_compared",            report->totals_compared         },
        {"totals_matched",             report->totals_matched          },
        {"skus_created",               report->skus_created            },
        {"channels_created",           report->channels_created        },
    };
    memcpy(ret, all, sizeof all);
}

static void print_kinds(FILE *to, const char *title,
                        const struct import_kind *kinds)
{
    if (kinds)
        fprintf(to, "%s\n", title);
    for (; kinds; kinds = kinds->next)
        fprintf(to, "  %-38.*s %" PRId64 "\n", STR_ARG(kinds->name),
                kinds->count);
}

static void print_issue(FILE *to, const struct import_issue *issue)
{
    fprintf(to, "  %.*s: order %.*s: %s%.*s%s%.*s%s%.*s\n",
            STR_ARG(issue->file), STR_ARG(issue->order),
            issue->outcome == IMPORT_DIFFERS ? "not changed: " : "",
            STR_ARG(issue->slug), issue->field.len > 0 ? ": " : "",
            STR_ARG(issue->field), issue->text.len > 0 ? ": " : "",
            STR_ARG(issue->text));
}

static void print_named(FILE *to, const struct import_report *report)
{
    fputs("kept raw until there is a room for it\n", to);
    for (int i = 0; i < IMPORT_PART_COUNT; i++)
        fprintf(to, "  %-38s %" PRId64 "\n",
                import_part_name((enum import_part)i), report->parts[i]);
    fputs("how payloads were made to fit\n", to);
    for (int i = 0; i < IMPORT_NOTE_COUNT; i++)
        if (report->notes[i] > 0)
            fprintf(to, "  %-38s %" PRId64 "\n",
                    import_note_name((enum import_note)i), report->notes[i]);
    fputs("sum of placed orders\n", to);
    for (const struct import_sum *sum = report->sums;
         sum < report->sums + IMPORT_CURRENCIES && sum->orders > 0; sum++)
        fprintf(to, "  %-38s %.*s\n", sum->currency,
                STR_ARG(money_to_decimal(
                    report->arena, money_make(sum->total, sum->currency))));
}

static void print_text(FILE *to, const struct import_report *report)
{
    struct figure figures[FIGURES];
    figures_of(report, figures);
    fprintf(to, "import %s%s\n", report->format,
            report->is_dry_run ? ", dry run: nothing is stored" : "");
    for (size_t i = 0; i < FIGURES; i++)
        fprintf(to, "  %-38s %" PRId64 "\n", figures[i].name, figures[i].value);
    print_named(to, report);
    print_kinds(to, "skipped by kind", report->skipped_kinds);
    print_kinds(to, "not placed, by reason", report->reasons);
    if (report->issues)
        fputs("not placed, one by one\n", to);
    for (const struct import_issue *at = report->issues; at; at = at->next)
        print_issue(to, at);
}

static void put_kinds(struct json_out *out, const char *key,
                      const struct import_kind *kinds, struct arena *arena)
{
    json_begin(out, key);
    for (; kinds; kinds = kinds->next)
        json_put_i64(out, str_to_cstr(arena, kinds->name), kinds->count);
    json_end_object(out);
}

static void put_named(struct json_out *out, const struct import_report *report)
{
    json_begin(out, "kept_raw");
    for (int i = 0; i < IMPORT_PART_COUNT; i++)
        json_put_i64(out, import_part_name((enum import_part)i),
                     report->parts[i]);
    json_end_object(out);
    json_begin(out, "notes");
    for (int i = 0; i < IMPORT_NOTE_COUNT; i++)
        json_put_i64(out, import_note_name((enum import_note)i),
                     report->notes[i]);
    json_end_object(out);
    json_begin(out, "sums");
    for (const struct import_sum *sum = report->sums;
         sum < report->sums + IMPORT_CURRENCIES && sum->orders > 0; sum++)
        json_put_i64(out, sum->currency, sum->total);
    json_end_object(out);
}

static void put_issue(struct json_out *out, const struct import_issue *issue)
{
    json_begin(out, NULL);
    json_put_str(out, "file", issue->file);
    json_put_str(out, "order", issue->order);
    json_put_cstr(out, "outcome", outcome_name(issue->outcome));
    json_put_str(out, "code", issue->slug);
    json_put_str(out, "field", issue->field);
    json_put_str(out, "detail", issue->text);
    json_end_object(out);
}

static void print_json(FILE *to, const struct import_report *report)
{
    struct figure figures[FIGURES];
    struct buf buf;
    struct json_out out;
    figures_of(report, figures);
    buf_init(&buf, report->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "format", report->format);
    json_put_bool(&out, "dry_run", report->is_dry_run);
    for (size_t i = 0; i < FIGURES; i++)
        json_put_i64(&out, figures[i].name, figures[i].value);
    put_named(&out, report);
    put_kinds(&out, "skipped", report->skipped_kinds, report->arena);
    put_kinds(&out, "reasons", report->reasons, report->arena);
    json_begin_list(&out, "not_placed");
    for (const struct import_issue *at = report->issues; at; at = at->next)
        put_issue(&out, at);
    json_end_list(&out);
    json_end_object(&out);
    fprintf(to, "%.*s\n", STR_ARG(buf_str(&buf)));
}

void import_report_print(FILE *to, const struct import_report *report,
                         bool is_json)
{
    if (is_json)
        print_json(to, report);
    else
        print_text(to, report);
    fflush(to);
}
