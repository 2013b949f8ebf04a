/* mutants.c - what is wrong on purpose must be found.
 *
 * Each mutant runs a while as it should, is then made wrong, and must be
 * caught by verify or by the auditor within a few steps. A mutant that lives
 * means a check that checks nothing.
 */
#define WHARF_UNBANNED
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "bill.h"
#include "draft.h"
#include "exchange.h"
#include "faulty.h"
#include "goods.h"
#include "later.h"
#include "mutant.h"
#include "parcel.h"
#include "pay.h"
#include "till.h"

enum {
    SEEDS = 3, /* Tried in turn where one shows nothing. */
    BEFORE = 120,
    KITS_BEFORE = 1500,
    SUPPLIED = 80,
    HELD = 20,
    GOODS_BEFORE = 60,
    PAID_BEFORE = 80,
    LATER_BEFORE = 60,
    SWAPS_BEFORE = 40,
    BILLS_BEFORE = 30,
    DRAFTS_BEFORE = 20,
    AFTER = 250,
    KITS_AFTER = 1500,
    POLICIES = 12,
    TENANT_STEPS = 200,
    RESTORES = 12
};

#define DIGESTS "verify: I29 digests of the log"

static const struct mutant mutants[] = {
    {.name = "a unit is committed that nobody ordered",
     .sql = "UPDATE levels SET committed = committed + 1 WHERE on_hand > "
            "committed + reserved + damaged + quality_control + held"        },
    {.name = "a unit appears from nowhere",
     .sql = "UPDATE levels SET on_hand = on_hand + 1"                        },
    {.name = "a reservation ends and its units stay committed",
     .sql = "UPDATE reservations SET state = 4 WHERE id = (SELECT MAX(id) FROM "
            "reservations WHERE state = 2)"                                  },
    {.name = "a reservation holds one unit more",
     .sql = "UPDATE reservations SET qty = qty + 1 WHERE id = (SELECT MAX(id) "
            "FROM reservations WHERE state = 2)"                             },
    {.name = "a movement is cut out of the ledger",
     .sql = "DELETE FROM movements WHERE id = (SELECT MAX(prev_id) FROM "
            "movements)"                                                     },
    {.name = "a movement says another quantity",
     .sql = "UPDATE movements SET qty = qty + 1 WHERE id = (SELECT MAX(id) "
            "FROM movements)"                                                },
    {.name = "an event is cut out of the log",
     .sql = "DELETE FROM events WHERE id = (SELECT MAX(id) FROM events WHERE "
            "type = 'order.placed')"                                         },
    {.name = "an event is invented about nobody",
     .sql = "UPDATE events SET subject_id = subject_id + 256 WHERE id = "
            "(SELECT MAX(id) FROM events WHERE type = 'order.placed')"       },
    {.name = "an order's total is a cent higher",
     .sql = "UPDATE orders SET total_minor = total_minor + 1 WHERE id = "
            "(SELECT MAX(id) FROM orders)"                                   },
    {.name = "a line's units move without anybody asking",
     .sql = "UPDATE order_lines SET allocated = allocated - 1, backordered = "
            "backordered + 1 WHERE order_id = (SELECT MAX(order_id) FROM "
            "order_lines WHERE allocated > 0) AND allocated > 0"             },
    {.name = "an order is changed without an event",
     .sql = "UPDATE orders SET version = version + 1 WHERE id = (SELECT "
            "MAX(id) FROM orders)"                                           },
    {.name = "an order comes back from the dead",
     .sql = "UPDATE orders SET status = 3 WHERE status = 5"                  },
    {.name = "a count on the dashboard is off by one",
     .sql = "UPDATE order_counts SET orders = orders + 1"                    },
    {.name = "the list shows another status",
     .sql = "UPDATE order_list SET status = 4 WHERE order_id = (SELECT "
            "MAX(order_id) FROM order_list)"                                 },
    {.name = "a location closes without a command",
     .sql = "UPDATE locations SET is_active = 0"                             },
    {.name = "a stored answer is rewritten",
     .sql = "UPDATE idem_replies SET reply = '{}'"                           },
    {.name = "a hold's row ends and its units stay reserved",
     .sql = "UPDATE reservations SET state = 4 WHERE id = (SELECT MAX(id) "
            "FROM reservations WHERE kind = 1 AND state = 1)"                },
    {.name = "a hold's units come back twice",
     .sql = "UPDATE levels SET reserved = reserved - 1 WHERE reserved > 0"   },
    {.name = "a hold is confirmed and its units stay reserved",
     .sql = "UPDATE levels SET reserved = reserved + 1 WHERE on_hand > "
            "committed + reserved + damaged + quality_control + held"        },
    {.name = "a hold runs out without movement or event",
     .sql = "UPDATE holds SET state = 4, ended_at = expires_at, version = "
            "version + 1 WHERE state = 1"                                    },
    {.name = "a hold that was let go is open again",
     .sql = "UPDATE holds SET state = 1, ended_at = NULL, order_id = NULL "
            "WHERE state <> 1"                                               },
    {.name = "a confirmed hold names another order",
     .sql = "UPDATE holds SET order_id = order_id + 256 WHERE state = 2"     },
    {.name = "a kit forgets that it had two of something",
     .sql = "UPDATE order_parts SET quantity = quantity + 1",
     .needs_kits = true},
    {.name = "a component is taken out of a kit that was sold",
     .sql = "DELETE FROM order_parts WHERE n = 1",
     .needs_kits = true},
    {.name = "a kit gets stock of its own",
     .sql = "UPDATE skus SET is_kit = 1, is_tracked = 0 WHERE id IN (SELECT "
            "sku_id FROM levels WHERE on_hand > 0)"                                                    },
    {.name = "a channel's policy is lost",                          .sql = "DELETE FROM level_policies"},
    {.name = "low stock is told once more",
     .sql = "INSERT INTO events SELECT id + 1, at, 'stock.low', 'sku', "
            "sku_id, 1, 0, '{\"location\":\"loc_0000000000001\"}' FROM "
            "(SELECT MAX(id) AS id, MAX(at) AS at FROM events), (SELECT "
            "MIN(sku_id) AS sku_id FROM levels)"                                     },
    {.name = "a mark of a level says one unit more",
     .sql = "UPDATE level_marks SET on_hand = on_hand + 1"},
    {.name = "one component of a kit is not committed",
     .stock = STOCK_FORGETS_PART,
     .needs_kits = true},
    {.name = "a kit is there as often as its first component",
     .stock = STOCK_TRUSTS_FIRST,
     .needs_kits = true},
    {.name = "components of a kit come from two locations",
     .stock = STOCK_PART_ELSEWHERE,
     .needs_kits = true},
    {.name = "orders of one batch do not see each other",
     .stock = STOCK_BLIND_IN_BATCH                 },
    {.name = "a transfer loses its variance",
     .sql = "UPDATE transfer_lines SET received = received - 1 WHERE received "
            "> damaged"                                                    },
    {.name = "units of a transfer are received and still expected",
     .sql = "UPDATE levels SET incoming = incoming + 1"                        },
    {.name = "a count is applied twice",
     .sql = "UPDATE levels SET on_hand = on_hand + 2 WHERE on_hand > 0"},
    {.name = "a count forgets what it posted",
     .sql = "UPDATE count_lines SET counted = counted + 1 WHERE state = 2"},
    {.name = "what is expected is forgotten",
     .sql = "UPDATE supplies SET qty = qty + 1, open = open + 1 WHERE open > "
            "0"    },
    {.name = "a receipt says another quantity",
     .sql = "UPDATE receipt_lines SET qty = qty + 1"     },
    {.name = "a gateway's answer to a look-up is not read",
     .needs_money = true,
     .is_unread = true},
    {.name = "two orders of one channel have one external id",
     .sql = "DROP INDEX orders_external; UPDATE orders SET external_id = "
            "(SELECT MAX(o.external_id) FROM orders o WHERE o.channel_id = "
            "orders.channel_id AND o.id <> orders.id) WHERE id = (SELECT "
            "MAX(id) FROM orders WHERE channel_id = (SELECT MIN(channel_id) "
            "FROM orders)); UPDATE order_list SET external_id = (SELECT "
            "o.external_id FROM orders o WHERE o.id = order_list.order_id)",                   .says = "verify: I22"},
    {.name = "an event says another thing",
     .sql = "UPDATE events SET data = '{\"note\":\"1\"}' WHERE id = (SELECT "
            "MIN(id) FROM events)",                                                        .says = DIGESTS,
     .is_digested = true},
    {.name = "an event was somebody else's doing",
     .sql = "UPDATE events SET actor_id = actor_id + 1 WHERE id = (SELECT "
            "MIN(id) FROM events)",   .says = DIGESTS,
     .is_digested = true},
    {.name = "an event happened an hour earlier",
     .sql = "UPDATE events SET at = at - 3600000 WHERE id = (SELECT MIN(id) "
            "FROM events)",                                  .says = DIGESTS,
     .is_digested = true},
    {.name = "a digest is cut out",
     .sql = "DELETE FROM log_digests WHERE n = 1",
     .says = DIGESTS,
     .is_digested = true},
    {.name = "the newest digest is cut out",
     .sql = "DELETE FROM log_digests WHERE n = (SELECT MAX(n) FROM "
            "log_digests)",                                            .says = DIGESTS,
     .is_digested = true},
    {.name = "a digest is another",
     .sql = "UPDATE log_digests SET hash = (SELECT hash FROM log_digests "
            "WHERE n = 1)",                                                    .says = DIGESTS,
     .is_digested = true},
    {.name = "a line says one unit more is picked",
     .sql = "UPDATE order_lines SET picked = picked + 1, allocated = allocated "
            "- 1 WHERE order_id = (SELECT MAX(order_id) FROM order_lines WHERE "
            "allocated > 0) AND allocated > 0" },
    {.name = "shipped units are cancelled, too",
     .sql = "UPDATE order_lines SET cancelled = cancelled + 1, shipped = "
            "shipped - 1, delivered = 0 WHERE shipped > 0",                                          .needs_goods = true},
    {.name = "a fulfillment order has one unit more to do",
     .sql = "UPDATE fulfillment_lines SET qty = qty + 1 WHERE fo_id = (SELECT "
            "MAX(fo_id) FROM fulfillment_lines WHERE qty > shipped)"                                                     },
    {.name = "a fulfillment order forgets what it shipped",
     .sql = "UPDATE fulfillment_lines SET shipped = shipped - 1 WHERE shipped "
            "> 0",                                                    .needs_goods = true},
    {.name = "a parcel names another label",
     .sql = "UPDATE packages SET tracking = 'F00000000' WHERE state BETWEEN 3 "
            "AND 10",                                                    .says = "I23",
     .needs_goods = true},
    {.name = "a lost call is made again and not looked up",
     .says = "I23",
     .needs_goods = true,
     .is_blind = true},
    {.name = "what was not found may be sold again",
     .stock = STOCK_SHORT_FREES,
     .needs_goods = true},
    {.name = "what left is still on the shelf",
     .stock = STOCK_SHIP_KEEPS,
     .needs_goods = true},
    {.name = "one more is picked than was found",
     .stock = GOODS_PICK_MORE,
     .needs_goods = true},
    {.name = "of a parcel what was heard last counts",
     .says = "I24",
     .stock = TRACE_TRUSTS_LATEST,
     .needs_goods = true},
    {.name = "what is sent elsewhere stays reserved where it was",
     .stock = GOODS_MOVE_STAYS,
     .needs_goods = true},
    {.name = "of what is sent elsewhere a row is let go",
     .stock = GOODS_MOVE_FREES,
     .needs_goods = true},
    {.name = "a fulfillment order forgets a line that is to leave",
     .sql = "DELETE FROM fulfillment_lines WHERE fo_id = (SELECT MAX(id) FROM "
            "fulfillment_orders WHERE status = 2)",                                                    .says = "verify: "},
    {.name = "what is to leave later may leave now",
     .stock = GOODS_TOO_EARLY,
     .needs_goods = true},
    {.name = "what nobody came for stays with its order",
     .stock = GOODS_BACK_NOWHERE,
     .needs_goods = true},
    {.name = "a pickup ran out and its units wait on",
     .sql = "UPDATE pickups SET state = 5, ended_at = 1 WHERE state < 3",
     .says = "verify: picking"},
    {.name = "a restored store buys what was bought after its backup",
     .says = "I23",
     .needs_goods = true,
     .is_restored = true},
    {.name = "the decision about an order is lost",
     .sql = "DELETE FROM routing_decisions WHERE order_id = (SELECT MAX(id) "
            "FROM orders)",                                                 .says = "verify: I25"},
    {.name = "a line's tax is a cent higher",
     .sql = "UPDATE order_lines SET tax_minor = tax_minor + 1 WHERE order_id "
            "= (SELECT MAX(id) FROM orders)",                       .says = "verify: I13"},
    {.name = "an order's shipping is a cent higher",
     .sql = "UPDATE orders SET shipping_minor = shipping_minor + 1 WHERE id = "
            "(SELECT MAX(id) FROM orders)",                                                      .says = "verify: I13"},
    {.name = "what units of a line cost is rounded up",
     .stock = MONEY_ROUNDS_UP                                               },
    {.name = "each unit takes off as much, whatever is left",
     .stock = MONEY_LEAVES_REST                   },
    {.name = "a line whose units are all gone is worth a cent",
     .sql = "UPDATE order_lines SET total_now = 1 WHERE ordered = cancelled",
     .says = "verify: I16"},
    {.name = "an order was paid a cent more than its payments say",
     .sql = "UPDATE orders SET pay_captured = pay_captured + 1 WHERE "
            "pay_captured > 0",.says = "verify: I16",
     .needs_money = true},
    {.name = "the balance forgets what was given back",
     .stock = MONEY_FORGETS_BACK,
     .needs_money = true},
    {.name = "a transaction of a payment is cut out",
     .sql = "DELETE FROM payment_transactions WHERE type = 2 AND n = 1",
     .says = "verify: I27",
     .needs_money = true},
    {.name = "a transaction says a cent more",
     .sql = "UPDATE payment_transactions SET amount = amount + 1 WHERE type = "
            "4",                                                    .says = "verify: I27",
     .needs_money = true},
    {.name = "a payment is in another state",
     .sql = "UPDATE payment_intents SET state = 4 WHERE state = 2",
     .says = "verify: I27",
     .needs_money = true},
    {.name = "more was taken than there was, and all books agree",
     .sql = "UPDATE payment_transactions SET amount = amount + 100000000 "
            "WHERE type = 2 AND origin = 1; UPDATE payment_intents SET "
            "captured = captured + 100000000 * (SELECT COUNT(*) FROM "
            "payment_transactions t WHERE t.intent_id = payment_intents.id "
            "AND t.type = 2 AND t.origin = 1); UPDATE orders SET pay_captured "
            "= (SELECT SUM(i.captured) FROM payment_intents i WHERE "
            "i.order_id = orders.id) WHERE pay_captured > 0",                                                            .says = "more was taken or given back than there was",
     .needs_money = true},
    {.name = "a cent more than was promised is taken",
     .stock = MONEY_TAKES_MORE,
     .needs_money = true},
    {.name = "a cent more is given back than that tender paid",
     .stock = MONEY_GIVES_MORE,
     .needs_money = true},
    {.name = "what was told of a payment counts again when told again",
     .stock = MONEY_COUNTS_TWICE,
     .needs_money = true},
    {.name = "whatever was taken, an order is paid",
     .stock = MONEY_IS_PAID,
     .needs_money = true},
    {.name = "a refund says a cent more than its tenders gave",
     .sql = "UPDATE refunds SET amount = amount + 1 WHERE amount > 0",
     .says = "verify: I17",
     .needs_money = true,
     .needs_goods = true},
    {.name = "units that were written off are forgotten",
     .sql = "UPDATE order_lines SET written_off = 0 WHERE written_off > 0",
     .says = "verify: I17",
     .needs_money = true,
     .needs_goods = true},
    {.name = "a tender gave back more by refunds than it paid",
     .sql = "UPDATE refund_parts SET amount = amount + 1000000 WHERE state = "
            "2; UPDATE refunds SET amount = (SELECT SUM(p.amount) FROM "
            "refund_parts p WHERE p.refund_id = refunds.id) WHERE amount > 0",                          .says = "verify: I18",
     .needs_money = true,
     .needs_goods = true},
    {.name = "a debit of the journal is a cent more than its credits",
     .sql = "UPDATE journal_lines SET debit = debit + 1 WHERE debit > 0",
     .says = "verify: I19",
     .needs_money = true},
    {.name = "what was paid is entered as sold",
     .sql = "UPDATE journal_lines SET account = 'sales' WHERE account = "
            "'receivables'",                                                .says = "verify: I19",
     .needs_money = true},
    {.name = "what was paid is not in the journal",
     .sql = "DELETE FROM journal_entries WHERE kind = 3",
     .says = "verify: I19",
     .needs_money = true},
    {.name = "a capture is worth what no rate says",
     .sql = "INSERT INTO payment_exchanges (intent_id, n, bucket, is_open, "
            "rate, amount) SELECT intent_id, n, bucket, 0, 1000000000, amount "
            "FROM payment_transactions WHERE type = 2 AND amount > 0",                                                      .says = "verify: I20",
     .needs_money = true},
    {.name = "what is on its way back is given again",
     .stock = MONEY_FORGETS_PENDING,
     .needs_money = true,
     .needs_goods = true},
    {.name = "more came back than was shipped",
     .sql = "UPDATE order_lines SET returned = COALESCE(returned, 0) + shipped "
            "+ 1 WHERE shipped > 0",                                                    .says = "verify: I11",
     .needs_money = true,
     .needs_goods = true},
    {.name = "what was taken back is paid for all the same",
     .stock = BACK_KEEPS_WORTH,
     .needs_money = true,
     .needs_goods = true},
    {.name = "what comes back is put on the shelf twice",
     .stock = BACK_TWICE,
     .needs_money = true,
     .needs_goods = true},
    {.name = "a gift card has a cent more than its entries say",
     .sql = "UPDATE credit_accounts SET balance = balance + 1",
     .says = "verify: ",
     .needs_money = true},
    {.name = "what is not paid leaves all the same",
     .stock = MONEY_LETS_GO,
     .needs_money = true},
    {.name = "what is to leave is not held when its payment is gone",
     .stock = MONEY_HOLDS_NOTHING,
     .needs_money = true},
    {.name = "a line gets fewer units than were shipped",
     .stock = EDIT_BELOW_SHIPPED,
     .needs_goods = true,
     .needs_later = true},
    {.name = "units that are added cost a cent more",
     .stock = EDIT_RAISES_MORE,
     .needs_later = true},
    {.name = "units that a change gives up stay reserved",
     .stock = EDIT_KEEPS_STOCK,
     .needs_later = true},
    {.name = "a replacement says more than its line has",
     .sql = "UPDATE order_replacements SET qty = qty + 1",
     .says = "verify: replacements",
     .needs_goods = true,
     .needs_later = true},
    {.name = "what is on hold leaves all the same",
     .stock = HOLD_LETS_GO,
     .needs_later = true},
    {.name = "a change that was confirmed changed nothing",
     .sql = "UPDATE order_changes SET confirmed_version = confirmed_version + "
            "1 WHERE state = 3",         .says = "verify: I29",
     .needs_later = true},
    {.name = "the list shows that an order is paid",
     .sql = "UPDATE order_list SET payment = 7 WHERE payment = 2"                                                     },
    {.name = "what a merchant sends goes to another's store",
     .tamper = TAMPER_STRAY   },
    {.name = "a merchant reads in another's store",                                                     .tamper = TAMPER_PEEK                                                     },
    {.name = "a merchant finds what is another's",               .tamper = TAMPER_SHOW},
    {.name = "idempotency keys get lost",                                                     .tamper = TAMPER_KEY                                                     },
    {.name = "a cancellation is answered and not done",        .tamper = TAMPER_LOSE     },
    {.name = "an adjustment is done twice",                                                     .tamper = TAMPER_TWICE                                                   },
};

