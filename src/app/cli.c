/* cli.c - options, opening the store, saying what went wrong. */
#include "app/cli.h"

#include <stdlib.h>
#include <string.h>

#include "app/cli_tenant.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

/* ---- options ---- */

/* clang-format off */
static const struct cli_option store_options[] = {
    {"store", "URL",
     "sqlite:PATH or postgres; else the environment's WHARF_STORE, else "
     "sqlite:wharf.db", 0, 0},
    {"conninfo-file", "FILE",
     "a file with the libpq connection string; else the environment's "
     "WHARF_PG_CONNINFO", 0, 0},
    {"tenant", "CODE",
     "whose store is meant, where --store names a control store", 0, 0},
};
/* clang-format on */

static const struct cli_option json_option = {"json", NULL,
                                              "print JSON for programs", 0, 0};

static size_t own_count(const struct cli_command *command)
{
    size_t count = 0;
    while (command->options && command->options[count].name)
        count++;
    return count;
}

const struct cli_option *cli_option_at(const struct cli_command *command,
                                       size_t n)
{
    size_t own = own_count(command);
    if (n < own)
        return &command->options[n];
    n -= own;
    if (command->takes & CLI_STORE) {
        if (n < COUNT_OF(store_options))
            return &store_options[n];
        n -= COUNT_OF(store_options);
    }
    return command->takes & CLI_JSON && n == 0 ? &json_option : NULL;
}

/* Its number; -1 if the command has no such option. */
static int option_find(const struct cli_command *command, str name)
{
    const struct cli_option *option;
    for (int i = 0; (option = cli_option_at(command, (size_t)i)) != NULL; i++)
        if (str_equal_cstr(name, option->name))
            return i;
    return -1;
}

static int option_get(const struct cli *cli, const char *name)
{
    int number = option_find(cli->command, str_from_cstr(name));
    ASSERT(number >= 0);
    return number;
}

const char *cli_text(const struct cli *cli, const char *name)
{
    return cli->values[option_get(cli, name)];
}

bool cli_flag(const struct cli *cli, const char *name)
{
    return cli_text(cli, name) != NULL;
}

int cli_number(const struct cli *cli, const char *name, int otherwise)
{
    int64_t value;
    const char *text = cli_text(cli, name);
    if (!text)
        return otherwise;
    bool is_number = str_to_i64(str_from_cstr(text), &value);
    ASSERT(is_number); /* cli_open has looked. */
    return (int)value;
}

const char *cli_word(const struct cli *cli, int n)
{
    return n < cli->word_count ? cli->words[n] : "";
}

const char *cli_path(const struct cli *cli, const char *path)
{
    if (!cli->dir || path[0] == '/')
        return path;
    return str_to_cstr(cli->arena,
                       str_printf(cli->arena, "%s/%s", cli->dir, path));
}

static int off(const struct cli *cli, str word, const char *what)
{
    str text = str_printf(cli->arena, "--%.*s %s", STR_ARG(word), what);
    return cli_usage(cli, str_to_cstr(cli->arena, text));
}

static int check_value(const struct cli *cli, const struct cli_option *option,
                       const char *value)
{
    int64_t number;
    if (option->least == 0 && option->most == 0)
        return EXIT_FINE;
    if (str_to_i64(str_from_cstr(value), &number) && number >= option->least &&
        number <= option->most)
        return EXIT_FINE;
    str what = str_printf(cli->arena, "must be a number from %d to %d",
                          option->least, option->most);
    return off(cli, str_from_cstr(option->name), str_to_cstr(cli->arena, what));
}

/* One "--name", "--name=value" or "--name value" at argv[*at]. */
static int read_option(struct cli *cli, int argc, char **argv, int *at)
{
    str rest = str_from_cstr(argv[*at] + 2);
    bool is_joined = memchr(rest.ptr, '=', rest.len) != NULL;
    str value, name = str_split(rest, '=', &value);
    int number = option_find(cli->command, name);
    if (number < 0)
        return off(cli, name, "is not an option of this command");
    const struct cli_option *option =
        cli_option_at(cli->command, (size_t)number);
    if (!option->value) {
        cli->values[number] = "";
        return is_joined ? off(cli, name, "takes no value") : EXIT_FINE;
    }
    if (!is_joined && *at + 1 == argc)
        return off(cli, name, "needs a value");
    cli->values[number] = is_joined ? value.ptr : argv[++*at];
    return check_value(cli, option, cli->values[number]);
}

