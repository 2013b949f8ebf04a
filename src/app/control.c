/* control.c - the serving side of the control socket.
 *
 * One thread accepts, watches the callers and joins what has ended; each
 * command has a thread of its own and a slot. A caller that finds all slots
 * taken is told so at once.
 */
#include "app/control.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cli_stream.h"
#include "app/control_socket.h"
#include "app/control_wire.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

enum {
    TALK_S = 5,   /* To send a request, to take a reply. */
    REST_MS = 200 /* Where no caller can be taken, as without descriptors. */
};

struct slot {
    struct control *control;
    pthread_t thread;
    int fd; /* -1: the slot is free. */
    uid_t uid;
    atomic_bool is_stopped; /* The caller went away, or we close. */
    atomic_bool is_over;    /* The thread may be joined. */
};

struct control {
    struct control_house house;
    char *path;
    int listen_fd, wake_fd;
    pthread_t thread;
    bool is_resting; /* Who calls now has to wait. */
    atomic_bool is_closing;
    struct slot slots[LIMIT_CONTROL_RUNNING];
};

static void wake(const struct control *control)
{
    uint64_t one = 1;
    ssize_t put = write(control->wake_fd, &one, sizeof one);
    ASSERT(put == sizeof one);
}

/* ---- a command, on its own thread ---- */

static void reply(int fd, int code, str text)
{
    char bytes[CONTROL_REPLY_BYTES + CONTROL_TEXT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, bytes, sizeof bytes);
    control_reply_write(&buf, code, text);
    (void)control_send(fd, buf.ptr, buf.len, NULL);
}

static int run_here(struct slot *slot, const struct control_request *request,
                    struct cli *cli)
{
    const struct control_house *house = &slot->control->house;
    struct cli_host host = {.store = NULL};
    void *lease = NULL;
    cli->host = &host;
    err_t err = house->lend(house->arg, &cli->ctx, request->tenant, &host.store,
                            &lease);
    if (err != OK)
        return cli_failed(cli);
    log_line(LOG_INFO, "control.command", "%s for uid %u", cli->command->name,
             (unsigned)slot->uid);
    int code = cli->command->run(cli);
    if (house->give_back)
        house->give_back(house->arg, lease);
    return code;
}

/* The command with the caller's streams, which it closes. */
static int run_command(struct slot *slot, const struct control_request *request,
                       const int *fds)
{
    const struct cli_command *command = cli_command_find(request->command);
    struct cli cli = {
        .dir = request->dir, .in_fd = fds[0], .is_stopped = &slot->is_stopped};
    cli.is_terminal = isatty(fds[2]);
    cli.out = cli_stream(fds[1], true, &slot->is_stopped);
    cli.err = cli_stream(fds[2], true, &slot->is_stopped);
    int code = EXIT_USAGE;
    if (!command || !(command->takes & CLI_SERVED))
        fprintf(cli.err, "wharf: the server has no command '%s'\n",
                request->command);
    else
        code = cli_open(&cli, command, request->count, request->words);
    if (command && code == EXIT_FINE)
        code = run_here(slot, request, &cli);
    /* What the caller cannot take was not told. */
    bool is_told = fclose(cli.out) == 0;
    (void)fclose(cli.err);
    (void)close(cli.in_fd);
    cli_close(&cli);
    return is_told || code != EXIT_FINE ? code : EXIT_FAILED;
}

static bool read_request(struct slot *slot, struct ctx *ctx,
                         struct control_request *ret, int *fds)
{
    char head[CONTROL_HEAD_BYTES];
    size_t len;
    if (!control_receive(slot->fd, head, sizeof head, fds) || fds[0] < 0 ||
        fds[1] < 0 || fds[2] < 0 || !control_head_read(head, &len))
        return false;
    char *bytes = arena_alloc_raw(ctx->arena, len + 1);
    return control_receive(slot->fd, bytes, len, NULL) &&
           control_request_read(ctx, (str){bytes, len}, ret) == OK;
}

static void *slot_main(void *arg)
{
    struct slot *slot = arg;
    struct ctx ctx = {.arena = arena_open()};
    struct control_request request;
    int fds[CONTROL_FDS];
    if (read_request(slot, &ctx, &request, fds)) {
        int code = run_command(slot, &request, fds);
        reply(slot->fd, code, STR_NONE);
    } else {
        for (int i = 0; i < CONTROL_FDS; i++)
            if (fds[i] >= 0)
                (void)close(fds[i]);
        reply(slot->fd, EXIT_USAGE, STR("the request was not understood"));
    }
    arena_close(ctx.arena);
    atomic_store(&slot->is_over, true);
    wake(slot->control);
    return NULL;
}

