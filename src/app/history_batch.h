/* history_batch.h - a run of invoices as one transaction. */
#ifndef WHARF_APP_HISTORY_BATCH_H
#define WHARF_APP_HISTORY_BATCH_H

#include "app/cli.h"
#include "connect/channel/online_retail/retail.h"
#include "oms/order/order_history.h"

/* One invoice and what came of it. */
struct history_item {
    const struct retail_invoice *invoice;
    struct retail_outcome outcome;
    struct order_cmd order;
    struct credit_cmd credit;
    struct ctx ctx; /* Its own failure. */
    err_t err;
    order_id order_id;
    credit_note_id credit_id;
    bool is_new;
};

struct history_batch {
    const struct retail_settings *settings;
    bool is_dry_run; /* Everything is undone in the end. */
    struct history_item *items;
    size_t count, lines;
    /* What came of it beside the items: */
    bool is_done, is_channel_new;
    int64_t skus_created, titles_set, titles_differ, customers_created;
    customer_id *customers; /* Of this batch, each once. */
    size_t customer_count;
    struct order_history_sum *order_sums;
    size_t order_sum_count;
    struct credit_sum *credit_sums;
    size_t credit_sum_count;
};

/* A store_call_fn over a struct history_batch: channel, SKUs and customers are
 * made where they are missing, orders and credit notes recorded. */
err_t history_batch_record(struct ctx *ctx, void *arg);
/* A store_call_fn: adds up from the store what it has of the batch's items. */
err_t history_batch_sum(struct ctx *ctx, void *arg);

#endif
