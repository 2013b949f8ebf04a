/* doc_customs_int.h - what the customs forms share: checks, sums, words. */
#ifndef WHARF_BASE_DOC_CUSTOMS_INT_H
#define WHARF_BASE_DOC_CUSTOMS_INT_H

#include "base/doc_customs.h"
#include "base/doc_report.h"

struct doc_customs_sums {
    const struct doc_customs *customs;
    const money *amounts; /* Of each line. */
    money goods, total;   /* total: with shipping and insurance. */
    int64_t units, net_g, gross_g;
};

MUST_USE err_t doc_customs_sum(struct ctx *ctx,
                               const struct doc_customs *customs, int max_lines,
                               struct doc_customs_sums *ret);
/* "Sale of goods", "Vente de marchandises". */
const char *doc_export_english(enum doc_export_reason reason);
const char *doc_export_french(enum doc_export_reason reason);
/* Date, place for a signature, name; at report->y over that width. */
MUST_USE err_t doc_customs_sign(struct doc_report *report,
                                const struct doc_customs *customs,
                                const char *declaration);
/* The six kinds as boxes to cross, two in a row, over that width; report->y
 * moves below. */
MUST_USE err_t doc_customs_reasons(struct doc_report *report,
                                   const struct doc_customs *customs, double x,
                                   double w);

#endif
