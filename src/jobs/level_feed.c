/* level_feed.c - what may be sold now, to all who watch it.
 *
 * Each turn reads the levels of all watched SKUs once, whoever watches them,
 * and renders a SKU anew only where a level changed. A client gets the latest
 * state and nothing of what lay between two turns; one without room is left
 * out and gets the latest when it has some.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/feed.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_live.h"

enum {
    READ_SKUS = 2000, /* In one turn; the others have theirs next. */
    HEAD_BYTES = 1024,
    LEVEL_BYTES = 6 * LIMIT_CODE_BYTES + 64 /* Of one place, however escaped. */
};

/* A set of locations that somebody asked for; count 0: all. */
struct places {
    struct places *next;
    size_t clients, count;
    location_id at[];
};

/* A SKU as those see it who asked for these places. */
struct view {
    struct view *next;
    const struct places *places;
    size_t watches;
    int64_t stamp; /* What the text shows; 0: nothing yet. */
    struct http_chunk *chunk;
};

struct watched {
    struct watched *next;
    sku_id sku;
    size_t watches;
    int64_t stamp; /* Rises with every change of one of its levels. */
    struct view *views;
    char code[LIMIT_CODE_BYTES];
    size_t code_len;
};

struct watch {
    struct watched *sku;
    struct view *view;
    int64_t sent; /* Stamp of what the client has. */
};

struct level_client {
    struct feed_client client;
    struct places *places;
    bool is_settled;
    struct live_sku *wanted; /* Until settled. */
    size_t count;
    struct watch watches[];
};

struct level_feed {
    struct places *places;
    struct watched **table; /* By SKU; chained. */
    size_t buckets, count;
    size_t next_bucket; /* Where the next turn begins to read. */
    size_t left;        /* SKUs that this round has still to look at. */
};

/* ---- clients; client_new runs on another thread than the rest ---- */

static struct places *places_new(const struct level_want *want)
{
    size_t size = want->location_count * sizeof(location_id);
    struct places *places = mem_new(sizeof *places + size);
    places->count = want->location_count;
    if (size)
        memcpy(places->at, want->locations, size);
    return places;
}

static struct feed_client *client_new(struct feed *feed,
                                      const struct feed_want *want)
{
    const struct level_want *wanted = (const struct level_want *)want;
    size_t count = wanted->sku_count, text = 0;
    (void)feed;
    for (size_t i = 0; i < count; i++)
        text += wanted->skus[i].code.len;
    struct level_client *client =
        mem_new(sizeof *client + count * sizeof(struct watch));
    client->count = count;
    client->places = places_new(wanted);
    client->wanted = mem_new(count * sizeof *client->wanted + text);
    char *to = (char *)(client->wanted + count);
    for (size_t i = 0; i < count; i++) {
        str code = wanted->skus[i].code;
        memcpy(to, code.ptr, code.len);
        client->wanted[i] = (struct live_sku){
            wanted->skus[i].id, {to, code.len}
        };
        to += code.len;
    }
    return &client->client;
}

static bool is_same_places(const struct places *a, const struct places *b)
{
    return a->count == b->count &&
           memcmp(a->at, b->at, a->count * sizeof a->at[0]) == 0;
}

static struct places *join_places(struct level_feed *own, struct places *mine)
{
    for (struct places *at = own->places; at; at = at->next) {
        if (is_same_places(at, mine)) {
            mem_free(mine);
            at->clients++;
            return at;
        }
    }
    mine->clients = 1;
    mine->next = own->places;
    own->places = mine;
    return mine;
}

static void leave_places(struct level_feed *own, struct places *places)
{
    struct places **at = &own->places;
    if (--places->clients > 0)
        return;
    while (*at != places)
        at = &(*at)->next;
    *at = places->next;
    mem_free(places);
}

static size_t bucket_of(const struct level_feed *own, sku_id sku)
{
    return (size_t)((uint64_t)sku.v * 0x9e3779b97f4a7c15u >> 32) &
           (own->buckets - 1);
}

static void grow(struct level_feed *own)
{
    size_t old_count = own->buckets;
    struct watched **old = own->table;
    if (own->count < own->buckets)
        return;
    own->buckets = old_count ? old_count * 2 : 256;
    own->table = mem_new(own->buckets * sizeof(struct watched *));
    for (size_t i = 0; i < old_count; i++) {
        while (old[i]) {
            struct watched *at = old[i];
            size_t to = bucket_of(own, at->sku);
            old[i] = at->next;
            at->next = own->table[to];
            own->table[to] = at;
        }
    }
    mem_free(old);
}

