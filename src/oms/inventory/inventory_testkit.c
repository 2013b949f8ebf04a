/* inventory_testkit.c - a small stall for tests of stock. */
#include "oms/inventory/inventory_testkit.h"

#include <stdio.h>

#include "base/str.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_store.h"
#include "oms/room.h"
#include "store/event.h"

static err_t fill(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct sku_cmd sku = {
        .code = STR("TEA"), .title = STR("Tea"), .is_tracked = true};
    struct sku_cmd gift = {.code = STR("WRAP"), .title = STR("Gift wrap")};
    struct location_cmd here = {.code = STR("here"),
                                .name = STR("Here"),
                                .type = LOCATION_WAREHOUSE,
                                .tz = STR("UTC"),
                                .is_shipping = true};
    struct location_cmd there = here;
    there.code = STR("there");
    TRY(sku_create(ctx, &sku, &stall->sku));
    TRY(sku_create(ctx, &gift, &stall->untracked));
    TRY(location_create(ctx, &here, &stall->here));
    TRY(location_create(ctx, &there, &stall->there));
    struct adjust_item item = {.sku = STR("TEA"),
                               .location = STR("here"),
                               .delta = 10,
                               .bucket = STOCK_AVAILABLE};
    struct adjust_result result;
    TRY(inventory_adjust(ctx, STR("first delivery"), &item, 1, &result));
    return result.is_ok ? OK : ERR_INTERNAL;
}

struct stall stall_open(void)
{
    struct stall stall = {.kit = testkit_open()};
    err_t err = testkit_run(stall.kit, fill, &stall);
    ASSERT(err == OK);
    return stall;
}

/* Closes a store in which every invariant must hold. */
void stall_close(struct stall *stall)
{
    str first;
    size_t bad = testkit_verify(stall->kit, &inventory_room, &first);
    if (bad > 0)
        fprintf(stderr, "%.*s\n", STR_ARG(first));
    ASSERT(bad == 0);
    testkit_close(stall->kit);
}

struct get {
    struct level_key key;
    struct stock_level level;
};

static err_t get_level(struct ctx *ctx, void *arg)
{
    struct get *get = arg;
    return level_get(ctx, get->key.sku, get->key.location, &get->level);
}

struct stock_level stall_level(struct stall *stall, location_id at)
{
    struct get get = {
        .key = {stall->sku.id, at}
    };
    err_t err = testkit_read(stall->kit, get_level, &get);
    ASSERT(err == OK);
    return get.level;
}

err_t stall_event(struct ctx *ctx, int64_t *ret)
{
    return event_add(ctx, "order.placed", "order", 1, STR("{}"), ret);
}

err_t stall_take(struct ctx *ctx, void *arg)
{
    struct stall_take *t = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &t->stall->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, t->stall->sku.id, t->stall->here);
    if (stock_available(level) < t->each * t->times)
        return fail_as(ctx, ERR_STATE, "out_of_stock", "", "does not fit");
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = t->order};
    TRY(stall_event(ctx, &owner.event_id));
    for (int i = 0; i < t->times; i++) {
        owner.n = i + 1;
        (void)stock_commit(ctx, stock, level, t->each, &owner);
    }
    TRY(stock_save(ctx, stock));
    ASSERT(level->delta_committed == 0);
    return OK;
}
