/* tax_engine.h - a service outside that computes the taxes of a channel.
 * Private to the room.
 *
 * It is asked over HTTP before the command begins, so no transaction waits for
 * it; what it answered is the `struct tax` that the command computes with.
 * docs/taxes.md has its words.
 */
#ifndef WHARF_OMS_ORDER_TAX_ENGINE_H
#define WHARF_OMS_ORDER_TAX_ENGINE_H

#include "oms/order/tax.h"
#include "oms/outside.h"

struct json_in;
struct route_list;

enum {
    TAX_ENGINE_MS_MIN = 100,
    TAX_ENGINE_MS = 3000, /* Unless it says otherwise. */
    TAX_ENGINE_MS_MAX = 10000,
    TAX_ENGINE_CALLS = 4, /* Of an engine at once; others find it busy. */
    LIMIT_TAX_ANSWER_BYTES = 2 * 1024 * 1024
};
/* Stored as numbers: append, never renumber. */
enum tax_failure {
    TAX_FAILURE_REFUSE = 1, /* No price without it. */
    TAX_FAILURE_TABLES = 2  /* By the tables, and the order is marked. */
};
/* Stands on an order that the tables stood in for. */
#define TAX_FALLBACK_TAG "taxes-by-tables"

struct tax_engine {
    channel_id channel;
    str url, sealed;
    enum tax_failure on_failure;
    int64_t timeout_ms;
    bool is_active;
    int64_t version; /* 0: there is none. */
    utc_ms created_at, updated_at;
};
MUST_USE err_t tax_engine_get(struct ctx *ctx, channel_id id,
                              struct tax_engine *ret);
/* At the version that was seen, 0 where there was none. An empty secret is that
 * of before. */
MUST_USE err_t tax_engine_put(struct ctx *ctx, struct tax_engine *engine,
                              str secret);
MUST_USE err_t tax_engine_secret(struct ctx *ctx,
                                 const struct tax_engine *engine, str *ret);
MUST_USE err_t tax_engine_read(struct json_in *in, struct tax_engine *ret,
                               str *ret_secret);

/* ---- asked before a command ---- */

struct order_ask;
struct order_cmd;
/* What it said; NULL: the tables stand in. Fails as asking did. */
MUST_USE err_t tax_engine_answer(struct ctx *ctx, const struct order_ask *ask,
                                 const struct tax_answer **ret);
/* The channel's engine, where it is asked: what is placed must come to what the
 * tables say where the channel computes by those. */
MUST_USE err_t tax_engine_find(struct ctx *ctx, const struct channel *channel,
                               struct tax_engine *ret, bool *ret_is_found);
/* A tag says to a person that the tables stood in for the channel's engine, as
 * where nobody asked it (`ask` is NULL); where it answered the tag is gone. */
MUST_USE err_t tax_engine_mark(struct ctx *ctx, const struct order_ask *ask,
                               const struct channel *channel,
                               struct order_cmd *cmd);
bool tax_engine_is_marked(const struct order_cmd *cmd);

/* ---- pure ---- */

struct outside_call tax_engine_call(struct arena *arena, str url, str secret,
                                    const struct tax_request *request);
/* Its answer, checked: a list of tax lines for each item, none below 0, and
 * with prices that have them inside none above the price (I13). */
MUST_USE err_t tax_engine_decode(struct ctx *ctx,
                                 const struct tax_request *request, str body,
                                 struct tax_lines **ret);
/* What it says of an order that it does not tax, as a failure that names the
 * field of ours, where it names one of what it was asked. */
MUST_USE err_t tax_engine_refusal(struct ctx *ctx,
                                  const struct tax_request *request, str body);
/* Computes by request->answer, of the same items. */
extern const struct tax tax_outside;

extern const struct route_list tax_engine_routes;

#endif
