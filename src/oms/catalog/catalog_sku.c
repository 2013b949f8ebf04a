/* catalog_sku.c - the commands that create and change SKUs. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog_rules.h"
#include "oms/catalog/catalog_store.h"
#include "store/event.h"

/* What a run of creations looks up first. */
struct lookup {
    struct map *skus;     /* By code; also those this run creates. */
    struct map *products; /* By code: struct product. */
};

static err_t look_up_products(struct ctx *ctx, const struct sku_cmd *cmds,
                              size_t count, struct lookup *ret)
{
    ret->products = map_open(ctx->arena, count);
    str *codes = arena_array(ctx->arena, str, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (cmds[i].product_code.len > 0)
            codes[n++] = cmds[i].product_code;
    struct product *products;
    TRY(product_list_codes(ctx, codes, n, &products, &n));
    for (size_t i = 0; i < n; i++)
        map_set(ret->products, (struct map_key){.s = products[i].code},
                &products[i]);
    return OK;
}

static err_t look_up(struct ctx *ctx, const struct sku_cmd *cmds, size_t count,
                     struct lookup *ret)
{
    ret->skus = map_open(ctx->arena, count);
    str *codes = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = cmds[i].code;
    struct sku *skus;
    size_t n;
    TRY(sku_list_codes(ctx, codes, count, &skus, &n));
    for (size_t i = 0; i < n; i++)
        map_set(ret->skus, (struct map_key){.s = skus[i].code}, &skus[i]);
    return look_up_products(ctx, cmds, count, ret);
}

/* Decides one creation and fills its row; writes nothing. */
static err_t decide(struct ctx *ctx, const struct lookup *lookup,
                    const struct sku_cmd *cmd, struct sku_row *ret)
{
    TRY(sku_check(ctx, cmd));
    if (map_find(lookup->skus, (struct map_key){.s = cmd->code}))
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a SKU with this code");
    const struct product *product = NULL;
    if (cmd->product_code.len > 0) {
        product = map_find(lookup->products,
                           (struct map_key){.s = cmd->product_code});
        if (!product)
            return fail_as(ctx, ERR_INVALID, "product_unknown", "product_code",
                           "there is no product with this code");
    }
    int64_t id = id_next(ctx->ids, ctx->now, str_bucket(cmd->code));
    *ret = (struct sku_row){
        .sku = {.id = {id},
                .code = cmd->code,
                .title = cmd->title,
                .is_tracked = cmd->is_tracked,
                .version = 1},
        .product = {product ? product->id.v : 0},
        .product_code = cmd->product_code,
        .barcode = cmd->barcode,
        .hs_code = cmd->hs_code,
        .origin = cmd->origin,
        .weight_g = cmd->weight_g,
        .length_mm = cmd->length_mm,
        .width_mm = cmd->width_mm,
        .height_mm = cmd->height_mm,
        .tax_class = cmd->tax_class,
        .attrs = cmd->attrs.len > 0 ? cmd->attrs : STR("{}"),
        .created_at = ctx->now,
    };
    return OK;
}

static str event_text(struct ctx *ctx, const struct sku_row *row)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", row->sku.code);
    json_put_bool(&out, "is_tracked", row->sku.is_tracked);
    json_put_i64(&out, "version", row->sku.version);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t tell_created(struct ctx *ctx, const struct sku_row *rows,
                          size_t count)
{
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){
            .id = event_id(ctx, rows[i].sku.id.v),
            .at = ctx->now,
            .type = STR("sku.created"),
            .subject_kind = STR("sku"),
            .subject_id = rows[i].sku.id.v,
            .actor = ctx->actor,
            .data = event_text(ctx, &rows[i]),
        };
    return event_add_many(ctx, events, count);
}

static err_t write_created(struct ctx *ctx, const struct sku_row *rows,
                           size_t count)
{
    if (count == 0)
        return OK;
    int64_t added;
    TRY(sku_row_add(ctx, rows, count, &added));
    if (added != (int64_t)count)
        return ERR_RETRY; /* Another writer was faster: look again. */
    return tell_created(ctx, rows, count);
}

