/* tally.c - counts answers and prints them, one key=value a line. */
#include "load.h"

#include <string.h>

void tally_code(struct tally *tally, const char *body, size_t len)
{
    static const char mark[] = "\"code\":";
    const char *at = memmem(body, len, mark, sizeof(mark) - 1);
    if (at == NULL)
        return;
    const char *end = body + len;
    at += sizeof(mark) - 1;
    while (at < end && (*at == ' ' || *at == '"'))
        at++;
    size_t n = 0;
    while (at + n < end && at[n] != '"' && n < CODE_BYTES - 1)
        n++;
    for (size_t i = 0; i < TALLY_CODES; i++) {
        char *code = tally->codes[i].code;
        if (code[0] == '\0')
            memcpy(code, at, n);
        if (strlen(code) == n && memcmp(code, at, n) == 0) {
            tally->codes[i].count += 1;
            return;
        }
    }
}

void tally_print(const struct tally *tally, double seconds, double cpu_s)
{
    static const char *const names[OP_COUNT] = {"order", "list", "detail"};
    double done = tally->done > 0 ? (double)tally->done : 1;
    printf("requests=%lld\n", (long long)tally->done);
    printf("seconds=%.3f\n", seconds);
    printf("requests_per_s=%.0f\n", (double)tally->done / seconds);
    printf("load_cpu_us=%.2f\n", cpu_s * 1e6 / done);
    for (size_t i = 0; i < OP_COUNT; i++) {
        const struct hist *hist = &tally->hist[i];
        if (hist->count == 0)
            continue;
        printf("%s_count=%lld\n", names[i], (long long)hist->count);
        printf("%s_p50_ms=%.3f\n", names[i], hist_ms(hist, 0.50));
        printf("%s_p95_ms=%.3f\n", names[i], hist_ms(hist, 0.95));
        printf("%s_p99_ms=%.3f\n", names[i], hist_ms(hist, 0.99));
        printf("%s_p999_ms=%.3f\n", names[i], hist_ms(hist, 0.999));
        printf("%s_max_ms=%.3f\n", names[i], (double)hist->max_ns / 1e6);
    }
    for (size_t i = 0; i < 600; i++)
        if (tally->statuses[i] > 0)
            printf("status_%zu=%lld\n", i, (long long)tally->statuses[i]);
    for (size_t i = 0; i < TALLY_CODES && tally->codes[i].count > 0; i++)
        printf("code_%s=%lld\n", tally->codes[i].code,
               (long long)tally->codes[i].count);
    printf("failed_connections=%lld\n", (long long)tally->failed_connections);
    printf("refused_connects=%lld\n", (long long)tally->refused_connects);
    printf("replays=%lld\n", (long long)tally->replays);
    printf("wrong_answers=%lld\n", (long long)tally->wrong_answers);
}
