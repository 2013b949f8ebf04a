/* releases.c - see releases.h. */
#include "jobs/releases.h"

#include "jobs/batch.h"
#include "oms/change/change_release.h"

static err_t read_due(struct ctx *ctx, void *arg, size_t *ret_count)
{
    struct releases *releases = arg;
    return blanket_due(ctx, BLANKET_BATCH, &releases->at, ret_count);
}

static err_t release(struct ctx *ctx, void *arg, size_t at)
{
    const struct releases *releases = arg;
    return blanket_release(ctx, &releases->at[at]);
}

static err_t refuse(struct ctx *ctx, void *arg, size_t at,
                    const struct err_detail *why)
{
    const struct releases *releases = arg;
    return blanket_refuse(ctx, &releases->at[at], why);
}

/* Companies and stock are locked one after the other: never many at once. */
const struct batch_kind releases_kind = {.name = "releases",
                                         .is_one_by_one = true,
                                         .read = read_due,
                                         .run = release,
                                         .refuse = refuse};
