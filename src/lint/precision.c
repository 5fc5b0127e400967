/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L508 once more: standard errors beside the number of patients. */
#include "core/number.h"
#include "lint/work.h"

#include <math.h>

/*
 * The standard error that so many patients give, to a factor of two whatever the
 * design: of a standardized difference d, (n1 + n2) / (n1 n2) + d^2 / (2 (n1 + n2)) is
 * its square (Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, p. 86); of
 * Fisher's z, 1 / (n - 3) (Fisher 1921, Metron 1:3). NaN where it does not follow.
 */
static double expected(const mtp_lint_work *w, size_t row)
{
    double d = mtp_lint_value(w, MTP_ROLE_YI, row);
    double n1 = mtp_lint_value(w, MTP_ROLE_N1, row);
    double n2 = mtp_lint_value(w, MTP_ROLE_N2, row);

    switch (w->measure->measure) {
    case MTP_SMD:
    case MTP_SMDH:
        return n1 > 0.0 && n2 > 0.0
                   ? sqrt((n1 + n2) / (n1 * n2) + d * d / (2.0 * (n1 + n2)))
                   : (double)NAN;
    case MTP_ZCOR:
        return 1.0 / sqrt(mtp_lint_value(w, MTP_ROLE_N, row) - 3.0);
    default:
        return (double)NAN;
    }
}

static bool is_within(double x, double of, double factor)
{
    return x > of / factor && x < of * factor;
}

static void doubt(mtp_lint_work *w, size_t row, mtp_role role, double given, double se,
                  double other, const char *what, const char *meant)
{
    if (isnan(given) || isnan(se) || !mtp_lint_look(w, MTP_LINT_VARIANCE_AS_SE)) {
        return;
    }
    if (!is_within(role == MTP_ROLE_VI ? sqrt(given) : given, se, 2.0) &&
        is_within(other, se, 1.25)) {
        mtp_lint_add(
            w, MTP_LINT_VARIANCE_AS_SE, mtp_lint_at(w, row, role),
            "with so many patients the standard error is about %s, and what is "
            "given as %s, %s, is %s",
            MTP_LINT_BRIEF(se), what, MTP_LINT_BRIEF(given), meant);
    }
}

void mtp_lint_precision(mtp_lint_work *w)
{
    for (size_t i = 0; w->measure && i < w->rows; i++) {
        double se = mtp_lint_value(w, MTP_ROLE_SEI, i);
        double v = mtp_lint_value(w, MTP_ROLE_VI, i);

        doubt(w, i, MTP_ROLE_SEI, se, expected(w, i), sqrt(se), "standard error",
              "about its square");
        doubt(w, i, MTP_ROLE_VI, v, expected(w, i), v, "variance",
              "about that standard error");
    }
}
