/* tenants_int.h - the table of tenants as its own files see it. */
#ifndef WHARF_APP_TENANTS_INT_H
#define WHARF_APP_TENANTS_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/tenant.h"
#include "app/tenants.h"
#include "oms/tenant/tenant.h"
#include "store/call.h"

struct map;
struct toil;

enum slot_state { SLOT_CLOSED = 1, SLOT_OPENING, SLOT_OPEN, SLOT_CLOSING };

struct tenant_slot {
    struct tenants *owner;
    struct tenant_slot *next;
    bool is_fixed; /* The first one: open as long as the table. */
    tenant_id id;  /* 0: the first one. */
    str code;
    struct tenant *tenant;  /* Where it is open. */
    _Atomic int64_t use[5]; /* Not yet in the store; as in tenant_use. */
    pthread_mutex_t lock;   /* Guards what follows. */
    enum slot_state state;
    int users; /* Requests under way, and the janitor. */
    int64_t used_ns;
    utc_ms wake_at; /* Closed, with work that waits for then; 0: none. */
    bool is_suspended;
    struct tenant_guest *guests;
};

struct tenants {
    struct tenants_config config;
    struct store_config store;
    struct tenant_slot first;
    struct toil *openers;
    struct toil *publishers; /* Who is let in must not wait for stores. */
    pthread_t janitor;
    bool has_janitor;
    pthread_mutex_t stop_lock;
    pthread_cond_t stop;
    bool is_stopping;
    pthread_mutex_t load_lock; /* One load of the control store at a time. */
    int64_t credential_id;     /* The last one seen; the load lock's. */
    pthread_rwlock_t lock;     /* Guards what follows. */
    struct tenant_slot *slots; /* All but the first. */
    size_t count;
    struct arena *arena;      /* Of slots and credentials; only grows. */
    struct map *by_id;        /* tenant id -> slot */
    struct map *by_hash;      /* key or session -> slot */
    struct arena *host_arena; /* Swapped whole. */
    struct map *by_host;      /* host name -> slot */
};

/* tenants_control.c: the control store's rows in memory. */
err_t control_load(struct ctx *ctx, struct tenants *tenants);
/* Makes the slot's keys and sessions known, here and in the control store. */
MUST_USE err_t control_publish(struct ctx *ctx, struct tenant_slot *slot);
/* The slot that the caller names by key, session or host; NULL: the control
 * store itself. ERR_UNAUTHENTICATED where key and host disagree. */
MUST_USE err_t control_find(struct ctx *ctx, struct tenants *tenants,
                            const struct http_caller *caller,
                            struct tenant_slot **ret);

/* tenants_janitor.c: usage to the stores, idle stores closed. */
MUST_USE err_t janitor_open(struct ctx *ctx, struct tenants *tenants);
void janitor_close(struct tenants *tenants);
/* Writes what was counted; the slot is entered, or its table closes. */
void slot_flush(struct tenant_slot *slot);
/* Notes in the control store that it is open, until it closes: whoever finds
 * that after a stop or a crash opens it for the work that waits there. */
void slot_note_open(struct tenant_slot *slot);

/* tenants.c */
void slot_open_later(struct tenant_slot *slot);
/* It is open now, or could not be: tells the guests. */
void slot_opened(struct tenant_slot *slot, struct tenant *tenant, err_t err);

/* Runs fn as one work of that lane on the store; logs a failure as `what`. */
err_t tenants_run(struct store *store, enum work_lane lane, const char *what,
                  store_call_fn *fn, void *arg);

#endif
