/* idem.c - what both engines share: the secret and the hash of keys. */
#include "store/idem.h"

#include <assert.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/meta_sql.h"
#include "store/sql.h"

enum { SECRET_HEX_BYTES = IDEM_SECRET_BYTES * 2 + 1 };

static const str SECRET_NAME = {"idem_secret", 11};

/* Made once and kept, so that nobody can choose keys that collide. Of two
 * nodes that start at once the first one's is taken. */
static err_t secret_load(struct ctx *ctx, struct idem *idem)
{
    uint8_t fresh[IDEM_SECRET_BYTES];
    char hex[SECRET_HEX_BYTES];
    randombytes_buf(fresh, sizeof(fresh));
    sodium_bin2hex(hex, sizeof(hex), fresh, sizeof(fresh));
    struct sql_arg args[] = {sql_s(SECRET_NAME), sql_s(str_from_cstr(hex))};
    TRY(sql_run(ctx, SQL_META_INSERT, args, COUNT_OF(args), NULL));
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_META_GET, args, 1, &rows));
    size_t len = 0;
    str kept = rows.count == 1 ? sql_str(&rows, 0, 0) : STR_NONE;
    if (kept.len != SECRET_HEX_BYTES - 1 ||
        sodium_hex2bin(idem->secret, sizeof(idem->secret), kept.ptr, kept.len,
                       NULL, &len, NULL) != 0 ||
        len != IDEM_SECRET_BYTES)
        return fail(ctx, ERR_INTERNAL, "", "meta.idem_secret is damaged");
    return OK;
}

err_t idem_open(struct ctx *ctx, const struct idem_ops *ops, struct idem **ret)
{
    if (sodium_init() < 0)
        return fail(ctx, ERR_INTERNAL, "", "libsodium does not start");
    struct idem *idem = mem_new(sizeof(*idem));
    idem->ops = ops;
    err_t err = secret_load(ctx, idem);
    if (err == OK)
        err = ops->open(ctx, idem);
    if (err != OK) {
        idem_close(idem);
        return err;
    }
    *ret = idem;
    return OK;
}

void idem_close(struct idem *idem)
{
    if (idem == NULL)
        return;
    idem->ops->close(idem);
    sodium_memzero(idem->secret, sizeof(idem->secret));
    mem_free(idem);
}

void idem_hash(const struct idem *idem, str key, struct idem_entry *ret)
{
    int64_t both[2];
    static_assert(sizeof(both) == 16, "128 bits");
    int failed = crypto_generichash((unsigned char *)both, sizeof(both),
                                    (const unsigned char *)key.ptr, key.len,
                                    idem->secret, sizeof(idem->secret));
    ASSERT(failed == 0);
    ret->key_hash = both[0];
    ret->key_check = both[1];
}
