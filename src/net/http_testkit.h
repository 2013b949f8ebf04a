/* http_testkit.h - a real server on a free port and raw sockets; for tests.
 *
 * The dispatcher hands every request to a worker thread, which runs the route
 * and replies. While the kit is held, requests wait there.
 */
#ifndef WHARF_NET_HTTP_TESTKIT_H
#define WHARF_NET_HTTP_TESTKIT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"
#include "net/http.h"

enum { KIT_QUEUE = 4096 };

struct kit {
    struct ctx ctx;
    struct http_config config; /* Change it before kit_start(). */
    struct http_server *server;
    pthread_t worker;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_exchange *queue[KIT_QUEUE]; /* A ring. */
    size_t first, count;
    bool is_held, is_ending, is_inline;
    atomic_int dispatched;
    atomic_bool is_ready;
};

struct kit_reply {
    int status;
    str head, body; /* In the kit's arena. */
};

struct kit *kit_open(void);
void kit_start(struct kit *kit);
/* Stops server and worker and frees everything. */
void kit_close(struct kit *kit);
void kit_hold(struct kit *kit, bool is_held);
/* Until that many requests have reached the dispatcher; false after 5 s. */
bool kit_wait_dispatched(const struct kit *kit, int count);

int kit_connect(const struct kit *kit);
void kit_send(int fd, const char *text);
/* The next reply on that connection; false at its end. */
bool kit_reply(struct kit *kit, int fd, struct kit_reply *ret);
/* True if the server closes within timeout_ms; bytes before it are dropped. */
bool kit_is_closed(int fd, int timeout_ms);
/* Connects, sends, reads one reply, closes. Status 0 without a reply. */
struct kit_reply kit_ask(struct kit *kit, const char *text);
/* The value of that header, or STR_NONE. */
str kit_header(const struct kit_reply *reply, const char *name);
/* The value of "code" in a problem, or STR_NONE. */
str kit_code(const struct kit_reply *reply);

#endif
