/* history_report.c - adds up and prints what an import of history did. */
#define WHARF_UNBANNED
#include "app/history_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"

void history_sums_open(struct arena *arena, struct history_sums *sums)
{
    *sums = (struct history_sums){
        .by_name = map_open(arena, 64),
        .at = arena_array(arena, struct history_country, HISTORY_COUNTRIES)};
}

void history_report_open(struct history_report *report)
{
    report->arena = arena_open();
    report->customers = map_open(report->arena, 1024);
    history_sums_open(report->arena, &report->files_sums);
    history_sums_open(report->arena, &report->channel_sums);
}

static struct history_country *country(struct arena *arena,
                                       struct history_sums *sums, str name)
{
    struct history_country *at =
        map_find(sums->by_name, (struct map_key){.s = name});
    if (at)
        return at;
    if (sums->count == HISTORY_COUNTRIES - 1)
        name = STR("(other)");
    if (sums->count == HISTORY_COUNTRIES)
        return &sums->at[HISTORY_COUNTRIES - 1];
    at = &sums->at[sums->count++];
    at->name = str_copy(arena, name);
    map_set(sums->by_name, (struct map_key){.s = at->name}, at);
    return at;
}

static void add_order(struct history_country *to,
                      const struct order_history_sum *from)
{
    to->orders += from->orders;
    to->lines += from->lines;
    to->units += from->units;
    to->revenue += from->total;
}

void history_sums_add_orders(struct arena *arena, struct history_sums *sums,
                             const struct order_history_sum *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_order(country(arena, sums, at[i].country), &at[i]);
        add_order(&sums->all, &at[i]);
    }
}

static void add_credit(struct history_country *to,
                       const struct credit_sum *from)
{
    to->notes += from->notes;
    to->credit_lines += from->lines;
    to->linked += from->linked;
    to->credited += from->total;
}

void history_sums_add_credits(struct arena *arena, struct history_sums *sums,
                              const struct credit_sum *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_credit(country(arena, sums, at[i].country), &at[i]);
        add_credit(&sums->all, &at[i]);
    }
}

static enum history_outcome outcome_of(const struct history_item *item)
{
    if (item->err == OK && item->outcome.lines == 0)
        return HISTORY_EMPTY;
    if (item->err == OK)
        return item->is_new ? HISTORY_NEW : HISTORY_THERE;
    const char *slug = item->ctx.err.slug;
    return slug && strcmp(slug, "external_id_reused") == 0 ? HISTORY_DIFFERS
                                                           : HISTORY_REFUSED;
}

static void add_item(struct history_report *report,
                     const struct history_item *item)
{
    enum retail_kind kind = item->invoice->kind;
    enum history_outcome outcome = outcome_of(item);
    bool is_refused = outcome == HISTORY_DIFFERS || outcome == HISTORY_REFUSED;
    report->invoices[kind]++;
    report->outcomes[kind][outcome]++;
    for (int i = 0; i < RETAIL_NOTES; i++)
        report->notes[i] += item->outcome.notes[i];
    for (int i = 0; i < RETAIL_REASONS; i++)
        report->reasons[i] += item->outcome.reasons[i];
    report->adjusted += item->outcome.amount;
    if (is_refused)
        report->refused_rows += (int64_t)item->outcome.lines;
}

void history_report_batch(struct history_report *report,
                          const struct history_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        add_item(report, &batch->items[i]);
    report->is_channel_new |= batch->is_channel_new;
    report->skus_created += batch->skus_created;
    report->titles_set += batch->titles_set;
    report->notes[RETAIL_TITLE_DIFFERS] += batch->titles_differ;
    report->customers_created += batch->customers_created;
    for (size_t i = 0; i < batch->customer_count; i++) {
        struct map_key key = {.a = batch->customers[i].v};
        if (!map_find(report->customers, key))
            map_set(report->customers, key, report);
    }
    report->files_sums.customers = (int64_t)map_count(report->customers);
    history_sums_add_orders(report->arena, &report->files_sums,
                            batch->order_sums, batch->order_sum_count);
    history_sums_add_credits(report->arena, &report->files_sums,
                             batch->credit_sums, batch->credit_sum_count);
}

/* ---- JSON ---- */

static void put_money(struct json_out *out, const struct history_report *report,
                      const char *key, int64_t minor)
{
    json_put_money(out, key, money_make(minor, report->currency));
}

