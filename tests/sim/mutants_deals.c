/* mutants_deals.c - what is wrong on purpose with exchanges, documents, drafts
 * and labels nobody wants. */
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
    {.name = "an invoice forgets a part of its order",
     .stock = BILL_FORGETS_PART, .needs_bills = true},
    {.name = "what was billed is billed again",
     .stock = BILL_TWICE, .needs_bills = true},
    {.name = "what is owed no more stays billed",
     .stock = BILL_CREDITS_NOTHING, .needs_bills = true},
    {.name = "numbers of invoices have gaps",
     .stock = BILL_LEAVES_GAP, .needs_bills = true},
    {.name = "an invoice is a cent more than its parts",
     .sql = "UPDATE invoices SET total_minor = total_minor + 1 WHERE state > "
            "1",
     .says = "verify: I13", .needs_bills = true},
    {.name = "a document is cut out",
     .sql = "DELETE FROM bills WHERE document_id = (SELECT MIN(document_id) "
            "FROM bills)",
     .says = "verify: invoices", .needs_bills = true},
    {.name = "what a company owes does not count",
     .stock = DRAFT_FORGETS_OWED, .needs_drafts = true},
    {.name = "a large draft is placed without a yes",
     .stock = DRAFT_NEEDS_NO_YES, .needs_drafts = true},
    {.name = "a draft says it became another order",
     .sql = "UPDATE drafts SET order_id = order_id + 256 WHERE order_id IS "
            "NOT NULL",
     .says = "verify: ", .needs_drafts = true},
    {.name = "a label that was sold and denied is not sought",
     .says = "I23", .stock = LABEL_IS_NOT_SOUGHT, .needs_goods = true,
     .mood = 50},
    {.name = "a void of which a late answer tells is not heard of",
     .says = "I23", .stock = LABEL_VOID_UNHEARD, .needs_goods = true,
     .mood = 50},
    {.name = "a label that its carrier keeps counts as given back",
     .says = "I23", .stock = LABEL_NO_IS_YES, .needs_goods = true,
     .mood = 50},
};
/* clang-format on */
const size_t mutants_deal_count = COUNT_OF(mutants_deals);
