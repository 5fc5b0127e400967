/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_JUDGE_H
#define MTP_AUDIT_JUDGE_H

#include "metapool/verify.h"

/**
 * What a printed figure says: a number and how precisely it was printed, or a bound.
 */
typedef struct mtp_printed {
    double value;
    double unit; /* of its last place: 0.01 for 6.80, 1 for 574, 1e-5 for 1.3e-4 */
    char bound;  /* '<' or '>' before the number; else 0 */
} mtp_printed;

#define MTP_PRINTED_FORM "a number, with < or > before it or %% after it, is wanted"

/**
 * Read "6.8%", "-2.74", "<.0001": a number as mtp_number_parse takes it, its thousands
 * parted by commas or not, after at most one < or > and before at most one %, which is
 * for the reader alone.
 * @return false if the text is something else
 */
bool mtp_printed_read(const char *text, mtp_printed *printed);

/**
 * Judge a computed figure, already on the printed scale.
 *
 * @param computed  finite
 * @param digits    significant digits to judge by; 0: the printed places
 * @param tolerance absolute; NaN: by digits or printed places
 * @return PASS where the figure rounds to the printed one (a half rounds either way),
 *         ROUNDING within one more unit of the last place, else MISMATCH; a tolerance
 *         and a bound know no ROUNDING
 */
mtp_verdict mtp_judge(const mtp_printed *printed, double computed, int digits,
                      double tolerance);

/** A computed figure on the scale that was printed. */
double mtp_transformed(mtp_transform transform, double x);

#endif
