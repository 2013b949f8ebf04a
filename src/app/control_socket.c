/* control_socket.c - Unix sockets and descriptors over them. */
#include "app/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/control_wire.h"
#include "base/arena.h"
#include "base/str.h"

enum { BACKLOG = 16 };

const char *control_path(struct arena *arena, const char *store_path)
{
    return str_to_cstr(arena, str_printf(arena, "%s.sock", store_path));
}

/* A socket's name has 107 bytes at most, a path may be longer: then it goes
 * through its folder's descriptor, which *ret_dir gets. */
static bool address_of(const char *path, struct sockaddr_un *ret, int *ret_dir)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    *ret_dir = -1;
    size_t len = strlen(path);
    if (len < sizeof ret->sun_path) {
        memcpy(ret->sun_path, path, len + 1);
        return true;
    }
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) >= sizeof folder)
        return false;
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    *ret_dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int size = snprintf(ret->sun_path, sizeof ret->sun_path,
                        "/proc/self/fd/%d/%s", *ret_dir, slash + 1);
    if (*ret_dir >= 0 && size < (int)sizeof ret->sun_path)
        return true;
    if (*ret_dir >= 0)
        (void)close(*ret_dir);
    return false;
}

static bool clear_place(const char *path)
{
    struct stat found;
    if (lstat(path, &found) != 0)
        return errno == ENOENT;
    return S_ISSOCK(found.st_mode) && unlink(path) == 0;
}

err_t control_listen(struct ctx *ctx, const char *path, int *ret)
{
    struct sockaddr_un address;
    int dir;
    if (!clear_place(path) || !address_of(path, &address, &dir))
        return fail(ctx, ERR_STATE, "", "%s is no place for a socket", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* The name is made with the mode of the descriptor. */
    bool is_fine = fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0 &&
                   bind(fd, (void *)&address, sizeof address) == 0 &&
                   chmod(path, S_IRUSR | S_IWUSR) == 0 &&
                   listen(fd, BACKLOG) == 0;
    int failed = errno;
    if (dir >= 0)
        (void)close(dir);
    if (is_fine) {
        *ret = fd;
        return OK;
    }
    if (fd >= 0)
        (void)close(fd);
    return fail(ctx, ERR_BUSY, "", "%s: no socket there (errno %d)", path,
                failed);
}

int control_connect(const char *path)
{
    struct sockaddr_un address;
    int dir;
    if (!address_of(path, &address, &dir))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (void *)&address, sizeof address) != 0) {
        (void)close(fd);
        fd = -1;
    }
    if (dir >= 0)
        (void)close(dir);
    return fd;
}

/* ---- bytes with descriptors ---- */

union room_for_fds {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(CONTROL_FDS * sizeof(int))];
};

bool control_send(int fd, const void *bytes, size_t len, const int *fds)
{
    const char *at = bytes;
    while (len > 0) {
        union room_for_fds room = {.bytes = {0}};
        struct iovec part = {.iov_len = len};
        memcpy(&part.iov_base, &at, sizeof at);
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (fds) {
            message.msg_control = room.bytes;
            message.msg_controllen = sizeof room.bytes;
            struct cmsghdr *with = CMSG_FIRSTHDR(&message);
            with->cmsg_level = SOL_SOCKET;
            with->cmsg_type = SCM_RIGHTS;
            with->cmsg_len = CMSG_LEN(CONTROL_FDS * sizeof(int));
            memcpy(CMSG_DATA(with), fds, CONTROL_FDS * sizeof(int));
        }
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        fds = NULL;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* Keeps the first CONTROL_FDS where they are wanted, closes all others. */
static void take_fds(struct msghdr *message, int *ret_fds)
{
    int kept = 0;
    for (struct cmsghdr *with = CMSG_FIRSTHDR(message); with;
         with = CMSG_NXTHDR(message, with)) {
        if (with->cmsg_level != SOL_SOCKET || with->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (with->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int got;
            memcpy(&got, CMSG_DATA(with) + i * sizeof got, sizeof got);
            if (ret_fds && kept < CONTROL_FDS && ret_fds[kept] < 0)
                ret_fds[kept++] = got;
            else
                (void)close(got);
        }
    }
}

bool control_receive(int fd, void *bytes, size_t len, int *ret_fds)
{
    char *at = bytes;
    for (int i = 0; ret_fds && i < CONTROL_FDS; i++)
        ret_fds[i] = -1;
    while (len > 0) {
        union room_for_fds room;
        struct iovec part = {at, len};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = room.bytes,
                                 .msg_controllen = sizeof room.bytes};
        ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        take_fds(&message, ret_fds);
        if (got == 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}
