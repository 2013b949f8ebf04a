/* migrate.c - brings the schema up to date, one step and one transaction at a
 * time.
 *
 * A step is one re-runnable statement; meta holds "step.<name>" for each that
 * was run. A process that dies between two steps goes on with the next one.
 */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "store/engine.h"
#include "store/meta_sql.h"
#include "store/sql.h"

static const char STEP_PREFIX[] = "step.";

static str step_key(struct ctx *ctx, const struct migration_step *step)
{
    return str_printf(ctx->arena, "%s%s", STEP_PREFIX, step->name);
}

static const char *step_body(const struct store_tx *conn,
                             const struct migration_step *step)
{
    switch (conn->ops->engine) {
    case STORE_SQLITE: return step->sqlite;
    case STORE_POSTGRES: return step->postgres;
    }
    UNREACHABLE("an engine without migrations");
}

static err_t done_steps(struct ctx *ctx, struct map **ret)
{
    /* '/' follows '.' in ASCII. */
    struct sql_arg args[] = {sql_s(STR("step.")), sql_s(STR("step/"))};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_META_LIST, args, COUNT_OF(args), &rows));
    struct map *done = map_open(ctx->arena, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        map_set(done, (struct map_key){.s = sql_str(&rows, i, 0)}, done);
    *ret = done;
    return OK;
}

static err_t step_work(struct ctx *ctx, struct store_tx *conn,
                       const struct migration_step *step)
{
    TRY(conn->ops->exec(ctx, conn, step_body(conn, step)));
    struct sql_arg args[] = {sql_s(step_key(ctx, step)), sql_s(STR("done"))};
    return sql_run(ctx, SQL_META_SAVE, args, COUNT_OF(args), NULL);
}

/* Runs `fn` in a transaction; a conflict (two nodes at once) is an error the
 * caller sees as ERR_RETRY. */
static err_t step_run(struct ctx *ctx, struct store_tx *conn,
                      const struct migration_step *step)
{
    TRY(conn->ops->begin(ctx, conn));
    err_t err = step_work(ctx, conn, step);
    if (err != OK) {
        conn->ops->rollback(conn);
        return err;
    }
    switch (conn->ops->commit(ctx, conn)) {
    case BATCH_COMMITTED: return OK;
    case BATCH_RETRY: return ERR_RETRY;
    case BATCH_UNKNOWN:
    case BATCH_GONE: break;
    }
    return fail(ctx, ERR_BUSY, "", "the store went away during step %s",
                step->name);
}

/* Two nodes that start at once may both run a step; the loser runs it again
 * and finds it done. */
static err_t step_try(struct ctx *ctx, struct store_tx *conn,
                      const struct migration_step *step)
{
    enum { TRIES = 5 };
    err_t err = ERR_RETRY;
    for (int i = 0; i < TRIES && err == ERR_RETRY; i++) {
        err_clear(ctx);
        err = step_run(ctx, conn, step);
    }
    return err == ERR_RETRY
               ? fail(ctx, ERR_BUSY, "", "step %s met conflicts", step->name)
               : err;
}

static err_t run_steps(struct ctx *ctx, struct store_tx *conn,
                       const struct migration_step *steps, size_t count)
{
    struct map *done;
    TRY(conn->ops->begin(ctx, conn));
    err_t err = done_steps(ctx, &done);
    conn->ops->rollback(conn);
    TRY(err);
    for (size_t i = 0; i < count; i++) {
        if (step_body(conn, &steps[i]) == NULL)
            continue;
        if (map_find(done, (struct map_key){.s = step_key(ctx, &steps[i])}))
            continue;
        TRY(step_try(ctx, conn, &steps[i]));
    }
    return OK;
}

err_t migrate_run(struct ctx *ctx, struct store_tx *conn,
                  const struct store_config *config)
{
    struct store_tx *before = ctx->tx;
    ctx->tx = conn;
    /* The first step makes meta, where the others are looked up. */
    ASSERT(migration_step_count > 0);
    err_t err = conn->ops->exec(ctx, conn, step_body(conn, migration_steps));
    if (err == OK)
        err = run_steps(ctx, conn, migration_steps, migration_step_count);
    if (err == OK && config->step_count > 0)
        err = run_steps(ctx, conn, config->steps, config->step_count);
    ctx->tx = before;
    return err;
}
