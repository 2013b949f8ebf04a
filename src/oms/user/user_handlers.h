/* user_handlers.h - endpoints of this room that stand in files of their own.
 * Private to it. */
#ifndef WHARF_OMS_USER_HANDLERS_H
#define WHARF_OMS_USER_HANDLERS_H

#include "base/base.h"

struct request;

/* user_people_api.c */
MUST_USE err_t api_create_user(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_user(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_users(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_user(struct ctx *ctx, struct request *req);
MUST_USE err_t api_hash_password(struct ctx *ctx, struct request *req);
MUST_USE err_t api_set_password(struct ctx *ctx, struct request *req);

/* user_role_api.c */
MUST_USE err_t api_create_role(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_role(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_roles(struct ctx *ctx, struct request *req);
MUST_USE err_t api_change_role(struct ctx *ctx, struct request *req);
MUST_USE err_t api_delete_role(struct ctx *ctx, struct request *req);

#endif
