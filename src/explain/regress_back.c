/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means of a regression on the natural scale, where values outside the range of a
 * transform become its ends, and Freeman and Tukey's transforms take an n: Miller
 * (1978), doi:10.1080/00031305.1978.10479283. */
#include "explain/regress.h"
#include "report/view.h"

#include <math.h>

enum { PARTS = 5 };

static const double PI = 3.14159265358979323846;

#define FIGURE(member) offsetof(mtp_regress_prediction, member)

/* A column of values, and what it becomes. */
static const struct {
    const char *name, *of;
    size_t from, to;
} part[PARTS] = {
    {"theta_i", "m_i", FIGURE(estimate), FIGURE(back.estimate)},
    {"tl_i", "lower_i", FIGURE(ci_lower), FIGURE(back.ci_lower)},
    {"tu_i", "upper_i", FIGURE(ci_upper), FIGURE(back.ci_upper)},
    {"tlp_i", "lp_i", FIGURE(pi_lower), FIGURE(back.pi_lower)},
    {"tup_i", "up_i", FIGURE(pi_upper), FIGURE(back.pi_upper)},
};

static bool takes_n(const mtp_explain_regression *m)
{
    const mtp_measure measure = m->work->bundle->measure->measure;

    return measure == MTP_PFT || measure == MTP_IRFT;
}

/* Every mean has its own n, by its variance. */
static bool has_own_n(const mtp_explain_regression *m)
{
    return m->fit->options.ft_n == MTP_FT_INVERSE_VARIANCE;
}

/* The n of a mean; NaN where the transform takes none. */
static double size_of(const mtp_explain_regression *m, const mtp_regress_prediction *of)
{
    const mtp_bundle *b = m->work->bundle;
    const bool time = b->measure->measure == MTP_IRFT;
    double *sizes = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);

    if (!takes_n(m) || !sizes) {
        m->s->failed = m->s->failed || !sizes;
        return (double)NAN;
    }
    for (size_t i = 0; i < m->set.k; i++) {
        const mtp_study *study = &b->studies[m->set.index[i]];

        sizes[i] = time ? study->time : study->n;
    }
    return mtp_ft_pooled_n(m->fit->options.ft_n, m->set.k, sizes, of->se * of->se);
}

/* The ends of the range of the double arcsine and the double square root. */
static void put_ends(mtp_solution *s, bool arcsine)
{
    (void)mtp_solution_line(
        s, "y_l", arcsine ? "asin(sqrt(1 / (n_b + 1))) / 2" : "1 / (2 * sqrt(n_b))",
        (double)NAN);
    if (arcsine) {
        mtp_solution_given(s, "pi", PI);
        (void)mtp_solution_line(s, "y_h", "pi / 2 - y_l", (double)NAN);
    }
}

void mtp_regress_back_begin(mtp_explain_regression *m, const mtp_regress_prediction *of)
{
    const mtp_bundle *b = m->work->bundle;

    if (mtp_view_has_back(b->measure) && takes_n(m) && !has_own_n(m)) {
        mtp_solution_text(m->s,
                          "Back on the scale of the %s, `n_b` is the %s mean of "
                          "the studies' %s:",
                          b->measure->natural,
                          mtp_explain_option(b, "pft-n")
                              ? mtp_explain_option(b, "pft-n")
                              : "harmonic",
                          b->measure->measure == MTP_IRFT ? "times" : "n");
        mtp_explain_pooled_n(m->work, &m->set, m->fit->options.ft_n, NULL,
                             size_of(m, of));
        put_ends(m->s, b->measure->measure == MTP_PFT);
    }
}

static void put(mtp_regress_means_table *t, const char *name, const char *formula,
                const double values[])
{
    t->column[t->columns++] =
        (mtp_solution_column){.name = name, .formula = formula, .values = values};
}

/* Whether some value lies outside the range of the transform. */
static bool is_clipped(const mtp_explain_regression *m,
                       const mtp_regress_means_table *t, const double value[])
{
    bool clipped = false;

    for (size_t i = 0; value && i < t->n; i++) {
        (void)mtp_back_transform(m->work->bundle->measure->measure, value[i],
                                 size_of(m, t->of[i]), &clipped);
    }
    return clipped;
}

/* A value within the range; NULL where the measure has no such formula. */
static const char *within(mtp_explain_regression *m, const char *of)
{
    switch (m->work->bundle->measure->measure) {
    case MTP_PFT:
        return mtp_regress_format(
            m->s, has_own_n(m) ? "max(yl_i, min(%s, yh_i))" : "max(y_l, min(%s, y_h))",
            of);
    case MTP_IRFT:
        return mtp_regress_format(m->s, has_own_n(m) ? "max(yl_i, %s)" : "max(y_l, %s)",
                                  of);
    case MTP_PAS:
        return mtp_regress_format(m->s, "max(0, min(%s, asin(1)))", of);
    case MTP_PLN:
        return mtp_regress_format(m->s, "min(%s, 0)", of);
    case MTP_IRS:
    case MTP_ZR2:
        return mtp_regress_format(m->s, "max(0, %s)", of);
    case MTP_AHW:
        return mtp_regress_format(m->s, "min(%s, 1)", of);
    default:
        return NULL;
    }
}

