/* samples.h - one of each document, with names in every script. */
#ifndef WHARF_TESTS_DOC_SAMPLES_H
#define WHARF_TESTS_DOC_SAMPLES_H

#include "base/doc.h"

extern const struct doc_address sample_sender;

/* Writes what the call of `err` drew to dir/name; exits where it did not. */
void sample_save(struct ctx *ctx, const char *name, err_t err,
                 const str *bytes);
void samples_of_labels(struct ctx *ctx);
void samples_of_papers(struct ctx *ctx);

#endif
