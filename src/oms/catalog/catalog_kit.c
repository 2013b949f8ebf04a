/* catalog_kit.c - the command that makes a SKU a kit, and who is in one.
 *
 * Kits are one level deep: a component is a tracked SKU and no kit, and what
 * is a component becomes no kit. So there are no cycles, and what a kit takes
 * from stock can be read in one step.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/catalog/catalog_sql.h"
#include "oms/catalog/catalog_store.h"
#include "store/event.h"
#include "store/sql.h"

static int compare_parts(const void *a, const void *b)
{
    const struct kit_part *x = a, *y = b;
    if (x->kit.v != y->kit.v)
        return x->kit.v < y->kit.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

err_t kit_part_list(struct ctx *ctx, const sku_id *kits, size_t count,
                    struct kit_part **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(kits[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_KIT_PART_LIST, keys, count, &rows));
    struct kit_part *parts =
        arena_array(ctx->arena, struct kit_part, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        parts[i] = (struct kit_part){
            .kit = {sql_int(&rows, i, 0)},
            .n = sql_int(&rows, i, 1),
            .sku = {sql_int(&rows, i, 2)},
            .code = sql_str(&rows, i, 3),
            .quantity = sql_int(&rows, i, 4),
            .is_drop = sql_int(&rows, i, 5) != 0,
        };
    if (rows.count > 1)
        qsort(parts, rows.count, sizeof *parts, compare_parts);
    *ret = parts;
    *ret_count = rows.count;
    return OK;
}

size_t kit_parts_of(const struct kit_part *parts, size_t count, sku_id kit,
                    const struct kit_part **ret_first)
{
    size_t first = 0, end;
    while (first < count && parts[first].kit.v != kit.v)
        first++;
    for (end = first; end < count && parts[end].kit.v == kit.v;)
        end++;
    *ret_first = end > first ? &parts[first] : NULL;
    return end - first;
}

err_t kit_has_part(struct ctx *ctx, sku_id sku, bool *ret)
{
    struct sql_arg args[] = {sql_i(sku.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_KIT_PART_OF, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0;
    return OK;
}

err_t kit_refuse(struct ctx *ctx, const sku_id *skus, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(skus[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_SKU_SHARE_MANY, keys, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct sku sku;
        sku_read(&rows, i, &sku);
        if (sku.is_kit)
            return fail(ctx, ERR_RETRY, "sku", "the SKU has become a kit");
    }
    return OK;
}

/* ---- the command ---- */

static err_t fail_item(struct ctx *ctx, size_t i, const char *slug,
                       const char *text)
{
    char field[48];
    snprintf(field, sizeof(field), "components[%zu].sku", i);
    return fail_as(ctx, ERR_INVALID, slug, field, "%s", text);
}

/* The components by code; what cannot be one is named. */
static err_t find_parts(struct ctx *ctx, sku_id kit, const struct kit_cmd *cmd,
                        struct kit_part *ret)
{
    str *codes = arena_array(ctx->arena, str, cmd->count);
    struct sku *found;
    size_t n;
    for (size_t i = 0; i < cmd->count; i++)
        codes[i] = cmd->items[i].sku;
    TRY(sku_list_codes(ctx, codes, cmd->count, &found, &n));
    struct map *skus = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(skus, (struct map_key){.s = found[i].code}, &found[i]);
    for (size_t i = 0; i < cmd->count; i++) {
        const struct kit_item *item = &cmd->items[i];
        const struct sku *sku =
            map_find(skus, (struct map_key){.s = item->sku});
        ASSERT(item->quantity >= 1 && item->quantity <= LIMIT_KIT_QTY);
        if (!sku)
            return fail_item(ctx, i, "sku_unknown",
                             "there is no SKU with this code");
        for (size_t j = 0; j < i; j++)
            if (ret[j].sku.v == sku->id.v)
                return fail_item(ctx, i, "component_twice",
                                 "is named twice; sum the quantities");
        ret[i] = (struct kit_part){kit,       sku->id,        (int64_t)i + 1,
                                   sku->code, item->quantity, sku->is_drop};
    }
    return OK;
}

