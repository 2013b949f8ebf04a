/* idem_postgres_test.c - keys over midnight, over days, and two nodes there. */
#define WHARF_UNBANNED
#include "store/idem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/str.h"
#include "store/pipeline.h"
#include "store/store_testkit.h"

#define MUST(expr) assert_int_equal((expr), OK)

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const utc_ms DAY = (utc_ms)24 * HOUR;
static const utc_ms MIDNIGHT = (utc_ms)20000 * 24 * 60 * 60 * 1000;

/* One use of a key at a time of day. */
struct use {
    int64_t key;
    utc_ms at;
    bool is_blind; /* Adds without having looked, as a node that was quicker. */
    bool is_found; /* The outcome. */
    str reply;
};

static err_t use_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct use *use = arg;
    struct idem *idem = kit->store->idem;
    struct idem_entry entry = {.key_hash = use->key,
                               .key_check = use->key * 7,
                               .body_hash = 1,
                               .status = 201,
                               .reply = use->reply};
    struct idem_entry *entries[] = {&entry};

    ctx->now = use->at;
    if (!use->is_blind)
        TRY(idem->ops->find(ctx, idem, entries, 1));
    use->is_found = entry.is_found;
    if (entry.is_found) {
        assert_int_equal(entry.found_status, 201);
        assert_true(str_equal(entry.found_reply, use->reply));
        return OK;
    }
    return idem->ops->add(ctx, idem, entries, 1);
}

static err_t use_key(struct store_testkit *kit, int64_t key, utc_ms at,
                     bool is_blind, bool *ret_is_found)
{
    struct use use = {
        .key = key, .at = at, .is_blind = is_blind, .reply = STR("{\"a\":1}")};
    err_t err =
        store_testkit_run(kit, LANE_WRITE, STR_NONE, use_fn, &use, NULL);
    if (ret_is_found)
        *ret_is_found = use.is_found;
    return err;
}

static bool is_known(struct store_testkit *kit, int64_t key, utc_ms at)
{
    bool is_found = false;
    MUST(use_key(kit, key, at, false, &is_found));
    return is_found;
}

static err_t sweep_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    bool has_more = true;

    ctx->now = *(utc_ms *)arg;
    TRY(kit->store->idem->ops->sweep(ctx, kit->store->idem, &has_more));
    assert_false(has_more);
    return OK;
}

static void sweep(struct store_testkit *kit, utc_ms at)
{
    MUST(store_testkit_run(kit, LANE_LOW, STR_NONE, sweep_fn, &at, NULL));
}

static int open_kit(void **state)
{
    *state = store_testkit_open(STORE_POSTGRES, NULL);
    return 0;
}

static int close_kit(void **state)
{
    store_testkit_close(*state);
    return 0;
}

static void a_key_is_known_for_a_whole_day_at_least(void **state)
{
    struct store_testkit *kit = *state;
    static const utc_ms at[] = {0,         1,         MINUTE,       HOUR,
                                12 * HOUR, 23 * HOUR, 24 * HOUR - 1};

    for (size_t i = 0; i < COUNT_OF(at); i++) {
        utc_ms used = MIDNIGHT + at[i];
        assert_false(is_known(kit, (int64_t)i + 1, used));
        assert_true(is_known(kit, (int64_t)i + 1, used + 1));
        sweep(kit, used + DAY - 1);
        assert_true(is_known(kit, (int64_t)i + 1, used + DAY - 1));
    }
}

static void nodes_that_disagree_on_the_day_meet_at_midnight(void **state)
{
    struct store_testkit *kit = *state;
    static const utc_ms skews[] = {1, SECOND, MINUTE, 9 * MINUTE};

    for (size_t i = 0; i < COUNT_OF(skews); i++) {
        int64_t key = (int64_t)i + 100;
        MUST(use_key(kit, key, MIDNIGHT - skews[i], true, NULL));
        assert_int_equal(use_key(kit, key, MIDNIGHT + skews[i], true, NULL),
                         ERR_BUSY); /* A conflict each time it was tried. */
        assert_true(is_known(kit, key, MIDNIGHT + skews[i]));
        key += 50;
        MUST(use_key(kit, key, MIDNIGHT + skews[i], true, NULL));
        assert_int_equal(use_key(kit, key, MIDNIGHT - skews[i], true, NULL),
                         ERR_BUSY);
    }
}

static void the_day_before_yesterday_is_emptied_whole(void **state)
{
    struct store_testkit *kit = *state;
    utc_ms noon = MIDNIGHT + 12 * HOUR;
    const char *rows = "SELECT count(*) FROM idem_keys";

    for (int day = 0; day < 9; day++) {
        for (int64_t key = 1; key <= 5; key++)
            assert_false(is_known(kit, day * 10 + key, noon + day * DAY));
        sweep(kit, noon + day * DAY);
        /* Yesterday's and today's are left. */
        assert_int_equal(store_testkit_psql(kit, rows), day == 0 ? 5 : 10);
    }
}

static void
a_store_that_stood_still_for_days_forgets_nothing_wrongly(void **state)
{
    struct store_testkit *kit = *state;

    /* Four days later its rows stand in the slot of today. */
    assert_false(is_known(kit, 1, MIDNIGHT + HOUR));
    assert_false(is_known(kit, 1, MIDNIGHT + 4 * DAY + HOUR));
    assert_true(is_known(kit, 1, MIDNIGHT + 4 * DAY + 2 * HOUR));
    sweep(kit, MIDNIGHT + 4 * DAY + 3 * HOUR);
    assert_true(is_known(kit, 1, MIDNIGHT + 4 * DAY + 4 * HOUR));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)
        CASE(a_key_is_known_for_a_whole_day_at_least),
        CASE(nodes_that_disagree_on_the_day_meet_at_midnight),
        CASE(the_day_before_yesterday_is_emptied_whole),
        CASE(a_store_that_stood_still_for_days_forgets_nothing_wrongly),
    };

    if (!store_testkit_has(STORE_POSTGRES)) {
        print_message("skipped: no WHARF_PG_CONNINFO\n");
        return 0;
    }
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
}
