/* import_history.c - `wharf import --format online-retail`: invoices of years
 * as completed orders and credit notes.
 *
 * Rows are gathered into invoices by a window (retail_window.h) and recorded in
 * batches, one transaction each. What is there already is found by its number
 * and not touched, so a run that was killed is finished by the same call.
 */
#define WHARF_UNBANNED
#include "app/import_history.h"

#include <string.h>

#include "app/cli_progress.h"
#include "app/history_batch.h"
#include "app/history_report.h"
#include "app/import_files.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "connect/channel/online_retail/retail_window.h"
#include "oms/customer/customer.h"

enum { BATCH_LINES = 8000, BATCH_INVOICES = 1000 };

struct history_run {
    struct cli *cli;
    struct store *store;
    struct retail_settings settings;
    struct retail_window *window;
    struct history_report report;
    struct import_rejects rejects;
    struct cli_progress progress;
    struct retail_header header;
    bool has_header, is_torn; /* Of the file being read. */
    int file;                 /* Word of the call. */
};

static void reject(struct history_run *run, const struct retail_row *row,
                   const char *code, const char *detail)
{
    struct import_reject reject = {run->cli->words[row->file], row->line, code,
                                   detail, row->raw};
    import_rejects_put(&run->rejects, &reject);
}

/* ---- batches ---- */

static void prepare(struct history_run *run, struct ctx *ctx,
                    const struct retail_invoice *invoice,
                    struct history_item *item)
{
    item->invoice = invoice;
    item->ctx = *ctx;
    if (invoice->is_too_long)
        item->err = fail_as(&item->ctx, ERR_INVALID, "lines_out_of_range", "",
                            "has more than %d lines", LIMIT_HISTORY_LINES);
    else if (invoice->kind == RETAIL_CREDIT)
        item->err = retail_to_credit(&item->ctx, &run->settings, invoice,
                                     &item->credit, &item->outcome);
    else if (invoice->kind == RETAIL_SALE)
        item->err = retail_to_order(&item->ctx, &run->settings, invoice,
                                    &item->order, &item->outcome);
    else
        item->err = retail_to_adjustment(&item->ctx, &run->settings, invoice,
                                         &item->outcome);
    if (item->err != OK)
        item->order_id.v = -1;
}

static const char *reason_detail(enum retail_reason reason)
{
    switch (reason) {
    case RETAIL_ADJUSTMENT: return "an adjustment is no order; counted";
    case RETAIL_NEGATIVE_SALE: return "a negative quantity without C";
    case RETAIL_POSITIVE_CREDIT: return "a credit note takes back, not sells";
    case RETAIL_ZERO_QTY: return "no units";
    case RETAIL_NEGATIVE_PRICE: return "a negative price";
    case RETAIL_TAKEN:
    case RETAIL_BAD_ROW:
    case RETAIL_REASONS: break;
    }
    return "";
}

static void reject_item(struct history_run *run,
                        const struct history_item *item)
{
    const struct err_detail *err = &item->ctx.err;
    for (size_t i = 0; i < item->invoice->count; i++) {
        const struct retail_row *row = &item->invoice->rows[i];
        enum retail_reason reason = retail_row_reason(row);
        if (reason != RETAIL_TAKEN)
            reject(run, row, retail_reason_name(reason), reason_detail(reason));
        else if (item->err != OK)
            reject(run, row, err_name(err), err->text);
    }
}

static err_t record(struct history_run *run, struct history_batch *batch)
{
    struct cli *cli = run->cli;
    err_t err =
        cli_run(cli, run->store, LANE_WRITE, history_batch_record, batch);
    if (batch->is_dry_run && batch->is_done) {
        err_clear(&cli->ctx);
        err = OK;
    }
    TRY(err);
    if (!batch->is_dry_run)
        TRY(cli_run(cli, run->store, LANE_READ, history_batch_sum, batch));
    history_report_batch(&run->report, batch);
    cli_progress_show(&run->progress, run->report.rows, 0);
    for (size_t i = 0; i < batch->count; i++)
        reject_item(run, &batch->items[i]);
    return OK;
}

