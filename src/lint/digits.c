/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L4: digits, and shares of two kinds. */
#include "core/number.h"
#include "lint/work.h"
#include "num/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 10, MOST_DECIMALS = 4 };

/*
 * The decimals that a column is written with: the most of any cell. -1 where they are
 * beyond what people write, or where more than 15 of 100 cells have fewer: one of ten
 * ends in a 0, which spreadsheets drop, and the others were measured otherwise.
 */
static int column_decimals(const mtp_lint_work *w, const mtp_lint_column *column)
{
    size_t count[MOST_DECIMALS + 1] = {0}, all = 0;
    int most = 0;

    for (size_t i = 0; i < w->rows; i++) {
        const char *text = column->column->text[i];
        int here = text && !isnan(column->number[i]) ? mtp_lint_decimals(text) : 0;

        if (here < 0 || here > MOST_DECIMALS) {
            return -1;
        }
        if (!isnan(column->number[i])) {
            count[here]++;
            all++;
        }
        most = here > most ? here : most;
    }
    return 100 * count[most] >= 85 * all ? most : -1;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/*
 * Last digits of the values of three digits or more, whose last digit is nearly uniform
 * whatever they measure; each value once, for rows of one study repeat them. Returns
 * how many.
 */
static size_t count_digits(mtp_lint_work *w, const mtp_lint_column *column,
                           int decimals, size_t count[DIGITS])
{
    double unit = pow(10.0, decimals), *value = MTP_LINT_ARRAY(w, w->rows, double);
    size_t all = 0, n = 0;

    for (size_t i = 0; value && i < w->rows; i++) {
        double scaled = floor(fabs(column->number[i]) * unit + 0.5);

        if (scaled >= 100.0 && scaled < 9e15) {
            value[all++] = scaled;
        }
    }
    if (all > 0) {
        qsort(value, all, sizeof *value, by_size);
    }
    for (size_t i = 0; i < all; i++) {
        if (i == 0 || value[i] != value[i - 1]) {
            count[(size_t)fmod(value[i], 10.0)]++;
            n++;
        }
    }
    return n;
}

/* Pearson's chi-square of ten equal shares, 9 degrees of freedom. */
static double chi_square(const size_t count[DIGITS], size_t n)
{
    double expected = (double)n / DIGITS, sum = 0.0;

    for (size_t d = 0; d < DIGITS; d++) {
        double off = (double)count[d] - expected;

        sum += off * off / expected;
    }
    return sum;
}

static void terminal_digits(mtp_lint_work *w, const mtp_lint_column *column)
{
    enum { LEAST = 100 };
    const double alpha = 1e-4;
    size_t count[DIGITS] = {0}, most = 0, n;
    int decimals = column_decimals(w, column);
    mtp_tail p;

    n = decimals < 0 ? 0 : count_digits(w, column, decimals, count);
    if (n < LEAST || !mtp_lint_look(w, MTP_LINT_TERMINAL_DIGITS)) {
        return;
    }
    p = mtp_chisq_upper(chi_square(count, n), DIGITS - 1);
    if (p.p * (double)w->columns >= alpha) {
        return;
    }
    for (size_t d = 0; d < DIGITS; d++) {
        most = count[d] > count[most] ? d : most;
    }
    mtp_lint_add(
        w, MTP_LINT_TERMINAL_DIGITS,
        (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE, column->column->name, n},
        "of the last digits of %zu different values %zu are %zu, and %zu are 0 or 5 "
        "(expected %s and "
        "%s); chi-square %s with 9 degrees of freedom, p = %s",
        n, count[most], most, count[0] + count[5], MTP_LINT_BRIEF(0.1 * (double)n),
        MTP_LINT_BRIEF(0.2 * (double)n), MTP_LINT_BRIEF(chi_square(count, n)),
        mtp_number_brief(p.p, 2).text);
}

/* A name that promises shares. */
static bool is_share(const char *name)
{
    static const char *const words[] = {"perc", "pct",  "prop",   "share", "frac",
                                        "rate", "risk", "preval", "%"};

    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (mtp_lint_contains(name, words[k])) {
            return true;
        }
    }
    return false;
}

/* A sixth to a half of the values strictly between 0 and 1, the others from 5 to 100.
 */
static void percent_fraction(mtp_lint_work *w, const mtp_lint_column *column)
{
    double below = 0.0, above = (double)INFINITY, top = 0.0;
    size_t fractions = 0, percents = 0, first = 0;

    if (!is_share(column->column->name) ||
        !mtp_lint_look(w, MTP_LINT_PERCENT_FRACTION)) {
        return;
    }
    for (size_t i = 0; i < w->rows; i++) {
        double x = column->number[i];

        if (x < 0.0 || x > 100.0) {
            return;
        }
        if (x > 0.0 && x < 1.0) {
            below = fmax(below, x);
            first = fractions++ ? first : i;
        } else if (x > 1.0) {
            above = fmin(above, x);
            top = fmax(top, x);
            percents++;
        }
    }
    if (fractions >= 2 && percents >= fractions && above >= 5.0 &&
        5 * fractions >= percents && top > 10.0) {
        mtp_lint_add(
            w, MTP_LINT_PERCENT_FRACTION,
            (mtp_lint_place){first, MTP_LINT_NOWHERE, column->column->name, fractions},
            "%zu values up to %s and %zu from %s to %s", fractions,
            MTP_LINT_BRIEF(below), percents, MTP_LINT_BRIEF(above),
            MTP_LINT_BRIEF(top));
    }
}

void mtp_lint_digit_rules(mtp_lint_work *work)
{
    for (size_t c = 0; c < work->columns; c++) {
        if (work->column[c].numeric) {
            terminal_digits(work, &work->column[c]);
            percent_fraction(work, &work->column[c]);
        }
    }
}
