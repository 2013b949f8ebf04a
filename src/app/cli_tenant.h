/* cli_tenant.h - commands on the store of one tenant, with no server running.
 */
#ifndef WHARF_APP_CLI_TENANT_H
#define WHARF_APP_CLI_TENANT_H

#include "base/base.h"

struct cli;
struct store;
struct store_config;

/* *config names the control store and becomes the tenant's. ERR_NOT_FOUND
 * where the control store has no tenant of that code. */
MUST_USE err_t cli_tenant_config(struct cli *cli, const char *code,
                                 struct store_config *config);
/* Tells the control store which keys and sessions the tenant's store knows
 * now; a failure is printed. */
void cli_tenant_publish(struct cli *cli, struct store *store);

#endif
