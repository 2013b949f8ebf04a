/* change_erase.c - the commands "forget this person" and "tell all about". */
#include "oms/change/change_erase.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_store.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_erase_sql.h"
#include "oms/customer/customer.h"
#include "oms/fulfillment/fulfillment_erase.h"
#include "oms/order/order_erase.h"
#include "oms/shipping/shipping_erase.h"
#include "store/forget.h"
#include "store/sql.h"

enum { ID_BYTES = 17, EXPORT_PAGE = 100 };

/* ---- remembered answers ---- */

struct parcels { /* Of all orders of the person. */
    package_id *at;
    size_t count;
};

static bool is_about(const struct map *ids, str reply, const char *prefix)
{
    char needle[8] = {'"'};
    memcpy(needle + 1, prefix, 3);
    needle[4] = '_';
    const char *at = reply.ptr, *end = reply.ptr + reply.len;
    while ((at = memmem(at, (size_t)(end - at), needle, 5))) {
        int64_t id;
        at++;
        if (end - at >= ID_BYTES &&
            id_from_text(prefix, (str){at, ID_BYTES}, &id) &&
            map_find(ids, (struct map_key){.a = id}))
            return true;
    }
    return false;
}

static bool is_reply_about(void *arg, str reply)
{
    return reply.len > 0 &&
           (is_about(arg, reply, "cus") || is_about(arg, reply, "ord") ||
            is_about(arg, reply, "pkg"));
}

static err_t forget_answers(struct ctx *ctx,
                            const struct customer_person *person,
                            const struct parcels *parcels, int64_t *ret_count)
{
    struct map *ids = map_open(
        ctx->arena, person->id_count + person->order_count + parcels->count);
    for (size_t i = 0; i < parcels->count; i++)
        map_set(ids, (struct map_key){.a = parcels->at[i].v}, ids);
    for (size_t i = 0; i < person->id_count; i++)
        map_set(ids, (struct map_key){.a = person->ids[i]}, ids);
    for (size_t i = 0; i < person->order_count; i++)
        map_set(ids, (struct map_key){.a = person->orders[i].v}, ids);
    return forget_replies(ctx, is_reply_about, ids, ret_count);
}

/* ---- erasing ---- */

static err_t empty_others(struct ctx *ctx, const struct customer_person *person)
{
    for (size_t i = 0; i < person->text_count; i++) {
        struct sql_arg args[] = {sql_s(person->texts[i])};
        TRY(sql_run(ctx, SQL_ERASE_HOLDS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_CREDIT_NOTES, args, COUNT_OF(args), NULL));
    }
    for (size_t i = 0; i < person->order_count; i++) {
        struct sql_arg args[] = {sql_i(person->orders[i].v)};
        TRY(sql_run(ctx, SQL_ERASE_ORDER_HOLDS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_ORDER_NOTES, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_SCORE_KEYS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_TASKS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_ORDER_JOBS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_RETURNS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_RETURN_LINES, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_CHANGES, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_CHANGE_WAYS, args, COUNT_OF(args), NULL));
        TRY(sql_run(ctx, SQL_ERASE_CHANGE_ADDRESSES, args, COUNT_OF(args),
                    NULL));
    }
    return OK;
}

static err_t check_open(struct ctx *ctx, const struct erase_cmd *cmd,
                        const struct customer_person *person,
                        int64_t *ret_count)
{
    size_t count;
    order_id first = {0};
    char text[ID_TEXT_BYTES];
    TRY(order_count_open(ctx, person->orders, person->order_count, &count,
                         &first));
    *ret_count = (int64_t)count;
    if (count == 0 || cmd->is_even_open)
        return OK;
    str id = {text, id_to_text("ord", first.v, text)};
    return fail_as(ctx, ERR_STATE, "open_orders", "",
                   "%zu orders are still to be fulfilled, as %.*s; end them "
                   "or say even_open",
                   count, STR_ARG(id));
}

err_t change_erase(struct ctx *ctx, const struct erase_cmd *cmd,
                   struct erasure *ret)
{
    ASSERT(ctx->tx != NULL);
    struct customer_person person;
    struct parcels parcels;
    struct erasure erasure = {.id = cmd->id, .erased_at = ctx->now};
    TRY(order_people_catch_up(ctx));
    if (!erasure.id.v)
        TRY(customer_find_email(ctx, cmd->email, &erasure.id));
    TRY(customer_person_lock(ctx, erasure.id, &person));
    if (person.erased_at) {
        erasure.erased_at = person.erased_at;
        *ret = erasure;
        return OK;
    }
    TRY(check_open(ctx, cmd, &person, &erasure.open_orders));
    TRY(order_erase_many(ctx, person.orders, person.order_count));
    TRY(fulfillment_erase_many(ctx, person.orders, person.order_count));
    TRY(shipping_erase_many(ctx, person.orders, person.order_count, &parcels.at,
                            &parcels.count));
    TRY(empty_others(ctx, &person));
    TRY(draft_erase(ctx, erasure.id));
    TRY(blanket_erase(ctx, erasure.id));
    TRY(forget_answers(ctx, &person, &parcels, &erasure.replies));
    TRY(customer_erase(ctx, &person));
    erasure.orders = (int64_t)person.order_count;
    *ret = erasure;
    return OK;
}

void erasure_write(const struct erasure *erasure, struct json_out *out)
{
    json_begin(out, NULL);
    json_put_id(out, "customer_id", "cus", erasure->id.v);
    json_put_time(out, "erased_at", erasure->erased_at);
    json_put_i64(out, "orders", erasure->orders);
    json_put_i64(out, "open_orders", erasure->open_orders);
    json_put_i64(out, "replies", erasure->replies);
    json_end_object(out);
}

/* ---- exporting ---- */

static err_t put_orders(struct ctx *ctx, customer_id id, struct json_out *out)
{
    int64_t before = INT64_MAX;
    size_t count = EXPORT_PAGE;
    json_begin_list(out, "orders");
    /* What does not fit into a reply is not read to its end either. */
    while (count == EXPORT_PAGE && !out->buf->is_full) {
        order_id *ids;
        TRY(customer_order_list(ctx, id, before, EXPORT_PAGE, &ids, &count));
        for (size_t i = 0; i < count; i++) {
            struct order order;
            TRY(order_get(ctx, ids[i], &order));
            json_begin(out, NULL);
            order_write(&order, out);
            json_end_object(out);
            before = ids[i].v;
        }
    }
    json_end_list(out);
    return OK;
}

static err_t put_drafts(struct ctx *ctx, customer_id id, struct json_out *out)
{
    struct draft *all;
    size_t count;
    TRY(draft_list_customer(ctx, id, &all, &count));
    json_begin_list(out, "drafts");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        draft_write(&all[i], true, out);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static err_t put_blankets(struct ctx *ctx, customer_id id, struct json_out *out)
{
    struct blanket *all;
    size_t count;
    TRY(blanket_list_customer(ctx, id, &all, &count));
    struct blanket_sum *sums =
        arena_array(ctx->arena, struct blanket_sum, count);
    TRY(blanket_sums(ctx, all, count, sums));
    json_begin_list(out, "blanket_orders");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        blanket_write(&all[i], &sums[i], true, out);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

err_t change_export(struct ctx *ctx, customer_id id, struct json_out *out)
{
    json_begin(out, NULL);
    TRY(customer_export(ctx, id, out));
    TRY(put_drafts(ctx, id, out));
    TRY(put_blankets(ctx, id, out));
    TRY(put_orders(ctx, id, out));
    json_end_object(out);
    return OK;
}
