/* export_cmd.c - the command `wharf export`: everything, in an open format.
 *
 * One snapshot, a table at a time, a row at a time: memory is constant and the
 * store goes on. The manifest comes last, so an export without one is torn.
 */
#define WHARF_UNBANNED
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/commands.h"
#include "app/export_sql.h"
#include "app/manifest.h"
#include "app/table_rows.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "store/epoch.h"

enum { LOOK_EVERY = 1024 }; /* Rows between two looks around. */

/* A file being written, and its sum. */
struct sink {
    FILE *file;
    crypto_hash_sha256_state hash;
    struct manifest_file *entry;
};

struct export_run {
    struct cli *cli;
    const char *dir;
    struct manifest manifest;
    struct sink rows, csv;
    const struct table *table;
    struct cli_progress progress;
    int64_t total;
};

static err_t fail_file(struct ctx *ctx, const char *name)
{
    return fail_as(ctx, ERR_INTERNAL, "file_unwritable", name, "%s",
                   strerror(errno));
}

static err_t sink_open(struct ctx *ctx, struct export_run *run,
                       struct sink *sink, bool is_csv)
{
    ASSERT(run->manifest.count < MANIFEST_FILES);
    sink->entry = &run->manifest.files[run->manifest.count++];
    *sink->entry =
        (struct manifest_file){.table = run->table, .is_csv = is_csv};
    str name = manifest_file_name(ctx->arena, sink->entry);
    const char *path = str_to_cstr(
        ctx->arena, str_printf(ctx->arena, "%s/%.*s", run->dir, STR_ARG(name)));
    sink->file = fopen(path, "wxe");
    crypto_hash_sha256_init(&sink->hash);
    return sink->file ? OK : fail_file(ctx, path);
}

static void sink_put(struct sink *sink, str text)
{
    fwrite(text.ptr, 1, text.len, sink->file);
    crypto_hash_sha256_update(&sink->hash, (const unsigned char *)text.ptr,
                              text.len);
    sink->entry->bytes += (int64_t)text.len;
}

static err_t sink_close(struct ctx *ctx, struct sink *sink)
{
    unsigned char hash[MANIFEST_HASH_BYTES];
    if (!sink->file)
        return OK;
    bool is_bad = fflush(sink->file) != 0 || ferror(sink->file) != 0 ||
                  fsync(fileno(sink->file)) != 0;
    is_bad = fclose(sink->file) != 0 || is_bad;
    sink->file = NULL;
    crypto_hash_sha256_final(&sink->hash, hash);
    sodium_bin2hex(sink->entry->sha256, sizeof sink->entry->sha256, hash,
                   sizeof hash);
    return is_bad ? fail_file(ctx, sink->entry->table->name) : OK;
}

static err_t on_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    struct export_run *run = arg;
    struct buf buf;
    buf_init(&buf, ctx->arena, LIMIT_EXPORT_LINE_BYTES);
    table_row_put(ctx, run->table, row, &buf);
    if (buf.is_full)
        return fail(ctx, ERR_INTERNAL, run->table->name,
                    "a row is longer than 64 MiB");
    sink_put(&run->rows, buf_str(&buf));
    run->rows.entry->rows++;
    run->total++;
    if (run->csv.file) {
        buf_init(&buf, ctx->arena, LIMIT_EXPORT_LINE_BYTES);
        table_row_csv(ctx, run->table, row, &buf);
        sink_put(&run->csv, buf_str(&buf));
        run->csv.entry->rows++;
    }
    if (run->total % LOOK_EVERY != 0)
        return OK;
    cli_progress_show(&run->progress, run->total, 0);
    return cli_goes_on(run->cli) ? OK : fail(ctx, ERR_BUSY, "", "stopped");
}

static err_t export_table(struct ctx *ctx, struct export_run *run)
{
    TRY(sink_open(ctx, run, &run->rows, false));
    if (run->table->is_csv) {
        struct buf head;
        TRY(sink_open(ctx, run, &run->csv, true));
        buf_init(&head, ctx->arena, LIMIT_EXPORT_LINE_BYTES);
        table_head_csv(run->table, &head);
        sink_put(&run->csv, buf_str(&head));
    }
    err_t err = sql_each(ctx, run->table->export_stmt, NULL, 0, on_row, run);
    err_t closed = sink_close(ctx, &run->rows);
    err_t closed_csv = sink_close(ctx, &run->csv);
    TRY(err);
    TRY(closed);
    return closed_csv;
}

