/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_LARGEST_H
#define MTP_NUM_LARGEST_H

#include "num/root.h"

/**
 * The largest value of f(of, t) over from <= t <= to, 0 <= from: a scan in log(t +
 * shift), shift > 0, in steps of a 16th of a decade, and every maximum of it refined by
 * the golden section. At a flat top a t good to eight digits gives a value good to
 * sixteen.
 */
double mtp_largest(mtp_function *f, const void *of, double from, double to,
                   double shift);

#endif
