/* finance_journal_test.c - I19: each entry balances, and the journal is what
 * was billed, paid and kept. */
#include "oms/finance/finance_journal.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/finance/finance.h"
#include "oms/payment/payment.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

/* ---- pure ---- */

static void every_fact_balances(void **state)
{
    static const int64_t amounts[] = {1, 119, 100000, -7};
    (void)state;
    for (int kind = JOURNAL_INVOICE; kind <= JOURNAL_STORE_CREDIT; kind++)
        for (int64_t what = 1; what <= 6; what++)
            for (size_t i = 0; i < COUNT_OF(amounts); i++) {
                struct journal_fact fact = {
                    .kind = (enum journal_kind)kind,
                    .what = what,
                    .total = amounts[i],
                    .tax = kind <= JOURNAL_CREDIT_NOTE ? amounts[i] / 6 : 0,
                    .tender = what};
                struct journal_line lines[JOURNAL_LINES];
                size_t count = journal_lines_of(&fact, lines);
                int64_t sum = 0;
                assert_true(count >= 2);
                for (size_t j = 0; j < count; j++) {
                    assert_true(lines[j].amount != 0);
                    sum += lines[j].amount;
                }
                assert_int_equal(sum, 0);
            }
}

/* ---- in the store ---- */

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "GIFT", false);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void call(struct shop *shop, const struct room *room,
                 const char *operation, const char *id, const char *body,
                 struct testkit_reply *ret)
{
    struct testkit_call c = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, room, &c, ret);
    assert_ok(shop->kit, ret->err);
}

static void invoice_on(struct shop *shop, const char *when)
{
    struct testkit_reply reply;
    call(shop, &invoice_room, "createInvoiceSeries", NULL,
         "{\"code\":\"de\",\"name\":\"W\",\"prefix\":\"RE\","
         "\"credit_prefix\":\"GS\",\"seller\":{\"company\":\"W\",\"line1\":"
         "\"A 1\",\"city\":\"B\",\"country\":\"DE\"}}",
         &reply);
    call(shop, &invoice_room, "putInvoicing",
         shop_id(shop, "chn", shop->web.id.v),
         shop_text(shop,
                   "{\"version\":0,\"series\":\"de\",\"issue_on\":\"%s\"}",
                   when),
         &reply);
}

static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, shop_body(shop, "1", "GIFT:3:1000"), &reply), "");
    return shop_order_id(shop, &reply);
}

static void pay(struct shop *shop, order_id order, const char *tender,
                int64_t amount)
{
    struct testkit_reply reply;
    call(shop, &payment_room, "createPayment", shop_id(shop, "ord", order.v),
         shop_text(shop,
                   "{\"tender\":%s,\"amount\":{\"amount\":%lld,\"currency\":"
                   "\"EUR\"},\"done\":\"captured\"}",
                   tender, (long long)amount),
         &reply);
}

static const char *gift_card(struct shop *shop, int64_t amount)
{
    struct testkit_reply reply;
    struct json_in *card;
    int64_t id;
    call(shop, &payment_room, "issueGiftCard", NULL,
         shop_text(shop, "{\"amount\":{\"amount\":%lld,\"currency\":\"EUR\"}}",
                   (long long)amount),
         &reply);
    assert_ok(&reply.ctx, json_get_object(reply.json, "gift_card", &card));
    assert_ok(&reply.ctx, json_get_id(card, "id", "gft", &id));
    return shop_id(shop, "gft", id);
}

