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

/* user_sign_api.c: sign-in and one's own password, each in three parts. */
MUST_USE err_t api_sign_in_prepare(struct ctx *ctx, struct request *req);
MUST_USE err_t api_sign_in_toil(struct ctx *ctx, struct request *req);
MUST_USE err_t api_sign_in(struct ctx *ctx, struct request *req);
MUST_USE err_t api_own_password_prepare(struct ctx *ctx, struct request *req);
MUST_USE err_t api_own_password_toil(struct ctx *ctx, struct request *req);
MUST_USE err_t api_own_password(struct ctx *ctx, struct request *req);

/* user_session_api.c */
MUST_USE err_t api_get_session(struct ctx *ctx, struct request *req);
MUST_USE err_t api_sign_out(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_sessions(struct ctx *ctx, struct request *req);
MUST_USE err_t api_end_session(struct ctx *ctx, struct request *req);
MUST_USE err_t api_end_user_sessions(struct ctx *ctx, struct request *req);

/* Shared by the two. The token of the session the caller shows; empty: none. */
str api_session_token(const struct request *req);
/* Cookie, who he is, what he may do, the CSRF token. */
struct user;
struct session;
void api_write_signed_in(struct request *req, const struct user *user,
                         const struct session *session, str token);
/* An empty token makes the browser forget it. */
str api_session_cookie(struct request *req, str token);

#endif
