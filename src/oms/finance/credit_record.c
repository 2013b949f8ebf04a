/* credit_record.c - the command "record these credit notes of the past". */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/channel/channel.h"
#include "oms/finance/finance_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 512 };

struct run {
    struct ctx *ctx;
    struct credit_item *items;
    size_t count;
    struct map *channels; /* code -> struct channel */
    struct map *skus;     /* code -> struct sku */
    struct map *known;    /* (channel, external id) -> struct credit_known */
    struct map *buyers;   /* (channel, SKU, buyer) -> struct credit_buyer */
    struct credit_note **fresh;
    const struct ctx **fresh_ctx;
    size_t fresh_count;
};

static void hash_str(struct buf *buf, str s)
{
    buf_add_i64(buf, (int64_t)s.len);
    buf_add_char(buf, ':');
    buf_add_str(buf, s);
}

void credit_cmd_seal(struct arena *arena, struct credit_cmd *cmd)
{
    struct buf buf;
    buf_init(&buf, arena, LIMIT_ARENA_BYTES);
    hash_str(&buf, cmd->channel);
    hash_str(&buf, cmd->external_id);
    hash_str(&buf, cmd->buyer);
    hash_str(&buf, cmd->country);
    hash_str(&buf, cmd->attrs);
    buf_add_cstr(&buf, cmd->currency);
    buf_add_i64(&buf, cmd->issued_at);
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct credit_line_cmd *line = &cmd->lines[i];
        hash_str(&buf, line->sku);
        hash_str(&buf, line->title);
        hash_str(&buf, line->attrs);
        buf_addf(&buf, "%lld %lld %lld", (long long)line->qty,
                 (long long)line->unit_price, (long long)line->amount);
    }
    ASSERT(!buf.is_full);
    cmd->body_hash = (int64_t)str_hash(buf_str(&buf));
}

static struct map_key text_key(str s)
{
    return (struct map_key){.s = s};
}

static const struct channel *channel_of(const struct run *run,
                                        const struct credit_cmd *cmd)
{
    return map_find(run->channels, text_key(cmd->channel));
}

static err_t gather_channels(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    str *codes = arena_array(arena, str, run->count);
    struct channel *found;
    size_t n = 0, count;
    run->channels = map_open(arena, 4);
    for (size_t i = 0; i < run->count; i++)
        if (n == 0 || !str_equal(codes[n - 1], run->items[i].cmd->channel))
            codes[n++] = run->items[i].cmd->channel;
    TRY(channel_list_codes(run->ctx, codes, n, &found, &count));
    for (size_t i = 0; i < count; i++)
        map_set(run->channels, text_key(found[i].code), &found[i]);
    return OK;
}

static err_t gather_skus(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    size_t lines = 0, n = 0, count;
    for (size_t i = 0; i < run->count; i++)
        lines += run->items[i].cmd->line_count;
    str *codes = arena_array(arena, str, lines);
    struct sku *found;
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = 0; j < run->items[i].cmd->line_count; j++)
            codes[n++] = run->items[i].cmd->lines[j].sku;
    TRY(sku_list_codes(run->ctx, codes, n, &found, &count));
    run->skus = map_open(arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(run->skus, text_key(found[i].code), &found[i]);
    return OK;
}

static err_t gather_known(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    struct credit_key *keys = arena_array(arena, struct credit_key, run->count);
    struct credit_known *found;
    size_t n = 0, count;
    for (size_t i = 0; i < run->count; i++) {
        const struct channel *channel = channel_of(run, run->items[i].cmd);
        if (channel)
            keys[n++] = (struct credit_key){channel->id, channel->code,
                                            run->items[i].cmd->external_id};
    }
    TRY(credit_find_many(run->ctx, keys, n, &found, &count));
    run->known = map_open(arena, run->count);
    for (size_t i = 0; i < count; i++)
        map_set(run->known,
                (struct map_key){.a = found[i].channel.v,
                                 .s = found[i].external_id},
                &found[i]);
    return OK;
}

static bool is_known(const struct run *run, const struct credit_cmd *cmd)
{
    const struct channel *channel = channel_of(run, cmd);
    return channel &&
           map_find(run->known, (struct map_key){.a = channel->id.v,
                                                 .s = cmd->external_id});
}

