/* payment_gateway.c - gateways by name. */
#include "base/str.h"
#include "oms/payment/gateway.h"

const struct gateway *gateway_find(str name)
{
    for (size_t i = 0; gateways[i]; i++)
        if (str_equal_cstr(name, gateways[i]->name))
            return gateways[i];
    return NULL;
}

const char *gateway_op_name(enum gateway_op op)
{
    switch (op) {
    case GATEWAY_AUTHORIZE: return "authorize";
    case GATEWAY_CAPTURE: return "capture";
    case GATEWAY_VOID: return "void";
    case GATEWAY_REFUND: return "refund";
    case GATEWAY_LOOKUP: return "lookup";
    }
    UNREACHABLE("not an operation of gateways");
}
