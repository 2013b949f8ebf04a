/* backup_postgres.c - all tables of a PostgreSQL store into an archive by
 * COPY, in one snapshot; and back, in one transaction.
 *
 * On links of their own, without pipeline mode: nothing here is in a hurry.
 */
#include <libpq-fe.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "store/backup_int.h"
#include "store/backup_sql.h"
#include "store/engine.h"
#include "store/epoch.h"
#include "store/meta_sql.h"

enum { NAME_BYTES = 63, COMMAND_BYTES = 64 * 1024 };

static const char *const session[] = {
    "SET statement_timeout = 0",
    "SET lock_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    "SET client_encoding = 'UTF8'",
};

static err_t failed(struct ctx *ctx, PGconn *link)
{
    str text = str_trim(str_from_cstr(PQerrorMessage(link)));
    return fail_as(ctx, ERR_STATE, "database", "", "the database says: %.*s",
                   STR_ARG(text));
}

static err_t command(struct ctx *ctx, PGconn *link, const char *sql)
{
    PGresult *result = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
               ? OK
               : failed(ctx, link);
}

/* All rows of a named statement with up to two parameters. */
static err_t query(struct ctx *ctx, PGconn *link, int stmt,
                   const char *const *args, PGresult **ret)
{
    const struct sql_stmt *info = &sql_all.at[stmt];
    PGresult *result = PQexecParams(link, info->postgres, info->params, NULL,
                                    args, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        PQclear(result);
        return failed(ctx, link);
    }
    *ret = result;
    return OK;
}

static err_t link_open(struct ctx *ctx, const struct store_config *config,
                       bool is_making, PGconn **ret)
{
    PGconn *link = PQconnectdb(config->conninfo);
    err_t err = PQstatus(link) == CONNECTION_OK ? OK : failed(ctx, link);
    for (size_t i = 0; err == OK && i < COUNT_OF(session); i++)
        err = command(ctx, link, session[i]);
    if (err == OK && config->schema) {
        str make = str_printf(ctx->arena, "CREATE SCHEMA IF NOT EXISTS \"%s\"",
                              config->schema);
        str use =
            str_printf(ctx->arena, "SET search_path = \"%s\"", config->schema);
        if (is_making)
            err = command(ctx, link, str_to_cstr(ctx->arena, make));
        if (err == OK)
            err = command(ctx, link, str_to_cstr(ctx->arena, use));
    }
    if (err != OK) {
        PQfinish(link);
        return err;
    }
    *ret = link;
    return OK;
}

/* ---- making ---- */

struct table {
    const char *name, *columns, *select;
    bool is_done;
};

struct dump {
    struct backup_run *run;
    struct archive_out *out;
    PGconn *link;
    PGresult *columns, *links;
};

static err_t copy_out(struct dump *dump, const struct table *table)
{
    struct ctx *ctx = dump->run->ctx;
    str sql = str_printf(ctx->arena, "COPY (SELECT %s FROM \"%s\") TO STDOUT",
                         table->select, table->name);
    PGresult *result = PQexec(dump->link, str_to_cstr(ctx->arena, sql));
    bool is_copying = PQresultStatus(result) == PGRES_COPY_OUT;
    PQclear(result);
    if (!is_copying)
        return failed(ctx, dump->link);
    struct backup_lot lot;
    char *row = NULL;
    int len = 0;
    err_t err = OK;
    backup_lot_open(&lot, dump->run, dump->out);
    while (err == OK && (len = PQgetCopyData(dump->link, &row, 0)) > 0) {
        err = backup_lot_add(&lot, row, (size_t)len);
        PQfreemem(row);
    }
    if (err == OK && len == -2)
        err = failed(ctx, dump->link);
    if (err == OK)
        err = backup_lot_flush(&lot);
    backup_lot_close(&lot);
    TRY(err);
    while ((result = PQgetResult(dump->link)) != NULL) {
        bool is_fine = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (!is_fine)
            return failed(ctx, dump->link);
    }
    return OK;
}

