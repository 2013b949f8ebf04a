/* help_cmd.c - the commands `wharf help` and `wharf version`. */
#include "app/cli.h"
#include "app/cli_help.h"
#include "app/commands.h"

static int run_help(struct cli *cli)
{
    if (cli->word_count == 0) {
        cli_help_list(cli->out);
        return EXIT_FINE;
    }
    const struct cli_command *command = cli_command_find(cli->words[0]);
    if (!command)
        return cli_usage(cli, "there is no such command");
    cli_help_page(cli->out, command);
    return EXIT_FINE;
}

const struct cli_command cmd_help = {
    .name = "help",
    .line = "print this list, or a command's page",
    .usage = "[COMMAND]",
    .about = "Without COMMAND it lists all of them. 'wharf COMMAND --help' "
             "prints the same page as 'wharf help COMMAND'.",
    .examples = "wharf help\n"
                "wharf help import",
    .run = run_help,
};

static int run_version(struct cli *cli)
{
    fputs("wharf " WHARF_VERSION "\n", cli->out);
    return EXIT_FINE;
}

const struct cli_command cmd_version = {
    .name = "version",
    .line = "print the version",
    .usage = "",
    .about = "The same as 'wharf --version'.",
    .examples = "wharf version",
    .run = run_version,
};
