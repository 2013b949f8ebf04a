/* contact.h - e-mail addresses and telephone numbers as keys. */
#ifndef WHARF_BASE_CONTACT_H
#define WHARF_BASE_CONTACT_H

#include "base/base.h"

/* An e-mail address as a key: folded and trimmed. Empty where it is none: not
 * exactly one @ with something on both sides, blanks, or too long. */
str email_key(struct arena *arena, str email);

enum { PHONE_KEY_BYTES = 17 };

/* The key of a number: "+" and digits as E.164 has them where it says its
 * country ("+49 30…", "0049…") or `country` (ISO 3166, may be empty) is known
 * with its calling code and trunk prefix; else the bare digits. An extension
 * ("x12", "ext. 12") is left out. Returns false where it is no number: fewer
 * than 6 or more than 15 digits. */
bool phone_key(str phone, str country, char ret[PHONE_KEY_BYTES],
               size_t *ret_len);

#endif
