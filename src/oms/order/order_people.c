/* order_people.c - the consumer that tells the customer room whose orders are.
 *
 * A customer is matched after the order is placed, so placing costs nothing
 * more. The source of a customer's external id is the channel's code.
 */
#include "oms/order/order_people.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/customer/customer.h"
#include "oms/order/order_people_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum { PART_BYTES = 64 * 1024 };

/* ---- reading ---- */

/* Rows are ours: what does not parse any more names nobody. */
static void read_party(struct ctx *ctx, str doc, struct order_party *ret)
{
    struct json_in *in = NULL;
    if (doc.len == 0 || doc.ptr[0] != '{')
        return;
    const struct {
        const char *key;
        str *ret;
    } parts[] = {
        {"name",        &ret->name       },
        {"email",       &ret->email      },
        {"phone",       &ret->phone      },
        {"external_id", &ret->external_id},
        {"company",     &ret->company    },
        {"line1",       &ret->line1      },
        {"line2",       &ret->line2      },
        {"city",        &ret->city       },
        {"postal_code", &ret->postal_code},
        {"country",     &ret->country    },
    };
    err_t err = json_parse(ctx, doc, &in);
    for (size_t i = 0; err == OK && i < COUNT_OF(parts); i++)
        err = json_opt_str(in, parts[i].key, 0, PART_BYTES, parts[i].ret);
    if (err != OK)
        err_clear(ctx);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct order_contact *)a)->id.v;
    int64_t y = ((const struct order_contact *)b)->id.v;
    return (x > y) - (x < y);
}

static struct order_contact
contact_from_row(struct ctx *ctx, const struct sql_rows *rows, size_t i)
{
    struct order_contact contact = {
        .id = {sql_int(rows, i, 0)},
        .channel = {sql_int(rows, i, 1)},
        .status = (enum order_status)sql_int(rows, i, 2),
        .external_id = sql_str(rows, i, 3),
        .number = sql_str(rows, i, 4),
        .currency = sql_str(rows, i, 5),
        .total = sql_int(rows, i, 6),
        .placed_at = sql_int(rows, i, 7),
    };
    read_party(ctx, sql_str(rows, i, 8), &contact.customer);
    read_party(ctx, sql_str(rows, i, 9), &contact.shipping);
    read_party(ctx, sql_str(rows, i, 10), &contact.billing);
    return contact;
}

err_t order_contact_list(struct ctx *ctx, const struct event *events,
                         size_t count, struct order_contact **ret,
                         size_t *ret_count)
{
    enum { PARAMS = 2 };
    struct map *seen = map_open(ctx->arena, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = events[i].subject_id};
        if (!str_equal_cstr(events[i].subject_kind, "order") ||
            map_find(seen, key))
            continue;
        map_set(seen, key, args);
        *to++ = sql_i(id_bucket(key.a));
        *to++ = sql_i(key.a);
    }
    struct sql_rows rows = {0};
    *ret_count = 0;
    if (to == args)
        return OK;
    TRY(sql_list_many(ctx, SQL_ORDER_CONTACT_LIST, args, PARAMS,
                      (size_t)(to - args) / PARAMS, &rows));
    struct order_contact *contacts =
        arena_array(ctx->arena, struct order_contact, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        contacts[i] = contact_from_row(ctx, &rows, i);
    qsort(contacts, rows.count, sizeof(*contacts), by_id);
    *ret = contacts;
    *ret_count = rows.count;
    return OK;
}

/* ---- the consumer ---- */

static str first_of(str a, str b, str c)
{
    return a.len > 0 ? a : b.len > 0 ? b : c;
}

static struct customer_seen seen_in(const struct order_contact *contact,
                                    str channel_code)
{
    const struct order_party *c = &contact->customer;
    const struct order_party *s = &contact->shipping, *b = &contact->billing;
    struct customer_seen seen = {
        .name = first_of(c->name, s->name, b->name),
        .email = first_of(c->email, s->email, b->email),
        .phone = first_of(c->phone, s->phone, b->phone),
        .country = first_of(s->country, b->country, STR_NONE),
        .external_id = c->external_id,
    };
    if (seen.external_id.len > 0)
        seen.source = channel_code;
    return seen;
}

static bool is_counted(enum order_status status)
{
    switch (status) {
    case ORDER_DRAFT:
    case ORDER_PENDING:
    case ORDER_CONFIRMED:
    case ORDER_COMPLETED: return true;
    case ORDER_STATUS_NONE:
    case ORDER_CANCELLED:
    case ORDER_EXPIRED:
    case ORDER_DISCARDED: return false;
    }
    UNREACHABLE("every status is named");
}

/* The code of each channel, asked for once. */
static err_t channel_code(struct ctx *ctx, struct map *codes, channel_id id,
                          str *ret)
{
    struct map_key key = {.a = id.v};
    struct channel *channel = map_find(codes, key);
    if (!channel) {
        channel = arena_new(ctx->arena, struct channel);
        TRY(channel_get(ctx, id, channel));
        map_set(codes, key, channel);
    }
    *ret = channel->code;
    return OK;
}

err_t order_people_consume(struct ctx *ctx, const struct event *events,
                           size_t count)
{
    struct order_contact *contacts = NULL;
    TRY(order_contact_list(ctx, events, count, &contacts, &count));
    struct customer_order *orders =
        arena_array(ctx->arena, struct customer_order, count);
    struct map *codes = map_open(ctx->arena, 16);
    for (size_t i = 0; i < count; i++) {
        const struct order_contact *contact = &contacts[i];
        str code;
        TRY(channel_code(ctx, codes, contact->channel, &code));
        ASSERT(contact->currency.len == 3);
        orders[i] = (struct customer_order){
            .order = contact->id,
            .seen = seen_in(contact, code),
            .total = contact->total,
            .placed_at = contact->placed_at,
            .is_counted = is_counted(contact->status),
        };
        memcpy(orders[i].currency, contact->currency.ptr, 3);
    }
    return count > 0 ? customer_keep_orders(ctx, orders, count) : OK;
}