static void want_buyer(struct run *run, const struct credit_cmd *cmd,
                       const struct credit_line_cmd *line,
                       struct credit_buyer *at, size_t *n)
{
    const struct channel *channel = channel_of(run, cmd);
    const struct sku *sku = map_find(run->skus, text_key(line->sku));
    if (!sku)
        return;
    struct map_key key = {channel->id.v, sku->id.v, cmd->buyer};
    if (map_find(run->buyers, key))
        return;
    at[*n] = (struct credit_buyer){channel->id, cmd->buyer, sku->id, NULL, 0};
    map_set(run->buyers, key, &at[*n]);
    *n += 1;
}

/* Only for notes that are new: the others are linked. */
static err_t gather_buyers(struct run *run)
{
    size_t lines = 0, n = 0;
    for (size_t i = 0; i < run->count; i++)
        lines += run->items[i].cmd->line_count;
    struct credit_buyer *buyers =
        arena_array(run->ctx->arena, struct credit_buyer, lines);
    run->buyers = map_open(run->ctx->arena, lines);
    for (size_t i = 0; i < run->count; i++) {
        const struct credit_cmd *cmd = run->items[i].cmd;
        if (cmd->buyer.len == 0 || !channel_of(run, cmd) || is_known(run, cmd))
            continue;
        for (size_t j = 0; j < cmd->line_count; j++)
            want_buyer(run, cmd, &cmd->lines[j], buyers, &n);
    }
    return credit_sources(run->ctx, buyers, n);
}

/* Takes the units of the latest line that has enough of them. */
static void link_line(const struct run *run, const struct credit_note *note,
                      str buyer, struct credit_line *line)
{
    if (buyer.len == 0)
        return;
    const struct credit_buyer *from = map_find(
        run->buyers, (struct map_key){note->channel.v, line->sku.v, buyer});
    for (size_t i = 0; from && i < from->count; i++) {
        struct credit_source *source = &from->at[i];
        if (source->placed_at > note->issued_at || source->left < line->qty)
            continue;
        source->left -= line->qty;
        line->order = source->order;
        line->order_n = source->n;
        return;
    }
}

static err_t check_line(struct ctx *ctx, const struct run *run,
                        const struct credit_line_cmd *line, size_t i)
{
    char field[48];
    snprintf(field, sizeof field, "lines[%zu]", i);
    if (!map_find(run->skus, text_key(line->sku)))
        return fail_as(ctx, ERR_INVALID, "sku_unknown", field,
                       "there is no SKU with the code %.*s",
                       STR_ARG(line->sku));
    if (line->qty < 1 || line->qty > LIMIT_QTY || line->unit_price < 0 ||
        line->amount < 0 || line->amount > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", field,
                       "quantity or amount is out of its range");
    return OK;
}

static err_t fill_lines(struct ctx *ctx, const struct run *run,
                        const struct credit_cmd *cmd, struct credit_note *note)
{
    if (cmd->line_count == 0 || cmd->line_count > LIMIT_HISTORY_LINES)
        return fail_as(ctx, ERR_INVALID, "lines_out_of_range", "lines",
                       "must be 1 to %d", LIMIT_HISTORY_LINES);
    note->line_count = cmd->line_count;
    note->lines =
        arena_array(run->ctx->arena, struct credit_line, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct credit_line_cmd *from = &cmd->lines[i];
        TRY(check_line(ctx, run, from, i));
        const struct sku *sku = map_find(run->skus, text_key(from->sku));
        note->lines[i] = (struct credit_line){
            .n = (int64_t)i + 1,
            .sku = sku->id,
            .sku_code = sku->code,
            .title = from->title.len > 0 ? from->title : sku->title,
            .doc = from->attrs.len > 0 ? from->attrs : STR("{}"),
            .qty = from->qty,
            .unit_price = from->unit_price,
            .amount = from->amount,
        };
        note->total += from->amount;
    }
    if (note->total > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "total",
                       "the sum of the lines is too large");
    return OK;
}

static str note_doc(struct arena *arena, const struct credit_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "country", cmd->country);
    json_put_str(&out, "customer", cmd->buyer);
    json_put_raw(&out, "attrs", cmd->attrs.len > 0 ? cmd->attrs : STR("{}"));
    json_end_object(&out);
    return buf_str(&buf);
}

