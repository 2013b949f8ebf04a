/* backup.c - what making, checking and restoring have in common. */
#include "store/backup.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "store/backup_int.h"
#include "store/call.h"
#include "store/engine.h"
#include "store/epoch.h"
#include "store/meta_sql.h"
#include "store/sql.h"

/* ---- pace ---- */

static void sleep_ns(int64_t ns)
{
    struct timespec left = {ns / 1000000000, ns % 1000000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

err_t backup_went_on(struct backup_run *run, int64_t bytes)
{
    const struct backup_pace *pace = run->pace;
    run->done += bytes;
    if (pace->go_on && !pace->go_on(pace->arg, run->done, run->total))
        return fail_as(run->ctx, ERR_STATE, "stopped", "",
                       "stopped before the end");
    if (pace->bytes_per_s <= 0 || run->is_unpaced)
        return OK;
    int64_t due_ns =
        run->done / pace->bytes_per_s * 1000000000 +
        run->done % pace->bytes_per_s * 1000000000 / pace->bytes_per_s;
    int64_t early_ns = due_ns - (clock_mono_ns() - run->began_ns);
    if (early_ns > 0)
        sleep_ns(early_ns);
    return OK;
}

/* ---- records ---- */

void backup_lot_open(struct backup_lot *lot, struct backup_run *run,
                     struct archive_out *out)
{
    *lot = (struct backup_lot){
        .run = run, .out = out, .bytes = mem_new(ARCHIVE_RECORD_BYTES)};
}

void backup_lot_close(struct backup_lot *lot)
{
    mem_free(lot->bytes);
}

err_t backup_lot_flush(struct backup_lot *lot)
{
    str bytes = {lot->bytes, lot->len};
    if (lot->len == 0)
        return OK;
    lot->len = 0;
    TRY(archive_put(lot->run->ctx, lot->out, ARCHIVE_DATA, bytes));
    return backup_went_on(lot->run, (int64_t)bytes.len);
}

err_t backup_lot_add(struct backup_lot *lot, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t part = ARCHIVE_RECORD_BYTES - lot->len;
        if (part > len)
            part = len;
        memcpy(lot->bytes + lot->len, bytes, part);
        lot->len += part;
        bytes += part;
        len -= part;
        if (lot->len == ARCHIVE_RECORD_BYTES)
            TRY(backup_lot_flush(lot));
    }
    return OK;
}

/* ---- making ---- */

static err_t read_head(struct ctx *ctx, void *arg)
{
    struct archive_head *head = arg;
    struct sql_arg args[] = {sql_s(STR("step.")), sql_s(STR("step/"))};
    struct sql_rows rows;
    struct epoch epoch;
    TRY(epoch_get(ctx, &epoch));
    TRY(sql_list(ctx, SQL_META_LIST, args, COUNT_OF(args), &rows));
    str *steps = arena_array(ctx->arena, str, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        (void)str_split(sql_str(&rows, i, 0), '.', &steps[i]);
    *head = (struct archive_head){
        .engine = store_engine_of(ctx),
        .epoch = epoch.text,
        .at = ctx->now,
        .version = STR(WHARF_VERSION),
        .steps = steps,
        .step_count = rows.count,
    };
    return OK;
}

static err_t note_backup(struct ctx *ctx, void *arg)
{
    (void)arg;
    return epoch_backed_up(ctx);
}

static err_t make(struct backup_run *run, struct store *store, const char *path,
                  struct archive_out *out, utc_ms *ret_at)
{
    switch (store_engine(store)) {
    case STORE_SQLITE: return backup_make_sqlite(run, store, path, out, ret_at);
    case STORE_POSTGRES:
        return backup_make_postgres(run, store_config_of(store), out, ret_at);
    }
    UNREACHABLE("a store without an engine");
}

err_t backup_make(struct ctx *ctx, struct store *store, const char *path,
                  const struct backup_pace *pace, struct backup_result *ret)
{
    struct backup_result result;
    struct archive_out *out;
    struct backup_run run = {
        .ctx = ctx, .pace = pace, .began_ns = clock_mono_ns()};
    utc_ms at = 0;
    ctx->now = clock_now();
    TRY(store_call(ctx, store, LANE_READ, "backup", read_head, &result.head));
    TRY(archive_create(ctx, path, &result.head, &out));
    err_t err = make(&run, store, path, out, &at);
    if (err != OK) {
        archive_abandon(out);
        return err;
    }
    TRY(archive_finish(ctx, out, at, &result.totals));
    struct stat found;
    result.size = stat(path, &found) == 0 ? found.st_size : 0;
    ctx->now = clock_now();
    TRY(store_call(ctx, store, LANE_LOW, "backup", note_backup, NULL));
    *ret = result;
    return OK;
}

/* ---- reading ---- */

static err_t open_archive(struct backup_run *run, FILE *file,
                          struct backup_result *result, struct archive_in **ret)
{
    struct stat found;
    bool is_sized = fileno(file) >= 0 && fstat(fileno(file), &found) == 0;
    result->size = is_sized ? found.st_size : 0;
    return archive_open(run->ctx, file, &result->head, ret);
}

static err_t check_all(struct backup_run *run, struct archive_in *in)
{
    struct archive_record record = {.kind = ARCHIVE_DATA};
    while (record.kind != ARCHIVE_END) {
        TRY(archive_next(run->ctx, in, &record));
        TRY(backup_went_on(run, (int64_t)record.bytes.len));
    }
    return OK;
}

err_t backup_check(struct ctx *ctx, FILE *file, const struct backup_pace *pace,
                   struct backup_result *ret)
{
    struct backup_run run = {
        .ctx = ctx, .pace = pace, .began_ns = clock_mono_ns()};
    struct archive_in *in;
    TRY(open_archive(&run, file, ret, &in));
    err_t err = check_all(&run, in);
    ret->totals = archive_totals(in);
    archive_close(in);
    return err;
}

/* A step that this program does not have cannot be undone here. */
static err_t check_steps(struct ctx *ctx, const struct archive_head *head)
{
    for (size_t i = 0; i < head->step_count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < migration_step_count && !is_known; j++)
            is_known = str_equal_cstr(head->steps[i], migration_steps[j].name);
        if (!is_known)
            return fail_as(ctx, ERR_INVALID, "archive_newer", "",
                           "it was made by Wharf %.*s, which is newer than "
                           "this one (%.*s is not known here)",
                           STR_ARG(head->version), STR_ARG(head->steps[i]));
    }
    return OK;
}

static err_t restore(struct backup_run *run, struct archive_in *in,
                     const struct archive_head *head,
                     const struct store_config *to)
{
    if (head->engine != to->engine)
        return fail_as(run->ctx, ERR_INVALID, "archive_engine", "",
                       "it is a backup of %s and goes back into %s only; to "
                       "change the engine, export and import",
                       head->engine == STORE_SQLITE ? "SQLite" : "PostgreSQL",
                       head->engine == STORE_SQLITE ? "SQLite" : "PostgreSQL");
    TRY(check_steps(run->ctx, head));
    return to->engine == STORE_SQLITE ? restore_sqlite(run, in, to)
                                      : restore_postgres(run, in, head, to);
}

err_t backup_restore(struct ctx *ctx, const struct store_config *to, FILE *file,
                     const struct backup_pace *pace, struct backup_result *ret)
{
    struct backup_run run = {
        .ctx = ctx, .pace = pace, .began_ns = clock_mono_ns()};
    struct archive_in *in;
    struct store *store;
    TRY(open_archive(&run, file, ret, &in));
    err_t err = restore(&run, in, &ret->head, to);
    ret->totals = archive_totals(in);
    archive_close(in);
    TRY(err);
    /* Opened once: schema up to date, new epoch, outbound work paused. */
    TRY(store_open(ctx, to, &store));
    store_close(store);
    return OK;
}
