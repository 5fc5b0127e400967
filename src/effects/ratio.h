/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_RATIO_H
#define MTP_EFFECTS_RATIO_H

#include "metapool/effects.h"

#include <string.h>

/** Whether the natural scale is that of ratios, which are as far from 1 above it as
 * below it: figures draw it on logarithms. */
static inline bool mtp_measure_is_ratio(const mtp_measure_info *measure)
{
    return measure->ratio ||
           (measure->groups == 2 && strcmp(measure->inverse, "exponential") == 0);
}

#endif
