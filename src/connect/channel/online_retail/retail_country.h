/* retail_country.h - ISO codes of countries by their English names. */
#ifndef WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_COUNTRY_H
#define WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_COUNTRY_H

#include "base/base.h"

/* "United Kingdom" gives "GB"; empty where the name is none we know. */
str retail_country_code(str name);

#endif
