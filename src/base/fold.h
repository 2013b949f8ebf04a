/* fold.h - text as it is compared: without case, width and composition.
 *
 * What two people would call the same e-mail address or name has one folded
 * form, on every engine. Both take valid UTF-8.
 */
#ifndef WHARF_BASE_FOLD_H
#define WHARF_BASE_FOLD_H

#include "base/base.h"

/* NFKC_Casefold of Unicode: "STRASSE" and "Straße" are one. For keys of
 * comparison only, never for show. In the arena. */
str str_fold(struct arena *arena, str text);
/* NFKC: one form for what keyboards write in several; keeps case. */
str str_nfkc(struct arena *arena, str text);

#endif
