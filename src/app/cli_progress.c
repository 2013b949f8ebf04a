/* cli_progress.c - a bar on one line. */
#include "app/cli_progress.h"

#include "app/cli.h"
#include "base/str.h"
#include "base/time.h"

enum { DRAW_NS = 200 * 1000 * 1000, BAR = 30, MIB = 1024 * 1024 };

bool cli_goes_on(const struct cli *cli)
{
    return !cli->is_stopped || !atomic_load(cli->is_stopped);
}

void cli_progress_begin(struct cli_progress *progress, const struct cli *cli,
                        const char *what, const char *unit)
{
    *progress = (struct cli_progress){
        .cli = cli, .what = what, .unit = unit, .began_ns = clock_mono_ns()};
}

static void draw(const struct cli_progress *progress, int64_t done,
                 int64_t total, int64_t ns)
{
    static const char full[] = "##############################";
    static const char none[] = "..............................";
    int64_t scale = progress->unit ? 1 : MIB;
    int64_t per_s = ns > 0 ? (int64_t)((double)done * 1e9 / (double)ns) : 0;
    FILE *to = progress->cli->err;
    fprintf(to, "\r%s ", progress->what);
    if (total > 0) {
        int64_t part = done < total ? done : total;
        int at = (int)(part * BAR / total);
        fprintf(to, "[%.*s%.*s] %3d %%  ", at, full, BAR - at, none,
                (int)(part * 100 / total));
    }
    fprintf(to, "%lld %s, %lld a second   ", (long long)(done / scale),
            progress->unit ? progress->unit : "MiB",
            (long long)(per_s / scale));
    fflush(to);
}

void cli_progress_show(struct cli_progress *progress, int64_t done,
                       int64_t total)
{
    int64_t now_ns = clock_mono_ns();
    if (!progress->cli->is_terminal || now_ns - progress->drawn_ns < DRAW_NS)
        return;
    progress->drawn_ns = now_ns;
    progress->is_drawn = true;
    draw(progress, done, total, now_ns - progress->began_ns);
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->is_drawn)
        fprintf(progress->cli->err, "\r%79s\r", "");
    progress->is_drawn = false;
}
