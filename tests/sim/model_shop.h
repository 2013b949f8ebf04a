/* model_shop.h - what the auditor's shop has: SKUs, places, channels, stock. */
#ifndef WHARF_SIM_MODEL_SHOP_H
#define WHARF_SIM_MODEL_SHOP_H

#include "base/base.h"

enum {
    M_SKUS = 24,
    M_PLACES = 6,
    M_CHANNELS = 4,
    M_LINES = 12,
    M_PARTS = 3,             /* Components of a kit. */
    M_HOLDS = M_PLACES * 20, /* Reservation rows of a line that are live. */
    M_BUCKETS = 4,           /* available, damaged, quality_control, held */
    M_HELD = 3,
    M_CARDS = 6
};

struct m_part {
    int sku;
    int64_t qty;
};
struct m_sku {
    char code[24];
    int64_t id, version;
    bool is_tracked;
    struct m_part parts[M_PARTS];
    int part_count; /* Over 0: a kit. */
};
struct m_place {
    char code[24];
    int64_t id, version;
    bool is_active, is_shipping, is_pickup;
    bool is_asked; /* Who keeps its stock is asked. */
};
enum m_release { M_ALWAYS, M_AUTHORIZED, M_PAID };
struct m_channel {
    char code[24];
    enum m_release release; /* What leaves waits for that. */
    int bill_on;            /* When it is invoiced; 0: never. */
    int64_t id, version;
    bool refuses, is_active, is_inclusive;
    int64_t ranking_version;
    int ranking[M_PLACES]; /* Indexes of places. */
    int ranking_count;     /* 0: all, by id. */
};
struct m_level {
    bool is_there; /* A level that never held units may be missing. */
    int64_t on_hand, committed, reserved, safety, incoming;
    bool has_low;
    int64_t low; /* Threshold. */
    struct m_policy {
        bool is_there;
        int64_t safety;
    } policies[M_CHANNELS];
    int64_t blocked[M_BUCKETS]; /* [0] is not used. */
};

#endif
