/* customer_change.c - the commands that make and change a customer. */
#include "oms/customer/customer_change.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

static bool is_same(const struct customer_key *a, const struct customer_key *b)
{
    return a->kind == b->kind && str_equal(a->source, b->source) &&
           str_equal(a->value, b->value);
}

static const struct customer_key *find_key(const struct customer_key *keys,
                                           size_t count,
                                           const struct customer_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(&keys[i], key))
            return &keys[i];
    return NULL;
}

static err_t fail_taken(struct ctx *ctx, enum customer_key_kind kind,
                        const char *field, int64_t owner)
{
    static const char *const slugs[] = {"email_taken", "phone_taken",
                                        "external_id_taken"};
    char text[ID_TEXT_BYTES];
    str id = {text, id_to_text("cus", owner, text)};
    return fail_as(ctx, ERR_CONFLICT, slugs[kind - 1], field,
                   "customer %.*s goes by it", STR_ARG(id));
}

/* Another customer must have none of them. */
static err_t check_free(struct ctx *ctx, customer_id id,
                        const struct customer_cmd *cmd)
{
    struct customer_key *taken = NULL;
    size_t count;
    TRY(customer_key_find_many(ctx, cmd->keys, cmd->key_count, &taken, &count));
    for (size_t i = 0; i < cmd->key_count; i++) {
        const struct customer_key *key = find_key(taken, count, &cmd->keys[i]);
        if (key && key->customer != id.v)
            return fail_taken(ctx, key->kind, cmd->fields[i], key->customer);
    }
    return OK;
}

static err_t remove_key(struct ctx *ctx, const struct customer_key *key)
{
    struct sql_arg args[] = {sql_i(key->kind), sql_s(key->source),
                             sql_s(key->value), sql_i(key->customer)};
    return sql_run(ctx, SQL_CUSTOMER_KEY_REMOVE, args, COUNT_OF(args), NULL);
}

/* Those of named kinds that are not wanted go, new ones come. */
static err_t replace_keys(struct ctx *ctx, customer_id id,
                          const struct customer_cmd *cmd)
{
    struct customer_key *old = NULL;
    size_t old_count, count = 0, kept = 0;
    int64_t last_n = 0;
    TRY(check_free(ctx, id, cmd));
    TRY(customer_key_list(ctx, id, &old, &old_count));
    for (size_t i = 0; i < old_count; i++) {
        last_n = old[i].n > last_n ? old[i].n : last_n;
        if (cmd->is_kind_named[old[i].kind] &&
            !find_key(cmd->keys, cmd->key_count, &old[i]))
            TRY(remove_key(ctx, &old[i]));
        else
            kept++;
    }
    struct customer_key *added =
        arena_array(ctx->arena, struct customer_key, cmd->key_count);
    for (size_t i = 0; i < cmd->key_count; i++) {
        if (find_key(old, old_count, &cmd->keys[i]))
            continue;
        added[count] = cmd->keys[i];
        added[count].customer = id.v;
        added[count++].n = ++last_n;
    }
    if (kept + count > LIMIT_CUSTOMER_KEYS)
        return fail_as(ctx, ERR_INVALID, "too_many", "",
                       "a customer goes by at most %d keys",
                       LIMIT_CUSTOMER_KEYS);
    return customer_key_add_many(ctx, added, count);
}

static void apply(const struct customer_cmd *cmd, struct customer *customer)
{
    if (cmd->name)
        customer->name = *cmd->name;
    if (cmd->language)
        customer->language = *cmd->language;
    if (cmd->tags)
        customer->tags = *cmd->tags;
    if (cmd->attrs)
        customer->attrs = *cmd->attrs;
}

err_t customer_create(struct ctx *ctx, const struct customer_cmd *cmd,
                      struct customer *ret)
{
    ASSERT(ctx->tx != NULL);
    struct customer customer = {
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .attrs = STR("{}"),
        .tags = STR("[]"),
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    apply(cmd, &customer);
    TRY(check_free(ctx, customer.id, cmd));
    TRY(customer_add_many(ctx, &customer, 1));
    TRY(replace_keys(ctx, customer.id, cmd));
    TRY(customer_tell(ctx, &customer, "customer.created"));
    *ret = customer;
    return OK;
}

err_t customer_change(struct ctx *ctx, customer_id id,
                      const struct customer_cmd *cmd, struct customer *ret)
{
    ASSERT(ctx->tx != NULL && cmd->version > 0);
    struct customer customer;
    TRY(customer_lock(ctx, id, cmd->version, &customer));
    apply(cmd, &customer);
    TRY(replace_keys(ctx, id, cmd));
    TRY(customer_save(ctx, &customer, "customer.changed"));
    ASSERT(customer.version == cmd->version + 1);
    *ret = customer;
    return OK;
}
