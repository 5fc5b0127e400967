/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_LINT_DATES_H
#define MTP_LINT_DATES_H

#include <stdbool.h>

/** "2-Jan", "Jan-99", "02. Mar", "2-Jan-2024": a date with the name of a month. */
bool mtp_lint_is_month_date(const char *cell);
/** The same, or digits alone: "2024-01-02", "1/2/2024", with a time or without. */
bool mtp_lint_is_date(const char *cell);
/** "5-9", "1/2": two short numbers. */
bool mtp_lint_is_range(const char *cell);
/** A whole number that a spreadsheet shows for a day from 1982 to 2064. */
bool mtp_lint_is_serial(double x);

#endif
