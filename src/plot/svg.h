/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_SVG_H
#define MTP_PLOT_SVG_H

#include "core/strbuf.h"
#include "plot/scene.h"

/**
 * Write a scene as SVG 1.1: text stays text, coordinates have two decimals, and the
 * same scene gives the same bytes on every machine.
 */
void mtp_svg_write(const mtp_scene *scene, mtp_strbuf *out);

#endif
