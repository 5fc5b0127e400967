/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FIGURE_KIND_H
#define MTP_PLOT_FIGURE_KIND_H

#include "metapool/figure.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A kind of figure: it writes its numbers and draws its picture. */
typedef struct mtp_figure_info {
    mtp_command command;                     /* whose bundle it shows */
    bool (*is_in)(const mtp_bundle *bundle); /* whether it has what the figure shows */
    void (*csv)(const mtp_bundle *bundle, mtp_strbuf *out);
    void (*json)(const mtp_bundle *bundle, mtp_strbuf *out);
    /* For a page of that width in points; NULL when memory is exhausted. */
    mtp_scene *(*scene)(const mtp_bundle *bundle, double width);
    bool
        columns; /* it is as wide as its columns, or narrower where that is asked for */
} mtp_figure_info;

/** The registry (figure_kind.c). */
const mtp_figure_info *mtp_figure_kind_get(mtp_figure_kind kind);

#endif