static struct watched *join_sku(struct level_feed *own,
                                const struct live_sku *sku)
{
    grow(own);
    size_t bucket = bucket_of(own, sku->id);
    struct watched *at = own->table[bucket];
    while (at && at->sku.v != sku->id.v)
        at = at->next;
    if (!at) {
        at = mem_new(sizeof *at);
        at->sku = sku->id;
        at->code_len = sku->code.len;
        ASSERT(sku->code.len <= sizeof at->code);
        memcpy(at->code, sku->code.ptr, sku->code.len);
        at->next = own->table[bucket];
        own->table[bucket] = at;
        own->count++;
    }
    at->watches++;
    return at;
}

static struct view *join_view(struct watched *sku, const struct places *places)
{
    struct view *view = sku->views;
    while (view && view->places != places)
        view = view->next;
    if (!view) {
        view = mem_new(sizeof *view);
        view->places = places;
        view->next = sku->views;
        sku->views = view;
    }
    view->watches++;
    return view;
}

static void leave_view(struct watched *sku, struct view *view)
{
    struct view **at = &sku->views;
    if (--view->watches > 0)
        return;
    while (*at != view)
        at = &(*at)->next;
    *at = view->next;
    http_chunk_release(view->chunk);
    mem_free(view);
}

static void leave_sku(struct level_feed *own, struct watched *sku)
{
    struct watched **at = &own->table[bucket_of(own, sku->sku)];
    if (--sku->watches > 0)
        return;
    while (*at != sku)
        at = &(*at)->next;
    *at = sku->next;
    own->count--;
    mem_free(sku);
}

static void client_free(struct feed *feed, struct feed_client *client)
{
    struct level_client *at = (struct level_client *)client;
    if (at->is_settled) {
        for (size_t i = 0; i < at->count; i++) {
            leave_view(at->watches[i].sku, at->watches[i].view);
            leave_sku(feed->own, at->watches[i].sku);
        }
        leave_places(feed->own, at->places);
    } else {
        mem_free(at->places);
        mem_free(at->wanted);
    }
    mem_free(at);
}

static bool settle_new(struct feed *feed)
{
    struct level_feed *own = feed->own;
    bool is_any = false;
    for (struct feed_client *at = feed->clients; at; at = at->next) {
        struct level_client *client = (struct level_client *)at;
        if (client->is_settled)
            break; /* New ones stand first. */
        client->places = join_places(own, client->places);
        for (size_t i = 0; i < client->count; i++) {
            struct watched *sku = join_sku(own, &client->wanted[i]);
            client->watches[i] =
                (struct watch){sku, join_view(sku, client->places), 0};
        }
        mem_free(client->wanted);
        client->wanted = NULL;
        client->is_settled = is_any = true;
        http_stream_begin(at->stream);
    }
    return is_any;
}

/* ---- one read for all ---- */

struct level_read {
    sku_id *skus;
    struct watched **watched;
    size_t count;
    struct live_level *levels;
    size_t level_count;
    struct location *locations;
    size_t location_count;
};

static err_t read_levels(struct ctx *ctx, void *arg)
{
    struct level_read *read = arg;
    TRY(live_level_list(ctx, read->skus, read->count, &read->levels,
                        &read->level_count));
    return location_list(ctx, &read->locations, &read->location_count);
}

/* Up to READ_SKUS of the watched, going round. */
static void choose(struct feed *feed, struct level_read *read)
{
    struct level_feed *own = feed->own;
    size_t most = own->count;
    read->skus = arena_array(feed->arena, sku_id, most);
    read->watched = arena_array(feed->arena, struct watched *, most);
    for (size_t i = 0; i < own->buckets && read->count < READ_SKUS; i++) {
        size_t bucket = own->next_bucket++ & (own->buckets - 1);
        for (struct watched *at = own->table[bucket]; at; at = at->next) {
            read->skus[read->count] = at->sku;
            read->watched[read->count++] = at;
        }
    }
}

