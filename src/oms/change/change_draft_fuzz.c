/* change_draft_fuzz.c - any bytes as the body of a draft: a command, or a
 * refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/change/change_draft.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct draft_cmd cmd = {.version = 0};
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = draft_cmd_from_json(&ctx, in, &cmd);
    if (err == OK)
        ASSERT(cmd.order && cmd.po_number.len <= LIMIT_PO_BYTES &&
               cmd.terms_days >= COMPANY_NONE &&
               cmd.terms_days <= LIMIT_TERMS_DAYS);
    else
        ASSERT(err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
