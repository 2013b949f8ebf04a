/* system_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_SYSTEM_ROOM_H
#define WHARF_OMS_SYSTEM_ROOM_H

struct route_list;
struct verify_list;

extern const struct route_list system_routes;
extern const struct verify_list system_verify;

#endif