static bool is_wanted(const struct places *places, location_id location)
{
    for (size_t i = 0; i < places->count; i++)
        if (places->at[i].v == location.v)
            return true;
    return places->count == 0;
}

static str code_of(const struct level_read *read, location_id location)
{
    for (size_t i = 0; i < read->location_count; i++)
        if (read->locations[i].id.v == location.v)
            return read->locations[i].code;
    return STR("");
}

static void render(struct feed *feed, const struct level_read *read,
                   const struct watched *sku, struct view *view,
                   const struct live_level *levels, size_t count)
{
    struct buf buf;
    struct json_out out;
    int64_t available = 0;
    buf_init(&buf, feed->arena, HEAD_BYTES + count * LEVEL_BYTES);
    buf_add_cstr(&buf, "event: level\ndata: ");
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "sku", (str){sku->code, sku->code_len});
    json_begin_list(&out, "locations");
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(view->places, levels[i].location))
            continue;
        available += levels[i].available;
        json_begin(&out, NULL);
        json_put_str(&out, "location", code_of(read, levels[i].location));
        json_put_i64(&out, "available", levels[i].available);
        json_end_object(&out);
    }
    json_end_list(&out);
    json_put_i64(&out, "available", available);
    /* When it changed; so a client can tell how late it hears. */
    json_put_time(&out, "at", feed->news_at ? feed->news_at : clock_now());
    json_end_object(&out);
    buf_add_cstr(&buf, "\n\n");
    ASSERT(!buf.is_full);
    http_chunk_release(view->chunk);
    view->chunk = http_chunk_new(buf_str(&buf));
    view->stamp = sku->stamp;
}

/* A SKU without levels has the stamp 1. */
static void look_at(struct feed *feed, const struct level_read *read,
                    struct watched *sku, const struct live_level *levels,
                    size_t count)
{
    int64_t stamp = 1;
    for (size_t i = 0; i < count; i++)
        stamp += levels[i].version;
    sku->stamp = stamp;
    for (struct view *view = sku->views; view; view = view->next)
        if (view->stamp != stamp)
            render(feed, read, sku, view, levels, count);
}

static void look_at_all(struct feed *feed, const struct level_read *read)
{
    for (size_t i = 0; i < read->count; i++) {
        int64_t id = read->skus[i].v;
        size_t low = 0, high = read->level_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (read->levels[middle].sku.v < id)
                low = middle + 1;
            else
                high = middle;
        }
        size_t count = 0;
        while (low + count < read->level_count &&
               read->levels[low + count].sku.v == id)
            count++;
        look_at(feed, read, read->watched[i], read->levels + low, count);
    }
}

/* True while one waits for room. */
static bool send_all(struct feed *feed)
{
    bool is_waiting = false;
    for (struct feed_client *at = feed->clients; at; at = at->next) {
        struct level_client *client = (struct level_client *)at;
        for (size_t i = 0; i < client->count; i++) {
            struct watch *watch = &client->watches[i];
            const struct view *view = watch->view;
            if (!view->chunk || watch->sent == view->stamp)
                continue;
            if (!feed_has_room(feed, at, http_chunk_len(view->chunk))) {
                is_waiting = true;
                break;
            }
            feed_send(feed, at, view->chunk);
            watch->sent = view->stamp;
        }
    }
    return is_waiting;
}

static bool turn(struct feed *feed)
{
    struct level_feed *own = feed->own;
    if (!own)
        feed->own = own = mem_new(sizeof *own);
    bool is_new = settle_new(feed);
    /* What is not news ends with the round, however many SKUs it has. */
    if (is_new || feed->news_at || own->left == 0)
        own->left = own->count;
    if (own->count == 0)
        return false;
    struct level_read read = {.count = 0};
    choose(feed, &read);
    if (feed_read(feed, read_levels, &read) != OK)
        return true;
    own->left -= own->left < read.count ? own->left : read.count;
    look_at_all(feed, &read);
    return send_all(feed) || own->left > 0;
}

static void close_own(struct feed *feed)
{
    struct level_feed *own = feed->own;
    if (!own)
        return;
    mem_free(own->table);
    mem_free(own);
}

const struct feed_ops level_feed_ops = {
    .name = "levels",
    .period_ms = 100,
    .pending_max = 32 * 1024,
    .client_new = client_new,
    .client_free = client_free,
    .turn = turn,
    .close = close_own,
};
