/* model_route.h - where the auditor says units come from. */
#ifndef WHARF_SIM_MODEL_ROUTE_H
#define WHARF_SIM_MODEL_ROUTE_H

#include "model.h"

/* The places an order may be sent from by its channel's list, best first. */
int m_ranked(const struct model *model, const struct m_order *order,
             int ret[M_PLACES]);
/* As it is placed, and served: that where its buyer comes alone, if any. */
int m_from(const struct model *model, const struct m_order *order,
           int ret[M_PLACES]);
/* Plans the order into its lines; the units that are nowhere. */
int64_t m_route(const struct model *model, struct m_order *order);
/* Units of lines that leave where they are, and where they go. */
struct m_leaving {
    int64_t qty[M_LINES];
    int64_t at[M_LINES][M_PLACES];
    int64_t waiting[M_LINES];
};
/* Fills `at` and `waiting`; `only` 0 or more: there and nowhere else. */
void m_reroute(const struct model *model, const struct m_order *order,
               unsigned barred, int only, struct m_leaving *leaving);

#endif
