/* mutants.c - what is wrong on purpose must be found.
 *
 * Each mutant runs a while as it should, is then made wrong, and must be
 * caught by verify or by the auditor within a few steps. A mutant that lives
 * means a check that checks nothing.
 */
#define WHARF_UNBANNED
#include <stdio.h>

#include "base/str.h"
#include "sim.h"

enum { BEFORE = 60, AFTER = 150 };

struct mutant {
    const char *name;
    const char *sql; /* Run behind the house's back. */
    enum tamper tamper;
};

static const struct mutant mutants[] = {
    {.name = "a unit is committed that nobody ordered",
     .sql = "UPDATE levels SET committed = committed + 1 WHERE on_hand > "
            "committed + reserved + damaged + quality_control + held"                 },
    {.name = "a unit appears from nowhere",
     .sql = "UPDATE levels SET on_hand = on_hand + 1"                                 },
    {.name = "a reservation ends and its units stay committed",
     .sql = "UPDATE reservations SET state = 4 WHERE id = (SELECT MAX(id) FROM "
            "reservations WHERE state = 2)"                                           },
    {.name = "a reservation holds one unit more",
     .sql = "UPDATE reservations SET qty = qty + 1 WHERE id = (SELECT MAX(id) "
            "FROM reservations WHERE state = 2)"                                      },
    {.name = "a movement is cut out of the ledger",
     .sql = "DELETE FROM movements WHERE id = (SELECT MAX(prev_id) FROM "
            "movements)"                                                              },
    {.name = "a movement says another quantity",
     .sql = "UPDATE movements SET qty = qty + 1 WHERE id = (SELECT MAX(id) "
            "FROM movements)"                                                         },
    {.name = "an event is cut out of the log",
     .sql = "DELETE FROM events WHERE id = (SELECT MAX(id) FROM events WHERE "
            "type = 'order.placed')"                                                  },
    {.name = "an event is invented about nobody",
     .sql = "UPDATE events SET subject_id = subject_id + 256 WHERE id = "
            "(SELECT MAX(id) FROM events WHERE type = 'order.placed')"                },
    {.name = "an order's total is a cent higher",
     .sql = "UPDATE orders SET total_minor = total_minor + 1 WHERE id = "
            "(SELECT MAX(id) FROM orders)"                                            },
    {.name = "a line's units move without anybody asking",
     .sql = "UPDATE order_lines SET allocated = allocated - 1, backordered = "
            "backordered + 1 WHERE order_id = (SELECT MAX(order_id) FROM "
            "order_lines WHERE allocated > 0) AND allocated > 0"                      },
    {.name = "an order is changed without an event",
     .sql = "UPDATE orders SET version = version + 1 WHERE id = (SELECT "
            "MAX(id) FROM orders)"                                                    },
    {.name = "an order comes back from the dead",
     .sql = "UPDATE orders SET status = 3 WHERE status = 5"                           },
    {.name = "a count on the dashboard is off by one",
     .sql = "UPDATE order_counts SET orders = orders + 1"                             },
    {.name = "the list shows another status",
     .sql = "UPDATE order_list SET status = 4 WHERE order_id = (SELECT "
            "MAX(order_id) FROM order_list)"                                          },
    {.name = "a location closes without a command",
     .sql = "UPDATE locations SET is_active = 0"                                      },
    {.name = "a stored answer is rewritten",
     .sql = "UPDATE idem_replies SET reply = '{}'"                                    },
    {.name = "a hold's row ends and its units stay reserved",
     .sql = "UPDATE reservations SET state = 4 WHERE id = (SELECT MAX(id) "
            "FROM reservations WHERE kind = 1 AND state = 1)"                         },
    {.name = "a hold's units come back twice",
     .sql = "UPDATE levels SET reserved = reserved - 1 WHERE reserved > 0"            },
    {.name = "a hold is confirmed and its units stay reserved",
     .sql = "UPDATE levels SET reserved = reserved + 1 WHERE on_hand > "
            "committed + reserved + damaged + quality_control + held"                 },
    {.name = "a hold runs out without movement or event",
     .sql = "UPDATE holds SET state = 4, ended_at = expires_at, version = "
            "version + 1 WHERE state = 1"                                             },
    {.name = "a hold that was let go is open again",
     .sql = "UPDATE holds SET state = 1, ended_at = NULL, order_id = NULL "
            "WHERE state <> 1"                                                        },
    {.name = "a confirmed hold names another order",
     .sql = "UPDATE holds SET order_id = order_id + 256 WHERE state = 2"              },
    {.name = "idempotency keys get lost",                       .tamper = TAMPER_KEY  },
    {.name = "a cancellation is answered and not done",         .tamper = TAMPER_LOSE },
    {.name = "an adjustment is done twice",                     .tamper = TAMPER_TWICE},
};

static bool is_caught(const struct mutant *mutant, uint64_t seed,
                      enum store_engine engine)
{
    struct place place;
    struct sim sim;
    sim_open(&sim, &place, seed, engine, 1);
    while (sim.step < BEFORE && sim_step(&sim))
        ;
    step_hold_open(&sim);
    check_all(&sim);
    if (sim.is_wrong) {
        printf("mutant: wrong before it was made so: %s\n", sim.why);
        sim_close(&sim);
        return false;
    }
    if (mutant->sql)
        place_forge(&place, mutant->sql);
    place.tamper = mutant->tamper;
    check_all(&sim);
    while (!sim.is_wrong && sim.step < BEFORE + AFTER && sim_step(&sim)) {
        if (sim.step % 20 == 0)
            check_all(&sim);
    }
    if (!sim.is_wrong)
        check_all(&sim);
    bool is_found = sim.is_wrong;
    printf("mutant: %s: %s%s\n", mutant->name, is_found ? "caught: " : "LIVES",
           is_found ? sim.why : "");
    fflush(stdout);
    sim_close(&sim);
    return is_found;
}

int mutants_run(uint64_t seed, enum store_engine engine)
{
    int living = 0;
    for (size_t i = 0; i < COUNT_OF(mutants); i++)
        living += is_caught(&mutants[i], seed, engine) ? 0 : 1;
    printf("mutants: %zu caught, %d live\n", COUNT_OF(mutants) - (size_t)living,
           living);
    return living;
}
