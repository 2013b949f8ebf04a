/* change_edit_view.h - changes as JSON. Private to the room. */
#ifndef WHARF_OMS_CHANGE_EDIT_VIEW_H
#define WHARF_OMS_CHANGE_EDIT_VIEW_H

#include "oms/change/change_edit.h"

/* Both write members of an open object. */
void edit_write(const struct edit *edit, struct json_out *out);
void edit_outlook_write(struct ctx *ctx, const struct edit *edit,
                        const struct edit_outlook *look, struct json_out *out);

#endif
