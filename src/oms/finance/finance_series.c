/* finance_series.c - the commands about series and when channels invoice. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/channel/channel.h"
#include "oms/finance/finance_bill.h"
#include "oms/finance/invoice_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum { PREFIX_BYTES = 24, EVENT_BYTES = 1024 };

static err_t check_prefix(struct ctx *ctx, const char *field, str prefix)
{
    TRY(check_line(ctx, field, prefix, 1, PREFIX_BYTES));
    return check_code(ctx, field, prefix);
}

static err_t tell(struct ctx *ctx, const char *type,
                  const struct invoice_series *series)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", series->code);
    json_put_i64(&out, "version", series->version);
    json_end_object(&out);
    return event_add(ctx, type, "invoice_series", series->id.v, buf_str(&buf),
                     NULL);
}

/* Numbers are prefix-n: no two documents may have the same one. */
static err_t check_free(struct ctx *ctx, const struct invoice_series_cmd *cmd)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(cmd->prefix), sql_s(cmd->credit_prefix)};
    if (str_equal(cmd->prefix, cmd->credit_prefix))
        return fail_as(ctx, ERR_INVALID, "prefix_taken", "credit_prefix",
                       "must not be the prefix of invoices");
    TRY(sql_list(ctx, SQL_INVOICE_SERIES_PREFIX, args, 2, &rows));
    if (rows.count > 0)
        return fail_as(ctx, ERR_CONFLICT, "prefix_taken", "prefix",
                       "another series has one of these prefixes");
    return OK;
}

err_t invoice_series_create(struct ctx *ctx,
                            const struct invoice_series_cmd *cmd,
                            struct invoice_series *ret)
{
    struct invoice_series other;
    bool found;
    int64_t added;
    TRY(check_code(ctx, "code", cmd->code));
    TRY(check_line(ctx, "name", cmd->name, 1, LIMIT_NAME_BYTES));
    TRY(check_prefix(ctx, "prefix", cmd->prefix));
    TRY(check_prefix(ctx, "credit_prefix", cmd->credit_prefix));
    TRY(invoice_series_find(ctx, cmd->code, &other, &found));
    if (found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a series with this code");
    TRY(check_free(ctx, cmd));
    invoice_series_id id = {id_next(ctx->ids, ctx->now, 0)};
    struct sql_arg args[] = {
        sql_i(id.v),        sql_s(cmd->code),          sql_s(cmd->name),
        sql_s(cmd->prefix), sql_s(cmd->credit_prefix), sql_s(cmd->seller),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_INVOICE_SERIES_ADD, args, COUNT_OF(args), &added));
    if (added != 1)
        return ERR_RETRY; /* Another writer was faster: look again. */
    TRY(invoice_series_get(ctx, id, ret));
    return tell(ctx, "invoice_series.created", ret);
}

static err_t lock_series(struct ctx *ctx, invoice_series_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    return sql_one(ctx, SQL_INVOICE_SERIES_LOCK, args, 1, "invoice series",
                   &rows);
}

err_t invoice_series_change(struct ctx *ctx, invoice_series_id id,
                            const struct invoice_series_change *change,
                            struct invoice_series *ret)
{
    struct invoice_series series;
    int64_t changed;
    TRY(lock_series(ctx, id));
    TRY(invoice_series_get(ctx, id, &series));
    TRY(check_version(ctx, change->version, series.version));
    if (change->name)
        series.name = *change->name;
    if (change->seller)
        series.seller = *change->seller;
    TRY(check_line(ctx, "name", series.name, 1, LIMIT_NAME_BYTES));
    struct sql_arg args[] = {sql_s(series.name), sql_s(series.seller),
                             sql_i(id.v), sql_i(series.version)};
    TRY(sql_run(ctx, SQL_INVOICE_SERIES_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    TRY(invoice_series_get(ctx, id, ret));
    return tell(ctx, "invoice_series.changed", ret);
}

static err_t tell_rule(struct ctx *ctx, const struct invoice_rule *rule)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "channel", "chn", rule->channel.v);
    json_put_cstr(&out, "issue_on", invoice_on_names[rule->on - 1]);
    json_put_i64(&out, "version", rule->version);
    json_end_object(&out);
    return event_add(ctx, "invoice_rule.changed", "invoice_series",
                     rule->series.v, buf_str(&buf), NULL);
}

err_t invoice_rule_put(struct ctx *ctx, const struct invoice_rule *rule,
                       struct invoice_rule *ret)
{
    struct channel channel;
    struct invoice_rule known;
    int64_t changed;
    TRY(channel_get(ctx, rule->channel, &channel));
    TRY(invoice_rule_get(ctx, rule->channel, &known));
    TRY(check_version(ctx, rule->version, known.version));
    if (known.version == 0) {
        struct sql_arg args[] = {sql_i(rule->channel.v), sql_i(rule->series.v),
                                 sql_i(rule->on)};
        TRY(sql_run(ctx, SQL_INVOICE_RULE_ADD, args, 3, &changed));
    } else {
        struct sql_arg args[] = {sql_i(rule->series.v), sql_i(rule->on),
                                 sql_i(rule->channel.v), sql_i(known.version)};
        TRY(sql_run(ctx, SQL_INVOICE_RULE_SAVE, args, 4, &changed));
    }
    if (changed != 1)
        return ERR_RETRY;
    TRY(invoice_rule_get(ctx, rule->channel, ret));
    return tell_rule(ctx, ret);
}
