/* import.c - the command `wharf import`: payloads of channels as orders.
 *
 * Each order is one transaction: its channel and SKUs are made where they are
 * missing, it is placed through the same command as the API's, and cancelled
 * where the payload says so. What was placed before is found again by (channel,
 * external id), so a second run changes nothing.
 */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "app/cli_stream.h"
#include "app/commands.h"
#include "app/import_csv.h"
#include "app/import_history.h"
#include "app/import_report.h"
#include "app/import_wharf.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "connect/channel/import.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/channel/channel.h"

enum { READ_STEP_BYTES = 1024 * 1024, FILE_MAX_BYTES = 512 * 1024 * 1024 };

struct import_run {
    struct cli *cli;
    struct store *store; /* NULL on a dry run. */
    const struct import_format *format;
    struct import_report report;
    str file;
    int64_t orders_before; /* Of this file. */
};

/* One order on its way, and what came of it. */
struct placing {
    const struct import_format *format;
    struct import_order *order;
    struct order stored;
    int64_t skus_created;
    bool is_new, is_channel_new, is_cancelled;
};

static err_t make_channel(struct ctx *ctx, struct placing *placing)
{
    const struct order_cmd *cmd = &placing->order->cmd;
    struct channel channel;
    bool found;
    TRY(channel_find(ctx, cmd->channel, &channel, &found));
    if (found)
        return OK;
    /* The goods were sold elsewhere: here nobody is refused for stock. */
    struct channel_cmd make = {
        .code = cmd->channel,
        .name = str_from_cstr(placing->format->title),
        .tz = STR("UTC"),
        .attrs = STR("{}"),
        .type = CHANNEL_WEB,
        .tax_mode = cmd->tax_mode,
        .rounding = ROUND_HALF_UP,
        .stock_policy = STOCK_POLICY_BACKORDER,
    };
    memcpy(make.currency, cmd->currency, sizeof make.currency);
    placing->is_channel_new = true;
    return channel_create(ctx, &make, &channel);
}

/* Unknown SKUs become untracked ones: sold here, counted nowhere. */
static err_t make_skus(struct ctx *ctx, struct placing *placing)
{
    const struct order_cmd *cmd = &placing->order->cmd;
    str *codes = arena_array(ctx->arena, str, cmd->line_count);
    struct map *known = map_open(ctx->arena, cmd->line_count);
    struct sku *skus;
    size_t count;
    for (size_t i = 0; i < cmd->line_count; i++)
        codes[i] = cmd->lines[i].sku;
    TRY(sku_list_codes(ctx, codes, cmd->line_count, &skus, &count));
    for (size_t i = 0; i < count; i++)
        map_set(known, (struct map_key){0, 0, skus[i].code}, &skus[i]);
    for (size_t i = 0; i < cmd->line_count; i++) {
        struct map_key key = {0, 0, codes[i]};
        struct sku made;
        if (map_find(known, key))
            continue;
        struct sku_cmd make = {
            .code = codes[i], .title = cmd->lines[i].title, .attrs = STR("{}")};
        TRY(sku_create(ctx, &make, &made));
        map_set(known, key, &codes[i]);
        placing->skus_created++;
    }
    return OK;
}

/* Runs again from here after a conflict, so it begins by forgetting. */
static err_t place(struct ctx *ctx, void *arg)
{
    struct placing *placing = arg;
    struct import_order *order = placing->order;
    placing->skus_created = 0;
    placing->is_channel_new = placing->is_cancelled = false;
    TRY(make_channel(ctx, placing));
    TRY(make_skus(ctx, placing));
    TRY(order_place(ctx, &order->cmd, &placing->stored, &placing->is_new));
    if (!order->is_cancelled || placing->stored.status != ORDER_CONFIRMED)
        return OK;
    struct cancel_cmd cancel = {
        .id = placing->stored.id,
        .version = placing->stored.version,
        .reason = order->cancel_reason.len > 0 ? order->cancel_reason
                                               : STR("cancelled in the shop"),
    };
    placing->is_cancelled = true;
    return change_cancel(ctx, &cancel, &placing->stored);
}

static err_t find_stored(struct ctx *ctx, void *arg)
{
    struct placing *placing = arg;
    return order_find(ctx, &placing->order->cmd, &placing->stored);
}

static bool has_same_lines(const struct order_cmd *cmd,
                           const struct order *stored)
{
    bool is_same = cmd->line_count == stored->line_count;
    for (size_t i = 0; is_same && i < cmd->line_count; i++) {
        const struct order_line_cmd *a = &cmd->lines[i];
        const struct order_line *b = &stored->lines[i];
        is_same = str_equal(a->sku, b->sku_code) && a->qty == b->ordered &&
                  a->unit_price == b->unit_price && a->discount == b->discount;
    }
    return is_same;
}

/* An external id that is there with another content: says what differs. What
 * was placed is never rewritten, so nothing of it is taken over. */
