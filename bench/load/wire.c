/* wire.c - connections: one epoll loop, one request at a time on each. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A server that says nothing for so long has failed. */
#define SILENCE_NS ((int64_t)30 * 1000000000)

enum { IN_BYTES = 8192, CURSOR_BYTES = 160, ID_BYTES = 32 };

struct conn {
    int fd; /* -1: not connected. */
    enum load_op op;
    bool is_busy;
    int64_t n;        /* Number of the order, or place in acks. */
    int64_t since_ns; /* When it was due, or sent. */
    size_t out_len, out_at;
    size_t in_len, in_room;
    char *in;
    char cursor[CURSOR_BYTES]; /* Where its list goes on. */
    char out[REQUEST_BYTES];
};

struct ack {
    int64_t n;
    char id[ID_BYTES];
};

struct run {
    const struct options *options;
    struct maker *maker;
    struct tally tally;
    struct conn *conns;
    struct conn **idle; /* Stack of connections with nothing to do. */
    size_t idle_count;
    int alive;
    int epoll;
    int64_t started; /* Requests begun. */
    int64_t start_ns, end_ns;
    uint64_t dice;
    FILE *ack_file;
    struct ack *acks; /* Replay. */
    size_t ack_count;
    char (*ids)[ID_BYTES];
    size_t id_count;
};

int64_t clock_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int wire_connect(const struct options *options, bool is_blocking)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)options->port)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (inet_pton(AF_INET, options->host, &to.sin_addr) != 1 ||
        connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (!is_blocking)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static uint64_t roll(struct run *run)
{
    run->dice ^= run->dice << 13;
    run->dice ^= run->dice >> 7;
    run->dice ^= run->dice << 17;
    return run->dice;
}

static void conn_drop(struct run *run, struct conn *conn)
{
    if (conn->fd < 0)
        return;
    close(conn->fd);
    conn->fd = -1;
    conn->is_busy = false;
    run->alive -= 1;
    run->tally.failed_connections += 1;
}

static bool conn_open(struct run *run, struct conn *conn)
{
    conn->fd = wire_connect(run->options, false);
    if (conn->fd < 0) {
        run->tally.refused_connects += 1;
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, conn->fd, &event);
    conn->is_busy = false;
    conn->in_len = 0;
    run->alive += 1;
    run->idle[run->idle_count++] = conn;
    return true;
}

static void conn_send(struct run *run, struct conn *conn)
{
    ssize_t sent = send(conn->fd, conn->out + conn->out_at,
                        conn->out_len - conn->out_at, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        conn_drop(run, conn);
        return;
    }
    if (sent > 0)
        conn->out_at += (size_t)sent;
    if (conn->out_at < conn->out_len) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT,
                                    .data.ptr = conn};
        epoll_ctl(run->epoll, EPOLL_CTL_MOD, conn->fd, &event);
    }
}

static bool reads_acks(const struct options *options)
{
    return options->mode == MODE_REPLAY || options->mode == MODE_CONFIRM ||
           options->mode == MODE_RELEASE;
}

static enum load_op pick_op(struct run *run)
{
    switch (run->options->mode) {
    case MODE_LIST: return OP_LIST;
    case MODE_DETAIL: return OP_DETAIL;
    case MODE_MIXED: {
        uint64_t side = roll(run) & 3;
        return side < 2 ? OP_ORDER : side == 2 ? OP_LIST : OP_DETAIL;
    }
    case MODE_INTAKE:
    case MODE_SURGE:
    case MODE_REPLAY:
    case MODE_HOLD:
    case MODE_CONFIRM:
    case MODE_RELEASE:
    case MODE_IDLE:
    case MODE_SLOW:
    case MODE_LEAVE: break;
    }
    return OP_ORDER;
}

