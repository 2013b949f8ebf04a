/* history_report.h - what an import of history did, and what the store has. */
#ifndef WHARF_APP_HISTORY_REPORT_H
#define WHARF_APP_HISTORY_REPORT_H

#include <stdio.h>

#include "app/history_batch.h"
#include "connect/channel/online_retail/retail.h"

struct map;

/* What the store has of one country, or of all. */
struct history_country {
    str name;
    int64_t orders, lines, units, revenue;
    int64_t notes, credit_lines, linked, credited;
};
enum { HISTORY_COUNTRIES = 1000 }; /* The rest counts as "(other)". */
struct history_sums {
    struct map *by_name;
    struct history_country *at;
    size_t count;
    struct history_country all;
    int64_t customers;
};

enum history_outcome {
    HISTORY_NEW = 0,
    HISTORY_THERE,
    HISTORY_DIFFERS,
    HISTORY_REFUSED,
    HISTORY_EMPTY, /* Nothing in it that is a line. */
    HISTORY_OUTCOMES
};

struct history_report {
    struct arena *arena;
    const char *currency;
    str channel;
    bool is_dry_run, is_json;
    int64_t files, files_cut, rows, bytes, bad_rows, cut_rows;
    int64_t invoices[RETAIL_ADJUST + 1]; /* By kind. */
    int64_t outcomes[RETAIL_ADJUST + 1][HISTORY_OUTCOMES];
    int64_t notes[RETAIL_NOTES];
    int64_t reasons[RETAIL_REASONS]; /* Rows, RETAIL_TAKEN among them. */
    int64_t refused_rows;            /* Of invoices that were refused whole. */
    int64_t adjusted; /* Sum of the adjustments, in minor units. */
    int64_t skus_created, titles_set, customers_created, rejects;
    bool is_channel_new;
    int64_t took_ms;
    struct map *customers;            /* Ids seen, in the arena. */
    struct history_sums files_sums;   /* Of these files, from the store. */
    struct history_sums channel_sums; /* All history of the channel. */
};

void history_report_open(struct history_report *report);
void history_report_batch(struct history_report *report,
                          const struct history_batch *batch);
void history_sums_open(struct arena *arena, struct history_sums *sums);
void history_sums_add_orders(struct arena *arena, struct history_sums *sums,
                             const struct order_history_sum *at, size_t count);
void history_sums_add_credits(struct arena *arena, struct history_sums *sums,
                              const struct credit_sum *at, size_t count);
void history_report_print(FILE *out, const struct history_report *report);

#endif
