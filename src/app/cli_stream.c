/* cli_stream.c - a caller's files and streams, never waited for in vain. */
#include "app/cli_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli.h"
#include "base/arena.h"
#include "base/str.h"

enum {
    LOOK_MS = 200,    /* How late a stream sees that it shall stop. */
    PART_BYTES = 4096 /* A pipe that has room at all takes so much. */
};

struct stream {
    int fd;
    const atomic_bool *is_stopped;
};

static bool wait_for(const struct stream *stream, short what)
{
    struct pollfd look = {.fd = stream->fd, .events = what};
    while (!atomic_load(stream->is_stopped)) {
        int found = poll(&look, 1, LOOK_MS);
        if (found > 0)
            return true;
        if (found < 0 && errno != EINTR)
            return false;
    }
    return false;
}

bool cli_wait_in(const struct cli *cli)
{
    const struct stream in = {cli->in_fd, cli->is_stopped};
    return !cli->host || wait_for(&in, POLLIN);
}

static ssize_t stream_read(void *cookie, char *bytes, size_t size)
{
    const struct stream *stream = cookie;
    if (!wait_for(stream, POLLIN))
        return -1;
    return read(stream->fd, bytes, size);
}

/* All of it: stdio takes a part for an error. */
static ssize_t stream_write(void *cookie, const char *bytes, size_t size)
{
    const struct stream *stream = cookie;
    size_t done = 0;
    while (done < size) {
        if (!wait_for(stream, POLLOUT))
            return 0;
        size_t part = size - done < PART_BYTES ? size - done : PART_BYTES;
        ssize_t put = write(stream->fd, bytes + done, part);
        if (put < 0 && errno != EINTR && errno != EAGAIN)
            return 0;
        done += put > 0 ? (size_t)put : 0;
    }
    return (ssize_t)done;
}

static int stream_close(void *cookie)
{
    struct stream *stream = cookie;
    int failed = close(stream->fd);
    mem_free(stream);
    return failed;
}

FILE *cli_stream(int fd, bool is_out, const atomic_bool *is_stopped)
{
    struct stream *stream = mem_new(sizeof *stream);
    *stream = (struct stream){fd, is_stopped};
    const cookie_io_functions_t how = {
        .read = stream_read, .write = stream_write, .close = stream_close};
    FILE *file = fopencookie(stream, is_out ? "w" : "r", how);
    ASSERT(file != NULL);
    if (is_out)
        (void)setvbuf(file, NULL, isatty(fd) ? _IOLBF : _IOFBF, BUFSIZ);
    return file;
}

/* ---- files that a caller names ---- */

/* Names of the reader's own descriptors: in a server those are its own. */
static bool is_own(const char *path)
{
    str name = str_from_cstr(path);
    return str_starts(name, STR("/dev/fd/")) ||
           str_starts(name, STR("/dev/std")) ||
           str_starts(name, STR("/proc/self/"));
}

static err_t refuse(struct cli *cli, const char *why)
{
    return fail_as(&cli->ctx, ERR_INVALID, "file_unreadable", "", "%s", why);
}

err_t cli_file_open(struct cli *cli, const char *path, FILE **ret)
{
    /* In a server a pipe without a writer must not hold up its reader. */
    int flags = O_RDONLY | O_CLOEXEC | (cli->host ? O_NONBLOCK : 0);
    struct stat found;
    if (cli->host && is_own(path))
        return refuse(cli, "is read by a server: say - for standard input");
    int fd = strcmp(path, "-") == 0 ? fcntl(cli->in_fd, F_DUPFD_CLOEXEC, 0)
                                    : open(cli_path(cli, path), flags);
    if (fd < 0)
        return refuse(cli, strerror(errno));
    if (fstat(fd, &found) != 0 || S_ISDIR(found.st_mode)) {
        (void)close(fd);
        return refuse(cli, "is a folder");
    }
    if (cli->host && !S_ISREG(found.st_mode))
        *ret = cli_stream(fd, false, cli->is_stopped);
    else
        *ret = fdopen(fd, "rb");
    return OK;
}
