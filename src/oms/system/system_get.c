/* system_get.c - reads what the store knows of itself. */
#include "oms/system/system.h"

err_t system_get(struct ctx *ctx, struct system_state *ret)
{
    struct system_state state = {.engine = store_engine_of(ctx)};
    TRY(epoch_get(ctx, &state.epoch));
    TRY(schema_get(ctx, &state.schema));
    TRY(outbound_get(ctx, &state.outbound));
    TRY(event_stop_list(ctx, &state.stops, &state.stop_count));
    *ret = state;
    return OK;
}
