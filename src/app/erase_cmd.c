/* erase_cmd.c - the command `wharf erase`: forget a person. */
#include "app/cli.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_erase.h"

struct erase_work {
    struct erase_cmd cmd;
    struct erasure erasure;
};

static err_t run_erase(struct ctx *ctx, void *arg)
{
    struct erase_work *work = arg;
    return change_erase(ctx, &work->cmd, &work->erasure);
}

static void print_erased(struct cli *cli, const struct erasure *erasure)
{
    struct buf buf;
    struct json_out out;
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("cus", erasure->id.v, id);
    buf_init(&buf, cli->arena, LIMIT_BODY_BYTES);
    json_out_init(&out, &buf);
    erasure_write(erasure, &out);
    if (cli_flag(cli, "json")) {
        fprintf(cli->out, "%.*s\n", STR_ARG(buf_str(&buf)));
        return;
    }
    fprintf(cli->out,
            "%.*s is erased: %lld orders and %lld remembered answers emptied\n",
            (int)len, id, (long long)erasure->orders,
            (long long)erasure->replies);
    if (erasure->open_orders > 0)
        fprintf(cli->err, "warning: %lld of the orders were open\n",
                (long long)erasure->open_orders);
}

static int run(struct cli *cli)
{
    struct store *store = NULL;
    struct erase_work work = {.cmd.is_even_open = cli_flag(cli, "even-open")};
    str id = str_from_cstr(cli_word(cli, 0));
    work.cmd.email = str_from_cstr(cli_text(cli, "email"));
    if ((id.len > 0) == (work.cmd.email.len > 0))
        return cli_usage(cli, "say a customer's id or --email, one of them");
    if (id.len > 0 && !id_from_text("cus", id, &work.cmd.id.v))
        return cli_usage(cli, "CUSTOMER must be an id as cus_…");
    err_t err = cli_store_open(cli, &store);
    if (err == OK)
        err = cli_run(cli, store, LANE_WRITE, run_erase, &work);
    if (err == OK)
        print_erased(cli, &work.erasure);
    cli_store_close(cli, store);
    return err == OK ? EXIT_FINE : cli_failed(cli);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"email", "ADDRESS", "the customer who goes by this address", 0, 0},
    {"even-open", NULL, "although orders are still to be fulfilled", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_erase = {
    .name = "erase",
    .line = "forget a person: take who they are out of the store",
    .usage = "CUSTOMER | --email ADDRESS [options]",
    .about =
        "Empties the customer, its keys, addresses, consents and notes, and "
        "what its orders, the order list, the search, holds, credit notes and "
        "remembered answers say of the person. Money, quantities and the fact "
        "of each order stay.\n"
        "Backups made before still hold it all. A second time changes nothing.",
    .examples = "wharf erase cus_01h2x3y4z5a6b\n"
                "wharf erase --email ada@example.org --even-open",
    .options = options,
    .takes = CLI_STORE | CLI_JSON | CLI_SERVED,
    .run = run,
};
