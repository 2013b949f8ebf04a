/* metrics.h - figures of store and consumers as Prometheus text. */
#ifndef WHARF_APP_METRICS_H
#define WHARF_APP_METRICS_H

#include "base/base.h"

struct buf;
struct store;
struct consumers;
struct timers;

void metrics_write(const struct store *store, const struct consumers *consumers,
                   const struct timers *timers, struct buf *out);

#endif
