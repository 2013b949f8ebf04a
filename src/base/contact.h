/* contact.h - e-mail addresses and telephone numbers as keys. */
#ifndef WHARF_BASE_CONTACT_H
#define WHARF_BASE_CONTACT_H

#include "base/base.h"

/* An e-mail address as a key: folded and trimmed. Empty where it is none: not
 * exactly one @ with something on both sides, blanks, or too long. */
str email_key(struct arena *arena, str email);

/* Whether mail can be sent there: one @, before it 1 to 64 bytes without
 * blanks, brackets or empty parts, behind it a domain of two labels or more.
 * Any script is fine, blanks around it too. */
bool email_is_good(str email);
/* Whether it can be called, as far as digits say: phone_key() takes it, no
 * country's code begins with a 0, and some digit is none. */
bool phone_is_good(str phone);

enum { PHONE_KEY_BYTES = 17 };

/* The key of a number: "+" and digits as E.164 has them where it says its
 * country ("+49 30…", "0049…") or `country` (ISO 3166, may be empty) is known
 * with its calling code and trunk prefix; else the bare digits. An extension
 * ("x12", "ext. 12") is left out. Returns false where it is no number: fewer
 * than 6 or more than 15 digits. */
bool phone_key(str phone, str country, char ret[PHONE_KEY_BYTES],
               size_t *ret_len);

#endif