/* Puts the next request of this run on the connection. */
static void conn_start(struct run *run, struct conn *conn, int64_t due_ns)
{
    const struct options *options = run->options;
    char path[512];
    conn->op = pick_op(run);
    conn->n = run->started++;
    if (reads_acks(options)) {
        const struct ack *ack = &run->acks[conn->n];
        conn->out_len = maker_hold(run->maker, ack->n, ack->id, conn->out);
    } else if (conn->op == OP_ORDER) {
        int64_t n = options->first + conn->n;
        conn->out_len = maker_order(run->maker, n, conn->out);
    } else if (conn->op == OP_LIST) {
        snprintf(path, sizeof(path), "/v1/orders?limit=50%s%s%s%s",
                 options->query[0] != '\0' ? "&" : "", options->query,
                 conn->cursor[0] != '\0' ? "&after=" : "", conn->cursor);
        conn->out_len = maker_get(run->maker, path, conn->out);
    } else {
        snprintf(path, sizeof(path), "/v1/orders/%s",
                 run->ids[roll(run) % run->id_count]);
        conn->out_len = maker_get(run->maker, path, conn->out);
    }
    conn->out_at = 0;
    conn->in_len = 0;
    conn->is_busy = true;
    conn->since_ns = due_ns;
    conn_send(run, conn);
}

/* Copies the string after `mark` up to the next quote. */
static bool copy_after(const char *body, size_t len, const char *mark,
                       char *ret, size_t room)
{
    size_t mark_len = strlen(mark);
    const char *at = memmem(body, len, mark, mark_len);
    ret[0] = '\0';
    if (at == NULL)
        return false;
    at += mark_len;
    const char *end = memchr(at, '"', (size_t)(body + len - at));
    if (end == NULL || (size_t)(end - at) >= room)
        return false;
    memcpy(ret, at, (size_t)(end - at));
    ret[end - at] = '\0';
    return true;
}

static void take_order(struct run *run, struct conn *conn, int status,
                       const char *body, size_t len)
{
    char id[ID_BYTES];
    bool is_replay = run->options->mode == MODE_REPLAY;
    bool is_hold = run->options->mode == MODE_HOLD;
    const char *prefix = is_hold ? "hld" : "ord";
    bool has_id = copy_after(
        body, len, is_hold ? "\"id\":\"hld_" : "\"id\":\"ord_", id, sizeof(id));
    if (is_replay) {
        const struct ack *ack = &run->acks[conn->n];
        if (status / 100 != 2 || !has_id || strcmp(id, ack->id) != 0) {
            run->tally.wrong_answers += 1;
            fprintf(stderr, "order %lld: acknowledged ord_%s, now %d %.*s\n",
                    (long long)ack->n, ack->id, status,
                    (int)(len < 300 ? len : 300), body);
        }
    } else if (run->ack_file != NULL && status / 100 == 2 && has_id) {
        fprintf(run->ack_file, "%lld %s_%s\n",
                (long long)(run->options->first + conn->n), prefix, id);
    }
}

static void take_list(struct run *run, struct conn *conn, const char *body,
                      size_t len)
{
    size_t tail = len < 512 ? len : 512;
    /* One walk in sixteen pages begins anew, so that both ends are read. */
    if (!copy_after(body + len - tail, tail, "\"next\":\"", conn->cursor,
                    sizeof(conn->cursor)) ||
        (roll(run) & 15) == 0)
        conn->cursor[0] = '\0';
}

static void conn_done(struct run *run, struct conn *conn, int status,
                      const char *body, size_t len)
{
    int64_t now_ns = clock_ns();
    run->tally.done += 1;
    run->tally.statuses[status] += 1;
    hist_add(&run->tally.hist[conn->op], now_ns - conn->since_ns);
    if (status >= 400)
        tally_code(&run->tally, body, len);
    if (conn->op == OP_ORDER)
        take_order(run, conn, status, body, len);
    else if (conn->op == OP_LIST && status == 200)
        take_list(run, conn, body, len);
    conn->is_busy = false;
    run->idle[run->idle_count++] = conn;
}

/* Value of a header within the head, or -1. */
static long head_number(const char *head, size_t len, const char *name)
{
    const char *at = head;
    const char *end = head + len;
    size_t name_len = strlen(name);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        if ((size_t)(stop - at) > name_len &&
            strncasecmp(at, name, name_len) == 0)
            return strtol(at + name_len, NULL, 10);
        at = stop + 1;
    }
    return -1;
}

