/* import_csv.h - `wharf import --format csv --map FILE`. */
#ifndef WHARF_APP_IMPORT_CSV_H
#define WHARF_APP_IMPORT_CSV_H

struct cli;
/* Returns the exit code. */
int import_csv(struct cli *cli);

#endif