static void put_country(struct json_out *out,
                        const struct history_report *report,
                        const struct history_country *at)
{
    json_put_i64(out, "orders", at->orders);
    json_put_i64(out, "lines", at->lines);
    json_put_i64(out, "units", at->units);
    put_money(out, report, "revenue", at->revenue);
    json_put_i64(out, "credit_notes", at->notes);
    json_put_i64(out, "credit_lines", at->credit_lines);
    json_put_i64(out, "credit_lines_linked", at->linked);
    put_money(out, report, "credited", at->credited);
}

static int by_name(const void *a, const void *b)
{
    const struct history_country *x = a, *y = b;
    return str_compare(x->name, y->name);
}

static void put_sums(struct json_out *out, const struct history_report *report,
                     const char *key, const struct history_sums *sums)
{
    qsort(sums->at, sums->count, sizeof *sums->at, by_name);
    json_begin(out, key);
    put_country(out, report, &sums->all);
    json_put_i64(out, "customers", sums->customers);
    json_begin_list(out, "countries");
    for (size_t i = 0; i < sums->count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "country", sums->at[i].name);
        put_country(out, report, &sums->at[i]);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

static const char *const outcome_names[HISTORY_OUTCOMES] = {
    [HISTORY_NEW] = "recorded",
    [HISTORY_THERE] = "already_there",
    [HISTORY_DIFFERS] = "there_with_other_content",
    [HISTORY_REFUSED] = "refused",
    [HISTORY_EMPTY] = "without_lines",
};

static void put_outcomes(struct json_out *out,
                         const struct history_report *report, const char *key,
                         enum retail_kind kind)
{
    json_begin(out, key);
    json_put_i64(out, "seen", report->invoices[kind]);
    for (int i = 0; i < HISTORY_OUTCOMES && kind != RETAIL_ADJUST; i++)
        json_put_i64(out, outcome_names[i], report->outcomes[kind][i]);
    if (kind == RETAIL_ADJUST)
        put_money(out, report, "sum", report->adjusted);
    json_end_object(out);
}

static void put_quality(struct json_out *out,
                        const struct history_report *report)
{
    json_begin_list(out, "quality");
    for (int i = 0; i < RETAIL_NOTES; i++) {
        json_begin(out, NULL);
        json_put_cstr(out, "what", retail_note_name((enum retail_note)i));
        json_put_i64(out, "count", report->notes[i]);
        json_put_cstr(out, "done", retail_note_deed((enum retail_note)i));
        json_end_object(out);
    }
    json_end_list(out);
    json_begin(out, "rows_not_taken");
    for (int i = RETAIL_ADJUSTMENT; i < RETAIL_BAD_ROW; i++)
        json_put_i64(out, retail_reason_name((enum retail_reason)i),
                     report->reasons[i]);
    json_put_i64(out, "unreadable", report->bad_rows);
    json_put_i64(out, "where_the_file_is_cut", report->cut_rows);
    json_put_i64(out, "of_refused_invoices", report->refused_rows);
    json_end_object(out);
}

static int64_t rows_per_s(const struct history_report *report)
{
    return report->rows * 1000 / (report->took_ms > 0 ? report->took_ms : 1);
}

static void print_json(FILE *to, const struct history_report *report)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, report->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "format", "online-retail");
    json_put_bool(&out, "dry_run", report->is_dry_run);
    json_put_str(&out, "channel", report->channel);
    json_put_i64(&out, "files", report->files);
    json_put_i64(&out, "files_cut", report->files_cut);
    json_put_i64(&out, "bytes", report->bytes);
    json_put_i64(&out, "rows", report->rows);
    json_put_i64(&out, "rows_per_s", rows_per_s(report));
    json_put_i64(&out, "took_ms", report->took_ms);
    put_outcomes(&out, report, "sales", RETAIL_SALE);
    put_outcomes(&out, report, "credit_notes", RETAIL_CREDIT);
    put_outcomes(&out, report, "adjustments", RETAIL_ADJUST);
    json_put_bool(&out, "channel_created", report->is_channel_new);
    json_put_i64(&out, "skus_created", report->skus_created);
    json_put_i64(&out, "sku_titles_set", report->titles_set);
    json_put_i64(&out, "customers_created", report->customers_created);
    json_put_i64(&out, "rejects", report->rejects);
    put_quality(&out, report);
    put_sums(&out, report, "store", &report->files_sums);
    put_sums(&out, report, "store_channel", &report->channel_sums);
    json_end_object(&out);
    fprintf(to, "%.*s\n", STR_ARG(buf_str(&buf)));
}

