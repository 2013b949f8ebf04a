/* secret.c - key files, sealing and opening (XChaCha20-Poly1305). */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
    KEY_TEXT_BYTES = 43, /* Of KEY_BYTES in that base64. */
    KEYS_MAX = 64,
    FILE_MAX = KEYS_MAX * 128,
    SECRET_MAX = 64 * 1024
};

#define LINE_HEAD "wharf-key-1 "

struct secret_key {
    char id[SECRET_KEY_ID_BYTES];
    unsigned char bytes[KEY_BYTES];
};

struct secret_ring {
    size_t count;
    struct secret_key at[KEYS_MAX];
};

/* ---- the file ---- */

static void name_key(struct secret_key *key)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, key->bytes, KEY_BYTES, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    memcpy(key->id, hex, SECRET_KEY_ID_BYTES);
}

static bool read_line(str line, struct secret_key *ret)
{
    size_t len;
    str head = STR(LINE_HEAD);
    if (!str_starts(line, head) || line.len != head.len + KEY_TEXT_BYTES ||
        sodium_base642bin(ret->bytes, KEY_BYTES, line.ptr + head.len,
                          KEY_TEXT_BYTES, NULL, &len, NULL, BASE64) != 0 ||
        len != KEY_BYTES)
        return false;
    name_key(ret);
    return true;
}

static err_t read_keys(struct ctx *ctx, const char *path, str text,
                       struct secret_ring *ring)
{
    while (text.len > 0) {
        str line = str_trim(str_split(text, '\n', &text));
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (ring->count == KEYS_MAX || !read_line(line, &ring->at[ring->count]))
            return fail_as(ctx, ERR_STATE, "key_file_invalid", "",
                           "%s is not a key file of Wharf", path);
        ring->count++;
    }
    if (ring->count == 0)
        return fail_as(ctx, ERR_STATE, "key_file_invalid", "",
                       "%s holds no key", path);
    return OK;
}

static err_t check_file(struct ctx *ctx, const char *path, int fd)
{
    struct stat at;
    if (fstat(fd, &at) != 0 || !S_ISREG(at.st_mode))
        return fail_as(ctx, ERR_STATE, "key_file_invalid", "",
                       "%s is not a file", path);
    if (at.st_mode & (S_IRWXG | S_IRWXO))
        return fail_as(ctx, ERR_STATE, "key_file_open", "",
                       "others may read the key file %s; make it 0600", path);
    return OK;
}

static err_t read_file(struct ctx *ctx, const char *path, int fd,
                       struct secret_ring *ring)
{
    char text[FILE_MAX + 1];
    size_t len = 0;
    ssize_t got;
    TRY(check_file(ctx, path, fd));
    while (len < sizeof text &&
           (got = read(fd, text + len, sizeof text - len)) > 0)
        len += (size_t)got;
    err_t err = len > FILE_MAX ? fail_as(ctx, ERR_STATE, "key_file_invalid", "",
                                         "%s is too large for a key file", path)
                               : read_keys(ctx, path, (str){text, len}, ring);
    sodium_memzero(text, sizeof text);
    return err;
}

static bool write_keys(int fd, const struct secret_ring *ring)
{
    char text[FILE_MAX];
    size_t len = 0;
    for (size_t i = 0; i < ring->count; i++) {
        char key[KEY_TEXT_BYTES + 1];
        sodium_bin2base64(key, sizeof key, ring->at[i].bytes, KEY_BYTES,
                          BASE64);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s\n",
                                LINE_HEAD, key);
        sodium_memzero(key, sizeof key);
    }
    bool is_written = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
    sodium_memzero(text, sizeof text);
    return is_written;
}

/* Takes its place only when it is whole. */
static err_t save(struct ctx *ctx, const char *path,
                  const struct secret_ring *ring, bool is_new)
{
    str text = str_printf(ctx->arena, "%s.%ld.new", path, (long)getpid());
    char *temporary = str_to_cstr(ctx->arena, text);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_saved = fd >= 0 && write_keys(fd, ring);
    if (fd >= 0)
        close(fd);
    int why = errno;
    if (is_saved && is_new)
        why = file_name_new(temporary, path);
    else if (is_saved)
        why = rename(temporary, path) == 0 ? 0 : errno;
    if (fd >= 0)
        (void)unlink(temporary);
    is_saved = is_saved && (why == 0 || (is_new && why == EEXIST));
    if (!is_saved)
        return fail(ctx, ERR_STATE, "", "the key file %s cannot be made: %s",
                    path, strerror(why));
    /* The name must outlive a loss of power as surely as the bytes. */
    (void)!file_sync_folder(path);
    return OK;
}

