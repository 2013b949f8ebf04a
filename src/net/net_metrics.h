/* net_metrics.h - what one event loop counts, and all loops as Prometheus text.
 *
 * Each loop has its own, written by its thread alone, so that counting is a
 * plain store; any loop may read the others' to answer /metrics.
 */
#ifndef WHARF_NET_NET_METRICS_H
#define WHARF_NET_NET_METRICS_H

#include "base/base.h"

struct buf;
struct net_metrics;
struct router;

/* Memory in the arena; route index router_count() counts what has no route. */
struct net_metrics *net_metrics_open(struct arena *arena,
                                     const struct router *router);
void net_metrics_request(struct net_metrics *metrics, size_t route, int status,
                         int64_t ns);
/* A problem answered, by its code. */
void net_metrics_problem(struct net_metrics *metrics, const char *code);
void net_metrics_connections(struct net_metrics *metrics, int64_t open);
void net_metrics_write(struct buf *buf, const struct router *router,
                       struct net_metrics *const *all, size_t count);

#endif
