/* migrate_cmd.c - the command `wharf migrate`. */
#include "app/cli.h"
#include "app/commands.h"

static int run(struct cli *cli)
{
    struct store *store = NULL;
    if (cli_store_open(cli, &store) != OK)
        return cli_failed(cli);
    cli_store_close(cli, store);
    fputs("the schema is up to date\n", cli->out);
    return EXIT_FINE;
}

const struct cli_command cmd_migrate = {
    .name = "migrate",
    .line = "bring the schema up to date",
    .usage = "[options]",
    .about = "'wharf serve' does this by itself; run it alone to do it at a "
             "chosen time. Steps only add, and one that was cut short is run "
             "again.",
    .examples = "wharf migrate --store sqlite:/var/lib/wharf/wharf.db",
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
