/* inventory_test.c - stock: the hot face, adjusting, setting, the ledger. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "store/event.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

enum { EVENT = 77 };

/* A store with one SKU, two locations and 10 units at the first. */
struct shop {
    struct testkit *kit;
    struct sku sku, untracked;
    location_id here, there;
};

static err_t fill(struct ctx *ctx, void *arg)
{
    struct shop *shop = arg;
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
    TRY(sku_create(ctx, &sku, &shop->sku));
    TRY(sku_create(ctx, &gift, &shop->untracked));
    TRY(location_create(ctx, &here, &shop->here));
    TRY(location_create(ctx, &there, &shop->there));
    struct adjust_item item = {.sku = STR("TEA"),
                               .location = STR("here"),
                               .delta = 10,
                               .bucket = STOCK_AVAILABLE};
    struct adjust_result result;
    TRY(inventory_adjust(ctx, STR("first delivery"), &item, 1, &result));
    return result.is_ok ? OK : ERR_INTERNAL;
}

static struct shop open_shop(void)
{
    struct shop shop = {.kit = testkit_open()};
    assert_int_equal(testkit_run(shop.kit, fill, &shop), OK);
    return shop;
}

/* Closes a store in which every invariant must hold. */
static void close_shop(struct shop *shop)
{
    str first;
    size_t bad = testkit_verify(shop->kit, &inventory_room, &first);
    if (bad > 0)
        print_error("%.*s\n", STR_ARG(first));
    assert_int_equal(bad, 0);
    testkit_close(shop->kit);
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

static struct stock_level level_of(struct shop *shop, location_id at)
{
    struct get get = {
        .key = {shop->sku.id, at}
    };
    assert_int_equal(testkit_read(shop->kit, get_level, &get), OK);
    return get.level;
}

/* ---- the hot face ---- */

/* Takes `each` units `times` times for one order, if all are there. */
struct take {
    struct shop *shop;
    int64_t order, each;
    int times;
    int64_t fit; /* What was available before. */
};

static err_t add_event(struct ctx *ctx, int64_t *ret)
{
    return event_add(ctx, "order.placed", "order", 1, STR("{}"), ret);
}

static err_t take(struct ctx *ctx, void *arg)
{
    struct take *t = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &t->shop->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, t->shop->sku.id, t->shop->here);
    t->fit = stock_available(level);
    if (t->fit < t->each * t->times)
        return fail_as(ctx, ERR_STATE, "out_of_stock", "", "does not fit");
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = t->order};
    TRY(add_event(ctx, &owner.event_id));
    for (int i = 0; i < t->times; i++) {
        owner.n = i + 1;
        (void)stock_commit(ctx, stock, level, t->each, &owner);
    }
    TRY(stock_save(ctx, stock));
    ASSERT(level->delta_committed == 0);
    return OK;
}

static void A3_04_committing_takes_units_of_one_location(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 4, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct stock_level level = level_of(&shop, shop.here);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.committed, 4);
    assert_int_equal(stock_available(&level), 6);
    close_shop(&shop);
}

static void
C3_I6_a_batch_touching_one_level_twice_is_checked_on_the_sum(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 6, .times = 2};
    assert_int_equal(testkit_run(shop.kit, take, &t), ERR_STATE);
    assert_int_equal(level_of(&shop, shop.here).committed, 0);
    t = (struct take){.shop = &shop, .order = 5, .each = 5, .times = 2};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct stock_level level = level_of(&shop, shop.here);
    assert_int_equal(level.committed, 10);
    assert_int_equal(stock_available(&level), 0);
    t = (struct take){.shop = &shop, .order = 6, .each = 1, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), ERR_STATE);
    close_shop(&shop);
}

struct walk {
    struct level_key key;
    struct movement *rows;
    size_t count;
};

static err_t walk(struct ctx *ctx, void *arg)
{
    struct walk *w = arg;
    struct stock_level level;
    TRY(level_get(ctx, w->key.sku, w->key.location, &level));
    return movement_walk(ctx, &w->key, (movement_id){level.last_movement_id},
                         100, &w->rows, &w->count);
}

static void movements_of_one_batch_on_one_level_form_one_chain(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 2, .times = 3};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct walk w = {
        .key = {shop.sku.id, shop.here}
    };
    assert_int_equal(testkit_read(shop.kit, walk, &w), OK);
    assert_int_equal(w.count, 4);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(w.rows[i].type, MOVEMENT_COMMIT);
        assert_int_equal(w.rows[i].from, STOCK_AVAILABLE);
        assert_int_equal(w.rows[i].to, STOCK_COMMITTED);
        assert_int_equal(w.rows[i].ref_kind, REF_ORDER);
        assert_int_equal(w.rows[i].ref_id, 5);
        assert_int_equal(w.rows[i].prev.v, w.rows[i + 1].id.v);
    }
    assert_int_equal(w.rows[3].type, MOVEMENT_ADJUST);
    assert_int_equal(w.rows[3].prev.v, 0);
    close_shop(&shop);
}