static err_t dump_table(struct dump *dump, struct table *table)
{
    struct arena *arena = dump->run->ctx->arena;
    struct arena_mark mark = arena_mark(arena);
    str head = str_printf(arena, "%s\n%s", table->name, table->columns);
    TRY(archive_put(dump->run->ctx, dump->out, ARCHIVE_TABLE, head));
    TRY(copy_out(dump, table));
    arena_reset_to(arena, mark);
    table->is_done = true;
    return OK;
}

/* A table comes behind those that its foreign keys name. */
static bool must_wait(const struct dump *dump, const struct table *tables,
                      int count, const struct table *table)
{
    for (int i = 0; i < PQntuples(dump->links); i++) {
        if (strcmp(PQgetvalue(dump->links, i, 0), table->name) != 0)
            continue;
        for (int j = 0; j < count; j++)
            if (!tables[j].is_done &&
                strcmp(PQgetvalue(dump->links, i, 1), tables[j].name) == 0)
                return true;
    }
    return false;
}

static err_t dump_tables(struct dump *dump)
{
    struct ctx *ctx = dump->run->ctx;
    int count = PQntuples(dump->columns), left = count;
    struct table *tables =
        arena_array(ctx->arena, struct table, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        tables[i] = (struct table){PQgetvalue(dump->columns, i, 0),
                                   PQgetvalue(dump->columns, i, 1),
                                   PQgetvalue(dump->columns, i, 2), false};
    while (left > 0) {
        int before = left;
        for (int i = 0; i < count; i++) {
            if (tables[i].is_done || must_wait(dump, tables, count, &tables[i]))
                continue;
            TRY(dump_table(dump, &tables[i]));
            left--;
        }
        if (left == before)
            return fail(ctx, ERR_INTERNAL, "", "foreign keys in a circle");
    }
    return OK;
}

static err_t dump_all(struct dump *dump, utc_ms *ret_at)
{
    struct ctx *ctx = dump->run->ctx;
    PGresult *shift = NULL;
    TRY(command(ctx, dump->link,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    *ret_at = clock_now();
    TRY(query(ctx, dump->link, SQL_BACKUP_SHIFT, NULL, &shift));
    const char *args[] = {
        str_to_cstr(ctx->arena, str_from_cstr(PQgetvalue(shift, 0, 0)))};
    PQclear(shift);
    TRY(query(ctx, dump->link, SQL_BACKUP_COLUMNS, args, &dump->columns));
    TRY(query(ctx, dump->link, SQL_BACKUP_LINKS, NULL, &dump->links));
    TRY(dump_tables(dump));
    return command(ctx, dump->link, "COMMIT");
}

err_t backup_make_postgres(struct backup_run *run,
                           const struct store_config *from,
                           struct archive_out *out, utc_ms *ret_at)
{
    struct dump dump = {.run = run, .out = out};
    TRY(link_open(run->ctx, from, false, &dump.link));
    err_t err = dump_all(&dump, ret_at);
    PQclear(dump.columns);
    PQclear(dump.links);
    PQfinish(dump.link);
    return err;
}

/* ---- restoring ---- */

static err_t check_empty(struct ctx *ctx, PGconn *link)
{
    PGresult *found;
    TRY(query(ctx, link, SQL_BACKUP_TABLES, NULL, &found));
    int count = PQntuples(found);
    PQclear(found);
    if (count > 0)
        return fail_as(ctx, ERR_STATE, "store_exists", "--store",
                       "the database has tables already; a backup is restored "
                       "where nothing is");
    return OK;
}

static bool has_step(const struct archive_head *head, const char *name)
{
    for (size_t i = 0; i < head->step_count; i++)
        if (str_equal_cstr(head->steps[i], name))
            return true;
    return false;
}

/* The schema as it was; what is newer is added when the store is opened. */
static err_t make_schema(struct ctx *ctx, PGconn *link,
                         const struct archive_head *head)
{
    for (size_t i = 0; i < migration_step_count; i++)
        if (migration_steps[i].postgres &&
            has_step(head, migration_steps[i].name))
            TRY(command(ctx, link, migration_steps[i].postgres));
    return OK;
}

static bool is_made_of(str text, const char *letters)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || !strchr(letters, text.ptr[i]))
            return false;
    return text.len > 0;
}

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

static err_t copy_in_begin(struct ctx *ctx, PGconn *link, str record)
{
    str columns, name = str_split(record, '\n', &columns);
    if (name.len > NAME_BYTES || !is_made_of(name, NAME_LETTERS) ||
        !is_made_of(columns, NAME_LETTERS ", \""))
        return fail_as(ctx, ERR_INVALID, "archive_damaged", "",
                       "the backup names a table that cannot be");
    struct buf sql;
    buf_init(&sql, ctx->arena, COMMAND_BYTES);
    buf_addf(&sql, "COPY \"%.*s\" (%.*s) FROM STDIN", STR_ARG(name),
             STR_ARG(columns));
    buf_add_char(&sql, '\0');
    if (sql.is_full)
        return fail_as(ctx, ERR_INVALID, "archive_damaged", "",
                       "the backup names columns that cannot be");
    PGresult *result = PQexec(link, sql.ptr);
    bool is_copying = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    return is_copying ? OK : failed(ctx, link);
}

static err_t copy_in_end(struct ctx *ctx, PGconn *link)
{
    bool is_fine = PQputCopyEnd(link, NULL) == 1;
    PGresult *result;
    while ((result = PQgetResult(link)) != NULL) {
        is_fine = is_fine && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return is_fine ? OK : failed(ctx, link);
}

static err_t load_records(struct backup_run *run, struct archive_in *in,
                          PGconn *link)
{
    struct ctx *ctx = run->ctx;
    struct archive_record record = {.kind = ARCHIVE_TABLE};
    bool is_copying = false;
    while (record.kind != ARCHIVE_END) {
        TRY(archive_next(ctx, in, &record));
        if (record.kind != ARCHIVE_DATA && is_copying)
            TRY(copy_in_end(ctx, link));
        if (record.kind == ARCHIVE_DATA && !is_copying)
            return fail_as(ctx, ERR_INVALID, "archive_damaged", "",
                           "the backup has rows of no table");
        is_copying = record.kind != ARCHIVE_END;
        if (record.kind == ARCHIVE_TABLE)
            TRY(copy_in_begin(ctx, link, record.bytes));
        else if (record.kind == ARCHIVE_DATA &&
                 PQputCopyData(link, record.bytes.ptr, (int)record.bytes.len) !=
                     1)
            return failed(ctx, link);
        TRY(backup_went_on(run, (int64_t)record.bytes.len));
    }
    return OK;
}

static err_t load_all(struct backup_run *run, struct archive_in *in,
                      const struct archive_head *head, PGconn *link)
{
    struct ctx *ctx = run->ctx;
    const char *const pending[] = {EPOCH_PENDING, "1"};
    PGresult *saved;
    TRY(command(ctx, link, "BEGIN"));
    TRY(check_empty(ctx, link));
    TRY(make_schema(ctx, link, head));
    TRY(load_records(run, in, link));
    TRY(query(ctx, link, SQL_META_SAVE, pending, &saved));
    PQclear(saved);
    return command(ctx, link, "COMMIT");
}

err_t restore_postgres(struct backup_run *run, struct archive_in *in,
                       const struct archive_head *head,
                       const struct store_config *to)
{
    PGconn *link;
    TRY(link_open(run->ctx, to, true, &link));
    err_t err = load_all(run, in, head, link);
    PQfinish(link); /* What is not committed never was. */
    return err;
}
