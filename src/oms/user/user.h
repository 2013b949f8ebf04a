/* user.h - the user room: who may call, with which permissions.
 *
 * An API key is 256 random bits, shown once as "wk_" and base32, and stored
 * only as a hash. People are in user_people.h, their sessions in
 * user_session.h.
 */
#ifndef WHARF_OMS_USER_H
#define WHARF_OMS_USER_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

enum {
    KEY_HASH_BYTES = 32,
    KEY_TEXT_MAX = 64,
    KEY_RATE_MAX = 1000000,
    KEY_OLDS_MAX = 5, /* Secrets of a key that still work beside the new. */
    KEY_OVERLAP_MAX_S = 30 * 24 * 60 * 60
};

struct api_key {
    key_id id;
    str name;
    str hint;       /* The last four characters, for recognition. */
    unsigned perms; /* Bits of enum perm of net/route.h. */
    utc_ms created_at;
    utc_ms expires_at;         /* 0: never. */
    utc_ms revoked_at;         /* 0: live. */
    int64_t rate_per_s, burst; /* 0: the server's default. */
    utc_ms old_until; /* When the last of its old secrets ends; 0: none. */
    int64_t version;
};

struct key_cmd {
    str name;          /* 1 to LIMIT_NAME_BYTES. */
    unsigned perms;    /* At least one. */
    unsigned granting; /* What the caller itself holds; perms must lie in it. */
    utc_ms expires_at; /* 0: never; else after ctx->now. */
    int64_t rate_per_s, burst; /* 0: the server's; burst 0: as the rate. */
};
/* Makes a key; *ret_text is the secret in ctx->arena, told only here. */
MUST_USE err_t key_create(struct ctx *ctx, const struct key_cmd *cmd,
                          struct api_key *ret, str *ret_text);
struct key_rotation {
    int64_t overlap_s; /* How long the secrets until now still work. */
    unsigned granting; /* What the caller holds; the key's must lie in it. */
};
/* Gives the key a new secret, told only here. With an overlap of 0 all others
 * end at once. ERR_STATE where it is revoked or has expired. */
MUST_USE err_t key_rotate(struct ctx *ctx, key_id id,
                          const struct key_rotation *cmd, struct api_key *ret,
                          str *ret_text);
/* `granting` is what the caller holds; the key's must lie in it. ERR_STATE
 * where it is revoked already. */
MUST_USE err_t key_revoke(struct ctx *ctx, key_id id, unsigned granting,
                          struct api_key *ret);
/* Newest first, keyset by id; before.v 0 starts. */
MUST_USE err_t key_list(struct ctx *ctx, key_id before, size_t limit,
                        struct api_key **ret, size_t *ret_count);

/* What a node keeps in memory to recognize keys and sessions. */
struct key_entry {
    unsigned char hash[KEY_HASH_BYTES];
    int64_t id;   /* Of the key, or of the session. */
    user_id user; /* Whose session it is; 0: a key. */
    unsigned perms;
    utc_ms expires_at;         /* 0: never. */
    utc_ms seen_at;            /* Of a session. */
    int64_t rate_per_s, burst; /* 0: the server's default. */
};
/* All keys not revoked and all live sessions, sorted by hash, in ctx->arena. */
MUST_USE err_t key_directory_load(struct ctx *ctx, struct key_entry **ret,
                                  size_t *ret_count);
/* False unless it is a well-formed key text. Pure. */
bool key_hash(str text, unsigned char ret[KEY_HASH_BYTES]);

extern const struct room user_room;

#endif
