/* customer_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_CUSTOMER_ROOM_H
#define WHARF_OMS_CUSTOMER_ROOM_H

struct route_list;
struct verify_list;

extern const struct route_list customer_routes, company_routes;
extern const struct verify_list customer_verify, company_verify;

#endif