int cli_open(struct cli *cli, const struct cli_command *command, int argc,
             char **argv)
{
    cli->command = command;
    cli->arena = arena_open();
    cli->ctx.arena = cli->arena;
    cli->ctx.now = clock_now();
    cli->ctx.actor.kind = ACTOR_CLI;
    cli->words = arena_array(cli->arena, char *, (size_t)argc + 1);
    bool is_over = false;
    for (int i = 0; i < argc; i++) {
        if (is_over || argv[i][0] != '-' || argv[i][1] == '\0') {
            cli->words[cli->word_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            is_over = true;
        } else if (argv[i][1] != '-') {
            return cli_usage(cli, "options are written out, as --store");
        } else {
            int code = read_option(cli, argc, argv, &i);
            if (code != EXIT_FINE)
                return code;
        }
    }
    return EXIT_FINE;
}

void cli_close(struct cli *cli)
{
    arena_close(cli->arena);
    cli->arena = NULL;
}

/* ---- what went wrong ---- */

int cli_failed(const struct cli *cli)
{
    const struct err_detail *err = &cli->ctx.err;
    fprintf(cli->err, "wharf %s: %s%s%s\n", cli->command->name, err->field,
            err->field[0] ? ": " : "",
            err->text[0] ? err->text : err_slug(err->code));
    return EXIT_FAILED;
}

int cli_usage(const struct cli *cli, const char *what)
{
    fprintf(cli->err, "wharf %s: %s; see 'wharf %s --help'\n",
            cli->command->name, what, cli->command->name);
    return EXIT_USAGE;
}

/* ---- work ---- */

err_t cli_run(struct cli *cli, struct store *store, enum work_lane lane,
              store_call_fn *fn, void *arg)
{
    if (cli->is_stopped && atomic_load(cli->is_stopped))
        return fail_as(&cli->ctx, ERR_BUSY, "stopped", "",
                       "stopped before the end");
    cli->ctx.now = clock_now();
    return store_call(&cli->ctx, store, lane, "cli", fn, arg);
}

/* ---- the store ---- */

static err_t conninfo(struct cli *cli, const char **ret)
{
    const char *path = cli_text(cli, "conninfo-file");
    if (!path) {
        *ret = getenv("WHARF_PG_CONNINFO");
        if (!*ret || !**ret)
            return fail(&cli->ctx, ERR_INVALID, "--store",
                        "postgres needs --conninfo-file FILE or the "
                        "environment variable WHARF_PG_CONNINFO");
        return OK;
    }
    FILE *file = fopen(cli_path(cli, path), "r");
    if (!file)
        return fail(&cli->ctx, ERR_INVALID, "--conninfo-file",
                    "%s cannot be read", path);
    char text[4096];
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    if (len == sizeof text)
        return fail(&cli->ctx, ERR_INVALID, "--conninfo-file",
                    "is longer than 4095 bytes");
    *ret = str_to_cstr(cli->arena, str_trim((str){text, len}));
    return OK;
}

err_t cli_store_place(struct cli *cli, struct store_config *ret)
{
    const char *store = cli_text(cli, "store");
    if (!store)
        store = getenv("WHARF_STORE");
    if (!store)
        store = "sqlite:wharf.db";
    if (strncmp(store, "sqlite:", 7) == 0 && store[7]) {
        store_config_init(ret, STORE_SQLITE);
        ret->path = cli_path(cli, store + 7);
    } else if (strcmp(store, "postgres") == 0) {
        store_config_init(ret, STORE_POSTGRES);
        TRY(conninfo(cli, &ret->conninfo));
    } else {
        return fail(&cli->ctx, ERR_INVALID, "--store",
                    "must be sqlite:PATH or postgres");
    }
    return OK;
}

err_t cli_store_config(struct cli *cli, struct store_config *ret)
{
    const char *tenant = cli_text(cli, "tenant");
    TRY(cli_store_place(cli, ret));
    return tenant ? cli_tenant_config(cli, tenant, ret) : OK;
}

err_t cli_store_open(struct cli *cli, struct store **ret)
{
    if (cli->host) {
        *ret = cli->host->store;
        return OK;
    }
    struct store_config config;
    TRY(cli_store_config(cli, &config));
    config.secrets = cli->secrets;
    cli->is_tenant_written = cli_text(cli, "tenant") != NULL;
    return store_open(&cli->ctx, &config, ret);
}

err_t cli_store_open_to_read(struct cli *cli, struct store **ret)
{
    if (cli->host)
        return cli_store_open(cli, ret);
    struct store_config config;
    TRY(cli_store_config(cli, &config));
    config.is_read_only = true;
    return store_open(&cli->ctx, &config, ret);
}

void cli_store_close(struct cli *cli, struct store *store)
{
    if (cli->host)
        return;
    if (store && cli->is_tenant_written)
        cli_tenant_publish(cli, store);
    store_close(store);
}
