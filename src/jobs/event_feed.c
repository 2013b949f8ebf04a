/* event_feed.c - the log as a stream: every client each event, once, in order.
 *
 * Clients at the head of the log share one read and, by filter, one rendering.
 * A client that comes back with a cursor, or that had no room for what came,
 * reads on from its own cursor until it is at the head again.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/feed.h"
#include "oms/notify/notify.h"

enum {
    HEAD_EVENTS = 500, /* In one read for all. */
    HEAD_READS = 4,    /* In one turn. */
    OWN_EVENTS = 250,  /* In one read for a client that is behind. */
    OWN_READS = 32,    /* Of all clients, in one turn. */
    MARK_MS = 15000,   /* Where the log is, for those who want little of it. */
    PENDING_MAX = 256 * 1024,
    HALF = PENDING_MAX / 2,
    AROUND_BYTES = 1024 /* Of an event, beside its data. */
};

struct group {
    struct group *next;
    size_t clients;
    struct event_filter filter;
    str text;
    bool is_rendered;
    struct http_chunk *chunk; /* NULL: nothing of the batch matched. */
    char words[];
};

struct event_client {
    struct feed_client client;
    struct group *group;
    struct event_cursor cursor; /* Where it is, unless it is at the head. */
    bool is_at_head;
    bool has_cursor;
    int64_t marked_ns; /* When it was last told an id. */
};

struct event_feed {
    bool has_head;
    struct event_cursor head;
    struct group *groups;
    size_t turn_first; /* Who is behind takes turns. */
};

/* ---- filters ---- */

static struct group *group_new(const struct event_want *want)
{
    size_t len = want->filter_text.len, types = want->filter.types.count;
    for (size_t i = 0; i < types; i++)
        len += want->filter.types.at[i].len;
    struct group *group = mem_new(sizeof *group + len);
    str *at = mem_new((types + 1) * sizeof *at);
    char *to = group->words;
    memcpy(to, want->filter_text.ptr, want->filter_text.len);
    group->text = (str){to, want->filter_text.len};
    to += want->filter_text.len;
    for (size_t i = 0; i < types; i++) {
        str type = want->filter.types.at[i];
        memcpy(to, type.ptr, type.len);
        at[i] = (str){to, type.len};
        to += type.len;
    }
    group->filter = want->filter; /* Kinds of subjects are static. */
    group->filter.types.at = at;
    return group;
}

/* ---- clients; client_new runs on another thread than the rest ---- */

static struct feed_client *client_new(struct feed *feed,
                                      const struct feed_want *want)
{
    const struct event_want *wanted = (const struct event_want *)want;
    struct event_client *client = mem_new(sizeof *client);
    (void)feed;
    client->group = group_new(wanted); /* Joined with its like when adopted. */
    client->cursor = wanted->after;
    client->has_cursor = wanted->has_after;
    return &client->client;
}

static void group_free(struct group *group)
{
    str *at = (str *)(uintptr_t)group->filter.types.at;
    mem_free(at);
    mem_free(group);
}

static void leave_group(struct event_feed *own, struct group *group)
{
    if (group->clients > 1) {
        group->clients--;
        return;
    }
    if (group->clients == 1) { /* Else it never joined: it went too soon. */
        struct group **at = &own->groups;
        while (*at != group)
            at = &(*at)->next;
        *at = group->next;
    }
    group_free(group);
}

static void client_free(struct feed *feed, struct feed_client *client)
{
    struct event_client *at = (struct event_client *)client;
    leave_group(feed->own, at->group);
    mem_free(at);
}

static void join_group(struct event_feed *own, struct event_client *client)
{
    struct group *mine = client->group;
    for (struct group *at = own->groups; at; at = at->next) {
        if (str_equal(at->text, mine->text)) {
            group_free(mine);
            at->clients++;
            client->group = at;
            return;
        }
    }
    mine->clients = 1;
    mine->next = own->groups;
    own->groups = mine;
}