static err_t fail_differs(struct import_run *run, struct ctx *ctx,
                          struct placing *placing)
{
    const struct order_cmd *cmd = &placing->order->cmd;
    err_clear(ctx);
    TRY(cli_run(run->cli, run->store, LANE_READ, find_stored, placing));
    const struct order *stored = &placing->stored;
    bool is_same_total = stored->totals.total == cmd->totals->total;
    run->report.totals_compared++;
    run->report.totals_matched += is_same_total;
    if (!is_same_total)
        return fail_as(
            ctx, ERR_CONFLICT, "external_id_reused", "total",
            "is stored as %.*s and this payload says %.*s",
            STR_ARG(money_to_decimal(
                ctx->arena, money_make(stored->totals.total, cmd->currency))),
            STR_ARG(money_to_decimal(
                ctx->arena, money_make(cmd->totals->total, cmd->currency))));
    bool is_same = has_same_lines(cmd, stored);
    return fail_as(ctx, ERR_CONFLICT, "external_id_reused",
                   is_same ? "raw" : "lines",
                   is_same ? "lines and total are stored as they are here; "
                             "other parts of this payload differ"
                           : "the total is the same, the lines differ");
}

static void count_placed(struct import_run *run, const struct placing *placing)
{
    struct import_report *report = &run->report;
    const struct import_order *order = placing->order;
    int64_t total = order->cmd.totals->total;
    report->outcomes[placing->is_new ? IMPORT_PLACED : IMPORT_THERE]++;
    report->skus_created += placing->skus_created;
    report->channels_created += placing->is_channel_new;
    report->cancelled += placing->is_cancelled;
    report->totals_compared++;
    report->totals_matched += placing->stored.totals.total == total;
    if (!placing->is_new)
        return;
    report->lines += (int64_t)order->cmd.line_count;
    for (size_t i = 0; i < order->cmd.line_count; i++)
        report->units += order->cmd.lines[i].qty;
    for (int i = 0; i < IMPORT_PART_COUNT; i++)
        report->parts[i] += (int64_t)order->parts[i];
    for (int i = 0; i < IMPORT_NOTE_COUNT; i++)
        report->notes[i] += (int64_t)order->notes[i];
    import_report_sum(report, order->cmd.currency, total);
}

static str order_label(struct arena *arena, const struct import_order *order)
{
    if (str_equal(order->name, order->cmd.external_id))
        return order->name;
    return str_printf(arena, "%.*s (%.*s)", STR_ARG(order->cmd.external_id),
                      STR_ARG(order->name));
}

/* Only what the store itself cannot do ends the run. */
static bool is_fatal(err_t err)
{
    return err == ERR_BUSY || err == ERR_INTERNAL || err == ERR_RETRY;
}

static bool is_reused(const struct err_detail *err)
{
    return err->slug && strcmp(err->slug, "external_id_reused") == 0;
}

static err_t take_order(struct import_run *run, struct ctx *ctx, json_any from,
                        struct import_order *order)
{
    struct placing placing = {.format = run->format, .order = order};
    TRY(run->format->read(ctx, from, order));
    const char *channel = cli_text(run->cli, "channel");
    order->cmd.channel =
        str_from_cstr(channel ? channel : run->format->channel);
    order_cmd_seal(ctx->arena, &order->cmd);
    err_t err = OK;
    if (run->store)
        err = cli_run(run->cli, run->store, LANE_WRITE, place, &placing);
    else
        placing.stored.totals.total = order->cmd.totals->total;
    if (is_reused(&ctx->err))
        return fail_differs(run, ctx, &placing);
    TRY(err);
    placing.is_new |= !run->store;
    count_placed(run, &placing);
    return OK;
}

static err_t on_order(struct ctx *ctx, json_any from, void *arg)
{
    struct import_run *run = arg;
    struct import_order order = {.is_cancelled = false};
    struct arena_mark mark = arena_mark(ctx->arena);
    run->report.payloads++;
    run->report.orders++;
    err_t err = take_order(run, ctx, from, &order);
    if (is_fatal(err))
        return err;
    if (err != OK) {
        const struct err_detail *detail = &ctx->err;
        enum import_outcome outcome =
            is_reused(detail) ? IMPORT_DIFFERS : IMPORT_REFUSED;
        run->report.outcomes[outcome]++;
        import_report_issue(&run->report, run->file,
                            order_label(ctx->arena, &order), outcome, detail);
        err_clear(ctx);
    }
    arena_reset_to(ctx->arena, mark);
    return OK;
}

static err_t on_skip(struct ctx *ctx, str kind, size_t count, void *arg)
{
    (void)ctx;
    struct import_run *run = arg;
    import_report_skip(&run->report, kind, count);
    return OK;
}

static err_t walk_text(struct import_run *run, str text)
{
    struct ctx *ctx = &run->cli->ctx;
    const struct import_sink sink = {run, on_order, on_skip};
    for (;;) {
        json_any document;
        TRY(json_any_parse(ctx, &text, &document));
        if (!document.node)
            return OK;
        err_t err = run->format->walk(ctx, document, &sink);
        json_any_close(document);
        TRY(err);
    }
}

