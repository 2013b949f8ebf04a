/* doc_format.h - numbers as documents print them. */
#ifndef WHARF_BASE_DOC_FORMAT_H
#define WHARF_BASE_DOC_FORMAT_H

#include "base/base.h"

enum doc_units { DOC_METRIC = 0, DOC_IMPERIAL = 1 };

/* "2.35 kg"; "5 lb 2.9 oz". */
str doc_weight(struct arena *arena, int64_t weight_g, enum doc_units units);
/* "2026-11-22". */
str doc_day(struct arena *arena, int64_t day);
/* "1,234.50 EUR". */
str doc_money(struct arena *arena, money amount);

#endif