/* Kits come by chance; some wrongs need one to show. */
static bool is_kitless(const struct mutant *mutant, struct sim *sim)
{
    if (!mutant->needs_kits || sim->step > KITS_BEFORE ||
        kit_is_sold(&sim->model))
        return false;
    if (sim->step % 5 == 0)
        step_kit(sim);
    return true;
}

/* The house stopped itself before anything was wrong with it. */
static void stopped_early(int number)
{
    static const char told[] =
        "mutant: the house stopped itself before it was made wrong\n";
    (void)number;
    (void)!write(STDOUT_FILENO, told, sizeof(told) - 1);
    _exit(1);
}

/* A seed may do nothing of what would show it. */
enum verdict { CAUGHT, LIVES, UNSEEN };

static enum verdict tell(const struct mutant *mutant, bool is_wrong,
                         const char *why)
{
    bool is_found =
        is_wrong && (!mutant->says || strstr(why, mutant->says) != NULL);
    printf("mutant: %s: %s%s\n", mutant->name,
           is_found   ? "caught: "
           : is_wrong ? "LIVES: "
                      : "not seen",
           is_wrong ? why : "");
    fflush(stdout);
    return is_found ? CAUGHT : is_wrong ? LIVES : UNSEEN;
}

static enum verdict find_between(const struct mutant *mutant, uint64_t seed,
                                 enum store_engine engine)
{
    struct tenants_end end;
    tenants_run(seed, TENANT_STEPS, engine, mutant->tamper, &end);
    bool is_wrong = end.why[0] != '\0' && end.step >= TENANT_STEPS / 2;
    return tell(mutant, is_wrong, end.why);
}

