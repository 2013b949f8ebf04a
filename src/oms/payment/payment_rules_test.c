/* payment_rules_test.c - the grid of a payment, and that its fold does not
 * depend on the order of what happened. */
#include "oms/payment/payment_rules.h"

#include "base/machine.h"
#include "base/testing_grid.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_capture.h"
#include "oms/payment/payment_hook.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &payment_machine, "docs/states/payment.md",
                1u << PAYMENT_VOIDED | 1u << PAYMENT_FAILED);
}

/* Three units at 10.01 and two at 0.05 each, with post for 4.90. */
static void what_is_due_follows_what_left(void **state)
{
    static const struct {
        int64_t a, b, a_back, b_cancelled, due;
    } cases[] = {
        {0, 0, 0, 0, 0   },
        {1, 0, 0, 0, 1001},
        {2, 1, 0, 0, 2007},
        {2, 0, 2, 0, 0   }, /* They came back: nothing is kept. */
        {3, 1, 0, 0, 3008},
        {3, 1, 0, 1, 3498}, /* The last one was cancelled.
  */
        {3, 2, 0, 0, 3503},
        {3, 2, 3, 0, 500 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct order_line lines[] = {
            {.n = 1,
             .ordered = 3,
             .shipped = cases[i].a,
             .returned = cases[i].a_back,
             .total_now = 3003 - cases[i].a_back * 1001},
            {.n = 2,
             .ordered = 2,
             .cancelled = cases[i].b_cancelled,
             .shipped = cases[i].b,
             .total_now = 10 - cases[i].b_cancelled * 5},
        };
        struct order order = {.status = ORDER_CONFIRMED,
                              .currency = "EUR",
                              .lines = lines,
                              .line_count = COUNT_OF(lines),
                              .charges_now = 490};
        assert_int_equal(capture_due(&order, CAPTURE_SHIP), cases[i].due);
        assert_int_equal(capture_due(&order, CAPTURE_MANUAL), 0);
        assert_int_equal(capture_due(&order, CAPTURE_CONFIRM),
                         order_total_now(&order));
        order.status = ORDER_PENDING;
        assert_int_equal(capture_due(&order, CAPTURE_CONFIRM), 0);
    }
    /* Goodwill that is more than what has not left yet. */
    struct order_line line = {
        .n = 1, .ordered = 2, .shipped = 1, .total_now = 2000};
    struct order order = {.status = ORDER_CONFIRMED,
                          .lines = &line,
                          .line_count = 1,
                          .allowance_now = 1200};
    assert_int_equal(capture_due(&order, CAPTURE_SHIP), 800);
}

static void the_grid_of_events_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &gateway_event_machine,
                "docs/states/gateway_event.md",
                1u << GATEWAY_EVENT_APPLIED | 1u << GATEWAY_EVENT_DUPLICATE);
}

static void the_grid_of_calls_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &payment_call_machine,
                "docs/states/gateway_call.md",
                1u << CALL_DONE | 1u << CALL_REFUSED | 1u << CALL_CANCELLED);
    /* What may have been done is never asked again, but where the gateway does
     * not know of it. */
    for (int s = CALL_WANTED; s <= CALL_CANCELLED; s++)
        for (int e = CALL_EVENT_WANT; e <= CALL_EVENT_CANCEL; e++) {
            enum call_state to =
                payment_call_next((enum call_state)s, (enum call_event)e);
            if (to == CALL_WANTED)
                assert_true(e == CALL_EVENT_ABSENT || e == CALL_EVENT_LATER);
        }
}

static struct payment_transaction make(enum payment_type type, int64_t amount)
{
    return (struct payment_transaction){
        .type = type, .origin = PAYMENT_OF_COMMAND, .amount = amount};
}

