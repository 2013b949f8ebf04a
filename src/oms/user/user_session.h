/* user_session.h - sessions of people; the third face of the room.
 *
 * A session is 256 random bits in a cookie, stored only as a hash, new at each
 * sign-in. It ends by itself at a fixed time, or earlier when nobody used it
 * for a while. The CSRF token is derived from it, so that nothing more has to
 * be kept.
 */
#ifndef WHARF_OMS_USER_SESSION_H
#define WHARF_OMS_USER_SESSION_H

#include "oms/user/user.h"

#define SESSION_COOKIE "wharf_session"
#define DEVICE_COOKIE  "wharf_device"

/* A working week; half a day away from the keyboard. */
#define SESSION_MAX_MS  (INT64_C(7) * 24 * 60 * 60 * 1000)
#define SESSION_IDLE_MS (INT64_C(12) * 60 * 60 * 1000)

enum {
    SESSION_TOKEN_BYTES = 55, /* "ws_" and 52 digits. */
    SESSION_CSRF_BYTES = 64,
    SESSIONS_MAX = 20, /* Of one person; the one used longest ago makes room. */
    SESSION_PEER_BYTES = 64
};

struct session {
    session_id id;
    user_id user;
    str peer; /* The address it began at. */
    utc_ms created_at, seen_at, expires_at;
};

struct session_cmd {
    user_id user;
    str peer;
    str replaces; /* The token of a session that ends by it; empty: none. */
};
/* *ret_token is told only here; in ctx->arena. */
MUST_USE err_t session_start(struct ctx *ctx, const struct session_cmd *cmd,
                             struct session *ret, str *ret_token);
MUST_USE err_t session_get(struct ctx *ctx, session_id id, struct session *ret);
MUST_USE err_t session_end(struct ctx *ctx, const struct session *session);
/* All of a person; *ret_count were ended. */
MUST_USE err_t session_end_all(struct ctx *ctx, user_id user,
                               int64_t *ret_count);
/* Live ones, newest first; at most SESSIONS_MAX. */
MUST_USE err_t session_list(struct ctx *ctx, user_id user, struct session **ret,
                            size_t *ret_count);
MUST_USE err_t session_find(struct ctx *ctx, str token, struct session *ret,
                            bool *found);

/* Writes that they were used now. */
MUST_USE err_t session_touch(struct ctx *ctx, const int64_t *ids, size_t count);
/* Removes sessions and old secrets of keys that have run out. */
MUST_USE err_t session_sweep(struct ctx *ctx, bool *ret_more);

/* False unless it is a well-formed token. Pure, as what follows. */
bool session_hash(str token, unsigned char ret[KEY_HASH_BYTES]);
void session_csrf(str token, char ret[SESSION_CSRF_BYTES]);
bool session_csrf_fits(str token, str csrf);

#endif