/* What it needs to show. */
static void prepare(const struct mutant *mutant, struct sim *sim)
{
    for (int i = 0; i < GOODS_BEFORE && mutant->needs_goods && !sim->is_wrong;
         i++)
        step_goods(sim);
    for (int i = 0; i < PAID_BEFORE && mutant->needs_money && !sim->is_wrong;
         i++)
        step_pay(sim);
    for (int i = 0; i < LATER_BEFORE && mutant->needs_later && !sim->is_wrong;
         i++)
        step_later(sim);
    for (int i = 0; i < SWAPS_BEFORE && mutant->needs_swaps && !sim->is_wrong;
         i++)
        step_exchange(sim);
    for (int i = 0; i < BILLS_BEFORE && mutant->needs_bills && !sim->is_wrong;
         i++)
        step_bill(sim);
    for (int i = 0; i < DRAFTS_BEFORE && mutant->needs_drafts && !sim->is_wrong;
         i++)
        step_draft(sim);
}

/* What shows it, each time. */
static void go_on(const struct mutant *mutant, struct sim *sim)
{
    if (mutant->needs_goods)
        step_goods(sim);
    if (mutant->needs_money)
        step_pay(sim);
    if (mutant->needs_money)
        step_asked(sim);
    if (mutant->needs_later)
        step_later(sim);
    if (mutant->needs_swaps)
        step_exchange(sim);
    if (mutant->needs_bills)
        step_bill(sim);
    if (mutant->needs_drafts)
        step_draft(sim);
}

