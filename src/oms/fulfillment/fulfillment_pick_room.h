/* fulfillment_pick_room.h - joins the files of picking. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_PICK_ROOM_H
#define WHARF_OMS_FULFILLMENT_PICK_ROOM_H

struct event_list;
struct route_list;
struct timer_list;
struct verify_list;

extern const struct event_list picking_events;
extern const struct route_list picking_routes;
extern const struct timer_list picking_timers;
extern const struct verify_list picking_verify;

#endif
