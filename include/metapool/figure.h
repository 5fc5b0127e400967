/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FIGURE_H
#define METAPOOL_FIGURE_H

#include "metapool/analysis.h"
#include "metapool/theme.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file figure.h
 * Figures of a bundle as SVG, PDF and PNG, and the numbers that they show as CSV and
 * JSON.
 */

/* X(enum, id, label) */
#define MTP_FIGURE_LIST(X)                                                             \
    X(MTP_FIGURE_FOREST, "forest", "forest plot")                                      \
    X(MTP_FIGURE_COMPOSITION, "composition", "bars of shares")                         \
    X(MTP_FIGURE_COMPARE, "compare", "specification curve")                            \
    X(MTP_FIGURE_FUNNEL, "funnel", "funnel plot")                                      \
    X(MTP_FIGURE_BAUJAT, "baujat", "Baujat plot")                                      \
    X(MTP_FIGURE_RADIAL, "radial", "radial plot")                                      \
    X(MTP_FIGURE_LABBE, "labbe", "L'Abb\303\251 plot")                                 \
    X(MTP_FIGURE_PROFILE, "profile", "likelihood profile")                             \
    X(MTP_FIGURE_DRAPERY, "drapery", "drapery plot")                                   \
    X(MTP_FIGURE_BUBBLE, "bubble", "bubble plot")                                      \
    X(MTP_FIGURE_INFLUENCE, "influence", "influence plot")                             \
    X(MTP_FIGURE_GOSH, "gosh", "plot of all subsets")

typedef enum mtp_figure_kind {
#define MTP_FIGURE_ENUM(name, id, label) name,
    MTP_FIGURE_LIST(MTP_FIGURE_ENUM)
#undef MTP_FIGURE_ENUM
        MTP_FIGURE_COUNT
} mtp_figure_kind;

/* X(enum, id, label) */
#define MTP_FIGURE_FORMAT_LIST(X)                                                      \
    X(MTP_FIGURE_SVG, "svg", "Scalable Vector Graphics")                               \
    X(MTP_FIGURE_PDF, "pdf", "Portable Document Format")                               \
    X(MTP_FIGURE_PNG, "png", "Portable Network Graphics")                              \
    X(MTP_FIGURE_CSV, "csv", "comma-separated values")                                 \
    X(MTP_FIGURE_JSON, "json", "JavaScript Object Notation")

typedef enum mtp_figure_format {
#define MTP_FIGURE_FORMAT_ENUM(name, id, label) name,
    MTP_FIGURE_FORMAT_LIST(MTP_FIGURE_FORMAT_ENUM)
#undef MTP_FIGURE_FORMAT_ENUM
        MTP_FIGURE_FORMAT_COUNT
} mtp_figure_format;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_figure_kind_id(mtp_figure_kind kind);
MTP_API const char *mtp_figure_kind_label(mtp_figure_kind kind);
MTP_API int mtp_figure_kind_from_id(const char *id);
/** The command whose request and bundle a figure of this kind is drawn from. */
MTP_API mtp_command mtp_figure_kind_command(mtp_figure_kind kind);
MTP_API const char *mtp_figure_format_id(mtp_figure_format format);
MTP_API const char *mtp_figure_format_label(mtp_figure_format format);
MTP_API int mtp_figure_format_from_id(const char *id);

typedef struct mtp_figure_options {
    size_t size;     /* sizeof(mtp_figure_options); set by _init */
    double width;    /* of the printed figure in millimetres; NaN (default): its own */
    double dpi;      /* of PNG, pixels an inch; default 300 */
    mtp_theme theme; /* colours; default MTP_THEME_DEFAULT */
    double page_height; /* of forest plots as PDF in millimetres: on pages of that
                           height; NaN (default): on one page */
} mtp_figure_options;

/** Defaults. @param size  sizeof *options, of which no more is written */
MTP_API void mtp_figure_options_init(mtp_figure_options *options, size_t size);

/** Defaults, and what a request says (--width, --dpi, --theme). */
MTP_API void mtp_figure_options_of(const mtp_request *request,
                                   mtp_figure_options *options);

/** A finished figure; freed with mtp_figure_free. */
typedef struct mtp_figure {
    const char *bytes; /* of the file; followed by a NUL */
    size_t length;
    double width, height; /* of a page as printed, in millimetres; NaN for CSV, JSON */
    mtp_notes notes; /* text too small to read, a font that took another one's place */
    size_t n_pages;  /* 1, but for a PDF on pages; 0 for CSV and JSON */
} mtp_figure;

/**
 * Draw a figure.
 *
 * SVG is the same bytes on every machine. PDF and PNG are made from it by librsvg,
 * which is loaded when first needed; they hold no date, and depend on the fonts and
 * libraries of the machine alone.
 * @param options  NULL: defaults
 * @param figure   out; untouched on failure
 * @return MTP_OK; MTP_E_ARG if the bundle lacks what the figure shows, or an option is
 *         out of range; MTP_E_UNSUPPORTED if PDF and PNG cannot be made here;
 * MTP_E_NOMEM
 */
MTP_API mtp_status mtp_figure_draw(const mtp_bundle *bundle, mtp_figure_kind kind,
                                   mtp_figure_format format,
                                   const mtp_figure_options *options,
                                   mtp_figure **figure, mtp_error *err);

/** NULL is allowed. */
MTP_API void mtp_figure_free(mtp_figure *figure);

#ifdef __cplusplus
}
#endif

#endif
