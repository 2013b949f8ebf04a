/* customer_change.h - the commands of the customer room. Private to it. */
#ifndef WHARF_OMS_CUSTOMER_CHANGE_H
#define WHARF_OMS_CUSTOMER_CHANGE_H

#include "base/json.h"
#include "oms/customer/customer_store.h"

/* What is NULL stays. Keys of a kind that is named replace those there are. */
struct customer_cmd {
    int64_t version; /* The one the caller saw; 0 where it is made. */
    const str *name, *language, *tags, *attrs;
    bool is_kind_named[CUSTOMER_EXTERNAL + 1];
    struct customer_key *keys;
    const char **fields; /* Of each key, as "emails[0]". */
    size_t key_count;
};
MUST_USE err_t customer_create(struct ctx *ctx, const struct customer_cmd *cmd,
                               struct customer *ret);
/* Fails with ERR_STALE, or ERR_CONFLICT (email_taken, phone_taken,
 * external_id_taken) where somebody else goes by a key. */
MUST_USE err_t customer_change(struct ctx *ctx, customer_id id,
                               const struct customer_cmd *cmd,
                               struct customer *ret);

struct customer_address {
    bool is_shipping, is_billing; /* The default for it; one at most. */
    str doc;                      /* Its parts, as JSON. */
};
struct customer_book {
    int64_t version;
    struct customer_address *at;
    size_t count;
};
/* All addresses anew. */
MUST_USE err_t customer_set_addresses(struct ctx *ctx, customer_id id,
                                      const struct customer_book *book,
                                      struct customer *ret);

/* Stored as numbers: append, never renumber. */
enum consent_channel {
    CONSENT_EMAIL = 1,
    CONSENT_SMS = 2,
    CONSENT_PHONE = 3,
    CONSENT_POST = 4,
    CONSENT_PUSH = 5,
    CONSENT_ANY = 6
};
enum consent_state { CONSENT_GIVEN = 1, CONSENT_REFUSED = 2, CONSENT_GONE = 3 };
extern const char *const consent_channel_names[6];
extern const char *const consent_state_names[3];
struct consent_cmd {
    str purpose, source;
    enum consent_channel channel;
    enum consent_state state;
    utc_ms given_at; /* 0: now. */
};
MUST_USE err_t customer_add_consent(struct ctx *ctx, customer_id id,
                                    const struct consent_cmd *cmd,
                                    int64_t *ret_id);
MUST_USE err_t customer_add_note(struct ctx *ctx, customer_id id, str text,
                                 int64_t *ret_id);

struct merge_cmd {
    customer_id winner, loser;
    int64_t version, loser_version;
};
/* Keys, addresses, consents, notes and orders of the loser become the
 * winner's; its own name, tags and attributes stay with it. */
MUST_USE err_t customer_merge(struct ctx *ctx, const struct merge_cmd *cmd,
                              struct customer *ret);

/* ---- bodies ---- */

/* Where the values of a change live. */
struct customer_patch {
    struct customer_cmd cmd;
    str name, language, tags, attrs;
};
MUST_USE err_t customer_read(struct ctx *ctx, struct json_in *in,
                             struct customer_patch *ret);
MUST_USE err_t customer_read_change(struct ctx *ctx, struct json_in *in,
                                    struct customer_patch *ret);
MUST_USE err_t customer_read_book(struct ctx *ctx, struct json_in *in,
                                  struct customer_book *ret);
MUST_USE err_t customer_read_consent(struct json_in *in,
                                     struct consent_cmd *ret);
MUST_USE err_t customer_read_note(struct json_in *in, str *ret);
MUST_USE err_t customer_read_merge(struct json_in *in, struct merge_cmd *ret);

#endif
