/* room_call.h - a route of a room, called from inside the house.
 *
 * What the API would do with that body, in the caller's own transaction: the
 * room decodes it, checks it and runs it. Nobody is asked for permission. */
#ifndef WHARF_APP_ROOM_CALL_H
#define WHARF_APP_ROOM_CALL_H

#include "base/base.h"

struct buf;

struct room_call {
    const char *operation; /* "createSku"; must be there. */
    const char *id;        /* Of its path; NULL: it has none. */
    str body;              /* JSON; empty: none. */
    str idem_key;
    struct buf *reply; /* Gets the JSON of the answer. */
    int status;        /* Of the answer; set. */
};
MUST_USE err_t room_call(struct ctx *ctx, struct room_call *call);

#endif
