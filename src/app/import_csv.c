/* import_csv.c - `wharf import --format csv --map FILE`: any CSV, by a mapping
 * of its columns to the fields of the API.
 */
#define WHARF_UNBANNED
#include "app/import_csv.h"

#include <inttypes.h>
#include <string.h>

#include "app/cli_progress.h"
#include "app/cli_stream.h"
#include "app/csv_apply.h"
#include "app/import_files.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

enum { TOLD_ROWS = 1000 }; /* Of a dry run, in the report. */

/* Rows that make one body, kept until it is whole. */
struct csv_group {
    struct arena *arena;
    struct map_row rows[MAP_GROUP_ROWS];
    str raws[MAP_GROUP_ROWS];
    int64_t lines[MAP_GROUP_ROWS];
    size_t count;
    str key;
    bool is_too_long;
};

struct csv_run {
    struct cli *cli;
    struct store *store;
    struct csv_map map;
    struct import_rejects rejects;
    struct cli_progress progress;
    struct csv_group group;
    const char *file;
    bool has_header, is_dry_run, is_json;
    int64_t files, files_cut, rows, bad_rows, bodies, told;
    int64_t outcomes[APPLY_OUTCOMES];
    struct buf tell; /* Of a dry run: a JSON list without its brackets. */
};

static const char *const outcome_names[APPLY_OUTCOMES] = {
    [APPLY_DONE] = "imported",
    [APPLY_THERE] = "already_there",
    [APPLY_REFUSED] = "refused",
};

/* ---- a body ---- */

static void reject_group(struct csv_run *run, const char *slug,
                         const struct err_detail *err)
{
    char detail[sizeof err->field + sizeof err->text + 2];
    snprintf(detail, sizeof detail, "%s%s%s", err->field,
             err->field[0] ? ": " : "", err->text);
    for (size_t i = 0; i < run->group.count; i++) {
        struct import_reject reject = {run->file, run->group.lines[i], slug,
                                       detail, run->group.raws[i]};
        import_rejects_put(&run->rejects, &reject);
    }
}

/* What a dry run would do with each body. */
static void tell(struct csv_run *run, enum apply_outcome outcome,
                 const struct err_detail *err)
{
    const char *slug = err_name(err);
    const char *done = outcome == APPLY_DONE    ? "would be imported"
                       : outcome == APPLY_THERE ? "is there already"
                                                : "would be refused";
    if (run->told++ >= TOLD_ROWS)
        return;
    if (!run->is_json) {
        fprintf(run->cli->out, "%s:%" PRId64 ": %s%s%s%s%s\n", run->file,
                run->group.lines[0], done, outcome == APPLY_REFUSED ? ": " : "",
                outcome == APPLY_REFUSED ? err->field : "",
                outcome == APPLY_REFUSED ? " " : "",
                outcome == APPLY_REFUSED ? err->text : "");
        return;
    }
    struct json_out out;
    json_out_init(&out, &run->tell);
    out.needs_comma = run->tell.len > 0;
    json_begin(&out, NULL);
    json_put_cstr(&out, "file", run->file);
    json_put_i64(&out, "line", run->group.lines[0]);
    json_put_cstr(&out, "outcome", outcome_names[outcome]);
    if (outcome == APPLY_REFUSED) {
        json_put_cstr(&out, "code", slug);
        json_put_cstr(&out, "field", err->field);
    }
    json_end_object(&out);
}

static void count_body(struct csv_run *run, enum apply_outcome outcome,
                       const struct err_detail *err)
{
    run->bodies++;
    cli_progress_show(&run->progress, run->rows, 0);
    run->outcomes[outcome]++;
    if (outcome == APPLY_REFUSED)
        reject_group(run, err_name(err), err);
    if (run->is_dry_run)
        tell(run, outcome, err);
}

