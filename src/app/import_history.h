/* import_history.h - `wharf import --format online-retail`. */
#ifndef WHARF_APP_IMPORT_HISTORY_H
#define WHARF_APP_IMPORT_HISTORY_H

struct cli;
/* Returns the exit code. */
int import_history(struct cli *cli);

#endif
