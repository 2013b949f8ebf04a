/* control_house.c - the stores of a serving process, lent to commands. */
#include "app/control_house.h"

#include <semaphore.h>

#include "app/tenant.h"
#include "app/tenants.h"
#include "base/str.h"

static void wait_for(sem_t *sem)
{
    while (sem_wait(sem) != 0)
        continue;
    (void)sem_destroy(sem);
}

/* A command that waits for its tenant's store to open. */
struct waiting {
    struct tenant_guest guest;
    struct tenant *tenant;
    err_t err;
    sem_t is_there;
};

static void on_open(struct tenant_guest *guest, struct tenant *tenant,
                    err_t err)
{
    struct waiting *waiting = (struct waiting *)(void *)guest;
    waiting->tenant = tenant;
    waiting->err = err;
    (void)sem_post(&waiting->is_there);
}

static err_t lend(void *arg, struct ctx *ctx, const char *code,
                  struct store **ret, void **ret_lease)
{
    struct tenant_slot *slot = tenants_find(arg, str_from_cstr(code));
    if (!slot)
        return fail(ctx, ERR_NOT_FOUND, "--tenant", "there is no tenant '%s'",
                    code);
    struct waiting waiting = {.guest.then = on_open, .err = OK};
    (void)sem_init(&waiting.is_there, 0, 0);
    waiting.tenant = tenants_enter(slot, &waiting.guest);
    if (waiting.tenant)
        (void)sem_destroy(&waiting.is_there);
    else
        wait_for(&waiting.is_there);
    if (waiting.err != OK)
        return fail(ctx, ERR_BUSY, "--tenant", "the store does not open");
    *ret = waiting.tenant->store;
    *ret_lease = slot;
    return OK;
}

static void on_changed(void *arg)
{
    (void)sem_post(arg);
}

static void give_back(void *arg, void *lease)
{
    (void)arg;
    sem_t is_known;
    (void)sem_init(&is_known, 0, 0);
    tenants_access_changed(lease, on_changed, &is_known);
    wait_for(&is_known);
    tenants_leave(lease);
}

struct control_house control_house_of(struct tenants *tenants)
{
    return (struct control_house){lend, give_back, tenants};
}
