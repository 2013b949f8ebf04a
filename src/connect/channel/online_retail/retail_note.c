/* retail_note.c - what was dirty, by name, and what was done about it. */
#include "connect/channel/online_retail/retail.h"

static const struct {
    const char *name, *deed;
} notes[RETAIL_NOTES] = {
    [RETAIL_NO_CUSTOMER] = {"customer_missing",             "kept, belongs to no customer"},
    [RETAIL_ZERO_PRICE] = {"price_zero",                   "kept, worth nothing"         },
    [RETAIL_SUB_CENT] = {"price_below_a_cent",
                            "the line is rounded half up, the price kept beside "
                         "it"                                                             },
    [RETAIL_NO_TITLE] = {"description_missing",          "the SKU's title is used"     },
    [RETAIL_TITLE_CUT] = {"description_too_long",         "cut at 255 bytes"            },
    [RETAIL_TITLE_COMMA] = {"description_with_comma",       "kept as it is"               },
    [RETAIL_STRAY_BYTES] = {"not_utf8",                     "read as Windows-1252"        },
    [RETAIL_CONTROL_BYTES] = {"control_characters",           "left out"                    },
    [RETAIL_NOT_ASCII] = {"description_beyond_ascii",     "kept as it is"               },
    [RETAIL_TRIMMED] = {"blanks_around",                "left out"                    },
    [RETAIL_TITLE_DIFFERS] = {"description_differs_from_sku",
                            "kept on the line, the SKU's title stays"                     },
    [RETAIL_SKU_REPEATED] = {"sku_repeated_in_invoice",
                            "each stays a line of its own"                                },
    [RETAIL_TWO_TIMES] = {"invoices_with_two_times",      "the earliest is taken"       },
    [RETAIL_TWO_CUSTOMERS] = {"invoices_with_two_customers",
                            "the first is taken"                                          },
    [RETAIL_TWO_COUNTRIES] = {"invoices_with_two_countries",
                            "the first is taken"                                          },
    [RETAIL_REAPPEARED] = {"invoices_in_pieces",           "put together"                },
    [RETAIL_COUNTRY_UNKNOWN] = {"invoices_of_no_known_country",
                            "kept by name, without an ISO code"                           },
};

const char *retail_note_name(enum retail_note note)
{
    return notes[note].name;
}

const char *retail_note_deed(enum retail_note note)
{
    return notes[note].deed;
}
