/* help_cmd.c - the commands `wharf help`, `completion` and `version`. */
#include "app/cli.h"
#include "app/cli_help.h"
#include "app/cli_man.h"
#include "app/commands.h"

static int run_help(struct cli *cli)
{
    if (cli_flag(cli, "man")) {
        cli_man(cli->out);
        return EXIT_FINE;
    }
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

/* clang-format off */
static const struct cli_option help_options[] = {
    {"man", NULL, "print the manual page wharf(1)", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_help = {
    .name = "help",
    .line = "print this list, or a command's page",
    .usage = "[COMMAND]\n"
             "--man",
    .about = "Without COMMAND it lists all of them. 'wharf COMMAND --help' "
             "prints the same page as 'wharf help COMMAND'.",
    .examples = "wharf help\n"
                "wharf help import",
    .options = help_options,
    .run = run_help,
};

static int run_completion(struct cli *cli)
{
    if (cli_completion(cli->out, cli_word(cli, 0)))
        return EXIT_FINE;
    return cli_usage(cli, "say bash, zsh or fish");
}

const struct cli_command cmd_completion = {
    .name = "completion",
    .line = "print what a shell needs to complete commands",
    .usage = "bash|zsh|fish",
    .about = "Completes commands, their options and file names.",
    .examples = "wharf completion bash > "
                "/etc/bash_completion.d/wharf\n"
                "wharf completion zsh > ~/.zfunc/_wharf\n"
                "wharf completion fish > ~/.config/fish/completions/wharf.fish",
    .run = run_completion,
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
