/* sql.h - running named statements inside the transaction of a context.
 *
 * Statements stand in <room>.sql beside the code; tools/sqlgen turns each into
 * a number (ORDER_SQL_INSERT) and a body per engine. Values are bound, never
 * pasted. Rows come back whole, in ctx->arena; queries bound their own size
 * with LIMIT, or are read with sql_each().
 */
#ifndef WHARF_STORE_SQL_H
#define WHARF_STORE_SQL_H

#include "base/base.h"

/* Made by tools/sqlgen; one table for all rooms, in app's hands. */
struct sql_stmt {
    const char *name;     /* "order_insert" */
    const char *sqlite;   /* ?1 …; NULL: only for PostgreSQL. */
    const char *postgres; /* $1 …; NULL: only for SQLite. */
    /* For sql_run_many and sql_list_many: takes one array per parameter. NULL
     * where the statement is not marked `-- many`. */
    const char *postgres_many;
    /* Per parameter: i BIGINT, t TEXT, j JSONB, b BYTEA, u as inferred. */
    const char *types;
    int params;
    /* Marked `-- later`: a failure may show at the next statement or at the
     * commit, where the caller takes no count of changed rows. */
    bool is_later;
};
struct sql_list {
    const struct sql_stmt *at;
    size_t count;
};

struct sql_arg {
    bool is_null;
    bool is_text;
    int64_t i;
    str s;
};
struct sql_arg sql_i(int64_t value);
struct sql_arg sql_s(str value); /* TEXT, JSONB and BYTEA alike. */
struct sql_arg sql_null(void);
/* NULL where the string is empty / the number is 0. */
struct sql_arg sql_s_or_null(str value);
struct sql_arg sql_i_or_null(int64_t value);

struct sql_rows {
    size_t count;
    size_t columns;
    struct sql_arg *cells; /* count * columns */
};
/* NULL is 0, and no string. */
int64_t sql_int(const struct sql_rows *rows, size_t row, size_t column);
str sql_str(const struct sql_rows *rows, size_t row, size_t column);
bool sql_is_null(const struct sql_rows *rows, size_t row, size_t column);

/* Runs a writing statement; *changed (may be NULL) gets the rows it changed.
 * A broken UNIQUE fails with ERR_CONFLICT, slug "unique"; other constraint
 * failures with ERR_INTERNAL; a conflict with ERR_RETRY. */
MUST_USE err_t sql_run(struct ctx *ctx, int stmt, const struct sql_arg *args,
                       size_t count, int64_t *changed);
/* Once per parameter row: args holds rows * params values, row after row.
 * *changed gets the sum. SQLite loops; PostgreSQL sends one array each. */
MUST_USE err_t sql_run_many(struct ctx *ctx, int stmt,
                            const struct sql_arg *args, size_t params,
                            size_t rows, int64_t *changed);
/* All rows of a query. */
MUST_USE err_t sql_list(struct ctx *ctx, int stmt, const struct sql_arg *args,
                        size_t count, struct sql_rows *ret);
/* A query by id for one row; without it ERR_NOT_FOUND, field "id", "there is no
 * such <what>". */
MUST_USE err_t sql_one(struct ctx *ctx, int stmt, const struct sql_arg *args,
                       size_t count, const char *what, struct sql_rows *ret);
/* As sql_list, ending with the row by which the texts read come to max_bytes:
 * for who asks again behind the last row. */
MUST_USE err_t sql_list_within(struct ctx *ctx, int stmt,
                               const struct sql_arg *args, size_t count,
                               size_t max_bytes, struct sql_rows *ret);
/* A query for many keys at once; the result rows of all of them, which carry
 * their key, in no promised order. */
MUST_USE err_t sql_list_many(struct ctx *ctx, int stmt,
                             const struct sql_arg *args, size_t params,
                             size_t rows, struct sql_rows *ret);
/* The same for a query of one parameter whose keys may repeat: each distinct
 * one is asked for once. No keys give no rows. Reorders keys. */
MUST_USE err_t sql_list_distinct(struct ctx *ctx, int stmt,
                                 struct sql_arg *keys, size_t count,
                                 struct sql_rows *ret);
/* Streams: calls fn per row (a rows of one) until it fails. What fn allocates
 * in ctx->arena is dropped after each row unless it says so by its own arena.
 */
typedef err_t sql_each_fn(struct ctx *ctx, const struct sql_rows *row,
                          void *arg);
MUST_USE err_t sql_each(struct ctx *ctx, int stmt, const struct sql_arg *args,
                        size_t count, sql_each_fn *fn, void *arg);

#endif
