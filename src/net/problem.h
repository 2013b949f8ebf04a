/* problem.h - errors as application/problem+json (RFC 9457). */
#ifndef WHARF_NET_PROBLEM_H
#define WHARF_NET_PROBLEM_H

#include "base/base.h"

struct buf;

struct problem {
    int status;
    const char *code;   /* Stable slug. */
    const char *detail; /* May be NULL. */
    const char *field;  /* May be NULL or empty. */
    int64_t version;    /* current_version; 0: none. */
    str request_id;
};

/* The reason phrase of RFC 9110, as "Not Found". */
const char *http_reason(int status);
/* The problem of a failed context. For 5xx the detail is a general sentence:
 * the text of the failure belongs in the log only. */
struct problem problem_from_ctx(const struct ctx *ctx, err_t err);
void problem_write(struct buf *buf, const struct problem *problem);

#endif
