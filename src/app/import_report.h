/* import_report.h - what an import saw, did and refused; nothing in silence. */
#ifndef WHARF_APP_IMPORT_REPORT_H
#define WHARF_APP_IMPORT_REPORT_H

#include <stdio.h>

#include "base/base.h"
#include "connect/channel/import.h"

struct arena;

enum import_outcome {
    IMPORT_PLACED = 0,
    IMPORT_THERE,   /* The very same order was stored before. */
    IMPORT_DIFFERS, /* Its external id is there with another content. */
    IMPORT_REFUSED,
    IMPORT_OUTCOME_COUNT
};

/* Sums of orders by currency. */
struct import_sum {
    char currency[4];
    int64_t orders, total;
};
struct import_kind {
    str name;
    int64_t count;
    struct import_kind *next;
};
/* One payload that did not become an order. */
struct import_issue {
    str file, order, slug, field, text;
    enum import_outcome outcome;
    struct import_issue *next;
};

enum { IMPORT_CURRENCIES = 32 };

struct import_report {
    struct arena *arena; /* Lives as long as the report. */
    const char *format;
    bool is_dry_run;
    int64_t files, files_unreadable, files_without_orders;
    int64_t payloads, skipped, orders, outcomes[IMPORT_OUTCOME_COUNT];
    int64_t lines, units, skus_created, channels_created, cancelled;
    int64_t totals_compared, totals_matched;
    int64_t parts[IMPORT_PART_COUNT], notes[IMPORT_NOTE_COUNT];
    struct import_sum sums[IMPORT_CURRENCIES];
    struct import_kind *skipped_kinds, *reasons;
    struct import_issue *issues, *last_issue;
};

void import_report_skip(struct import_report *report, str kind, size_t count);
void import_report_sum(struct import_report *report, const char *currency,
                       int64_t total);
/* Copies file, order and the failure. */
void import_report_issue(struct import_report *report, str file, str order,
                         enum import_outcome outcome,
                         const struct err_detail *err);
/* For people, or as one JSON document. */
void import_report_print(FILE *to, const struct import_report *report,
                         bool is_json);

#endif
