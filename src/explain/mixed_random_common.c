/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The common effect around random levels: a sum over the level, or, where the levels do
 * not vary, the groups' sums. */
#include "explain/mixed_random.h"

#include <math.h>

/* clang-format off */
#define MEAN(of) "sum(f_i * " of ") / sum(f_i)"
#define OVER_V(KIND, constant)                                                         \
    {                                                                                  \
        .over = "v_i", .before = {{"lc", constant}},                                   \
        .table = {{MTP_PAIR_FIRST(KIND, "v_i", "alpha_c + sigma_c * v_i", "mu_c"),     \
                   MTP_PAIR_TOTAL("f_i * s_i"), MTP_PAIR_TOTAL("f_i * s_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * r_i")},                                       \
                  {MTP_PAIR_SECOND(KIND, "v_i"), MTP_PAIR_TOTAL("f_i * y_i"),          \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i"),                                  \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i^2"), MTP_PAIR_TOTAL("f_i * c_i"),   \
                   MTP_PAIR_TOTAL("f_i * c_i * v_i"), MTP_PAIR_TOTAL("f_i * u_i")}},   \
        .line = {{"ell", "ln(delta * sum(f_i))"},                                      \
                 {"g_a", MEAN("s_i")}, {"g_s", MEAN("s_i * v_i")},                     \
                 {"g_m", MEAN("r_i")},                                                 \
                 {"H_aa", MEAN("y_i") " - g_a^2"},                                     \
                 {"H_sa", MEAN("y_i * v_i") " - g_s * g_a"},                           \
                 {"H_ss", MEAN("y_i * v_i^2") " - g_s^2"},                             \
                 {"H_ma", MEAN("c_i") " - g_m * g_a"},                                 \
                 {"H_ms", MEAN("c_i * v_i") " - g_m * g_s"},                           \
                 {"H_mm", MEAN("u_i") " - g_m^2"}}, \
        .mode = {MTP_PAIR_MODE(KIND, "alpha_c + sigma_c * v_0", "mu_c"), \
                 {"R_0", "sigma_c * (x1 - E1_0 + x2 - E2_0)"}, \
                 {"s_0", "1 / sqrt(1 + sigma_c^2 * (" MTP_PAIR_W_##KIND("1", "_0") " + " MTP_PAIR_W_##KIND("2", "_0") "))"}} \
    }
/* clang-format on */

static const mtp_law over_v[] = {OVER_V(BINOMIAL, MTP_PAIR_CONSTANT_BINOMIAL),
                                 OVER_V(POISSON, MTP_PAIR_CONSTANT_POISSON)};

static void give(mtp_solution *s, const char *name, double value)
{
    mtp_solution_given(s, name, value);
    mtp_solution_know(s, name, value);
}

static void random_levels(mtp_mixed *m)
{
    const mtp_two_group_fit *fit = &m->random->fit;
    const mtp_estimate *common = &m->set->pooled->common;
    mtp_mixed c = *m;
    mtp_solution *s = m->s;

    mtp_solution_text(s, "The studies' levels are random, `alpha_c + sigma_c * v`; the "
                         "effect `mu_c`, `alpha_c` and `sigma_c` are found by search.");
    if (m->rule) {
        mtp_mixed_rule_show(m);
    } else {
        mtp_solution_text(s, "A study's likelihood is the "
                             "integral over v, here a sum over steps of `delta`, so "
                             "small that the sum is "
                             "the integral to rounding: `f_i` is the likelihood of "
                             "both counts, which make "
                             "the predictors `b1_i` and `b2_i` and so expect the "
                             "events `E1_i` and `E2_i`, "
                             "times the normal density `phi`. `g_a`, `g_s` and `g_m` "
                             "are the derivatives of "
                             "its logarithm `ell` in `alpha_c`, `sigma_c` and `mu_c`, "
                             "`H_aa`, `H_sa` and so "
                             "on the second ones: sums over the residuals `s_i` and "
                             "`r_i`, and over their "
                             "squares and product less variances and covariance, "
                             "`y_i`, `c_i` and `u_i`.");
    }
    give(s, "mu_c", fit->common);
    give(s, "alpha_c", fit->common_alpha);
    c.mu = fit->common;
    c.alpha = fit->common_alpha;
    c.sigma = c.tau = sqrt(fit->common_sigma2);
    give(s, "sigma_c", c.sigma);
    c.law = &over_v[m->rates ? 1 : 0];
    c.inner = NULL;
    c.rule_law = NULL;
    c.pair = false;
    c.slopes = m->rule ? 0 : 3;
    c.parameters = "`mu_c`, `alpha_c` and `sigma_c`";
    c.log_density = m->random->log_level;
    mtp_mixed_maximum(&c, "ll_c", fit->common_loglik);
    if (m->rule) {
        mtp_solution_given(s, "se_c", common->ci.se);
        mtp_mixed_common(m, NULL);
        return;
    }
    mtp_random_error(&c, "asm", "se_c", common->ci.se);
    mtp_mixed_common(m, NULL);
    /* for tau2 = 0: the score of the effect, and its second derivative */
    m->fitted = "g_m_i";
    m->spread = "H_mm_i";
    m->squares = "g_m_i^2";
    m->variances = "-H_mm_i";
}

/* Where twice the derivative in a variance of 0 is L - R. */
static void falls(mtp_mixed *m, const char *what, const char *squares,
                  const char *variances)
{
    mtp_mixed at = *m;

    at.squares = squares;
    at.variances = variances;
    mtp_mixed_boundary(&at, what);
}

static void pooled_table(mtp_mixed *m)
{
    const mtp_two_group_fit *fit = &m->random->fit;
    mtp_solution_column column[MTP_MIXED_DATA];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    for (size_t i = 0; i < n; i++) {
        column[i].total = true;
    }
    mtp_solution_table(s, n, column);
    for (int j = 1; j <= 2; j++) {
        const char *name = j == 1 ? "b_1" : "b_2";

        (void)mtp_solution_linef(s, name, (double)NAN,
                                 m->rates ? "ln(sum(x%d_i) / sum(t%d_i))"
                                          : "ln(sum(x%d_i) / (sum(n%d_i) - "
                                            "sum(x%d_i)))",
                                 j, j, j);
    }
    (void)mtp_solution_line(s, "mu_c", "b_1 - b_2", fit->common);
    (void)mtp_solution_line(s, "alpha_c", "(b_1 + b_2) / 2", fit->common_alpha);
    (void)mtp_solution_line(
        s, "se_c",
        m->rates ? "sqrt(1 / sum(x1_i) + 1 / sum(x2_i))"
                 : "sqrt(1 / sum(x1_i) + 1 / (sum(n1_i) - sum(x1_i)) + 1 / "
                   "sum(x2_i) + 1 / (sum(n2_i) - sum(x2_i)))",
        m->set->pooled->common.ci.se);
    (void)mtp_solution_line(s, "pi_1", m->rates ? "exp(b_1)" : "1 / (1 + exp(-b_1))",
                            (double)NAN);
    (void)mtp_solution_line(s, "pi_2", m->rates ? "exp(b_2)" : "1 / (1 + exp(-b_2))",
                            (double)NAN);
}

static void one_level(mtp_mixed *m)
{
    const char *variances = m->rates ? "t1_i * pi_1 + t2_i * pi_2"
                                     : "n1_i * pi_1 * (1 - pi_1) + n2_i * pi_2 * (1 - "
                                       "pi_2)";

    mtp_solution_text(
        m->s, "The variance `sigma2_c` of the studies' levels is 0: all studies "
              "together are one, with the levels `b_1` and `b_2` of the "
              "groups.");
    pooled_table(m);
    mtp_mixed_common(
        m, m->rates ? "x1_i * ln(t1_i * pi_1) - t1_i * pi_1 - lnfact(x1_i) + x2_i * "
                      "ln(t2_i * pi_2) - t2_i * pi_2 - lnfact(x2_i)"
                    : "lnfact(n1_i) - lnfact(x1_i) - lnfact(n1_i - x1_i) + "
                      "lnfact(n2_i) - lnfact(x2_i) - lnfact(n2_i - x2_i) + x1_i * "
                      "ln(pi_1) + (n1_i - x1_i) * ln(1 - pi_1) + x2_i * ln(pi_2) + "
                      "(n2_i - x2_i) * ln(1 - pi_2)");
    if (m->k > 1) {
        falls(m, "`sigma2_c`",
              m->rates ? "(x1_i - t1_i * pi_1 + x2_i - t2_i * pi_2)^2"
                       : "(x1_i - n1_i * pi_1 + x2_i - n2_i * pi_2)^2",
              variances);
    }
    m->squares = m->rates ? "(x1_i - t1_i * pi_1 - x2_i + t2_i * pi_2)^2 / 4"
                          : "(x1_i - n1_i * pi_1 - x2_i + n2_i * pi_2)^2 / 4";
    m->variances = m->rates ? "(t1_i * pi_1 + t2_i * pi_2) / 4"
                            : "(n1_i * pi_1 * (1 - pi_1) + n2_i * pi_2 * (1 - pi_2)) "
                              "/ 4";
}

void mtp_random_common(mtp_mixed *m)
{
    if (isnan(m->set->pooled->common.estimate)) {
        mtp_solution_text(m->s, "All events, or all else, are in one group: there is "
                                "no finite mean.");
    } else if (m->random->fit.common_sigma2 > 0.0) {
        random_levels(m);
    } else {
        one_level(m);
    }
}
