/* change_erase.h - the commands erase a person, and export one. Also for the
 * command line. */
#ifndef WHARF_OMS_CHANGE_ERASE_H
#define WHARF_OMS_CHANGE_ERASE_H

#include "base/base.h"
#include "oms/ids.h"

struct json_out;

struct erase_cmd {
    customer_id id; /* 0: the one who goes by `email`. */
    str email;
    bool is_even_open; /* Although orders are still to be fulfilled. */
};
struct erasure {
    customer_id id;
    utc_ms erased_at;
    int64_t orders, open_orders, replies; /* Emptied now. */
};
/* Takes everything that says who a customer is out of the store: its rows and
 * keys, orders, the list, the search, messages of fulfillment orders, labels,
 * tracking, tasks, holds, credit notes, remembered answers.
 * What was bought stays. A second time changes nothing. Fails with
 * ERR_NOT_FOUND, ERR_STATE (customer_merged, open_orders) or ERR_BUSY. */
MUST_USE err_t change_erase(struct ctx *ctx, const struct erase_cmd *cmd,
                            struct erasure *ret);

/* Writes everything held about a customer as one object: customer, merged,
 * consents, notes, orders. */
MUST_USE err_t change_export(struct ctx *ctx, customer_id id,
                             struct json_out *out);
void erasure_write(const struct erasure *erasure, struct json_out *out);

#endif
