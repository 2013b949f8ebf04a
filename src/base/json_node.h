/* json_node.h - a parsed JSON document as a tree; private to json_*.c.
 *
 * Plain C and C++, so that the parser behind it may be either.
 */
#ifndef WHARF_BASE_JSON_NODE_H
#define WHARF_BASE_JSON_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum json_node_kind {
    NODE_NULL = 1,
    NODE_FALSE,
    NODE_TRUE,
    NODE_INT,
    NODE_REAL,
    NODE_STR,
    NODE_LIST,
    NODE_OBJECT
};

struct json_pair;
struct json_node {
    enum json_node_kind kind;
    size_t count; /* Elements of a list or object, bytes of a string. */
    union {
        int64_t i;
        double real;
        const char *s; /* UTF-8 without NUL inside, and NUL-terminated. */
        struct json_node *list;
        struct json_pair *pairs; /* In the order of the text. */
    } as;
};
struct json_pair {
    const char *key; /* As s. */
    size_t key_len;
    struct json_node value;
};

/* Memory of the document; never NULL. */
typedef void *json_node_alloc(void *arg, size_t size);
struct json_node_source {
    const char *ptr;
    size_t len;
    size_t max_depth;
    json_node_alloc *alloc;
    void *arg;
};
/* json_simd.cpp: the quick way. False for anything it does not take without
 * a doubt: bad syntax, too deep, numbers over 63 bits, NUL in a string. It
 * does not look for duplicate keys. The tree takes at most thirteen times the
 * size of the text. */
bool json_simd_parse(const struct json_node_source *source,
                     struct json_node *ret);

#ifdef __cplusplus
}
#endif

#endif
