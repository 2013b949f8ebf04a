/* verify.h - every invariant that applies so far, recomputed on stored data.
 *
 * Rooms bring their own checks; those of the event log, which no room owns
 * alone, stand here. All of them see one snapshot.
 */
#ifndef WHARF_APP_VERIFY_H
#define WHARF_APP_VERIFY_H

#include "base/base.h"

struct cli;
struct verify_list;

enum { VERIFY_SHOWN = 5 };

/* One check and what it found. */
struct verify_outcome {
    const char *room; /* "log" for those of the event log. */
    const char *invariant, *title;
    int64_t bad; /* Rows reported. */
    struct verify_bad {
        str invariant, row, what;
    } shown[VERIFY_SHOWN]; /* The first ones. */
    size_t shown_count;
};
struct verify_report {
    struct verify_outcome *at;
    size_t count;
    int64_t bad; /* Over all checks. */
};

/* Runs all checks in ctx's transaction. The report lives in `arena`, which is
 * not ctx->arena: that one is reset between rows. Bad rows are no failure. */
MUST_USE err_t verify_run(struct ctx *ctx, struct arena *arena,
                          struct verify_report *ret);

/* The checks of the event log (I29). */
extern const struct verify_list log_verify;

#endif
