/* samples.c - writes one of each document for looking and for reading back.
 *
 *   doc_samples DIR
 */
#include "samples.h"

#include "base/arena.h"
#include "base/str.h"

#define S(text) STR_INIT(text)

static const char *dir;

const struct doc_address sample_sender = {.name = S("Warehouse 2"),
                                          .company = S("Hafenkontor GmbH"),
                                          .line1 = S("Am Sandtorkai 30"),
                                          .city = S("Hamburg"),
                                          .postal_code = S("20457"),
                                          .country = S("DE"),
                                          .phone = S("+49 40 1234567")};

void sample_save(struct ctx *ctx, const char *name, err_t err, const str *bytes)
{
    char path[512];
    if (err != OK) {
        (void)fprintf(stderr, "doc_samples: %s: %s: %s\n", name, ctx->err.field,
                      ctx->err.text);
        exit(1);
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes->ptr, 1, bytes->len, file) != bytes->len ||
        fclose(file) != 0) {
        (void)fprintf(stderr, "doc_samples: cannot write %s\n", path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: doc_samples DIR\n");
        return 2;
    }
    dir = argv[1];
    struct ctx ctx = {.arena = arena_open()};
    samples_of_labels(&ctx);
    samples_of_papers(&ctx);
    arena_close(ctx.arena);
    return 0;
}
