/* verify.h - every invariant that applies so far, recomputed on stored data.
 *
 * Rooms bring their own checks; those of the event log, which no room owns
 * alone, stand here. Each check sees one snapshot; one that goes by ids runs in
 * parts (verify_part), so that no snapshot lives long beside a working store.
 */
#ifndef WHARF_APP_VERIFY_H
#define WHARF_APP_VERIFY_H

#include "base/base.h"
#include "oms/room.h"

struct cli;

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

/* A walk through all checks, part by part. */
struct verify_walk {
    struct arena *arena; /* Of the report; not ctx->arena. */
    struct verify_report report;
    size_t part_rows;    /* Of a part, at most. */
    size_t at;           /* The check that is next. */
    int64_t after, end;  /* Its next part begins there; what came later
                            than its first part is not looked at. */
    int64_t rows, parts; /* Seen so far by checks that run in parts. */
};
void verify_walk_begin(struct verify_walk *walk, struct arena *arena,
                       size_t part_rows);
/* One check, or a part of one, in ctx's transaction; may be run again after a
 * conflict. */
MUST_USE err_t verify_walk_step(struct ctx *ctx, struct verify_walk *walk,
                                bool *ret_is_over);

/* Runs all checks in ctx's transaction. The report lives in `arena`, which is
 * not ctx->arena: that one is reset between rows. Bad rows are no failure. */
MUST_USE err_t verify_run(struct ctx *ctx, struct arena *arena,
                          struct verify_report *ret);

/* The checks of the event log (I29) that compare over many rows. */
extern const struct verify_list log_verify;

/* One that looks at each row for itself: it runs in parts, each with a short
 * snapshot of its own, by the id of the table it goes through. */
enum verify_by { VERIFY_BY_EVENT = 1, VERIFY_BY_ORDER };
struct verify_range {
    int64_t after, upto; /* after < id <= upto */
};
struct verify_part {
    const char *invariant, *title;
    enum verify_by by;
    err_t (*run)(struct ctx *ctx, struct verify_range range,
                 verify_report_fn *report, void *arg);
};
/* Of the event log; ended by a NULL title. */
extern const struct verify_part log_parts[];

#endif
