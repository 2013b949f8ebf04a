/* inventory_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_INVENTORY_ROOM_H
#define WHARF_OMS_INVENTORY_ROOM_H

struct route_list;
struct timer_list;
struct verify_list;

extern const struct route_list inventory_routes;
extern const struct verify_list inventory_verify;
extern const struct timer_list inventory_timers;

#endif
