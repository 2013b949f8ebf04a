/* customer_view.c - a customer as the API shows it. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/customer/customer_change.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

enum { CONSENTS_MAX = 1000 };

void customer_put_row(struct json_out *out, const struct customer *customer)
{
    json_put_id(out, "id", "cus", customer->id.v);
    json_put_str(out, "name", customer->name);
    json_put_str(out, "language", customer->language);
    json_put_raw(out, "tags", customer->tags);
    json_put_raw(out, "attrs", customer->attrs);
    json_put_id_or_null(out, "merged_into", "cus", customer->merged_into.v);
    json_put_time_or_null(out, "erased_at", customer->erased_at);
    json_put_i64(out, "version", customer->version);
    json_put_time(out, "created_at", customer->created_at);
    json_put_time(out, "updated_at", customer->updated_at);
}

static void put_keys(struct json_out *out, const char *name,
                     const struct customer_key *keys, size_t count,
                     enum customer_key_kind kind)
{
    json_begin_list(out, name);
    for (size_t i = 0; i < count; i++)
        if (keys[i].kind == kind)
            json_put_str(out, NULL, keys[i].shown);
    json_end_list(out);
}

static err_t put_all_keys(struct ctx *ctx, struct json_out *out, customer_id id)
{
    struct customer_key *keys;
    size_t count;
    TRY(customer_key_list(ctx, id, &keys, &count));
    put_keys(out, "emails", keys, count, CUSTOMER_EMAIL);
    put_keys(out, "phones", keys, count, CUSTOMER_PHONE);
    json_begin_list(out, "external_ids");
    for (size_t i = 0; i < count; i++) {
        if (keys[i].kind != CUSTOMER_EXTERNAL)
            continue;
        json_begin(out, NULL);
        json_put_str(out, "source", keys[i].source);
        json_put_str(out, "id", keys[i].value);
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static err_t put_addresses(struct ctx *ctx, struct json_out *out,
                           customer_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_ADDRESS_LIST, args, 1, &rows));
    json_begin_list(out, "addresses");
    for (size_t i = 0; i < rows.count; i++) {
        json_begin(out, NULL);
        json_put_bool(out, "is_default_shipping", sql_int(&rows, i, 1) != 0);
        json_put_bool(out, "is_default_billing", sql_int(&rows, i, 2) != 0);
        json_put_raw(out, "address", sql_str(&rows, i, 3));
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static void put_consent(struct json_out *out, const struct sql_rows *rows,
                        size_t i)
{
    json_begin(out, NULL);
    json_put_str(out, "purpose", sql_str(rows, i, 1));
    json_put_cstr(out, "channel",
                  consent_channel_names[sql_int(rows, i, 2) - 1]);
    json_put_cstr(out, "state", consent_state_names[sql_int(rows, i, 3) - 1]);
    json_put_str(out, "source", sql_str(rows, i, 4));
    json_put_time(out, "given_at", sql_int(rows, i, 5));
    json_put_time(out, "at", sql_int(rows, i, 6));
    json_end_object(out);
}

static err_t put_consents(struct ctx *ctx, struct json_out *out, customer_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v), sql_i(CONSENTS_MAX)};
    TRY(sql_list(ctx, SQL_CUSTOMER_CONSENT_NOW, args, COUNT_OF(args), &rows));
    json_begin_list(out, "consents");
    for (size_t i = 0; i < rows.count; i++)
        put_consent(out, &rows, i);
    json_end_list(out);
    return OK;
}

static err_t put_values(struct ctx *ctx, struct json_out *out, customer_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_VALUE_LIST, args, 1, &rows));
    json_begin_list(out, "values");
    for (size_t i = 0; i < rows.count; i++) {
        money total = {.minor = sql_int(&rows, i, 3)};
        str currency = sql_str(&rows, i, 1);
        ASSERT(currency.len == 3);
        memcpy(total.currency, currency.ptr, 3);
        json_begin(out, NULL);
        json_put_i64(out, "orders", sql_int(&rows, i, 2));
        json_put_money(out, "total", total);
        json_put_time(out, "last_order_at", sql_int(&rows, i, 4));
        json_end_object(out);
    }
    json_end_list(out);
    return OK;
}

static err_t put_doubles(struct ctx *ctx, struct json_out *out, customer_id id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_DOUBLE_LIST, args, 1, &rows));
    json_begin_list(out, "possible_duplicates");
    for (size_t i = 0; i < rows.count; i++)
        json_put_id(out, NULL, "cus", sql_int(&rows, i, 0));
    json_end_list(out);
    return OK;
}

err_t customer_put(struct ctx *ctx, struct json_out *out, const char *key,
                   const struct customer *customer)
{
    json_begin(out, key);
    customer_put_row(out, customer);
    TRY(put_all_keys(ctx, out, customer->id));
    TRY(put_addresses(ctx, out, customer->id));
    TRY(put_consents(ctx, out, customer->id));
    TRY(put_values(ctx, out, customer->id));
    TRY(put_doubles(ctx, out, customer->id));
    json_end_object(out);
    return OK;
}

/* ---- pages ---- */

static err_t read_page(struct ctx *ctx, int stmt,
                       const struct customer_page_query *page,
                       struct sql_rows *ret)
{
    struct sql_arg args[] = {sql_i(page->id.v), sql_i(page->after),
                             sql_i((int64_t)page->limit)};
    TRY(customer_check_exists(ctx, page->id));
    return sql_list(ctx, stmt, args, COUNT_OF(args), ret);
}

static void end_page(struct json_out *out, const char *prefix,
                     const struct sql_rows *rows, size_t limit)
{
    json_end_list(out);
    json_put_id_or_null(out, "next", prefix,
                        rows->count == limit ? sql_int(rows, rows->count - 1, 0)
                                             : 0);
    json_end_object(out);
}

err_t customer_put_consent_page(struct ctx *ctx, struct json_out *out,
                                const char *key,
                                const struct customer_page_query *page)
{
    struct sql_rows rows;
    TRY(read_page(ctx, SQL_CUSTOMER_CONSENT_LIST, page, &rows));
    json_begin(out, key);
    json_begin_list(out, "items");
    for (size_t i = 0; i < rows.count; i++)
        put_consent(out, &rows, i);
    end_page(out, "con", &rows, page->limit);
    return OK;
}

err_t customer_put_note_page(struct ctx *ctx, struct json_out *out,
                             const char *key,
                             const struct customer_page_query *page)
{
    struct sql_rows rows;
    TRY(read_page(ctx, SQL_CUSTOMER_NOTE_LIST, page, &rows));
    json_begin(out, key);
    json_begin_list(out, "items");
    for (size_t i = 0; i < rows.count; i++) {
        json_begin(out, NULL);
        json_put_id(out, "id", "not", sql_int(&rows, i, 0));
        json_put_str(out, "text", sql_str(&rows, i, 1));
        json_put_time(out, "at", sql_int(&rows, i, 2));
        json_end_object(out);
    }
    end_page(out, "not", &rows, page->limit);
    return OK;
}