/* Saves with a stale picture of the level: what a lost guard looks like. */
static err_t take_stale(struct ctx *ctx, void *arg)
{
    struct take *t = arg;
    struct stock *first, *second;
    TRY(stock_lock(ctx, &t->shop->sku.id, 1, &first));
    TRY(stock_lock(ctx, &t->shop->sku.id, 1, &second));
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = 8, .n = 1};
    TRY(add_event(ctx, &owner.event_id));
    struct stock_level *level =
        stock_level_find(first, t->shop->sku.id, t->shop->here);
    (void)stock_commit(ctx, first, level, 8, &owner);
    TRY(stock_save(ctx, first));
    level = stock_level_find(second, t->shop->sku.id, t->shop->here);
    (void)stock_commit(ctx, second, level, 8, &owner);
    err_t err = stock_save(ctx, second);
    assert_int_equal(err, ERR_RETRY);
    return fail(ctx, ERR_STATE, "", "as it should be");
}

static void a_guard_that_does_not_hold_asks_for_another_run(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop};
    assert_int_equal(testkit_run(shop.kit, take_stale, &t), ERR_STATE);
    assert_int_equal(level_of(&shop, shop.here).committed, 0);
    close_shop(&shop);
}

/* ---- release ---- */

struct release {
    order_id order;
    struct stock_release rows[4];
    size_t count;
    struct reservation *found;
    size_t found_count;
};

static err_t list_reservations(struct ctx *ctx, void *arg)
{
    struct release *r = arg;
    return inventory_reservations_list(ctx, r->order, &r->found,
                                       &r->found_count);
}

static err_t release(struct ctx *ctx, void *arg)
{
    struct release *r = arg;
    int64_t event;
    TRY(add_event(ctx, &event));
    return inventory_release(ctx, r->order, r->rows, r->count, event);
}

static void a_released_row_gives_its_units_back_once(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 3, .times = 2};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct release r = {.order = {5}};
    assert_int_equal(testkit_read(shop.kit, list_reservations, &r), OK);
    assert_int_equal(r.found_count, 2);
    r.rows[0] = (struct stock_release){r.found[0].id, 3};
    r.count = 1;
    assert_int_equal(testkit_run(shop.kit, release, &r), OK);
    assert_int_equal(level_of(&shop, shop.here).committed, 3);
    assert_int_equal(testkit_run(shop.kit, release, &r), ERR_STATE);
    assert_int_equal(level_of(&shop, shop.here).committed, 3);
    close_shop(&shop);
}

static void a_row_released_in_part_points_to_its_successor(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 5, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct release r = {.order = {5}, .count = 1};
    assert_int_equal(testkit_read(shop.kit, list_reservations, &r), OK);
    r.rows[0] = (struct stock_release){r.found[0].id, 2};
    assert_int_equal(testkit_run(shop.kit, release, &r), OK);
    assert_int_equal(testkit_read(shop.kit, list_reservations, &r), OK);
    assert_int_equal(r.found_count, 2);
    assert_int_equal(r.found[0].state, RESERVATION_MOVED);
    assert_int_equal(r.found[1].state, RESERVATION_COMMITTED);
    assert_int_equal(r.found[1].qty, 3);
    assert_int_equal(r.found[1].owner_n, 1);
    assert_int_equal(level_of(&shop, shop.here).committed, 3);
    close_shop(&shop);
}

static void more_than_a_row_holds_is_not_released(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 5, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct release r = {.order = {5}, .count = 1};
    assert_int_equal(testkit_read(shop.kit, list_reservations, &r), OK);
    r.rows[0] = (struct stock_release){r.found[0].id, 6};
    assert_int_equal(testkit_run(shop.kit, release, &r), ERR_STATE);
    r.rows[0] = (struct stock_release){{12345}, 1};
    assert_int_equal(testkit_run(shop.kit, release, &r), ERR_NOT_FOUND);
    assert_int_equal(level_of(&shop, shop.here).committed, 5);
    close_shop(&shop);
}

/* ---- adjust ---- */

struct adjusting {
    struct adjust_item items[4];
    struct adjust_result results[4];
    size_t count;
};

static err_t adjust(struct ctx *ctx, void *arg)
{
    struct adjusting *a = arg;
    return inventory_adjust(ctx, STR("count"), a->items, a->count, a->results);
}

static struct adjust_item plain(const char *location, int64_t delta)
{
    return (struct adjust_item){.sku = STR("TEA"),
                                .location = str_from_cstr(location),
                                .delta = delta,
                                .bucket = STOCK_AVAILABLE};
}

