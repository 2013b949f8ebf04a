/* main.c - the binary: finds the command that was asked for and runs it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cli_help.h"
#include "app/control.h"

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static const char *name_of(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return "help";
    return strcmp(word, "--version") == 0 ? "version" : word;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        cli_help_list(stderr);
        return EXIT_USAGE;
    }
    const struct cli_command *command = cli_command_find(name_of(argv[1]));
    if (!command) {
        fprintf(stderr, "wharf: there is no command '%s'; see 'wharf help'\n",
                argv[1]);
        return EXIT_USAGE;
    }
    if (asks_for_help(argc - 2, argv + 2)) {
        cli_help_page(stdout, command);
        return EXIT_FINE;
    }
    struct cli cli = {.in_fd = STDIN_FILENO,
                      .out = stdout,
                      .err = stderr,
                      .is_terminal = isatty(STDERR_FILENO)};
    int code = cli_open(&cli, command, argc - 2, argv + 2);
    if (code == EXIT_FINE && !control_call(&cli, argc - 2, argv + 2, &code))
        code = command->run(&cli);
    cli_close(&cli);
    return code;
}
