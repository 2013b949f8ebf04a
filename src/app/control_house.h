/* control_house.h - the stores of a serving process, lent to commands. */
#ifndef WHARF_APP_CONTROL_HOUSE_H
#define WHARF_APP_CONTROL_HOUSE_H

#include "app/control.h"

struct tenants;

/* What a command changed of keys and people holds when it has ended. */
struct control_house control_house_of(struct tenants *tenants);

#endif