static enum verdict find(const struct mutant *mutant, uint64_t seed,
                         enum store_engine engine)
{
    struct place place;
    struct sim sim;
    if (mutant->tamper >= TAMPER_STRAY)
        return find_between(mutant, seed, engine);
    sim_open(&sim, &place, seed, engine, 1);
    sim.makes_digests = mutant->is_digested;
    int after = mutant->needs_kits ? KITS_AFTER : AFTER;
    while ((sim.step < BEFORE || is_kitless(mutant, &sim)) && sim_step(&sim))
        ;
    check_verify(&sim);
    step_hold_open(&sim);
    for (int i = 0; i < POLICIES && !sim.is_wrong; i++)
        step_policy(&sim);
    for (int i = 0; i < HELD && !sim.is_wrong; i++)
        step_hold(&sim);
    step_hold_open(&sim);
    int before = sim.step;
    for (int i = 0; i < SUPPLIED && !sim.is_wrong; i++)
        step_supply(&sim); /* Some of each, so that it can be forged. */
    prepare(mutant, &sim);
    step_wait(&sim);
    check_all(&sim);
    if (sim.is_wrong) {
        printf("mutant: %s: wrong before it was made so: %s\n", mutant->name,
               sim.why);
        fflush(stdout);
        sim_close(&sim);
        return LIVES;
    }
    signal(SIGABRT, SIG_DFL);
    if (mutant->sql)
        place_forge(&place, mutant->sql);
    place.tamper = mutant->tamper;
    wrong_stock = mutant->stock;
    sim.faulty->is_blind = mutant->is_blind;
    sim.faulty->mood = mutant->mood;
    sim.till->is_blind = mutant->is_unread;
    sim.forges_epoch = mutant->is_restored;
    for (int i = 0; i < RESTORES && mutant->is_restored && !sim.is_wrong; i++) {
        step_goods(&sim);
        step_restore(&sim);
    }
    if (mutant->says && mutant->sql)
        check_verify(&sim);
    check_all(&sim);
    while (!sim.is_wrong && sim.step < before + after && sim_step(&sim)) {
        go_on(mutant, &sim);
        if (sim.step % 20 == 0)
            check_all(&sim);
    }
    if (!sim.is_wrong)
        check_all(&sim);
    enum verdict verdict = tell(mutant, sim.is_wrong, sim.why);
    sim_close(&sim);
    return verdict;
}

