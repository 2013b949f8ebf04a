/* file.h - a file that is there whole, under its name, or not at all.
 *
 * It is written as a part beside its place, which one process at a time has,
 * and gets its name last. All give 0 or an errno.
 */
#ifndef WHARF_BASE_FILE_H
#define WHARF_BASE_FILE_H

#include "base/base.h"

/* Makes `part`, to read and write, mode 0600; it is the caller's to name or
 * remove as long as *ret_fd is open. What a killed process left there goes.
 * EWOULDBLOCK: somebody else is at it. */
MUST_USE int file_part_open(const char *part, int *ret_fd);
/* Gives `part` the name `path`; EEXIST where something has it. No hard links
 * are needed where the file system can rename without replacing. */
MUST_USE int file_name_new(const char *part, const char *path);
/* The names in the folder of `path` outlive a loss of power. */
MUST_USE int file_sync_folder(const char *path);

#endif
