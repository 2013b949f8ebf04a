/* sim.c - the simulator: seeded commands, one house, one auditor.
 *
 *   sim --seed 7 --steps 10000 [--check-every 50] [--look-from 900]
 *       [--look-at ext-17] [--keep] [--store postgres]
 *   sim --tenants --seed 7 --steps 400
 *   sim --mutants --seed 1 [--only "a kit"]
 *
 * Runs on SQLite in a temporary folder, and once more on PostgreSQL where
 * WHARF_PG_CONNINFO names a server, or only on the store that is named. The
 * same seed gives the same commands. A failure names the seed and the step.
 */
#define WHARF_UNBANNED
#include "faulty.h"
#include "goods.h"
#include "later.h"
#include "parcel.h"
#include "pay.h"
#include "till.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"

#define START INT64_C(1750000000000) /* In June 2025. */

enum { RESTORE_EVERY = 2000, RESTORE_AT = 500 };

void sim_open(struct sim *sim, struct place *place, uint64_t seed,
              enum store_engine engine, int writers)
{
    *sim = (struct sim){.place = place, .seed = seed, .random = seed};
    sim->now = sim->latest = START;
    sim->makes_digests = true;
    sim->model.arena = arena_open();
    sim->faulty = arena_new(sim->model.arena, struct faulty);
    sim->faulty->owner = 1;
    sim->faulty->wire.house = faulty_house;
    sim->till = arena_new(sim->model.arena, struct till);
    sim->model.keys = map_open(sim->model.arena, 4096);
    /* Small batches, too, so that their edges are met. */
    static const int sizes[] = {1, 2, 7, 64, 512};
    *place = (struct place){.now = sim->now};
    place_tick(place);
    place_open(place, engine, sizes[sim_between(sim, 0, COUNT_OF(sizes) - 1)],
               writers);
    step_setup(sim);
    parcel_setup(sim);
    till_setup(sim);
}

void sim_close(struct sim *sim)
{
    place_close(sim->place);
    m_drop(&sim->model);
    arena_close(sim->model.arena);
}

bool sim_step(struct sim *sim)
{
    sim->step++;
    sim->now += sim_chance(sim, 3) ? sim_between(sim, -3600000, 3600000)
                                   : sim_between(sim, 0, 5000);
    sim->latest = sim->now > sim->latest ? sim->now : sim->latest;
    sim->place->now = sim->now;
    int64_t pick = sim_between(sim, 0, 99);
    if (pick < 3)
        step_master(sim);
    else if (pick < 5)
        step_kit(sim);
    else if (pick < 7)
        step_policy(sim);
    else if (pick < 20)
        step_adjust(sim, -1);
    else if (pick < 26)
        step_set(sim);
    else if (pick < 29)
        step_invalid(sim);
    else if (pick < 37)
        step_cancel(sim);
    else if (pick < 43)
        step_supply(sim);
    else if (pick < 51)
        step_mixed(sim);
    else if (pick < 55)
        step_bulk(sim);
    else if (pick < 64)
        step_hold(sim);
    else if (pick < 83)
        step_goods(sim);
    else if (pick < 90)
        step_pay(sim);
    else
        step_orders(sim);
    if (sim_chance(sim, 10))
        step_due(sim);
    if (sim_chance(sim, 12))
        step_asked(sim);
    if (sim_chance(sim, 10))
        step_later(sim);
    step_wait(sim);
    if (sim->step % RESTORE_EVERY == RESTORE_AT && !sim->is_wrong &&
        !sim->place->consumers)
        step_restore(sim);
    return !sim->is_wrong;
}

static const char *engine_name(enum store_engine engine)
{
    return engine == STORE_SQLITE ? "sqlite" : "postgres";
}

static int look_from = INT_MAX;  /* After each step from there on, */
static const char *look_at = ""; /* at orders of that external id. */
static bool keeps;               /* The store in which something went wrong. */

static bool run(uint64_t seed, int steps, int check_every,
                enum store_engine engine)
{
    struct place place;
    struct sim sim;
    sim_open(&sim, &place, seed, engine, 1);
    while (!sim.is_wrong && sim.step < steps && sim_step(&sim)) {
        if (sim.step >= look_from)
            check_look(&sim, look_at);
        if (!sim.is_wrong && sim.step % check_every == 0)
            check_all(&sim);
    }
    if (!sim.is_wrong)
        check_all(&sim);
    later_tell(&sim);
    orphan_tell(&sim);
    if (sim.is_wrong)
        printf("sim: FAILED: seed=%llu step=%d store=%s: %s\n",
               (unsigned long long)seed, sim.step, engine_name(engine),
               sim.why);
    else
        printf("sim: seed=%llu steps=%d store=%s calls=%lld orders=%lld "
               "cancels=%lld refusals=%lld replays=%lld batches=%lld "
               "served=%lld picked=%lld lost=%lld shipped=%lld moves=%lld "
               "expired=%lld closed=%lld restored=%lld gated=%lld "
               "payments=%lld refunds=%lld returns=%lld "
               "captured=%lld refunded=%lld asked=%d deeds=%d settled=%lld "
               "checks=%lld "
               "hash=%llx "
               "ok\n",
               (unsigned long long)seed, sim.step, engine_name(engine),
               (long long)sim.calls, (long long)sim.orders,
               (long long)sim.cancels, (long long)sim.refusals,
               (long long)sim.replays, (long long)sim.batches,
               (long long)sim.served, (long long)sim.picked,
               (long long)sim.lost, (long long)sim.shipped,
               (long long)sim.moves, (long long)sim.expired,
               (long long)sim.closures, (long long)sim.restores,
               (long long)sim.gated, (long long)sim.payments,
               (long long)sim.refunds, (long long)sim.returns,
               (long long)sim.captured, (long long)sim.refunded,
               sim.till->payment_count, sim.till->count,
               (long long)sim.till->settled, (long long)sim.checks,
               (unsigned long long)place.hash);
    if (sim.is_wrong && keeps) {
        printf("sim: kept in %s\n", place.dir);
        exit(1);
    }
    fflush(stdout);
    sim_close(&sim);
    return !sim.is_wrong;
}

