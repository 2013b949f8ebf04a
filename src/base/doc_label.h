/* doc_label.h - the shipping label, 4 x 6 inches, as PDF or ZPL II. */
#ifndef WHARF_BASE_DOC_LABEL_H
#define WHARF_BASE_DOC_LABEL_H

#include "base/doc.h"
#include "base/doc_format.h"

struct doc_label {
    struct doc_address from, to;
    str carrier;       /* "Wharf Local" */
    str service;       /* "STANDARD"; may be empty, as all below. */
    str routing;       /* Zone or sorting code, at most 8 letters. */
    str tracking;      /* As Code 128. Never empty. */
    str sscc;          /* 18 digits, as GS1-128 with AI (00). */
    str link;          /* Of the tracking page, as a QR code. */
    str reference;     /* The order's number. */
    int64_t weight_g;  /* 0: not known. */
    int64_t day;       /* Of shipping (base/time.h); 0: not said. */
    int piece, pieces; /* n of m; both 0: not said. */
    bool is_return;    /* "RETURN TO" in place of "SHIP TO". */
    enum doc_units units;
};

/* The file, in ctx->arena. Errors name the field: "to.line1", "tracking". */
MUST_USE err_t doc_label_pdf(struct ctx *ctx, const struct doc_label *label,
                             str *ret);
MUST_USE err_t doc_label_zpl(struct ctx *ctx, const struct doc_label *label,
                             str *ret);

/* Many labels in one file, each of which may be refused without harm to the
 * others. A page of a PDF keeps 1.5 KiB until the end, ZPL nothing. */
struct doc_labels;
enum doc_label_format { DOC_PDF = 1, DOC_ZPL = 2 };
MUST_USE err_t doc_labels_open(struct ctx *ctx, enum doc_label_format format,
                               struct doc_sink sink, struct doc_labels **ret);
/* After an error (err_clear) the next label may be added: nothing of the bad
 * one is in the file. ERR_TOO_LARGE: the sink takes no more. */
MUST_USE err_t doc_labels_add(struct doc_labels *labels,
                              const struct doc_label *label);
/* Ends the file and closes. Without a label it is ERR_INVALID. */
MUST_USE err_t doc_labels_finish(struct ctx *ctx, struct doc_labels *labels);
/* Closes after a failure. Takes NULL. */
void doc_labels_close(struct doc_labels *labels);

#endif
