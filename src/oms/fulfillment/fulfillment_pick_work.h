/* fulfillment_pick_work.h - a pick task while a command is at it. Private to
 * fulfillment_pick*.c. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_WORK_H
#define WHARF_OMS_FULFILLMENT_PICK_WORK_H

#include "oms/fulfillment/fulfillment_pick_store.h"

struct pick_work {
    struct pick_task task;
    struct pick_line *lines;  /* By n. */
    struct pick_line *before; /* As they are stored. */
    size_t count;
    int64_t event_id; /* Of this command; movements name it. */
};

/* Locks the task, asks the machine and reads the lines. version 0: whatever it
 * is now. */
MUST_USE err_t pick_open(struct ctx *ctx, pick_task_id id, int64_t version,
                         enum pick_event event, struct pick_work *ret);
/* The same for what nobody asked for: *ret_is_over where its state, as it is
 * now, has no such move. */
MUST_USE err_t pick_open_if(struct ctx *ctx, pick_task_id id,
                            enum pick_event event, struct pick_work *ret,
                            bool *ret_is_over);
/* ERR_STATE (task_of_another) where somebody else has the task. */
MUST_USE err_t pick_check_hands(struct ctx *ctx, const struct pick_task *task);
/* Those that are others than stored. */
MUST_USE err_t pick_save_lines(struct ctx *ctx, struct pick_work *work);
/* Saves the task and its lines and tells what happened; `more`, which may be
 * empty, is a JSON object of what else there is to tell. */
MUST_USE err_t pick_finish(struct ctx *ctx, enum pick_event event,
                           struct pick_work *work, str more);
/* The event of a task; more as above. */
MUST_USE err_t pick_tell(struct ctx *ctx, const char *type,
                         const struct pick_work *work, str more);

struct pick_line *pick_line_of(struct pick_work *work, int64_t n);
/* Units still to be found. */
int64_t pick_left(const struct pick_line *line);

#endif
