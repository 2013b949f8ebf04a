/* cli.h - the command line: what a command is, and what it gets.
 *
 * A command lives in a file of its own, shows one `const struct cli_command`
 * and stands in the list of commands.c. It declares its own options as a table;
 * help, man page and completion are made from the same table. It writes to
 * cli->out and cli->err and reads what cli_file_open gives, never the process's
 * own streams: a command may run inside a serving process for a caller outside
 * (control.h).
 */
#ifndef WHARF_APP_CLI_H
#define WHARF_APP_CLI_H

#include <stdatomic.h>
#include <stdio.h>

#include "base/base.h"
#include "store/call.h"

enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1, /* The work was done and found wrong, or failed. */
    EXIT_USAGE = 2   /* The words of the call are off. */
};

struct cli_option {
    const char *name; /* "dry-run"; NULL ends a table. */
    const char
        *value;       /* What stands for its value in the help; NULL: a flag. */
    const char *help; /* A sentence without a stop; the printer wraps it. */
    int least, most;  /* Both 0: any text; else a number between them. */
};

enum cli_takes {
    CLI_STORE = 1, /* --store, --conninfo-file, --tenant. */
    CLI_JSON = 2,  /* --json */
    /* Writes: while a server owns the store, it runs there (control.h). */
    CLI_SERVED = 4
};

struct cli;

struct cli_command {
    const char *name;
    const char *line;     /* One line for the list of commands. */
    const char *usage;    /* What follows "wharf NAME"; one form a line. */
    const char *about;    /* Paragraphs, one a line; the printer wraps them. */
    const char *examples; /* Whole commands, one a line; may be NULL. */
    const char *fails;    /* What exit code 1 says here; NULL: "it failed". */
    const struct cli_option *options; /* Its own; NULL: none. */
    unsigned takes;                   /* enum cli_takes */
    int (*run)(struct cli *cli);      /* Returns the exit code. */
};

/* Where a command runs that is not alone with its store. */
struct cli_host {
    struct store *store; /* The serving process's own, open and started. */
};

enum { CLI_OPTIONS_MAX = 32 };

/* One call of one command. */
struct cli {
    const struct cli_command *command;
    struct arena *arena;
    struct ctx ctx;
    FILE *out, *err;
    int in_fd;        /* Standard input; cli_file_open("-") reads it. */
    bool is_terminal; /* err is one: show how far it got. */
    const char *dir;  /* Relative paths start here; NULL: ours. */
    const struct cli_host *host;       /* NULL: the command is alone. */
    const struct secret_ring *secrets; /* Of the store it opens; may be NULL. */
    const atomic_bool *is_stopped;     /* The caller went away; may be NULL. */
    const char *values[CLI_OPTIONS_MAX]; /* By number of cli_option_at. */
    bool is_tenant_written; /* It opened a tenant's store to write. */
    char **words;           /* The rest: verbs, files. */
    int word_count;
};

/* NULL-ended, in the order of the help. */
extern const struct cli_command *const cli_commands[];
const struct cli_command *cli_command_find(const char *name);

/* Opens the call's arena and reads the words after the command's name.
 * EXIT_FINE, or EXIT_USAGE with the reason written to cli->err. */
int cli_open(struct cli *cli, const struct cli_command *command, int argc,
             char **argv);
void cli_close(struct cli *cli);

/* The command's options by their names; the name must be in its table. */
const char *cli_text(const struct cli *cli, const char *name); /* Or NULL. */
bool cli_flag(const struct cli *cli, const char *name);
int cli_number(const struct cli *cli, const char *name, int otherwise);
/* The nth word, or "". */
const char *cli_word(const struct cli *cli, int n);
/* A file named by the caller, as a path that is good here; in the arena. */
const char *cli_path(const struct cli *cli, const char *path);
/* Own options, then shared ones; NULL past the end. */
const struct cli_option *cli_option_at(const struct cli_command *command,
                                       size_t n);

/* A password out of --password-file, or typed twice without echo. It is in the
 * arena; the command must have that option. */
MUST_USE err_t cli_read_password(struct cli *cli, str *ret);

/* Writes what went wrong, for a person; returns EXIT_FAILED. */
int cli_failed(const struct cli *cli);
int cli_usage(const struct cli *cli, const char *what);

/* ---- the store ---- */

/* Fills config from --store and the rest; connection strings come from a file
 * or WHARF_PG_CONNINFO, never from the command line. */
MUST_USE err_t cli_store_config(struct cli *cli, struct store_config *ret);
/* The same without --tenant: the store that a server would own. */
MUST_USE err_t cli_store_place(struct cli *cli, struct store_config *ret);
/* The store to write to: the host's where there is one. Give it back with
 * cli_store_close, which takes NULL. */
MUST_USE err_t cli_store_open(struct cli *cli, struct store **ret);
/* Beside a running server: for reads through cli_run() only. */
MUST_USE err_t cli_store_open_to_read(struct cli *cli, struct store **ret);
void cli_store_close(struct cli *cli, struct store *store);

/* Runs fn as one work of that lane on the store and returns its outcome;
 * details of a failure are in cli->ctx.err. Fails where the caller has gone
 * away, so that long work stops between two steps. */
err_t cli_run(struct cli *cli, struct store *store, enum work_lane lane,
              store_call_fn *fn, void *arg);

#endif
