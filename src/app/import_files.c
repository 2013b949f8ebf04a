/* import_files.c - what the importers of rows share. */
#define WHARF_UNBANNED
#include "app/import_files.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/gz_source.h"
#include "app/rooms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/csv.h"
#include "base/str.h"
#include "oms/room.h"
#include "store/event.h"

/* ---- reading ---- */

static err_t read_rows(const struct import_reader *reader,
                       struct csv_stream *stream, struct ctx *ctx,
                       struct import_file *file)
{
    for (;;) {
        struct csv_row row;
        arena_reset(ctx->arena);
        if (csv_stream_next(ctx, stream, &row) != OK) {
            file->is_cut = true;
            file->err = ctx->err;
            err_clear(ctx);
            return OK;
        }
        if (row.count == 0 && !row.is_bad)
            return OK;
        if (row.is_last && row.is_bad) {
            file->is_cut = true;
            file->err = row.err;
        }
        TRY(reader->row(ctx, reader->arg, &row));
    }
}

err_t import_read(const struct import_reader *reader, struct import_file *file)
{
    struct cli *cli = reader->cli;
    struct csv_stream_config config = reader->csv;
    struct gz_source *source;
    err_t err = gz_source_open(cli, file->name, &source);
    if (err != OK) {
        file->is_cut = true;
        file->err = cli->ctx.err;
        err_clear(&cli->ctx);
        return OK;
    }
    struct ctx ctx = {.arena = arena_open(), .actor = cli->ctx.actor};
    config.read = gz_source_read;
    config.arg = source;
    struct csv_stream *stream = csv_stream_open(&config);
    err = read_rows(reader, stream, &ctx, file);
    if (err != OK)
        cli->ctx.err = ctx.err;
    file->bytes = csv_stream_bytes(stream);
    csv_stream_close(stream);
    gz_source_close(source);
    arena_close(ctx.arena);
    return err;
}

err_t import_encoding(struct cli *cli, const char *name,
                      struct csv_stream_config *ret)
{
    ret->charset = ret->otherwise = NULL;
    if (!name || strcasecmp(name, "auto") == 0)
        return charset_open(&cli->ctx, "windows-1252", &ret->otherwise);
    if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0)
        return OK;
    return charset_open(&cli->ctx, name, &ret->charset);
}

/* ---- rejects ---- */

enum { REJECT_BYTES = 4 * CSV_MAX_RECORD_BYTES };

/* Writing it would empty what is to be read. */
static bool is_input(struct cli *cli, const char *path)
{
    struct stat out, in;
    if (stat(path, &out) != 0)
        return false;
    for (int i = 0; i < cli->word_count; i++)
        if (stat(cli_path(cli, cli->words[i]), &in) == 0 &&
            in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return true;
    return false;
}

err_t import_rejects_open(struct cli *cli, struct import_rejects *ret)
{
    const char *path = cli_text(cli, "rejects");
    *ret = (struct import_rejects){0};
    if (!path)
        return OK;
    if (cli->host && str_starts(str_from_cstr(path), STR("/dev/")))
        return fail_as(&cli->ctx, ERR_INVALID, "file_unwritable", "--rejects",
                       "is written by a server: name a file");
    if (is_input(cli, cli_path(cli, path)))
        return fail_as(&cli->ctx, ERR_INVALID, "file_is_input", "--rejects",
                       "is one of the files to read: name another");
    ret->file = fopen(cli_path(cli, path), "we");
    if (!ret->file)
        return fail_as(&cli->ctx, ERR_INVALID, "file_unwritable", "--rejects",
                       "%s", strerror(errno));
    fputs("file,line,code,detail,raw\r\n", ret->file);
    return OK;
}

void import_rejects_put(struct import_rejects *rejects,
                        const struct import_reject *reject)
{
    rejects->count++;
    if (!rejects->file)
        return;
    struct arena *arena = arena_open();
    struct buf buf;
    buf_init(&buf, arena, REJECT_BYTES);
    csv_put(&buf, str_from_cstr(reject->file), false);
    csv_put(&buf, str_printf(arena, "%lld", (long long)reject->line), false);
    csv_put(&buf, str_from_cstr(reject->code), false);
    csv_put(&buf, str_from_cstr(reject->detail), false);
    csv_put(&buf, reject->raw, true);
    fwrite(buf.ptr, 1, buf.len, rejects->file);
    arena_close(arena);
}

err_t import_rejects_close(struct cli *cli, struct import_rejects *rejects)
{
    if (!rejects->file)
        return OK;
    bool is_bad = ferror(rejects->file) != 0;
    is_bad = fclose(rejects->file) != 0 || is_bad;
    rejects->file = NULL;
    if (is_bad)
        return fail_as(&cli->ctx, ERR_INTERNAL, "file_unwritable", "--rejects",
                       "could not be written whole");
    return OK;
}

/* ---- the store ---- */

err_t import_store_open(struct cli *cli, struct store **ret)
{
    struct store_config config;
    TRY(cli_store_config(cli, &config));
    if (!cli_flag(cli, "dry-run") || cli->host ||
        config.engine != STORE_SQLITE || access(config.path, F_OK) == 0)
        return cli_store_open(cli, ret);
    config.path = ":memory:";
    return store_open(&cli->ctx, &config, ret);
}

enum { SETTLE_EVENTS = 2000 };

struct settling {
    const struct event_consumer *consumer;
    size_t count;
};

static err_t settle_step(struct ctx *ctx, void *arg)
{
    struct settling *settling = arg;
    return event_step(ctx, settling->consumer, SETTLE_EVENTS, &settling->count);
}

static err_t settle_room(struct cli *cli, struct store *store,
                         const struct event_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct settling settling = {&list->at[i], 1};
        while (settling.count > 0) {
            struct arena_mark mark = arena_mark(cli->arena);
            TRY(cli_run(cli, store, LANE_LOW, settle_step, &settling));
            arena_reset_to(cli->arena, mark);
        }
    }
    return OK;
}

err_t import_settle(struct cli *cli, struct store *store)
{
    if (cli->host)
        return OK; /* Its own consumers are at it. */
    for (size_t i = 0; rooms[i]; i++)
        if (rooms[i]->events)
            TRY(settle_room(cli, store, rooms[i]->events));
    return OK;
}
