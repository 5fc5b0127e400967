/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of group 1 among those of both groups: binomial, with the ratio of sizes
 * as offset. */
#include "explain/mixed.h"

#include <math.h>

#define LAW(offset)                                                                    \
    {                                                                                  \
        .over = "z_i",                                                                 \
        .before = {{"s", "x1 + x2"},                                                   \
                   {"o", offset},                                                      \
                   {"lc", "lnfact(s) - lnfact(x1) - lnfact(x2)"}},                     \
        .table = {{{.name = "z_i"},                                                    \
                   {.name = "e_i", .formula = "mu + tau * z_i + o"},                   \
                   {.name = "p_i", .formula = "1 / (1 + exp(-e_i))"},                  \
                   {.name = "f_i",                                                     \
                    .formula = "exp(lc + x1 * e_i - s * ln(1 + exp(e_i))) * phi(z_i)", \
                    .total = true},                                                    \
                   {.name = "r_i", .formula = "x1 - s * p_i"},                         \
                   MTP_MIXED_FIRST_SUMS},                                              \
                  {{.name = "z_i"},                                                    \
                   {.name = "p_i"},                                                    \
                   {.name = "f_i"},                                                    \
                   {.name = "r_i"},                                                    \
                   {.name = "u_i", .formula = "r_i^2 - s * p_i * (1 - p_i)"},          \
                   MTP_MIXED_SECOND_SUMS}},                                            \
        .line = {MTP_MIXED_FIRST_LINES, MTP_MIXED_SECOND_LINES}, .mode = {             \
            {"e_0", "mu + tau * z_0 + o"},                                             \
            {"p_0", "1 / (1 + exp(-e_0))"},                                            \
            {"R_0", "tau * (x1 - s * p_0)"},                                           \
            {"s_0", "1 / sqrt(1 + tau^2 * s * p_0 * (1 - p_0))"}                       \
        }                                                                              \
    }

static const mtp_law of_patients = LAW("ln(n1 / n2)"), of_times = LAW("ln(t1 / t2)");

static double log_density(const mtp_mixed *m, size_t i, double z)
{
    double x1 = m->datum[0][i], s = x1 + m->datum[2][i];
    double e = m->mu + m->tau * z + log(m->datum[1][i] / m->datum[3][i]);

    return x1 * e - s * (e > 0.0 ? e + log1p(exp(-e)) : log1p(exp(e))) - 0.5 * z * z;
}

static bool has_events(const mtp_mixed *m, const double datum[])
{
    (void)m;
    return datum[0] + datum[2] > 0.0;
}

static void common_effect(mtp_mixed *m)
{
    const mtp_estimate *common = &m->set->pooled->common;
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    mtp_solution_text(s,
                      "Of the events of both groups, `x1 + x2`, those of group 1 are "
                      "a binomial count at the probability `p_i`: its logit is the "
                      "mean and the logarithm of the ratio of the groups' %s. "
                      "`mu_c` is found by search: with it the events of group 1 are "
                      "as many as expected.",
                      m->rates ? "times" : "patients");
    if (isnan(common->estimate)) {
        mtp_solution_text(s, "All events are in one group: there is no finite mean.");
        return;
    }
    mtp_solution_given(s, "mu_c", common->estimate);
    mtp_solution_know(s, "mu_c", common->estimate);
    column[0].total = true;
    column[n++] = (mtp_solution_column){
        .name = "p_i",
        .formula = m->rates ? "1 / (1 + exp(-mu_c - ln(t1_i / t2_i)))"
                            : "1 / (1 + exp(-mu_c - ln(n1_i / n2_i)))"};
    column[n++] =
        (mtp_solution_column){.formula = "(x1_i + x2_i) * p_i", .total = true};
    column[n++] = (mtp_solution_column){.formula = "(x1_i + x2_i) * p_i * (1 - p_i)",
                                        .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "se_c", "1 / sqrt(sum((x1_i + x2_i) * p_i * (1 - p_i)))",
                            common->ci.se);
    mtp_mixed_common(m, "lnfact(x1_i + x2_i) - lnfact(x1_i) - lnfact(x2_i) + "
                        "x1_i * ln(p_i) + x2_i * ln(1 - p_i)");
}

void mtp_explain_mixed_conditional(mtp_mixed *m)
{
    m->intro = "`mu` and `tau` are found by search. A study's likelihood is the "
               "integral over its random effect z, here a sum over steps of `delta`, "
               "so small that the sum is the integral to rounding: `f_i` is the "
               "binomial likelihood of `x1` of the s events, at the probability `p_i`, "
               "times the normal density. g and h are the derivatives of its logarithm "
               "`ell` in `mu` and `tau`, A, B and C those of g in `mu` and of h in "
               "`mu` and `tau`: sums over the residuals `r_i` and `u_i`, their squares "
               "less their variances.";
    m->parameters = "`mu` and `tau`";
    m->law = m->rates ? &of_times : &of_patients;
    m->slopes = 2;
    m->se = MTP_MIXED_SE;
    m->log_density = log_density;
    m->squares = "(x1_i - (x1_i + x2_i) * p_i)^2";
    m->variances = "(x1_i + x2_i) * p_i * (1 - p_i)";
    m->fitted = "p_i";
    m->own = m->rates ? "ln(x1_i / x2_i) - ln(t1_i / t2_i)"
                      : "ln(x1_i / x2_i) - ln(n1_i / n2_i)";
    m->weight = "x1_i * x2_i / (x1_i + x2_i)";
    m->cell[0] = "x1_i";
    m->cell[1] = "x2_i";
    m->expected[0] = "(x1_i + x2_i) * p_i";
    m->expected[1] = "(x1_i + x2_i) * (1 - p_i)";
    if (mtp_mixed_read_groups(m, has_events)) {
        mtp_mixed_two_groups(m, common_effect, NULL);
    }
}
