/* doc_barcode.h - what a scanner reads, as modules (libzint). */
#ifndef WHARF_BASE_DOC_BARCODE_H
#define WHARF_BASE_DOC_BARCODE_H

#include "base/base.h"

enum doc_barcode_kind {
    DOC_CODE128 = 1, /* Printable ASCII. */
    DOC_SSCC = 2,    /* 18 digits; GS1-128 with AI (00). */
    DOC_EAN13 = 3,   /* 13 digits. */
    DOC_QR = 4       /* A link; error correction M. */
};

enum {
    DOC_CODE128_CHARS = 48,
    DOC_QR_CHARS = 300,
    DOC_SSCC_DIGITS = 18,
    DOC_EAN13_DIGITS = 13
};

/* Dark is 1, light 0, row by row, without the quiet zone that a reader wants
 * on every side. Bars have one row. */
struct doc_barcode {
    enum doc_barcode_kind kind;
    int width, height; /* In modules. */
    int quiet;
    const unsigned char *modules; /* In ctx->arena. */
    str data;                     /* As given. */
    str text; /* For people, below the bars; empty for a QR code. */
};

/* Refuses with ERR_INVALID, slug "barcode_invalid", naming `field`, what the
 * kind cannot hold, a wrong check digit included. */
MUST_USE err_t doc_barcode_make(struct ctx *ctx, enum doc_barcode_kind kind,
                                const char *field, str data,
                                struct doc_barcode *ret);

/* The data for ZPL's ^BC with its start code: set C for pairs of digits, else
 * set B throughout, which every printer and previewer draws alike.
 * *ret_modules is the width. False where that cannot be said. */
bool doc_barcode_zpl(struct arena *arena, const struct doc_barcode *barcode,
                     str *ret, int *ret_modules);

#endif
