/* contract.h - api/openapi.yaml, built in by tools/gen. */
#ifndef WHARF_APP_CONTRACT_H
#define WHARF_APP_CONTRACT_H

#include <stddef.h>

extern const unsigned char contract_text[];
extern const size_t contract_len;

#endif
