/* commands.c - the list of commands, in the order of `wharf help`. */
#include "app/commands.h"

#include <string.h>

#include "app/cli.h"

/* One line each: a new command is a file and a line here. */
const struct cli_command *const cli_commands[] = {
    &cmd_serve,   &cmd_key,    &cmd_demo,    &cmd_import, &cmd_verify,
    &cmd_migrate, &cmd_routes, &cmd_version, &cmd_help,   NULL,
};

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}
