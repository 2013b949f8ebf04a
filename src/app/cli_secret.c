/* cli_secret.c - secrets typed at a terminal, or out of a file. */
#include <termios.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cli_stream.h"
#include "base/arena.h"
#include "base/str.h"

enum { SECRET_MAX = 4096, KEY_CANCEL = 3, KEY_END = 4, KEY_BACK = 8 };

/* One line, byte by byte: what follows belongs to the next question. False
 * where the person gave up. */
static bool read_line(const struct cli *cli, char *text, size_t *ret_len)
{
    size_t len = 0;
    char c;
    while (cli_wait_in(cli) && read(cli->in_fd, &c, 1) == 1) {
        if (c == KEY_CANCEL || (c == KEY_END && len == 0))
            return false;
        if (c == '\n' || c == '\r')
            break;
        if (c == KEY_BACK || c == 0x7f)
            len -= len > 0;
        else if (len < SECRET_MAX)
            text[len++] = c;
    }
    *ret_len = len;
    return true;
}

/* Without echo; an interrupt is read as a byte, so that the terminal is never
 * left dumb. */
static bool ask_hidden(struct cli *cli, const char *prompt, str *ret)
{
    struct termios before, quiet;
    char *text = arena_alloc(cli->arena, SECRET_MAX);
    size_t len = 0;
    int fd = cli->in_fd;
    bool is_terminal = tcgetattr(fd, &before) == 0;
    if (is_terminal) { /* Before it asks: what comes at once is not shown. */
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
        tcsetattr(fd, TCSAFLUSH, &quiet);
    }
    fputs(prompt, cli->err);
    fflush(cli->err);
    bool is_given = read_line(cli, text, &len);
    if (is_terminal)
        tcsetattr(fd, TCSAFLUSH, &before);
    fputc('\n', cli->err);
    *ret = (str){text, len};
    return is_given;
}

static err_t read_file(struct cli *cli, const char *path, str *ret)
{
    FILE *file;
    TRY(cli_file_open(cli, path, &file));
    char *text = arena_alloc(cli->arena, SECRET_MAX);
    size_t len = fread(text, 1, SECRET_MAX, file);
    fclose(file);
    /* An editor ends the last line. */
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    *ret = (str){text, len};
    return OK;
}

err_t cli_read_password(struct cli *cli, str *ret)
{
    str again;
    const char *path = cli_text(cli, "password-file");
    if (path)
        TRY(read_file(cli, path, ret));
    else if (!ask_hidden(cli, "Password: ", ret) ||
             !ask_hidden(cli, "The same again: ", &again))
        return fail(&cli->ctx, ERR_INVALID, "", "given up");
    else if (!str_equal(*ret, again))
        return fail(&cli->ctx, ERR_INVALID, "", "the two are not the same");
    if (!str_is_utf8(*ret))
        return fail(&cli->ctx, ERR_INVALID, "", "the password is not UTF-8");
    return OK;
}
