/* hook.h - what services outside tell us by themselves, without a key: how
 * their calls are let in, whoever they are from: carriers (shipping), gateways
 * (payment).
 *
 * A stranger learns nothing: an account that is not there, takes no webhooks or
 * has another secret, and a signature that is wrong or old are one answer; and
 * who sends many wrong ones waits.
 */
#ifndef WHARF_OMS_HOOK_H
#define WHARF_OMS_HOOK_H

#include "oms/outside.h"

struct request;

/* The one answer; what the context says of the reason is forgotten. */
MUST_USE err_t hook_refuse(struct ctx *ctx);
/* Whether it is let in: as hook_refuse() or ERR_UNAUTHENTICATED it is not. It
 * may leave what was found in req->cmd. */
typedef err_t hook_judge_fn(struct ctx *ctx, struct request *req,
                            const struct outside_hook *hook);
/* `prepare` of a route that is a hook. */
MUST_USE err_t hook_judge(struct ctx *ctx, struct request *req,
                          hook_judge_fn *judge);

#endif
