/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mixed model of two groups with random levels: a double sum. */
#include "explain/mixed_random.h"

#include "core/error.h"
#include "explain/equations.h"
#include "models/glmm_unconditional.h"

#include <math.h>
#include <string.h>

/* clang-format off */
#define MEAN(of) "sum(f_i * " of ") / sum(f_i)"

/* Over the level at one z. */
#define AT_Z(KIND)                                                                     \
    {                                                                                  \
        .over = "v_i", .before = {{"e", "mu + tau * z"}},                              \
        .table = {{MTP_PAIR_FIRST(KIND, "v_i", "alpha + sigma * v_i", "e"),            \
                   MTP_PAIR_TOTAL("f_i * s_i"), MTP_PAIR_TOTAL("f_i * s_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * r_i")},                                       \
                  {MTP_PAIR_SECOND(KIND, "v_i"), MTP_PAIR_TOTAL("f_i * y_i"),          \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i"),                                  \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i^2"), MTP_PAIR_TOTAL("f_i * c_i"),   \
                   MTP_PAIR_TOTAL("f_i * c_i * v_i"), MTP_PAIR_TOTAL("f_i * u_i")}},   \
        .line = {{"F", "epsilon * sum(f_i)"},                                          \
                 {"S", MEAN("s_i")}, {"S_v", MEAN("s_i * v_i")}, {"R", MEAN("r_i")},   \
                 {"Y", MEAN("y_i")}, {"Y_v", MEAN("y_i * v_i")},                       \
                 {"Y_vv", MEAN("y_i * v_i^2")},                                        \
                 {"C", MEAN("c_i")}, {"C_v", MEAN("c_i * v_i")}, {"U", MEAN("u_i")}}   \
    }

/* Then over the effect. */
#define OVER_Z(constant)                                                               \
    {                                                                                  \
        .over = "z_i", .before = {{"lc", constant}},                                   \
        .table = {{{.name = "z_i"}, {.name = "F_i"}, {.name = "S_i"},                  \
                   {.name = "S_v_i"}, {.name = "R_i"},                                 \
                   {.name = "f_i", .formula = "F_i * phi(z_i)", .total = true},        \
                   MTP_PAIR_TOTAL("f_i * S_i"), MTP_PAIR_TOTAL("f_i * S_v_i"),         \
                   MTP_PAIR_TOTAL("f_i * R_i * z_i"), MTP_PAIR_TOTAL("f_i * R_i")},    \
                  {{.name = "z_i"}, {.name = "f_i"}, {.name = "Y_i"},                  \
                   {.name = "Y_v_i"}, {.name = "Y_vv_i"}, {.name = "C_i"},             \
                   {.name = "C_v_i"}, {.name = "U_i"},                                 \
                   MTP_PAIR_TOTAL("f_i * Y_i"), MTP_PAIR_TOTAL("f_i * Y_v_i"),         \
                   MTP_PAIR_TOTAL("f_i * Y_vv_i"), MTP_PAIR_TOTAL("f_i * C_i * z_i"),  \
                   MTP_PAIR_TOTAL("f_i * C_v_i * z_i"),                                \
                   MTP_PAIR_TOTAL("f_i * U_i * z_i^2"), MTP_PAIR_TOTAL("f_i * C_i"),   \
                   MTP_PAIR_TOTAL("f_i * C_v_i"), MTP_PAIR_TOTAL("f_i * U_i * z_i"),   \
                   MTP_PAIR_TOTAL("f_i * U_i")}},                                      \
        .line = {{"ell", "ln(delta * sum(f_i))"},                                      \
                 {"g_a", MEAN("S_i")}, {"g_s", MEAN("S_v_i")},                         \
                 {"g_t", MEAN("R_i * z_i")}, {"g_m", MEAN("R_i")},                     \
                 {"H_aa", MEAN("Y_i") " - g_a^2"},                                     \
                 {"H_sa", MEAN("Y_v_i") " - g_s * g_a"},                               \
                 {"H_ss", MEAN("Y_vv_i") " - g_s^2"},                                  \
                 {"H_ta", MEAN("C_i * z_i") " - g_t * g_a"},                           \
                 {"H_ts", MEAN("C_v_i * z_i") " - g_t * g_s"},                         \
                 {"H_tt", MEAN("U_i * z_i^2") " - g_t^2"},                             \
                 {"H_ma", MEAN("C_i") " - g_m * g_a"},                                 \
                 {"H_ms", MEAN("C_v_i") " - g_m * g_s"},                               \
                 {"H_mt", MEAN("U_i * z_i") " - g_m * g_t"},                           \
                 {"H_mm", MEAN("U_i") " - g_m^2"}}                                     \
    }

