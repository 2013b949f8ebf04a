/* bulk_rules.c - states of a job, and what each action asks for. Pure. */
#include "oms/bulk/bulk_rules.h"
#include "base/machine.h"
#include "base/perm.h"
#include "oms/bulk/bulk_job.h"

static const char *const states[] = {"running", "done", "cancelled"};
static const char *const events[] = {"begin", "finish", "cancel"};
static const struct machine_move moves[] = {
    {ORDER_JOB_NONE,    ORDER_JOB_EVENT_BEGIN,  ORDER_JOB_RUNNING  },
    {ORDER_JOB_RUNNING, ORDER_JOB_EVENT_FINISH, ORDER_JOB_DONE     },
    {ORDER_JOB_RUNNING, ORDER_JOB_EVENT_CANCEL, ORDER_JOB_CANCELLED},
};
const struct machine order_job_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "order_job_state",
    .field = "state",
    .noun = "job",
    .unasked = 1U << ORDER_JOB_EVENT_FINISH,
};

const char *const bulk_action_names[BULK_ACTIONS] = {
    "tag", "untag", "cancel", "fulfil", "label", "invoice", "hold", "release"};

/* As the routes of the commands it runs. */
unsigned bulk_perms(enum bulk_action action, const struct bulk_with *with)
{
    switch (action) {
    case BULK_TAG:
    case BULK_UNTAG:
    case BULK_HOLD:
    case BULK_RELEASE:
    case BULK_CANCEL: return PERM_ORDERS_WRITE;
    case BULK_FULFIL:
        if (with->goal < BULK_PACKED)
            return PERM_FULFILLMENT_WRITE;
        return with->goal == BULK_PACKED
                   ? PERM_SHIPPING_WRITE
                   : PERM_SHIPPING_WRITE | PERM_FULFILLMENT_WRITE;
    case BULK_LABEL: return PERM_SHIPPING_WRITE;
    case BULK_INVOICE: return PERM_FINANCE_WRITE;
    }
    UNREACHABLE("not an action");
}

err_t bulk_permit(struct ctx *ctx, unsigned held, unsigned perms)
{
    for (unsigned bit = 1; bit < PERM_ALL; bit <<= 1)
        if (perms & bit & ~held)
            return fail(ctx, ERR_DENIED, "", "the scope %s is lacking",
                        perm_name((enum perm)bit));
    return OK;
}

int64_t order_job_waiting(const struct order_job *job)
{
    return job->total - job->asked - job->done - job->failed;
}

bool order_job_tells(const struct order_job *before,
                     const struct order_job *now)
{
    enum { STEPS = 20 };
    return (before->done + before->failed) * STEPS / before->total !=
           (now->done + now->failed) * STEPS / now->total;
}