static void
A3_08_adjusting_answers_per_item_and_sees_earlier_items(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct adjusting a = {.count = 4};
    a.items[0] = plain("there", -1);
    a.items[1] = plain("here", -8);
    a.items[2] = plain("here", -3);
    a.items[3] = plain("nowhere", 1);
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    assert_string_equal(a.results[0].err.slug, "not_enough_stock");
    assert_true(a.results[1].is_ok);
    assert_int_equal(a.results[1].level.on_hand, 2);
    assert_false(a.results[2].is_ok);
    assert_string_equal(a.results[2].err.slug, "not_enough_stock");
    assert_false(a.results[3].is_ok);
    assert_string_equal(a.results[3].err.slug, "location_unknown");
    assert_int_equal(level_of(&shop, shop.here).on_hand, 2);
    assert_int_equal(testkit_events(shop.kit, "stock.adjusted"), 2);
    close_shop(&shop);
}

static void I2_adjusting_below_what_is_committed_is_refused(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 7, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct adjusting a = {.count = 1};
    a.items[0] = plain("here", -4);
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    a.items[0] = plain("here", -3);
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_int_equal(level_of(&shop, shop.here).on_hand, 7);
    close_shop(&shop);
}

static void units_move_between_buckets_and_stay_on_hand(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct adjusting a = {.count = 3};
    for (size_t i = 0; i < 3; i++) {
        a.items[i] = plain("here", 2);
        a.items[i].is_move = true;
        a.items[i].from = STOCK_AVAILABLE;
    }
    a.items[0].to = STOCK_DAMAGED;
    a.items[1].to = STOCK_QUALITY_CONTROL;
    a.items[2].to = STOCK_HELD;
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    struct stock_level level = level_of(&shop, shop.here);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.damaged, 2);
    assert_int_equal(level.quality_control, 2);
    assert_int_equal(level.held, 2);
    assert_int_equal(stock_available(&level), 4);
    a.count = 2;
    a.items[0] = plain("here", -2);
    a.items[0].bucket = STOCK_DAMAGED;
    a.items[1] = plain("here", 5);
    a.items[1].is_move = true;
    a.items[1].from = STOCK_HELD;
    a.items[1].to = STOCK_AVAILABLE;
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_false(a.results[1].is_ok);
    level = level_of(&shop, shop.here);
    assert_int_equal(level.on_hand, 8);
    assert_int_equal(level.damaged, 0);
    close_shop(&shop);
}

static void an_untracked_sku_takes_no_stock(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct adjusting a = {.count = 1};
    a.items[0] = plain("here", 1);
    a.items[0].sku = STR("WRAP");
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    assert_string_equal(a.results[0].err.slug, "sku_untracked");
    close_shop(&shop);
}

static void a_level_holds_no_more_than_its_limit(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct adjusting a = {.count = 2};
    a.items[0] = plain("here", LIMIT_QTY - 10);
    a.items[1] = plain("here", 1);
    assert_int_equal(testkit_run(shop.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_false(a.results[1].is_ok);
    assert_string_equal(a.results[1].err.slug, "number_out_of_range");
    close_shop(&shop);
}

/* ---- set ---- */

struct setting {
    struct set_cmd cmd;
    struct stock_level level;
};

static err_t set(struct ctx *ctx, void *arg)
{
    struct setting *s = arg;
    return inventory_set(ctx, &s->cmd, &s->level);
}

static struct setting setting_of(int64_t on_hand)
{
    return (struct setting){
        .cmd = {.sku = STR("TEA"),
                .location = STR("here"),
                .on_hand = on_hand,
                .reason = STR("count")}
    };
}

static void A3_08_setting_compares_with_what_the_caller_saw(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct setting s = setting_of(25);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(s.level.on_hand, 25);
    int64_t version = s.level.version;
    assert_int_equal(testkit_run(shop.kit, set, &s), ERR_STALE);
    assert_int_equal(shop.kit->err.version, version);
    s.cmd.by_version = true;
    s.cmd.expected = version - 1;
    assert_int_equal(testkit_run(shop.kit, set, &s), ERR_STALE);
    s.cmd.expected = version;
    s.cmd.on_hand = 3;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(s.level.version, version + 1);
    assert_int_equal(level_of(&shop, shop.here).on_hand, 3);
    assert_int_equal(testkit_events(shop.kit, "stock.set"), 2);
    close_shop(&shop);
}

static void A3_04_setting_makes_a_level_that_was_not_there(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct setting s = setting_of(4);
    s.cmd.location = STR("there");
    s.cmd.expected = 1;
    assert_int_equal(testkit_run(shop.kit, set, &s), ERR_STALE);
    s.cmd.expected = 0;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(level_of(&shop, shop.there).on_hand, 4);
    close_shop(&shop);
}

static void setting_below_what_is_committed_is_refused(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct take t = {.shop = &shop, .order = 5, .each = 7, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    struct setting s = setting_of(6);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(shop.kit, set, &s), ERR_STATE);
    assert_string_equal(shop.kit->err.slug, "units_claimed");
    s.cmd.on_hand = 7;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    close_shop(&shop);
}

static void safety_stock_is_kept_from_sale_but_not_moved(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct setting s = setting_of(10);
    s.cmd.expected = 10;
    s.cmd.has_safety_stock = true;
    s.cmd.safety_stock = 8;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(stock_available(&s.level), 2);
    struct take t = {.shop = &shop, .order = 5, .each = 3, .times = 1};
    assert_int_equal(testkit_run(shop.kit, take, &t), ERR_STATE);
    t.each = 2;
    assert_int_equal(testkit_run(shop.kit, take, &t), OK);
    s.cmd.safety_stock = 20;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(stock_available(&s.level), -12);
    close_shop(&shop);
}

static void the_same_count_again_changes_nothing(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    struct setting s = setting_of(10);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(shop.kit, set, &s), OK);
    assert_int_equal(s.level.version, level_of(&shop, shop.here).version);
    assert_int_equal(testkit_events(shop.kit, "stock.set"), 0);
    close_shop(&shop);
}

/* ---- verify sees what is wrong ---- */

/* Damages the store below the rules: a movement nobody asked for. */
static err_t damage(struct ctx *ctx, void *arg)
{
    struct shop *shop = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &shop->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, shop->sku.id, shop->here);
    struct stock_owner owner = {
        .kind = OWNER_ORDER_LINE, .id = 9, .n = 1, .event_id = EVENT};
    (void)stock_reserve(ctx, stock, level, &owner, 2);
    return stock_save(ctx, stock);
}

