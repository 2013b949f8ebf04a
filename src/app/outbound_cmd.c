/* outbound_cmd.c - the command `wharf outbound`: the switch for calls to the
 * outside world.
 */
#include <string.h>

#include "app/cli.h"
#include "app/commands.h"
#include "base/str.h"
#include "base/time.h"
#include "store/epoch.h"

struct switching {
    struct outbound_cmd cmd;
    struct outbound outbound;
};

static err_t run_get(struct ctx *ctx, void *arg)
{
    struct switching *switching = arg;
    return outbound_get(ctx, &switching->outbound);
}

static err_t run_set(struct ctx *ctx, void *arg)
{
    struct switching *switching = arg;
    return outbound_set(ctx, &switching->cmd, &switching->outbound);
}

static void print(struct cli *cli, const struct outbound *outbound)
{
    char at[TIME_TEXT_BYTES];
    time_to_text(outbound->changed_at, at);
    fprintf(cli->out, "outbound work %s since %.*s%s%.*s\n",
            outbound->is_paused ? "is paused" : "runs", TIME_TEXT_BYTES, at,
            outbound->reason.len > 0 ? ": " : "", STR_ARG(outbound->reason));
}

static int run(struct cli *cli)
{
    const char *verb = cli_word(cli, 0), *reason = cli_text(cli, "reason");
    struct switching switching = {.cmd.is_paused = strcmp(verb, "pause") == 0};
    bool is_read = strcmp(verb, "status") == 0;
    if (!is_read && !switching.cmd.is_paused && strcmp(verb, "resume") != 0)
        return cli_usage(cli, "say status, pause or resume");
    if (switching.cmd.is_paused)
        switching.cmd.reason = str_from_cstr(reason ? reason : "by hand");
    if (switching.cmd.reason.len > LIMIT_REASON_BYTES)
        return cli_usage(cli, "--reason is too long");
    struct store *store = NULL;
    err_t err = is_read ? cli_store_open_to_read(cli, &store)
                        : cli_store_open(cli, &store);
    if (err == OK)
        err = cli_run(cli, store, is_read ? LANE_READ : LANE_WRITE,
                      is_read ? run_get : run_set, &switching);
    if (err == OK)
        print(cli, &switching.outbound);
    cli_store_close(cli, store);
    return err == OK ? EXIT_FINE : cli_failed(cli);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"reason", "TEXT", "why it is paused, for those who find it so", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_outbound = {
    .name = "outbound",
    .line = "pause and resume calls to the outside world",
    .usage = "status\n"
             "pause [--reason TEXT]\n"
             "resume",
    .about =
        "While outbound work is paused nothing leaves: no webhook, no call to "
        "a carrier or gateway, no mail. What is due waits. A restored store "
        "starts paused: look what the others know first, then resume.",
    .examples = "wharf outbound status\n"
                "wharf outbound pause --reason \"carrier is down\"\n"
                "wharf outbound resume",
    .options = options,
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
