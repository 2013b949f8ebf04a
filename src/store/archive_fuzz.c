/* archive_fuzz.c - any bytes as a backup: read to the end or refused. */
#define WHARF_UNBANNED
#include <stdio.h>

#include "base/arena.h"
#include "store/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct archive_head head;
    struct archive_in *in = NULL;
    struct archive_record record = {.kind = ARCHIVE_DATA};
    uint8_t *copy = mem_new(size + 1);
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    FILE *file = fmemopen(copy, size + 1, "rb");
    err_t err = archive_open(&ctx, file, &head, &in);
    while (err == OK && record.kind != ARCHIVE_END)
        err = archive_next(&ctx, in, &record);
    archive_close(in);
    fclose(file);
    mem_free(copy);
    arena_close(ctx.arena);
    return 0;
}
