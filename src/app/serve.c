/* serve.c - the command `wharf serve`: store, consumers and HTTP together. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/contract.h"
#include "app/control.h"
#include "app/control_house.h"
#include "app/dispatch.h"
#include "app/metrics.h"
#include "app/outbound_options.h"
#include "app/rooms.h"
#include "app/site.h"
#include "app/tenant.h"
#include "app/tenants.h"
#include "app/toil.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/asker.h"
#include "jobs/feeds.h"
#include "jobs/webhooks.h"
#include "net/http.h"
#include "oms/user/user.h"

enum {
    DRAIN_MS = 20000,
    TOIL_THREADS = 2,
    TOIL_QUEUE = 64,
    ASKING_THREADS = 8, /* Asleep most of their time. */
    ASKING_QUEUE = 16,
    ROUTE_LISTS_MAX = 64,
    TENANT_IDLE_S = 300
};

struct server {
    struct outbound_options outbound;
    struct tenants *tenants;
    struct control *control;
    struct toil *toil, *asking;
    struct dispatcher *dispatcher;
    struct http_server *http;
    const struct route_list *routes[ROUTE_LISTS_MAX];
};

static void on_dispatch(void *arg, struct http_exchange *exchange)
{
    struct server *server = arg;
    dispatch(server->dispatcher, exchange);
}

static err_t on_auth(void *arg, struct ctx *ctx,
                     const struct http_caller *caller,
                     struct http_identity *ret)
{
    struct server *server = arg;
    return tenants_auth(server->tenants, ctx, caller, ret);
}

static bool on_ready(void *arg)
{
    struct server *server = arg;
    return store_is_ready(tenants_first(server->tenants)->store);
}

static void on_metrics(void *arg, struct buf *out)
{
    struct server *server = arg;
    const struct tenant *first = tenants_first(server->tenants);
    metrics_write(first->store, first->consumers, first->timers, out);
    feeds_metrics(first->feeds, out);
    webhooks_metrics(first->webhooks, out);
    asker_metrics(first->labels, out);
    asker_metrics(first->gateways, out);
    tenants_metrics(server->tenants, out);
}

static const char *listen_of(const struct cli *cli)
{
    const char *listen = cli_text(cli, "listen");
    return listen ? listen : "127.0.0.1:8080";
}

static err_t split_listen(struct cli *cli, struct http_config *config)
{
    const char *listen = listen_of(cli);
    const char *colon = strrchr(listen, ':');
    int64_t port;
    if (!colon || !str_to_i64(str_from_cstr(colon + 1), &port) || port < 0 ||
        port > 65535)
        return fail(&cli->ctx, ERR_INVALID, "--listen",
                    "must be ADDRESS:PORT, as 127.0.0.1:8080");
    str address = {listen, (size_t)(colon - listen)};
    config->address = str_to_cstr(cli->arena, address);
    config->port = (int)port;
    return OK;
}

static err_t store_config(struct cli *cli, struct store_config *ret)
{
    TRY(cli_store_config(cli, ret));
    ret->writers = cli_number(cli, "writers", ret->writers);
    ret->cache_mib = cli_number(cli, "cache-mib", ret->cache_mib);
    ret->node = cli_number(cli, "node", 0);
    ret->is_unsafe_allowed = cli_flag(cli, "allow-weak-durability");
    return OK;
}

static err_t open_control(struct ctx *ctx, const struct store_config *store,
                          struct server *server)
{
    const struct control_house house = control_house_of(server->tenants);
    if (store->engine != STORE_SQLITE)
        return OK; /* Commands open PostgreSQL beside us. */
    return control_open(ctx, store->path, &house, &server->control);
}

