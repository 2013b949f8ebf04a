/* customer_rules.h - keys of customers, and what a customer must be. Private.
 */
#ifndef WHARF_OMS_CUSTOMER_RULES_H
#define WHARF_OMS_CUSTOMER_RULES_H

#include "oms/customer/customer_store.h"

/* Each returns false where the text is no such key. */
bool customer_email_key(struct arena *arena, str email,
                        struct customer_key *ret);
bool customer_phone_key(struct arena *arena, str phone, str country,
                        struct customer_key *ret);
bool customer_external_key(str source, str external_id,
                           struct customer_key *ret);

/* The keys of what was seen, in the order in which they are believed: e-mail,
 * id elsewhere, phone. Returns how many. */
enum { CUSTOMER_SEEN_KEYS = 3 };
size_t customer_seen_keys(struct arena *arena, const struct customer_seen *seen,
                          struct customer_key ret[CUSTOMER_SEEN_KEYS]);

#endif
