/* key_ring_test.c - the keys in memory outlive what the store finishes. */
#include "app/key_ring.h"

#include <semaphore.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/user/user_people.h"
#include "oms/user/user_session.h"
#include "store/call.h"
#include "store/store_testing.h"

struct held {
    struct work work;
    struct key_ring *ring;
    sem_t begun, gate;
    bool is_answered;
};

static err_t held_run(struct work *work)
{
    struct held *held = work->arg;
    sem_post(&held->begun);
    sem_wait(&held->gate);
    return OK;
}

static void answered(void *arg)
{
    ((struct held *)arg)->is_answered = true;
}

static void held_done(struct work *work)
{
    struct held *held = work->arg;
    key_ring_reload(held->ring, answered, held);
}

static const struct work_kind held_kind = {"held", held_run, NULL};

/* The front gives up on a slow command when it stops; the command ends later,
 * while the store closes, and still tells the ring. */
static void a_change_that_ends_while_the_store_closes_reloads(void **state)
{
    struct store_testing t;
    struct held held = {.is_answered = false};
    (void)state;
    store_testing_init(&t);
    store_testing_open(&t, true);
    assert_int_equal(key_ring_open(&t.ctx, t.store, &held.ring), OK);
    sem_init(&held.begun, 0, 0);
    sem_init(&held.gate, 0, 0);
    held.work.kind = &held_kind;
    held.work.lane = LANE_WRITE;
    held.work.arg = &held;
    held.work.done = held_done;
    held.work.ctx.arena = t.arena;
    held.work.ctx.now = clock_now();
    buf_init(&held.work.reply, t.arena, 16);
    assert_int_equal(store_submit(t.store, &held.work), OK);
    sem_wait(&held.begun);
    key_ring_stop(held.ring);
    sem_post(&held.gate);
    store_testing_shut(&t);
    assert_true(held.is_answered);
    key_ring_close(held.ring);
    store_testing_done(&t);
    sem_destroy(&held.begun);
    sem_destroy(&held.gate);
}

struct sitting {
    struct user user;
    struct session session;
    str token;
};

static err_t sign_in(struct ctx *ctx, void *arg)
{
    struct sitting *sitting = arg;
    const struct user_cmd person = {.email = STR("ann@shop.example"),
                                    .name = STR("Ann"),
                                    .roles = {STR("admin")},
                                    .role_count = 1,
                                    .granting = PERM_ALL};
    TRY(user_create(ctx, &person, &sitting->user));
    const struct session_cmd cmd = {.user = sitting->user.id,
                                    .peer = STR("::1")};
    return session_start(ctx, &cmd, &sitting->session, &sitting->token);
}

static err_t look(struct key_ring *ring, struct store_testing *t, str cookie,
                  bool is_standing, utc_ms now)
{
    const struct http_caller caller = {
        .cookie = cookie, .method = HTTP_GET, .is_standing = is_standing};
    struct http_identity who = {.perms = 0};
    t->ctx.now = now;
    err_clear(&t->ctx);
    return key_ring_auth(ring, &t->ctx, &caller, &who);
}

/* A stream is looked at every two seconds: that is no use of its session. */
static void a_session_lives_on_by_requests_and_not_by_streams(void **state)
{
    struct store_testing t;
    struct sitting sitting;
    struct key_ring *ring;
    (void)state;
    store_testing_init(&t);
    store_testing_open(&t, true);
    t.ctx.now = clock_now();
    utc_ms end = t.ctx.now + SESSION_IDLE_MS;
    assert_int_equal(
        store_call(&t.ctx, t.store, LANE_WRITE, "test", sign_in, &sitting), OK);
    str cookie =
        str_printf(t.arena, SESSION_COOKIE "=%.*s", STR_ARG(sitting.token));
    assert_int_equal(key_ring_open(&t.ctx, t.store, &ring), OK);
    assert_int_equal(look(ring, &t, cookie, true, end - 1), OK);
    assert_int_equal(look(ring, &t, cookie, false, end + 1),
                     ERR_UNAUTHENTICATED);
    assert_int_equal(look(ring, &t, cookie, false, end - 1), OK);
    assert_int_equal(look(ring, &t, cookie, true, end + 1), OK);
    key_ring_stop(ring);
    store_testing_shut(&t);
    key_ring_close(ring);
    store_testing_done(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_that_ends_while_the_store_closes_reloads),
        cmocka_unit_test(a_session_lives_on_by_requests_and_not_by_streams),
    };
    return RUN_TESTS(tests, argc, argv);
}
