/* samples.h - one of each document, with names in every script. */
#ifndef WHARF_TESTS_DOC_SAMPLES_H
#define WHARF_TESTS_DOC_SAMPLES_H

#include "base/base.h"

/* Writes dir/name; exits where it cannot. */
void sample_write(const char *name, str bytes);
void samples_of_labels(struct ctx *ctx);
void samples_of_papers(struct ctx *ctx);

#endif
