/* doc_join.c - PDF files that others drew, joined by the program qpdf.
 *
 * To read a file is to follow what it says: chains of a million objects,
 * streams that unpack to gigabytes. So a program of its own does it, which has
 * the files, a pipe, little memory and little time, and dies with us.
 */
#include "base/doc_join.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"

enum {
    MEMORY_BYTES = 512 * 1024 * 1024,
    NAME_BYTES = 32,
    EXIT_REFUSED = 2, /* qpdf's own. */
    EXIT_MISSING = 127
};
static const char program[] = "/usr/bin/qpdf";

/* Files in memory, as the program sees them: /proc/self/fd/N. */
struct inputs {
    int *fds;
    const char **names;
    size_t count;
};

/* ---- in the child: nothing but what is safe between fork and exec ---- */

static bool limit(int what, rlim_t most)
{
    struct rlimit bound = {most, most};
    return setrlimit(what, &bound) == 0;
}

_Noreturn static void child(const struct inputs *in, const char *const *args,
                            int out, pid_t parent)
{
    static const char *const nothing[] = {NULL};
    char *const *argv, *const *env;
    int null = open("/dev/null", O_RDWR);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool is_good = getppid() == parent && null >= 0 && dup2(null, 0) == 0 &&
                   dup2(out, 1) == 1 && dup2(null, 2) == 2 &&
                   close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
                   limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
                   limit(RLIMIT_CPU, DOC_JOIN_TIMEOUT_S) &&
                   limit(RLIMIT_AS, MEMORY_BYTES);
    for (size_t i = 0; i < in->count; i++)
        is_good = is_good && fcntl(in->fds[i], F_SETFD, 0) == 0;
    if (!is_good)
        _exit(EXIT_REFUSED);
    /* exec() writes to neither; its type is older than const. */
    memcpy(&argv, &args, sizeof argv);
    const char *const *none = nothing;
    memcpy(&env, &none, sizeof env);
    (void)execve(program, argv, env);
    _exit(EXIT_MISSING);
}

/* ---- in the parent ---- */

/* Until the pipe ends, the file is too large, or the time is over. */
static bool collect(int in, struct buf *buf)
{
    char part[32 * 1024];
    int64_t end_ms = clock_mono_ns() / 1000000 + DOC_JOIN_TIMEOUT_S * 1000;
    for (;;) {
        int64_t left_ms = end_ms - clock_mono_ns() / 1000000;
        struct pollfd at = {.fd = in, .events = POLLIN};
        int ready = left_ms > 0 ? poll(&at, 1, (int)left_ms) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t len = read(in, part, sizeof part);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return len == 0;
        buf_add(buf, part, (size_t)len);
        if (buf->is_full)
            return false;
    }
}

/* What the child exited with, or -1 where it did not end well. */
static int reap(pid_t pid, bool is_whole)
{
    int status = 0;
    if (!is_whole)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return is_whole && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static err_t unreadable(struct ctx *ctx, const char *why)
{
    return fail_as(ctx, ERR_INVALID, "pdf_unreadable", "",
                   "the file cannot be read as a PDF: %s", why);
}

static err_t run(struct ctx *ctx, const struct inputs *in,
                 const char *const *args, struct buf *ret)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(ctx, ERR_INTERNAL, "", "no pipe to join files");
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid == 0)
        child(in, args, ends[1], self);
    (void)close(ends[1]);
    bool is_whole = pid > 0 && collect(ends[0], ret);
    (void)close(ends[0]);
    if (pid < 0)
        return fail(ctx, ERR_INTERNAL, "", "no process to join files");
    int code = reap(pid, is_whole);
    if (code == 0)
        return OK;
    if (code == EXIT_MISSING)
        return fail_as(ctx, ERR_INTERNAL, "documents_unavailable", "",
                       "%s is needed to join documents", program);
    if (ret->is_full)
        return fail(ctx, ERR_TOO_LARGE, "", "the document is too large");
    return unreadable(ctx, code == EXIT_REFUSED
                               ? "it is broken"
                               : "it takes too much memory or time");
}

static bool put(int fd, str file)
{
    while (file.len > 0) {
        ssize_t done = write(fd, file.ptr, file.len);
        if (done <= 0)
            return false;
        file.ptr += done;
        file.len -= (size_t)done;
    }
    return true;
}

static void close_inputs(struct inputs *in)
{
    for (size_t i = 0; i < in->count; i++)
        (void)close(in->fds[i]);
}

static err_t open_inputs(struct ctx *ctx, const str *files, size_t count,
                         struct inputs *ret)
{
    *ret = (struct inputs){
        .fds = arena_array(ctx->arena, int, count),
        .names = arena_array(ctx->arena, const char *, count),
    };
    for (size_t i = 0; i < count; i++) {
        int fd = memfd_create("label", MFD_CLOEXEC);
        if (fd >= 0)
            ret->fds[ret->count++] = fd;
        if (fd < 0 || !put(fd, files[i])) {
            close_inputs(ret);
            return fail(ctx, ERR_INTERNAL, "", "no memory to join files");
        }
        char *name = arena_alloc_raw(ctx->arena, NAME_BYTES);
        (void)snprintf(name, NAME_BYTES, "/proc/self/fd/%d", fd);
        ret->names[i] = name;
    }
    return OK;
}

static err_t check_size(struct ctx *ctx, const str *files, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (files[i].len == 0)
            return unreadable(ctx, "it is empty");
        bytes += files[i].len;
    }
    if (bytes > DOC_JOIN_BYTES)
        return fail(ctx, ERR_TOO_LARGE, "", "the files are too large");
    return OK;
}

err_t doc_join(struct ctx *ctx, const str *files, size_t file_count,
               const struct doc_join_part *parts, size_t part_count, str *ret)
{
    /* Pages are taken as they are packed: nothing is unpacked. */
    static const char *const first[] = {program,
                                        "--empty",
                                        "--deterministic-id",
                                        "--stream-data=preserve",
                                        "--remove-unreferenced-resources=no",
                                        "--no-warn",
                                        "--warning-exit-0",
                                        "--pages"};
    struct inputs in;
    struct buf buf;
    size_t n = COUNT_OF(first);
    ASSERT(file_count > 0 && part_count > 0);
    TRY(check_size(ctx, files, file_count));
    const char **args =
        arena_array(ctx->arena, const char *, n + 2 * part_count + 3);
    memcpy(args, first, sizeof first);
    TRY(open_inputs(ctx, files, file_count, &in));
    for (size_t i = 0; i < part_count; i++) {
        ASSERT(parts[i].file < file_count);
        char *page = arena_alloc_raw(ctx->arena, NAME_BYTES);
        (void)snprintf(page, NAME_BYTES, "%d", parts[i].page);
        args[n++] = in.names[parts[i].file];
        args[n++] = parts[i].page ? page : "1-z";
    }
    args[n++] = "--";
    args[n] = "-";
    buf_init(&buf, ctx->arena, DOC_JOIN_BYTES);
    err_t err = run(ctx, &in, args, &buf);
    close_inputs(&in);
    *ret = buf_str(&buf);
    return err;
}

err_t doc_join_check(struct ctx *ctx, str file)
{
    struct doc_join_part all = {0};
    str joined;
    if (file.len > DOC_JOIN_FILE_BYTES)
        return unreadable(ctx, "it is too large");
    return doc_join(ctx, &file, 1, &all, 1, &joined);
}
