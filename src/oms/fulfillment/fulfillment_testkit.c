/* fulfillment_testkit.c - fulfillment orders of a shop, for tests. */
#include "oms/fulfillment/fulfillment_testkit.h"

#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/room.h"

struct list {
    order_id order;
    struct fulfillment *at;
    size_t count;
};

static err_t list(struct ctx *ctx, void *arg)
{
    struct list *l = arg;
    return fulfillment_list_order(ctx, l->order, &l->at, &l->count);
}

size_t shop_fulfillments(struct shop *shop, order_id id,
                         struct fulfillment **ret)
{
    struct list l = {.order = id};
    assert_ok(shop->kit, testkit_read(shop->kit, list, &l));
    *ret = l.at;
    return l.count;
}

typedef err_t note_fn(struct ctx *ctx, struct fulfillment_work *work,
                      const struct fulfillment_note *note);
struct noting {
    fulfillment_order_id fo;
    enum shop_note what;
    struct fulfillment_units units[8];
    struct fulfillment_note note;
};

static err_t run(struct ctx *ctx, void *arg)
{
    static note_fn *const fns[] = {[NOTE_PICKED] = fulfillment_note_picked,
                                   [NOTE_UNPICKED] = fulfillment_note_unpicked,
                                   [NOTE_PACKED] = fulfillment_note_packed,
                                   [NOTE_UNPACKED] = fulfillment_note_unpacked,
                                   [NOTE_SHORT] = fulfillment_note_short,
                                   [NOTE_SHIPPED] = fulfillment_note_shipped};
    struct noting *n = arg;
    struct fulfillment_work work;
    TRY(fulfillment_lock(ctx, n->fo, &work));
    if (n->what == NOTE_STARTED)
        return fulfillment_note_started(ctx, &work);
    if (n->what == NOTE_STOPPED) {
        TRY(fulfillment_note_stopped(ctx, &work));
        TRY(fulfillment_lock(ctx, n->fo, &work));
        return fulfillment_note_left(ctx, &work);
    }
    return fns[n->what](ctx, &work, &n->note);
}

static int64_t number(str text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n = n * 10 + (text.ptr[i] - '0');
    return n;
}

const char *shop_note(struct shop *shop, fulfillment_order_id fo,
                      enum shop_note what, const char *units)
{
    struct noting n = {.fo = fo, .what = what, .note = {.units = n.units}};
    str rest = str_from_cstr(units);
    while (rest.len > 0) {
        str qty, line = str_split(str_split(rest, ' ', &rest), ':', &qty);
        ASSERT(n.note.count < COUNT_OF(n.units));
        n.units[n.note.count++] =
            (struct fulfillment_units){.n = number(line), .qty = number(qty)};
    }
    err_t err = testkit_run(shop->kit, run, &n);
    if (err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(err);
}

void shop_refulfil(struct shop *shop)
{
    testkit_sql(shop->kit, "UPDATE event_cursors SET id = 0 WHERE consumer = "
                           "'fulfillment'");
    shop_drain(shop);
}