static void add_key(struct secret_ring *ring)
{
    memmove(&ring->at[1], &ring->at[0], ring->count * sizeof ring->at[0]);
    randombytes_buf(ring->at[0].bytes, KEY_BYTES);
    name_key(&ring->at[0]);
    ring->count++;
}

static err_t open_file(struct ctx *ctx, const char *path,
                       struct secret_ring *ring, bool *ret_is_missing)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *ret_is_missing = fd < 0 && errno == ENOENT;
    if (*ret_is_missing)
        return OK;
    if (fd < 0)
        return fail(ctx, ERR_STATE, "", "the key file %s cannot be read: %s",
                    path, strerror(errno));
    err_t err = read_file(ctx, path, fd, ring);
    close(fd);
    return err;
}

static err_t load(struct ctx *ctx, const char *path, struct secret_ring *ring)
{
    bool is_missing;
    if (sodium_init() < 0)
        return fail(ctx, ERR_INTERNAL, "", "no source of randomness");
    TRY(open_file(ctx, path, ring, &is_missing));
    if (!is_missing)
        return OK;
    add_key(ring);
    TRY(save(ctx, path, ring, true));
    /* Somebody may have been quicker: what stands there counts. */
    ring->count = 0;
    return open_file(ctx, path, ring, &is_missing);
}

err_t secret_ring_open(struct ctx *ctx, const char *path,
                       struct secret_ring **ret)
{
    struct secret_ring *ring = mem_new(sizeof *ring);
    err_t err = load(ctx, path, ring);
    if (err != OK)
        secret_ring_close(ring);
    else
        *ret = ring;
    return err;
}

void secret_ring_close(struct secret_ring *ring)
{
    if (!ring)
        return;
    sodium_memzero(ring, sizeof *ring);
    mem_free(ring);
}

err_t secret_ring_rotate(struct ctx *ctx, const char *path)
{
    struct secret_ring *ring;
    TRY(secret_ring_open(ctx, path, &ring));
    err_t err;
    if (ring->count == KEYS_MAX) {
        err = fail(ctx, ERR_STATE, "", "%s has %d keys; remove old ones", path,
                   KEYS_MAX);
    } else {
        add_key(ring);
        err = save(ctx, path, ring, false);
    }
    secret_ring_close(ring);
    return err;
}

str secret_ring_newest(const struct secret_ring *ring)
{
    return (str){ring->at[0].id, SECRET_KEY_ID_BYTES};
}

size_t secret_ring_count(const struct secret_ring *ring)
{
    return ring->count;
}

/* ---- sealing ---- */

err_t secret_seal(struct ctx *ctx, const struct secret_ring *ring, str place,
                  str secret, str *ret)
{
    if (!ring)
        return fail_as(ctx, ERR_STATE, "no_key_file", "",
                       "secrets need a key file: start with --key-file");
    ASSERT(secret.len <= SECRET_MAX);
    const struct secret_key *key = &ring->at[0];
    size_t len = NONCE_BYTES + secret.len + TAG_BYTES;
    unsigned char *bytes = arena_alloc(ctx->arena, len);
    size_t room = sodium_base64_encoded_len(len, BASE64);
    char *text = arena_alloc(ctx->arena, room);
    randombytes_buf(bytes, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes + NONCE_BYTES, NULL, (const unsigned char *)secret.ptr,
        secret.len, (const unsigned char *)place.ptr, place.len, NULL, bytes,
        key->bytes);
    sodium_bin2base64(text, room, bytes, len, BASE64);
    *ret = str_printf(ctx->arena, "s1.%.*s.%s", SECRET_KEY_ID_BYTES, key->id,
                      text);
    return OK;
}