static err_t apply_group(struct csv_run *run)
{
    struct cli *cli = run->cli;
    struct csv_group *group = &run->group;
    struct ctx ctx = {.arena = group->arena};
    struct apply apply = {.target = run->map.target,
                          .is_dry_run = run->is_dry_run};
    if (group->is_too_long)
        (void)fail_as(&ctx, ERR_INVALID, "lines_out_of_range", "",
                      "has more than %d rows", MAP_GROUP_ROWS);
    else
        (void)!csv_map_body(&ctx, &run->map, group->rows, group->count,
                            &apply.body);
    if (ctx.err.code != OK) {
        count_body(run, APPLY_REFUSED, &ctx.err);
        return OK;
    }
    apply.key = str_printf(group->arena, "import-%s-%016" PRIx64 "-%" PRId64,
                           map_target_name(run->map.target),
                           str_hash(apply.body), group->lines[0]);
    struct arena_mark mark = arena_mark(cli->arena);
    TRY(csv_apply(cli, run->store, &apply));
    count_body(run, apply.outcome, &apply.err);
    arena_reset_to(cli->arena, mark);
    return OK;
}

static err_t flush(struct csv_run *run)
{
    err_t err = run->group.count > 0 ? apply_group(run) : OK;
    run->group.count = 0;
    run->group.is_too_long = false;
    arena_reset(run->group.arena);
    return err;
}

/* ---- rows ---- */

static void keep_row(struct csv_group *group, const struct csv_row *row)
{
    if (group->count == MAP_GROUP_ROWS) {
        group->is_too_long = true;
        return;
    }
    str *cells = arena_array(group->arena, str, row->count);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = str_copy(group->arena, row->cells[i]);
    group->rows[group->count] = (struct map_row){cells, row->count};
    group->raws[group->count] = str_copy(group->arena, row->raw);
    group->lines[group->count++] = row->line;
}

static void reject_bad(struct csv_run *run, const struct csv_row *row)
{
    struct import_reject reject = {run->file, row->line,
                                   row->err.slug ? row->err.slug : "csv",
                                   row->err.text, row->raw};
    run->bad_rows++;
    import_rejects_put(&run->rejects, &reject);
}

static err_t on_row(struct ctx *ctx, void *arg, const struct csv_row *row)
{
    struct csv_run *run = arg;
    if (!run->has_header && !row->is_bad) {
        run->has_header = true;
        return csv_map_bind(ctx, &run->map, row->cells, row->count);
    }
    run->rows++;
    if (row->is_bad) {
        reject_bad(run, row);
        return OK;
    }
    str key = run->map.has_group && run->map.group_at < row->count
                  ? row->cells[run->map.group_at]
                  : STR_NONE;
    if (key.len == 0 || !str_equal(key, run->group.key))
        TRY(flush(run));
    if (run->group.count == 0)
        run->group.key = str_copy(run->group.arena, key);
    keep_row(&run->group, row);
    return OK;
}

static err_t read_file(struct csv_run *run, const struct import_reader *reader,
                       struct import_file *file)
{
    struct cli *cli = run->cli;
    run->file = file->name;
    run->has_header = false;
    run->group.key = STR_NONE;
    err_t err = import_read(reader, file);
    run->files++;
    if (err == ERR_INVALID) { /* Not a file of this mapping. */
        file->is_cut = true;
        file->err = cli->ctx.err;
        err_clear(&cli->ctx);
        run->group.count = 0;
        err = OK;
    }
    TRY(err);
    if (!file->is_cut)
        return flush(run);
    fprintf(cli->err, "%s: is not read to its end: %s %s\n", file->name,
            file->err.field, file->err.text);
    run->files_cut++;
    /* The last order may lack rows. */
    if (run->map.has_group && run->group.count > 0) {
        struct err_detail cut = {.code = ERR_INVALID,
                                 .text = "the file ends in these rows"};
        reject_group(run, "file_cut", &cut);
        run->group.count = 0;
    }
    return flush(run);
}

/* ---- the mapping and the run ---- */

