/* cli_help.c - the list of commands and the page of each. */
#include "app/cli_help.h"

#include <string.h>

#include "app/cli.h"
#include "base/str.h"

enum { WIDTH = 79, OPTION_COLUMN = 28 };

/* Words of one paragraph between `indent` and WIDTH; the first line stands at
 * column `at` already. */
static void print_wrapped(FILE *to, str text, int indent, int at)
{
    bool is_first = true;
    while (text.len > 0) {
        str word = str_split(text, ' ', &text);
        int len = (int)word.len;
        if (!is_first && at + 1 + len > WIDTH) {
            fprintf(to, "\n%*s", indent, "");
            at = indent;
            is_first = true;
        }
        fprintf(to, "%s%.*s", is_first ? "" : " ", STR_ARG(word));
        at += len + !is_first;
        is_first = false;
    }
    fputs("\n", to);
}

static void print_option(FILE *to, const struct cli_option *option)
{
    int at = fprintf(to, "  --%s%s%s", option->name, option->value ? " " : "",
                     option->value ? option->value : "");
    if (at + 2 > OPTION_COLUMN) {
        fputs("\n", to);
        at = 0;
    }
    fprintf(to, "%*s", OPTION_COLUMN - at, "");
    print_wrapped(to, str_from_cstr(option->help), OPTION_COLUMN,
                  OPTION_COLUMN);
}

static void print_usage(FILE *to, const struct cli_command *command)
{
    str rest = str_from_cstr(command->usage), line;
    const char *head = "Usage:";
    do {
        line = str_split(rest, '\n', &rest);
        fprintf(to, "%s wharf %s%s%.*s\n", head, command->name,
                line.len > 0 ? " " : "", STR_ARG(line));
        head = "      ";
    } while (rest.len > 0);
}

static void print_exits(FILE *to, const struct cli_command *command)
{
    fprintf(to,
            "\nExit codes:\n"
            "  0  done\n"
            "  1  %s\n"
            "  2  the call is wrong; nothing was done\n",
            command->fails ? command->fails
                           : "it failed; the reason is on "
                             "standard error");
}

void cli_help_page(FILE *to, const struct cli_command *command)
{
    str line, rest;
    print_usage(to, command);
    for (rest = str_from_cstr(command->about); rest.len > 0;) {
        line = str_split(rest, '\n', &rest);
        fputs("\n", to);
        print_wrapped(to, line, 0, 0);
    }
    fputs("\nOptions:\n", to);
    const struct cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        print_option(to, option);
    static const struct cli_option help = {"help", NULL, "print this page", 0,
                                           0};
    print_option(to, &help);
    print_exits(to, command);
    if (command->examples)
        fputs("\nExamples:\n", to);
    for (rest = str_from_cstr(command->examples); rest.len > 0;) {
        line = str_split(rest, '\n', &rest);
        fprintf(to, "  %.*s\n", STR_ARG(line));
    }
}

void cli_help_list(FILE *to)
{
    fputs("Wharf takes orders, reserves stock and never sells a unit twice.\n\n"
          "Usage: wharf COMMAND [options]\n\nCommands:\n",
          to);
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(to, "  %-10s  %s\n", cli_commands[i]->name,
                cli_commands[i]->line);
    fputs("\n'wharf COMMAND --help' tells more of each. Exit codes: 0 done,\n"
          "1 failed or found wrong, 2 wrong usage.\n",
          to);
}