static void settle_new(struct feed *feed)
{
    struct event_feed *own = feed->own;
    for (struct feed_client *at = feed->clients; at; at = at->next) {
        struct event_client *client = (struct event_client *)at;
        if (client->group->clients > 0)
            break; /* New ones stand first. */
        join_group(own, client);
        client->marked_ns = clock_mono_ns();
        client->is_at_head = !client->has_cursor;
        http_stream_begin(at->stream);
    }
}

/* ---- rendering ---- */

static void add_id(struct buf *buf, int64_t id)
{
    char text[ID_TEXT_BYTES];
    buf_add_cstr(buf, "id: ");
    buf_add(buf, text, id_to_text("evt", id, text));
}

static struct http_chunk *render(struct feed *feed,
                                 const struct event_filter *filter,
                                 const struct event *events, size_t count)
{
    struct buf buf;
    struct json_out out;
    /* Data may be large: what was read fits, however large it is. */
    size_t room = AROUND_BYTES;
    for (size_t i = 0; i < count; i++)
        room += AROUND_BYTES + events[i].data.len;
    buf_init(&buf, feed->arena, room);
    for (size_t i = 0; i < count; i++) {
        if (!event_filter_match(filter, &events[i]))
            continue;
        add_id(&buf, events[i].id);
        buf_add_cstr(&buf, "\ndata: ");
        json_out_init(&out, &buf);
        event_write(&out, NULL, &events[i]);
        buf_add_cstr(&buf, "\n\n");
    }
    ASSERT(!buf.is_full);
    return buf.len ? http_chunk_new(buf_str(&buf)) : NULL;
}

/* Only tells how far it is: a browser keeps the id and sees no event. */
static void mark(struct feed *feed, struct event_client *client,
                 struct event_cursor at, int64_t now_ns)
{
    char text[64];
    struct buf buf;
    client->marked_ns = now_ns;
    if (at.id == 0)
        return;
    buf_init_fixed(&buf, text, sizeof text);
    add_id(&buf, at.id);
    buf_add_cstr(&buf, "\n\n");
    struct http_chunk *chunk = http_chunk_new(buf_str(&buf));
    feed_send(feed, &client->client, chunk);
    http_chunk_release(chunk);
}

/* ---- at the head ---- */

struct head_read {
    struct event_cursor after;
    struct event *events;
    size_t count;
};

static err_t read_head(struct ctx *ctx, void *arg)
{
    return event_head(ctx, arg);
}

static err_t read_after(struct ctx *ctx, void *arg)
{
    struct head_read *read = arg;
    return event_list_after(ctx, read->after, HEAD_EVENTS, &read->events,
                            &read->count);
}

static void send_batch(struct feed *feed, const struct head_read *read)
{
    int64_t now_ns = clock_mono_ns();
    for (struct feed_client *at = feed->clients; at; at = at->next) {
        struct event_client *client = (struct event_client *)at;
        struct group *group = client->group;
        if (!client->is_at_head)
            continue;
        if (!group->is_rendered) {
            group->chunk =
                render(feed, &group->filter, read->events, read->count);
            group->is_rendered = true;
        }
        if (!group->chunk)
            continue;
        if (feed_has_room(feed, at, http_chunk_len(group->chunk))) {
            feed_send(feed, at, group->chunk);
            client->marked_ns = now_ns;
        } else {
            client->is_at_head = false;
            client->cursor = read->after;
        }
    }
}

static void forget_batch(struct event_feed *own)
{
    for (struct group *group = own->groups; group; group = group->next) {
        http_chunk_release(group->chunk);
        group->chunk = NULL;
        group->is_rendered = false;
    }
}