/* What a command of that event writes, of a payment of 90. */
static bool transaction_of(enum payment_event event, int64_t room,
                           struct payment_transaction *ret)
{
    switch (event) {
    case PAYMENT_EVENT_CREATE: return false;
    case PAYMENT_EVENT_AUTHORIZE: *ret = make(PAYMENT_AUTHORIZE, room); break;
    case PAYMENT_EVENT_CAPTURE_PART:
        *ret = make(PAYMENT_CAPTURE, room / 2);
        break;
    case PAYMENT_EVENT_CAPTURE: *ret = make(PAYMENT_CAPTURE, room); break;
    case PAYMENT_EVENT_VOID: *ret = make(PAYMENT_VOID, room); break;
    case PAYMENT_EVENT_EXPIRE: *ret = make(PAYMENT_EXPIRE, room); break;
    case PAYMENT_EVENT_FAIL: *ret = make(PAYMENT_FAIL, 0); break;
    case PAYMENT_EVENT_REFUND: *ret = make(PAYMENT_REFUND, room); break;
    }
    return true;
}

/* Every walk of six commands: the fold goes where the grid says, stays within
 * I15, and what the grid refuses the limits refuse or nobody may ask for. */
static void the_fold_goes_where_the_grid_says(void **state)
{
    enum { AMOUNT = 90, STEPS = 6, EVENTS = PAYMENT_EVENT_REFUND };
    int walks = 1;
    (void)state;
    for (int i = 0; i < STEPS; i++)
        walks *= EVENTS;
    for (int walk = 0; walk < walks; walk++) {
        struct payment_transaction at[STEPS];
        size_t n = 0;
        struct payment_now now = payment_fold(AMOUNT, at, 0);
        assert_int_equal(now.state, PAYMENT_CREATED);
        for (int rest = walk, i = 0; i < STEPS; i++, rest /= EVENTS) {
            enum payment_event event = (enum payment_event)(rest % EVENTS + 1);
            enum payment_state next = payment_next(now.state, event);
            struct payment_transaction tx = make(PAYMENT_FAIL, 0);
            if (!next || !transaction_of(event, 0, &tx))
                break;
            int64_t room = payment_room_for(tx.type, AMOUNT, at, n);
            (void)transaction_of(event, room, &tx);
            if (room < 2 && tx.type != PAYMENT_FAIL)
                break; /* The limit refuses it. */
            at[n++] = tx;
            now = payment_fold(AMOUNT, at, n);
            assert_int_equal(now.state, next);
            assert_true(payment_is_within(AMOUNT, at, n));
            assert_true(now.captured + now.authorized + now.pending <= AMOUNT);
        }
    }
}

static void shuffle(uint64_t *seed, struct payment_transaction *at, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(test_random(seed) % i);
        struct payment_transaction kept = at[i - 1];
        at[i - 1] = at[j];
        at[j] = kept;
    }
}

static void assert_same(struct payment_now a, struct payment_now b)
{
    assert_int_equal(a.state, b.state);
    assert_int_equal(a.pending, b.pending);
    assert_int_equal(a.authorized, b.authorized);
    assert_int_equal(a.captured, b.captured);
    assert_int_equal(a.refunded, b.refunded);
    assert_int_equal(a.disputed, b.disputed);
}

/* I24: late, repeated and out of order, it is the same payment. */
static void any_order_and_repetition_is_the_same_payment(void **state)
{
    enum { CASES = 20000, MOST = 8 };
    struct ctx *ctx = *state;
    uint64_t seed = 24;
    str keys[MOST];
    for (int i = 0; i < MOST; i++)
        keys[i] = str_printf(ctx->arena, "evt-%d", i);
    for (int c = 0; c < CASES; c++) {
        struct payment_transaction at[MOST * 3];
        size_t n = 1 + (size_t)(test_random(&seed) % MOST);
        for (size_t i = 0; i < n; i++) {
            at[i] = make(
                (enum payment_type)(1 + test_random(&seed) % PAYMENT_TYPES),
                (int64_t)(test_random(&seed) % 5) * 10);
            at[i].event_key = keys[i];
        }
        struct payment_now want = payment_fold(40, at, n);
        struct payment_now again;
        size_t more = n;
        for (size_t i = 0; i < n * 2; i++)
            at[more++] = at[test_random(&seed) % n];
        assert_same(want, payment_fold(40, at, more));
        for (int turn = 0; turn < 4; turn++) {
            shuffle(&seed, at, more);
            again = payment_fold(40, at, more);
            assert_same(want, again);
        }
    }
}

