/* make.c - builds requests: a template and the fields that change. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

/* About 1 KB with two lines; totals add up for any two SKUs. The words in
 * capitals are written over, at the same width. */
static const char two_lines[] =
    "{\"channel\":\"CHANNEL\",\"external_id\":\"EXTERNALEXTERNAL\","
    "\"currency\":\"EUR\",\"tax_mode\":\"inclusive\","
    "\"tags\":[\"web\",\"gift\"],\"lines\":["
    "{\"sku\":\"SKU-ONE-SKU\",\"quantity\":1,"
    "\"unit_price\":{\"amount\":1999,\"currency\":\"EUR\"},"
    "\"tax_lines\":[{\"name\":\"VAT\",\"rate_ppm\":190000,"
    "\"amount\":{\"amount\":319,\"currency\":\"EUR\"}}],"
    "\"attrs\":{\"gift\":true}},"
    "{\"sku\":\"SKU-TWO-SKU\",\"quantity\":2,"
    "\"unit_price\":{\"amount\":500,\"currency\":\"EUR\"},"
    "\"tax_lines\":[{\"name\":\"VAT\",\"rate_ppm\":190000,"
    "\"amount\":{\"amount\":160,\"currency\":\"EUR\"}}]}],"
    "\"shipping_lines\":[{\"title\":\"Parcel\","
    "\"price\":{\"amount\":490,\"currency\":\"EUR\"},"
    "\"tax_lines\":[{\"name\":\"VAT\",\"rate_ppm\":190000,"
    "\"amount\":{\"amount\":78,\"currency\":\"EUR\"}}]}],"
    "\"totals\":{\"tax\":{\"amount\":557,\"currency\":\"EUR\"},"
    "\"total\":{\"amount\":3489,\"currency\":\"EUR\"}},"
    "\"customer\":{\"name\":\"Zoë "
    "Example\",\"email\":\"PERSONPE@example.org\","
    "\"phone\":\"+49 30 PHONEPHO\"},"
    "\"shipping_address\":{\"name\":\"Zoë Example\","
    "\"line1\":\"Musterstraße 12\",\"city\":\"Berlin\","
    "\"postal_code\":\"10115\",\"country\":\"DE\"}}";

static const char one_line[] =
    "{\"channel\":\"CHANNEL\",\"external_id\":\"EXTERNALEXTERNAL\","
    "\"tax_mode\":\"inclusive\",\"lines\":["
    "{\"sku\":\"SKU-ONE-SKU\",\"quantity\":1,"
    "\"unit_price\":{\"amount\":1999,\"currency\":\"EUR\"}}],"
    "\"customer\":{\"name\":\"Zoë Example\",\"email\":\"zoe@example.org\"}}";

static const char held_line[] =
    "{\"channel\":\"CHANNEL\",\"external_id\":\"EXTERNALEXTERNAL\","
    "\"hold\":\"hld_HOLDHOLDHOLDH\",\"tax_mode\":\"inclusive\",\"lines\":["
    "{\"sku\":\"SKU-ONE-SKU\",\"quantity\":1,"
    "\"unit_price\":{\"amount\":1999,\"currency\":\"EUR\"}}],"
    "\"customer\":{\"name\":\"Zoë Example\",\"email\":\"zoe@example.org\"}}";

static const char one_hold[] =
    "{\"channel\":\"CHANNEL\",\"customer\":\"EXTERNALEXTERNAL\","
    "\"ttl_s\":3600,\"items\":[{\"sku\":\"SKU-ONE-SKU\",\"quantity\":1}]}";

/* Who buys: each about three times in a million orders. */
enum { PEOPLE = 300000, PERSON_BYTES = 8 };
enum { EXTERNAL_BYTES = 16, SKU_BYTES = 11, HOLD_BYTES = 13 };

struct maker {
    const struct options *options;
    char text[REQUEST_BYTES]; /* The template of an order. */
    size_t len;
    /* 0: not in it. */
    size_t external_at, key_at, sku_one_at, sku_two_at, hold_at;
    size_t email_at, phone_at;
};

/* Spreads numbers over 64 bits, one to one. */
static uint64_t scatter(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9U;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebU;
    return v ^ (v >> 31);
}

static size_t position_of(const struct maker *maker, const char *mark)
{
    const char *at = memmem(maker->text, maker->len, mark, strlen(mark));
    return at == NULL ? 0 : (size_t)(at - maker->text);
}

/* `text` with `mark` replaced by any other string, in fresh memory. */
static char *replaced(const char *text, const char *mark, const char *with)
{
    const char *at = strstr(text, mark);
    size_t size = strlen(text) + strlen(with) + 1;
    char *ret = calloc(1, size);
    if (ret == NULL || at == NULL)
        abort();
    snprintf(ret, size, "%.*s%s%s", (int)(at - text), text, with,
             at + strlen(mark));
    return ret;
}

/* What is sent, by mode. */
struct shape {
    const char *line; /* Method and path. */
    const char *key;  /* So that no two modes share keys. */
    const char *body;
};

