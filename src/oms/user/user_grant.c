/* user_grant.c - what the caller of a command holds. */
#include "oms/user/user_grant.h"

#include "base/perm.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_store.h"

static err_t held_by_key(struct ctx *ctx, unsigned *ret)
{
    struct api_key own = {0};
    TRY(key_row_lock(ctx, (key_id){ctx->actor.id}, &own));
    if (own.revoked_at != 0)
        return fail(ctx, ERR_DENIED, "", "the key was revoked");
    if (own.expires_at != 0 && own.expires_at <= ctx->now)
        return fail(ctx, ERR_DENIED, "", "the key has expired");
    *ret = own.perms;
    return OK;
}

static err_t held_by_user(struct ctx *ctx, unsigned *ret)
{
    struct user own = {0};
    TRY(user_row_lock(ctx, (user_id){ctx->actor.id}, &own));
    if (!own.is_active)
        return fail(ctx, ERR_DENIED, "", "this person was deactivated");
    *ret = own.perms;
    return OK;
}

err_t grant_held(struct ctx *ctx, unsigned granting, unsigned *ret)
{
    unsigned own = granting;
    switch (ctx->actor.kind) {
    case ACTOR_KEY: TRY(held_by_key(ctx, &own)); break;
    case ACTOR_USER: TRY(held_by_user(ctx, &own)); break;
    case ACTOR_SYSTEM:
    case ACTOR_CLI: break;
    }
    /* Operators' scopes are never in what a request may do outside the control
     * store; who has them in his row has them. */
    *ret = own & (granting | PERM_TENANTS_READ | PERM_TENANTS_WRITE);
    return OK;
}

err_t grant_check(struct ctx *ctx, const char *field, unsigned granting,
                  unsigned perms)
{
    unsigned held;
    TRY(grant_held(ctx, granting, &held));
    return check_held(ctx, field, held, perms);
}
