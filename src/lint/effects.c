/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L8: effects and their weights. */
#include "core/number.h"
#include "lint/work.h"

#include <math.h>
#include <string.h>

/* In units of a standard deviation between patients: beyond, it is hardly believed. */
static const double belief = 3.0;

static bool is_standardized(const mtp_measure_info *measure)
{
    switch (measure->measure) {
    case MTP_SMD:
    case MTP_SMDH:
    case MTP_SMD1:
    case MTP_SMD1H:
    case MTP_SMCC:
    case MTP_SMCR:
    case MTP_SMCRH:
    case MTP_SMCRP:
    case MTP_SMCRPH:
    case MTP_OR2D:
    case MTP_OR2DN:
    case MTP_OR2DL:
    case MTP_PBIT:
        return true;
    default:
        return false;
    }
}

static void implausible(mtp_lint_work *w)
{
    if (!is_standardized(w->measure) || !mtp_lint_look(w, MTP_LINT_IMPLAUSIBLE)) {
        return;
    }
    for (size_t i = 0; i < w->rows; i++) {
        if (fabs(w->yi[i]) > belief && !w->corrected[i]) {
            mtp_lint_add(
                w, MTP_LINT_IMPLAUSIBLE, (mtp_lint_place){i, MTP_LINT_NOWHERE, NULL, 1},
                "%s is %s standard deviations, standard error %s", w->measure->code,
                MTP_LINT_BRIEF(w->yi[i]), MTP_LINT_BRIEF(sqrt(w->vi[i])));
        }
    }
}

static void correlations(mtp_lint_work *w)
{
    static const struct {
        mtp_role role;
        double least;
    } bounded[] = {{MTP_ROLE_R, -1.0},
                   {MTP_ROLE_R2, 0.0},
                   {MTP_ROLE_ALPHA, -(double)INFINITY},
                   {MTP_ROLE_AUC, 0.0}};

    for (size_t r = 0; r < sizeof bounded / sizeof *bounded; r++) {
        mtp_role role = bounded[r].role;

        for (size_t i = 0; mtp_lint_has(w, role) && i < w->rows; i++) {
            double x = mtp_lint_value(w, role, i);

            (void)mtp_lint_look(w, MTP_LINT_CORRELATION_RANGE);
            if (x > 1.0 || x < bounded[r].least) {
                mtp_lint_add(w, MTP_LINT_CORRELATION_RANGE, mtp_lint_at(w, i, role),
                             "it is %s", MTP_LINT_BRIEF(x));
            }
        }
    }
}

/* The one study whose sign no other has; MTP_LINT_NOWHERE: none. */
static size_t lone_sign(const mtp_lint_work *w, double null_effect)
{
    size_t count[2] = {0, 0}, row[2] = {0, 0};

    for (size_t i = 0; i < w->rows; i++) {
        double off = w->yi[i] - null_effect;

        if (off != 0.0 && !isnan(off)) {
            count[off > 0.0]++;
            row[off > 0.0] = i;
        }
    }
    for (int s = 0; s < 2; s++) {
        enum { OTHERS = 4 };

        if (count[s] == 1 && count[!s] >= OTHERS) {
            return row[s];
        }
    }
    return MTP_LINT_NOWHERE;
}

/*
 * Mirrored it lies among the others, and as it is far from them: within 1.5, and beyond
 * 4, of the root of their variance and its own. Its own sign is no chance, either.
 */
static void reversed(mtp_lint_work *w)
{
    double null_effect = w->measure->groups == 2 ? w->measure->no_difference : 0.0;
    double sum = 0.0, squares = 0.0, mean, spread, off;
    size_t n = 0, row;

    if ((w->measure->groups == 1 && w->measure->input != MTP_INPUT_CORRELATION) ||
        !mtp_lint_look(w, MTP_LINT_REVERSED_GROUPS)) {
        return;
    }
    row = lone_sign(w, null_effect);
    if (row == MTP_LINT_NOWHERE) {
        return;
    }
    for (size_t i = 0; i < w->rows; i++) {
        if (i != row && !isnan(w->yi[i])) {
            sum += w->yi[i] - null_effect;
            n++;
        }
    }
    mean = sum / (double)n;
    for (size_t i = 0; i < w->rows; i++) {
        if (i != row && !isnan(w->yi[i])) {
            double d = w->yi[i] - null_effect - mean;

            squares += d * d;
        }
    }
    spread = sqrt(squares / (double)(n - 1) + w->vi[row]);
    off = w->yi[row] - null_effect;
    if (fabs(-off - mean) < 1.5 * spread && fabs(off - mean) > 4.0 * spread &&
        fabs(off) > 2.0 * sqrt(w->vi[row])) {
        mtp_lint_add(w, MTP_LINT_REVERSED_GROUPS,
                     (mtp_lint_place){row, MTP_LINT_NOWHERE, NULL, 1},
                     "the effect is %s, of the %zu others %s on average, all with the "
                     "other sign",
                     MTP_LINT_BRIEF(w->yi[row]), n, MTP_LINT_BRIEF(mean + null_effect));
    }
}

static void dominant(mtp_lint_work *w)
{
    enum { LEAST = 3 };
    const mtp_bundle *pool = w->pool;

    if (!pool || pool->n_studies < LEAST || isnan(pool->studies[0].weight_random) ||
        !mtp_lint_look(w, MTP_LINT_DOMINANT_STUDY)) {
        return;
    }
    for (size_t i = 0; i < pool->n_studies; i++) {
        const mtp_study *s = &pool->studies[i];

        if (s->weight_random > 50.0 && pool->pool->n_groups == 0) {
            mtp_lint_add(w, MTP_LINT_DOMINANT_STUDY,
                         (mtp_lint_place){s->row - 1, MTP_LINT_NOWHERE, NULL, 1},
                         "%s%% of the weight of %zu studies (random effects; common: "
                         "%s%%)",
                         mtp_number_brief(s->weight_random, 3).text, pool->n_studies,
                         mtp_number_brief(s->weight_common, 3).text);
        }
    }
}

void mtp_lint_effects(mtp_lint_work *work)
{
    if (!work->measure) {
        return;
    }
    implausible(work);
    correlations(work);
    reversed(work);
    dominant(work);
}
