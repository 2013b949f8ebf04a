/* cli.c - options, opening the store, saying what went wrong. */
#include "app/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

enum { OPT_WEAK = 256, OPT_CONNINFO, OPT_DRY_RUN, OPT_NODE };

static const struct option options[] = {
    {"store",                 required_argument, NULL, 's'         },
    {"conninfo-file",         required_argument, NULL, OPT_CONNINFO},
    {"listen",                required_argument, NULL, 'l'         },
    {"threads",               required_argument, NULL, 't'         },
    {"writers",               required_argument, NULL, 'w'         },
    {"cache-mib",             required_argument, NULL, 'c'         },
    {"node",                  required_argument, NULL, OPT_NODE    },
    {"name",                  required_argument, NULL, 'n'         },
    {"scopes",                required_argument, NULL, 'p'         },
    {"expires",               required_argument, NULL, 'e'         },
    {"format",                required_argument, NULL, 'f'         },
    {"channel",               required_argument, NULL, 'C'         },
    {"json",                  no_argument,       NULL, 'j'         },
    {"dry-run",               no_argument,       NULL, OPT_DRY_RUN },
    {"allow-weak-durability", no_argument,       NULL, OPT_WEAK    },
    {NULL,                    0,                 NULL, 0           }
};

static bool read_int(const char *text, int min, int max, int *ret)
{
    int64_t value;
    if (!str_to_i64(str_from_cstr(text), &value) || value < min || value > max)
        return false;
    *ret = (int)value;
    return true;
}

static bool set_number(struct cli *cli, int option)
{
    switch (option) {
    case 't': return read_int(optarg, 1, 16, &cli->threads);
    case 'w': return read_int(optarg, 1, 16, &cli->writers);
    case 'c': return read_int(optarg, 1, 65536, &cli->cache_mib);
    case OPT_NODE: return read_int(optarg, 0, ID_NODES - 1, &cli->node);
    default: return false;
    }
}

static bool set_option(struct cli *cli, int option)
{
    switch (option) {
    case 's': cli->store = optarg; return true;
    case OPT_CONNINFO: cli->conninfo_file = optarg; return true;
    case 'l': cli->listen = optarg; return true;
    case 'n': cli->name = optarg; return true;
    case 'p': cli->scopes = optarg; return true;
    case 'e': cli->expires = optarg; return true;
    case 'f': cli->format = optarg; return true;
    case 'C': cli->channel = optarg; return true;
    case 'j': cli->is_json = true; return true;
    case OPT_DRY_RUN: cli->is_dry_run = true; return true;
    case OPT_WEAK: cli->is_weak_allowed = true; return true;
    default: return set_number(cli, option);
    }
}

int cli_read(struct cli *cli, int argc, char **argv)
{
    cli->arena = arena_open();
    cli->ctx.arena = cli->arena;
    cli->ctx.now = clock_now();
    cli->ctx.actor.kind = ACTOR_CLI;
    cli->command = argv[0];
    cli->store = getenv("WHARF_STORE");
    cli->listen = "127.0.0.1:8080";
    optind = 1;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == '?')
            return EXIT_USAGE; /* getopt has said why. */
        if (!set_option(cli, option))
            return cli_usage(cli, "a number is out of its range");
    }
    cli->words = argv + optind;
    cli->word_count = argc - optind;
    return EXIT_FINE;
}

int cli_failed(const struct cli *cli)
{
    const struct err_detail *err = &cli->ctx.err;
    fprintf(stderr, "wharf %s: %s%s%s\n", cli->command, err->field,
            err->field[0] ? ": " : "",
            err->text[0] ? err->text : err_slug(err->code));
    return EXIT_FAILED;
}

int cli_usage(const struct cli *cli, const char *what)
{
    fprintf(stderr, "wharf %s: %s; see 'wharf %s --help'\n", cli->command, what,
            cli->command);
    return EXIT_USAGE;
}

static err_t conninfo(struct cli *cli, const char **ret)
{
    if (!cli->conninfo_file) {
        *ret = getenv("WHARF_PG_CONNINFO");
        if (!*ret || !**ret)
            return fail(&cli->ctx, ERR_INVALID, "--store",
                        "postgres needs --conninfo-file FILE or the "
                        "environment variable WHARF_PG_CONNINFO");
        return OK;
    }
    FILE *file = fopen(cli->conninfo_file, "r");
    if (!file)
        return fail(&cli->ctx, ERR_INVALID, "--conninfo-file",
                    "%s cannot be read", cli->conninfo_file);
    char text[4096];
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    if (len == sizeof text)
        return fail(&cli->ctx, ERR_INVALID, "--conninfo-file",
                    "is longer than 4095 bytes");
    *ret = str_to_cstr(cli->arena, str_trim((str){text, len}));
    return OK;
}

err_t cli_store_config(struct cli *cli, struct store_config *ret)
{
    const char *store = cli->store ? cli->store : "sqlite:wharf.db";
    if (strncmp(store, "sqlite:", 7) == 0 && store[7]) {
        store_config_init(ret, STORE_SQLITE);
        ret->path = store + 7;
    } else if (strcmp(store, "postgres") == 0) {
        store_config_init(ret, STORE_POSTGRES);
        TRY(conninfo(cli, &ret->conninfo));
    } else {
        return fail(&cli->ctx, ERR_INVALID, "--store",
                    "must be sqlite:PATH or postgres");
    }
    if (cli->writers)
        ret->writers = cli->writers;
    if (cli->cache_mib)
        ret->cache_mib = cli->cache_mib;
    ret->node = cli->node;
    ret->is_unsafe_allowed = cli->is_weak_allowed;
    return OK;
}

err_t cli_store_open(struct cli *cli, struct store **ret)
{
    struct store_config config;
    TRY(cli_store_config(cli, &config));
    return store_open(&cli->ctx, &config, ret);
}

err_t cli_store_open_to_read(struct cli *cli, struct store **ret)
{
    struct store_config config;
    TRY(cli_store_config(cli, &config));
    config.is_read_only = true;
    return store_open(&cli->ctx, &config, ret);
}

struct cli_work {
    struct work work;
    cli_work_fn *fn;
    void *arg;
};

static err_t run_work(struct work *work)
{
    struct cli_work *mine = work->arg;
    return mine->fn(&work->ctx, mine->arg);
}

static const struct work_kind cli_kind = {"cli", run_work, NULL};

err_t cli_run(struct cli *cli, struct store *store, enum work_lane lane,
              cli_work_fn *fn, void *arg)
{
    struct cli_work mine = {.fn = fn, .arg = arg};
    mine.work.kind = &cli_kind;
    mine.work.lane = lane;
    mine.work.ctx = cli->ctx;
    mine.work.ctx.now = clock_now();
    mine.work.arg = &mine;
    buf_init(&mine.work.reply, cli->arena, LIMIT_REPLY_BYTES);
    err_t err = store_run(store, &mine.work);
    cli->ctx.err = mine.work.ctx.err;
    return err;
}
