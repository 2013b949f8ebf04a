/* subject.h - what events are about: kinds of subjects and how their ids begin.
 *
 * One table for all rooms. A new kind also stands in src/app/verify.sql; a
 * test compares them.
 */
#ifndef WHARF_OMS_SUBJECT_H
#define WHARF_OMS_SUBJECT_H

#include "base/base.h"

struct subject {
    const char *kind, *prefix;
};
extern const struct subject subject_kinds[];
extern const size_t subject_count;

/* How ids of that kind begin; NULL where it has none. */
const char *subject_prefix(str kind);
/* The kind and id that a text names; false where it names none. */
bool subject_from_text(str text, const char **ret_kind, int64_t *ret_id);

#endif
