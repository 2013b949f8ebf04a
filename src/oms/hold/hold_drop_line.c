/* hold_drop_line.c - the waiting list of a drop: join, leave, be offered.
 *
 * While somebody waits, free units are his: others are refused, and the timer
 * makes a hold for the first in line, for as many units as there are, he asked
 * for and his cap leaves. What becomes of the offer is the hold's affair: it
 * runs out like any other, and then its units go to the next.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/hold/hold_drop_store.h"
#include "oms/inventory/inventory_wait.h"

enum { OFFERS_A_TURN = 50, LAPSES_A_TURN = 1000, DROPS_A_TURN = 20 };

static err_t check_list(struct ctx *ctx, const struct drop *drop)
{
    if (drop->offer_ttl_s == 0)
        return fail_as(ctx, ERR_STATE, "no_waiting_list", "",
                       "the drop has no waiting list");
    if (drop->ends_at <= ctx->now)
        return fail_as(ctx, ERR_STATE, "drop_over", "", "the drop is over");
    if (drop->waiting >= LIMIT_DROP_WAITING)
        return fail_as(ctx, ERR_STATE, "waiting_list_full", "",
                       "the waiting list has %d places", LIMIT_DROP_WAITING);
    return OK;
}

static err_t find_channel(struct ctx *ctx, const struct drop_join_cmd *cmd,
                          const struct drop *drop, channel_id *ret)
{
    struct channel channel;
    bool is_found;
    *ret = drop->channel;
    if (cmd->channel.len == 0 && drop->channel.v == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "channel",
                       "the drop is of every channel: say where he will buy");
    if (cmd->channel.len == 0)
        return OK;
    TRY(channel_find(ctx, cmd->channel, &channel, &is_found));
    if (!is_found || (drop->channel.v && drop->channel.v != channel.id.v))
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no such channel in this drop");
    *ret = channel.id;
    return OK;
}

static err_t check_cap(struct ctx *ctx, const struct drop *drop,
                       const struct drop_entry *entry)
{
    struct drop_claim claim = {.drop = drop->id,
                               .customer_key = entry->customer_key};
    TRY(drop_used_many(ctx, &claim, 1));
    if (claim.used + entry->qty > drop->cap)
        return fail_as(ctx, ERR_CONFLICT, "customer_cap", "quantity",
                       "the drop allows %lld units to each customer; this one "
                       "has %lld",
                       (long long)drop->cap, (long long)claim.used);
    return OK;
}

err_t drop_join(struct ctx *ctx, const struct drop_join_cmd *cmd,
                struct drop_entry *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct drop drop;
    TRY(drop_lock(ctx, cmd->drop, &drop));
    TRY(check_list(ctx, &drop));
    struct drop_entry entry = {
        .id = {id_next(ctx->ids, ctx->now, id_bucket(drop.id.v))},
        .drop = drop.id,
        .customer = cmd->customer,
        .customer_key = drop_customer_key(ctx->arena, cmd->customer),
        .qty = cmd->qty,
        .state = ENTRY_WAITING,
        .joined_at = ctx->now,
        .position = drop.waiting + 1,
    };
    TRY(find_channel(ctx, cmd, &drop, &entry.channel));
    TRY(check_cap(ctx, &drop, &entry));
    TRY(drop_entry_insert(ctx, &entry));
    drop.waiting += 1;
    TRY(drop_save(ctx, &drop));
    *ret = entry;
    return drop_tell(ctx, "drop.joined", &drop, &entry);
}

err_t drop_leave(struct ctx *ctx, drop_id id, drop_entry_id entry_id,
                 struct drop_entry *ret)
{
    struct drop drop;
    TRY(drop_lock(ctx, id, &drop));
    TRY(drop_entry_get(ctx, id, entry_id, ret));
    if (ret->state != ENTRY_WAITING)
        return fail_as(ctx, ERR_STATE, "not_waiting", "",
                       ret->state == ENTRY_OFFERED
                           ? "units were offered: release their hold"
                           : "the place was given up before");
    ret->state = ENTRY_LEFT;
    ret->ended_at = ctx->now;
    ret->position = 0;
    TRY(drop_entry_end(ctx, ret, 1));
    ASSERT(drop.waiting > 0);
    drop.waiting -= 1;
    TRY(drop_save(ctx, &drop));
    return drop_tell(ctx, "drop.left", &drop, ret);
}

/* ---- offers ---- */

