/* cli_man.h - the manual page and shell completion, from the same tables as
 * the help.
 */
#ifndef WHARF_APP_CLI_MAN_H
#define WHARF_APP_CLI_MAN_H

#include <stdio.h>

#include "base/base.h"

/* wharf(1), in man(7)'s words. */
void cli_man(FILE *to);
/* False where there is none for that shell: bash, zsh and fish. */
bool cli_completion(FILE *to, const char *shell);

#endif
