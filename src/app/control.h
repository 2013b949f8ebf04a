/* control.h - commands of the command line, run by the process that owns the
 * store.
 *
 * A serving process listens on `<store file>.sock`. Who may speak there is the
 * user that runs it, and root. A command that arrives runs here as it would
 * run alone (cli.h), on the process's own store, with the caller's streams;
 * when the caller goes away it stops between two steps.
 */
#ifndef WHARF_APP_CONTROL_H
#define WHARF_APP_CONTROL_H

#include "base/base.h"

struct cli;
struct control;
struct store;

/* Lends the store of that tenant ("": the only one) while a command runs;
 * *ret_lease comes back to give_back. Called from several threads. */
struct control_house {
    err_t (*lend)(void *arg, struct ctx *ctx, const char *tenant,
                  struct store **ret, void **ret_lease);
    void (*give_back)(void *arg, void *lease); /* May be NULL. */
    void *arg;
};

/* `store_path` is the file whose lock this process holds. */
MUST_USE err_t control_open(struct ctx *ctx, const char *store_path,
                            const struct control_house *house,
                            struct control **ret);
/* Stops what runs, waits for it, removes the socket. Takes NULL. */
void control_close(struct control *control);

/* The caller's side: runs cli's command in the process that owns the store
 * and returns true with its exit code; false where no such process listens. */
bool control_call(struct cli *cli, int argc, char **argv, int *ret_code);

#endif
