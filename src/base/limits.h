/* limits.h - every limit on what a client controls, in one place. */
#ifndef WHARF_BASE_LIMITS_H
#define WHARF_BASE_LIMITS_H

enum {
    LIMIT_BODY_BYTES = 1024 * 1024,
    LIMIT_BULK_BODY_BYTES = 8 * 1024 * 1024,
    /* Of all bodies in memory at one time; one caller has a quarter. */
    LIMIT_BYTES_UNDER_WAY = 256 * 1024 * 1024,
    LIMIT_HEADER_BYTES = 16 * 1024,
    LIMIT_TARGET_BYTES = 4096,
    LIMIT_JSON_DEPTH = 32,
    /* What a parsed body may take: so much and so many times its size. Orders
     * take twelve times theirs, a list of empty objects would take seventy. */
    LIMIT_JSON_BYTES = 1024 * 1024,
    LIMIT_JSON_UNFOLD = 20,
    LIMIT_REPLY_BYTES = 16 * 1024 * 1024,
    LIMIT_ARENA_BYTES = 256 * 1024 * 1024,
    LIMIT_EXPORT_LINE_BYTES = 64 * 1024 * 1024, /* A row of an export. */

    /* A command line that a server runs for a caller beside it. */
    LIMIT_CONTROL_BYTES = 256 * 1024,
    LIMIT_CONTROL_WORDS = 4096,
    LIMIT_CONTROL_RUNNING = 4, /* Commands at once. */

    LIMIT_IDEM_KEY_BYTES = 255,
    LIMIT_EXTERNAL_ID_BYTES = 100,
    LIMIT_CODE_BYTES = 64, /* SKU, channel, location codes. */
    LIMIT_TITLE_BYTES = 255,
    LIMIT_NAME_BYTES = 200,
    LIMIT_EMAIL_BYTES = 254,
    LIMIT_PHONE_BYTES = 40,
    LIMIT_ADDRESS_LINE_BYTES = 200,
    LIMIT_REASON_BYTES = 500,
    LIMIT_NOTE_BYTES = 5000,
    LIMIT_ATTRS_BYTES = 16 * 1024, /* One attributes document, as JSON. */
    LIMIT_TAGS = 50,
    LIMIT_TAG_BYTES = 64,

    LIMIT_CUSTOMER_KEYS = 60, /* E-mails, phones and foreign ids of one. */
    LIMIT_CUSTOMER_ADDRESSES = 100,
    LIMIT_SOURCE_BYTES = 64,
    LIMIT_LANGUAGE_BYTES = 35, /* A tag by BCP 47. */

    LIMIT_QUERY_BYTES = 200, /* Of a search. */

    LIMIT_ORDER_LINES = 1000,
    LIMIT_ORDER_HOLDS = 200, /* Of an order, ended ones among them. */
    LIMIT_ORDER_NOTES = 500,
    LIMIT_SCORE_RULES = 50, /* Of a channel. */
    LIMIT_SCORE_LOOK = 500, /* Past orders that rules are tried on. */
    LIMIT_COMPANY_PRICES = 5000,
    LIMIT_TERMS_DAYS = 365,
    LIMIT_PO_BYTES = 64,        /* A buyer's number of an order. */
    LIMIT_CHANGES = 200,        /* Of an order. */
    LIMIT_CHANGE_ACTIONS = 200, /* Of one of them. */
    LIMIT_HISTORY_LINES = 4000, /* Of an order or a credit note imported. */
    LIMIT_ORDER_CHARGES = 100,  /* Shipping lines; fees. */
    LIMIT_TAX_LINES = 20,       /* Per order line. */
    LIMIT_TAX_ID_BYTES = 40,    /* Of a buyer. */
    LIMIT_DISCOUNTS = 20,       /* Of an order; of a line. */
    LIMIT_TAX_LAYERS = 8,       /* Rates that apply together. */
    LIMIT_HOLD_ITEMS = 100,
    LIMIT_HOLD_TTL_S = 24 * 60 * 60,
    HOLD_TTL_DEFAULT_S = 600,
    LIMIT_HOLD_LIFE_S = 7 * 24 * 60 * 60, /* However often it is extended. */
    LIMIT_DROP_CAP = 1000000,             /* Units of one customer. */
    LIMIT_DROP_WAITING = 100 * 1000,      /* Places in one waiting list. */
    LIMIT_KIT_PARTS = 50,                 /* Components of a kit; */
    LIMIT_KIT_QTY = 10000,                /* of one of them, in a kit. */
    LIMIT_BULK_ITEMS = 1000,
    LIMIT_ORDER_JOB_ITEMS = 10000, /* Orders of a job; */
    LIMIT_ORDER_JOBS = 20,         /* jobs of a store under way. */
    LIMIT_RELEASES = 400,          /* Of a plan of a blanket order, */
    LIMIT_RELEASE_DAYS = 5 * 366,  /* which is over by then. */
    LIMIT_URL_BYTES = 2048,
    LIMIT_WEBHOOKS = 50,                  /* Endpoints of a store. */
    LIMIT_EVENT_BYTES = 4 * 1024 * 1024,  /* Of an event's data; */
    LIMIT_EVENTS_BYTES = 8 * 1024 * 1024, /* of those of one page, nearly. */
    LIMIT_EVENT_TYPES = 50,               /* Patterns of one filter. */
    LIMIT_EVENT_TYPE_BYTES = 64,          /* One of them. */
    LIMIT_LIVE_SKUS = 100,                /* Watched by one client. */
    LIMIT_LIVE_LOCATIONS = 20,
    LIMIT_STREAMS_PER_KEY = 6000,
    LIMIT_EVENT_SCAN = 10 * 1000, /* Of the log, for one page. */
    LIMIT_RECEIPT_LINES = 1000,
    LIMIT_SERIALS = 1000, /* Serial numbers on one line. */
    LIMIT_ATP_DAYS = 92,
    LIMIT_COUNT_LINES = 10000,
    LIMIT_DOC_BYTES = 32 * 1024 * 1024,
    LIMIT_DOC_PAGES = 500,
    LIMIT_DOC_LINES = 10000, /* Of a pick list or a manifest. */
    LIMIT_PAGE = 250,
    LIMIT_PAGE_DEFAULT = 50,
    LIMIT_COUNTED = 1000 /* What is counted on request, to so many. */
};

/* Keeps sums of a thousand lines well inside 63 bits. */
#define LIMIT_QTY   ((int64_t)1000000000)
#define LIMIT_MINOR ((int64_t)1000000000000000)

#endif
