/* user_cmd.c - the command `wharf user`: people who sign in. */
#include <string.h>

#include "app/cli.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/perm.h"
#include "base/str.h"
#include "oms/user/user_people.h"

enum { LIST_PAGE = 250 };

struct user_work {
    struct cli *cli;
    str email;
    struct user_cmd cmd;
    struct user_password password;
    user_id before;
    struct user user;
    struct user *list;
    size_t count;
};

static err_t read_roles(struct cli *cli, struct user_cmd *cmd)
{
    const char *roles = cli_text(cli, "role");
    str rest = str_from_cstr(roles ? roles : "");
    if (rest.len == 0)
        return fail(&cli->ctx, ERR_INVALID, "--role",
                    "name one or more, as admin or warehouse,support");
    while (rest.len > 0) {
        if (cmd->role_count == USER_ROLES_MAX)
            return fail(&cli->ctx, ERR_INVALID, "--role", "at most %d",
                        USER_ROLES_MAX);
        cmd->roles[cmd->role_count++] = str_trim(str_split(rest, ',', &rest));
    }
    return OK;
}

/* ---- in a transaction ---- */

static err_t find(struct ctx *ctx, struct user_work *work)
{
    bool found;
    TRY(user_find(ctx, work->email, &work->user, &found));
    if (!found)
        return fail(ctx, ERR_NOT_FOUND, "--email",
                    "there is no person with this address");
    return OK;
}

/* With its password at once: nobody is left half made. */
static err_t run_create(struct ctx *ctx, void *arg)
{
    struct user_work *work = arg;
    TRY(user_create(ctx, &work->cmd, &work->user));
    return user_set_password(ctx, work->user.id, &work->password, &work->user);
}

static err_t run_password(struct ctx *ctx, void *arg)
{
    struct user_work *work = arg;
    TRY(find(ctx, work));
    return user_set_password(ctx, work->user.id, &work->password, &work->user);
}

static err_t run_active(struct ctx *ctx, struct user_work *work, bool is_active)
{
    TRY(find(ctx, work));
    struct user_change change = {.version = work->user.version,
                                 .granting = PERM_ALL,
                                 .is_active = &is_active};
    return user_change(ctx, work->user.id, &change, &work->user);
}

static err_t run_disable(struct ctx *ctx, void *arg)
{
    return run_active(ctx, arg, false);
}

static err_t run_enable(struct ctx *ctx, void *arg)
{
    return run_active(ctx, arg, true);
}

static err_t run_list(struct ctx *ctx, void *arg)
{
    struct user_work *work = arg;
    return user_list(ctx, work->before, LIST_PAGE, &work->list, &work->count);
}

/* ---- the verbs ---- */

static void print_user(const struct cli *cli, const struct user *user)
{
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("usr", user->id.v, id);
    if (cli_flag(cli, "json")) {
        struct buf buf;
        struct json_out out;
        buf_init(&buf, cli->arena, LIMIT_REPLY_BYTES);
        json_out_init(&out, &buf);
        json_begin(&out, NULL);
        json_put_id(&out, "id", "usr", user->id.v);
        json_put_str(&out, "email", user->email);
        json_put_bool(&out, "is_active", user->is_active);
        json_begin_list(&out, "roles");
        for (size_t i = 0; i < user->role_count; i++)
            json_put_str(&out, NULL, user->roles[i]);
        json_end_list(&out);
        json_end_object(&out);
        fprintf(cli->out, "%.*s\n", STR_ARG(buf_str(&buf)));
        return;
    }
    fprintf(cli->out, "%.*s  %s  %s  %.*s ", (int)len, id,
            user->is_active ? "active  " : "disabled",
            user->password_at ? "password   " : "no password",
            STR_ARG(user->email));
    for (size_t i = 0; i < user->role_count; i++)
        fprintf(cli->out, "%s%.*s", i ? "," : " ", STR_ARG(user->roles[i]));
    fputc('\n', cli->out);
}