static bool is_known(str name)
{
    for (size_t i = 0; i < manifest_table_count(); i++)
        if (str_equal_cstr(name, manifest_table(i)->name))
            return true;
    for (size_t i = 0; tables_skipped[i]; i++)
        if (str_equal_cstr(name, tables_skipped[i]))
            return true;
    return str_starts(name, STR("idem_keys_"));
}

/* A table that the list does not know would be lost in silence. */
static err_t check_schema(struct ctx *ctx)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_EXPORT_SCHEMA, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (!is_known(sql_str(&rows, i, 0)))
            return fail_as(ctx, ERR_STATE, "table_unknown", "",
                           "the store has a table %.*s that this version does "
                           "not know",
                           STR_ARG(sql_str(&rows, i, 0)));
    return OK;
}

static err_t export_all(struct ctx *ctx, void *arg)
{
    struct export_run *run = arg;
    struct schema_state schema;
    struct epoch epoch;
    TRY(check_schema(ctx));
    TRY(schema_get(ctx, &schema));
    TRY(epoch_get(ctx, &epoch));
    run->manifest.schema = str_copy(run->cli->arena, schema.last);
    run->manifest.epoch = str_copy(run->cli->arena, epoch.text);
    run->manifest.exported_at = ctx->now;
    for (size_t i = 0; i < manifest_table_count(); i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        run->table = manifest_table(i);
        TRY(export_table(ctx, run));
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static err_t write_manifest(struct export_run *run)
{
    struct cli *cli = run->cli;
    struct buf buf;
    buf_init(&buf, cli->arena, MANIFEST_BYTES);
    manifest_write(&run->manifest, &buf);
    const char *path = str_to_cstr(
        cli->arena, str_printf(cli->arena, "%s/manifest.json", run->dir));
    FILE *file = fopen(path, "wxe");
    if (!file)
        return fail_file(&cli->ctx, path);
    fwrite(buf.ptr, 1, buf.len, file);
    bool is_bad =
        fflush(file) != 0 || ferror(file) != 0 || fsync(fileno(file)) != 0;
    is_bad = fclose(file) != 0 || is_bad;
    return is_bad ? fail_file(&cli->ctx, path) : OK;
}

static err_t work(struct export_run *run, struct store **store)
{
    struct cli *cli = run->cli;
    TRY(cli_store_open_to_read(cli, store));
    if (mkdir(run->dir, 0700) != 0)
        return fail_as(&cli->ctx, ERR_INVALID, "dir_taken", run->dir,
                       "must be a folder that is not there yet: %s",
                       strerror(errno));
    cli_progress_begin(&run->progress, cli, "export", "rows");
    err_t err = cli_run(cli, *store, LANE_READ, export_all, run);
    cli_progress_end(&run->progress);
    TRY(err);
    return write_manifest(run);
}

static int run_export(struct cli *cli)
{
    if (cli->word_count != 1)
        return cli_usage(cli, "name the folder to write");
    struct export_run *run = arena_new(cli->arena, struct export_run);
    struct store *store = NULL;
    run->cli = cli;
    run->dir = cli_path(cli, cli->words[0]);
    err_t err = work(run, &store);
    cli_store_close(cli, store);
    if (err != OK)
        return cli_failed(cli);
    fprintf(cli->out, "%lld rows of %zu tables in %s\n", (long long)run->total,
            manifest_table_count(), run->dir);
    return EXIT_FINE;
}

const struct cli_command cmd_export = {
    .name = "export",
    .line = "write everything as JSON lines and CSV",
    .usage = "[options] DIR",
    .about =
        "Writes all tables of the store, as one snapshot, into a new folder: "
        "a file of JSON lines each, the flat ones as CSV too, and a manifest "
        "with counts and checksums. Secrets and hashes are left out. 'wharf "
        "import --format wharf DIR' makes a store of it again, on either "
        "engine.",
    .examples = "wharf export --store sqlite:wharf.db backup-2026-11",
    .takes = CLI_STORE,
    .run = run_export,
};
