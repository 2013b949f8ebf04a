/* fulfillment_settle_rules.c - kits are picked when all of them is. */
#include "oms/fulfillment/fulfillment_pick_settle.h"

/* Units of the line that cannot be made for want of the component. What others
 * have in hand by now was not missing after all. */
static int64_t gone_of(const struct pick_part *part, int64_t qty)
{
    int64_t gone = (part->missing + part->per - 1) / part->per;
    int64_t open = qty - (part->found + part->held) / part->per;
    return gone < open ? gone : open;
}

struct pick_settled pick_settle(const struct pick_part *parts, size_t count,
                                int64_t qty, int64_t picked)
{
    int64_t whole = INT64_MAX, lost = 0;
    ASSERT(count > 0 && picked <= qty);
    for (size_t i = 0; i < count; i++) {
        const struct pick_part *part = &parts[i];
        ASSERT(part->per > 0);
        int64_t found = part->found / part->per;
        int64_t gone = gone_of(part, qty);
        whole = found < whole ? found : whole;
        lost = gone > lost ? gone : lost;
    }
    /* Some may have been cancelled since: what is in the hand counts first. */
    whole = whole < picked ? picked : whole > qty ? qty : whole;
    return (struct pick_settled){
        .picked = whole - picked,
        .lost = lost < qty - whole ? lost : qty - whole,
    };
}
