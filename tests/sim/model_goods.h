/* model_goods.h - the auditor's idea of units on their way out. */
#ifndef WHARF_SIM_MODEL_GOODS_H
#define WHARF_SIM_MODEL_GOODS_H

#include "model.h"

/* What one unit of the line takes: itself, or the components of a kit; the
 * result may point to `self`. */
int m_parts(const struct m_line *line, const struct m_part **ret,
            struct m_part *self);
/* Stock of units of a line at a place: freed, gone, lost (`missing` of each
 * part cannot be found and is held), taken. The line's counts are the
 * caller's. */
void m_free(struct model *model, struct m_line *line, int place, int64_t qty);
void m_leave(struct model *model, struct m_line *line, int place, int64_t qty);
void m_lose(struct model *model, struct m_line *line, int place, int64_t qty,
            const int64_t *missing);
void m_take(struct model *model, struct m_line *line, int place, int64_t qty);

#endif
