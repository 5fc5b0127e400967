/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FIGURE_PICTURE_H
#define MTP_PLOT_FIGURE_PICTURE_H

#include "core/arena.h"
#include "plot/figure_kind.h"

/** The picture of a figure: its bytes, and in `figure` its size and notes, which lie in
 * the arena. The options are complete. */
mtp_status mtp_figure_picture(const mtp_bundle *bundle, const mtp_figure_info *kind,
                              mtp_figure_format format,
                              const mtp_figure_options *options, mtp_figure *figure,
                              mtp_arena *arena, mtp_strbuf *out, mtp_error *err);

/** The same of a forest plot as PDF on pages of options->page_height. */
mtp_status mtp_figure_pages(const mtp_bundle *bundle, const mtp_figure_options *options,
                            mtp_figure *figure, mtp_arena *arena, mtp_strbuf *out,
                            mtp_error *err);

#endif
