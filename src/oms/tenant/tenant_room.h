/* tenant_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_TENANT_ROOM_H
#define WHARF_OMS_TENANT_ROOM_H

struct event_list;
struct route_list;

extern const struct route_list tenant_routes;
extern const struct event_list tenant_events;

#endif
