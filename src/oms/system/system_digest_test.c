/* system_digest_test.c - the log cannot be altered behind its digests (I29). */
#include "jobs/digest.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/system/digest.h"
#include "oms/system/system.h"
#include "store/event.h"
#include "store/sql.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

enum { EVENTS = 25 };

static err_t add_events(struct ctx *ctx, void *arg)
{
    (void)arg;
    for (int i = 0; i < EVENTS; i++)
        TRY(event_add(ctx, "outbound.paused", "system", 1,
                      STR("{\"why\":\"test\"}"), NULL));
    return OK;
}

static err_t read_last(struct ctx *ctx, void *arg)
{
    return digest_last(ctx, arg);
}

static err_t check_digests(struct ctx *ctx, void *arg);

struct seen {
    size_t bad;
    char what[128];
};

static void note(void *arg, const char *invariant, str row, str what)
{
    struct seen *seen = arg;
    (void)invariant;
    if (seen->bad++ == 0)
        (void)snprintf(seen->what, sizeof seen->what, "%.*s: %.*s",
                       STR_ARG(row), STR_ARG(what));
}

/* The first check of the room is that of the digests. */
static err_t check_digests(struct ctx *ctx, void *arg)
{
    return system_room.verify->at[0].run(ctx, note, arg);
}

static struct seen look(struct testkit *kit)
{
    struct seen seen = {.bad = 0};
    assert_int_equal(testkit_read(kit, check_digests, &seen), OK);
    return seen;
}

static struct log_digest last_of(struct testkit *kit)
{
    struct log_digest last;
    testkit_settle(kit);
    digest_turn(kit->store, clock_now());
    assert_int_equal(testkit_read(kit, read_last, &last), OK);
    return last;
}

static void I29_the_log_is_digested_once_an_hour(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    struct log_digest first = last_of(kit);
    assert_int_equal(first.n, 1);
    assert_true(first.chain.events >= EVENTS);
    /* The hour is not over: nothing more, though there are events. */
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    struct log_digest second = last_of(kit);
    assert_int_equal(second.n, 1);
    assert_int_equal(look(kit).bad, 0);
    testkit_close(kit);
}

static void I29_an_altered_event_shows(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    (void)last_of(kit);
    testkit_sql(kit, "UPDATE events SET actor_id = 7 WHERE id = "
                     "(SELECT MAX(id) FROM events)");
    struct seen seen = look(kit);
    assert_int_equal(seen.bad, 1);
    assert_string_equal(seen.what,
                        "digest 1: the log before it is not what it was");
    testkit_close(kit);
}

static void I29_a_missing_event_shows(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    (void)last_of(kit);
    testkit_sql(kit, "DELETE FROM events WHERE id = "
                     "(SELECT MIN(id) FROM events)");
    assert_int_equal(look(kit).bad, 1);
    testkit_close(kit);
}

static void I29_a_missing_digest_shows(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, add_events, NULL), OK);
    (void)last_of(kit);
    testkit_sql(kit, "UPDATE log_digests SET n = 2");
    struct seen seen = look(kit);
    assert_int_equal(seen.bad, 1);
    assert_string_equal(seen.what, "digest 2: the one before it is missing");
    testkit_close(kit);
}

#define CASE(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(I29_the_log_is_digested_once_an_hour),
        CASE(I29_an_altered_event_shows),
        CASE(I29_a_missing_event_shows),
        CASE(I29_a_missing_digest_shows),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("digest", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
