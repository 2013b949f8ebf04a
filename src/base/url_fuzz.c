/* url_fuzz.c - any bytes as a URL: what passes has a host and a port. */
#include "base/url.h"

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct url url;
    str text = {(const char *)data, size};
    if (url_parse(text, &url) == NULL) {
        ASSERT(url.host.len > 0);
        ASSERT(url.port >= 1 && url.port <= 65535);
        ASSERT(url.host.ptr >= text.ptr &&
               url.rest.ptr + url.rest.len == text.ptr + text.len);
        for (size_t i = 0; i < url.host.len; i++)
            ASSERT(url.host.ptr[i] != '@' && url.host.ptr[i] > ' ');
    }
    if (size >= 16)
        (void)address_is_public6(data);
    return 0;
}
