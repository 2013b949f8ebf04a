/* goods.h - fulfillment orders and pick tasks as the house shows them, and
 * what the auditor makes of them. */
#ifndef WHARF_SIM_GOODS_H
#define WHARF_SIM_GOODS_H

#include "model_goods.h"
#include "model_route.h"
#include "sim.h"

/* Picked, packed, shipped, short. */
void step_goods(struct sim *sim);

/* Units of a line (from 0) by place, as the order's page says. */
bool order_places(struct sim *sim, struct json_in *in, int at,
                  int64_t ret[M_PLACES]);
/* Its status, by what is left to do. */
void order_settle(struct m_order *order);

enum { G_FOS = 200, G_TASK_LINES = 400 };

struct g_line {
    int64_t n, qty, picked, packed, shipped;
};
struct g_fo {
    int64_t id, version;
    int place;
    char status[16], request[24];
    bool is_unpaid, is_stopped; /* On hold for its order's payments; by it. */
    bool is_sticky, is_pickup;
    struct g_line lines[M_LINES];
    int line_count;
};
/* All of an order, by id. */
struct g_fos {
    struct m_order *order;
    struct g_fo at[G_FOS];
    int count;
};
bool g_is_over(const struct g_fo *fo);
bool g_is(const struct g_fo *fo, const char *status);
/* Who keeps the stock has it, or is asked. */
bool g_is_elsewhere(const struct g_fo *fo);
/* Its order, or a line of it, is on hold. */
bool g_is_stopped(const struct m_order *order, const struct g_fo *fo);
/* Some of it is in a hand. */
bool g_is_picked(const struct g_fo *fo);
struct g_fo *g_fo_of(struct g_fos *fos, int64_t id);
struct g_line *g_line_of(struct g_fo *fo, int64_t n);
/* Reads them, and checks them against the order: what they picked and shipped,
 * what they still have to do at each place. */
bool goods_read(struct sim *sim, struct m_order *order, struct g_fos *ret);
/* Only reads. */
bool goods_list(struct sim *sim, struct m_order *order, struct g_fos *ret);

/* What a deed did to units of one fulfillment order, by line of the order. */
struct g_deed {
    int place;
    bool is_pickup;           /* What leaves has arrived. */
    int64_t picked[M_LINES];  /* Less than 0: put back. */
    int64_t shipped[M_LINES]; /* Of what is picked. */
    int64_t lost[M_LINES];    /* Not found: they go elsewhere or wait. */
    int64_t missing[M_LINES][M_PARTS];
};
/* Reads the order after a deed and sees that it did that and no more: units
 * that were lost are where they were free, or wait. */
void goods_take(struct sim *sim, struct m_order *order,
                const struct g_deed *deed);

/* Units that a command sent from there to where the model says. */
struct g_left {
    const struct m_leaving *units;
    int from;
    bool bars; /* Never from there again. */
};
/* Reads the order and its FOs after a command that did that, or (NULL) moved
 * no units: each shows it, and the order's version. */
void goods_follow(struct sim *sim, const struct g_fos *before,
                  const struct g_left *left, struct g_fos *ret);

/* What FOs tell their order: its version rises when it changes. */
unsigned goods_told(const struct g_fos *fos);
/* Units of the FO that are in no hand, and where the model sends them; `only`
 * 0 or more: there and nowhere else. */
struct m_leaving goods_leaving(struct sim *sim, const struct m_order *order,
                               const struct g_fo *fo, int only);
/* The model's order after that. */
void goods_left(struct sim *sim, struct m_order *order,
                const struct g_left *left);
void goods_untracked(struct json_in *in, struct m_order *order);
/* A place closes: what waits there goes elsewhere. */
void step_close(struct sim *sim, int place);

/* Commands on fulfillment orders, and who is asked to send them. */
void fo_work(struct sim *sim, struct g_fos *fos);

/* What was scheduled until now is opened. */
void step_due(struct sim *sim);

/* What of the order's units this FO had is nobody's again: it must be so. */
void goods_give_back(struct sim *sim, struct m_order *order,
                     const struct g_fo *fo);
/* The house says the same. */
void goods_are_back(struct sim *sim, struct m_order *order,
                    const struct g_fo *fo);

/* The pickup of that FO: made ready, handed over, called off. */
void pickup_work(struct sim *sim, struct g_fos *fos, const struct g_fo *fo);
bool pickup_is_ready(struct sim *sim, struct g_fos *fos, const struct g_fo *fo);
/* Before and after the timers had their turn: those that ran out. */
void pickups_due(struct sim *sim);
void pickups_expired(struct sim *sim);

/* Parcels: made of what is picked; labelled, sent, tracked. */
void parcel_setup(struct sim *sim);
void parcel_make(struct sim *sim, struct m_order *order, const struct g_fo *fo);
void parcel_work(struct sim *sim);
/* Lets all labels come, and compares them with the carrier's book. */
void check_labels(struct sim *sim);

struct g_task_line {
    int64_t fo, order, n, line, per, qty, picked, missing;
    int sku;
};
struct g_task {
    int64_t id, version;
    int place;
    char state[16];
    struct g_task_line lines[G_TASK_LINES];
    int count;
};
bool task_read(struct sim *sim, struct json_in *in, struct g_task *ret);
/* Makes tasks for the FO, or for its place; works on one of those made. */
void task_make(struct sim *sim, const struct g_fo *fo);
void task_work(struct sim *sim);
/* Makes one and walks it. */
void task_rush(struct sim *sim, const struct g_fo *fo);
struct m_order *order_of(const struct model *model, int64_t id);

#endif