/* Holds for the first in line, each for what is there and allowed. */
static err_t place_offers(struct ctx *ctx, const struct drop *drop,
                          struct drop_entry *entries, size_t count,
                          struct hold_place_item *items)
{
    struct hold_cmd *cmds = arena_array(ctx->arena, struct hold_cmd, count);
    struct ctx *each = arena_array(ctx->arena, struct ctx, count);
    for (size_t i = 0; i < count; i++) {
        struct channel channel;
        TRY(channel_get(ctx, entries[i].channel, &channel));
        cmds[i] = (struct hold_cmd){
            .channel = channel.code,
            .customer = entries[i].customer,
            .items = arena_new(ctx->arena, struct hold_item_cmd),
            .count = 1,
            .ttl_s = drop->offer_ttl_s,
            .is_offer = true,
        };
        *cmds[i].items = (struct hold_item_cmd){drop->sku_code, entries[i].qty};
        each[i] = *ctx;
        items[i] = (struct hold_place_item){.ctx = &each[i], .cmd = &cmds[i]};
    }
    return hold_place_many(ctx, items, count);
}

/* In order. Who finds nothing left goes on waiting; who is refused for another
 * reason, as his cap, is not asked again. The ended ones stand first after. */
static err_t offer_some(struct ctx *ctx, const struct drop *drop,
                        struct drop_entry *entries, size_t count,
                        size_t *ret_ended)
{
    struct hold_place_item *items =
        arena_array(ctx->arena, struct hold_place_item, count);
    size_t n = 0;
    TRY(place_offers(ctx, drop, entries, count, items));
    for (size_t i = 0; i < count; i++) {
        const char *slug = items[i].ctx->err.slug;
        if (items[i].err != OK && slug &&
            str_equal_cstr(STR("out_of_stock"), slug))
            continue;
        struct drop_entry entry = entries[i];
        entry.state = items[i].err == OK ? ENTRY_OFFERED : ENTRY_LAPSED;
        if (items[i].err == OK)
            entry.hold = items[i].hold->id;
        entries[n++] = entry;
    }
    *ret_ended = n;
    return OK;
}

static err_t end_entries(struct ctx *ctx, struct drop *drop,
                         const struct drop_entry *entries, size_t count)
{
    if (count == 0)
        return OK;
    TRY(drop_entry_end(ctx, entries, count));
    ASSERT(drop->waiting >= (int64_t)count);
    drop->waiting -= (int64_t)count;
    TRY(drop_save(ctx, drop));
    for (size_t i = 0; i < count; i++)
        TRY(drop_tell(ctx,
                      entries[i].state == ENTRY_OFFERED ? "drop.offered"
                                                        : "drop.lapsed",
                      drop, &entries[i]));
    return OK;
}

static bool is_over(const struct ctx *ctx, const struct drop *drop)
{
    return drop->ends_at <= ctx->now || drop->offer_ttl_s == 0;
}

static err_t serve(struct ctx *ctx, drop_id id, size_t *ret_ended,
                   bool *is_more)
{
    struct drop drop;
    struct drop_entry *entries;
    size_t count;
    TRY(drop_lock(ctx, id, &drop));
    bool over = is_over(ctx, &drop);
    if (!over && drop.starts_at > ctx->now)
        return OK;
    size_t limit = over ? LAPSES_A_TURN : OFFERS_A_TURN;
    TRY(drop_entry_first(ctx, id, limit, &entries, &count));
    if (over) {
        for (size_t i = 0; i < count; i++)
            entries[i].state = ENTRY_LAPSED;
        *ret_ended = count;
    } else {
        TRY(offer_some(ctx, &drop, entries, count, ret_ended));
    }
    *is_more |= *ret_ended == limit;
    return end_entries(ctx, &drop, entries, *ret_ended);
}

/* Those that nothing is free for hold up none behind them. */
static err_t serve_page(struct ctx *ctx, const struct drop *drops, size_t count,
                        size_t *served, bool *is_more)
{
    for (size_t i = 0; i < count && *served < DROPS_A_TURN; i++) {
        size_t ended = 0;
        bool has_work = is_over(ctx, &drops[i]);
        if (!has_work)
            TRY(wait_has_free(ctx, drops[i].sku, &has_work));
        if (has_work)
            TRY(serve(ctx, drops[i].id, &ended, is_more));
        *served += ended > 0;
    }
    return OK;
}

err_t drop_offer(struct ctx *ctx, bool *ret_is_more)
{
    enum { PAGE = 100 };
    struct drop *drops;
    drop_id after = {0};
    size_t count = PAGE, served = 0;
    while (count == PAGE && served < DROPS_A_TURN) {
        TRY(drop_list_waiting(ctx, after, PAGE, &drops, &count));
        TRY(serve_page(ctx, drops, count, &served, ret_is_more));
        if (count > 0)
            after = drops[count - 1].id;
    }
    *ret_is_more |= served == DROPS_A_TURN;
    return OK;
}
