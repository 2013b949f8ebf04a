/* main.c - the binary: a table of commands and the one that was asked for. */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/arena.h"
#include "base/str.h"

#define STORE_HELP                                                             \
    "  --store sqlite:PATH | postgres   the store (default sqlite:wharf.db,\n" \
    "                                   or the environment's WHARF_STORE)\n"   \
    "  --conninfo-file FILE             libpq connection string; else the\n"   \
    "                                   environment's WHARF_PG_CONNINFO\n"

static int cmd_version(struct cli *cli)
{
    (void)cli;
    puts("wharf " WHARF_VERSION);
    return EXIT_FINE;
}

static int cmd_help(struct cli *cli);

static const struct cli_command commands[] = {
    {"serve",   "serve the HTTP API",
     "Usage: wharf serve [options]\n\n"
     "Serves the API until SIGTERM or SIGINT, then finishes what it "
     "accepted.\n\n" STORE_HELP "  --listen ADDRESS:PORT            default "
     "127.0.0.1:8080; port 0 takes a\n"
     "                                   free one and prints it\n"
     "  --threads N                      HTTP event loops (default: cores)\n"
     "  --writers N                      PostgreSQL connections that write\n"
     "  --cache-mib N                    SQLite page cache of the writer\n"
     "  --node N                         0 to 31, unique per node of a store\n"
     "  --allow-weak-durability          run on settings that may lose "
     "orders\n\n"
     "Example:\n  wharf serve --store sqlite:/var/lib/wharf/wharf.db\n",              cmd_serve  },
    {"key",     "make, list and revoke API keys",
     "Usage: wharf key create --name NAME --scopes all|orders:read,… "
     "[options]\n"
     "       wharf key list\n"
     "       wharf key revoke KEY_ID\n\n"
     "create prints the key once; only its hash is stored.\n\n" STORE_HELP
     "  --expires TIME                   RFC 3339, as 2027-01-01T00:00:00Z\n"
     "  --json                           print JSON\n\n"
     "Example:\n  wharf key create --name shop --scopes "
     "orders:read,orders:write\n",                                                    cmd_key    },
    {"demo",    "fill an empty store with demo data",
     "Usage: wharf demo [options]\n\n"
     "Adds channels, locations, SKUs with stock and some orders. A store that\n"
     "already has them is left as it is.\n\n" STORE_HELP,
     cmd_demo                                                                                    },
    {"import",  "load orders from other systems' files",
     "Usage: wharf import --format FORMAT [options] FILE...\n\n"
     "FORMAT is shopify-orders or woocommerce-orders: JSON as the vendor's "
     "API\n"
     "gives it. Orders pass the same checks as through the API; what is not\n"
     "imported is reported. Running it again changes nothing.\n\n" STORE_HELP
     "  --channel CODE                   import into this channel\n"
     "  --json                           print the report as JSON\n\n"
     "Example:\n  wharf import --format shopify-orders orders.json\n",                cmd_import },
    {"verify",  "check every invariant on the stored data",
     "Usage: wharf verify [options]\n\n"
     "Recomputes levels, lines, totals and counters from movements and "
     "events.\n"
     "Names the first bad rows and exits 1 if there are any. It reads a\n"
     "snapshot and may run beside a serving process.\n\n" STORE_HELP
     "  --json                           print the result as JSON\n",                 cmd_verify },
    {"migrate", "bring the schema up to date",
     "Usage: wharf migrate [options]\n\n"
     "serve does this by itself; run it alone to do it at a chosen "
     "time.\n\n" STORE_HELP,
     cmd_migrate                                                                                 },
    {"routes",  "list the API's endpoints",
     "Usage: wharf routes [--json]\n\n"
     "Method, path, operation and the scope each one needs.\n",                       cmd_routes },
    {"version", "print the version",                        "Usage: wharf version\n", cmd_version},
    {"help",    "print this list, or a command's page",
     "Usage: wharf help [COMMAND]\n",                                                 cmd_help   },
};

static const struct cli_command *find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void print_list(FILE *to)
{
    fputs("Wharf takes orders, reserves stock and never sells a unit twice.\n\n"
          "Usage: wharf COMMAND [options]\n\nCommands:\n",
          to);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].line);
    fputs("\n'wharf COMMAND --help' tells more of each. Exit codes: 0 done,\n"
          "1 failed or found wrong, 2 wrong usage.\n",
          to);
}

static int cmd_help(struct cli *cli)
{
    if (cli->word_count == 0) {
        print_list(stdout);
        return EXIT_FINE;
    }
    const struct cli_command *command = find(cli->words[0]);
    if (!command)
        return cli_usage(cli, "there is no such command");
    fputs(command->help, stdout);
    return EXIT_FINE;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_list(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const struct cli_command *command = find(name);
    if (!command) {
        fprintf(stderr, "wharf: there is no command '%s'\n\n", name);
        print_list(stderr);
        return EXIT_USAGE;
    }
    if (asks_for_help(argc - 1, argv + 1) && command->run != cmd_help) {
        fputs(command->help, stdout);
        return EXIT_FINE;
    }
    struct cli cli = {.node = 0};
    argv[1] = argv[1][0] == '-' ? argv[0] : argv[1];
    int code = cli_read(&cli, argc - 1, argv + 1);
    cli.command = command->name;
    if (code == EXIT_FINE)
        code = command->run(&cli);
    arena_close(cli.arena);
    return code;
}
