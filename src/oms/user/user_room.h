/* user_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_USER_ROOM_H
#define WHARF_OMS_USER_ROOM_H

struct route_list;
struct verify_list;

extern const struct route_list user_routes;
extern const struct verify_list user_verify, view_verify;

#endif
