/* epoch.c - the store's epoch and its switch for outbound work. */
#include "store/epoch.h"

#include <sodium.h>

#include "base/str.h"
#include "store/epoch_sql.h"
#include "store/event.h"
#include "store/meta_sql.h"
#include "store/sql.h"

/* Events about the store as a whole. */
static const char SUBJECT[] = "system";
enum { SUBJECT_ID = 1 };

static const char EPOCH[] = "epoch";
static const char MADE_AT[] = "epoch.made_at";
static const char RESTORED_AT[] = "epoch.restored_at";
static const char RESTORED_FROM[] = "epoch.restored_from";
static const char BACKED_UP_AT[] = "epoch.backed_up_at";

/* ---- meta ---- */

static err_t meta_find(struct ctx *ctx, const char *name, str *ret)
{
    struct sql_arg args[] = {sql_s(str_from_cstr(name))};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_META_GET, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0 ? sql_str(&rows, 0, 0) : STR_NONE;
    return OK;
}

static err_t meta_find_time(struct ctx *ctx, const char *name, utc_ms *ret)
{
    str text;
    TRY(meta_find(ctx, name, &text));
    *ret = 0;
    if (text.len > 0 && !str_to_i64(text, ret))
        return fail(ctx, ERR_INTERNAL, "", "meta %s is not a time", name);
    return OK;
}

static err_t meta_put(struct ctx *ctx, int stmt, const char *name, str value)
{
    struct sql_arg args[] = {sql_s(str_from_cstr(name)), sql_s(value)};
    return sql_run(ctx, stmt, args, COUNT_OF(args), NULL);
}

static err_t meta_put_time(struct ctx *ctx, int stmt, const char *name,
                           utc_ms at)
{
    return meta_put(ctx, stmt, name,
                    str_printf(ctx->arena, "%lld", (long long)at));
}

/* ---- the epoch ---- */

static str epoch_make(struct ctx *ctx)
{
    unsigned char random[EPOCH_BYTES / 2];
    char text[EPOCH_BYTES + 1];
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(text, sizeof text, random, sizeof random);
    return str_copy(ctx->arena, (str){text, EPOCH_BYTES});
}

err_t epoch_get(struct ctx *ctx, struct epoch *ret)
{
    struct epoch epoch;
    TRY(meta_find(ctx, EPOCH, &epoch.text));
    if (epoch.text.len != EPOCH_BYTES)
        return fail(ctx, ERR_INTERNAL, "", "the store has no epoch");
    TRY(meta_find_time(ctx, MADE_AT, &epoch.made_at));
    TRY(meta_find_time(ctx, RESTORED_AT, &epoch.restored_at));
    TRY(meta_find(ctx, RESTORED_FROM, &epoch.restored_from));
    TRY(meta_find_time(ctx, BACKED_UP_AT, &epoch.backed_up_at));
    *ret = epoch;
    return OK;
}

err_t epoch_renew(struct ctx *ctx)
{
    const struct outbound_cmd pause = {.is_paused = true,
                                       .reason = STR("the store was restored")};
    struct outbound outbound;
    str before, now = epoch_make(ctx);
    TRY(meta_find(ctx, EPOCH, &before));
    TRY(meta_put(ctx, SQL_META_SAVE, EPOCH, now));
    TRY(meta_put(ctx, SQL_META_SAVE, RESTORED_FROM, before));
    TRY(meta_put_time(ctx, SQL_META_SAVE, MADE_AT, ctx->now));
    TRY(meta_put_time(ctx, SQL_META_SAVE, RESTORED_AT, ctx->now));
    str data = str_printf(ctx->arena, "{\"epoch\":\"%.*s\",\"from\":\"%.*s\"}",
                          STR_ARG(now), STR_ARG(before));
    TRY(event_add(ctx, "system.restored", SUBJECT, SUBJECT_ID, data, NULL));
    return outbound_set(ctx, &pause, &outbound);
}