static struct shape shape_of(const struct options *options)
{
    bool is_one = options->mode == MODE_SURGE || options->sku != NULL;
    const char *key = options->has_other_keys ? "again" : "first";
    if (options->mode == MODE_HOLD)
        return (struct shape){"POST /v1/holds", "holds", one_hold};
    if (options->mode == MODE_CONFIRM)
        return (struct shape){"POST /v1/orders", "confirm", held_line};
    if (options->mode == MODE_RELEASE)
        return (struct shape){"DELETE /v1/holds/hld_HOLDHOLDHOLDH", "release",
                              "CHANNEL"};
    return (struct shape){"POST /v1/orders", key,
                          is_one ? one_line : two_lines};
}

struct maker *maker_open(const struct options *options)
{
    struct maker *maker = calloc(1, sizeof(*maker));
    if (maker == NULL)
        abort();
    struct shape shape = shape_of(options);
    bool is_bare = options->mode == MODE_RELEASE;
    char *body =
        replaced(shape.body, "CHANNEL", is_bare ? "" : options->channel);
    if (options->sku != NULL && !is_bare) {
        char *with_sku = replaced(body, "SKU-ONE-SKU", options->sku);
        free(body);
        body = with_sku;
    }
    maker->options = options;
    int len = snprintf(maker->text, sizeof(maker->text),
                       "%s HTTP/1.1\r\nHost: %s:%d\r\n"
                       "Authorization: Bearer %s\r\n"
                       "Content-Type: application/json\r\n"
                       "Idempotency-Key: %s-KEYKEYKEYKEYKEYK\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       shape.line, options->host, options->port, options->key,
                       shape.key, strlen(body), body);
    free(body);
    if (len < 0 || (size_t)len >= sizeof(maker->text))
        abort();
    maker->len = (size_t)len;
    maker->external_at = position_of(maker, "EXTERNALEXTERNAL");
    maker->key_at = position_of(maker, "KEYKEYKEYKEYKEYK");
    maker->sku_one_at = position_of(maker, "SKU-ONE-SKU");
    maker->sku_two_at = position_of(maker, "SKU-TWO-SKU");
    maker->email_at = position_of(maker, "PERSONPE");
    maker->phone_at = position_of(maker, "PHONEPHO");
    maker->hold_at = position_of(maker, "HOLDHOLDHOLDH");
    return maker;
}

/* Writes `width` decimal digits. */
static void put_digits(char *at, uint64_t value, size_t width)
{
    while (width > 0) {
        at[--width] = (char)('0' + value % 10);
        value /= 10;
    }
}

static void put_hex(char *at, uint64_t value)
{
    for (int i = 15; i >= 0; i--, value >>= 4)
        at[i] = "0123456789abcdef"[value & 15];
}

static void put_sku(char *at, uint64_t number)
{
    memcpy(at, "BENCH-", 6);
    put_digits(at + 6, number, SKU_BYTES - 6);
}

size_t maker_order(const struct maker *maker, int64_t n, char *ret)
{
    uint64_t dice = scatter((uint64_t)n + 0x9e3779b97f4a7c15U);
    memcpy(ret, maker->text, maker->len);
    put_digits(ret + maker->key_at, (uint64_t)n, EXTERNAL_BYTES);
    if (maker->options->is_random)
        put_hex(ret + maker->external_at, dice);
    else if (maker->external_at > 0)
        put_digits(ret + maker->external_at, (uint64_t)n, EXTERNAL_BYTES);
    uint64_t skus = (uint64_t)maker->options->skus;
    uint64_t one = dice % skus;
    uint64_t two = (one + 1 + (dice >> 32) % (skus - 1)) % skus;
    if (maker->sku_one_at > 0)
        put_sku(ret + maker->sku_one_at, one);
    uint64_t person = 10000000 + (dice >> 16) % PEOPLE;
    if (maker->email_at > 0)
        put_digits(ret + maker->email_at, person, PERSON_BYTES);
    if (maker->phone_at > 0)
        put_digits(ret + maker->phone_at, person, PERSON_BYTES);
    if (maker->sku_two_at > 0)
        put_sku(ret + maker->sku_two_at, two);
    return maker->len;
}

size_t maker_hold(const struct maker *maker, int64_t n, const char *id,
                  char *ret)
{
    size_t len = maker_order(maker, n, ret);
    if (maker->hold_at > 0 && strlen(id) == HOLD_BYTES)
        memcpy(ret + maker->hold_at, id, HOLD_BYTES);
    return len;
}

size_t maker_get(const struct maker *maker, const char *path, char *ret)
{
    int len = snprintf(ret, REQUEST_BYTES,
                       "GET %s HTTP/1.1\r\nHost: %s:%d\r\n"
                       "Authorization: Bearer %s\r\n\r\n",
                       path, maker->options->host, maker->options->port,
                       maker->options->key);
    return len > 0 && len < REQUEST_BYTES ? (size_t)len : 0;
}
