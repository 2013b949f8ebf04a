/* restore_cmd.c - the command `wharf restore`. */
#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/cli_stream.h"
#include "app/commands.h"
#include "base/str.h"
#include "base/time.h"
#include "store/backup.h"

static bool on_part(void *arg, int64_t done, int64_t total)
{
    (void)total; /* The archive tells at its end. */
    struct cli_progress *progress = arg;
    cli_progress_show(progress, done, 0);
    return cli_goes_on(progress->cli);
}

static err_t restore(struct cli *cli, struct cli_progress *progress,
                     struct backup_result *ret)
{
    const struct backup_pace pace = {.go_on = on_part, .arg = progress};
    struct store_config config;
    FILE *file;
    TRY(cli_store_config(cli, &config));
    TRY(cli_file_open(cli, cli->words[0], &file));
    err_t err = backup_restore(&cli->ctx, &config, file, &pace, ret);
    fclose(file);
    return err;
}

static int run(struct cli *cli)
{
    struct cli_progress progress;
    struct backup_result result;
    char at[TIME_TEXT_BYTES];
    if (cli->word_count != 1)
        return cli_usage(cli, "name one file");
    cli_progress_begin(&progress, cli, "restore", NULL);
    err_t err = restore(cli, &progress, &result);
    cli_progress_end(&progress);
    if (err != OK)
        return cli_failed(cli);
    time_to_text(result.totals.at, at);
    fprintf(cli->out,
            "restored: the store as of %.*s, under a new epoch.\n"
            "Outbound work is paused: nothing is captured, labelled, mailed or "
            "posted.\nRun 'wharf verify', look what happened outside since "
            "then, and go on with\n'wharf outbound resume'.\n",
            TIME_TEXT_BYTES, at);
    return EXIT_FINE;
}

const struct cli_command cmd_restore = {
    .name = "restore",
    .line = "make a store of a backup",
    .usage = "FILE --store URL",
    .about =
        "Only where there is no store yet: another file, an empty database. "
        "A file that is cut off, damaged, of something else or of a newer "
        "Wharf is refused, and so is a backup of the other engine. A restore "
        "that is stopped half-way leaves no store.\n"
        "The restored store has a new epoch and starts with outbound work "
        "paused.",
    .examples = "wharf restore /backup/wharf-monday.bak --store "
                "sqlite:/srv/wharf.db\n"
                "wharf restore /backup/wharf-monday.bak --store postgres",
    .takes = CLI_STORE,
    .run = run,
};
