/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_DECIMALS_H
#define MTP_ANALYSIS_DECIMALS_H

#include "metapool/table.h"

/**
 * Decimals that a number is written with, zeros at the end among them: 2 of "1.20", 4
 * of "1.2e-3", -2 of "12e2".
 * @param mark  of decimals, '.' or ','
 */
int mtp_decimals_of(const char *text, char mark);

/** The most of any number in a column; 0 in one without numbers. */
int mtp_column_decimals(const mtp_column *column, char mark);

#endif
