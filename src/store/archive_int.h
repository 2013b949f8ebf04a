/* archive_int.h - what writing and reading an archive share. */
#ifndef WHARF_STORE_ARCHIVE_INT_H
#define WHARF_STORE_ARCHIVE_INT_H

#include <sodium.h>

#include "store/archive.h"

enum {
    ARCHIVE_MAGIC_BYTES = 8,
    ARCHIVE_HASH_BYTES = 32,
    ARCHIVE_FRONT_BYTES = ARCHIVE_MAGIC_BYTES + 8,
    ARCHIVE_RECORD_HEAD_BYTES = 12,
    /* zlib's worst case for ARCHIVE_RECORD_BYTES, and some. */
    ARCHIVE_PACKED_MAX = ARCHIVE_RECORD_BYTES + 4096
};
extern const char archive_magic[ARCHIVE_MAGIC_BYTES + 1];

void archive_u32_put(unsigned char *at, uint32_t value);
uint32_t archive_u32_get(const unsigned char *at);
/* hash = BLAKE2b(hash, a, b) */
void archive_chain(unsigned char hash[ARCHIVE_HASH_BYTES], const void *a,
                   size_t a_len, const void *b, size_t b_len);

#endif
