/* system_verify.c - the switch stands as its events say. */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/system/digest.h"
#include "oms/system/system_room.h"
#include "oms/system/system_sql.h"
#include "store/sql.h"
#include "store/store.h"

enum { PAGE = 1000 };

static err_t check_outbound(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_VERIFY_OUTBOUND, NULL, 0, &rows));
    if (rows.count != 1) {
        report(arg, "I29", STR("outbound"), STR("the row is missing"));
        return OK;
    }
    /* The store began with version 1, running. */
    if (sql_int(&rows, 0, 0) != sql_int(&rows, 0, 1) + 1)
        report(arg, "I29", STR("outbound"),
               str_printf(ctx->arena, "version %lld has %lld events",
                          (long long)sql_int(&rows, 0, 0),
                          (long long)sql_int(&rows, 0, 1)));
    bool was_paused = str_equal_cstr(sql_str(&rows, 0, 2), "outbound.paused");
    if (was_paused != (sql_int(&rows, 0, 3) != 0))
        report(arg, "I29", STR("outbound"),
               STR("its state is not what the last event says"));
    return OK;
}

/* Hashes as many events as the digest says it took, from where the one before
 * it ended, and compares. */
static err_t replay(struct ctx *ctx, const struct log_digest *digest,
                    struct digest_chain *chain)
{
    chain->events = 0;
    while (chain->events < digest->chain.events) {
        int64_t left = digest->chain.events - chain->events;
        struct arena_mark mark = arena_mark(ctx->arena);
        size_t count;
        TRY(digest_extend(ctx, chain, (size_t)(left < PAGE ? left : PAGE),
                          &count));
        arena_reset_to(ctx->arena, mark);
        if (count == 0)
            break;
    }
    return OK;
}

static err_t check_digest(struct ctx *ctx, const struct log_digest *digest,
                          struct digest_chain *chain, str *ret_wrong)
{
    const struct secret_ring *ring = store_secrets(ctx);
    TRY(replay(ctx, digest, chain));
    if (memcmp(chain->hash, digest->chain.hash, DIGEST_BYTES) != 0 ||
        chain->through.id != digest->chain.through.id)
        *ret_wrong = STR("the log before it is not what it was");
    else if (ring && digest->signature.len > 0 &&
             !secret_signed(ring, digest_text(ctx->arena, digest),
                            digest->signature))
        *ret_wrong = STR("its signature is not ours");
    return OK;
}

/* One chain over the whole log: what is wrong shows at the first digest
 * behind it and at all after that, so only the first is told. */
static err_t check_digests(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct digest_chain chain = {.events = 0};
    struct log_digest *list;
    size_t count = PAGE;
    int64_t last = 0;
    while (count == PAGE) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(digest_list(ctx, last, PAGE, &list, &count));
        for (size_t i = 0; i < count; i++) {
            str wrong = STR_NONE;
            TRY(check_digest(ctx, &list[i], &chain, &wrong));
            if (list[i].n != last + 1)
                wrong = STR("the one before it is missing");
            last = list[i].n;
            if (wrong.len == 0)
                continue;
            report(arg, "I29",
                   str_printf(ctx->arena, "digest %lld", (long long)last),
                   wrong);
            return OK;
        }
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static const struct verify_check checks[] = {
    {"I29", "digests of the log are what the log gives",   check_digests },
    {"I29", "outbound work is switched as its events say", check_outbound},
};
const struct verify_list system_verify = {checks, COUNT_OF(checks)};
