/* user_secret.h - secrets of API keys. Private to the room. */
#ifndef WHARF_OMS_USER_SECRET_H
#define WHARF_OMS_USER_SECRET_H

#include "oms/user/user.h"

enum {
    KEY_SECRET_BYTES = 55, /* "wk_" and 52 digits. */
    KEY_HINT_BYTES = 4,
    KEY_HEX_BYTES = 2 * KEY_HASH_BYTES
};

/* A new secret, from the system's generator; `prefix` has two letters, "wk"
 * for keys, "ws" for sessions, "wd" for devices. */
void secret_make(const char *prefix, char ret[KEY_SECRET_BYTES]);
/* False unless it is a well-formed secret of that prefix. */
bool secret_hash(const char *prefix, str text,
                 unsigned char ret[KEY_HASH_BYTES]);
/* 256 random bits as hexadecimal: signs the devices of one person. */
void device_key_make(char ret[KEY_HEX_BYTES]);
void hash_to_hex(const unsigned char hash[KEY_HASH_BYTES],
                 char ret[KEY_HEX_BYTES]);
/* False unless it is a hash in lower-case hexadecimal. */
bool hash_from_hex(str hex, unsigned char ret[KEY_HASH_BYTES]);

#endif
