/* csv_apply.h - one body of an import, run as the API would run it. */
#ifndef WHARF_APP_CSV_APPLY_H
#define WHARF_APP_CSV_APPLY_H

#include "app/cli.h"
#include "app/csv_map.h"

enum apply_outcome {
    APPLY_DONE = 0, /* Made, placed, changed. */
    APPLY_THERE,    /* It is there already; nothing was changed. */
    APPLY_REFUSED,
    APPLY_OUTCOMES
};

struct apply {
    enum map_target target;
    str body; /* JSON, as csv_map_body made it. */
    str key;  /* Says which row of which file it is. */
    bool is_dry_run;
    /* The outcome; where it is refused, why. */
    enum apply_outcome outcome;
    struct err_detail err;
};
/* Runs it in a transaction of its own, which a dry run undoes. Fails only
 * where the store itself does. */
MUST_USE err_t csv_apply(struct cli *cli, struct store *store,
                         struct apply *apply);

#endif
