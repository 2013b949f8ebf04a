/* metrics.h - figures of store and consumers as Prometheus text. */
#ifndef WHARF_APP_METRICS_H
#define WHARF_APP_METRICS_H

#include "base/base.h"

struct buf;
struct store;
struct consumers;

void metrics_write(const struct store *store, const struct consumers *consumers,
                   struct buf *out);

#endif