/* What an account comes to, debits less credits, in all entries. */
static int64_t balance(struct shop *shop, const char *account)
{
    struct testkit_reply reply;
    struct json_list items, lines;
    int64_t sum = 0;
    struct testkit_call c = {.operation = "listJournal", .query = "limit=250"};
    shop_call(shop, &journal_room, &c, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_list(reply.json, "items", 0, SIZE_MAX, &items));
    for (size_t i = 0; i < items.count; i++) {
        struct json_in *entry, *line;
        assert_ok(&reply.ctx, json_list_object(&items, i, &entry));
        assert_ok(&reply.ctx,
                  json_get_list(entry, "lines", 0, SIZE_MAX, &lines));
        for (size_t j = 0; j < lines.count; j++) {
            str name;
            money debit = {0}, credit = {0};
            assert_ok(&reply.ctx, json_list_object(&lines, j, &line));
            assert_ok(&reply.ctx, json_get_str(line, "account", 1, 50, &name));
            assert_ok(&reply.ctx, json_opt_money(line, "debit", "EUR", &debit));
            assert_ok(&reply.ctx,
                      json_opt_money(line, "credit", "EUR", &credit));
            if (str_equal_cstr(name, account))
                sum += debit.minor - credit.minor;
        }
    }
    return sum;
}

static size_t unsound(struct shop *shop)
{
    str first;
    return testkit_verify(shop->kit, &journal_room, &first);
}

struct list {
    order_id order;
    struct payment **ret;
    size_t *count;
};

static err_t read_payments(struct ctx *ctx, void *arg)
{
    struct list *list = arg;
    return payment_list(ctx, list->order, list->ret, list->count);
}

/* Billed, paid with a card and a gift card, partly given back. */
static void shop_day(struct shop *shop)
{
    struct testkit_reply reply;
    invoice_on(shop, "confirm");
    const char *card = gift_card(shop, 1500);
    order_id id = place(shop);
    pay(shop, id, "\"card\"", 2000);
    pay(shop, id,
        shop_text(shop, "\"gift_card\",\"gift_card_id\":\"%s\"", card), 1000);
    shop_drain(shop);
    call(shop, &payment_room, "createRefund", shop_id(shop, "ord", id.v),
         shop_text(shop,
                   "{\"version\":%lld,\"allowance\":{\"amount\":1200,"
                   "\"currency\":\"EUR\"}}",
                   (long long)shop_order(shop, id).version),
         &reply);
    shop_drain(shop);
}

static void a_day_is_entered_once(void **state)
{
    struct shop *shop = *state;
    shop_day(shop);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(balance(shop, "sales"), -1800);
        assert_int_equal(balance(shop, "receivables"), 0);
        assert_int_equal(balance(shop, "money:card"), 1800);
        assert_int_equal(balance(shop, "credit:gift_card"), -1500);
        assert_int_equal(balance(shop, "credit_given"), 1500);
        assert_int_equal(unsound(shop), 0);
        testkit_sql(shop->kit, "UPDATE event_cursors SET id = 0 "
                               "WHERE consumer = 'journal'");
        shop_drain(shop);
    }
}

/* Told of the payment from outside. */
static void tell(struct shop *shop, payment_id id, const char *type,
                 const char *key, int64_t amount)
{
    struct testkit_reply reply;
    str more = amount ? str_from_cstr(shop_text(
                            shop,
                            ",\"amount\":{\"amount\":%lld,\"currency\":"
                            "\"EUR\"}",
                            (long long)amount))
                      : STR("");
    call(shop, &payment_room, "recordPayment", shop_id(shop, "pay", id.v),
         shop_text(shop,
                   "{\"type\":\"%s\",\"event_id\":\"%s\",\"dispute\":"
                   "\"d\"%.*s}",
                   type, key, STR_ARG(more)),
         &reply);
    shop_drain(shop);
}

