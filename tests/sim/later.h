/* later.h - what happens to orders after they were placed. */
#ifndef WHARF_SIM_LATER_H
#define WHARF_SIM_LATER_H

#include "model_edit.h"
#include "sim.h"

/* One of these deeds; how many there were. */
void step_later(struct sim *sim);
void later_tell(const struct sim *sim);

/* An order is changed: drafted, looked at, asked for, confirmed. */
void edit_work(struct sim *sim, struct m_order *order);
/* Units that were shipped are sent once more. */
void replace_work(struct sim *sim, struct m_order *order);
/* It, or a line of it, is put on hold, or let go. */
void stop_work(struct sim *sim, struct m_order *order);
/* After the timers had their turn, and after an order was cancelled. */
void stops_due(struct sim *sim);
void stops_over(struct m_order *order);
void check_stops(struct sim *sim, struct m_order *order);
/* A line to be added, as a body has it. */
struct m_line edit_line(struct sim *sim);
struct json_out;
void edit_put_line(const struct sim *sim, struct json_out *out, const char *key,
                   const struct m_line *line);
/* The order after a command that is done and gave up and added units, as its
 * page shows it: all of it is as it must be. */
struct json_in;
void edit_follow(struct sim *sim, struct json_in *page, struct m_order *order,
                 const struct m_order *after, const struct m_edit_plan *plan);

#endif