/* True where more stands in the log than one turn takes. */
static bool feed_head(struct feed *feed)
{
    struct event_feed *own = feed->own;
    struct head_read read;
    for (int i = 0; i < HEAD_READS; i++) {
        read = (struct head_read){.after = own->head};
        if (feed_read(feed, read_after, &read) != OK || read.count == 0)
            return false;
        send_batch(feed, &read);
        forget_batch(own);
        const struct event *last = &read.events[read.count - 1];
        own->head = (struct event_cursor){last->xid, last->id};
        if (read.count < HEAD_EVENTS)
            return false;
    }
    return true;
}

/* ---- behind it ---- */

struct own_read {
    const struct event_filter *filter;
    struct event_cursor after;
    struct event_page page;
};

static err_t read_own(struct ctx *ctx, void *arg)
{
    struct own_read *read = arg;
    read->page.limit = OWN_EVENTS;
    return event_page(ctx, read->filter, read->after, &read->page);
}

static bool is_past(const struct event *event, struct event_cursor head)
{
    return event->xid > head.xid ||
           (event->xid == head.xid && event->id > head.id);
}

/* What stands behind the head of all is left to the next batch of all. */
static void send_own(struct feed *feed, struct event_client *client)
{
    struct event_feed *own = feed->own;
    struct own_read read = {.filter = &client->group->filter,
                            .after = client->cursor};
    if (feed_read(feed, read_own, &read) != OK)
        return;
    const struct event_page *page = &read.page;
    size_t count = page->count;
    while (count > 0 && is_past(&page->items[count - 1], own->head))
        count--;
    struct event last = {.xid = page->after.xid, .id = page->after.id};
    client->cursor = page->after;
    if (page->is_end || count < page->count || is_past(&last, own->head)) {
        client->is_at_head = true;
        client->cursor = own->head;
    }
    struct http_chunk *chunk =
        render(feed, &client->group->filter, page->items, count);
    if (chunk) {
        feed_send(feed, &client->client, chunk);
        client->marked_ns = clock_mono_ns();
    }
    http_chunk_release(chunk);
}

/* True while one has room and is not at the head. */
static bool feed_behind(struct feed *feed)
{
    struct event_feed *own = feed->own;
    size_t i = 0, reads = 0, first = own->turn_first;
    bool is_more = false;
    for (struct feed_client *at = feed->clients; at; at = at->next, i++) {
        struct event_client *client = (struct event_client *)at;
        if (client->is_at_head || !feed_has_room(feed, at, HALF))
            continue;
        if (i < first || reads == OWN_READS) {
            is_more = true;
            continue;
        }
        reads++;
        own->turn_first = i + 1;
        send_own(feed, client);
        is_more |= !client->is_at_head;
    }
    if (reads < OWN_READS)
        own->turn_first = 0;
    return is_more;
}

static void mark_all(struct feed *feed)
{
    struct event_feed *own = feed->own;
    int64_t now_ns = clock_mono_ns();
    for (struct feed_client *at = feed->clients; at; at = at->next) {
        struct event_client *client = (struct event_client *)at;
        if (now_ns - client->marked_ns < (int64_t)MARK_MS * 1000000)
            continue;
        mark(feed, client, client->is_at_head ? own->head : client->cursor,
             now_ns);
    }
}

static bool turn(struct feed *feed)
{
    struct event_feed *own = feed->own;
    if (!own)
        feed->own = own = mem_new(sizeof *own);
    own->has_head &= feed->clients != NULL;
    if (!feed->clients)
        return false;
    if (!own->has_head) {
        if (feed_read(feed, read_head, &own->head) != OK)
            return true;
        own->has_head = true;
    }
    settle_new(feed);
    bool is_more = feed_head(feed);
    is_more |= feed_behind(feed);
    mark_all(feed);
    return is_more;
}

static void close_own(struct feed *feed)
{
    mem_free(feed->own);
}

const struct feed_ops event_feed_ops = {
    .name = "events",
    .period_ms = 10,
    .pending_max = PENDING_MAX,
    .client_new = client_new,
    .client_free = client_free,
    .turn = turn,
    .close = close_own,
};
