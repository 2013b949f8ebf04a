/* releases.h - the worker of blanket orders (oms/change): releases that are due
 * become orders. */
#ifndef WHARF_JOBS_RELEASES_H
#define WHARF_JOBS_RELEASES_H

struct release_key;

/* The next that are due; the argument of releases_kind (jobs/batch.h). */
struct releases {
    struct release_key *at;
};
extern const struct batch_kind releases_kind;

#endif
