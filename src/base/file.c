/* file.c - parts of files, and how they get their names. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who held the lock before may have named or removed the file since it was
 * opened: then it is no part any more, and must not be touched. */
static int lock_part(const char *part, int fd)
{
    struct stat held, there;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &held) != 0)
        return errno;
    if (lstat(part, &there) != 0 || there.st_ino != held.st_ino ||
        there.st_dev != held.st_dev)
        return EWOULDBLOCK;
    return 0;
}

/* Of a process that was killed. */
static int remove_left(const char *part)
{
    int fd = open(part, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    int why = lock_part(part, fd);
    if (why == 0 && unlink(part) != 0)
        why = errno;
    (void)close(fd);
    return why;
}

int file_part_open(const char *part, int *ret_fd)
{
    int why = remove_left(part);
    if (why != 0)
        return why;
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? EWOULDBLOCK : errno;
    why = lock_part(part, fd);
    if (why != 0)
        (void)close(fd);
    else
        *ret_fd = fd;
    return why;
}

int file_name_new(const char *part, const char *path)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    /* A file system that cannot do that (NFS): a link replaces nothing. */
    if (link(part, path) != 0)
        return errno;
    (void)unlink(part);
    return 0;
}

int file_sync_folder(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash) {
        size_t len = slash == path ? 1 : (size_t)(slash - path);
        if (len >= sizeof folder)
            return ENAMETOOLONG;
        memcpy(folder, path, len);
        folder[len] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int why = fsync(fd) == 0 ? 0 : errno;
    (void)close(fd);
    return why;
}
