/* mutants_deals.c - what is wrong on purpose with exchanges. */
#include "mutant.h"

/* Aligning these, some versions of the formatter crash. */
/* clang-format off */
const struct mutant mutants_deals[] = {
    {.name = "what goes out in exchange leaves before it is paid",
     .stock = SWAP_WAITS_NOT, .needs_goods = true, .needs_swaps = true},
    {.name = "lines of an exchange that waits are not held back",
     .stock = SWAP_HOLDS_NOTHING, .needs_goods = true, .needs_swaps = true},
    {.name = "an exchange gives nothing back",
     .stock = SWAP_GIVES_NOTHING, .needs_goods = true, .needs_swaps = true},
    {.name = "an exchange waits and its lines leave",
     .sql = "UPDATE exchanges SET state = 3 WHERE state IN (5, 6)",
     .says = "verify: exchanges", .needs_goods = true, .needs_swaps = true},
};
/* clang-format on */
const size_t mutants_deal_count = COUNT_OF(mutants_deals);