static void I4_verify_finds_a_reservation_that_no_level_counts(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    assert_int_equal(testkit_run(shop.kit, damage, &shop), OK);
    str first;
    assert_int_equal(testkit_verify(shop.kit, &inventory_room, &first), 1);
    assert_true(str_starts(first, STR("I4 sku_")));
    testkit_close(shop.kit);
}

/* Two levels saved from one picture, their chains crossed. */
static err_t break_chain(struct ctx *ctx, void *arg)
{
    struct shop *shop = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &shop->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, shop->sku.id, shop->here);
    struct stock_move move = {.type = MOVEMENT_ADJUST,
                              .from = STOCK_OUTSIDE,
                              .to = STOCK_AVAILABLE,
                              .qty = 1,
                              .event_id = EVENT};
    level->last_movement_id = 1; /* The row's own guard still holds. */
    stock_move(ctx, stock, level, &move);
    return stock_save(ctx, stock);
}

static void I3_verify_finds_a_broken_chain_and_a_missing_event(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    assert_int_equal(testkit_run(shop.kit, break_chain, &shop), OK);
    str first;
    assert_int_equal(testkit_verify(shop.kit, &inventory_room, &first), 2);
    assert_true(str_starts(first, STR("I3 sku_")));
    testkit_close(shop.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A3_04_committing_takes_units_of_one_location),
        cmocka_unit_test(
            C3_I6_a_batch_touching_one_level_twice_is_checked_on_the_sum),
        cmocka_unit_test(movements_of_one_batch_on_one_level_form_one_chain),
        cmocka_unit_test(a_guard_that_does_not_hold_asks_for_another_run),
        cmocka_unit_test(a_released_row_gives_its_units_back_once),
        cmocka_unit_test(a_row_released_in_part_points_to_its_successor),
        cmocka_unit_test(more_than_a_row_holds_is_not_released),
        cmocka_unit_test(
            A3_08_adjusting_answers_per_item_and_sees_earlier_items),
        cmocka_unit_test(I2_adjusting_below_what_is_committed_is_refused),
        cmocka_unit_test(units_move_between_buckets_and_stay_on_hand),
        cmocka_unit_test(an_untracked_sku_takes_no_stock),
        cmocka_unit_test(a_level_holds_no_more_than_its_limit),
        cmocka_unit_test(A3_08_setting_compares_with_what_the_caller_saw),
        cmocka_unit_test(A3_04_setting_makes_a_level_that_was_not_there),
        cmocka_unit_test(setting_below_what_is_committed_is_refused),
        cmocka_unit_test(safety_stock_is_kept_from_sale_but_not_moved),
        cmocka_unit_test(the_same_count_again_changes_nothing),
        cmocka_unit_test(I4_verify_finds_a_reservation_that_no_level_counts),
        cmocka_unit_test(I3_verify_finds_a_broken_chain_and_a_missing_event),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