err_t epoch_ensure(struct ctx *ctx)
{
    struct sql_arg args[] = {sql_i(0), sql_s(STR("")), sql_i(ctx->now)};
    struct sql_arg pending[] = {sql_s(STR(EPOCH_PENDING))};
    int64_t count;
    TRY(meta_put(ctx, SQL_META_INSERT, EPOCH, epoch_make(ctx)));
    TRY(meta_put_time(ctx, SQL_META_INSERT, MADE_AT, ctx->now));
    TRY(sql_run(ctx, SQL_OUTBOUND_INSERT, args, COUNT_OF(args), NULL));
    TRY(sql_run(ctx, SQL_META_REMOVE, pending, COUNT_OF(pending), &count));
    return count > 0 ? epoch_renew(ctx) : OK;
}

err_t epoch_backed_up(struct ctx *ctx)
{
    return meta_put_time(ctx, SQL_META_SAVE, BACKED_UP_AT, ctx->now);
}

err_t schema_get(struct ctx *ctx, struct schema_state *ret)
{
    struct sql_arg args[] = {sql_s(STR("step.")), sql_s(STR("step/"))};
    struct sql_rows rows;
    struct schema_state state = {.last = STR_NONE};
    TRY(sql_list(ctx, SQL_META_LIST, args, COUNT_OF(args), &rows));
    state.steps = rows.count;
    /* Files are numbered, so the greatest name is of the latest file. */
    for (size_t i = 0; i < rows.count; i++) {
        str name = sql_str(&rows, i, 0);
        if (str_compare(name, state.last) > 0)
            state.last = name;
    }
    if (state.last.len > 0)
        (void)str_split(state.last, '.', &state.last);
    *ret = state;
    return OK;
}

/* ---- outbound work ---- */

static err_t outbound_read(struct ctx *ctx, int stmt, struct outbound *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, NULL, 0, &rows));
    if (rows.count != 1)
        return fail(ctx, ERR_INTERNAL, "", "the row of outbound is missing");
    *ret = (struct outbound){
        .is_paused = sql_int(&rows, 0, 0) != 0,
        .reason = sql_str(&rows, 0, 1),
        .changed_at = sql_int(&rows, 0, 2),
        .version = sql_int(&rows, 0, 3),
    };
    return OK;
}

err_t outbound_get(struct ctx *ctx, struct outbound *ret)
{
    return outbound_read(ctx, SQL_OUTBOUND_GET, ret);
}

err_t outbound_is_paused(struct ctx *ctx, bool *ret)
{
    struct outbound outbound;
    TRY(outbound_get(ctx, &outbound));
    *ret = outbound.is_paused;
    return OK;
}

static err_t outbound_save(struct ctx *ctx, const struct outbound *to)
{
    struct sql_arg args[] = {sql_i(to->is_paused), sql_s(to->reason),
                             sql_i(to->changed_at), sql_i(to->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_OUTBOUND_SAVE, args, COUNT_OF(args), &changed));
    ASSERT(changed == 1);
    return event_add(ctx,
                     to->is_paused ? "outbound.paused" : "outbound.resumed",
                     SUBJECT, SUBJECT_ID, STR("{}"), NULL);
}

err_t outbound_set(struct ctx *ctx, const struct outbound_cmd *cmd,
                   struct outbound *ret)
{
    ASSERT(cmd->is_paused || cmd->reason.len == 0);
    struct outbound now;
    TRY(outbound_read(ctx, SQL_OUTBOUND_LOCK, &now));
    if (cmd->version != 0 && cmd->version != now.version) {
        err_t err = fail(ctx, ERR_STALE, "version",
                         "outbound work was switched in the meantime");
        ctx->err.version = now.version;
        return err;
    }
    if (now.is_paused != cmd->is_paused) {
        now = (struct outbound){.is_paused = cmd->is_paused,
                                .reason = cmd->reason,
                                .changed_at = ctx->now,
                                .version = now.version + 1};
        TRY(outbound_save(ctx, &now));
    }
    *ret = now;
    return OK;
}
