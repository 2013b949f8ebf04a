/* gateways.h - the worker that asks payment gateways. See asker.h and
 * docs/gateways.md. */
#ifndef WHARF_JOBS_GATEWAYS_H
#define WHARF_JOBS_GATEWAYS_H

#include "jobs/asker.h"

/* Metrics are wharf_gateway_calls_total, wharf_gateway_unknown_total. */
extern const struct asker_kind gateways_kind;

#endif
