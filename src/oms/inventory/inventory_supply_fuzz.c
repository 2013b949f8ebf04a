/* inventory_supply_fuzz.c - any bytes as a body about supply. */
#include "base/arena.h"
#include "oms/inventory/inventory_supply_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct unit_policy policy;
    struct receipt_cmd receipt;
    struct supply_cmd *supplies;
    struct supply_patch patch;
    struct transfer_cmd transfer;
    struct transfer_patch edit;
    struct transfer_step step;
    struct count_cmd count_cmd;
    struct count_entry *entries;
    size_t count;
    switch (which) {
    case 0: return policy_read(in, &policy);
    case 2: return supplies_read(ctx, in, &supplies, &count);
    case 3: return supply_read_change(in, &patch);
    case 4: return transfer_read(ctx, in, &transfer);
    case 5: return transfer_read_edit(ctx, in, &edit);
    case 6: return transfer_read_step(ctx, in, true, &step);
    case 7: return transfer_read_step(ctx, in, false, &step);
    case 8: return count_read(ctx, in, &count_cmd);
    case 9: return entries_read(ctx, in, &entries, &count);
    default: break;
    }
    TRY(receipt_read(ctx, in, &receipt));
    ASSERT(receipt.count >= 1 && receipt.count <= LIMIT_RECEIPT_LINES);
    for (size_t i = 0; i < receipt.count; i++) {
        ASSERT(receipt.lines[i].qty > 0 && receipt.lines[i].qty <= LIMIT_QTY);
        ASSERT(receipt.lines[i].names.serial_count <= LIMIT_SERIALS);
    }
    return OK;
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data + 1, size - 1};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = decode(&ctx, in, data[0] % 10);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
