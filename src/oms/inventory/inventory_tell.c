/* inventory_tell.c - the events that tell of moved units. */
#include "oms/inventory/inventory_tell.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_command.h"

static const char *ref_prefix(enum ref_kind kind)
{
    switch (kind) {
    case REF_NONE: return NULL;
    case REF_ORDER: return "ord";
    case REF_HOLD: return "hld";
    case REF_TRANSFER: return "trf";
    case REF_RECEIPT: return "rcp";
    case REF_COUNT: return "cnt";
    case REF_RETURN: return "ret";
    }
    UNREACHABLE("not a kind of reference");
}

str ref_text(struct arena *arena, enum ref_kind kind, int64_t id)
{
    const char *prefix = ref_prefix(kind);
    if (!prefix || id == 0)
        return STR_NONE;
    return id_str(arena, prefix, id);
}

static str move_text(struct ctx *ctx, const struct stock_level *level,
                     const struct stock_move *move)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", level->sku.v);
    json_put_id(&out, "location", "loc", level->location.v);
    json_put_cstr(&out, "from", stock_bucket_name(move->from));
    json_put_cstr(&out, "to", stock_bucket_name(move->to));
    json_put_i64(&out, "qty", move->qty);
    str ref = ref_text(ctx->arena, move->ref_kind, move->ref_id);
    if (ref.len > 0)
        json_put_str(&out, "ref", ref);
    json_end_object(&out);
    return buf_str(&buf);
}

struct event stock_event(struct ctx *ctx, const char *type,
                         const struct stock_level *level,
                         const struct stock_move *move)
{
    ASSERT(move->event_id != 0);
    return (struct event){
        .id = move->event_id,
        .at = ctx->now,
        .type = str_from_cstr(type),
        .subject_kind = STR("sku"),
        .subject_id = level->sku.v,
        .actor = ctx->actor,
        .data = move_text(ctx, level, move),
    };
}
