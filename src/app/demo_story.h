/* demo_story.h - what is special about some of the demo merchant's orders; of
 * demo_*.c alone. */
#ifndef WHARF_APP_DEMO_STORY_H
#define WHARF_APP_DEMO_STORY_H

#include "app/demo.h"

enum demo_pay {
    DEMO_PAID = 0, /* As the channel is paid. */
    DEMO_PROMISED, /* Authorized. */
    DEMO_HALF,     /* Half of it is. */
    DEMO_BILLED,   /* By an invoice, later. */
    DEMO_UNPAID
};
struct demo_story {
    int from, to, step; /* The orders that it is of. */
    int channel;        /* -1: any. */
    enum demo_pay pay;
    int ware, qty; /* Of the one line; qty 0: as it comes. */
    int delay_h;   /* By which its goods walk later. */
    int later_h;   /* In which it may leave at the earliest. */
    bool is_pickup;
    const struct demo_deed *deeds;
    size_t deed_count;
};
/* Of the nth order; most have the plain one of their channel. */
const struct demo_story *demo_story_of(int n);

#endif
