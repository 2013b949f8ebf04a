/* inventory_peg_rules.c - which supply is for which line that waits. Pure. */
#include "oms/inventory/inventory_wait_int.h"

static bool is_served(const struct peg_supply *supply,
                      const struct wait_line *line, const struct peg_rule *rule)
{
    if (supply->left <= 0)
        return false;
    if (supply->id.v == 0)
        return line->key.n % WAIT_PART != 0;
    return rule->serves(rule->arg, line->channel, supply->location);
}

/* Gives one line what it can get. */
static size_t peg_line(struct wait_line *line, struct peg_supply *supplies,
                       size_t count, const struct peg_rule *rule,
                       struct peg *ret)
{
    int64_t open = line->qty;
    utc_ms last = PROMISE_NOW;
    size_t n = 0;
    for (size_t i = 0; i < count && open > 0; i++) {
        struct peg_supply *supply = &supplies[i];
        if (!is_served(supply, line, rule))
            continue;
        int64_t qty = supply->left < open ? supply->left : open;
        supply->left -= qty;
        open -= qty;
        if (supply->id.v != 0 && supply->at > last)
            last = supply->at;
        ret[n++] = (struct peg){.key = line->key,
                                .supply = supply->id,
                                .qty = qty,
                                .location = supply->location,
                                .expected_at = supply->at};
    }
    line->promise_at = open > 0 ? 0 : last;
    return n;
}

size_t peg_match(struct wait_line *lines, size_t count,
                 struct peg_supply *supplies, size_t supply_count,
                 const struct peg_rule *rule, struct peg *ret)
{
    size_t n = 0, spent = 0;
    for (size_t i = 0; i < count; i++) {
        /* A peg empties a supply or ends a line, so ret has room. */
        while (spent < supply_count && supplies[spent].left <= 0)
            spent++;
        n += peg_line(&lines[i], supplies + spent, supply_count - spent, rule,
                      ret + n);
    }
    ASSERT(n <= count + supply_count);
    return n;
}
