/* cli_tenant.c - from a control store to one of its tenants and back. */
#include "app/cli_tenant.h"

#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "app/tenants.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/tenant/tenant.h"
#include "oms/user/user.h"
#include "store/store.h"

struct lookup {
    str code;
    struct tenant_row row;
    bool is_found;
};

static err_t look_up(struct ctx *ctx, void *arg)
{
    struct lookup *lookup = arg;
    return tenant_find(ctx, lookup->code, &lookup->row, &lookup->is_found);
}

static err_t find(struct cli *cli, const struct store_config *control,
                  struct lookup *lookup)
{
    struct store_config config = *control;
    struct store *store;
    config.is_read_only = true;
    TRY(store_open(&cli->ctx, &config, &store));
    err_t err = cli_run(cli, store, LANE_READ, look_up, lookup);
    store_close(store);
    return err;
}

err_t cli_tenant_config(struct cli *cli, const char *code,
                        struct store_config *config)
{
    struct store_config control = *config;
    struct lookup lookup = {.code = str_from_cstr(code)};
    TRY(find(cli, &control, &lookup));
    if (!lookup.is_found)
        return fail(&cli->ctx, ERR_NOT_FOUND, "--tenant",
                    "there is no tenant '%s'", code);
    tenants_store_config(cli->arena, &control, lookup.code, config);
    return tenants_folder_make(&cli->ctx, config);
}

struct publishing {
    struct cli *cli;
    struct lookup lookup;
    unsigned char *hashes;
    size_t count;
};

static err_t read_hashes(struct ctx *ctx, void *arg)
{
    struct publishing *my = arg;
    struct key_entry *keys;
    TRY(key_directory_load(ctx, &keys, &my->count));
    my->hashes = arena_alloc(my->cli->arena, my->count * TENANT_HASH_BYTES + 1);
    for (size_t i = 0; i < my->count; i++)
        memcpy(&my->hashes[i * TENANT_HASH_BYTES], keys[i].hash,
               TENANT_HASH_BYTES);
    return OK;
}

static err_t add_hashes(struct ctx *ctx, void *arg)
{
    struct publishing *my = arg;
    TRY(look_up(ctx, &my->lookup));
    return tenant_credential_add(ctx, my->lookup.row.id, my->hashes, my->count);
}

static err_t publish(struct cli *cli, struct store *store,
                     struct publishing *my)
{
    struct store_config config;
    struct store *control;
    TRY(cli_run(cli, store, LANE_READ, read_hashes, my));
    TRY(cli_store_place(cli, &config));
    TRY(store_open(&cli->ctx, &config, &control));
    err_t err = cli_run(cli, control, LANE_WRITE, add_hashes, my);
    store_close(control);
    return err;
}

void cli_tenant_publish(struct cli *cli, struct store *store)
{
    struct err_detail before = cli->ctx.err;
    struct publishing my = {
        .cli = cli, .lookup.code = str_from_cstr(cli_text(cli, "tenant"))};
    err_clear(&cli->ctx);
    if (publish(cli, store, &my) != OK)
        (void)cli_failed(cli);
    cli->ctx.err = before;
}
