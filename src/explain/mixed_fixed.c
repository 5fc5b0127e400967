/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of two groups around a level that each study has for itself. */
#include "core/error.h"
#include "explain/mixed.h"
#include "models/glmm_pairs.h"

#include <math.h>

#define LINES                                                                          \
    {                                                                                  \
        MTP_MIXED_FIRST_LINES, {"L_aa", "sum(f_i * (s_i^2 - W_i)) / sum(f_i)"},        \
            {"L_am", "sum(f_i * c_i) / sum(f_i)"},                                     \
            {"L_at", "sum(f_i * c_i * z_i) / sum(f_i)"},                               \
            {"A", "sum(f_i * u_i) / sum(f_i) - g^2 - L_am^2 / L_aa"},                  \
            {"B", "sum(f_i * u_i * z_i) / sum(f_i) - g * h - L_am * L_at / L_aa"},     \
            {"C", "sum(f_i * u_i * z_i^2) / sum(f_i) - h^2 - L_at^2 / L_aa"},          \
    }

/* The linear predictors b1, b2 of the groups, what is expected of them, and the
 * residuals along mu (r) and along the level (s). */
#define LAW(constant, expected1, expected2, f, w1, w2, at1, at2, v1, v2)               \
    {                                                                                  \
        .over = "z_i", .before = {{"lc", constant}},                                   \
        .table = {{{.name = "z_i"},                                                    \
                   {.name = "b1_i", .formula = "alpha + (mu + tau * z_i) / 2"},        \
                   {.name = "b2_i", .formula = "alpha - (mu + tau * z_i) / 2"},        \
                   {.name = "E1_i", .formula = expected1},                             \
                   {.name = "E2_i", .formula = expected2},                             \
                   {.name = "f_i", .formula = f, .total = true},                       \
                   {.name = "s_i", .formula = "x1 - E1_i + x2 - E2_i"},                \
                   {.name = "r_i", .formula = "(x1 - E1_i - x2 + E2_i) / 2"},          \
                   {.formula = "f_i * s_i", .total = true},                            \
                   MTP_MIXED_FIRST_SUMS},                                              \
                  {{.name = "z_i"},                                                    \
                   {.name = "E1_i"},                                                   \
                   {.name = "E2_i"},                                                   \
                   {.name = "f_i"},                                                    \
                   {.name = "s_i"},                                                    \
                   {.name = "r_i"},                                                    \
                   {.name = "W_i", .formula = w1 " + " w2},                            \
                   {.name = "c_i", .formula = "s_i * r_i - (" w1 " - " w2 ") / 2"},    \
                   {.name = "u_i", .formula = "r_i^2 - W_i / 4"},                      \
                   {.formula = "f_i * (s_i^2 - W_i)", .total = true},                  \
                   {.formula = "f_i * c_i", .total = true},                            \
                   {.formula = "f_i * c_i * z_i", .total = true},                      \
                   MTP_MIXED_SECOND_SUMS}},                                            \
        .line = LINES, .mode = {                                                       \
            {"b1_0", "alpha + (mu + tau * z_0) / 2"},                                  \
            {"b2_0", "alpha - (mu + tau * z_0) / 2"},                                  \
            {"E1_0", at1},                                                             \
            {"E2_0", at2},                                                             \
            {"R_0", "tau * (x1 - E1_0 - x2 + E2_0) / 2"},                              \
            {"s_0", "1 / sqrt(1 + tau^2 * (" v1 " + " v2 ") / 4)"}                     \
        }                                                                              \
    }

static const mtp_law binomial =
    LAW("lnfact(n1) - lnfact(x1) - lnfact(n1 - x1) + lnfact(n2) - lnfact(x2) - "
        "lnfact(n2 - x2)",
        "n1 / (1 + exp(-b1_i))", "n2 / (1 + exp(-b2_i))",
        "exp(lc + x1 * b1_i - n1 * ln(1 + exp(b1_i)) + x2 * b2_i - "
        "n2 * ln(1 + exp(b2_i))) * phi(z_i)",
        "E1_i * (1 - E1_i / n1)", "E2_i * (1 - E2_i / n2)", "n1 / (1 + exp(-b1_0))",
        "n2 / (1 + exp(-b2_0))", "E1_0 * (1 - E1_0 / n1)", "E2_0 * (1 - E2_0 / n2)");

