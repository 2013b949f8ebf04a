/* outbound_options.c - key file, address guard and retries of `serve`. */
#include "app/outbound_options.h"

#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "store/store.h"

enum { ALLOWED_MAX = 64 };

const char *key_file_path(struct cli *cli, const struct store_config *store)
{
    const char *path = cli_text(cli, "key-file");
    if (path)
        return cli_path(cli, path);
    path = getenv("WHARF_KEY_FILE");
    if (path && *path)
        return path;
    if (store->engine != STORE_SQLITE || strcmp(store->path, ":memory:") == 0)
        return NULL;
    return str_to_cstr(cli->arena,
                       str_printf(cli->arena, "%s.key", store->path));
}

static err_t read_allowed(struct cli *cli, struct call_guard *ret)
{
    str rest = str_from_cstr(cli_text(cli, "allow-private"));
    str *at = arena_array(cli->arena, str, ALLOWED_MAX);
    ret->allowed = at;
    while (rest.len > 0) {
        str one = str_trim(str_split(rest, ',', &rest));
        const char *why = call_guard_check(one);
        if (!why && ret->count == ALLOWED_MAX)
            why = "names too many";
        if (why)
            return fail(&cli->ctx, ERR_INVALID, "--allow-private", "%.*s %s",
                        STR_ARG(one), why);
        at[ret->count++] = one;
    }
    return OK;
}

err_t outbound_options_read(struct cli *cli, struct store_config *store,
                            struct outbound_options *ret)
{
    const char *path = key_file_path(cli, store);
    TRY(read_allowed(cli, &ret->guard));
    if (path)
        TRY(secret_ring_open(&cli->ctx, path, &ret->secrets));
    store->secrets = ret->secrets;
    ret->webhooks = (struct webhooks_config){
        .guard = &ret->guard,
        .first_retry_ms = cli_number(cli, "webhook-retry", 0),
        .timeout_ms = cli_number(cli, "webhook-timeout", 0),
    };
    return OK;
}

void outbound_options_done(struct outbound_options *options)
{
    secret_ring_close(options->secrets);
}