/* Every walk of four events: the fold goes where the grid says. */
static void disputes_go_where_their_grid_says(void **state)
{
    enum { STEPS = 4, EVENTS = DISPUTE_EVENT_LOSE, WALKS = 625 };
    struct ctx *ctx = *state;
    payment_dispute_id id = {7};
    assert_grid(ctx->arena, &dispute_machine, "docs/states/dispute.md",
                1u << DISPUTE_WON | 1u << DISPUTE_LOST);
    for (int walk = 0; walk < WALKS; walk++) {
        struct payment_transaction at[STEPS];
        struct dispute_now now = {.state = DISPUTE_NONE};
        size_t n = 0;
        for (int rest = walk, i = 0; i < STEPS; i++, rest /= EVENTS) {
            int event = rest % EVENTS + 1;
            int64_t gone = now.amount - now.returned;
            int next = machine_next(&dispute_machine, (int)now.state, event);
            if (!next)
                break;
            if (event == DISPUTE_EVENT_OPEN)
                at[n++] = make(PAYMENT_CHARGEBACK, 80);
            if (event == DISPUTE_EVENT_RETURN)
                at[n++] = make(PAYMENT_CHARGEBACK_REVERSED, gone / 2);
            if (event == DISPUTE_EVENT_WIN)
                at[n++] = make(PAYMENT_CHARGEBACK_REVERSED, gone);
            if (event == DISPUTE_EVENT_LOSE)
                at[n++] = make(PAYMENT_DISPUTE_LOST, 0);
            for (size_t j = 0; j < n; j++)
                at[j].dispute = id;
            now = dispute_fold(at, n, id);
            assert_int_equal(now.state, next);
        }
    }
}

static void a_promise_is_looked_at_in_time(void **state)
{
    enum { H = 60 * 60 * 1000 };
    (void)state;
    assert_int_equal(payment_watch_at(0, 168 * (utc_ms)H, 24), 144 * (utc_ms)H);
    assert_int_equal(payment_watch_at(0, 168 * (utc_ms)H, 0), 168 * (utc_ms)H);
    assert_int_equal(payment_watch_at(0, 10 * H, 24), 5 * H);
    assert_int_equal(payment_watch_at(20 * H, 10 * H, 24), 10 * H);
}

/* What a look-up did not find counts by when it was asked, not by when its
 * answer came: a request of before may have arrived in between. */
static void what_is_looked_up_too_soon_tells_nothing(void **state)
{
    (void)state;
    const utc_ms asked = 1000, lease = asked + CALL_LEASE_MS;
    assert_false(call_is_settled(asked, 0));
    assert_false(call_is_settled(asked, lease + CALL_TIMEOUT_MS));
    assert_false(call_is_settled(asked, lease + CALL_SETTLE_MS - 1));
    assert_true(call_is_settled(asked, lease + CALL_SETTLE_MS));
}

static void names_are_one_each(void **state)
{
    (void)state;
    for (int i = 0; i < PAYMENT_TYPES; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(payment_type_names[i],
                                    payment_type_names[j]);
    for (int i = 0; i < TENDER_EXTERNAL; i++)
        assert_non_null(payment_tender_names[i]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(the_grid_of_calls_is_the_checked_in_one),
        TEST(the_grid_of_events_is_the_checked_in_one),
        TEST(what_is_due_follows_what_left),
        TEST(the_fold_goes_where_the_grid_says),
        TEST(any_order_and_repetition_is_the_same_payment),
        TEST(disputes_go_where_their_grid_says),
        TEST(a_promise_is_looked_at_in_time),
        TEST(what_is_looked_up_too_soon_tells_nothing),
        TEST(names_are_one_each),
    };
    return RUN_TESTS(tests, argc, argv);
}
