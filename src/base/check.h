/* check.h - small formats that several rooms accept, and their refusals. */
#ifndef WHARF_BASE_CHECK_H
#define WHARF_BASE_CHECK_H

#include "base/base.h"

/* A code people type and scan: not empty, no control characters, no blank at
 * either end. Any script is fine. */
bool code_is_clean(str code);
/* One line of text: no control characters. Empty is fine. */
bool text_is_line(str text);
/* A line that begins with https:// and goes on: what may be a link. */
bool text_is_link(str text);
/* Two capitals that ISO 3166-1 lists. */
bool country_is_known(str code);
/* One of Incoterms 2020: who pays freight and duties, as "DDP". */
bool incoterm_is_known(str code);
/* The check digit that GS1 puts behind these digits (mod 10, weights 3 and 1
 * from the right). */
char gs1_check_digit(str digits);
/* So many digits, the last one the check digit of the others. */
bool gs1_number_is_good(str number, size_t digits);

/* A clean code of at most LIMIT_CODE_BYTES. */
MUST_USE err_t check_code(struct ctx *ctx, const char *field, str code);
/* A line of min to max bytes. */
MUST_USE err_t check_line(struct ctx *ctx, const char *field, str text,
                          size_t min, size_t max);
MUST_USE err_t check_country(struct ctx *ctx, const char *field, str code);
MUST_USE err_t check_range(struct ctx *ctx, const char *field, int64_t value,
                           int64_t min, int64_t max);
/* At most LIMIT_ATTRS_BYTES of JSON. */
MUST_USE err_t check_attrs(struct ctx *ctx, const char *field, str attrs);
/* ERR_STALE, with the current version, unless they are the same. */
MUST_USE err_t check_version(struct ctx *ctx, int64_t seen, int64_t current);

#endif