/* ---- text ---- */

static str decimal(const struct history_report *report, int64_t minor)
{
    return money_to_decimal(report->arena, money_make(minor, report->currency));
}

static void print_outcomes(FILE *to, const struct history_report *report,
                           const char *title, enum retail_kind kind)
{
    fprintf(to, "%-14s %8" PRId64 " seen", title, report->invoices[kind]);
    for (int i = 0; i < HISTORY_OUTCOMES; i++)
        if (report->outcomes[kind][i] > 0)
            fprintf(to, ", %" PRId64 " %s", report->outcomes[kind][i],
                    outcome_names[i]);
    fputs("\n", to);
}

static void print_sums(FILE *to, const struct history_report *report,
                       const char *title, const struct history_sums *sums)
{
    qsort(sums->at, sums->count, sizeof *sums->at, by_name);
    fprintf(to, "\n%s\n%-24s %8s %8s %15s %7s %7s %13s\n", title, "country",
            "orders", "lines", "revenue", "credits", "lines", "credited");
    for (size_t i = 0; i <= sums->count; i++) {
        const struct history_country *at =
            i < sums->count ? &sums->at[i] : &sums->all;
        str name = i < sums->count ? at->name : STR("all");
        fprintf(to,
                "%-24.*s %8" PRId64 " %8" PRId64 " %15.*s %7" PRId64
                " %7" PRId64 " %13.*s\n",
                STR_ARG(name), at->orders, at->lines,
                STR_ARG(decimal(report, at->revenue)), at->notes,
                at->credit_lines, STR_ARG(decimal(report, at->credited)));
    }
    fprintf(to, "customers: %" PRId64 ", credit lines linked: %" PRId64 "\n",
            sums->customers, sums->all.linked);
}

static void print_quality(FILE *to, const struct history_report *report)
{
    fputs("\nwhat was dirty\n", to);
    for (int i = 0; i < RETAIL_NOTES; i++)
        if (report->notes[i] > 0)
            fprintf(to, "%9" PRId64 "  %s: %s\n", report->notes[i],
                    retail_note_name((enum retail_note)i),
                    retail_note_deed((enum retail_note)i));
    fputs("rows that are no line\n", to);
    for (int i = RETAIL_ADJUSTMENT; i < RETAIL_BAD_ROW; i++)
        if (report->reasons[i] > 0)
            fprintf(to, "%9" PRId64 "  %s\n", report->reasons[i],
                    retail_reason_name((enum retail_reason)i));
    if (report->bad_rows > 0)
        fprintf(to, "%9" PRId64 "  unreadable\n", report->bad_rows);
    if (report->cut_rows > 0)
        fprintf(to, "%9" PRId64 "  where_the_file_is_cut\n", report->cut_rows);
    if (report->refused_rows > 0)
        fprintf(to, "%9" PRId64 "  of_refused_invoices\n",
                report->refused_rows);
}

static void print_text(FILE *to, const struct history_report *report)
{
    fprintf(to,
            "%s%" PRId64 " files (%" PRId64 " cut), %" PRId64 " rows, %" PRId64
            " rows/s\n",
            report->is_dry_run ? "dry run: " : "", report->files,
            report->files_cut, report->rows, rows_per_s(report));
    print_outcomes(to, report, "sales", RETAIL_SALE);
    print_outcomes(to, report, "credit notes", RETAIL_CREDIT);
    fprintf(to, "%-14s %8" PRId64 " seen, %.*s in sum, not recorded\n",
            "adjustments", report->invoices[RETAIL_ADJUST],
            STR_ARG(decimal(report, report->adjusted)));
    fprintf(to,
            "%" PRId64 " SKUs made, %" PRId64 " named later, %" PRId64
            " customers made, %" PRId64 " rows in the rejects\n",
            report->skus_created, report->titles_set, report->customers_created,
            report->rejects);
    print_quality(to, report);
    print_sums(to, report, "these files, as the store has them",
               &report->files_sums);
    print_sums(to, report, "all history of the channel", &report->channel_sums);
}

void history_report_print(FILE *out, const struct history_report *report)
{
    if (report->is_json)
        print_json(out, report);
    else
        print_text(out, report);
}
