/* import_wharf.h - `wharf import --format wharf`: an export as a store. */
#ifndef WHARF_APP_IMPORT_WHARF_H
#define WHARF_APP_IMPORT_WHARF_H

struct cli;
/* Returns the exit code. */
int import_wharf(struct cli *cli);

#endif
