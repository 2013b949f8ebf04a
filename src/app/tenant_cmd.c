/* tenant_cmd.c - the command `wharf tenant`: whom a control store serves. */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/tenant/tenant.h"

enum { LIST_PAGE = 250 };

struct tenant_work {
    struct cli *cli;
    struct tenant_cmd cmd;
    str code;
    enum tenant_state state;
    tenant_id after;
    struct tenant_row row, *list;
    size_t count;
};

static err_t find(struct ctx *ctx, struct tenant_work *work)
{
    bool found;
    TRY(tenant_find(ctx, work->code, &work->row, &found));
    return found ? OK
                 : fail(ctx, ERR_NOT_FOUND, "CODE", "there is no tenant %.*s",
                        STR_ARG(work->code));
}

static err_t run_create(struct ctx *ctx, void *arg)
{
    struct tenant_work *work = arg;
    return tenant_create(ctx, &work->cmd, &work->row);
}

static err_t run_state(struct ctx *ctx, void *arg)
{
    struct tenant_work *work = arg;
    TRY(find(ctx, work));
    struct tenant_change change = {.version = work->row.version,
                                   .state = &work->state};
    return tenant_change(ctx, work->row.id, &change, &work->row);
}

static err_t run_list(struct ctx *ctx, void *arg)
{
    struct tenant_work *work = arg;
    return tenant_list(ctx, work->after, LIST_PAGE, &work->list, &work->count);
}

static void print_row(FILE *out, const struct tenant_row *row)
{
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("ten", row->id.v, id);
    fprintf(out, "%.*s  %-9s  %.*s  %.*s", (int)len, id,
            row->state == TENANT_ACTIVE ? "active" : "suspended",
            STR_ARG(row->code), STR_ARG(row->name));
    for (size_t i = 0; i < row->host_count; i++)
        fprintf(out, "%s%.*s", i ? "," : "  ", STR_ARG(row->hosts[i]));
    fputs("\n", out);
}

static err_t read_create(struct cli *cli, struct tenant_cmd *cmd)
{
    const char *name = cli_text(cli, "name"), *hosts = cli_text(cli, "hosts");
    str rest = str_from_cstr(hosts ? hosts : "");
    str *list = arena_array(cli->arena, str, TENANT_HOSTS + 1);
    cmd->code = str_from_cstr(cli_word(cli, 1));
    cmd->name = name ? str_from_cstr(name) : cmd->code;
    cmd->hosts = list;
    while (rest.len > 0) {
        if (cmd->host_count > TENANT_HOSTS)
            return fail(&cli->ctx, ERR_INVALID, "--hosts", "at most %d",
                        TENANT_HOSTS);
        list[cmd->host_count++] = str_trim(str_split(rest, ',', &rest));
    }
    return OK;
}

static err_t list_all(struct tenant_work *work, struct store *store)
{
    do {
        TRY(cli_run(work->cli, store, LANE_READ, run_list, work));
        for (size_t i = 0; i < work->count; i++)
            print_row(work->cli->out, &work->list[i]);
        if (work->count > 0)
            work->after = work->list[work->count - 1].id;
    } while (work->count == LIST_PAGE);
    return OK;
}

static err_t run_verb(struct tenant_work *work, struct store *store,
                      const char *verb)
{
    struct cli *cli = work->cli;
    if (strcmp(verb, "list") == 0)
        return list_all(work, store);
    if (strcmp(verb, "create") == 0) {
        TRY(read_create(cli, &work->cmd));
        TRY(cli_run(cli, store, LANE_WRITE, run_create, work));
    } else {
        work->code = str_from_cstr(cli_word(cli, 1));
        work->state =
            strcmp(verb, "resume") == 0 ? TENANT_ACTIVE : TENANT_SUSPENDED;
        TRY(cli_run(cli, store, LANE_WRITE, run_state, work));
    }
    print_row(cli->out, &work->row);
    return OK;
}

static int run(struct cli *cli)
{
    const char *verb = cli_word(cli, 0);
    bool is_list = strcmp(verb, "list") == 0;
    if (!is_list && strcmp(verb, "create") != 0 &&
        strcmp(verb, "suspend") != 0 && strcmp(verb, "resume") != 0)
        return cli_usage(cli, "say create, list, suspend or resume");
    if (!is_list && !cli_word(cli, 1)[0])
        return cli_usage(cli, "name the tenant by its code");
    struct store *store = NULL;
    struct tenant_work work = {.cli = cli};
    err_t err = is_list ? cli_store_open_to_read(cli, &store)
                        : cli_store_open(cli, &store);
    if (err == OK)
        err = run_verb(&work, store, verb);
    cli_store_close(cli, store);
    return err == OK ? EXIT_FINE : cli_failed(cli);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"name", "NAME", "what people call it; its code by default", 0, 0},
    {"hosts", "HOSTS",
     "host names that lead to it, as shop.example.com,shop.example.org", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_tenant = {
    .name = "tenant",
    .line = "make, list, suspend and resume tenants",
    .usage = "create CODE [--name NAME] [--hosts HOSTS]\n"
             "list\n"
             "suspend CODE\n"
             "resume CODE",
    .about =
        "The store is a control store; 'wharf serve --tenants' serves it. Each "
        "tenant has a store of its own beside it, made when it is first used: "
        "other commands reach it with --tenant CODE.\n"
        "A suspended tenant is refused with 403; nothing of it is lost.",
    .examples =
        "wharf tenant create acme --name 'Acme Ltd' --hosts acme.example.com\n"
        "wharf key create --tenant acme --name shop --scopes all\n"
        "wharf serve --tenants",
    .options = options,
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