static const mtp_law poisson =
    LAW("x1 * ln(t1) - lnfact(x1) + x2 * ln(t2) - lnfact(x2)", "t1 * exp(b1_i)",
        "t2 * exp(b2_i)", "exp(lc + x1 * b1_i - E1_i + x2 * b2_i - E2_i) * phi(z_i)",
        "E1_i", "E2_i", "t1 * exp(b1_0)", "t2 * exp(b2_0)", "E1_0", "E2_0");

static double of_group(const mtp_mixed *m, double x, double n, double b)
{
    return m->rates ? x * b - n * exp(b)
                    : x * b - n * (b > 0.0 ? b + log1p(exp(-b)) : log1p(exp(b)));
}

static double log_density(const mtp_mixed *m, size_t i, double z)
{
    double half = 0.5 * (m->mu + m->tau * z), a = m->datum[4][i];

    return of_group(m, m->datum[0][i], m->datum[1][i], a + half) +
           of_group(m, m->datum[2][i], m->datum[3][i], a - half) - 0.5 * z * z;
}

static bool carries(const mtp_mixed *m, const double datum[])
{
    double events = datum[0] + datum[2];

    return events > 0.0 && (m->rates || events < datum[1] + datum[3]);
}

/* The levels of the studies at mu and tau: what the model finds by search. */
static bool find_levels(mtp_mixed *m)
{
    double *a = MTP_ARENA_ARRAY(m->s->arena, m->k, double);
    mtp_glmm_kind kind = m->rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL;

    m->s->failed = m->s->failed || !a;
    for (size_t i = 0; i < m->k && !m->s->failed; i++) {
        const mtp_two_groups one = {1, &m->datum[0][i], &m->datum[2][i],
                                    &m->datum[1][i], &m->datum[3][i]};
        double at[MTP_PAIR_PARTS] = {[MTP_PAIR_THETA] = m->set->pooled->random.estimate,
                                     [MTP_PAIR_TAU] =
                                         m->set->pooled->heterogeneity.tau};
        mtp_pair_value value;
        mtp_glmm_rule rule;
        mtp_pairs pairs;

        if (mtp_pairs_make(kind, &one, false, m->s->arena, &pairs, NULL) != MTP_OK) {
            m->s->failed = true;
            return false;
        }
        mtp_glmm_rule_init(&rule, m->fit->nodes);
        rule.step = 0.5;
        pairs.own = MTP_PAIR_A;
        mtp_pairs_reset(&pairs);
        mtp_pairs_find_own(&pairs, pairs.pair, &rule, at, &value);
        mtp_pairs_find_own(&pairs, pairs.pair, &rule, at, &value);
        a[i] = pairs.pair[0].own;
    }
    m->name[4] = "alpha";
    m->column[4] = "alpha_i";
    m->datum[4] = a;
    return !m->s->failed;
}

/* Events of group 1 that the margins of a table and the common ratio make. */
static void common_table(mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    size_t n = mtp_mixed_columns(m, column);

    (void)mtp_solution_line(m->s, "psi", "exp(mu_c)", (double)NAN);
    column[0].total = true;
    if (!m->rates) {
        column[n++] = (mtp_solution_column){
            .name = "q_i",
            .formula = "psi * (n1_i + x1_i + x2_i) + n2_i - x1_i - x2_i"};
    }
    column[n++] = (mtp_solution_column){
        .name = "E_i",
        .formula =
            m->rates ? "(x1_i + x2_i) * psi * t1_i / (psi * t1_i + t2_i)"
                     : "2 * psi * n1_i * (x1_i + x2_i) / (q_i + sqrt(q_i^2 - 4 * psi * "
                       "(psi - 1) * n1_i * (x1_i + x2_i)))",
        .total = true};
    column[n++] = (mtp_solution_column){
        .name = "V_i",
        .formula = m->rates ? "1 / (1 / E_i + 1 / (x1_i + x2_i - E_i))"
                            : "1 / (1 / E_i + 1 / (n1_i - E_i) + 1 / (x1_i + x2_i - "
                              "E_i) + 1 / (n2_i - x1_i - x2_i + E_i))",
        .total = true};
    mtp_solution_table(m->s, n, column);
    (void)mtp_solution_line(m->s, "se_c", "1 / sqrt(sum(V_i))",
                            m->set->pooled->common.ci.se);
}