/* In a process of its own: what takes more units than there are runs into an
 * assertion of the rooms, and that counts. */
static enum verdict try_one(const struct mutant *mutant, uint64_t seed,
                            enum store_engine engine)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGABRT, stopped_early);
        _exit((int)find(mutant, seed, engine));
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return LIVES;
    if (WIFEXITED(status))
        return (enum verdict)WEXITSTATUS(status);
    printf("mutant: %s: caught: the house stopped itself\n", mutant->name);
    fflush(stdout);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? CAUGHT : LIVES;
}

static bool is_caught(const struct mutant *mutant, uint64_t seed,
                      enum store_engine engine)
{
    enum verdict verdict = UNSEEN;
    for (uint64_t i = 0; i < SEEDS && verdict == UNSEEN; i++)
        verdict = try_one(mutant, seed + i, engine);
    if (verdict != CAUGHT)
        printf("mutant: %s: LIVES\n", mutant->name);
    return verdict == CAUGHT;
}

static int run_all(const struct mutant *at, size_t n, uint64_t seed,
                   enum store_engine engine, const char *only, int *ret_living)
{
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!strstr(at[i].name, only))
            continue;
        *ret_living += is_caught(&at[i], seed, engine) ? 0 : 1;
        count++;
    }
    return count;
}

int mutants_run(uint64_t seed, enum store_engine engine, const char *only)
{
    int living = 0;
    int count =
        run_all(mutants, COUNT_OF(mutants), seed, engine, only, &living);
    count +=
        run_all(mutants_deals, mutants_deal_count, seed, engine, only, &living);
    printf("mutants: %d caught, %d live\n", count - living, living);
    return living;
}