static bool storm(uint64_t seed, int steps, enum store_engine engine)
{
    enum { WRITERS = 4 };
    struct place place;
    struct sim sim;
    sim_open(&sim, &place, seed, engine, WRITERS);
    if (!sim.is_wrong)
        storm_run(&sim, 1 + steps / 50);
    if (sim.is_wrong)
        printf("sim: STORM FAILED: seed=%llu store=%s: %s\n",
               (unsigned long long)seed, engine_name(engine), sim.why);
    else
        printf("sim: storm seed=%llu store=%s calls=%lld orders=%lld "
               "cancels=%lld refusals=%lld ok\n",
               (unsigned long long)seed, engine_name(engine),
               (long long)sim.calls, (long long)sim.orders,
               (long long)sim.cancels, (long long)sim.refusals);
    fflush(stdout);
    sim_close(&sim);
    return !sim.is_wrong;
}

static bool run_tenants(uint64_t seed, int steps, enum store_engine engine)
{
    struct tenants_end end;
    tenants_run(seed, steps, engine, TAMPER_NONE, &end);
    bool is_fine = end.why[0] == '\0';
    if (is_fine)
        printf("sim: tenants seed=%llu steps=%d store=%s calls=%lld "
               "orders=%lld checks=%lld ok\n",
               (unsigned long long)seed, end.step, engine_name(engine),
               (long long)end.calls, (long long)end.orders,
               (long long)end.checks);
    else
        printf("sim: TENANTS FAILED: seed=%llu step=%d store=%s: %s\n",
               (unsigned long long)seed, end.step, engine_name(engine),
               end.why);
    fflush(stdout);
    return is_fine;
}

static bool run_both(uint64_t seed, int steps, int check_every,
                     enum store_engine engine)
{
    return run(seed, steps, check_every, engine) && storm(seed, steps, engine);
}

static int64_t number(const char *text, int64_t least)
{
    int64_t value;
    if (!str_to_i64(str_from_cstr(text), &value) || value < least) {
        fprintf(stderr, "sim: %s is not a number of %lld or more\n", text,
                (long long)least);
        exit(2);
    }
    return value;
}

static const char usage[] =
    "usage: sim [--seed N] [--steps N] [...]\n"
    "       sim --tenants [--seed N] [--steps N]\n"
    "       sim --mutants [--seed N] [--only NAME]\n"
    "\n"
    "Random commands on one house, each judged by a model of it.\n"
    "docs/simulator.md tells how to read a failure.\n"
    "\n"
    "  --seed N         the same seed gives the same commands (1)\n"
    "  --steps N        how many commands (1000)\n"
    "  --check-every N  read everything back each N steps (steps / 100)\n"
    "  --look-from N    print every call from that step on\n"
    "  --look-at ID     print what is known of the order with this external "
    "id\n"
    "  --keep           keep the store of a run for a look at it\n"
    "  --store NAME     sqlite or postgres alone; else SQLite, and PostgreSQL\n"
    "                   too where WHARF_PG_CONNINFO names a server\n"
    "  --tenants        many merchants in one process\n"
    "  --mutants        plants faults and expects the auditor to find each\n"
    "  --only NAME      the faults whose name holds this\n";

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"seed",        required_argument, NULL, 's'},
        {"steps",       required_argument, NULL, 'n'},
        {"check-every", required_argument, NULL, 'c'},
        {"look-from",   required_argument, NULL, 'l'},
        {"look-at",     required_argument, NULL, 'a'},
        {"keep",        no_argument,       NULL, 'k'},
        {"only",        required_argument, NULL, 'o'},
        {"store",       required_argument, NULL, 'e'},
        {"mutants",     no_argument,       NULL, 'm'},
        {"tenants",     no_argument,       NULL, 't'},
        {"help",        no_argument,       NULL, 'h'},
        {NULL,          0,                 NULL, 0  },
    };
    uint64_t seed = 1;
    const char *only = "", *store = "";
    int steps = 1000, check_every = 0, option;
    bool is_mutants = false, is_tenants = false;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': seed = (uint64_t)number(optarg, 0); break;
        case 'n': steps = (int)number(optarg, 1); break;
        case 'c': check_every = (int)number(optarg, 1); break;
        case 'l': look_from = (int)number(optarg, 1); break;
        case 'k': keeps = true; break;
        case 'a': look_at = optarg; break;
        case 'o': only = optarg; break;
        case 'e': store = optarg; break;
        case 'm': is_mutants = true; break;
        case 't': is_tenants = true; break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 2;
        }
    }
    /* Checks read everything: about a hundred of them in a run. */
    if (check_every == 0)
        check_every = 1 + steps / 100;
    log_set_level(LOG_ERROR);
    if (is_mutants)
        return mutants_run(seed, STORE_SQLITE, only) == 0 ? 0 : 1;
    bool is_fine = true;
    for (int i = 0; i < (getenv("WHARF_PG_CONNINFO") ? 2 : 1) && is_fine; i++) {
        enum store_engine engine = i == 0 ? STORE_SQLITE : STORE_POSTGRES;
        if (*store && strcmp(store, engine_name(engine)) != 0)
            continue;
        is_fine = is_tenants ? run_tenants(seed, steps, engine)
                             : run_both(seed, steps, check_every, engine);
    }
    return is_fine ? 0 : 1;
}
