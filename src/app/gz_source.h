/* gz_source.h - the bytes of a file, packed by gzip or not. */
#ifndef WHARF_APP_GZ_SOURCE_H
#define WHARF_APP_GZ_SOURCE_H

#include "base/base.h"

struct cli;
struct gz_source;
/* A file that the caller names; "-" is its standard input. Fails with
 * ERR_INVALID, slug "file_unreadable", in cli->ctx. */
MUST_USE err_t gz_source_open(struct cli *cli, const char *path,
                              struct gz_source **ret);
void gz_source_close(struct gz_source *source); /* Takes NULL. */
/* A csv_source_fn; arg is the source. Fails with slug "file_cut" where a
 * packed file ends too early, and "file_broken" where it is no longer one. */
err_t gz_source_read(struct ctx *ctx, void *arg, char *to, size_t room,
                     size_t *ret_len);

#endif
