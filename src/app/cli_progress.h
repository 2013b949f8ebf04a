/* cli_progress.h - how far a long command is, for a person at a terminal.
 *
 * Drawn on standard error, at most five times a second, and nothing at all
 * where that is no terminal.
 */
#ifndef WHARF_APP_CLI_PROGRESS_H
#define WHARF_APP_CLI_PROGRESS_H

#include "base/base.h"

struct cli;

struct cli_progress {
    const struct cli *cli;
    const char *what; /* "backup" */
    const char *unit; /* "rows"; NULL: bytes. */
    int64_t began_ns, drawn_ns;
    bool is_drawn;
};
void cli_progress_begin(struct cli_progress *progress, const struct cli *cli,
                        const char *what, const char *unit);
/* `total` 0: it is not known. */
void cli_progress_show(struct cli_progress *progress, int64_t done,
                       int64_t total);
/* Takes the bar away; the command prints its own last line. */
void cli_progress_end(struct cli_progress *progress);
/* False where the caller has gone away. */
bool cli_goes_on(const struct cli *cli);

#endif