static void fill_head(const struct run *run, const struct credit_cmd *cmd,
                      const struct channel *channel, struct credit_note *note)
{
    struct credit_key key = {channel->id, channel->code, cmd->external_id};
    int bucket = credit_key_bucket(run->ctx->arena, &key);
    *note = (struct credit_note){
        .id = {id_next(run->ctx->ids, run->ctx->now, bucket)},
        .channel = channel->id,
        .external_id = cmd->external_id,
        .number = cmd->external_id,
        .doc = note_doc(run->ctx->arena, cmd),
        .status = CREDIT_ISSUED,
        .origin = CREDIT_ORIGIN_IMPORT,
        .version = 1,
        .body_hash = cmd->body_hash,
        .issued_at = cmd->issued_at,
        .created_at = run->ctx->now,
    };
    memcpy(note->currency, cmd->currency, sizeof note->currency);
}

static void remember(struct run *run, struct map_key key,
                     const struct credit_note *note)
{
    struct credit_known *known =
        arena_new(run->ctx->arena, struct credit_known);
    *known = (struct credit_known){note->id, note->channel, note->external_id,
                                   note->body_hash};
    map_set(run->known, key, known);
}

static err_t decide(struct run *run, struct credit_item *item)
{
    struct ctx *ctx = item->ctx;
    const struct credit_cmd *cmd = item->cmd;
    const struct channel *channel = channel_of(run, cmd);
    if (!channel)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with the code %.*s",
                       STR_ARG(cmd->channel));
    struct map_key key = {.a = channel->id.v, .s = cmd->external_id};
    const struct credit_known *known = map_find(run->known, key);
    item->is_new = !known;
    if (known) {
        item->id = known->id;
        if (known->body_hash == cmd->body_hash)
            return OK;
        return fail_as(ctx, ERR_CONFLICT, "external_id_reused", "external_id",
                       "is issued with another content");
    }
    ASSERT(cmd->external_id.len > 0 && cmd->issued_at > 0);
    struct credit_note *note = arena_new(run->ctx->arena, struct credit_note);
    fill_head(run, cmd, channel, note);
    TRY(fill_lines(ctx, run, cmd, note));
    for (size_t i = 0; i < note->line_count; i++)
        link_line(run, note, cmd->buyer, &note->lines[i]);
    remember(run, key, note);
    item->id = note->id;
    run->fresh_ctx[run->fresh_count] = ctx;
    run->fresh[run->fresh_count++] = note;
    return OK;
}

static str event_data(struct arena *arena, const struct credit_note *note)
{
    int64_t linked = 0;
    struct buf buf;
    struct json_out out;
    for (size_t i = 0; i < note->line_count; i++)
        linked += note->lines[i].order.v != 0;
    buf_init(&buf, arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "channel", "chn", note->channel.v);
    json_put_i64(&out, "lines", (int64_t)note->line_count);
    json_put_i64(&out, "linked", linked);
    json_put_money(&out, "total", money_make(note->total, note->currency));
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t write_events(const struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct event *events =
        arena_array(ctx->arena, struct event, run->fresh_count);
    for (size_t i = 0; i < run->fresh_count; i++) {
        const struct credit_note *note = run->fresh[i];
        events[i] = (struct event){.id = event_id(ctx, note->id.v),
                                   .at = ctx->now,
                                   .type = STR("credit_note.imported"),
                                   .subject_kind = STR("credit_note"),
                                   .subject_id = note->id.v,
                                   .actor = run->fresh_ctx[i]->actor,
                                   .data = event_data(ctx->arena, note)};
    }
    return event_add_many(ctx, events, run->fresh_count);
}

err_t credit_record_many(struct ctx *ctx, struct credit_item *items,
                         size_t count)
{
    ASSERT(ctx->tx && ctx->ids);
    struct run run = {.ctx = ctx, .items = items, .count = count};
    if (count == 0)
        return OK;
    TRY(gather_channels(&run));
    TRY(gather_skus(&run));
    TRY(gather_known(&run));
    TRY(gather_buyers(&run));
    run.fresh = arena_array(ctx->arena, struct credit_note *, count);
    run.fresh_ctx = arena_array(ctx->arena, const struct ctx *, count);
    for (size_t i = 0; i < count; i++)
        items[i].err = decide(&run, &items[i]);
    if (run.fresh_count == 0)
        return OK;
    TRY(write_events(&run));
    return credit_insert_many(ctx, run.fresh, run.fresh_count);
}
