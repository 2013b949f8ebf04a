/* verify.h - what the rooms' checks of `wharf verify` share. See room.h. */
#ifndef WHARF_OMS_VERIFY_H
#define WHARF_OMS_VERIFY_H

#include "oms/room.h"

struct sql_rows;

/* A check under way: what its bad rows are called, and what is wrong with
 * them. The strings are literals. */
struct verify {
    verify_report_fn *report;
    void *arg;
    const char *invariant; /* "I10" */
    const char *prefix;    /* Of the ids of its rows, "ord". */
    const char *what;      /* "it is of no order" */
};

/* Reports one row, with words of its own. */
void verify_tell(const struct verify *check, int64_t id, const char *what);
/* Reports a row of a statement; `arg` is a struct verify. Column 0 is the id,
 * column 1, where there are just two, the number of its line. */
MUST_USE err_t verify_row(struct ctx *ctx, const struct sql_rows *row,
                          void *arg);
/* Each row that `stmt`, which has no parameters, finds is a bad one. */
MUST_USE err_t verify_none(struct ctx *ctx, int stmt, struct verify check);

#endif
