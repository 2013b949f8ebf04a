/* doc_lib.h - pango and cairo, loaded when the first document is drawn.
 *
 * They bring some thirty libraries and double the time that a command needs
 * to start, so the binary is not linked with them. Their headers give the
 * types; what is called is listed here and nowhere else.
 */
#ifndef WHARF_BASE_DOC_LIB_H
#define WHARF_BASE_DOC_LIB_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/base.h"

#define DOC_LIB_FUNCTIONS(X)                                                   \
    X(cairo_create)                                                            \
    X(cairo_destroy)                                                           \
    X(cairo_fill)                                                              \
    X(cairo_font_options_create)                                               \
    X(cairo_font_options_destroy)                                              \
    X(cairo_font_options_set_antialias)                                        \
    X(cairo_font_options_set_hint_metrics)                                     \
    X(cairo_font_options_set_hint_style)                                       \
    X(cairo_image_surface_create)                                              \
    X(cairo_image_surface_get_data)                                            \
    X(cairo_image_surface_get_height)                                          \
    X(cairo_image_surface_get_stride)                                          \
    X(cairo_image_surface_get_width)                                           \
    X(cairo_move_to)                                                           \
    X(cairo_pdf_surface_create_for_stream)                                     \
    X(cairo_pdf_surface_set_metadata)                                          \
    X(cairo_rectangle)                                                         \
    X(cairo_scale)                                                             \
    X(cairo_set_source_rgb)                                                    \
    X(cairo_show_page)                                                         \
    X(cairo_status_to_string)                                                  \
    X(cairo_surface_destroy)                                                   \
    X(cairo_surface_finish)                                                    \
    X(cairo_surface_flush)                                                     \
    X(cairo_surface_status)                                                    \
    X(cairo_translate)                                                         \
    X(g_object_unref)                                                          \
    X(g_utf8_strlen)                                                           \
    X(pango_cairo_context_set_font_options)                                    \
    X(pango_cairo_context_set_resolution)                                      \
    X(pango_cairo_font_map_get_default)                                        \
    X(pango_cairo_show_layout)                                                 \
    X(pango_cairo_show_layout_line)                                            \
    X(pango_context_set_language)                                              \
    X(pango_context_set_round_glyph_positions)                                 \
    X(pango_font_description_free)                                             \
    X(pango_font_description_get_size)                                         \
    X(pango_font_description_new)                                              \
    X(pango_font_description_set_absolute_size)                                \
    X(pango_font_description_set_family)                                       \
    X(pango_font_description_set_weight)                                       \
    X(pango_font_map_create_context)                                           \
    X(pango_language_from_string)                                              \
    X(pango_layout_get_font_description)                                       \
    X(pango_layout_get_iter)                                                   \
    X(pango_layout_get_line_count)                                             \
    X(pango_layout_get_line_readonly)                                          \
    X(pango_layout_get_log_attrs_readonly)                                     \
    X(pango_layout_get_size)                                                   \
    X(pango_layout_get_text)                                                   \
    X(pango_layout_get_unknown_glyphs_count)                                   \
    X(pango_layout_iter_free)                                                  \
    X(pango_layout_iter_get_baseline)                                          \
    X(pango_layout_iter_get_line_extents)                                      \
    X(pango_layout_iter_get_line_readonly)                                     \
    X(pango_layout_iter_get_run_readonly)                                      \
    X(pango_layout_iter_next_line)                                             \
    X(pango_layout_iter_next_run)                                              \
    X(pango_layout_line_get_extents)                                           \
    X(pango_layout_line_get_length)                                            \
    X(pango_layout_line_get_start_index)                                       \
    X(pango_layout_new)                                                        \
    X(pango_layout_set_alignment)                                              \
    X(pango_layout_set_font_description)                                       \
    X(pango_layout_set_text)                                                   \
    X(pango_layout_set_width)                                                  \
    X(pango_layout_set_wrap)

struct doc_lib {
/* A declaration cannot have its name in parentheses. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define X(name) __typeof__(name) *name;
    DOC_LIB_FUNCTIONS(X)
#undef X
};

/* Loads them, once in a process. ERR_INTERNAL, slug "documents_unavailable",
 * where they are not installed. */
MUST_USE err_t doc_lib_load(struct ctx *ctx);
/* After doc_lib_load(). */
const struct doc_lib *doc_lib(void);

#endif
