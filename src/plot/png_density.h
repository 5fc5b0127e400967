/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_PNG_DENSITY_H
#define MTP_PLOT_PNG_DENSITY_H

#include "core/strbuf.h"

/**
 * Say in a PNG how many pixels an inch it has (chunk pHYs; ISO/IEC
 * 15948:2004, 11.3.5.3), by which programs place it in its size and journals judge it.
 */
void mtp_png_set_density(mtp_strbuf *png, double dpi);

#endif
