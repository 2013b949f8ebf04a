/* change_edit_testkit.h - changes of a shop's orders, for tests. */
#ifndef WHARF_OMS_CHANGE_EDIT_TESTKIT_H
#define WHARF_OMS_CHANGE_EDIT_TESTKIT_H

#include "oms/change/change_edit.h"
#include "oms/shop_testkit.h"

/* The slug of what refused, or "". */
const char *edit_test_call(struct shop *shop, struct testkit_call call,
                           struct testkit_reply *reply);
/* Single quotes stand for double ones; EUR(5) for an amount. */
const char *edit_test_json(struct shop *shop, const char *text);
struct edit_drafted {
    const char *slug;
    order_change_id id;
    struct testkit_reply reply;
};
struct edit_drafted edit_test_draft(struct shop *shop, order_id order,
                                    int64_t version, const char *actions);
const char *edit_test_step(struct shop *shop, const char *operation,
                           order_change_id id, const char *body);
/* Drafted, requested and confirmed; the slug of what refused. */
const char *edit_test_change(struct shop *shop, order_id order,
                             const char *actions);

#endif
