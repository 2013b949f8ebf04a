/* model_supply.h - the auditor's idea of what is expected and transferred. */
#ifndef WHARF_SIM_MODEL_SUPPLY_H
#define WHARF_SIM_MODEL_SUPPLY_H

#include "base/base.h"

enum { M_SUPPLIES = 400, M_TRANSFERS = 400 };

/* What is expected somewhere. */
struct m_supply {
    int64_t id, version;
    int sku, place;
    int64_t qty, received;
    bool is_cancelled;
};
/* A transfer of one SKU, reserved at least. */
struct m_transfer {
    int64_t id, version;
    int sku, from, to;
    int64_t qty, shipped, received;
    bool is_done;
};

struct m_supplies {
    struct m_supply at[M_SUPPLIES];
    struct m_transfer transfers[M_TRANSFERS];
    int count, transfer_count;
};

/* Pick tasks, the newest of them. */
enum { M_TASKS = 24 };
struct m_tasks {
    int64_t at[M_TASKS];
    size_t count;
};

/* Parcels, the newest of them. */
enum { M_PARCELS = 40 };
struct m_parcels {
    struct m_parcel {
        int64_t id;
        utc_ms moved_at; /* The last thing that moved it happened then. */
        int rank;        /* How far it was. */
    } at[M_PARCELS];
    size_t count;
};

/* Pickups that are ready and were not called off since, as far as was seen. */
enum { M_PICKUPS = 60 };
struct m_order;
struct m_pickups {
    struct m_pickup {
        int64_t id, fo;
        struct m_order *order;
        utc_ms expires_at;
        char code[8]; /* Empty: not told. */
    } at[M_PICKUPS];
    int count;
};

/* Manifests, carriers asked to come, jobs of labels: the newest. */
enum { M_HANDOVERS = 30 };
struct m_handovers {
    struct m_handover {
        char prefix[4];
        int64_t id;
    } at[M_HANDOVERS];
    int64_t count;
};

struct m_goods {
    struct m_handovers handovers;
    struct m_pickups pickups;
    struct m_tasks tasks;
    struct m_parcels parcels;
};

#endif
