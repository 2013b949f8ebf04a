/* outside.c - see outside.h. */
#include "oms/outside.h"

const char *const call_state_names[CALL_CANCELLED] = {
    "wanted", "asked",   "unknown", "looking",
    "done",   "refused", "stuck",   "cancelled"};
const char *const call_event_names[CALL_EVENT_CANCEL] = {
    "want", "doubt",  "take",    "done",  "refuse", "later",
    "lose", "absent", "give_up", "retry", "cancel"};

int64_t call_backoff_ms(int64_t times)
{
    static const int64_t most = (int64_t)15 * 60 * 1000;
    int64_t ms = 1000;
    for (int64_t i = 1; i < times && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}