/* False where what came is not HTTP. */
static bool conn_parse(struct run *run, struct conn *conn)
{
    char *gap = memmem(conn->in, conn->in_len, "\r\n\r\n", 4);
    if (gap == NULL)
        return conn->in_len < IN_BYTES;
    size_t head = (size_t)(gap - conn->in) + 4;
    long len = head_number(conn->in, head, "content-length:");
    int status = conn->in_len > 12 ? (int)strtol(conn->in + 9, NULL, 10) : 0;
    if (len < 0 || len > 64 * 1024 * 1024 || status < 100 || status > 599)
        return false;
    size_t whole = head + (size_t)len;
    if (conn->in_len < whole) {
        if (conn->in_room < whole) {
            conn->in = realloc(conn->in, whole);
            conn->in_room = whole;
        }
        return conn->in != NULL;
    }
    if (memmem(conn->in, head, "Idempotency-Replayed", 20) != NULL ||
        memmem(conn->in, head, "idempotency-replayed", 20) != NULL)
        run->tally.replays += 1;
    bool is_last = memmem(conn->in, head, "onnection: close", 16) != NULL;
    conn_done(run, conn, status, conn->in + head, (size_t)len);
    if (is_last) {
        run->idle_count -= 1;
        close(conn->fd);
        conn->fd = -1;
        run->alive -= 1;
    }
    return true;
}

static void conn_read(struct run *run, struct conn *conn)
{
    ssize_t got = recv(conn->fd, conn->in + conn->in_len,
                       conn->in_room - conn->in_len, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0 || !conn->is_busy) {
        if (!conn->is_busy) { /* It stands on the idle stack: take it off. */
            for (size_t i = 0; i < run->idle_count; i++)
                if (run->idle[i] == conn)
                    run->idle[i--] = run->idle[--run->idle_count];
        }
        conn_drop(run, conn);
        return;
    }
    conn->in_len += (size_t)got;
    if (!conn_parse(run, conn))
        conn_drop(run, conn);
}

static bool is_over(const struct run *run, int64_t now_ns)
{
    const struct options *options = run->options;
    return (options->count > 0 && run->started >= options->count) ||
           (run->end_ns > 0 && now_ns >= run->end_ns);
}

/* Starts what is due on idle connections; ret: wait at most so many ns. */
static int64_t start_due(struct run *run)
{
    const struct options *options = run->options;
    int64_t now_ns = clock_ns();
    while (run->idle_count > 0 && !is_over(run, now_ns)) {
        int64_t due_ns = now_ns;
        if (options->rate > 0) {
            due_ns = run->start_ns +
                     (int64_t)((double)run->started * 1e9 / options->rate);
            if (due_ns > now_ns)
                return due_ns - now_ns < 50000000 ? due_ns - now_ns : 50000000;
        }
        conn_start(run, run->idle[--run->idle_count], due_ns);
        if (options->rate <= 0)
            now_ns = clock_ns();
    }
    return 50000000;
}

static void connect_again(struct run *run)
{
    if (run->alive == run->options->connections)
        return;
    for (int i = 0; i < run->options->connections; i++)
        if (run->conns[i].fd < 0 && !conn_open(run, &run->conns[i])) {
            usleep(20000);
            return;
        }
}

static void loop(struct run *run)
{
    struct epoll_event events[512];
    int64_t last_ns = clock_ns(); /* When something came in. */
    for (;;) {
        struct timespec wait = {.tv_nsec = start_due(run)};
        bool is_ending = is_over(run, clock_ns());
        if (is_ending && (int)run->idle_count >= run->alive)
            return;
        if (run->alive == 0 && !run->options->keeps_going)
            return;
        int count = epoll_pwait2(run->epoll, events, 512, &wait, NULL);
        if (count > 0)
            last_ns = clock_ns();
        else if (clock_ns() - last_ns > SILENCE_NS)
            return;
        for (int i = 0; i < count; i++) {
            struct conn *conn = events[i].data.ptr;
            if (conn->fd >= 0 && (events[i].events & EPOLLOUT) != 0) {
                struct epoll_event event = {.events = EPOLLIN,
                                            .data.ptr = conn};
                epoll_ctl(run->epoll, EPOLL_CTL_MOD, conn->fd, &event);
                conn_send(run, conn);
            }
            if (conn->fd >= 0 && (events[i].events & ~EPOLLOUT) != 0)
                conn_read(run, conn);
        }
        if (run->options->keeps_going && !is_ending)
            connect_again(run);
    }
}

