/* cli.h - the command line: one table of commands, one reader of options. */
#ifndef WHARF_APP_CLI_H
#define WHARF_APP_CLI_H

#include "base/base.h"
#include "store/store.h"

enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1, /* The work was done and found wrong, or failed. */
    EXIT_USAGE = 2   /* The words of the call are off. */
};

/* Options every command shares, and a place for each command's own. */
struct cli {
    struct arena *arena;
    struct ctx ctx;
    const char *command;
    const char *store; /* "sqlite:PATH" or "postgres". */
    const char *conninfo_file;
    const char *listen; /* "127.0.0.1:8080" */
    const char *name;
    const char *scopes;
    const char *format;
    const char *channel;
    const char *expires;
    int threads, writers, cache_mib, node;
    bool is_json, is_weak_allowed, is_dry_run;
    char **words; /* What is left: sub-command, files. */
    int word_count;
};

struct cli_command {
    const char *name;
    const char *line; /* One line for the list. */
    const char *help; /* The page of --help. */
    int (*run)(struct cli *cli);
};

/* Reads the options after the command's name. EXIT_FINE, or EXIT_USAGE with
 * the reason printed. */
int cli_read(struct cli *cli, int argc, char **argv);
/* Prints what went wrong, for a person; returns EXIT_FAILED. */
int cli_failed(const struct cli *cli);
int cli_usage(const struct cli *cli, const char *what);

/* Fills config from --store and the rest; connection strings come from a file
 * or WHARF_PG_CONNINFO, never from the command line. */
MUST_USE err_t cli_store_config(struct cli *cli, struct store_config *ret);
MUST_USE err_t cli_store_open(struct cli *cli, struct store **ret);
/* Beside a running server: for reads through cli_run() only. */
MUST_USE err_t cli_store_open_to_read(struct cli *cli, struct store **ret);

/* Runs fn as one work of that lane on the store and returns its outcome;
 * details of a failure are in cli->ctx.err. */
typedef err_t cli_work_fn(struct ctx *ctx, void *arg);
err_t cli_run(struct cli *cli, struct store *store, enum work_lane lane,
              cli_work_fn *fn, void *arg);

int cmd_serve(struct cli *cli);
int cmd_key(struct cli *cli);
int cmd_verify(struct cli *cli);
int cmd_demo(struct cli *cli);
int cmd_routes(struct cli *cli);
int cmd_import(struct cli *cli);
int cmd_migrate(struct cli *cli);

#endif
