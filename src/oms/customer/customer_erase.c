/* customer_erase.c - the rows of a person: read for an export, emptied by an
 * erasure. What other rooms keep is their own doing (change_erase.c). */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/customer/customer_rules.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

enum { EXPORT_ROWS = 10000, PERSON_ORDERS = 100000 };

err_t customer_find_email(struct ctx *ctx, str email, customer_id *ret)
{
    struct customer_key key, *found = NULL;
    size_t count = 0;
    if (customer_email_key(ctx->arena, email, &key))
        TRY(customer_key_find_many(ctx, &key, 1, &found, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "email",
                    "nobody goes by this e-mail address");
    ret->v = found->customer;
    return OK;
}

err_t customer_order_list(struct ctx *ctx, customer_id id, int64_t before,
                          size_t limit, order_id **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_i(before), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_CUSTOMER_ORDER_IDS, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, order_id, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    *ret_count = rows.count;
    return OK;
}

static err_t list_merged(struct ctx *ctx, customer_id id, struct customer **ret,
                         size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_MERGED_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct customer, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = customer_from_row(&rows, i);
    *ret_count = rows.count;
    return OK;
}

static err_t read_texts(struct ctx *ctx, struct customer_person *person)
{
    struct customer_key *keys;
    size_t count;
    TRY(customer_key_list(ctx, person->id, &keys, &count));
    person->texts = arena_array(ctx->arena, str, count * 2);
    for (size_t i = 0; i < count; i++) {
        person->texts[person->text_count++] = keys[i].value;
        person->texts[person->text_count++] = keys[i].shown;
    }
    return OK;
}

err_t customer_person_lock(struct ctx *ctx, customer_id id,
                           struct customer_person *ret)
{
    struct customer *rows = NULL;
    size_t count;
    struct customer_person person = {.id = id};
    TRY(customer_lock_many(ctx, &id.v, 1, &rows, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such customer");
    if (rows->merged_into.v && !rows->erased_at)
        return fail_as(ctx, ERR_STATE, "customer_merged", "id",
                       "the customer lives on in another, see merged_into");
    person.erased_at = rows->erased_at;
    if (!person.erased_at) {
        TRY(list_merged(ctx, id, &rows, &count));
        person.ids = arena_array(ctx->arena, int64_t, count + 1);
        person.ids[person.id_count++] = id.v;
        for (size_t i = 0; i < count; i++)
            person.ids[person.id_count++] = rows[i].id.v;
        TRY(read_texts(ctx, &person));
        TRY(customer_order_list(ctx, id, INT64_MAX, PERSON_ORDERS,
                                &person.orders, &person.order_count));
    }
    *ret = person;
    return OK;
}

static err_t empty_row(struct ctx *ctx, int64_t id)
{
    static const int stmts[] = {
        SQL_CUSTOMER_KEY_CLEAR, SQL_CUSTOMER_ADDRESS_CLEAR,
        SQL_CUSTOMER_NOTE_CLEAR, SQL_CUSTOMER_CONSENT_CLEAR,
        SQL_CUSTOMER_DOUBLE_REMOVE};
    struct sql_arg args[] = {sql_i(id)};
    struct customer *row = NULL;
    size_t count;
    for (size_t i = 0; i < COUNT_OF(stmts); i++)
        TRY(sql_run(ctx, stmts[i], args, COUNT_OF(args), NULL));
    TRY(customer_lock_many(ctx, &id, 1, &row, &count));
    ASSERT(count == 1);
    if (row->erased_at)
        return OK;
    row->name = row->language = STR("");
    row->attrs = STR("{}");
    row->tags = STR("[]");
    row->erased_at = ctx->now;
    return customer_save(ctx, row, "customer.erased");
}

err_t customer_erase(struct ctx *ctx, const struct customer_person *person)
{
    ASSERT(ctx->tx != NULL && !person->erased_at);
    for (size_t i = 0; i < person->id_count; i++)
        TRY(empty_row(ctx, person->ids[i]));
    return OK;
}

err_t customer_export(struct ctx *ctx, customer_id id, struct json_out *out)
{
    struct customer customer, *merged;
    size_t count;
    struct customer_page_query page = {id, 0, EXPORT_ROWS};
    TRY(customer_get(ctx, id, &customer));
    TRY(customer_put(ctx, out, "customer", &customer));
    TRY(list_merged(ctx, id, &merged, &count));
    json_begin_list(out, "merged");
    for (size_t i = 0; i < count; i++)
        TRY(customer_put(ctx, out, NULL, &merged[i]));
    json_end_list(out);
    TRY(customer_put_consent_page(ctx, out, "consents", &page));
    return customer_put_note_page(ctx, out, "notes", &page);
}
