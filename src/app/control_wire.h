/* control_wire.h - what goes over the control socket: one command line there,
 * one exit code back.
 *
 *     request   "WHARFCM1", u32 bytes that follow, then strings
 *     reply     "WHARFRE1", u32 exit code, u32 bytes of a sentence, those bytes
 *
 * A string is a u32 length and its bytes, without NUL. The request's strings
 * are the caller's folder, its tenant (may be empty), the name of the command
 * and its words. Numbers are big-endian. The first bytes of a request carry
 * the caller's standard input, output and error.
 */
#ifndef WHARF_APP_CONTROL_WIRE_H
#define WHARF_APP_CONTROL_WIRE_H

#include "base/base.h"
#include "base/buf.h"

enum {
    CONTROL_HEAD_BYTES = 12, /* Of a request. */
    CONTROL_REPLY_BYTES = 16,
    CONTROL_TEXT_BYTES = 1024,
    CONTROL_FDS = 3
};

struct control_request {
    const char *dir;    /* Absolute. */
    const char *tenant; /* Empty: the only one. */
    const char *command;
    char **words; /* count of them. */
    int count;
};

void control_request_write(struct buf *out, const struct control_request *from);
/* The bytes that follow the head; false: not ours, or past the limit. */
bool control_head_read(const char head[CONTROL_HEAD_BYTES], size_t *ret_len);
/* What follows the head; strings in ctx->arena. */
MUST_USE err_t control_request_read(struct ctx *ctx, str bytes,
                                    struct control_request *ret);

void control_reply_write(struct buf *out, int code, str text);
/* False: not ours. *ret_len bytes of text follow. */
bool control_reply_read(const char head[CONTROL_REPLY_BYTES], int *ret_code,
                        size_t *ret_len);

#endif
