/* backup_cmd.c - the command `wharf backup`: makes archives and checks them. */
#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/cli_stream.h"
#include "app/commands.h"
#include "base/str.h"
#include "base/time.h"
#include "store/backup.h"

enum { MIB = 1024 * 1024, SPEED_MAX = 100000, SPEED = 64 };

static bool on_part(void *arg, int64_t done, int64_t total)
{
    struct cli_progress *progress = arg;
    cli_progress_show(progress, done, total);
    return cli_goes_on(progress->cli);
}

static void print_result(struct cli *cli, const char *done,
                         const struct backup_result *result)
{
    char at[TIME_TEXT_BYTES];
    time_to_text(result->totals.at, at);
    fprintf(cli->out,
            "%s: %s, epoch %.*s, as of %.*s, Wharf %.*s, schema of %zu steps, "
            "%lld MiB in %lld records, %lld MiB packed\n",
            done, result->head.engine == STORE_SQLITE ? "sqlite" : "postgres",
            STR_ARG(result->head.epoch), TIME_TEXT_BYTES, at,
            STR_ARG(result->head.version), result->head.step_count,
            (long long)((result->totals.bytes + MIB - 1) / MIB),
            (long long)result->totals.records,
            (long long)((result->size + MIB - 1) / MIB));
}

static err_t check(struct cli *cli, struct backup_pace *pace,
                   struct backup_result *ret)
{
    FILE *file;
    TRY(cli_file_open(cli, cli->words[0], &file));
    err_t err = backup_check(&cli->ctx, file, pace, ret);
    fclose(file);
    return err;
}

static err_t make(struct cli *cli, struct backup_pace *pace,
                  struct backup_result *ret)
{
    struct store *store = NULL;
    TRY(cli_store_open(cli, &store));
    err_t err =
        backup_make(&cli->ctx, store, cli_path(cli, cli->words[0]), pace, ret);
    cli_store_close(cli, store);
    return err;
}

static int run(struct cli *cli)
{
    bool is_check = cli_flag(cli, "check") || cli_flag(cli, "list");
    struct cli_progress progress;
    struct backup_result result;
    struct backup_pace pace = {
        .bytes_per_s =
            is_check ? 0 : (int64_t)cli_number(cli, "speed", SPEED) * MIB,
        .go_on = on_part,
        .arg = &progress};
    if (cli->word_count != 1)
        return cli_usage(cli, "name one file");
    cli_progress_begin(&progress, cli, is_check ? "check" : "backup", NULL);
    err_t err =
        is_check ? check(cli, &pace, &result) : make(cli, &pace, &result);
    cli_progress_end(&progress);
    if (err != OK)
        return cli_failed(cli);
    print_result(cli, is_check ? "whole" : "backup", &result);
    return EXIT_FINE;
}

/* clang-format off */
static const struct cli_option options[] = {
    {"speed", "MIB/S", "copy no faster than that; default 64", 1, SPEED_MAX},
    {"check", NULL,
     "read FILE, which is a backup, and verify every checksum in it", 0, 0},
    {"list", NULL, "the same: says what FILE holds", 0, 0},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_backup = {
    .name = "backup",
    .line = "write the whole store into one file, while it works",
    .usage = "[options] FILE\n"
             "--check FILE",
    .about =
        "FILE must not be there; it gets its name when it is whole and on "
        "disk, and is readable by its owner alone. It holds everything but "
        "the key file that secrets are encrypted with: keep that one apart.\n"
        "SQLite: a copy of the store stands beside FILE until it is packed, "
        "so there must be room for both; the backup holds the moment the "
        "copy ended. PostgreSQL: the backup holds the moment it began.",
    .examples = "wharf backup /backup/wharf-monday.bak\n"
                "wharf backup --speed 20 /backup/wharf-tuesday.bak\n"
                "wharf backup --check /backup/wharf-monday.bak",
    .fails = "it failed, or FILE is damaged; nothing is left of a half one",
    .options = options,
    .takes = CLI_STORE | CLI_SERVED,
    .run = run,
};
