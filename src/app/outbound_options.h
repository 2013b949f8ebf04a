/* outbound_options.h - what `serve` is told of calls outside and of secrets. */
#ifndef WHARF_APP_OUTBOUND_OPTIONS_H
#define WHARF_APP_OUTBOUND_OPTIONS_H

#include "base/base.h"
#include "jobs/webhooks.h"
#include "net/client.h"

struct cli;
struct secret_ring;
struct store_config;

struct outbound_options {
    struct secret_ring *secrets;
    struct call_guard guard;
    struct webhooks_config webhooks;
};
/* Reads --key-file, --allow-private, --webhook-retry, --webhook-timeout; the
 * ring goes into the store's config. Lives as long as *ret. */
MUST_USE err_t outbound_options_read(struct cli *cli,
                                     struct store_config *store,
                                     struct outbound_options *ret);
void outbound_options_done(struct outbound_options *options);
/* The key file of that store, or NULL where none is named. */
const char *key_file_path(struct cli *cli, const struct store_config *store);

#endif
