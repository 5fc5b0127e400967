/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/rounding_view.h"

#include <math.h>
#include <stddef.h>

#define PART_ID(name, id, label)    [name] = id,
#define PART_LABEL(name, id, label) [name] = label,
static const char *const part_ids[] = {MTP_ROUNDED_PART_LIST(PART_ID)};
static const char *const part_labels[] = {MTP_ROUNDED_PART_LIST(PART_LABEL)};

const char *mtp_rounded_part_id(mtp_rounded_part part)
{
    return part_ids[part];
}

const char *mtp_rounded_part_label(mtp_rounded_part part)
{
    return part_labels[part];
}

/* Where rows go. */
typedef struct walk {
    mtp_rounded_visit visit;
    void *context;
} walk;

static const mtp_rounding_range none = {(double)NAN, (double)NAN, (double)NAN,
                                        (double)NAN};

static void visit(const walk *w, mtp_rounded_part part, const char *name,
                  const char *figure, const char *label, mtp_doc_kind kind,
                  const mtp_rounding_range *range)
{
    const mtp_rounded_row row = {part, name, figure, label, kind, *range, none};

    w->visit(w->context, &row);
}

static mtp_doc_kind kind_of(mtp_rounded f)
{
    switch (f) {
    case MTP_ROUNDED_COMMON_P:
    case MTP_ROUNDED_RANDOM_P:
    case MTP_ROUNDED_Q_P:
        return MTP_DOC_P;
    case MTP_ROUNDED_I2:
        return MTP_DOC_PERCENT;
    case MTP_ROUNDED_Q:
        return MTP_DOC_STATISTIC;
    default:
        return MTP_DOC_ESTIMATE;
    }
}

static void visit_set(const walk *w, mtp_rounded_part part, const mtp_rounding_set *set)
{
    for (int f = 0; f < MTP_ROUNDED_COUNT; f++) {
        const mtp_rounded_row row = {part,
                                     set->name,
                                     mtp_rounded_id((mtp_rounded)f),
                                     mtp_rounded_label((mtp_rounded)f),
                                     kind_of((mtp_rounded)f),
                                     set->figure[f],
                                     set->back[f]};

        w->visit(w->context, &row);
    }
}

static void visit_coefficients(const walk *w, mtp_rounded_part part, size_t n,
                               const mtp_rounding_coefficient c[])
{
    for (size_t i = 0; i < n; i++) {
        const char *name = c[i].name;

        visit(w, part, name, "estimate", "Estimate", MTP_DOC_ESTIMATE, &c[i].estimate);
        visit(w, part, name, "se", "Standard error", MTP_DOC_ESTIMATE, &c[i].se);
        visit(w, part, name, "ci_lower", "Lower limit", MTP_DOC_ESTIMATE, &c[i].lower);
        visit(w, part, name, "ci_upper", "Upper limit", MTP_DOC_ESTIMATE, &c[i].upper);
        visit(w, part, name, "statistic", "Statistic", MTP_DOC_STATISTIC,
              &c[i].statistic);
        visit(w, part, name, "p", "p", MTP_DOC_P, &c[i].p);
    }
}

static void visit_pair(const walk *w, mtp_rounded_part part, const char *name,
                       const char *figure, const char *label,
                       const mtp_rounding_range *range, const mtp_rounding_range *back)
{
    const mtp_rounded_row row = {part,   name, figure, label, MTP_DOC_ESTIMATE,
                                 *range, *back};

    w->visit(w->context, &row);
}

static void visit_predictions(const walk *w, mtp_rounded_part part, size_t n,
                              const mtp_rounding_prediction p[])
{
    for (size_t i = 0; i < n; i++) {
        const char *name = p[i].name;

        visit_pair(w, part, name, "estimate", "Mean", &p[i].estimate,
                   &p[i].back.estimate);
        visit(w, part, name, "se", "Standard error", MTP_DOC_ESTIMATE, &p[i].se);
        visit_pair(w, part, name, "ci_lower", "Lower limit", &p[i].lower,
                   &p[i].back.lower);
        visit_pair(w, part, name, "ci_upper", "Upper limit", &p[i].upper,
                   &p[i].back.upper);
        visit_pair(w, part, name, "pi_lower", "Prediction, lower", &p[i].pi_lower,
                   &p[i].back.pi_lower);
        visit_pair(w, part, name, "pi_upper", "Prediction, upper", &p[i].pi_upper,
                   &p[i].back.pi_upper);
    }
}

static void visit_test(const walk *w, mtp_rounded_part part, const char *name,
                       const mtp_rounding_test *test, const char *label)
{
    visit(w, part, name, "statistic", label, MTP_DOC_STATISTIC, &test->statistic);
    visit(w, part, name, "p", "  p", MTP_DOC_P, &test->p);
}

static void visit_regression(const walk *w, const mtp_rounding_regression *g)
{
    visit_coefficients(w, MTP_ROUNDED_COEFFICIENT, g->n_coefficients, g->coefficient);
    visit_coefficients(w, MTP_ROUNDED_CONTRAST, g->n_contrasts, g->contrasts);
    visit_coefficients(w, MTP_ROUNDED_SCALE, g->n_scale, g->scale);
    visit_test(w, MTP_ROUNDED_TEST, "omnibus", &g->omnibus, "All moderators");
    visit_test(w, MTP_ROUNDED_TEST, "scale_omnibus", &g->scale_omnibus,
               "All moderators of tau^2");
    for (size_t t = 0; t < g->n_terms; t++) {
        visit_test(w, MTP_ROUNDED_TERM, g->terms[t].name, &g->terms[t],
                   g->terms[t].name);
    }
    for (size_t t = 0; t < g->n_tests; t++) {
        visit_test(w, MTP_ROUNDED_ASKED, g->tests[t].name, &g->tests[t],
                   g->tests[t].name);
    }
    visit(w, MTP_ROUNDED_MODEL, NULL, "tau2", "tau^2", MTP_DOC_ESTIMATE, &g->tau2);
    visit(w, MTP_ROUNDED_MODEL, NULL, "I2", "I^2, %", MTP_DOC_PERCENT, &g->I2);
    visit(w, MTP_ROUNDED_MODEL, NULL, "R2", "R^2, %", MTP_DOC_PERCENT, &g->R2);
    visit(w, MTP_ROUNDED_MODEL, NULL, "Q", "Q, residual", MTP_DOC_STATISTIC, &g->Q);
    visit(w, MTP_ROUNDED_MODEL, NULL, "Q_p", "p of Q", MTP_DOC_P, &g->Q_p);
    visit_predictions(w, MTP_ROUNDED_MARGIN, g->n_margins, g->margins);
    visit_predictions(w, MTP_ROUNDED_PREDICTION, g->n_predictions, g->predictions);
}

void mtp_view_rounded(const mtp_rounding_result *r, mtp_rounded_visit to, void *context)
{
    const walk w = {to, context};

    if (r->regression) {
        visit_regression(&w, r->regression);
        return;
    }
    for (size_t s = 0; s < r->n_sets; s++) {
        visit_set(&w, s == 0 ? MTP_ROUNDED_OVERALL : MTP_ROUNDED_GROUP, &r->set[s]);
    }
    if (r->n_sets > 1) {
        visit_test(&w, MTP_ROUNDED_BETWEEN, "common", &r->between.common,
                   "Between, common effect");
        visit_test(&w, MTP_ROUNDED_BETWEEN, "random", &r->between.random,
                   "Between, random effects");
        visit_test(&w, MTP_ROUNDED_BETWEEN, "within", &r->between.within,
                   "Q within, common effect");
    }
}
