/* shipping.h - the shipping room: parcels, their labels, who carries them.
 *
 * A parcel holds units of one fulfillment order. Its label is asked for by an
 * intent that is stored first; a worker asks the carrier, and what came of it
 * is a new command. A parcel that is handed over, by manifest, by hand or
 * because its carrier says that it has it, ships its units in the same
 * transaction.
 */
#ifndef WHARF_OMS_SHIPPING_H
#define WHARF_OMS_SHIPPING_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

extern const struct room shipping_room;

#endif
