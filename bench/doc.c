/* doc.c - labels a second, and what ten thousand in one file take.
 *
 *   bench_doc LABELS
 *
 * One thread; every tenth label goes to Japan, every tenth to Saudi Arabia.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/doc_label.h"
#include "base/str.h"
#include "base/time.h"

#define S(text) STR_INIT(text)

static const struct doc_address sender = {.company = S("Hafenkontor GmbH"),
                                          .line1 = S("Am Sandtorkai 30"),
                                          .city = S("Hamburg"),
                                          .postal_code = S("20457"),
                                          .country = S("DE")};
static const struct doc_address latin = {.name = S("Zoë Ångström-Müller"),
                                         .line1 = S("1600 Amphitheatre Pkwy"),
                                         .city = S("Mountain View"),
                                         .region = S("CA"),
                                         .postal_code = S("94043"),
                                         .country = S("US")};
static const struct doc_address japan = {.name = S("山田 太郎 様"),
                                         .company = S("株式会社ワーフ商事"),
                                         .line1 = S("丸の内1丁目9番1号"),
                                         .city = S("千代田区"),
                                         .region = S("東京都"),
                                         .postal_code = S("100-0005"),
                                         .country = S("JP")};
static const struct doc_address arabia = {.name = S("محمد بن عبد الله"),
                                          .line1 = S("شارع الملك فهد 123"),
                                          .city = S("الرياض"),
                                          .postal_code = S("12271"),
                                          .country = S("SA")};

static struct doc_label label_at(struct arena *arena, long n)
{
    struct doc_label label = {.from = sender,
                              .to = n % 10 == 3   ? japan
                                    : n % 10 == 7 ? arabia
                                                  : latin,
                              .carrier = STR("Wharf Local"),
                              .service = STR("STANDARD PARCEL"),
                              .routing = STR("HAM-2"),
                              .sscc = STR("340123450000000017"),
                              .weight_g = 2350,
                              .day = 20779,
                              .piece = 1,
                              .pieces = 1};
    label.tracking = str_printf(arena, "WL%012ldDE", n);
    label.link = str_printf(arena, "https://track.example.com/t/%016ld", n);
    label.reference = str_printf(arena, "Order #%ld", 10000 + n);
    return label;
}

static bool count_bytes(void *to, const void *ptr, size_t len)
{
    (void)ptr;
    *(size_t *)to += len;
    return true;
}

static void need(struct ctx *ctx, err_t err)
{
    if (err == OK)
        return;
    (void)fprintf(stderr, "bench_doc: %s: %s\n", ctx->err.field, ctx->err.text);
    exit(1);
}

static long peak_kib(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Of this process; the clock on the wall also counts its neighbours. */
static int64_t cpu_ns(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    int64_t s = u.ru_utime.tv_sec + u.ru_stime.tv_sec;
    return s * 1000000000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

static double seconds_since(int64_t begun)
{
    return (double)(clock_mono_ns() - begun) / 1e9;
}

static void one_file(struct ctx *ctx, const char *name,
                     enum doc_label_format format, long count)
{
    size_t bytes = 0;
    int64_t begun = clock_mono_ns(), cpu = cpu_ns();
    const struct doc_sink sink = {count_bytes, &bytes};
    struct doc_labels *labels;
    need(ctx, doc_labels_open(ctx, format, sink, &labels));
    for (long i = 0; i < count; i++) {
        struct doc_label label = label_at(ctx->arena, i);
        need(ctx, doc_labels_add(labels, &label));
        arena_reset(ctx->arena);
    }
    need(ctx, doc_labels_finish(ctx, labels));
    double s = seconds_since(begun);
    printf("labels_%s_merged_per_s=%.0f\n", name, (double)count / s);
    printf("labels_%s_merged_s=%.2f\n", name, s);
    printf("labels_%s_merged_cpu_s=%.2f\n", name,
           (double)(cpu_ns() - cpu) / 1e9);
    printf("labels_%s_merged_mib=%.1f\n", name, (double)bytes / 1048576);
    printf("labels_%s_peak_mib=%.1f\n", name, (double)peak_kib() / 1024);
}

static void single_files(struct ctx *ctx, const char *name, long count,
                         bool is_pdf)
{
    int64_t begun = clock_mono_ns(), cpu = cpu_ns();
    for (long i = 0; i < count; i++) {
        struct doc_label label = label_at(ctx->arena, i);
        str bytes;
        need(ctx, is_pdf ? doc_label_pdf(ctx, &label, &bytes)
                         : doc_label_zpl(ctx, &label, &bytes));
        arena_reset(ctx->arena);
    }
    printf("labels_%s_per_s=%.0f\n", name,
           (double)count / seconds_since(begun));
    printf("labels_%s_cpu_ms=%.2f\n", name,
           (double)(cpu_ns() - cpu) / 1e6 / (double)count);
}

int main(int argc, char **argv)
{
    int64_t count;
    if (argc != 2 || !str_to_i64(str_from_cstr(argv[1]), &count) || count < 1) {
        (void)fprintf(stderr, "usage: bench_doc LABELS\n");
        return 2;
    }
    struct ctx ctx = {.arena = arena_open()};
    int64_t begun = clock_mono_ns();
    single_files(&ctx, "first_pdf", 1, true);
    printf("labels_first_ms=%.1f\n", seconds_since(begun) * 1000);
    printf("labels_base_mib=%.1f\n", (double)peak_kib() / 1024);
    single_files(&ctx, "pdf", 200, true);
    single_files(&ctx, "zpl", 200, false);
    one_file(&ctx, "pdf", DOC_PDF, count);
    one_file(&ctx, "zpl", DOC_ZPL, count);
    arena_close(ctx.arena);
    return 0;
}
