/* shipping_track_fuzz.c - any bytes as a tracking token: parts of them, or
 * none. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/shipping/shipping_track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct track_token token;
    str text = {(const char *)data, size};
    if (!track_token_read(text, &token))
        return 0;
    ASSERT(size <= TRACK_TOKEN_BYTES);
    ASSERT(token.kind == TRACK_PAGE || token.kind == TRACK_RETURN);
    ASSERT(token.order.v >= 0 && token.generation > 0 && token.ends_at > 0);
    ASSERT(token.store.len <= TRACK_STORE_BYTES);
    ASSERT(token.head.ptr == text.ptr);
    ASSERT(token.head.len + 1 + token.signature.len == text.len);
    struct arena *arena = arena_open();
    ASSERT(!track_token_is_signed(arena, NULL, &token));
    arena_close(arena);
    return 0;
}
