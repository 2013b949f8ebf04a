/* rude.c - clients that are silent, slow, or leave before the reply. */
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct rude {
    const struct options *options;
    int *fds;
    int open, refused, dropped;
    char request[REQUEST_BYTES];
    size_t len;
};

static void nap_ms(int64_t ms)
{
    struct timespec nap = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&nap, NULL);
}

static void open_all(struct rude *rude)
{
    int count = rude->options->connections;
    for (int i = 0; i < count; i++) {
        rude->fds[i] = wire_connect(rude->options, false);
        if (rude->fds[i] >= 0)
            rude->open += 1;
        else
            rude->refused += 1;
    }
    printf("opened=%d\nrefused=%d\n", rude->open, rude->refused);
    fflush(stdout);
}

/* Closes what the other side has closed. */
static void notice_dropped(struct rude *rude)
{
    char scratch[512];
    for (int i = 0; i < rude->options->connections; i++) {
        if (rude->fds[i] < 0)
            continue;
        ssize_t got = recv(rude->fds[i], scratch, sizeof(scratch), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            close(rude->fds[i]);
            rude->fds[i] = -1;
            rude->dropped += 1;
        }
    }
}

/* Idle says nothing; slow sends one byte of an order every 200 ms. */
static void linger(struct rude *rude)
{
    int64_t end_ns = clock_ns() + (int64_t)(rude->options->seconds * 1e9);
    size_t at = 0;
    open_all(rude);
    while (clock_ns() < end_ns && rude->dropped < rude->open) {
        nap_ms(200);
        for (int i = 0; i < rude->options->connections; i++)
            if (rude->options->mode == MODE_SLOW && rude->fds[i] >= 0)
                (void)!send(rude->fds[i], rude->request + at % rude->len, 1,
                            MSG_NOSIGNAL);
        at++;
        notice_dropped(rude);
    }
    printf("dropped=%d\nstill_open=%d\n", rude->dropped,
           rude->open - rude->dropped);
}

/* Sends a whole order and closes: by FIN, by RST, or after half of it. */
static void leave(struct rude *rude, const struct maker *maker)
{
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    int64_t count = rude->options->count > 0 ? rude->options->count : 1000;
    int64_t sent = 0;
    for (int64_t i = 0; i < count; i++) {
        int fd = wire_connect(rude->options, true);
        if (fd < 0) {
            rude->refused += 1;
            continue;
        }
        rude->len = maker_order(maker, rude->options->first + i, rude->request);
        size_t part = i % 3 == 2 ? rude->len / 2 : rude->len;
        if (send(fd, rude->request, part, MSG_NOSIGNAL) == (ssize_t)part)
            sent += 1;
        if (i % 5 == 0)
            nap_ms(1);
        if (i % 2 == 1)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        close(fd);
    }
    printf("left=%lld\nrefused=%d\n", (long long)sent, rude->refused);
}

int load_rude(const struct options *options)
{
    struct maker *maker = maker_open(options);
    struct rude rude = {.options = options};
    rude.fds = calloc((size_t)options->connections, sizeof(*rude.fds));
    if (rude.fds == NULL)
        abort();
    rude.len = maker_order(maker, options->first, rude.request);
    if (options->mode == MODE_LEAVE)
        leave(&rude, maker);
    else
        linger(&rude);
    free(rude.fds);
    return 0;
}
