/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_HATCH_H
#define MTP_PLOT_HATCH_H

#include "plot/scene.h"

/**
 * Areas of many kinds that stay apart in print without colour: fills of five
 * lightnesses, each plain, then under lines in one of three directions.
 */

enum { MTP_FILLS = 5, MTP_FILL_STYLES = 20 };

/** A filled box in style i; styles repeat after MTP_FILL_STYLES. */
void mtp_scene_fill(mtp_scene *scene, size_t i, size_t row, mtp_box box);

/** The mark of the fill of style i, and of text upon it: light on dark fills. */
mtp_mark mtp_fill_mark(size_t i);
mtp_mark mtp_fill_text(size_t i);

/** Whether style i has lines, which text needs to be kept free of. */
bool mtp_fill_is_hatched(size_t i);

#endif