/* Which of both roots a row takes: -1 below a quarter of pi, else 1; NULL where all
 * take the first. */
static const double *signs(mtp_explain_regression *m, const mtp_regress_means_table *t,
                           const double value[])
{
    double *sign = MTP_ARENA_ARRAY(m->s->arena, t->n, double);
    bool any = false;

    m->s->failed = m->s->failed || !sign;
    for (size_t i = 0; sign && i < t->n; i++) {
        sign[i] = value[i] < 0.25 * PI ? -1.0 : 1.0;
        any = any || sign[i] > 0.0;
    }
    return any ? sign : NULL;
}

/* Miller's inverse: b, then the share. */
static void put_arcsine(mtp_explain_regression *m, mtp_regress_means_table *t, size_t c,
                        const char *of, const double value[])
{
    const char *n = has_own_n(m) ? "nb_i" : "n_b";
    const double *sign = signs(m, t, value);
    const char *b = mtp_regress_format(m->s, "b_%s", part[c].of);
    const char *g = mtp_regress_format(m->s, "g_%s", part[c].of);

    put(t, b,
        mtp_regress_format(m->s, "sin(2 * %s) + (sin(2 * %s) - 1 / sin(2 * %s)) / %s",
                           of, of, of, n),
        NULL);
    if (sign) {
        put(t, g, NULL, sign);
    }
    put(t, part[c].name,
        sign ? mtp_regress_format(m->s, "(1 + %s * sqrt(1 - %s^2)) / 2", g, b)
             : mtp_regress_format(m->s, "(1 - sqrt(1 - %s^2)) / 2", b),
        mtp_regress_mean_figures(m, t, part[c].to));
}

/* The inverse of what is called `of`. */
static const char *inverse(mtp_explain_regression *m, const char *of)
{
    return m->work->bundle->measure->measure == MTP_IRFT
               ? mtp_regress_format(m->s, "(%s - 1 / (4 * %s * %s))^2", of,
                                    has_own_n(m) ? "nb_i" : "n_b", of)
               : mtp_explain_inverse(m->s, m->work->bundle->measure, of);
}

static void put_own_n(mtp_explain_regression *m, mtp_regress_means_table *t)
{
    double *n = MTP_ARENA_ARRAY(m->s->arena, t->n, double);
    const bool arcsine = m->work->bundle->measure->measure == MTP_PFT;

    m->s->failed = m->s->failed || !n;
    for (size_t i = 0; n && i < t->n; i++) {
        n[i] = size_of(m, t->of[i]);
    }
    put(t, "nb_i", "1 / (4 * se_i^2)", n);
    put(t, "yl_i", arcsine ? "asin(sqrt(1 / (nb_i + 1))) / 2" : "1 / (2 * sqrt(nb_i))",
        NULL);
    if (arcsine) {
        put(t, "yh_i", "asin(1) - yl_i", NULL);
    }
}

void mtp_regress_back(mtp_explain_regression *m, mtp_regress_means_table *t,
                      size_t parts)
{
    const mtp_measure_info *measure = m->work->bundle->measure;
    bool said = false;

    if (!mtp_view_has_back(measure)) {
        return;
    }
    if (measure->measure == MTP_PFT) {
        mtp_solution_text(m->s, "Shares are turned back by `b`; of two roots below a "
                                "quarter of pi it is the one with -, above it the one "
                                "with +, by `g` where both occur.");
    }
    if (takes_n(m) && has_own_n(m)) {
        put_own_n(m, t);
    }
    for (size_t c = 0; c < parts; c++) {
        const double *value = mtp_regress_mean_figures(m, t, part[c].from);
        bool clipped = is_clipped(m, t, value);
        const char *of = clipped ? within(m, part[c].of) : part[c].of;
        const char *formula;

        if (clipped && of && !said) {
            mtp_solution_text(m->s, "Limits outside the range of the transform become "
                                    "its ends before they are turned back.");
            said = true;
        }
        if (clipped && of) {
            const char *name = mtp_regress_format(m->s, "c_%s", part[c].of);

            put(t, name, of, NULL);
            of = name;
        }
        if (of && measure->measure == MTP_PFT) {
            put_arcsine(m, t, c, of, value);
            continue;
        }
        formula = of ? inverse(m, of) : NULL;
        put(t, part[c].name, formula, mtp_regress_mean_figures(m, t, part[c].to));
    }
}