static err_t read_hash(struct cli *cli, struct user_work *work)
{
    str password;
    work->password.granting = PERM_ALL;
    TRY(cli_read_password(cli, &password));
    TRY(password_check(&cli->ctx, "password", password));
    return password_make(&cli->ctx, password, &work->password.hash);
}

static err_t read_create(struct cli *cli, struct user_work *work)
{
    const char *name = cli_text(cli, "name");
    work->cmd.email = work->email;
    work->cmd.name = name ? str_from_cstr(name) : work->email;
    work->cmd.granting = PERM_ALL;
    TRY(read_roles(cli, &work->cmd));
    return read_hash(cli, work);
}

static err_t create(struct user_work *work, struct store *store)
{
    TRY(cli_run(work->cli, store, LANE_WRITE, run_create, work));
    print_user(work->cli, &work->user);
    return OK;
}

static err_t password(struct user_work *work, struct store *store)
{
    return cli_run(work->cli, store, LANE_WRITE, run_password, work);
}

static err_t list(struct user_work *work, struct store *store)
{
    struct cli *cli = work->cli;
    do {
        TRY(cli_run(cli, store, LANE_READ, run_list, work));
        for (size_t i = 0; i < work->count; i++)
            print_user(cli, &work->list[i]);
        if (work->count > 0)
            work->before = work->list[work->count - 1].id;
    } while (work->count == LIST_PAGE);
    return OK;
}

static err_t disable(struct user_work *work, struct store *store)
{
    return cli_run(work->cli, store, LANE_WRITE, run_disable, work);
}

static err_t enable(struct user_work *work, struct store *store)
{
    return cli_run(work->cli, store, LANE_WRITE, run_enable, work);
}

static const struct verb {
    const char *name;
    bool needs_email;
    /* Before the store is opened, which may keep others out; may be NULL. */
    err_t (*read)(struct cli *cli, struct user_work *work);
    err_t (*run)(struct user_work *work, struct store *store);
} verbs[] = {
    {"create",   true,  read_create, create  },
    {"list",     false, NULL,        list    },
    {"disable",  true,  NULL,        disable },
    {"enable",   true,  NULL,        enable  },
    {"password", true,  read_hash,   password},
};

static int run(struct cli *cli)
{
    const struct verb *verb = NULL;
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (strcmp(cli_word(cli, 0), verbs[i].name) == 0)
            verb = &verbs[i];
    if (!verb)
        return cli_usage(cli, "say create, list, disable, enable or password");
    const char *email = cli_text(cli, "email");
    if (verb->needs_email && !email)
        return cli_usage(cli, "name the person by --email");
    struct store *store = NULL;
    struct user_work work = {.cli = cli, .email = str_from_cstr(email)};
    err_t err = verb->read ? verb->read(cli, &work) : OK;
    if (err == OK)
        err = verb->run == list ? cli_store_open_to_read(cli, &store)
                                : cli_store_open(cli, &store);
    if (err == OK)
        err = verb->run(&work, store);
    cli_store_close(cli, store);
    return err == OK ? EXIT_FINE : cli_failed(cli);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"email", "ADDRESS", "whom it is about", 0, 0},
    {"name", "NAME", "the person's name (the address where it is left out)", 0, 0},
    {"role", "ROLES",
     "admin, manager, support, viewer, warehouse or roles of your own, "
     "separated by commas", 0, 0},
    {"password-file", "FILE",
     "the password is this file's first line; else it is asked for at the "
     "terminal", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_user = {
    .name = "user",
    .line = "make, list and disable people who sign in",
    .usage = "create --email ADDRESS --role ROLES [options]\n"
             "list\n"
             "disable --email ADDRESS\n"
             "enable --email ADDRESS\n"
             "password --email ADDRESS [options]",
    .about = "create makes a person with a password, also the first admin of "
             "a store; there is no default one. A password is never an "
             "argument: it would stand in the list of processes.\n"
             "disable and password end all sessions of that person. The last "
             "active admin cannot be disabled.",
    .examples = "wharf user create --email ann@shop.example --role admin\n"
                "wharf user password --email ann@shop.example",
    .options = options,
    .takes = CLI_STORE | CLI_JSON | CLI_SERVED,
    .run = run,
};