static void what_a_dispute_lost_is_no_more_owed(void **state)
{
    struct shop *shop = *state;
    struct payment *all;
    size_t count;
    invoice_on(shop, "confirm");
    order_id order = place(shop);
    pay(shop, order, "\"card\"", 3000);
    shop_drain(shop);
    struct list list = {order, &all, &count};
    assert_ok(shop->kit, testkit_run(shop->kit, read_payments, &list));
    payment_id id = all[0].id;
    tell(shop, id, "chargeback", "e1", 1000);
    assert_int_equal(balance(shop, "receivables"), 1000);
    tell(shop, id, "dispute_lost", "e2", 0);
    assert_int_equal(balance(shop, "receivables"), 0);
    assert_int_equal(balance(shop, "losses"), 1000);
    assert_int_equal(balance(shop, "money:card"), 2000);
    tell(shop, id, "dispute_lost", "e3", 0);
    tell(shop, id, "chargeback", "e4", 500); /* Of the same. */
    assert_int_equal(balance(shop, "losses"), 1500);
    tell(shop, id, "chargeback_reversed", "e5", 1500); /* After all. */
    assert_int_equal(balance(shop, "losses"), 0);
    assert_int_equal(balance(shop, "receivables"), 0);
    assert_int_equal(balance(shop, "money:card"), 3000);
    assert_int_equal(unsound(shop), 0);
}

/* Where a dispute that was lost was not entered yet, what came back of it was
 * entered as the buyer's: no more is lost than what is gone. */
static void what_came_back_before_a_loss_was_entered_is_not_lost(void **state)
{
    static const char *const before[] = {
        "UPDATE journal_lines SET account = 'receivables' "
        "WHERE account = 'losses' AND entry_id IN (SELECT id FROM "
        "journal_entries WHERE kind = 3 AND what = 6)",
        "DELETE FROM journal_lines WHERE entry_id IN (SELECT id FROM "
        "journal_entries WHERE kind = 3 AND what = 9)",
        "DELETE FROM journal_entries WHERE kind = 3 AND what = 9",
        "DELETE FROM journal_days",
        "INSERT INTO journal_days (currency, account, day, debit, credit) "
        "SELECT e.currency, l.account, e.at / 86400000, SUM(l.debit), "
        "SUM(l.credit) FROM journal_entries e JOIN journal_lines l "
        "ON l.entry_id = e.id GROUP BY 1, 2, 3",
        "UPDATE event_cursors SET xid = 0, id = 0 WHERE consumer = 'journal'"};
    struct shop *shop = *state;
    struct payment *all;
    size_t count;
    invoice_on(shop, "confirm");
    order_id order = place(shop);
    pay(shop, order, "\"card\"", 3000);
    shop_drain(shop);
    struct list list = {order, &all, &count};
    assert_ok(shop->kit, testkit_run(shop->kit, read_payments, &list));
    tell(shop, all[0].id, "chargeback", "e1", 1000);
    tell(shop, all[0].id, "dispute_lost", "e2", 0);
    tell(shop, all[0].id, "chargeback_reversed", "e3", 400);
    for (size_t i = 0; i < COUNT_OF(before); i++)
        testkit_sql(shop->kit, before[i]);
    assert_int_equal(balance(shop, "receivables"), 600);
    for (int i = 0; i < 2; i++) {
        shop_drain(shop);
        assert_int_equal(balance(shop, "losses"), 600);
        assert_int_equal(balance(shop, "receivables"), 0);
        assert_int_equal(balance(shop, "money:card"), 2400);
        assert_int_equal(unsound(shop), 0);
        testkit_sql(shop->kit, before[COUNT_OF(before) - 1]);
    }
}

/* "account debit credit …" of a currency before a moment. */
static void assert_balances(struct shop *shop, const char *query,
                            const char *expect)
{
    struct testkit_reply reply;
    struct json_list items;
    struct testkit_call c = {.operation = "getJournalBalances", .query = query};
    str text = STR("");
    shop_call(shop, &journal_room, &c, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_list(reply.json, "items", 0, SIZE_MAX, &items));
    for (size_t i = 0; i < items.count; i++) {
        struct json_in *at;
        str account;
        money debit, credit;
        assert_ok(&reply.ctx, json_list_object(&items, i, &at));
        assert_ok(&reply.ctx, json_get_str(at, "account", 1, 50, &account));
        assert_ok(&reply.ctx, json_get_money(at, "debit", "EUR", &debit));
        assert_ok(&reply.ctx, json_get_money(at, "credit", "EUR", &credit));
        text = str_printf(shop->kit->arena, "%.*s%.*s %lld %lld;",
                          STR_ARG(text), STR_ARG(account),
                          (long long)debit.minor, (long long)credit.minor);
    }
    assert_string_equal(text.len ? str_to_cstr(shop->kit->arena, text) : "",
                        expect);
}