bool secret_is_sealed(str text)
{
    return text.len > 4 + SECRET_KEY_ID_BYTES && str_starts(text, STR("s1.")) &&
           text.ptr[3 + SECRET_KEY_ID_BYTES] == '.';
}

static const struct secret_key *find_key(const struct secret_ring *ring,
                                         str sealed)
{
    for (size_t i = 0; ring && i < ring->count; i++)
        if (memcmp(ring->at[i].id, sealed.ptr + 3, SECRET_KEY_ID_BYTES) == 0)
            return &ring->at[i];
    return NULL;
}

static err_t fail_broken(struct ctx *ctx)
{
    return fail_as(ctx, ERR_STATE, "secret_broken", "",
                   "a sealed secret does not open: it was changed or moved");
}

err_t secret_open(struct ctx *ctx, const struct secret_ring *ring, str place,
                  str sealed, str *ret)
{
    if (!secret_is_sealed(sealed))
        return fail_broken(ctx);
    const struct secret_key *key = find_key(ring, sealed);
    if (!key)
        return fail_as(ctx, ERR_STATE, "secret_key_missing", "",
                       "the key file lacks the key %.*s, which sealed this "
                       "secret: bring it back, or make a new secret",
                       SECRET_KEY_ID_BYTES, sealed.ptr + 3);
    size_t skip = 4 + SECRET_KEY_ID_BYTES, len = 0;
    unsigned char *bytes = arena_alloc(ctx->arena, sealed.len);
    if (sealed.len - skip > 2 * SECRET_MAX ||
        sodium_base642bin(bytes, sealed.len, sealed.ptr + skip,
                          sealed.len - skip, NULL, &len, NULL, BASE64) != 0 ||
        len < NONCE_BYTES + TAG_BYTES)
        return fail_broken(ctx);
    unsigned char *plain = arena_alloc(ctx->arena, len);
    unsigned long long plain_len = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, &plain_len, NULL, bytes + NONCE_BYTES, len - NONCE_BYTES,
            (const unsigned char *)place.ptr, place.len, bytes,
            key->bytes) != 0)
        return fail_broken(ctx);
    *ret = (str){(const char *)plain, (size_t)plain_len};
    return OK;
}

/* ---- signatures ---- */

enum {
    MAC_BYTES = crypto_auth_BYTES,
    MAC_HEX = MAC_BYTES * 2,
    MAC_HEAD = 3 + SECRET_KEY_ID_BYTES + 1 /* "m1.<key id>." */
};

static void mac_of(const struct secret_key *key, str text,
                   unsigned char ret[MAC_BYTES])
{
    unsigned char own[crypto_auth_KEYBYTES];
    /* A key of its own, so that no signature says anything of a seal. */
    crypto_kdf_derive_from_key(own, sizeof own, 1, "wharfsig", key->bytes);
    crypto_auth(ret, (const unsigned char *)text.ptr, text.len, own);
    sodium_memzero(own, sizeof own);
}

err_t secret_sign(struct ctx *ctx, const struct secret_ring *ring, str text,
                  str *ret)
{
    unsigned char mac[MAC_BYTES];
    char hex[MAC_HEX + 1];
    if (!ring)
        return fail_as(ctx, ERR_STATE, "no_key_file", "",
                       "the store has no key file");
    mac_of(&ring->at[0], text, mac);
    sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    *ret = str_printf(ctx->arena, "m1.%.*s.%s", SECRET_KEY_ID_BYTES,
                      ring->at[0].id, hex);
    return OK;
}

bool secret_signed(const struct secret_ring *ring, str text, str signature)
{
    unsigned char mac[MAC_BYTES], given[MAC_BYTES];
    size_t len = 0;
    if (signature.len != MAC_HEAD + MAC_HEX ||
        memcmp(signature.ptr, "m1.", 3) != 0 ||
        signature.ptr[MAC_HEAD - 1] != '.')
        return false;
    const struct secret_key *key = find_key(ring, signature);
    if (!key || sodium_hex2bin(given, sizeof given, signature.ptr + MAC_HEAD,
                               MAC_HEX, NULL, &len, NULL) != 0)
        return false;
    mac_of(key, text, mac);
    return len == MAC_BYTES && sodium_memcmp(mac, given, MAC_BYTES) == 0;
}