/* The whole file on the heap; NULL with the reason in ctx. */
static char *read_file(struct cli *cli, const char *path, size_t *ret_len)
{
    struct ctx *ctx = &cli->ctx;
    FILE *file = NULL;
    char *text = NULL;
    size_t room = 0, len = 0, got = 0;
    err_t err = cli_file_open(cli, path, &file);
    while (err == OK && len < FILE_MAX_BYTES) {
        if (len == room)
            text = mem_resize(text, room += READ_STEP_BYTES);
        got = fread(text + len, 1, room - len, file);
        len += got;
        if (got == 0)
            break;
    }
    if (file && (ferror(file) || len >= FILE_MAX_BYTES))
        err = fail_as(ctx, ERR_INVALID, "file_unreadable", "",
                      "cannot be read whole, or is over 512 MiB");
    if (file)
        fclose(file);
    if (err != OK) {
        mem_free(text);
        return NULL;
    }
    *ret_len = len;
    return text;
}

static err_t import_file(struct import_run *run, const char *path)
{
    struct ctx *ctx = &run->cli->ctx;
    size_t len;
    int64_t before = run->report.orders;
    err_t err = ERR_INVALID;
    run->file = str_from_cstr(path);
    run->report.files++;
    char *text = read_file(run->cli, path, &len);
    if (text)
        err = walk_text(run, (str){text, len});
    mem_free(text);
    if (is_fatal(err))
        return err;
    if (err != OK) {
        run->report.files_unreadable++;
        import_report_issue(&run->report, run->file, STR("-"), IMPORT_REFUSED,
                            &ctx->err);
        err_clear(ctx);
    } else if (run->report.orders == before) {
        run->report.files_without_orders++;
    }
    return OK;
}

static err_t run_files(struct import_run *run)
{
    struct cli *cli = run->cli;
    if (!cli_flag(cli, "dry-run"))
        TRY(cli_store_open(cli, &run->store));
    for (int i = 0; i < cli->word_count; i++)
        TRY(import_file(run, cli->words[i]));
    return OK;
}

static int unknown_format(struct cli *cli)
{
    fputs("formats:", cli->err);
    for (size_t i = 0; import_formats[i]; i++)
        fprintf(cli->err, " %s", import_formats[i]->name);
    fputs(" online-retail csv wharf\n", cli->err);
    return cli_usage(cli, "name one with --format");
}

static int run_import(struct cli *cli)
{
    struct import_run run = {.cli = cli};
    const char *format = cli_text(cli, "format");
    bool is_history = format && strcmp(format, "online-retail") == 0;
    bool is_csv = format && strcmp(format, "csv") == 0;
    if (format && strcmp(format, "wharf") == 0)
        return import_wharf(cli);
    if (format)
        run.format = import_format_find(format);
    if (!run.format && !is_history && !is_csv)
        return unknown_format(cli);
    if (cli->word_count == 0)
        return cli_usage(cli, "name the files to import");
    if (is_csv)
        return import_csv(cli);
    if (is_history)
        return import_history(cli);
    run.report.arena = arena_open();
    run.report.format = run.format->name;
    run.report.is_dry_run = cli_flag(cli, "dry-run");
    err_t err = run_files(&run);
    cli_store_close(cli, run.store);
    int code = err == OK ? EXIT_FINE : cli_failed(cli);
    if (err == OK && run.report.files_unreadable > 0)
        code = EXIT_FAILED;
    import_report_print(cli->out, &run.report, cli_flag(cli, "json"));
    arena_close(run.report.arena);
    return code;
}

/* clang-format off */
static const struct cli_option options[] = {
    {"format", "FORMAT",
     "shopify-orders or woocommerce-orders: JSON as the vendor's API gives it; "
     "online-retail: CSV of invoices, packed by gzip or not; csv: any CSV, by "
     "--map; wharf: a folder "
     "that 'wharf export' has written",
     0, 0},
    {"channel", "CODE",
     "import into this channel; it is made where it is missing", 0, 0},
    {"map", "FILE", "of csv: which column feeds which field, as JSON", 0, 0},
    {"zone", "ZONE", "of online-retail's times; Europe/London", 0, 0},
    {"currency", "CODE", "of online-retail's prices; GBP", 0, 0},
    {"encoding", "NAME",
     "of a CSV file: auto, utf-8, windows-1252, iso-8859-1, ...", 0, 0},
    {"rejects", "FILE", "write the rows that were not taken, and why", 0, 0},
    {"dry-run", NULL, "read and report only; nothing is stored", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_import = {
    .name = "import",
    .line = "load orders, catalogues and history from files",
    .usage = "--format FORMAT [options] FILE...",
    .about = "What is read passes the same checks as through the API; what is "
             "not imported is reported. Running it again changes nothing.",
    .examples = "wharf import --format online-retail --rejects no.csv "
                "2011.csv.gz\n"
                "wharf import --format shopify-orders --dry-run orders.json\n"
                "wharf import --format shopify-orders orders.json",
    .fails = "it failed, or a file could not be read",
    .options = options,
    .takes = CLI_STORE | CLI_JSON | CLI_SERVED,
    .run = run_import,
};
