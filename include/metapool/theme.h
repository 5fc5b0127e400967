/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_THEME_H
#define METAPOOL_THEME_H

#include "metapool/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file theme.h
 * The colours of figures.
 *
 * Sources of the colours, all made for readers who see colours otherwise: Okabe & Ito
 * (2008), Color Universal Design; Tol (2021), Colour schemes, SRON technical note
 * SRON/EPS/TN/09-002, issue 3.2.
 */

/* X(enum, id, label) */
#define MTP_THEME_LIST(X)                                                              \
    X(MTP_THEME_DEFAULT, "default", "blue on white, shares after Tol's muted scheme")  \
    X(MTP_THEME_GREYSCALE, "greyscale", "the greys that default has in print")         \
    X(MTP_THEME_HIGH_CONTRAST, "high-contrast",                                        \
      "black text and lines, Tol's high- and medium-contrast schemes")                 \
    X(MTP_THEME_DARK, "dark", "on a dark page, colours of Okabe and Ito")

typedef enum mtp_theme {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_THEME_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_THEME_COUNT
} mtp_theme;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_theme_id(mtp_theme theme);
MTP_API const char *mtp_theme_label(mtp_theme theme);
MTP_API int mtp_theme_from_id(const char *id);

#ifdef __cplusplus
}
#endif

#endif