static err_t start(struct cli *cli, struct server *server)
{
    rooms_routes(server->routes, ROUTE_LISTS_MAX);

    struct http_config config;
    http_config_init(&config);
    TRY(split_listen(cli, &config));
    config.threads = cli_number(cli, "threads", config.threads);
    config.proxy = cli_text(cli, "proxy");
    config.rate_per_s = cli_number(cli, "key-rate", 0);
    config.burst = cli_number(cli, "key-burst", 0);
    config.bytes_max =
        (int64_t)cli_number(cli, "body-mib",
                            LIMIT_BYTES_UNDER_WAY / (1024 * 1024)) *
        1024 * 1024;
    config.routes = server->routes;
    config.auth = on_auth;
    config.dispatch = on_dispatch;
    config.metrics = on_metrics;
    config.ready = on_ready;
    config.contract = (str){(const char *)contract_text, contract_len};
    config.site = &site_built_in;
    config.arg = server;

    struct store_config store;
    TRY(store_config(cli, &store));
    TRY(outbound_options_read(cli, &store, &server->outbound));
    struct tenants_config tenants = {
        .store = &store,
        .webhooks = &server->outbound.webhooks,
        .is_control = cli_flag(cli, "tenants"),
        .idle_s = cli_number(cli, "tenant-idle", TENANT_IDLE_S),
    };
    TRY(tenants_open(&cli->ctx, &tenants, &server->tenants));
    TRY(open_control(&cli->ctx, &store, server));
    server->toil = toil_open(TOIL_THREADS, TOIL_QUEUE);
    server->asking = toil_open(ASKING_THREADS, ASKING_QUEUE);
    struct dispatcher_toil toil = {server->toil, server->asking,
                                   &server->outbound.guard};
    server->dispatcher =
        dispatcher_open(&toil, server->tenants, server->routes);
    return http_open(&cli->ctx, &config, &server->http);
}

static void stop(struct server *server)
{
    if (server->http)
        http_close(server->http, DRAIN_MS);
    control_close(server->control);
    /* What the stores still finish may ask for toil, and is told it is over. */
    if (server->toil)
        toil_stop(server->toil);
    if (server->asking)
        toil_stop(server->asking);
    tenants_close(server->tenants);
    toil_close(server->toil);
    toil_close(server->asking);
    dispatcher_close(server->dispatcher);
    outbound_options_done(&server->outbound);
}

static int run(struct cli *cli)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct server server = {.http = NULL};
    int code = EXIT_FINE;
    if (start(cli, &server) == OK) {
        const char *listen = listen_of(cli);
        str address = {listen, (size_t)(strrchr(listen, ':') - listen)};
        fprintf(cli->out, "wharf " WHARF_VERSION " serves http://%.*s:%d\n",
                STR_ARG(address), http_port(server.http));
        fflush(cli->out);
        int got;
        sigwait(&signals, &got);
        log_line(LOG_INFO, "serve.stopping", "signal %d", got);
    } else {
        code = cli_failed(cli);
    }
    stop(&server);
    return code;
}

/* clang-format off */
static const struct cli_option options[] = {
    {"listen", "ADDRESS:PORT",
     "default 127.0.0.1:8080; port 0 takes a free one and prints it", 0, 0},
    {"proxy", "ADDRESS",
     "believe this address, and no other, what it says of its clients "
     "(X-Forwarded-For, X-Forwarded-Proto)", 0, 0},
    {"key-rate", "N",
     "requests a second of a key that has no limit of its own; default: any",
     1, KEY_RATE_MAX},
    {"key-burst", "N", "how many of them at once; default: those of a second",
     1, KEY_RATE_MAX},
    {"body-mib", "N",
     "memory for bodies of requests under way; one caller gets a quarter; "
     "default 256", 32, 65536},
    {"threads", "N", "HTTP event loops; default: one per core", 1, 16},
    {"writers", "N", "PostgreSQL connections that write; default 4", 1, 16},
    {"cache-mib", "N", "SQLite page cache of the writer; default 128",
     1, 65536},
    {"node", "N", "0 to 31, unique per node of a store", 0, ID_NODES - 1},
    {"tenants", NULL,
     "the store is a control store: serve the tenants it names", 0, 0},
    {"tenant-idle", "SECONDS",
     "close a tenant's store that nobody asked for so long; default 300",
     1, 86400},
    {"key-file", "FILE",
     "seals secrets in the store; default: the store's path with .key, made "
     "on first use; for postgres else the environment's WHARF_KEY_FILE", 0, 0},
    {"allow-private", "HOST[:PORT],…",
     "webhooks may call these names though their addresses are not public",
     0, 0},
    {"webhook-retry", "MS",
     "first wait after a failed call; the others grow with it; default 5000",
     1, 3600000},
    {"webhook-timeout", "MS", "of one call; default 15000", 10, 600000},
    {"allow-weak-durability", NULL, "run on settings that may lose orders",
     0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_serve = {
    .name = "serve",
    .line = "serve the dashboard and the API",
    .usage = "[options]",
    .about = "Serves the API until SIGTERM or SIGINT, then finishes what it "
             "accepted.",
    .examples =
        "wharf serve --store sqlite:/var/lib/wharf/wharf.db\n"
        "wharf serve --store postgres --conninfo-file /etc/wharf/pg.conf",
    .options = options,
    .takes = CLI_STORE,
    .run = run,
};
