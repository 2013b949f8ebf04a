/* analytics.h - reports: what was sold, sent, late, returned and given back.
 *
 * A consumer of the log adds facts up by quarter of an hour (report_sums); a
 * report reads a span of them and groups them by time in a zone of its own,
 * by channel, by location or by what the fact names (country, SKU, reason,
 * carrier). Sums past 63 bits stay at the greatest number. docs/reports.md
 * says of each column what it counts, and when.
 */
#ifndef WHARF_OMS_ANALYTICS_H
#define WHARF_OMS_ANALYTICS_H

#include "base/base.h"

struct room;
extern const struct room analytics_room;

#endif
