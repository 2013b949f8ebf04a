/* verify_cmd.c - the command `wharf verify`. */
#include "app/cli.h"
#include "app/commands.h"
#include "app/verify.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

struct verify_run {
    struct arena *arena;
    struct verify_report report;
};

static err_t run_checks(struct ctx *ctx, void *arg)
{
    struct verify_run *verify = arg;
    return verify_run(ctx, verify->arena, &verify->report);
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
    struct verify_run verify = {.arena = arena_open()};
    err_t err = cli_run(cli, store, LANE_READ, run_checks, &verify);
    cli_store_close(cli, store);
    int code = EXIT_FAILED;
    if (err != OK) {
        code = cli_failed(cli);
    } else {
        if (cli_flag(cli, "json"))
            print_json(cli->out, verify.arena, &verify.report);
        else
            print_text(cli->out, &verify.report);
        code = verify.report.bad ? EXIT_FAILED : EXIT_FINE;
    }
    arena_close(verify.arena);
    return code;
}

const struct cli_command cmd_verify = {
    .name = "verify",
    .line = "check every invariant on the stored data",
    .usage = "[options]",
    .about =
        "Recomputes levels, lines, totals and counters from movements and "
        "events, and names the first rows that are wrong. It reads a snapshot "
        "and may run beside a serving process.",
    .examples = "wharf verify --store sqlite:/var/lib/wharf/wharf.db\n"
                "wharf verify --json",
    .fails = "rows are wrong, or the store cannot be read",
    .takes = CLI_STORE | CLI_JSON,
    .run = run,
};
