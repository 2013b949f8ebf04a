/* user_device.h - browsers a person has signed in with before; private.
 *
 * The cookie is a random name of the browser and, for each person that signed
 * in with it, a short signature under that person's own device key. It opens
 * nothing; it only lets its bearer wait apart from strangers.
 */
#ifndef WHARF_OMS_USER_DEVICE_H
#define WHARF_OMS_USER_DEVICE_H

#include "oms/user/user.h"

enum { DEVICE_PEOPLE = 4 };

/* True where the cookie says that this person has signed in from there; *ret
 * is then the browser's name. Pure. */
bool device_is_known(str cookie, str device_key, str *ret);
/* The cookie with that person's signature first; a new name where it has
 * none. In ctx->arena. */
str device_sign(struct ctx *ctx, str cookie, str device_key);

#endif