static err_t record_some(struct history_run *run,
                         const struct retail_invoice *invoices, size_t count,
                         size_t *ret_taken)
{
    struct cli *cli = run->cli;
    struct arena_mark mark = arena_mark(cli->arena);
    size_t most = count < BATCH_INVOICES ? count : BATCH_INVOICES;
    struct history_batch batch = {
        .settings = &run->settings,
        .is_dry_run = run->report.is_dry_run,
        .items = arena_array(cli->arena, struct history_item, most)};
    while (batch.count < most &&
           (batch.count == 0 ||
            batch.lines + invoices[batch.count].count <= BATCH_LINES)) {
        const struct retail_invoice *invoice = &invoices[batch.count];
        prepare(run, &cli->ctx, invoice, &batch.items[batch.count++]);
        batch.lines += invoice->count;
    }
    *ret_taken = batch.count;
    err_t err = record(run, &batch);
    arena_reset_to(cli->arena, mark);
    return err;
}

static err_t flush(struct history_run *run, bool is_end)
{
    struct retail_invoice *invoices;
    size_t count = retail_window_take(run->window, is_end, &invoices);
    for (size_t done = 0; done < count;) {
        size_t taken;
        TRY(record_some(run, invoices + done, count - done, &taken));
        done += taken;
    }
    return OK;
}

/* ---- rows ---- */

static void reject_bad(struct history_run *run, const struct csv_row *row,
                       const struct err_detail *err)
{
    struct retail_row at = {
        .file = run->file, .line = row->line, .raw = row->raw};
    char detail[sizeof err->field + sizeof err->text + 2];
    snprintf(detail, sizeof detail, "%s%s%s", err->field,
             err->field[0] ? " " : "", err->text);
    run->report.bad_rows++;
    reject(run, &at, err_name(err), detail);
}

static err_t on_row(struct ctx *ctx, void *arg, const struct csv_row *row)
{
    struct history_run *run = arg;
    struct retail_row at;
    if (!run->has_header && !row->is_bad) {
        TRY(retail_header_read(ctx, row->cells, row->count, &run->header));
        run->has_header = true;
        return OK;
    }
    run->report.rows++;
    if (row->is_bad) {
        reject_bad(run, row, &row->err);
        return OK;
    }
    if (retail_row_read(ctx, &run->header, row->cells, row->count, &at) != OK) {
        run->is_torn = row->is_last;
        reject_bad(run, row, &ctx->err);
        err_clear(ctx);
        return OK;
    }
    at.file = run->file;
    at.line = row->line;
    at.raw = row->raw;
    if (row->is_converted)
        at.notes |= 1u << RETAIL_STRAY_BYTES;
    if (!retail_window_add(run->window, &at)) {
        run->report.bad_rows++;
        reject(run, &at, "lines_out_of_range",
               "its invoice has too many lines");
    }
    return retail_window_is_full(run->window) ? flush(run, false) : OK;
}

/* The last invoice of a file that is cut may lack lines: it is not recorded,
 * so that the whole file can be imported later. */
static void drop_cut(struct history_run *run, const struct import_file *file)
{
    struct retail_invoice cut;
    struct cli *cli = run->cli;
    fprintf(cli->err, "%s: is not read to its end: %s\n", file->name,
            file->err.text);
    run->report.files_cut++;
    if (!retail_window_drop_newest(run->window, &cut))
        return;
    for (size_t i = 0; i < cut.count; i++) {
        run->report.cut_rows++;
        reject(run, &cut.rows[i], "file_cut",
               "the file ends in this invoice; it is not recorded");
    }
}

static err_t read_files(struct history_run *run)
{
    struct cli *cli = run->cli;
    struct import_reader reader = {.cli = cli, .row = on_row, .arg = run};
    TRY(import_encoding(cli, cli_text(cli, "encoding"), &reader.csv));
    for (int i = 0; i < cli->word_count; i++) {
        struct import_file file = {.name = cli->words[i]};
        run->file = i;
        run->has_header = run->is_torn = false;
        err_t err = import_read(&reader, &file);
        run->report.files++;
        run->report.bytes += file.bytes;
        if (err == ERR_INVALID) { /* No file of this format. */
            file.is_cut = true;
            file.err = cli->ctx.err;
            err_clear(&cli->ctx);
            err = OK;
        }
        TRY(err);
        if (run->is_torn)
            snprintf(file.err.text, sizeof file.err.text,
                     "its last line is torn");
        if (file.is_cut || run->is_torn)
            drop_cut(run, &file);
    }
    return flush(run, true);
}

