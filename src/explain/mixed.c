/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixed models of counts of one group; which model is worked. */
#include "explain/mixed.h"

#include <math.h>

static const mtp_law binomial = {
    .over = "z_i",
    .before = {{"lc", "lnfact(n) - lnfact(x) - lnfact(n - x)"}},
    .table = {{{.name = "z_i"},
               {.name = "e_i", .formula = "mu + tau * z_i"},
               {.name = "p_i", .formula = "1 / (1 + exp(-e_i))"},
               {.name = "f_i",
                .formula = "exp(lc + x * e_i - n * ln(1 + exp(e_i))) * phi(z_i)",
                .total = true},
               {.name = "r_i", .formula = "x - n * p_i"},
               MTP_MIXED_FIRST_SUMS},
              {{.name = "z_i"},
               {.name = "p_i"},
               {.name = "f_i"},
               {.name = "r_i"},
               {.name = "u_i", .formula = "r_i^2 - n * p_i * (1 - p_i)"},
               MTP_MIXED_SECOND_SUMS}},
    .line = {MTP_MIXED_FIRST_LINES, MTP_MIXED_SECOND_LINES},
    .mode = {{"e_0", "mu + tau * z_0"},
             {"p_0", "1 / (1 + exp(-e_0))"},
             {"R_0", "tau * (x - n * p_0)"},
             {"s_0", "1 / sqrt(1 + tau^2 * n * p_0 * (1 - p_0))"}}};

static const mtp_law poisson = {
    .over = "z_i",
    .before = {{"lc", "lnfact(x)"}},
    .table = {{{.name = "z_i"},
               {.name = "e_i", .formula = "mu + tau * z_i"},
               {.name = "p_i", .formula = "n * exp(e_i)"},
               {.name = "f_i",
                .formula = "exp(x * ln(p_i) - p_i - lc) * phi(z_i)",
                .total = true},
               {.name = "r_i", .formula = "x - p_i"},
               MTP_MIXED_FIRST_SUMS},
              {{.name = "z_i"},
               {.name = "p_i"},
               {.name = "f_i"},
               {.name = "r_i"},
               {.name = "u_i", .formula = "r_i^2 - p_i"},
               MTP_MIXED_SECOND_SUMS}},
    .line = {MTP_MIXED_FIRST_LINES, MTP_MIXED_SECOND_LINES},
    .mode = {{"e_0", "mu + tau * z_0"},
             {"p_0", "n * exp(e_0)"},
             {"R_0", "tau * (x - p_0)"},
             {"s_0", "1 / sqrt(1 + tau^2 * p_0)"}}};

static double log_density(const mtp_mixed *m, size_t i, double z)
{
    double x = m->datum[0][i], n = m->datum[1][i],
           e = (m->mean ? m->mean[i] : m->mu) + m->tau * z;
    double l = m->rates ? x * e - n * exp(e)
                        : x * e - n * (e > 0.0 ? e + log1p(exp(-e)) : log1p(exp(e)));

    return l - 0.5 * z * z;
}

#define INTRO(found, expected)                                                         \
    found " and `tau` are found by search. A study's likelihood is the integral over " \
          "its random effect z, here a sum over steps of `delta`, so small that the "  \
          "sum is the integral to rounding: `f_i` is the likelihood at z (" expected   \
          ") times the normal density. g and h are the derivatives of its logarithm "  \
          "`ell` in `mu` and `tau`, A, B and C those of g in `mu` and of h in `mu` "   \
          "and `tau`: sums over the residuals `r_i` and `u_i`, their squares less "    \
          "their variances."
#define BINOMIAL "binomial, at the probability `p_i`"
#define POISSON  "Poisson, `p_i` events expected in the time `n`"

static const char *introduction(const mtp_mixed *m)
{
    if (m->p > 0) {
        return m->rates ? INTRO("The coefficients", POISSON)
                        : INTRO("The coefficients", BINOMIAL);
    }
    return m->rates ? INTRO("`mu`", POISSON) : INTRO("`mu`", BINOMIAL);
}