/* ---- the accepting thread ---- */

static bool may_speak(int fd, uid_t *ret)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    *ret = peer.uid;
    return peer.uid == 0 || peer.uid == geteuid();
}

static struct slot *slot_free(struct control *control)
{
    for (size_t i = 0; i < COUNT_OF(control->slots); i++)
        if (control->slots[i].fd < 0)
            return &control->slots[i];
    return NULL;
}

static void take_caller(struct control *control)
{
    int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    control->is_resting = fd < 0;
    if (fd < 0)
        return;
    const struct timeval patience = {.tv_sec = TALK_S};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct slot *slot = slot_free(control);
    uid_t uid = 0;
    bool is_known = may_speak(fd, &uid);
    if (!is_known || !slot) {
        reply(fd, EXIT_FAILED,
              is_known ? STR("the server runs as many commands as it may; try "
                             "again")
                       : STR("only the user that runs the server, and root, "
                             "may speak to it"));
        (void)close(fd);
        return;
    }
    slot->fd = fd;
    slot->uid = uid;
    atomic_store(&slot->is_stopped, atomic_load(&control->is_closing));
    atomic_store(&slot->is_over, false);
    int failed = pthread_create(&slot->thread, NULL, slot_main, slot);
    ASSERT(failed == 0);
    pthread_setname_np(slot->thread, "control-command");
}

static void slot_end(struct slot *slot)
{
    (void)pthread_join(slot->thread, NULL);
    (void)close(slot->fd);
    slot->fd = -1;
}

/* Looks at everybody once; false: closing, and nobody is left. */
static bool look(struct control *control)
{
    enum { LISTEN, WAKE, FIRST };
    struct pollfd at[FIRST + LIMIT_CONTROL_RUNNING];
    bool is_closing = atomic_load(&control->is_closing), is_busy = false;
    bool is_deaf = is_closing || control->is_resting;
    at[LISTEN] = (struct pollfd){is_deaf ? -1 : control->listen_fd, POLLIN, 0};
    at[WAKE] = (struct pollfd){control->wake_fd, POLLIN, 0};
    for (size_t i = 0; i < COUNT_OF(control->slots); i++) {
        struct slot *slot = &control->slots[i];
        if (is_closing)
            atomic_store(&slot->is_stopped, true);
        bool is_watched = slot->fd >= 0 && !atomic_load(&slot->is_stopped);
        at[FIRST + i] =
            (struct pollfd){is_watched ? slot->fd : -1, POLLRDHUP, 0};
        is_busy |= slot->fd >= 0;
    }
    if (is_closing && !is_busy)
        return false;
    if (poll(at, COUNT_OF(at), control->is_resting ? REST_MS : -1) < 0)
        return true;
    control->is_resting = false;
    uint64_t count;
    if (at[WAKE].revents)
        (void)!read(control->wake_fd, &count, sizeof count);
    for (size_t i = 0; i < COUNT_OF(control->slots); i++) {
        struct slot *slot = &control->slots[i];
        if (at[FIRST + i].revents)
            atomic_store(&slot->is_stopped, true);
        if (slot->fd >= 0 && atomic_load(&slot->is_over))
            slot_end(slot);
    }
    if (at[LISTEN].revents)
        take_caller(control);
    return true;
}

static void *control_main(void *arg)
{
    while (look(arg))
        continue;
    return NULL;
}

/* ---- opening and closing ---- */

err_t control_open(struct ctx *ctx, const char *store_path,
                   const struct control_house *house, struct control **ret)
{
    const char *path = control_path(ctx->arena, store_path);
    int fd;
    TRY(control_listen(ctx, path, &fd));
    struct control *control = mem_new(sizeof *control);
    control->house = *house;
    control->listen_fd = fd;
    control->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ASSERT(control->wake_fd >= 0);
    control->path = mem_new(strlen(path) + 1);
    memcpy(control->path, path, strlen(path) + 1);
    for (size_t i = 0; i < COUNT_OF(control->slots); i++) {
        control->slots[i].control = control;
        control->slots[i].fd = -1;
    }
    int failed = pthread_create(&control->thread, NULL, control_main, control);
    ASSERT(failed == 0);
    pthread_setname_np(control->thread, "control");
    *ret = control;
    return OK;
}

void control_close(struct control *control)
{
    if (!control)
        return;
    atomic_store(&control->is_closing, true);
    wake(control);
    (void)pthread_join(control->thread, NULL);
    (void)unlink(control->path);
    (void)close(control->listen_fd);
    (void)close(control->wake_fd);
    mem_free(control->path);
    mem_free(control);
}
