/* browser_fuzz.c - any bytes as a Cookie header, an Origin and a Host. */
#include "base/str.h"
#include "net/browser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str all = {(const char *)data, size};
    str rest, value;
    if (cookie_find(all, "wharf_session", &value))
        ASSERT(value.len == 0 || (value.len < size && value.ptr >= all.ptr &&
                                  value.ptr + value.len <= all.ptr + all.len));
    str origin = str_split(all, '\n', &rest);
    if (origin_is_host(origin, rest))
        ASSERT(str_starts(origin, STR("http")) && rest.len > 0);
    return 0;
}
