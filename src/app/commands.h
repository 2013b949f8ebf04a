/* commands.h - the commands, each in a file of its own; listed in commands.c.
 */
#ifndef WHARF_APP_COMMANDS_H
#define WHARF_APP_COMMANDS_H

struct cli_command;

extern const struct cli_command cmd_serve;    /* serve.c */
extern const struct cli_command cmd_key;      /* key_cmd.c */
extern const struct cli_command cmd_user;     /* user_cmd.c */
extern const struct cli_command cmd_tenant;   /* tenant_cmd.c */
extern const struct cli_command cmd_key_file; /* key_file_cmd.c */
extern const struct cli_command cmd_outbound; /* outbound_cmd.c */
extern const struct cli_command cmd_backup;   /* backup_cmd.c */
extern const struct cli_command cmd_restore;  /* restore_cmd.c */
extern const struct cli_command cmd_demo;     /* demo.c */
extern const struct cli_command cmd_import;   /* import.c */
extern const struct cli_command cmd_export;   /* export_cmd.c */
extern const struct cli_command cmd_erase;    /* erase_cmd.c */
extern const struct cli_command cmd_verify;   /* verify_cmd.c */
extern const struct cli_command cmd_migrate;  /* migrate_cmd.c */
extern const struct cli_command cmd_routes;   /* routes_cmd.c */
extern const struct cli_command cmd_version;  /* help_cmd.c */
extern const struct cli_command cmd_help;     /* help_cmd.c */

#endif