/* sigma = 0: one level, over the effect alone. */
#define ONE_LEVEL(KIND, constant)                                                      \
    {                                                                                  \
        .over = "z_i", .before = {{"lc", constant}},                                   \
        .table = {{MTP_PAIR_FIRST(KIND, "z_i", "alpha", "(mu + tau * z_i)"),           \
                   MTP_PAIR_TOTAL("f_i * s_i"), MTP_PAIR_TOTAL("f_i * r_i * z_i"),     \
                   MTP_PAIR_TOTAL("f_i * r_i")},                                       \
                  {MTP_PAIR_SECOND(KIND, "z_i"), MTP_PAIR_TOTAL("f_i * y_i"),          \
                   MTP_PAIR_TOTAL("f_i * c_i * z_i"),                                  \
                   MTP_PAIR_TOTAL("f_i * u_i * z_i^2"), MTP_PAIR_TOTAL("f_i * c_i"),   \
                   MTP_PAIR_TOTAL("f_i * u_i * z_i"), MTP_PAIR_TOTAL("f_i * u_i")}},   \
        .line = {{"ell", "ln(delta * sum(f_i))"},                                      \
                 {"g_a", MEAN("s_i")}, {"g_t", MEAN("r_i * z_i")},                     \
                 {"g_m", MEAN("r_i")},                                                 \
                 {"H_aa", MEAN("y_i") " - g_a^2"},                                     \
                 {"H_ta", MEAN("c_i * z_i") " - g_t * g_a"},                           \
                 {"H_tt", MEAN("u_i * z_i^2") " - g_t^2"},                             \
                 {"H_ma", MEAN("c_i") " - g_m * g_a"},                                 \
                 {"H_mt", MEAN("u_i * z_i") " - g_m * g_t"},                           \
                 {"H_mm", MEAN("u_i") " - g_m^2"}}, \
        .mode = {MTP_PAIR_MODE(KIND, "alpha", "(mu + tau * z_0)"), \
                 {"R_0", "tau * (x1 - E1_0 - x2 + E2_0) / 2"}, \
                 {"s_0", "1 / sqrt(1 + tau^2 * (" MTP_PAIR_W_##KIND("1", "_0") " + " MTP_PAIR_W_##KIND("2", "_0") ") / 4)"}} \
    }
/* The same by nodes, about v_0 and z_0: the nodes of v about where it is most likely at
 * this z. */
#define NODES_AT_Z(KIND)                                                               \
    {                                                                                  \
        .over = "node_i",                                                              \
        .before = {{"e", "mu + tau * z"}, {"v_c", "v_0 - l_21 * (z - z_0) / l_11"}},   \
        .table = {{{.name = "node_i"}, {.name = "q_i"},                                \
                   {.name = "v_i", .formula = "v_c + sqrt(2) * node_i / l_11"},        \
                   {.name = "b1_i", .formula = "alpha + sigma * v_i + e / 2"},         \
                   {.name = "b2_i", .formula = "alpha + sigma * v_i - e / 2"},         \
                   {.name = "E1_i", .formula = MTP_PAIR_E_##KIND("1", "_i")},          \
                   {.name = "E2_i", .formula = MTP_PAIR_E_##KIND("2", "_i")},          \
                   {.name = "f_i",                                                     \
                    .formula = "exp(lc + " MTP_PAIR_LN_##KIND("1") " + "               \
                               MTP_PAIR_LN_##KIND("2") ") * phi(v_i)"},                \
                   MTP_PAIR_TOTAL("q_i * f_i")}},                                      \
        .line = {{"F", "sqrt(2) / l_11 * sum(q_i * f_i)"}}                             \
    }
#define NODES_OVER_Z(KIND, constant)                                                   \
    {                                                                                  \
        .over = "node_i", .before = {{"lc", constant}},                                \
        .mode = {MTP_PAIR_MODE(KIND, "alpha + sigma * v_0", "(mu + tau * z_0)"),       \
                 {"R_v", "sigma * (x1 - E1_0 + x2 - E2_0)"},                           \
                 {"R_z", "tau * (x1 - E1_0 - x2 + E2_0) / 2"},                         \
                 {"W_1", MTP_PAIR_W_##KIND("1", "_0")},                                \
                 {"W_2", MTP_PAIR_W_##KIND("2", "_0")},                                \
                 {"h_11", "1 + sigma^2 * (W_1 + W_2)"},                                \
                 {"h_21", "sigma * tau * (W_1 - W_2) / 2"},                            \
                 {"h_22", "1 + tau^2 * (W_1 + W_2) / 4"},                              \
                 {"l_11", "sqrt(h_11)"}, {"l_21", "h_21 / l_11"},                      \
                 {"l_22", "sqrt(h_22 - l_21^2)"}},                                     \
        .table = {{{.name = "node_i"}, {.name = "q_i"},                                \
                   {.name = "z_i", .formula = "z_0 + sqrt(2) * node_i / l_22"},        \
                   {.name = "F_i"},                                                    \
                   {.name = "f_i", .formula = "F_i * phi(z_i)"},                       \
                   MTP_PAIR_TOTAL("q_i * f_i")}},                                      \
        .line = {{"ell", "ln(sqrt(2) / l_22 * sum(q_i * f_i))"}}                       \
    }
/* clang-format on */

static const mtp_law nodes_at_z[] = {NODES_AT_Z(BINOMIAL), NODES_AT_Z(POISSON)};
static const mtp_law nodes_over_z[] = {
    NODES_OVER_Z(BINOMIAL, MTP_PAIR_CONSTANT_BINOMIAL),
    NODES_OVER_Z(POISSON, MTP_PAIR_CONSTANT_POISSON)};
static const mtp_law at_z[] = {AT_Z(BINOMIAL), AT_Z(POISSON)};
static const mtp_law over_z[] = {OVER_Z(MTP_PAIR_CONSTANT_BINOMIAL),
                                 OVER_Z(MTP_PAIR_CONSTANT_POISSON)};
static const mtp_law one_level[] = {ONE_LEVEL(BINOMIAL, MTP_PAIR_CONSTANT_BINOMIAL),
                                    ONE_LEVEL(POISSON, MTP_PAIR_CONSTANT_POISSON)};

double mtp_random_group(const mtp_mixed *m, double x, double n, double b)
{
    return m->rates ? x * b - n * exp(b)
                    : x * b - n * (b > 0.0 ? b + log1p(exp(-b)) : log1p(exp(b)));
}

static double log_at(const mtp_mixed *m, size_t i, double level, double effect)
{
    return mtp_random_group(m, m->datum[0][i], m->datum[1][i], level + 0.5 * effect) +
           mtp_random_group(m, m->datum[2][i], m->datum[3][i], level - 0.5 * effect);
}

/* Over v at the effect mu. */
static double log_level(const mtp_mixed *m, size_t i, double v)
{
    return log_at(m, i, m->alpha + m->sigma * v, m->mu) - 0.5 * v * v;
}

static mtp_mixed at_effect(const mtp_mixed *m, double z)
{
    mtp_mixed at = *m;

    at.mu = m->mu + m->tau * z;
    return at;
}

/* Over z, each with the v that counts most: the integral over v but for its width,
 * which changes little. */
static double log_both(const mtp_mixed *m, size_t i, double z)
{
    mtp_mixed at = at_effect(m, z);

    return log_level(&at, i, mtp_mixed_highest(log_level, &at, i)) - 0.5 * z * z;
}

static double log_effect(const mtp_mixed *m, size_t i, double z)
{
    return log_at(m, i, m->alpha, m->mu + m->tau * z) - 0.5 * z * z;
}

static double constant_of(const mtp_mixed *m, double x, double n)
{
    return m->rates ? x * log(n) - lgamma(x + 1.0)
                    : lgamma(n + 1.0) - lgamma(x + 1.0) - lgamma(n - x + 1.0);
}

/* Where the highest value is below e^-40: what brings it near 1. */
static double shift_of(const mtp_mixed *m, size_t i)
{
    static const double ROUND = 10.0, MOST = 40.0;
    double top = m->log_density(m, i, mtp_mixed_highest(m->log_density, m, i)) +
                 constant_of(m, m->datum[0][i], m->datum[1][i]) +
                 constant_of(m, m->datum[2][i], m->datum[3][i]);

    return top < -MOST ? ROUND * floor(-top / ROUND) : 0.0;
}

static size_t levels_at_z(const mtp_mixed *m, size_t i, double z, double *step,
                          double value[MTP_NODES_MAX])
{
    mtp_mixed at = at_effect(m, z);

    return mtp_mixed_grid(log_level, &at, i, acos(-1.0) / m->sigma, step, value);
}

static size_t nodes(const mtp_mixed *m, size_t i, double z, double *step,
                    double value[MTP_NODES_MAX])
{
    (void)i;
    (void)z;
    *step = 0.0;
    memcpy(value, m->rule->node, m->rule->n * sizeof *value);
    return m->rule->n;
}

void mtp_random_error(const mtp_mixed *m, const char *letters, const char *name,
                      double figure)
{
    mtp_solution *s = m->s;
    size_t n = strlen(letters);
    bool common = strcmp(name, "se_c") == 0;
    const char *parameters = common   ? "`alpha_c`, `sigma_c`"
                             : n == 4 ? "`alpha`, `sigma`, `tau`"
                                      : "`alpha`, `tau`";

    mtp_solution_text(s,
                      "H has the second derivatives of the log-likelihood in %s and, "
                      "last, `%s`: the inverse of -H has the variance of that as its "
                      "last element, -1 / `d_%zu` by H = L D L'.",
                      parameters, common ? "mu_c" : "mu", n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            const char *element = mtp_arena_printf(s->arena, "H_%zu_%zu", i + 1, j + 1);

            if (!element) {
                s->failed = true;
                return;
            }
            (void)mtp_solution_linef(s, element, (double)NAN, "sum(H_%c%c_i)",
                                     letters[i], letters[j]);
        }
    }
    mtp_equations_factor(s, "H", n);
    (void)mtp_solution_linef(s, name, figure, "sqrt(-1 / d_%zu)", n);
}

static void errors(const mtp_mixed *m)
{
    mtp_random_error(m, m->sigma > 0.0 ? "astm" : "atm", "se",
                     m->set->pooled->random.intervals[0].se);
}

static void give_level(const mtp_mixed *m)
{
    mtp_solution *s = m->s;

    mtp_solution_given(s, "alpha", m->alpha);
    mtp_solution_know(s, "alpha", m->alpha);
    mtp_solution_given(s, "sigma", m->sigma);
    mtp_solution_know(s, "sigma", m->sigma);
    (void)mtp_solution_line(s, "sigma2", "sigma^2", m->fit->sigma2);
}

/* sigma2 = 0, tau2 is not. */
static void say_zero(const mtp_mixed *m)
{
    mtp_mixed at = *m;

    at.fitted = "g_a_i";
    at.spread = "H_aa_i";
    at.squares = m->rule ? NULL : "g_a_i^2";
    at.variances = "-H_aa_i";
    mtp_mixed_boundary(&at, "`sigma2`");
}

#define COMMON_INTRO                                                                   \
    "the likelihood of both counts, which make the predictors `b1_i` and `b2_i` and "  \
    "so expect the events `E1_i` and `E2_i`, times the normal density. "

static const char double_sum[] =
    "`mu`, `tau` and the mean `alpha` and standard deviation `sigma` of the studies' "
    "levels are found by search. A study's likelihood is the integral over its effect "
    "`mu + tau * z` and its level `alpha + sigma * v`, here a sum over steps of "
    "`delta` in z and, within it, of `epsilon` in v, so small that the sums are the "
    "integral to rounding. F is the inner sum: its `f_i` is " COMMON_INTRO
    "The means of the residuals `s_i` (S) and `r_i` (R) with the weights `f_i`, and "
    "of their squares and product less variances and covariance `y_i`, `c_i` and "
    "`u_i` (Y, C, U), also times v and its square, enter the outer sum. "
    "`g_a`, `g_s`, `g_t` and `g_m` are the derivatives of its logarithm `ell` in "
    "`alpha`, `sigma`, `tau` and `mu`, `H_aa`, `H_sa` and so on the second ones.";

static const char single_sum[] =
    "`mu`, `tau` and the studies' level `alpha` are found by search. A study's "
    "likelihood is the integral over its random effect z, here a sum over steps of "
    "`delta`, so small that the sum is the integral to rounding: `f_i` is " COMMON_INTRO
    "`g_a`, `g_t` and `g_m` are the derivatives of its logarithm `ell` in `alpha`, "
    "`tau` and `mu`, `H_aa`, `H_ta` and so on the second ones: sums over the "
    "residuals `s_i` and `r_i`, and over their squares and product less variances "
    "and covariance, `y_i`, `c_i` and `u_i`.";

static void set_two_effects(mtp_mixed *m, size_t kind)
{
    m->intro = double_sum;
    m->parameters = "`mu`, `tau`, `alpha` and `sigma`";
    m->law = &over_z[kind];
    m->inner = m->rule ? &nodes_at_z[kind] : &at_z[kind];
    m->inner_values = m->rule ? nodes : levels_at_z;
    m->step = m->rule ? NULL : "epsilon";
    m->slopes = 4;
    m->log_density = log_both;
    m->rule_law = &nodes_over_z[kind];
    m->pair = true;
    m->log_inner = log_level;
}

static void set_laws(mtp_mixed *m)
{
    size_t kind = m->rates ? 1 : 0;

    if (m->sigma > 0.0) {
        set_two_effects(m, kind);
    } else {
        m->intro = single_sum;
        m->parameters = "`mu`, `tau` and `alpha`";
        m->law = &one_level[kind];
        m->slopes = 3;
        m->log_density = log_effect;
        m->also = say_zero;
    }
    if (m->rule) {
        m->slopes = 0;
    }
    m->shift = shift_of;
    m->errors = errors;
    m->level = give_level;
    m->tests = mtp_random_tests;
}

/* The fit again; it differs in nothing from that of the result. */
static bool fit_again(const mtp_mixed *m, mtp_two_group_fit *fit)
{
    const mtp_two_groups groups = {m->k, m->datum[0], m->datum[2], m->datum[1],
                                   m->datum[3]};

    m->s->failed =
        m->s->failed || mtp_glmm_fit_unconditional(
                            m->rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, &groups,
                            true, m->fit->nodes, m->s->arena, fit, NULL) != MTP_OK;
    return !m->s->failed;
}

void mtp_explain_mixed_random(mtp_mixed *m)
{
    mtp_mixed_random random = {.log_level = log_level};

    if (!mtp_mixed_read_groups(m, NULL) || !fit_again(m, &random.fit)) {
        return;
    }
    m->random = &random;
    m->alpha = m->fit->alpha;
    m->sigma = m->fit->sigma2 > 0.0 ? sqrt(m->fit->sigma2) : 0.0;
    set_laws(m);
    mtp_mixed_two_groups(m, mtp_random_common, NULL);
}
