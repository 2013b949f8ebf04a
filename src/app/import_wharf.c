/* import_wharf.c - `wharf import --format wharf DIR`: an export as a store.
 *
 * Ids, versions, times, movements and the log come as they were. All files are
 * compared with the manifest before the first row is written. The store must
 * be empty, or hold a part of the same export: a run that was killed is
 * finished by the same call.
 */
#define WHARF_UNBANNED
#include "app/import_wharf.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/manifest.h"
#include "app/table_rows.h"
#include "base/arena.h"
#include "base/str.h"
#include "store/meta_sql.h"

enum {
    BATCH_ROWS = 500,
    BATCH_BYTES = 4 * 1024 * 1024,
    READ_BYTES = 1 << 18,
    LINE_BYTES = 4096 /* To begin with. */
};

static const char MARK[] = "import.manifest";

/* A file of lines, one line in memory. */
struct lines {
    FILE *file;
    char *text;
    size_t room;
    int64_t line;
};

struct wharf_run {
    struct cli *cli;
    struct store *store;
    const char *dir;
    struct manifest manifest;
    char hash[2 * MANIFEST_HASH_BYTES + 1]; /* Of the manifest. */
    int64_t rows, written, expected;
    struct cli_progress progress;
};

/* A run of rows on its way. */
struct wharf_batch {
    const struct table *table;
    struct arena *arena;
    struct sql_arg *args;
    size_t count, bytes;
    int64_t written;
};

static const char *path_of(struct wharf_run *run, const char *name)
{
    struct arena *arena = run->cli->arena;
    return str_to_cstr(arena, str_printf(arena, "%s/%s", run->dir, name));
}

static err_t fail_open(struct ctx *ctx, const char *name)
{
    return fail_as(ctx, ERR_INVALID, "file_unreadable", name, "%s",
                   strerror(errno));
}

static err_t read_manifest(struct wharf_run *run)
{
    struct cli *cli = run->cli;
    char *text = arena_alloc(cli->arena, MANIFEST_BYTES);
    unsigned char hash[MANIFEST_HASH_BYTES];
    FILE *file = fopen(path_of(run, "manifest.json"), "re");
    if (!file)
        return fail_open(&cli->ctx, "manifest.json");
    size_t len = fread(text, 1, MANIFEST_BYTES, file);
    fclose(file);
    if (len == MANIFEST_BYTES)
        return fail_as(&cli->ctx, ERR_INVALID, "file_broken", "manifest.json",
                       "is too long");
    crypto_hash_sha256(hash, (unsigned char *)text, len);
    sodium_bin2hex(run->hash, sizeof run->hash, hash, sizeof hash);
    return manifest_read(&cli->ctx, (str){text, len}, &run->manifest);
}

/* ---- first: are the files those of the manifest? ---- */

static err_t check_file(struct wharf_run *run,
                        const struct manifest_file *entry)
{
    struct ctx *ctx = &run->cli->ctx;
    const char *name = str_to_cstr(run->cli->arena,
                                   manifest_file_name(run->cli->arena, entry));
    FILE *file = fopen(path_of(run, name), "re");
    if (!file)
        return fail_open(ctx, name);
    crypto_hash_sha256_state state;
    unsigned char hash[MANIFEST_HASH_BYTES];
    char hex[2 * MANIFEST_HASH_BYTES + 1];
    unsigned char *part = mem_new(READ_BYTES);
    int64_t bytes = 0;
    size_t got;
    crypto_hash_sha256_init(&state);
    while ((got = fread(part, 1, READ_BYTES, file)) > 0) {
        crypto_hash_sha256_update(&state, part, got);
        bytes += (int64_t)got;
    }
    mem_free(part);
    fclose(file);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    if (bytes != entry->bytes)
        return fail_as(ctx, ERR_INVALID, "file_cut", name,
                       "has %lld bytes, the manifest says %lld",
                       (long long)bytes, (long long)entry->bytes);
    if (strcmp(hex, entry->sha256) != 0)
        return fail_as(ctx, ERR_INVALID, "file_broken", name,
                       "is not the file that was exported");
    return OK;
}

/* ---- is the store ours to fill? ---- */

static err_t refuse_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const char *table = arg;
    (void)row;
    return fail_as(ctx, ERR_STATE, "store_not_empty", "--store",
                   "must be empty; it has rows in %s", table);
}

static err_t claim_store(struct ctx *ctx, void *arg)
{
    const struct wharf_run *run = arg;
    struct sql_arg key[] = {sql_s(str_from_cstr(MARK)),
                            sql_s(str_from_cstr(run->hash))};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_META_GET, key, 1, &rows));
    if (rows.count > 0 && str_equal_cstr(sql_str(&rows, 0, 0), run->hash))
        return OK; /* It was begun before. */
    for (size_t i = 0; i < manifest_table_count(); i++) {
        const struct table *table = manifest_table(i);
        union {
            const char *from;
            void *to;
        } name = {.from = table->name};
        if (!table->is_replaced)
            TRY(sql_each(ctx, table->export_stmt, NULL, 0, refuse_row,
                         name.to));
    }
    return sql_run(ctx, SQL_META_SAVE, key, COUNT_OF(key), NULL);
}

/* ---- rows ---- */

static err_t write_batch(struct ctx *ctx, void *arg)
{
    struct wharf_batch *batch = arg;
    return sql_run_many(ctx, batch->table->restore_stmt, batch->args,
                        batch->table->column_count, batch->count,
                        &batch->written);
}