/* Locks the rows of the kit and its components in order of id. */
static err_t lock_all(struct ctx *ctx, sku_id kit, const struct kit_part *parts,
                      size_t count, struct map **ret)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count + 1);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(parts[i].sku.v);
    keys[count] = sql_i(kit.v);
    TRY(sql_list_distinct(ctx, SQL_SKU_LOCK_MANY, keys, count + 1, &rows));
    *ret = map_open(ctx->arena, rows.count);
    struct sku *skus = arena_array(ctx->arena, struct sku, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        sku_read(&rows, i, &skus[i]);
        map_set(*ret, (struct map_key){.a = skus[i].id.v}, &skus[i]);
    }
    return OK;
}

static err_t check_parts(struct ctx *ctx, sku_id kit,
                         const struct kit_part *parts, size_t count,
                         const struct map *locked)
{
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku =
            map_find(locked, (struct map_key){.a = parts[i].sku.v});
        ASSERT(sku);
        if (sku->id.v == kit.v || sku->is_kit)
            return fail_item(ctx, i, "component_is_kit",
                             "a kit cannot be a component of a kit");
        if (!sku->is_tracked)
            return fail_item(ctx, i, "component_untracked",
                             "an untracked SKU takes no stock");
    }
    return OK;
}

static err_t save_parts(struct ctx *ctx, sku_id kit,
                        const struct kit_part *parts, size_t count)
{
    enum { PARAMS = 4 };
    struct sql_arg id = sql_i(kit.v);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(kit.v);
        args[i * PARAMS + 1] = sql_i(parts[i].n);
        args[i * PARAMS + 2] = sql_i(parts[i].sku.v);
        args[i * PARAMS + 3] = sql_i(parts[i].quantity);
    }
    TRY(sql_run(ctx, SQL_KIT_PART_DROP, &id, 1, NULL));
    if (count == 0)
        return OK;
    return sql_run_many(ctx, SQL_KIT_PART_ADD, args, PARAMS, count, NULL);
}

static err_t save_sku(struct ctx *ctx, const struct sku *sku, bool is_kit)
{
    struct sql_arg args[] = {sql_i(is_kit), sql_i(sku->is_tracked && !is_kit),
                             sql_i(sku->id.v), sql_i(sku->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_SKU_SAVE_KIT, args, COUNT_OF(args), &changed));
    return changed == 1 ? OK : ERR_RETRY;
}

static err_t tell(struct ctx *ctx, const struct sku *sku,
                  const struct kit_part *parts, size_t count)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", sku->code);
    /* A kit takes no stock, nor does what was one until it is told to. */
    json_put_bool(&out, "is_tracked", sku->is_tracked && count == 0);
    json_put_i64(&out, "version", sku->version + 1);
    json_begin_list(&out, "components");
    for (size_t i = 0; i < count; i++) {
        json_begin(&out, NULL);
        json_put_id(&out, "sku", "sku", parts[i].sku.v);
        json_put_i64(&out, "quantity", parts[i].quantity);
        json_end_object(&out);
    }
    json_end_list(&out);
    json_end_object(&out);
    return event_add(ctx, "sku.components_set", "sku", sku->id.v, buf_str(&buf),
                     NULL);
}

err_t kit_set(struct ctx *ctx, sku_id id, const struct kit_cmd *cmd)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->count <= LIMIT_KIT_PARTS);
    struct kit_part *parts =
        arena_array(ctx->arena, struct kit_part, cmd->count);
    struct map *locked;
    bool is_part;
    TRY(find_parts(ctx, id, cmd, parts));
    TRY(lock_all(ctx, id, parts, cmd->count, &locked));
    const struct sku *sku = map_find(locked, (struct map_key){.a = id.v});
    if (!sku)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such SKU");
    TRY(check_version(ctx, cmd->version, sku->version));
    TRY(check_parts(ctx, id, parts, cmd->count, locked));
    TRY(kit_has_part(ctx, id, &is_part));
    if (is_part && cmd->count > 0)
        return fail_as(ctx, ERR_STATE, "sku_is_component", "components",
                       "it is a component itself, and kits hold no kits");
    TRY(save_parts(ctx, id, parts, cmd->count));
    TRY(save_sku(ctx, sku, cmd->count > 0));
    return tell(ctx, sku, parts, cmd->count);
}
