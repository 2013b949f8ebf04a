/* shipping_carrier.c - carriers by name. */
#include "base/str.h"
#include "oms/shipping/carrier.h"

const struct carrier *carrier_find(str name)
{
    for (size_t i = 0; carriers[i]; i++)
        if (str_equal_cstr(name, carriers[i]->name))
            return carriers[i];
    return NULL;
}

const char *carrier_op_name(enum carrier_op op)
{
    switch (op) {
    case CARRIER_RATE: return "rate";
    case CARRIER_LABEL: return "label";
    case CARRIER_VOID: return "void";
    case CARRIER_LOOKUP: return "lookup";
    case CARRIER_TRACK: return "track";
    case CARRIER_MANIFEST: return "manifest";
    case CARRIER_PICKUP: return "pickup";
    }
    UNREACHABLE("not an operation of carriers");
}