err_t sku_create_many(struct ctx *ctx, const struct sku_cmd *cmds, size_t count,
                      struct sku_result *results)
{
    ASSERT(ctx->tx != NULL);
    struct lookup lookup;
    struct sku_row *rows = arena_array(ctx->arena, struct sku_row, count);
    size_t n = 0;
    TRY(look_up(ctx, cmds, count, &lookup));
    for (size_t i = 0; i < count; i++) {
        err_t err = decide(ctx, &lookup, &cmds[i], &rows[n]);
        results[i] = (struct sku_result){.is_ok = err == OK};
        if (err != OK) {
            results[i].err = ctx->err;
            err_clear(ctx);
            continue;
        }
        results[i].sku = rows[n].sku;
        map_set(lookup.skus, (struct map_key){.s = cmds[i].code},
                &results[i].sku);
        n++;
    }
    return write_created(ctx, rows, n);
}

err_t sku_create(struct ctx *ctx, const struct sku_cmd *cmd, struct sku *ret)
{
    ASSERT(ctx->tx != NULL);
    struct lookup lookup;
    struct sku_row row = {0};
    TRY(look_up(ctx, cmd, 1, &lookup));
    TRY(decide(ctx, &lookup, cmd, &row));
    TRY(write_created(ctx, &row, 1));
    *ret = row.sku;
    return OK;
}

/* The SKU as a command, so that a change is checked as a creation is. */
static struct sku_cmd merged(const struct sku_row *row,
                             const struct sku_change *change)
{
    return (struct sku_cmd){
        .code = row->sku.code,
        .title = change->title ? *change->title : row->sku.title,
        .barcode = change->barcode ? *change->barcode : row->barcode,
        .hs_code = change->hs_code ? *change->hs_code : row->hs_code,
        .origin = change->origin ? *change->origin : row->origin,
        .product_code = change->product_code ? *change->product_code : STR_NONE,
        .is_tracked =
            change->is_tracked ? *change->is_tracked : row->sku.is_tracked,
        .weight_g = change->weight_g ? *change->weight_g : row->weight_g,
        .length_mm = change->length_mm ? *change->length_mm : row->length_mm,
        .width_mm = change->width_mm ? *change->width_mm : row->width_mm,
        .height_mm = change->height_mm ? *change->height_mm : row->height_mm,
        .tax_class = change->tax_class ? *change->tax_class : row->tax_class,
        .attrs = change->attrs ? *change->attrs : row->attrs,
    };
}

static err_t apply_product(struct ctx *ctx, const str *code,
                           struct sku_row *row)
{
    if (!code)
        return OK;
    row->product = (product_id){0};
    if (code->len == 0)
        return OK;
    struct product product;
    bool found;
    TRY(product_find(ctx, *code, &product, &found));
    if (!found)
        return fail_as(ctx, ERR_INVALID, "product_unknown", "product_code",
                       "there is no product with this code");
    row->product = product.id;
    return OK;
}

/* Components are tracked, kits are not. */
static err_t check_tracking(struct ctx *ctx, const struct sku *sku,
                            bool is_tracked)
{
    if (sku->is_kit && is_tracked)
        return fail_as(ctx, ERR_STATE, "sku_is_kit", "is_tracked",
                       "a kit has no stock of its own");
    bool is_part = false;
    if (sku->is_tracked && !is_tracked)
        TRY(kit_has_part(ctx, sku->id, &is_part));
    if (is_part)
        return fail_as(ctx, ERR_STATE, "sku_is_component", "is_tracked",
                       "it is a component of a kit, whose stock counts");
    return OK;
}

err_t sku_change(struct ctx *ctx, sku_id id, const struct sku_change *change)
{
    ASSERT(ctx->tx != NULL);
    struct sku_row row = {0};
    TRY(sku_row_lock(ctx, id, &row));
    TRY(check_version(ctx, change->version, row.sku.version));
    struct sku_cmd cmd = merged(&row, change);
    TRY(sku_check(ctx, &cmd));
    TRY(check_tracking(ctx, &row.sku, cmd.is_tracked));
    TRY(apply_product(ctx, change->product_code, &row));
    row.sku.title = cmd.title;
    row.sku.is_tracked = cmd.is_tracked;
    row.barcode = cmd.barcode;
    row.hs_code = cmd.hs_code;
    row.origin = cmd.origin;
    row.weight_g = cmd.weight_g;
    row.length_mm = cmd.length_mm;
    row.width_mm = cmd.width_mm;
    row.height_mm = cmd.height_mm;
    row.tax_class = cmd.tax_class;
    row.attrs = cmd.attrs;
    TRY(sku_row_save(ctx, &row));
    ASSERT(row.sku.version == change->version + 1);
    return event_add(ctx, "sku.changed", "sku", id.v, event_text(ctx, &row),
                     NULL);
}
