/* chores.c - see chores.h. */
#include "jobs/chores.h"

#include "jobs/batch.h"
#include "jobs/bulk.h"
#include "jobs/releases.h"
#include "jobs/shipping.h"

bool chores_run(struct store *store, struct arena *arena, struct arena *scratch)
{
    struct label_items label_items = {NULL};
    struct bulk_items bulk_items = {0};
    struct label_shoppers shoppers = {NULL};
    struct releases releases = {NULL};
    struct carrier_hooks hooks = {NULL};
    struct carrier_facts facts = {NULL};
    struct batch_part parts[] = {
        {.kind = &label_items_kind,    .arg = &label_items}, /* Of labels. */
        {.kind = &bulk_kind,           .arg = &bulk_items }, /* Of orders. */
        {.kind = &label_shoppers_kind, .arg = &shoppers   },
        {.kind = &releases_kind,       .arg = &releases   }, /* Of blankets. */
        {.kind = &carrier_hooks_kind,  .arg = &hooks      },
        {.kind = &carrier_facts_kind,  .arg = &facts      },
    };
    return batch_run_all(store, parts, COUNT_OF(parts), arena, scratch);
}
