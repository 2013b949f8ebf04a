/* place.h - where the simulator runs: a store of its own, called as the HTTP
 * front calls it, on either engine. */
#ifndef WHARF_SIM_PLACE_H
#define WHARF_SIM_PLACE_H

#include "base/base.h"
#include "net/route.h"
#include "store/event.h"
#include "store/store.h"

struct consumers;
struct secret_ring;
struct verify_report;

/* A wrong behaviour between the auditor and the store; mutants only. */
enum tamper {
    TAMPER_NONE = 0,
    TAMPER_KEY,   /* Idempotency keys get lost. */
    TAMPER_LOSE,  /* A cancellation is answered from an earlier reply. */
    TAMPER_TWICE, /* An adjustment is carried out twice. */
    /* Of two merchants: */
    TAMPER_STRAY, /* One write in some goes to the other's store. */
    TAMPER_PEEK,  /* One read in some does. */
    TAMPER_SHOW   /* What is not there is looked for in the other's. */
};

struct event_list;
struct place {
    enum store_engine engine;
    struct store *store;
    struct consumers *consumers; /* NULL: their steps are ours to make. */
    const struct event_list **lists;
    struct arena *arena;
    const struct route_list *routes[64];
    utc_ms now; /* What its clock shows; 0: that of the machine. */
    enum tamper tamper;
    struct place *other; /* Another merchant's, or NULL. */
    int64_t work_count, stray_count;
    uint64_t hash;              /* Of how everything was answered. */
    struct event_cursor served; /* Up to where place_served has looked. */
    struct secret_ring *ring;
    const char *key_file;
    struct store_config config;
    char base[64]; /* Of names. */
    char dir[64];  /* SQLite: the folder. PostgreSQL: the schema. */
};

/* `batch_max` and `writers` are those of the store; with one writer the order
 * of effects is that of the queue, which the auditor follows, and consumers
 * only run when they are drained. What should not happen aborts. */
void place_open(struct place *place, enum store_engine engine, int batch_max,
                int writers);
void place_close(struct place *place);
/* Makes a backup; throws the store away and makes one of the last backup. */
void place_backup(struct place *place);
void place_restore(struct place *place);
/* Sets the clock that the whole process sees to the place's. */
void place_tick(const struct place *place);
_Noreturn void place_stop(const char *what, const char *why);
void place_pg(struct place *place, const char *verb, const char *name,
              const char *end);
/* Lets the consumers catch up. */
void place_drain(struct place *place);
/* Gives the rooms' timers a turn at that time. */
void place_turn(struct place *place, utc_ms now);
/* Gives those who wait theirs, and no other timer; the consumers have caught
 * up. */
void place_serve(struct place *place, utc_ms now);
/* Opens what was scheduled until then, and no other timer. */
void place_due(struct place *place, utc_ms now);
/* Empties places that closed, and no other timer. */
void place_closures(struct place *place, utc_ms now);
/* What the house did to orders by itself since the call before. */
struct place_deed {
    int64_t order;
    bool is_served; /* Else its fulfillment orders show in it otherwise. */
};
size_t place_served(struct place *place, struct place_deed *ret, size_t max);
/* Those so far are known otherwise. */
void place_forget(struct place *place);
/* Makes the digest of the hour before that time, where there is none. */
void place_digest(struct place *place, utc_ms now);
/* Runs SQL behind the house's back, as one transaction. */
void place_forge(struct place *place, const char *sql);
/* Runs `wharf verify`'s checks on a snapshot. */
void place_verify(struct place *place, struct arena *arena,
                  struct verify_report *ret);

/* One request and what came back. */
struct call {
    const char *operation; /* "placeOrder" */
    str path[2], body, key;
    const char *query; /* "limit=250", or NULL. */
    utc_ms now;
    const void *plan; /* What its sender remembers of it. */
    /* The answer: */
    err_t err;
    int status;
    const char *code; /* The slug where err is not OK; else "". */
    char field[96];
    str reply;
    struct json_in *json; /* Where err is OK; foreign keys allowed. */
    bool is_replay;
    /* Its own: */
    struct ctx ctx;
    struct work work;
    struct request req;
    struct json_out out;
    struct gate *gate;
};

/* Runs the calls as one client each, all waiting at once: what is hot becomes
 * batches. Returns when all are answered. */
void place_calls(struct place *place, struct call *const *calls, size_t count);
struct call *call_open(const char *operation);
/* Takes NULL. */
void call_close(struct call *call);

#endif
