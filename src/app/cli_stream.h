/* cli_stream.h - a caller's files and streams, never waited for in vain. */
#ifndef WHARF_APP_CLI_STREAM_H
#define WHARF_APP_CLI_STREAM_H

#include <stdatomic.h>
#include <stdio.h>

#include "base/base.h"

struct cli;

/* A stream on somebody else's descriptor, which it closes; it fails where
 * `is_stopped` becomes true while the other side takes or gives nothing. */
FILE *cli_stream(int fd, bool is_out, const atomic_bool *is_stopped);

/* Waits until the caller's standard input has something; false where the
 * caller went away. Run alone it does not wait. */
bool cli_wait_in(const struct cli *cli);
/* Opens a file that the caller names, to read; "-" is its standard input. */
MUST_USE err_t cli_file_open(struct cli *cli, const char *path, FILE **ret);

#endif
