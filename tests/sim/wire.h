/* wire.h - the way to services outside the house, which fails in every way, and
 * the clock of the worker that asks them. */
#ifndef WHARF_SIM_WIRE_H
#define WHARF_SIM_WIRE_H

#include "base/buf.h"
#include "oms/outside.h"
#include "sim.h"
#include "store/store.h"

enum { WIRE_WAY = 64 };

/* What the service does with a request, and the status it answers with; it
 * does not want to where `is_willing` is false. */
typedef int wire_house_fn(struct sim *sim, const char *body, bool is_willing,
                          struct buf *ret);
struct wire {
    wire_house_fn *house;
    utc_ms now; /* The worker's clock: it never goes back. */
    struct {
        utc_ms at; /* When the request arrives after all; 0: free. */
        char body[80];
    } way[WIRE_WAY];
    char why[200]; /* The last work failed. */
};

/* The clock goes on, to that of the clients at least. */
void wire_tick(struct sim *sim, struct wire *wire);
/* What was late is there now. */
void wire_arrive(struct sim *sim, struct wire *wire);
/* Asks, and says what came back. Fair: nothing fails. */
struct outside_reply wire_send(struct sim *sim, struct wire *wire,
                               struct arena *arena, const char *body,
                               bool is_fair);
/* A work of the worker's, at its time; what fails inside is said. */
err_t wire_run(struct sim *sim, struct wire *wire, struct arena *arena,
               work_run_fn *fn, void *arg);

#endif
