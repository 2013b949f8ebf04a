/* key_file_cmd.c - the command `wharf key-file`: the keys that seal secrets. */
#include <string.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/outbound_options.h"
#include "base/secret.h"
#include "base/str.h"

static int print(struct cli *cli, const char *path)
{
    struct secret_ring *ring;
    if (secret_ring_open(&cli->ctx, path, &ring) != OK)
        return cli_failed(cli);
    fprintf(cli->out, "%s: key %.*s seals, %zu can open\n", path,
            STR_ARG(secret_ring_newest(ring)), secret_ring_count(ring));
    secret_ring_close(ring);
    return EXIT_FINE;
}

static int run(struct cli *cli)
{
    struct store_config store;
    const char *verb = cli_word(cli, 0);
    bool is_rotate = strcmp(verb, "rotate") == 0;
    if (!is_rotate && strcmp(verb, "status") != 0)
        return cli_usage(cli, "say status or rotate");
    if (cli_store_config(cli, &store) != OK)
        return cli_failed(cli);
    const char *path = key_file_path(cli, &store);
    if (!path)
        return cli_usage(cli, "name the file with --key-file");
    if (is_rotate && secret_ring_rotate(&cli->ctx, path) != OK)
        return cli_failed(cli);
    return print(cli, path);
}

/* clang-format off */
static const struct cli_option options[] = {
    {"key-file", "FILE",
     "default: the store's path with .key; for postgres the environment's "
     "WHARF_KEY_FILE", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_key_file = {
    .name = "key-file",
    .line = "the keys that seal secrets in the store",
    .usage = "status [options]\nrotate [options]",
    .about = "Shows or renews the file whose keys seal secrets in the store. "
             "It is made, for its owner alone, where it is missing.\n"
             "rotate puts a new key in front; old ones stay and open what "
             "they sealed. A server that runs takes it at its next start.",
    .examples = "wharf key-file status --store sqlite:wharf.db\n"
                "wharf key-file rotate --key-file /etc/wharf/wharf.key",
    .options = options,
    .takes = CLI_STORE,
    .run = run,
};