static err_t flush(struct wharf_run *run, struct wharf_batch *batch)
{
    struct cli *cli = run->cli;
    if (batch->count == 0)
        return OK;
    struct arena_mark mark = arena_mark(cli->arena);
    TRY(cli_run(cli, run->store, LANE_WRITE, write_batch, batch));
    arena_reset_to(cli->arena, mark);
    run->rows += (int64_t)batch->count;
    run->written += batch->written;
    cli_progress_show(&run->progress, run->rows, run->expected);
    batch->count = batch->bytes = 0;
    arena_reset(batch->arena);
    batch->args = arena_array(batch->arena, struct sql_arg,
                              BATCH_ROWS * batch->table->column_count);
    return OK;
}

static err_t take_line(struct wharf_run *run, struct wharf_batch *batch,
                       str line, int64_t number)
{
    struct ctx ctx = {.arena = batch->arena};
    struct sql_arg *at =
        batch->args + batch->count * batch->table->column_count;
    /* The parsed line points into its text. */
    if (table_row_read(&ctx, batch->table, str_copy(batch->arena, line), at) !=
        OK)
        return fail_as(&run->cli->ctx, ERR_INVALID, "row_invalid",
                       batch->table->name, "line %lld: %s: %s",
                       (long long)number, ctx.err.field, ctx.err.text);
    batch->count++;
    batch->bytes += line.len;
    if (batch->count == BATCH_ROWS || batch->bytes > BATCH_BYTES)
        return flush(run, batch);
    return OK;
}

/* The next line without its end; false past the last one. One that is too
 * long ends a byte past the limit. */
static bool next_line(struct lines *lines, str *ret)
{
    size_t len = 0;
    int c = getc_unlocked(lines->file);
    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n' && len <= LIMIT_EXPORT_LINE_BYTES;
         c = getc_unlocked(lines->file)) {
        if (len == lines->room) {
            lines->room = len ? 2 * len : LINE_BYTES;
            lines->text = mem_resize(lines->text, lines->room);
        }
        lines->text[len++] = (char)c;
    }
    lines->line++;
    *ret = (str){lines->text, len};
    return true;
}

static err_t read_lines(struct wharf_run *run, struct wharf_batch *batch,
                        struct lines *lines)
{
    str line;
    while (next_line(lines, &line)) {
        if (line.len > LIMIT_EXPORT_LINE_BYTES)
            return fail_as(&run->cli->ctx, ERR_INVALID, "line_too_long",
                           batch->table->name,
                           "line %lld is longer than %d MiB",
                           (long long)lines->line,
                           LIMIT_EXPORT_LINE_BYTES / (1024 * 1024));
        TRY(take_line(run, batch, line, lines->line));
    }
    return flush(run, batch);
}

static err_t restore_file(struct wharf_run *run,
                          const struct manifest_file *entry)
{
    struct cli *cli = run->cli;
    str name = manifest_file_name(cli->arena, entry);
    struct lines lines = {
        .file = fopen(path_of(run, str_to_cstr(cli->arena, name)), "re")};
    if (!lines.file)
        return fail_open(&cli->ctx, entry->table->name);
    struct wharf_batch batch = {.table = entry->table, .arena = arena_open()};
    batch.args = arena_array(batch.arena, struct sql_arg,
                             BATCH_ROWS * entry->table->column_count);
    err_t err = read_lines(run, &batch, &lines);
    if (err == OK && lines.line != entry->rows)
        err = fail_as(&cli->ctx, ERR_INVALID, "file_broken", entry->table->name,
                      "has %lld rows, not %lld", (long long)lines.line,
                      (long long)entry->rows);
    arena_close(batch.arena);
    mem_free(lines.text);
    fclose(lines.file);
    return err;
}

/* In the order of the tables, whatever that of the manifest. */
static err_t restore_all(struct wharf_run *run)
{
    for (size_t i = 0; i < manifest_table_count(); i++)
        for (size_t j = 0; j < run->manifest.count; j++) {
            const struct manifest_file *entry = &run->manifest.files[j];
            if (!entry->is_csv && entry->table == manifest_table(i))
                TRY(restore_file(run, entry));
        }
    return OK;
}

static err_t work(struct wharf_run *run)
{
    struct cli *cli = run->cli;
    TRY(read_manifest(run));
    for (size_t i = 0; i < run->manifest.count; i++)
        TRY(check_file(run, &run->manifest.files[i]));
    if (cli_flag(cli, "dry-run"))
        return OK;
    TRY(cli_store_open(cli, &run->store));
    TRY(cli_run(cli, run->store, LANE_WRITE, claim_store, run));
    for (size_t i = 0; i < run->manifest.count; i++)
        if (!run->manifest.files[i].is_csv)
            run->expected += run->manifest.files[i].rows;
    cli_progress_begin(&run->progress, cli, "import", "rows");
    err_t err = restore_all(run);
    cli_progress_end(&run->progress);
    return err;
}

int import_wharf(struct cli *cli)
{
    if (cli->word_count != 1)
        return cli_usage(cli, "name the folder of one export");
    /* Its consumers would read the log before they know where they were. */
    if (cli->host)
        return cli_usage(cli, "a serving store is not filled; stop it first");
    struct wharf_run *run = arena_new(cli->arena, struct wharf_run);
    run->cli = cli;
    run->dir = cli_path(cli, cli->words[0]);
    err_t err = work(run);
    cli_store_close(cli, run->store);
    if (err != OK)
        return cli_failed(cli);
    if (cli_flag(cli, "dry-run"))
        fprintf(cli->out, "dry run: all %zu files are as they were exported\n",
                run->manifest.count);
    else
        fprintf(cli->out, "%lld rows read, %lld written\n",
                (long long)run->rows, (long long)run->written);
    return EXIT_FINE;
}
