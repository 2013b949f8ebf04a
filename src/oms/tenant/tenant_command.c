/* tenant_command.c - the commands that make and change a tenant. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/tenant/tenant_rules.h"
#include "oms/tenant/tenant_store.h"
#include "store/event.h"

static err_t tell(struct ctx *ctx, const char *type,
                  const struct tenant_row *row)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", row->code);
    json_put_cstr(&out, "state", tenant_state_names[row->state - 1]);
    json_put_i64(&out, "version", row->version);
    json_end_object(&out);
    return event_add(ctx, type, "tenant", row->id.v, buf_str(&buf), NULL);
}

err_t tenant_create(struct ctx *ctx, const struct tenant_cmd *cmd,
                    struct tenant_row *ret)
{
    struct tenant_row row = {
        .code = cmd->code,
        .name = cmd->name,
        .state = TENANT_ACTIVE,
        .version = 1,
        .created_at = ctx->now,
        .hosts = cmd->hosts,
        .host_count = cmd->host_count,
    };
    struct tenant_row other;
    bool found;
    int64_t added;
    TRY(tenant_check(ctx, &row));
    TRY(tenant_find(ctx, cmd->code, &other, &found));
    if (found)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a tenant with this code");
    row.id.v = id_next(ctx->ids, ctx->now, 0);
    TRY(tenant_row_add(ctx, &row, &added));
    if (added != 1)
        return ERR_RETRY; /* Another writer was faster: look again. */
    TRY(tenant_hosts_save(ctx, &row));
    TRY(tell(ctx, "tenant.created", &row));
    *ret = row;
    return OK;
}

err_t tenant_change(struct ctx *ctx, tenant_id id,
                    const struct tenant_change *change, struct tenant_row *ret)
{
    struct tenant_row row;
    TRY(tenant_row_lock(ctx, id, &row));
    TRY(check_version(ctx, change->version, row.version));
    if (change->name)
        row.name = *change->name;
    if (change->state)
        row.state = *change->state;
    if (change->hosts) {
        row.hosts = change->hosts;
        row.host_count = change->host_count;
    }
    TRY(tenant_check(ctx, &row));
    TRY(tenant_row_save(ctx, &row));
    if (change->hosts)
        TRY(tenant_hosts_save(ctx, &row));
    TRY(tell(ctx, "tenant.changed", &row));
    *ret = row;
    return OK;
}
