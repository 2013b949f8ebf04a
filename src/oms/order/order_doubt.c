/* order_doubt.c - what of an order cannot be right: how to reach its people,
 * and the service that they chose.
 *
 * Who sells here is told at once and mends it. What a marketplace or another
 * shop sold is sold: it is taken as it came, and an event names the doubts.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/contact.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_batch.h"
#include "oms/order/order_way.h"

enum { DOUBTS_MAX = 7, DATA_BYTES = 512 };

struct order_doubts {
    const char *fields[DOUBTS_MAX];
    size_t count;
};

static void doubt(struct order_doubts *doubts, const char *field)
{
    ASSERT(doubts->count < DOUBTS_MAX);
    doubts->fields[doubts->count++] = field;
}

static void look(const struct order_party *party, const char *email,
                 const char *phone, struct order_doubts *doubts)
{
    if (!party)
        return;
    if (party->email.len > 0 && !email_is_good(party->email))
        doubt(doubts, email);
    if (party->phone.len > 0 && !phone_is_good(party->phone))
        doubt(doubts, phone);
}

static const char email_text[] =
    "must be an e-mail address, as ada@example.org";
static const char phone_text[] = "must be a telephone number of 6 to 15 digits";

static err_t refuse_service(struct ctx *ctx, const char *field, str service)
{
    return fail_as(ctx, ERR_INVALID, "service_unknown", field,
                   "routing knows no service with the code %.*s",
                   STR_ARG(service));
}

static err_t refuse(struct ctx *ctx, const char *field, str service)
{
    const char *last = strrchr(field, '.');
    if (!last)
        return refuse_service(ctx, field, service);
    if (strcmp(last, ".email") == 0)
        return fail_as(ctx, ERR_INVALID, "email_invalid", field, "%s",
                       email_text);
    return fail_as(ctx, ERR_INVALID, "phone_invalid", field, "%s", phone_text);
}

err_t order_doubt_check(struct batch_item *item)
{
    const struct order_cmd *cmd = item->item->cmd;
    struct ctx *ctx = item->item->ctx;
    struct order_doubts doubts = {.count = 0};
    look(cmd->customer, "customer.email", "customer.phone", &doubts);
    look(cmd->shipping_address, "shipping_address.email",
         "shipping_address.phone", &doubts);
    look(cmd->billing_address, "billing_address.email", "billing_address.phone",
         &doubts);
    if (cmd->service.len > 0 &&
        !routing_service_is_known(item->channel->strategy, cmd->service))
        doubt(&doubts, "service");
    if (doubts.count == 0)
        return OK;
    if (cmd->origin == ORDER_ORIGIN_API &&
        item->channel->channel->type != CHANNEL_MARKETPLACE)
        return refuse(ctx, doubts.fields[0], cmd->service);
    struct order_doubts *kept = arena_new(ctx->arena, struct order_doubts);
    *kept = doubts;
    item->doubts = kept;
    return OK;
}

err_t order_address_check(struct json_in *in, const char *key,
                          const struct order_party *address)
{
    struct order_doubts doubts = {.count = 0};
    char path[48];
    look(address, "email", "phone", &doubts);
    if (doubts.count == 0)
        return OK;
    snprintf(path, sizeof path, "%s.%s", key, doubts.fields[0]);
    if (doubts.fields[0][0] == 'e')
        return json_fail(in, path, ERR_INVALID, "email_invalid", "%s",
                         email_text);
    return json_fail(in, path, ERR_INVALID, "phone_invalid", "%s", phone_text);
}

err_t order_service_check(struct ctx *ctx, channel_id channel, str service,
                          const char *field)
{
    struct routing_strategy *strategy;
    TRY(routing_strategy_list(ctx, &channel, 1, &strategy));
    return routing_service_is_known(strategy, service)
               ? OK
               : refuse_service(ctx, field, service);
}

str order_doubt_data(struct arena *arena, const struct order_doubts *doubts)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, DATA_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_begin_list(&out, "fields");
    for (size_t i = 0; i < doubts->count; i++)
        json_put_str(&out, NULL, str_from_cstr(doubts->fields[i]));
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}
