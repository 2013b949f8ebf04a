/* load.h - the load generator: one thread, many keep-alive connections.
 *
 * It shares two cores with what it measures, so it does little: each request
 * is a prebuilt template with a few fixed-width fields written over, sent with
 * one call and read with one. It links nothing but libc. Every body is a pure
 * function of its number, so that a later run can repeat it byte for byte.
 */
#ifndef WHARF_BENCH_LOAD_H
#define WHARF_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum load_mode {
    MODE_INTAKE = 1, /* POST /v1/orders, two lines of many SKUs. */
    MODE_SURGE,      /* The same with one unit of one SKU. */
    MODE_LIST,       /* Pages of 50, walking down. */
    MODE_DETAIL,     /* Single orders at random from --ids. */
    MODE_MIXED,      /* Half intake, a quarter list, a quarter detail. */
    MODE_REPLAY,     /* Repeats what --acks names; same answers wanted. */
    MODE_HOLD,       /* POST /v1/holds, one unit of one SKU. */
    MODE_CONFIRM,    /* Orders that name the holds of --acks. */
    MODE_RELEASE,    /* Deletes the holds of --acks. */
    MODE_IDLE,       /* Opens connections and says nothing. */
    MODE_SLOW,       /* Sends one byte at a time. */
    MODE_LEAVE       /* Sends an order and goes before the reply. */
};

enum load_op { OP_ORDER = 0, OP_LIST, OP_DETAIL, OP_COUNT };

struct options {
    enum load_mode mode;
    const char *host;
    int port;
    const char *key; /* API key. */
    int connections;
    int64_t count;  /* 0: no limit. */
    double seconds; /* 0: no limit. */
    double rate;    /* Requests a second over all; 0: as fast as answered. */
    int64_t first;  /* Number of the first order. */
    bool is_random; /* External ids in random order. */
    bool has_other_keys; /* Idempotency keys of a second kind. */
    bool keeps_going;    /* Connects again instead of giving a connection up. */
    int skus;
    const char *channel;
    const char *sku;   /* Surge: the one SKU. */
    const char *query; /* List: what to add to the query. */
    const char *acks;  /* Acknowledged orders: written, or read by replay. */
    const char *ids;   /* Order ids, one a line. */
};

/* ---- hist.c: latencies to 1 %, in fixed room ---- */

enum { HIST_SUB = 128, HIST_SLOTS = 40 * HIST_SUB };
struct hist {
    int64_t count;
    int64_t max_ns;
    uint32_t slots[HIST_SLOTS];
};
void hist_add(struct hist *hist, int64_t ns);
double hist_ms(const struct hist *hist, double part);

/* ---- make.c: requests ---- */

struct maker;
enum { REQUEST_BYTES = 4096 };
struct maker *maker_open(const struct options *options);
/* The whole request of order number n into ret; returns its length. */
size_t maker_order(const struct maker *maker, int64_t n, char *ret);
/* The same of a mode that names a hold: 13 digits of its id. */
size_t maker_hold(const struct maker *maker, int64_t n, const char *id,
                  char *ret);
size_t maker_get(const struct maker *maker, const char *path, char *ret);

/* ---- tally.c: what came back ---- */

enum { TALLY_CODES = 24, CODE_BYTES = 48 };
struct tally {
    struct hist hist[OP_COUNT];
    int64_t statuses[600];
    struct {
        char code[CODE_BYTES];
        int64_t count;
    } codes[TALLY_CODES]; /* `code` of problem+json. */
    int64_t done, failed_connections, refused_connects, replays;
    int64_t wrong_answers; /* Replay: another order than acknowledged. */
};
void tally_code(struct tally *tally, const char *body, size_t len);
void tally_print(const struct tally *tally, double seconds, double cpu_s);

/* ---- wire.c and rude.c: the runs ---- */

int64_t clock_ns(void);
/* A connected socket, or -1. Non-blocking unless told. */
int wire_connect(const struct options *options, bool is_blocking);
int load_run(const struct options *options);
int load_rude(const struct options *options);

#endif
