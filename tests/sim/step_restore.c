/* step_restore.c - the store is lost in the middle of a run.
 *
 * Between the backup and the loss the worker goes on asking carriers, so their
 * books know more than the store that comes back. It must ask nobody until it
 * is told to, and then look up what it wanted before it buys (I23).
 */
#define WHARF_UNBANNED
#include <stdio.h>

#include "base/json.h"
#include "parcel.h"
#include "till.h"

static void resume(struct sim *sim)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "resumeOutbound", &out);
    sim_body(call, &out);
    sim_call(sim, call);
    sim_ended(sim, call, "");
    call_close(call);
}

/* The store comes back after the worker that is lost asked last; by its clock,
 * which is far ahead of that of clients. */
static void restore(struct sim *sim)
{
    char sql[100];
    utc_ms *till = &sim->till->wire.now, *carrier = &sim->faulty->wire.now;
    *till = *carrier = *till > *carrier ? *till : *carrier;
    place_restore(sim->place);
    sim->faulty->restored_at = *carrier;
    snprintf(sql, sizeof(sql),
             "UPDATE meta SET value = '%lld' WHERE name = 'epoch.made_at'",
             (long long)*till);
    place_forge(sim->place, sql);
}

void step_restore(struct sim *sim)
{
    enum { WISHES = 12, ROUNDS = 3 };
    for (int i = 0; i < WISHES && !sim->is_wrong; i++)
        parcel_wish(sim);
    place_drain(sim->place);
    place_backup(sim->place);
    for (int i = 0; i < ROUNDS && !sim->is_wrong; i++) {
        (void)faulty_ask(sim);
        (void)till_ask(sim);
    }
    restore(sim);
    till_die(sim);
    sim->faulty->owner++; /* Whoever asked knows nothing any more. */
    sim_expect(sim, faulty_ask(sim) == 0,
               "a restored store asks a carrier before it is told to go on");
    sim_expect(sim, till_ask(sim) == 0,
               "a restored store asks a gateway before it is told to go on");
    if (sim->forges_epoch)
        place_forge(sim->place, "UPDATE carrier_calls SET epoch = (SELECT "
                                "value FROM meta WHERE name = 'epoch')");
    resume(sim);
    if (!sim->is_wrong)
        check_all(sim);
    sim->restores++;
}
