/* hist.c - a log-linear histogram of latencies. */
#include "load.h"

/* Slots of equal width inside each power of two above HIST_SUB; exact in
 * units of 256 ns below. */
static size_t slot_of(int64_t ns)
{
    uint64_t v = ns < 0 ? 0 : (uint64_t)ns >> 8;
    if (v < HIST_SUB)
        return (size_t)v;
    unsigned top = 63U - (unsigned)__builtin_clzll(v); /* >= 7 */
    size_t slot = (size_t)(top - 6) * HIST_SUB / 2 + HIST_SUB / 2 +
                  (size_t)((v >> (top - 6)) - HIST_SUB / 2);
    return slot < HIST_SLOTS ? slot : HIST_SLOTS - 1;
}

static int64_t slot_top_ns(size_t slot)
{
    if (slot < HIST_SUB)
        return (int64_t)(slot + 1) << 8;
    size_t power = (slot - HIST_SUB / 2) / (HIST_SUB / 2);
    size_t rest = (slot - HIST_SUB / 2) % (HIST_SUB / 2);
    return (int64_t)(rest + HIST_SUB / 2 + 1) << (power + 8);
}

void hist_add(struct hist *hist, int64_t ns)
{
    hist->count += 1;
    hist->slots[slot_of(ns)] += 1;
    if (ns > hist->max_ns)
        hist->max_ns = ns;
}

double hist_ms(const struct hist *hist, double part)
{
    int64_t want = (int64_t)((double)hist->count * part + 0.5);
    int64_t seen = 0;
    for (size_t i = 0; i < HIST_SLOTS; i++) {
        seen += hist->slots[i];
        if (seen >= want && seen > 0) {
            int64_t ns = slot_top_ns(i);
            return (double)(ns < hist->max_ns ? ns : hist->max_ns) / 1e6;
        }
    }
    return (double)hist->max_ns / 1e6;
}
