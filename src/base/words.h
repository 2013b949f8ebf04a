/* words.h - text as words to search by: as people see it, not as bytes.
 *
 * ICU does the work, in our own process, so that both engines answer alike.
 */
#ifndef WHARF_BASE_WORDS_H
#define WHARF_BASE_WORDS_H

#include "base/base.h"

/* NFKD, case folded, marks stripped, digits of every script made ASCII: "É" is
 * "e", "ß" is "ss", all of I, İ, ı, i are "i", "ς" is "σ". Stray bytes become
 * U+FFFD. In the arena. */
str words_fold(struct arena *arena, str text);

#endif
