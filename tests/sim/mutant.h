/* mutant.h - one wrong behaviour, and what it takes to show. */
#ifndef WHARF_SIM_MUTANT_H
#define WHARF_SIM_MUTANT_H

#include "place.h"
#include "wrap.h"

struct mutant {
    const char *name;
    const char *sql;  /* Run behind the house's back. */
    const char *says; /* The check of verify that must find it; NULL: any. */
    enum tamper tamper;
    enum wrong_stock stock;
    bool needs_kits;   /* First sell one. */
    bool needs_goods;  /* First ship some. */
    bool needs_money;  /* First have some orders paid. */
    bool needs_later;  /* First have some orders changed. */
    bool needs_swaps;  /* First have some exchanged. */
    bool needs_bills;  /* First have some invoiced. */
    bool needs_drafts; /* First have some drafted. */
    bool is_restored;  /* The store is lost, and comes back without doubt. */
    bool is_blind;     /* Lost calls are made again, not looked up. */
    bool is_unread;    /* What gateways know when looked up is not read. */
    int mood;          /* How much more often carriers say no. */
    bool is_digested;  /* The log has digests, which find more than asked. */
};

/* Those of what is agreed and billed. */
extern const struct mutant mutants_deals[];
extern const size_t mutants_deal_count;

#endif
