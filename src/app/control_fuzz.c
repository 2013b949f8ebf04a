/* control_fuzz.c - any bytes as a request on the control socket; what is read
 * is written as it was.
 */
#include "app/control_wire.h"
#include "base/arena.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct control_request request;
    str bytes = {(const char *)data, size};
    size_t len;
    int code;
    if (size >= CONTROL_REPLY_BYTES &&
        control_reply_read(bytes.ptr, &code, &len))
        ASSERT(code <= 255 && len <= CONTROL_TEXT_BYTES);
    if (size >= CONTROL_HEAD_BYTES && control_head_read(bytes.ptr, &len)) {
        str rest = {bytes.ptr + CONTROL_HEAD_BYTES, size - CONTROL_HEAD_BYTES};
        if (control_request_read(&ctx, rest, &request) == OK &&
            len == rest.len) {
            struct buf again;
            buf_init(&again, ctx.arena, size);
            control_request_write(&again, &request);
            ASSERT(str_equal(buf_str(&again), bytes));
        }
    }
    arena_close(ctx.arena);
    return 0;
}