static void balances_are_of_before_a_moment(void **state)
{
    struct shop *shop = *state;
    shop->kit->now = 1700000000000; /* 2023-11-14 */
    invoice_on(shop, "confirm");
    order_id first = place(shop);
    shop_drain(shop);
    shop->kit->now += JOURNAL_DAY_MS;
    pay(shop, first, "\"card\"", 1000);
    shop_drain(shop);
    shop->kit->now += 60 * 1000;
    pay(shop, first, "\"card\"", 2000);
    shop_drain(shop);
    assert_balances(shop, "at=2023-11-14T00:00:00Z", "");
    assert_balances(shop, "at=2023-11-15T00:00:00Z&currency=EUR",
                    "receivables 3000 0;sales 0 3000;");
    assert_balances(shop, "at=2023-11-15T22:13:30Z",
                    "money:card 1000 0;receivables 3000 1000;sales 0 3000;");
    assert_balances(shop, "at=2024-11-15T00:00:00Z",
                    "money:card 3000 0;receivables 3000 3000;sales 0 3000;");
    assert_balances(shop, "currency=CHF", "");
    assert_int_equal(unsound(shop), 0);
}

static void verify_finds_what_was_bent(void **state)
{
    static const struct {
        const char *bent, *undo;
    } cases[] = {
        {"UPDATE journal_lines SET debit = debit + 1 WHERE debit = 3000",
         "UPDATE journal_lines SET debit = debit - 1 WHERE debit = 3001"                                                        },
        {"UPDATE journal_lines SET account = 'taxes' "
         "WHERE account = 'receivables' AND credit = 2000",      "UPDATE journal_lines SET account = 'receivables' "
         "WHERE account = 'taxes' AND credit = 2000"        },
        {"UPDATE journal_lines SET account = 'money:card' "
         "WHERE account = 'credit:gift_card' AND debit = 1000",  "UPDATE journal_lines SET account = 'credit:gift_card' "
         "WHERE account = 'money:card' AND debit = 1000"},
        {"UPDATE journal_entries SET what = 5 WHERE what = 4",
         "UPDATE journal_entries SET what = 4 WHERE what = 5"                                                                   },
        {"UPDATE journal_entries SET source_n = 90 WHERE kind = 1",
         "UPDATE journal_entries SET source_n = 0 WHERE kind = 1"                                                               },
        {"UPDATE journal_lines SET account = 'losses' WHERE account = "
         "'receivables' AND credit = 2000",                      "UPDATE journal_lines SET account = 'receivables' "
         "WHERE account = 'losses'"                                         },
        {"UPDATE journal_days SET debit = debit + 1",
         "UPDATE journal_days SET debit = debit - 1"                                                                            },
    };
    struct shop *shop = *state;
    shop_day(shop);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        testkit_sql(shop->kit, cases[i].bent);
        assert_true(unsound(shop) > 0);
        testkit_sql(shop->kit, cases[i].undo);
        assert_int_equal(unsound(shop), 0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {TEST(every_fact_balances)};
    const struct CMUnitTest stored[] = {
        SHOP(a_day_is_entered_once),
        SHOP(what_a_dispute_lost_is_no_more_owed),
        SHOP(what_came_back_before_a_loss_was_entered_is_not_lost),
        SHOP(balances_are_of_before_a_moment),
        SHOP(verify_finds_what_was_bent),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("journal", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
