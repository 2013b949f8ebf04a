/* change_tags.c - the command "tag this order, and take tags off it". */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_rules.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_then.h"
#include "oms/order/order_way.h"
#include "store/event.h"

struct tags {
    str *at;
    size_t count;
    int64_t added, removed;
};

static bool has(const str *list, size_t count, str tag)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(list[i], tag))
            return true;
    return false;
}

/* Those it has and that stay, then new ones, each once. */
static err_t work_out(struct ctx *ctx, const struct tag_cmd *cmd,
                      const struct order *order, struct tags *ret)
{
    struct json_in *in;
    struct json_list list;
    TRY(json_parse(ctx, order->doc, &in));
    TRY(json_get_list(in, "tags", 0, SIZE_MAX, &list));
    *ret = (struct tags){
        .at = arena_array(ctx->arena, str, list.count + cmd->add_count)};
    for (size_t i = 0; i < list.count; i++) {
        str tag;
        TRY(json_list_str(&list, i, 0, SIZE_MAX, &tag));
        if (has(cmd->remove, cmd->remove_count, tag))
            ret->removed++;
        else
            ret->at[ret->count++] = tag;
    }
    for (size_t i = 0; i < cmd->add_count; i++) {
        if (has(ret->at, ret->count, cmd->add[i]))
            continue;
        ret->at[ret->count++] = cmd->add[i];
        ret->added++;
    }
    if (ret->count > LIMIT_TAGS && ret->added > 0)
        return fail_as(ctx, ERR_INVALID, "too_many_tags", "add",
                       "an order has %d tags at most", LIMIT_TAGS);
    return OK;
}

static str tags_text(struct ctx *ctx, const struct tags *tags)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (size_t i = 0; i < tags->count; i++)
        json_put_str(&out, NULL, tags->at[i]);
    json_end_list(&out);
    return buf_str(&buf);
}

/* How many, not which: a tag may name a person. */
static void write_counts(struct json_out *out, const void *arg)
{
    const struct tags *tags = arg;
    json_put_i64(out, "added", tags->added);
    json_put_i64(out, "removed", tags->removed);
}

err_t change_tag(struct ctx *ctx, const struct tag_cmd *cmd, struct order *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct order order;
    struct tags tags;
    str was;
    TRY(order_lock(ctx, cmd->id, &order));
    TRY(check_version(ctx, cmd->version, order.version));
    TRY(work_out(ctx, cmd, &order, &tags));
    if (tags.added + tags.removed == 0) {
        *ret = order;
        return OK;
    }
    struct order before = order_keep(ctx->arena, &order);
    struct order_way way = {.tags = tags_text(ctx, &tags)};
    struct order_note note = {.type = "order.tagged",
                              .event_id = event_id(ctx, order.id.v),
                              .write = write_counts,
                              .arg = &tags};
    TRY(order_way_doc(ctx, &order, &way, &order.doc, &was));
    TRY(order_doc_save(ctx, &order));
    TRY(order_note(ctx, &before, &order, &note));
    return order_get(ctx, order.id, ret);
}
