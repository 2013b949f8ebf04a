/* gz_source.c - the bytes of a file, packed by gzip or not. */
#define WHARF_UNBANNED
#include "app/gz_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "app/cli.h"
#include "app/cli_stream.h"
#include "base/arena.h"

enum { GZ_BUFFER_BYTES = 256 * 1024, READ_MAX_BYTES = 1024 * 1024 };

struct gz_source {
    gzFile file;
};

err_t gz_source_open(struct cli *cli, const char *path, struct gz_source **ret)
{
    FILE *from;
    TRY(cli_file_open(cli, path, &from));
    int fd = fileno(from);
    fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
    fclose(from);
    gzFile file = fd < 0 ? NULL : gzdopen(fd, "rb");
    if (!file)
        return fail_as(&cli->ctx, ERR_INVALID, "file_unreadable", "",
                       "is no file; a server reads only files");
    gzbuffer(file, GZ_BUFFER_BYTES);
    *ret = mem_new(sizeof **ret);
    (*ret)->file = file;
    return OK;
}

void gz_source_close(struct gz_source *source)
{
    if (!source)
        return;
    gzclose(source->file);
    mem_free(source);
}

err_t gz_source_read(struct ctx *ctx, void *arg, char *to, size_t room,
                     size_t *ret_len)
{
    struct gz_source *source = arg;
    size_t most = room < READ_MAX_BYTES ? room : READ_MAX_BYTES;
    int got = gzread(source->file, to, (unsigned)most);
    int code = Z_OK;
    const char *text = gzerror(source->file, &code);
    if (got > 0) {
        *ret_len = (size_t)got;
        return OK;
    }
    if (got == 0 && (code == Z_OK || code == Z_STREAM_END)) {
        *ret_len = 0;
        return OK;
    }
    if (code == Z_BUF_ERROR)
        return fail_as(ctx, ERR_INVALID, "file_cut", "",
                       "the packed file ends too early: it is cut");
    if (code == Z_ERRNO)
        return fail_as(ctx, ERR_INVALID, "file_unreadable", "", "%s",
                       strerror(errno));
    return fail_as(ctx, ERR_INVALID, "file_broken", "",
                   "cannot be unpacked: %.120s", text);
}
