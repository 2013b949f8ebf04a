/* commands.h - the commands, each in a file of its own; listed in commands.c.
 */
#ifndef WHARF_APP_COMMANDS_H
#define WHARF_APP_COMMANDS_H

struct cli_command;

extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_key;
extern const struct cli_command cmd_user;
extern const struct cli_command cmd_tenant;
extern const struct cli_command cmd_key_file;
extern const struct cli_command cmd_outbound;
extern const struct cli_command cmd_backup;
extern const struct cli_command cmd_restore;
extern const struct cli_command cmd_demo;
extern const struct cli_command cmd_import;
extern const struct cli_command cmd_export;
extern const struct cli_command cmd_erase;
extern const struct cli_command cmd_verify;
extern const struct cli_command cmd_migrate;
extern const struct cli_command cmd_routes;
extern const struct cli_command cmd_version;
extern const struct cli_command cmd_help;
extern const struct cli_command cmd_completion;

#endif
