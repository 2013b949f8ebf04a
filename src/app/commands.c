/* commands.c - the list of commands, in the order of `wharf help`. */
#include "app/commands.h"

#include <string.h>

#include "app/cli.h"

/* clang-format off */
const struct cli_command *const cli_commands[] = {
    &cmd_serve,
    &cmd_user,
    &cmd_key,
    &cmd_tenant,
    &cmd_key_file,
    &cmd_outbound,
    &cmd_import,
    &cmd_export,
    &cmd_erase,
    &cmd_verify,
    &cmd_backup,
    &cmd_restore,
    &cmd_migrate,
    &cmd_demo,
    &cmd_routes,
    &cmd_completion,
    &cmd_version,
    &cmd_help,
    NULL
};
/* clang-format on */

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}