static err_t read_map(struct csv_run *run)
{
    struct cli *cli = run->cli;
    const char *path = cli_text(cli, "map");
    char *text = arena_alloc(cli->arena, MAP_BYTES);
    FILE *file;
    if (!path)
        return fail_as(&cli->ctx, ERR_INVALID, "missing_field", "--map",
                       "name a mapping file");
    TRY(cli_file_open(cli, path, &file));
    size_t len = fread(text, 1, MAP_BYTES, file);
    fclose(file);
    if (len == MAP_BYTES)
        return fail_as(&cli->ctx, ERR_INVALID, "too_long", "--map",
                       "is longer than 256 KiB");
    return csv_map_read(&cli->ctx, (str){text, len}, &run->map);
}

static err_t work(struct csv_run *run)
{
    struct cli *cli = run->cli;
    struct import_reader reader = {.cli = cli, .row = on_row, .arg = run};
    const char *encoding = cli_text(cli, "encoding");
    TRY(read_map(run));
    reader.csv.separator = run->map.separator;
    if (!encoding && run->map.encoding.len > 0)
        encoding = str_to_cstr(cli->arena, run->map.encoding);
    TRY(import_encoding(cli, encoding ? encoding : "utf-8", &reader.csv));
    TRY(import_rejects_open(cli, &run->rejects));
    TRY(import_store_open(cli, &run->store));
    cli_progress_begin(&run->progress, cli, "import", "rows");
    err_t err = OK;
    for (int i = 0; err == OK && i < cli->word_count; i++) {
        struct import_file file = {.name = cli->words[i]};
        err = read_file(run, &reader, &file);
    }
    cli_progress_end(&run->progress);
    TRY(err);
    return run->is_dry_run ? OK : import_settle(cli, run->store);
}

static void print_json(struct csv_run *run)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, run->cli->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "format", "csv");
    json_put_cstr(&out, "target", map_target_name(run->map.target));
    json_put_bool(&out, "dry_run", run->is_dry_run);
    json_put_i64(&out, "files", run->files);
    json_put_i64(&out, "files_cut", run->files_cut);
    json_put_i64(&out, "rows", run->rows);
    json_put_i64(&out, "rows_unreadable", run->bad_rows);
    json_put_i64(&out, "seen", run->bodies);
    for (int i = 0; i < APPLY_OUTCOMES; i++)
        json_put_i64(&out, outcome_names[i], run->outcomes[i]);
    json_put_i64(&out, "rejects", run->rejects.count);
    if (run->is_dry_run)
        json_put_raw(&out, "would",
                     str_printf(run->cli->arena, "[%.*s]",
                                STR_ARG(buf_str(&run->tell))));
    json_end_object(&out);
    fprintf(run->cli->out, "%.*s\n", STR_ARG(buf_str(&buf)));
}

static void print(struct csv_run *run)
{
    if (run->is_json) {
        print_json(run);
        return;
    }
    fprintf(run->cli->out,
            "%s%s: %" PRId64 " files (%" PRId64 " cut), %" PRId64
            " rows (%" PRId64 " unreadable); %" PRId64 " seen, %" PRId64
            " imported, %" PRId64 " already there, %" PRId64 " refused\n",
            run->is_dry_run ? "dry run: " : "",
            map_target_name(run->map.target), run->files, run->files_cut,
            run->rows, run->bad_rows, run->bodies, run->outcomes[APPLY_DONE],
            run->outcomes[APPLY_THERE], run->outcomes[APPLY_REFUSED]);
}

int import_csv(struct cli *cli)
{
    struct csv_run *run = arena_new(cli->arena, struct csv_run);
    run->cli = cli;
    run->is_dry_run = cli_flag(cli, "dry-run");
    run->is_json = cli_flag(cli, "json");
    run->group.arena = arena_open();
    struct arena *told = arena_open();
    buf_init(&run->tell, told, LIMIT_REPLY_BYTES / 2);
    err_t err = work(run);
    err_t closed = import_rejects_close(cli, &run->rejects);
    err = err == OK ? closed : err;
    cli_store_close(cli, run->store);
    int code = err == OK ? EXIT_FINE : cli_failed(cli);
    if (err == OK && run->files_cut > 0)
        code = EXIT_FAILED;
    if (err == OK)
        print(run);
    arena_close(told);
    arena_close(run->group.arena);
    return code;
}
