/* user_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/user/user_room.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_sql.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see_key(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    unsigned char hash[KEY_HASH_BYTES];
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("key", sql_int(row, 0, 0), text);
    if (sql_int(row, 0, 1) == 0)
        check->report(check->arg, "keys", (str){text, len},
                      STR("the key has no scope"));
    if (!hash_from_hex(sql_str(row, 0, 2), hash))
        check->report(check->arg, "keys", (str){text, len},
                      STR("the key is not stored as a hash"));
    return OK;
}

static err_t check_keys(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_VERIFY_KEYS, NULL, 0, see_key, &check);
}

static const struct verify_check checks[] = {
    {"keys", "keys have scopes and are stored hashed", check_keys},
};
const struct verify_list user_verify = {checks, COUNT_OF(checks)};
