/* doc.h - what all documents share: addresses, paper, where the bytes go.
 *
 * A document is a pure function: a struct of facts in, the bytes of a file
 * out. Equal facts give equal bytes on the same machine: no clock, no chance,
 * no date of creation. Nothing is drawn that the facts do not say, and what
 * cannot be drawn (a script without a font, a text that does not fit) is an
 * error that names the field; no document ever shows the box of a missing
 * glyph. Drawing is heavy beside a database call: do it outside transactions.
 * The first document of a thread reads the machine's fonts.
 */
#ifndef WHARF_BASE_DOC_H
#define WHARF_BASE_DOC_H

#include "base/base.h"

enum doc_paper { DOC_A4 = 1, DOC_LETTER = 2 };

/* As people write it; `country` is ISO 3166-1 alpha-2. */
struct doc_address {
    str name, company, line1, line2, city, region, postal_code, country;
    str phone; /* Printed where a document asks for it. */
};

/* Refuses an address that cannot be delivered to: a name or a company, the
 * first line, the country, and where the country uses them a city and a postal
 * code. `prefix` is the field's path, as "to". */
MUST_USE err_t doc_address_check(struct ctx *ctx, const char *prefix,
                                 const struct doc_address *address);

enum { DOC_ADDRESS_LINES = 8 };
/* One line of an address as its country orders them. */
struct doc_address_line {
    const char *field; /* Of the address: "name", "line1", "city". */
    str text;
};
/* In ctx->arena; empty parts are left out. The country's English name in
 * capitals is last, unless `home` (a country code) is the same. */
size_t doc_address_lines(struct ctx *ctx, const struct doc_address *address,
                         str home,
                         struct doc_address_line ret[DOC_ADDRESS_LINES]);

/* What makes a bespoke line that one: "Engraving", "For Anna". */
struct doc_attr {
    str name, value;
};

/* The bytes of a long file as they come; false ends the document. */
struct doc_sink {
    bool (*write)(void *to, const void *ptr, size_t len);
    void *to;
};

#endif
