/* json_simd.cpp - bytes to a tree with simdjson, which is C++.
 *
 * The only C++ of the house; docs/decisions/006-simdjson.md says why.
 */
#include "base/json_node.h"

#include <cstring>
#include <simdjson.h>

namespace {

namespace dom = simdjson::dom;

/* A parser keeps the memory of the largest document it saw. */
constexpr size_t KEEP_BYTES = 256 * 1024;

/* It counts elements no further. */
constexpr size_t MANY = 0xFFFFFF;

struct builder {
    const json_node_source *source;
    char *text; /* Where the next string goes; the source's length suffices,
                   since quotes make room for the NUL and escapes shrink. */

    template <typename T> T *array(size_t count)
    {
        if (count == 0)
            return nullptr;
        return static_cast<T *>(source->alloc(source->arg, count * sizeof(T)));
    }

    bool string(std::string_view s, const char **ret)
    {
        if (!s.empty() && std::memchr(s.data(), 0, s.size()))
            return false;
        std::memcpy(text, s.data(), s.size());
        text[s.size()] = '\0';
        *ret = text;
        text += s.size() + 1;
        return true;
    }

    bool list(dom::array from, size_t depth, json_node *ret)
    {
        ret->kind = NODE_LIST;
        ret->count = 0;
        if (from.size() >= MANY)
            return false;
        ret->as.list = array<json_node>(from.size());
        for (dom::element element : from)
            if (!value(element, depth, &ret->as.list[ret->count++]))
                return false;
        return true;
    }

    bool object(dom::object from, size_t depth, json_node *ret)
    {
        ret->kind = NODE_OBJECT;
        ret->count = 0;
        if (from.size() >= MANY)
            return false;
        ret->as.pairs = array<json_pair>(from.size());
        for (dom::key_value_pair at : from) {
            json_pair *pair = &ret->as.pairs[ret->count++];
            pair->key_len = at.key.size();
            if (!string(at.key, &pair->key) ||
                !value(at.value, depth, &pair->value))
                return false;
        }
        return true;
    }

    bool value(dom::element from, size_t depth, json_node *ret)
    {
        switch (from.type()) {
        case dom::element_type::OBJECT:
            return depth < source->max_depth && object(from, depth + 1, ret);
        case dom::element_type::ARRAY:
            return depth < source->max_depth && list(from, depth + 1, ret);
        case dom::element_type::STRING: {
            std::string_view s = std::string_view(from);
            ret->kind = NODE_STR;
            ret->count = s.size();
            return string(s, &ret->as.s);
        }
        case dom::element_type::INT64:
            ret->kind = NODE_INT;
            ret->as.i = int64_t(from);
            return true;
        case dom::element_type::DOUBLE:
            ret->kind = NODE_REAL;
            ret->as.real = double(from);
            return true;
        case dom::element_type::BOOL:
            ret->kind = bool(from) ? NODE_TRUE : NODE_FALSE;
            return true;
        case dom::element_type::NULL_VALUE:
            ret->kind = NODE_NULL;
            return true;
        case dom::element_type::UINT64: return false;
        }
        return false;
    }
};

bool parse_with(dom::parser &parser, const json_node_source *source,
                json_node *ret)
{
    dom::element root;
    if (parser.parse(source->ptr, source->len).get(root) != simdjson::SUCCESS)
        return false;
    builder build = {source, nullptr};
    build.text = build.array<char>(source->len + 1);
    return build.value(root, 0, ret);
}

} // namespace

bool json_simd_parse(const json_node_source *source, json_node *ret)
{
    if (source->len > KEEP_BYTES) {
        dom::parser once;
        return parse_with(once, source, ret);
    }
    static thread_local dom::parser parser;
    return parse_with(parser, source, ret);
}
