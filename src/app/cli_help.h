/* cli_help.h - what the tables of commands say, for people. */
#ifndef WHARF_APP_CLI_HELP_H
#define WHARF_APP_CLI_HELP_H

#include <stdio.h>

struct cli_command;

/* All commands, a line each. */
void cli_help_list(FILE *to);
/* The page of `wharf COMMAND --help`, never wider than 79 columns. */
void cli_help_page(FILE *to, const struct cli_command *command);

#endif