/* All studies together, as if they were one. */
static void common_effect(mtp_mixed *m)
{
    const mtp_estimate *common = &m->set->pooled->common;
    mtp_solution_column column[MTP_MIXED_DATA];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    mtp_explain_section(m->work, "Common effect");
    column[0].total = column[1].total = true;
    mtp_solution_table(s, n, column);
    mtp_solution_given(s, "k", (double)m->k);
    if (isnan(common->estimate)) {
        return;
    }
    (void)mtp_solution_line(s, "mu_c",
                            m->rates ? "ln(sum(x_i) / sum(n_i))"
                                     : "ln(sum(x_i) / (sum(n_i) - sum(x_i)))",
                            common->estimate);
    (void)mtp_solution_line(s, "se_c",
                            m->rates
                                ? "1 / sqrt(sum(x_i))"
                                : "sqrt(sum(n_i) / (sum(x_i) * (sum(n_i) - sum(x_i))))",
                            common->ci.se);
    (void)mtp_solution_line(s, "pi_c", m->rates ? "exp(mu_c)" : "1 / (1 + exp(-mu_c))",
                            (double)NAN);
    mtp_mixed_common(m, m->rates ? "x_i * ln(n_i * pi_c) - n_i * pi_c - lnfact(x_i)"
                                 : "lnfact(n_i) - lnfact(x_i) - lnfact(n_i - x_i) + "
                                   "x_i * ln(pi_c) + (n_i - x_i) * ln(1 - pi_c)");
}

void mtp_mixed_one_group(mtp_mixed *m)
{
    m->counts = 2;
    m->name[0] = "x";
    m->name[1] = "n";
    m->intro = introduction(m);
    m->parameters = m->p > 0 ? "coefficients and `tau`" : "`mu` and `tau`";
    m->law = m->rates ? &poisson : &binomial;
    m->slopes = 2;
    m->se = MTP_MIXED_SE;
    m->log_density = log_density;
    m->squares = "(x_i - n_i * pi_c)^2";
    m->variances = m->rates ? "n_i * pi_c" : "n_i * pi_c * (1 - pi_c)";
    m->own = m->rates ? "ln(x_i / n_i)" : "ln(x_i / (n_i - x_i))";
    m->weight = m->rates ? "x_i" : "x_i * (n_i - x_i) / n_i";
    m->cell[0] = "x_i";
    m->expected[0] = "n_i * pi_c";
    if (!m->rates) {
        m->cell[1] = "n_i - x_i";
        m->expected[1] = "n_i * (1 - pi_c)";
    }
}

static void one_group(mtp_mixed *m)
{
    const mtp_role role[] = {MTP_ROLE_EVENTS, m->rates ? MTP_ROLE_TIME : MTP_ROLE_N};

    mtp_mixed_one_group(m);
    if (!mtp_mixed_read(m, role, NULL)) {
        return;
    }
    common_effect(m);
    if (!m->set->pooled->exists) {
        mtp_solution_text(m->s, "The model has no finite estimate.");
    } else if (m->work->bundle->pool->options.method == MTP_METHOD_BETABINOMIAL) {
        mtp_explain_beta_binomial(m);
    } else if (m->set->k > 1) {
        mtp_mixed_fit(m);
    }
}

static void two_groups(mtp_mixed *m)
{
    switch (m->work->bundle->pool->options.model) {
    case MTP_MODEL_UM_FS:
        mtp_explain_mixed_fixed(m);
        break;
    case MTP_MODEL_UM_RS:
        mtp_explain_mixed_random(m);
        break;
    case MTP_MODEL_CM_EL:
        if (m->rates) { /* two Poisson counts given their sum are binomial */
            mtp_explain_mixed_conditional(m);
        } else {
            mtp_explain_mixed_exact(m);
        }
        break;
    default:
        mtp_explain_mixed_conditional(m);
        break;
    }
}

void mtp_explain_mixed(mtp_explain_work *work, const char *group,
                       const mtp_pooled *pooled)
{
    const mtp_measure_info *measure = work->bundle->measure;
    mtp_explain_set set;
    mtp_mixed m = {.work = work,
                   .s = work->s,
                   .set = &set,
                   .h = &pooled->heterogeneity,
                   .fit = &pooled->fit,
                   .rates = measure->input == MTP_INPUT_EVENTS_TIME ||
                            measure->input == MTP_INPUT_TWO_EVENTS_TIME};
    size_t mark = work->s->scope.n;

    if (mtp_explain_set_of(work, group, pooled, &set)) {
        if (measure->groups == 2) {
            two_groups(&m);
        } else {
            one_group(&m);
        }
    }
    work->s->scope.n = mark;
}
