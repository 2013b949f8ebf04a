/* verify_cmd.c - the command `wharf verify`. */
#include <time.h>

#include "app/cli.h"
#include "app/cli_progress.h"
#include "app/commands.h"
#include "app/verify.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"

enum { SPEED = 200000, SPEED_MAX = 100000000, PART_MAX = 20000 };

struct walking {
    struct verify_walk walk;
    bool is_over;
};

static err_t run_step(struct ctx *ctx, void *arg)
{
    struct walking *walking = arg;
    return verify_walk_step(ctx, &walking->walk, &walking->is_over);
}

static void wait_until(int64_t ns)
{
    int64_t left = ns - clock_mono_ns();
    struct timespec pause = {left / 1000000000, left % 1000000000};
    if (left > 0)
        (void)nanosleep(&pause, NULL);
}

/* One short snapshot after the other, no faster than asked for. */
static err_t walk_all(struct cli *cli, struct store *store,
                      struct walking *walking)
{
    int64_t speed = cli_number(cli, "speed", SPEED);
    int64_t began_ns = clock_mono_ns();
    struct cli_progress progress;
    err_t err = OK;
    cli_progress_begin(&progress, cli, "verify", "rows");
    while (err == OK && !walking->is_over) {
        const struct verify_walk *walk = &walking->walk;
        err = cli_run(cli, store, LANE_READ, run_step, walking);
        cli_progress_show(&progress, walk->rows, 0);
        wait_until(began_ns + walk->rows / speed * 1000000000 +
                   walk->rows % speed * 1000000000 / speed);
    }
    cli_progress_end(&progress);
    return err;
}

static void print_text(FILE *to, const struct verify_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct verify_outcome *outcome = &report->at[i];
        if (outcome->bad == 0) {
            fprintf(to, "ok   %-6s %s: %s\n", outcome->invariant, outcome->room,
                    outcome->title);
            continue;
        }
        fprintf(to, "BAD  %-6s %s: %s: %lld rows\n", outcome->invariant,
                outcome->room, outcome->title, (long long)outcome->bad);
        for (size_t j = 0; j < outcome->shown_count; j++)
            fprintf(to, "       %.*s %.*s: %.*s\n",
                    STR_ARG(outcome->shown[j].invariant),
                    STR_ARG(outcome->shown[j].row),
                    STR_ARG(outcome->shown[j].what));
    }
    fprintf(to, "verify: %zu checks, %lld bad rows\n", report->count,
            (long long)report->bad);
}

static void print_rate(FILE *to, const struct verify_walk *walk, int64_t ns)
{
    int64_t ms = ns / 1000000 + 1;
    fprintf(to, "verify: %lld rows in %lld parts, %lld rows/s\n",
            (long long)walk->rows, (long long)walk->parts,
            (long long)(walk->rows * 1000 / ms));
}

static void put_outcome(struct json_out *out,
                        const struct verify_outcome *outcome)
{
    json_begin(out, NULL);
    json_put_cstr(out, "room", outcome->room);
    json_put_cstr(out, "invariant", outcome->invariant);
    json_put_cstr(out, "title", outcome->title);
    json_put_i64(out, "bad", outcome->bad);
    json_begin_list(out, "first");
    for (size_t i = 0; i < outcome->shown_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "invariant", outcome->shown[i].invariant);
        json_put_str(out, "row", outcome->shown[i].row);
        json_put_str(out, "what", outcome->shown[i].what);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

static void print_json(FILE *to, struct arena *arena,
                       const struct verify_report *report)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "bad", report->bad);
    json_begin_list(&out, "checks");
    for (size_t i = 0; i < report->count; i++)
        put_outcome(&out, &report->at[i]);
    json_end_list(&out);
    json_end_object(&out);
    fprintf(to, "%.*s\n", STR_ARG(buf_str(&buf)));
}

static int run(struct cli *cli)
{
    if (cli->word_count > 0)
        return cli_usage(cli, "it takes no words");
    struct store *store;
    if (cli_store_open_to_read(cli, &store) != OK)
        return cli_failed(cli);
    struct arena *arena = arena_open();
    struct walking walking = {.is_over = false};
    int speed = cli_number(cli, "speed", SPEED);
    int64_t began_ns = clock_mono_ns();
    verify_walk_begin(&walking.walk, arena,
                      (size_t)(speed < PART_MAX ? speed : PART_MAX));
    err_t err = walk_all(cli, store, &walking);
    const struct verify_report *report = &walking.walk.report;
    cli_store_close(cli, store);
    int code = EXIT_FAILED;
    if (err != OK) {
        code = cli_failed(cli);
    } else {
        if (cli_flag(cli, "json"))
            print_json(cli->out, arena, report);
        else
            print_text(cli->out, report);
        if (!cli_flag(cli, "json"))
            print_rate(cli->out, &walking.walk, clock_mono_ns() - began_ns);
        code = report->bad ? EXIT_FAILED : EXIT_FINE;
    }
    arena_close(arena);
    return code;
}

/* clang-format off */
static const struct cli_option options[] = {
    {"speed", "ROWS/S",
     "go no faster than that through events and orders; default 200000",
     1, SPEED_MAX},
    {NULL, NULL, NULL, 0, 0}
};
/* clang-format on */

const struct cli_command cmd_verify = {
    .name = "verify",
    .line = "check every invariant on the stored data",
    .usage = "[options]",
    .about =
        "Recomputes levels, lines, totals and counters from movements and "
        "events, and names the first rows that are wrong. It may run beside "
        "a serving process: each check sees a snapshot of its own, and those "
        "that look at events and orders one by one go in parts, so that no "
        "snapshot lives long.",
    .examples = "wharf verify --store sqlite:/var/lib/wharf/wharf.db\n"
                "wharf verify --json",
    .fails = "rows are wrong, or the store cannot be read",
    .options = options,
    .takes = CLI_STORE | CLI_JSON,
    .run = run,
};
