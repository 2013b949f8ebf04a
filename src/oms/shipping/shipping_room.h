/* shipping_room.h - what joins the files of the room. Private to it. */
#ifndef WHARF_OMS_SHIPPING_ROOM_H
#define WHARF_OMS_SHIPPING_ROOM_H

struct route_list;
struct timer_list;
struct verify_list;

extern const struct route_list shipping_routes;
extern const struct verify_list shipping_verify;
extern const struct timer_list shipping_timers;

#endif