/* ---- the channel as a whole ---- */

/* A page at a time, so that its size does not matter. */
enum { SUM_PAGE = 1000 };

static err_t sum_orders(struct ctx *ctx, struct history_run *run,
                        channel_id channel)
{
    order_id *ids, after = {0};
    struct order_history_sum *sums;
    for (size_t n = SUM_PAGE, count; n == SUM_PAGE;) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(order_history_ids(ctx, channel, after, SUM_PAGE, &ids, &n));
        TRY(order_history_sums(ctx, ids, n, &sums, &count));
        history_sums_add_orders(run->report.arena, &run->report.channel_sums,
                                sums, count);
        if (n > 0)
            after = ids[n - 1];
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static err_t sum_credits(struct ctx *ctx, struct history_run *run,
                         channel_id channel)
{
    credit_note_id *ids, after = {0};
    struct credit_sum *sums;
    for (size_t n = SUM_PAGE, count; n == SUM_PAGE;) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(credit_ids(ctx, channel, after, SUM_PAGE, &ids, &n));
        TRY(credit_sums(ctx, ids, n, &sums, &count));
        history_sums_add_credits(run->report.arena, &run->report.channel_sums,
                                 sums, count);
        if (n > 0)
            after = ids[n - 1];
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static err_t sum_channel(struct ctx *ctx, void *arg)
{
    struct history_run *run = arg;
    struct channel channel;
    bool is_found;
    history_sums_open(run->report.arena, &run->report.channel_sums);
    TRY(channel_find(ctx, run->settings.channel, &channel, &is_found));
    if (!is_found)
        return OK;
    TRY(sum_orders(ctx, run, channel.id));
    TRY(sum_credits(ctx, run, channel.id));
    return credit_buyer_count(ctx, channel.id,
                              &run->report.channel_sums.customers);
}

static err_t work(struct history_run *run)
{
    struct cli *cli = run->cli;
    int64_t begun = clock_mono_ns();
    TRY(import_rejects_open(cli, &run->rejects));
    TRY(import_store_open(cli, &run->store));
    cli_progress_begin(&run->progress, cli, "import", "rows");
    err_t err = read_files(run);
    cli_progress_end(&run->progress);
    TRY(err);
    run->report.took_ms = (clock_mono_ns() - begun) / 1000000;
    if (!run->report.is_dry_run)
        TRY(import_settle(cli, run->store));
    return cli_run(cli, run->store, LANE_READ, sum_channel, run);
}

static bool read_settings(struct cli *cli, struct retail_settings *ret)
{
    const char *zone = cli_text(cli, "zone"), *code = cli_text(cli, "currency");
    const char *channel = cli_text(cli, "channel");
    ret->zone = str_from_cstr(zone ? zone : "Europe/London");
    ret->channel = str_from_cstr(channel ? channel : "online-retail");
    return zone_is_known(ret->zone) && ret->channel.len <= LIMIT_CODE_BYTES &&
           currency_from_str(str_from_cstr(code ? code : "GBP"), ret->currency);
}

int import_history(struct cli *cli)
{
    struct history_run run = {.cli = cli};
    if (!read_settings(cli, &run.settings))
        return cli_usage(cli, "--zone must be an IANA zone, --currency one of "
                              "ISO 4217");
    history_report_open(&run.report);
    run.report.currency = run.settings.currency;
    run.report.channel = run.settings.channel;
    run.report.is_dry_run = cli_flag(cli, "dry-run");
    run.report.is_json = cli_flag(cli, "json");
    run.window = retail_window_open();
    err_t err = work(&run);
    run.report.rejects = run.rejects.count;
    err_t closed = import_rejects_close(cli, &run.rejects);
    err = err == OK ? closed : err;
    cli_store_close(cli, run.store);
    retail_window_close(run.window);
    int code = err == OK ? EXIT_FINE : cli_failed(cli);
    if (err == OK && run.report.files_cut > 0)
        code = EXIT_FAILED;
    history_report_print(cli->out, &run.report);
    arena_close(run.report.arena);
    return code;
}
