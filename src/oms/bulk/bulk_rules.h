/* bulk_rules.h - what jobs over orders ask for, and where they stand. Pure;
 * private to the room. */
#ifndef WHARF_OMS_BULK_RULES_H
#define WHARF_OMS_BULK_RULES_H

#include "oms/bulk/bulk_job.h"

/* What its caller must be allowed to do; bits of enum perm. */
unsigned bulk_perms(enum bulk_action action, const struct bulk_with *with);
/* ERR_DENIED unless those held are enough. */
MUST_USE err_t bulk_permit(struct ctx *ctx, unsigned held, unsigned perms);
int64_t order_job_waiting(const struct order_job *job);
/* Whether a job that moved from `before` tells of its progress. */
bool order_job_tells(const struct order_job *before,
                     const struct order_job *now);

#endif
