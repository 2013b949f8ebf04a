/* watch.c - thousands of clients of one stream, and how late they hear.
 *
 *   bench_watch PORT KEY PATH CLIENTS SECONDS
 *
 * Opens the streams, says "ready" when each has its head, reads for that long
 * and prints figures. A level event says when the store changed ("at"); lag is
 * the time from then to its arrival here, on the same clock.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

enum {
    READ_BYTES = 65536,
    KEPT_BYTES = 4096,
    LAG_MAX_MS = 60000,
    LINGER_MS = 200,
    EVENTS = 512
};

struct client {
    int fd;
    bool is_ready;
    size_t kept;
    char text[KEPT_BYTES]; /* A block not yet whole. */
};

struct watch {
    struct client *clients;
    int count, ready, closed, epoll;
    int64_t events, bytes;
    bool is_measuring;
    int64_t lags[LAG_MAX_MS + 1];
};

static void die(const char *what)
{
    fprintf(stderr, "bench_watch: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_one(int port, const char *request, size_t len)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    if (write(fd, request, len) != (ssize_t)len)
        die("write");
    return fd;
}

/* One block of the stream, without its empty line. */
static void see_block(struct watch *watch, str block)
{
    static const char mark[] = "\"at\":\"";
    char *at = memmem(block.ptr, block.len, mark, sizeof mark - 1);
    utc_ms changed;
    if (!at || !watch->is_measuring)
        return;
    str text = {at + sizeof mark - 1, TIME_TEXT_BYTES};
    if (text.ptr + text.len > block.ptr + block.len ||
        !time_from_text(text, &changed))
        return;
    int64_t lag = clock_now() - changed;
    lag = lag < 0 ? 0 : lag > LAG_MAX_MS ? LAG_MAX_MS : lag;
    watch->lags[lag]++;
    watch->events++;
}

static void take(struct watch *watch, struct client *client, const char *ptr,
                 size_t len)
{
    watch->bytes += (int64_t)len;
    while (len > 0) {
        size_t room = KEPT_BYTES - client->kept;
        size_t part = len < room ? len : room;
        memcpy(client->text + client->kept, ptr, part);
        client->kept += part;
        ptr += part;
        len -= part;
        char *end;
        while ((end = memmem(client->text, client->kept, "\n\n", 2)) != NULL) {
            size_t block = (size_t)(end - client->text);
            see_block(watch, (str){client->text, block});
            client->kept -= block + 2;
            memmove(client->text, end + 2, client->kept);
        }
        if (client->kept == KEPT_BYTES)
            die("a block is too long");
    }
}

static void read_one(struct watch *watch, struct client *client)
{
    static char bytes[READ_BYTES];
    ssize_t got = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        watch->closed++;
        epoll_ctl(watch->epoll, EPOLL_CTL_DEL, client->fd, NULL);
        return;
    }
    if (!client->is_ready) {
        if (got < 12 || memcmp(bytes, "HTTP/1.1 200", 12) != 0) {
            fprintf(stderr, "bench_watch: %.*s\n", (int)got, bytes);
            exit(1);
        }
        client->is_ready = true;
        watch->ready++;
    }
    take(watch, client, bytes, (size_t)got);
}

static void run(struct watch *watch, int64_t until_ns, bool is_opening)
{
    struct epoll_event events[EVENTS];
    while (clock_mono_ns() < until_ns &&
           !(is_opening && watch->ready == watch->count)) {
        int n = epoll_wait(watch->epoll, events, EVENTS, LINGER_MS);
        for (int i = 0; i < n; i++)
            read_one(watch, events[i].data.ptr);
    }
}

static int64_t lag_of(const struct watch *watch, int permille)
{
    int64_t wanted = watch->events * permille / 1000, seen = 0;
    for (int ms = 0; ms <= LAG_MAX_MS; ms++) {
        seen += watch->lags[ms];
        if (seen > 0 && seen >= wanted)
            return ms;
    }
    return LAG_MAX_MS;
}

static void open_all(struct watch *watch, int port, const char *request,
                     size_t len)
{
    for (int i = 0; i < watch->count; i++) {
        struct client *client = &watch->clients[i];
        client->fd = open_one(port, request, len);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        if (epoll_ctl(watch->epoll, EPOLL_CTL_ADD, client->fd, &event) != 0)
            die("epoll");
    }
}

static void print(const struct watch *watch, double seconds)
{
    printf("clients=%d closed=%d events=%lld events_per_s=%.0f bytes=%lld "
           "lag_p50_ms=%lld lag_p99_ms=%lld lag_max_ms=%lld\n",
           watch->count, watch->closed, (long long)watch->events,
           (double)watch->events / seconds, (long long)watch->bytes,
           (long long)lag_of(watch, 500), (long long)lag_of(watch, 990),
           (long long)lag_of(watch, 1000));
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "bench_watch PORT KEY PATH CLIENTS SECONDS\n");
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int64_t clients = 0, seconds = 0, port = 0;
    if (!str_to_i64(str_from_cstr(argv[1]), &port) ||
        !str_to_i64(str_from_cstr(argv[4]), &clients) ||
        !str_to_i64(str_from_cstr(argv[5]), &seconds))
        die("numbers");
    char request[1024];
    int len = snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: bench\r\nAccept: "
                       "text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n",
                       argv[3], argv[2]);
    struct watch *watch = mem_new(sizeof *watch);
    watch->count = (int)clients;
    watch->clients = mem_new((size_t)clients * sizeof *watch->clients);
    watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    open_all(watch, (int)port, request, (size_t)len);
    run(watch, clock_mono_ns() + (int64_t)60 * 1000000000, true);
    printf("ready %d\n", watch->ready);
    fflush(stdout);
    watch->is_measuring = true;
    run(watch, clock_mono_ns() + seconds * 1000000000, false);
    print(watch, (double)seconds);
    return watch->ready == watch->count ? 0 : 1;
}