/* Reads "N ord_X", "N hld_X" (acks) or "ord_X" (detail) lines. */
static bool read_lines(struct run *run, const char *path, bool has_numbers)
{
    FILE *file = fopen(path, "r");
    char line[128];
    size_t room = 0;
    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL) {
        if (run->ack_count + run->id_count >= room) {
            room = room == 0 ? 4096 : room * 2;
            run->acks = realloc(run->acks, room * sizeof(*run->acks));
            run->ids = realloc(run->ids, room * sizeof(*run->ids));
            if (run->acks == NULL || run->ids == NULL)
                abort();
        }
        struct ack *ack = &run->acks[run->ack_count];
        char(*id)[ID_BYTES] = &run->ids[run->id_count];
        if (has_numbers &&
            (sscanf(line, "%ld ord_%31s", &ack->n, ack->id) == 2 ||
             sscanf(line, "%ld hld_%31s", &ack->n, ack->id) == 2))
            run->ack_count += 1;
        else if (!has_numbers && sscanf(line, "%31s", *id) == 1)
            run->id_count += 1;
    }
    fclose(file);
    return true;
}

static bool prepare(struct run *run, struct options *options)
{
    size_t count = (size_t)options->connections;
    if (reads_acks(options)) {
        if (options->acks == NULL || !read_lines(run, options->acks, true))
            return false;
        options->count = (int64_t)run->ack_count;
    } else if (options->acks != NULL) {
        run->ack_file = fopen(options->acks, "w");
        if (run->ack_file) /* Others wait for the first of them. */
            (void)setvbuf(run->ack_file, NULL, _IOLBF, 0);
    }
    if (options->ids != NULL && !read_lines(run, options->ids, false))
        return false;
    bool needs_ids =
        options->mode == MODE_DETAIL || options->mode == MODE_MIXED;
    if (needs_ids && run->id_count == 0)
        return false;
    run->options = options;
    run->maker = maker_open(options);
    run->dice = 88172645463325252U;
    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    run->conns = calloc(count, sizeof(*run->conns));
    run->idle = calloc(count * 2, sizeof(struct conn *));
    if (run->conns == NULL || run->idle == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct conn *conn = &run->conns[i];
        conn->in_room = IN_BYTES;
        conn->in = calloc(1, IN_BYTES);
        conn->fd = -1;
        if (!conn_open(run, conn) && !options->keeps_going)
            return false;
    }
    return true;
}

int load_run(const struct options *given)
{
    struct options options = *given;
    struct run *run = calloc(1, sizeof(*run));
    struct rusage usage;
    if (run == NULL || !prepare(run, &options)) {
        fprintf(stderr, "load: cannot connect or read the given files\n");
        return 2;
    }
    getrusage(RUSAGE_SELF, &usage);
    double before_s =
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    run->start_ns = clock_ns();
    if (options.seconds > 0)
        run->end_ns = run->start_ns + (int64_t)(options.seconds * 1e9);
    if (options.count > 0 || options.seconds > 0)
        loop(run);
    double seconds = (double)(clock_ns() - run->start_ns) / 1e9;
    getrusage(RUSAGE_SELF, &usage);
    double cpu_s =
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6 -
        before_s;
    if (run->ack_file != NULL)
        fclose(run->ack_file);
    tally_print(&run->tally, seconds, cpu_s);
    bool is_whole =
        !reads_acks(&options) || run->tally.done == (int64_t)run->ack_count;
    return run->tally.wrong_answers > 0 || !is_whole ? 1 : 0;
}
