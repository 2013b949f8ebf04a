/* retail_window.c - rows gathered into invoices. */
#include "connect/channel/online_retail/retail_window.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

/* An invoice that may still grow. */
struct open_invoice {
    struct retail_invoice invoice;
    size_t room;
    int64_t last_row; /* Count of all rows when its newest came. */
    bool is_gone;
    struct open_invoice *next; /* In the order of first rows. */
};

/* What is open moves from one arena to the other at each take, so that what
 * was taken is forgotten whole. */
struct retail_window {
    struct arena *arenas[2];
    int now;
    struct map *by_number;
    struct open_invoice *first, *last, *newest;
    int64_t rows, taken_at;
};

static void begin(struct retail_window *window)
{
    window->by_number =
        map_open(window->arenas[window->now], RETAIL_QUIET_ROWS / 8);
    window->first = window->last = window->newest = NULL;
}

struct retail_window *retail_window_open(void)
{
    struct retail_window *window = mem_new(sizeof *window);
    window->arenas[0] = arena_open();
    window->arenas[1] = arena_open();
    begin(window);
    return window;
}

void retail_window_close(struct retail_window *window)
{
    if (!window)
        return;
    arena_close(window->arenas[0]);
    arena_close(window->arenas[1]);
    mem_free(window);
}

static struct map_key number_key(str number)
{
    return (struct map_key){.s = number};
}

static struct open_invoice *begin_invoice(struct retail_window *window,
                                          str number)
{
    struct arena *arena = window->arenas[window->now];
    struct open_invoice *open = arena_new(arena, struct open_invoice);
    open->invoice.number = str_copy(arena, number);
    open->invoice.kind = retail_kind_of(number);
    map_set(window->by_number, number_key(open->invoice.number), open);
    if (window->last)
        window->last->next = open;
    else
        window->first = open;
    window->last = open;
    return open;
}

static void grow(struct arena *arena, struct open_invoice *open)
{
    enum { LEAST = 16 };
    size_t room = open->room ? open->room * 2 : LEAST;
    struct retail_row *rows = arena_array(arena, struct retail_row, room);
    if (open->invoice.count > 0)
        memcpy(rows, open->invoice.rows,
               open->invoice.count * sizeof(struct retail_row));
    open->invoice.rows = rows;
    open->room = room;
}

static void put_row(struct arena *arena, struct open_invoice *open,
                    const struct retail_row *row)
{
    if (open->invoice.count == open->room)
        grow(arena, open);
    struct retail_row *to = &open->invoice.rows[open->invoice.count++];
    *to = *row;
    to->raw = str_copy(arena, row->raw);
    to->invoice = open->invoice.number;
    to->sku = str_copy(arena, row->sku);
    to->title = str_copy(arena, row->title);
    to->customer = str_copy(arena, row->customer);
    to->country = str_copy(arena, row->country);
}

bool retail_window_add(struct retail_window *window,
                       const struct retail_row *row)
{
    struct open_invoice *open =
        map_find(window->by_number, number_key(row->invoice));
    window->rows++;
    if (!open || open->is_gone)
        open = begin_invoice(window, row->invoice);
    else if (window->newest != open)
        open->invoice.is_apart = true;
    open->last_row = window->rows;
    window->newest = open;
    if (open->invoice.count == LIMIT_HISTORY_LINES) {
        open->invoice.is_too_long = true;
        return false;
    }
    put_row(window->arenas[window->now], open, row);
    return true;
}

bool retail_window_is_full(const struct retail_window *window)
{
    return window->rows - window->taken_at >= RETAIL_QUIET_ROWS;
}

/* An open invoice into the arena that is now. */
static void carry(struct retail_window *window, const struct open_invoice *from)
{
    struct open_invoice *to = begin_invoice(window, from->invoice.number);
    for (size_t i = 0; i < from->invoice.count; i++)
        put_row(window->arenas[window->now], to, &from->invoice.rows[i]);
    to->invoice.is_too_long = from->invoice.is_too_long;
    to->invoice.is_apart = from->invoice.is_apart;
    to->last_row = from->last_row;
}

size_t retail_window_take(struct retail_window *window, bool is_end,
                          struct retail_invoice **ret)
{
    struct arena *before = window->arenas[window->now];
    struct open_invoice *at = window->first;
    const struct open_invoice *newest = window->newest;
    size_t count = 0, n = 0;
    for (struct open_invoice *i = at; i; i = i->next)
        count++;
    struct retail_invoice *whole =
        arena_array(before, struct retail_invoice, count);
    window->now = 1 - window->now;
    arena_reset(window->arenas[window->now]);
    begin(window);
    for (; at; at = at->next) {
        if (at->is_gone)
            continue;
        if (is_end || at->last_row + RETAIL_QUIET_ROWS <= window->rows) {
            whole[n++] = at->invoice;
            continue;
        }
        carry(window, at);
        if (at == newest)
            window->newest = window->last;
    }
    window->taken_at = window->rows;
    *ret = whole;
    return n;
}

bool retail_window_drop_newest(struct retail_window *window,
                               struct retail_invoice *ret)
{
    if (!window->newest || window->newest->is_gone)
        return false;
    *ret = window->newest->invoice;
    window->newest->is_gone = true;
    return true;
}
