/* control_client.c - the calling side of the control socket. */
#include <stdlib.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/control.h"
#include "app/control_socket.h"
#include "app/control_wire.h"
#include "base/arena.h"
#include "base/str.h"

static int lost(const struct cli *cli)
{
    fprintf(cli->err,
            "wharf %s: the server went away before the end; what it had "
            "committed is stored\n",
            cli->command->name);
    return EXIT_FAILED;
}

static int talk(struct cli *cli, int fd, int argc, char **argv)
{
    char *dir = get_current_dir_name();
    if (!dir)
        return cli_usage(cli, "the current folder is gone");
    const char *tenant = cli_text(cli, "tenant");
    const struct control_request request = {dir, tenant ? tenant : "",
                                            cli->command->name, argv, argc};
    struct buf buf;
    buf_init(&buf, cli->arena, LIMIT_CONTROL_BYTES + CONTROL_HEAD_BYTES);
    control_request_write(&buf, &request);
    (free)(dir); /* libc's own. */
    if (buf.is_full)
        return cli_usage(cli, "the call is too long");
    const int fds[CONTROL_FDS] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    char head[CONTROL_REPLY_BYTES], text[CONTROL_TEXT_BYTES];
    size_t len;
    int code;
    /* Who is refused is told without being heard out. */
    (void)control_send(fd, buf.ptr, buf.len, fds);
    if (!control_receive(fd, head, sizeof head, NULL) ||
        !control_reply_read(head, &code, &len) ||
        !control_receive(fd, text, len, NULL))
        return lost(cli);
    if (len > 0)
        fprintf(cli->err, "wharf %s: %.*s\n", cli->command->name, (int)len,
                text);
    return code;
}

bool control_call(struct cli *cli, int argc, char **argv, int *ret_code)
{
    struct store_config config;
    if (!(cli->command->takes & CLI_SERVED))
        return false;
    if (cli_store_place(cli, &config) != OK || config.engine != STORE_SQLITE) {
        err_clear(&cli->ctx); /* The command finds it again, and says so. */
        return false;
    }
    int fd = control_connect(control_path(cli->arena, config.path));
    if (fd < 0)
        return false;
    *ret_code = talk(cli, fd, argc, argv);
    (void)close(fd);
    return true;
}
