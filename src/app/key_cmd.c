/* key_cmd.c - the command `wharf key`: API keys made, listed, rotated, ended.
 */
#include <string.h>

#include "app/cli.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "oms/user/user.h"

enum { LIST_PAGE = 250, DAY_S = 24 * 60 * 60 };

struct key_work {
    struct cli *cli;
    struct key_cmd cmd;
    struct key_rotation rotation;
    key_id id;
    struct api_key key;
    str text;
    struct api_key *list;
    size_t count;
};

static err_t read_scopes(struct cli *cli, unsigned *ret)
{
    unsigned perms = 0;
    str rest = str_from_cstr(cli_text(cli, "scopes")), word;
    if (rest.len == 0)
        return fail(&cli->ctx, ERR_INVALID, "--scopes",
                    "name them, as orders:read,orders:write, or all");
    while (rest.len > 0) {
        enum perm perm;
        word = str_trim(str_split(rest, ',', &rest));
        if (str_equal_cstr(word, "all"))
            perms |= PERM_ALL;
        else if (perm_from_str(word, &perm))
            perms |= (unsigned)perm;
        else
            return fail(&cli->ctx, ERR_INVALID, "--scopes",
                        "there is no scope '%.*s'", STR_ARG(word));
    }
    *ret = perms;
    return OK;
}

static err_t read_create(struct cli *cli, struct key_cmd *cmd)
{
    cmd->name = str_from_cstr(cli_text(cli, "name"));
    cmd->granting = PERM_ALL;
    TRY(read_scopes(cli, &cmd->perms));
    const char *expires = cli_text(cli, "expires");
    if (expires && !time_from_text(str_from_cstr(expires), &cmd->expires_at))
        return fail(&cli->ctx, ERR_INVALID, "--expires",
                    "must be a time as 2027-01-01T00:00:00Z");
    cmd->rate_per_s = cli_number(cli, "rate", 0);
    cmd->burst = cli_number(cli, "burst", 0);
    return OK;
}

static err_t read_id(struct cli *cli, key_id *ret)
{
    if (id_from_text("key", str_from_cstr(cli_word(cli, 1)), &ret->v))
        return OK;
    return fail(&cli->ctx, ERR_INVALID, "KEY_ID",
                "must be an id as key_…; see 'wharf key list'");
}

static err_t run_create(struct ctx *ctx, void *arg)
{
    struct key_work *work = arg;
    return key_create(ctx, &work->cmd, &work->key, &work->text);
}

static err_t run_list(struct ctx *ctx, void *arg)
{
    struct key_work *work = arg;
    return key_list(ctx, work->id, LIST_PAGE, &work->list, &work->count);
}

static err_t run_revoke(struct ctx *ctx, void *arg)
{
    struct key_work *work = arg;
    return key_revoke(ctx, work->id, PERM_ALL, &work->key);
}

static err_t run_rotate(struct ctx *ctx, void *arg)
{
    struct key_work *work = arg;
    return key_rotate(ctx, work->id, &work->rotation, &work->key, &work->text);
}

static void print_created(const struct key_work *work)
{
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("key", work->key.id.v, id);
    if (cli_flag(work->cli, "json"))
        fprintf(work->cli->out, "{\"id\":\"%.*s\",\"key\":\"%.*s\"}\n",
                (int)len, id, STR_ARG(work->text));
    else
        fprintf(work->cli->out, "%.*s\n", STR_ARG(work->text));
}

static void print_list(const struct key_work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        const struct api_key *key = &work->list[i];
        char id[ID_TEXT_BYTES], at[TIME_TEXT_BYTES];
        size_t len = id_to_text("key", key->id.v, id);
        time_to_text(key->created_at, at);
        fprintf(work->cli->out, "%.*s  %.*s  …%.*s  %s  %.*s\n", (int)len, id,
                TIME_TEXT_BYTES, at, STR_ARG(key->hint),
                key->revoked_at ? "revoked" : "live   ", STR_ARG(key->name));
    }
}

/* ---- the verbs ---- */

static err_t create(struct key_work *work, struct store *store)
{
    TRY(read_create(work->cli, &work->cmd));
    TRY(cli_run(work->cli, store, LANE_WRITE, run_create, work));
    print_created(work);
    return OK;
}

static err_t rotate(struct key_work *work, struct store *store)
{
    struct cli *cli = work->cli;
    TRY(read_id(cli, &work->id));
    work->rotation = (struct key_rotation){
        .overlap_s = cli_number(cli, "overlap", DAY_S), .granting = PERM_ALL};
    TRY(cli_run(cli, store, LANE_WRITE, run_rotate, work));
    print_created(work);
    return OK;
}

static err_t revoke(struct key_work *work, struct store *store)
{
    TRY(read_id(work->cli, &work->id));
    return cli_run(work->cli, store, LANE_WRITE, run_revoke, work);
}

static err_t list(struct key_work *work, struct store *store)
{
    do {
        TRY(cli_run(work->cli, store, LANE_READ, run_list, work));
        print_list(work);
        if (work->count > 0)
            work->id = work->list[work->count - 1].id;
    } while (work->count == LIST_PAGE);
    return OK;
}

static const struct verb {
    const char *name;
    err_t (*run)(struct key_work *work, struct store *store);
} verbs[] = {
    {"create", create},
    {"list",   list  },
    {"rotate", rotate},
    {"revoke", revoke},
};

static int run(struct cli *cli)
{
    const struct verb *verb = NULL;
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (strcmp(cli_word(cli, 0), verbs[i].name) == 0)
            verb = &verbs[i];
    if (!verb)
        return cli_usage(cli, "say create, list, rotate or revoke");
    struct store *store = NULL;
    struct key_work work = {.cli = cli};
    err_t err = verb->run == list ? cli_store_open_to_read(cli, &store)
                                  : cli_store_open(cli, &store);
    if (err == OK)
        err = verb->run(&work, store);
    cli_store_close(cli, store);
    return err == OK ? EXIT_FINE : cli_failed(cli);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"name", "NAME", "what the key is for", 0, 0},
    {"scopes", "SCOPES",
     "what it may do: a list as orders:read,orders:write, or all; "
     "'wharf routes' shows the scope of each endpoint", 0, 0},
    {"expires", "TIME", "RFC 3339, as 2027-01-01T00:00:00Z", 0, 0},
    {"rate", "N", "requests a second; default: what the server gives",
     1, KEY_RATE_MAX},
    {"burst", "N", "how many of them at once; default: those of a second",
     1, KEY_RATE_MAX},
    {"overlap", "SECONDS",
     "how long the secret until now still works beside the new one; 0 ends "
     "all old ones; default 86400", 0, KEY_OVERLAP_MAX_S},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_key = {
    .name = "key",
    .line = "make, list, rotate and revoke API keys",
    .usage = "create --name NAME --scopes SCOPES [options]\n"
             "list\n"
             "rotate KEY_ID [--overlap SECONDS]\n"
             "revoke KEY_ID",
    .about = "create and rotate print the key once; only its hash is stored.",
    .examples =
        "wharf key create --name shop --scopes orders:read,orders:write\n"
        "wharf key list\n"
        "wharf key rotate key_01h2x3y4z5a6b --overlap 3600\n"
        "wharf key revoke key_01h2x3y4z5a6b",
    .options = options,
    .takes = CLI_STORE | CLI_JSON | CLI_SERVED,
    .run = run,
};
