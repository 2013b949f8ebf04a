/* relay.h - what relays have in common: services of the merchant's own that
 * speak JSON over HTTP in the words of Wharf. docs/shipping.md has what one
 * that stands before carriers is asked, docs/gateways.md one before gateways.
 */
#ifndef WHARF_CONNECT_RELAY_H
#define WHARF_CONNECT_RELAY_H

#include "oms/outside.h"

struct arena;

/* The settings {"url": "https://..."}; ERR_INVALID names the field. */
MUST_USE err_t relay_url(struct ctx *ctx, str settings, str *ret);
/* The same of settings that have more. */
struct json_in;
MUST_USE err_t relay_read_url(struct ctx *ctx, struct json_in *in, str *ret);
/* A POST of JSON with the secret as bearer. */
struct outside_call relay_call(struct arena *arena, str url, str secret,
                               str body);
/* Statuses that say no: a 4xx but for those after which it may have been done,
 * or may be done later. */
bool relay_is_refusal(int status);
/* How a webhook is signed: "v1," and the HMAC-SHA-256 in base64 of id,
 * timestamp and body, parted by dots. */
str relay_sign(struct arena *arena, str secret,
               const struct outside_hook *hook);
/* ERR_UNAUTHENTICATED unless one of its signatures is the secret's, and its
 * time within five minutes of now. */
MUST_USE err_t relay_check_hook(struct ctx *ctx, str secret,
                                const struct outside_hook *hook);

#endif