static void common_effect(mtp_mixed *m)
{
    const mtp_estimate *common = &m->set->pooled->common;
    mtp_solution *s = m->s;

    mtp_solution_text(s,
                      "Every study has a level of its own, which is such that as many "
                      "events are expected as there are; of these `E_i` are then "
                      "expected in group 1. `mu_c` is found by search: with it the "
                      "events of group 1 are as many as expected.");
    if (isnan(common->estimate)) {
        mtp_solution_text(s, "All studies point to the same end: there is no finite "
                             "mean.");
        return;
    }
    mtp_solution_given(s, "mu_c", common->estimate);
    mtp_solution_know(s, "mu_c", common->estimate);
    common_table(m);
    mtp_mixed_common(
        m, m->rates
               ? "x1_i * ln(E_i) - E_i - lnfact(x1_i) + x2_i * ln(x1_i + x2_i - E_i) - "
                 "(x1_i + x2_i - E_i) - lnfact(x2_i)"
               : "lnfact(n1_i) - lnfact(x1_i) - lnfact(n1_i - x1_i) + lnfact(n2_i) - "
                 "lnfact(x2_i) - lnfact(n2_i - x2_i) + x1_i * ln(E_i / n1_i) + (n1_i - "
                 "x1_i) * ln(1 - E_i / n1_i) + x2_i * ln((x1_i + x2_i - E_i) / n2_i) + "
                 "(n2_i - x2_i) * ln(1 - (x1_i + x2_i - E_i) / n2_i)");
}

static void set_tests(mtp_mixed *m)
{
    const char *const cell[] = {"x1_i", "x2_i", "n1_i - x1_i", "n2_i - x2_i"};
    const char *const expected[] = {"E_i", "x1_i + x2_i - E_i", "n1_i - E_i",
                                    "n2_i - x1_i - x2_i + E_i"};

    m->fitted = "E_i";
    m->squares = "(x1_i - E_i)^2";
    m->variances =
        m->rates
            ? "(x1_i + x2_i) / 4"
            : "(E_i * (1 - E_i / n1_i) + (x1_i + x2_i - E_i) * (1 - (x1_i + x2_i - "
              "E_i) / n2_i)) / 4";
    m->own = m->rates ? "ln(x1_i / t1_i) - ln(x2_i / t2_i)"
                      : "ln(x1_i / (n1_i - x1_i)) - ln(x2_i / (n2_i - x2_i))";
    m->weight = m->rates ? "1 / (1 / x1_i + 1 / x2_i)"
                         : "1 / (1 / x1_i + 1 / (n1_i - x1_i) + 1 / x2_i + 1 / (n2_i - "
                           "x2_i))";
    for (size_t c = 0; c < (m->rates ? 2 : 4); c++) {
        m->cell[c] = cell[c];
        m->expected[c] = expected[c];
    }
}

void mtp_explain_mixed_fixed(mtp_mixed *m)
{
    m->intro =
        "`mu`, `tau` and a level `alpha` for each study are found by search. A study's "
        "likelihood is the integral over its random effect z, here a sum over steps of "
        "`delta`, so small that the sum is the integral to rounding: `f_i` is the "
        "likelihood of both counts at z, which make the predictors `b1_i` and `b2_i` "
        "and so expect the events `E1_i` and `E2_i`, times the normal density. The sum "
        "of `f_i * s_i` is 0: no other level is more likely. g and h are the "
        "derivatives of the logarithm `ell` in `mu` and `tau`, `L_aa`, `L_am` and "
        "`L_at` those of its derivative in `alpha`; A, B and C those of g in `mu` and "
        "of h in `mu` and `tau` where `alpha` follows them: sums over the residuals "
        "`s_i` and `r_i`, and their products less their covariances, `c_i` and `u_i`.";
    m->parameters = "`mu` and `tau`, with the levels that follow them,";
    m->law = m->rates ? &poisson : &binomial;
    m->slopes = 2;
    m->se = MTP_MIXED_SE;
    m->log_density = log_density;
    set_tests(m);
    if (mtp_mixed_read_groups(m, carries)) {
        mtp_mixed_two_groups(m, common_effect, find_levels);
    }
}
