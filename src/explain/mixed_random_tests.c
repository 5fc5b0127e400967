/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wald's Q and the likelihood ratio of a model of random levels: about the model in
 * which each study has an effect l of its own, and group 2 random levels. */
#include "core/error.h"
#include "explain/mixed_random.h"
#include "models/glmm_pairs.h"

#include <math.h>

/* clang-format off */
#define MEAN(of) "sum(f_i * " of ") / sum(f_i)"
#define LEVEL "alpha_s + sigma_s * v_i"

#define OWN(KIND, constant)                                                            \
    {                                                                                  \
        .over = "v_i", .before = {{"lc", constant}},                                   \
        .table = {{{.name = "v_i"},                                                    \
                   {.name = "b2_i", .formula = LEVEL},                                 \
                   {.name = "b1_i", .formula = "b2_i + l"},                            \
                   {.name = "E1_i", .formula = MTP_PAIR_E_##KIND("1", "_i")},                \
                   {.name = "E2_i", .formula = MTP_PAIR_E_##KIND("2", "_i")},                \
                   {.name = "f_i",                                                     \
                    .formula = "exp(lc + " MTP_PAIR_LN_##KIND("1") " + "               \
                               MTP_PAIR_LN_##KIND("2") ") * phi(v_i)",                 \
                    .total = true},                                                    \
                   {.name = "s_i", .formula = "x1 - E1_i + x2 - E2_i"},                \
                   {.name = "r_i", .formula = "x1 - E1_i"},                            \
                   MTP_PAIR_TOTAL("f_i * s_i"), MTP_PAIR_TOTAL("f_i * s_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * r_i")},                                       \
                  {{.name = "v_i"}, {.name = "E1_i"}, {.name = "E2_i"},                \
                   {.name = "f_i"}, {.name = "s_i"}, {.name = "r_i"},                  \
                   {.name = "W_i", .formula = MTP_PAIR_W_##KIND("1", "_i")},                 \
                   {.name = "y_i",                                                     \
                    .formula = "s_i^2 - W_i - " MTP_PAIR_W_##KIND("2", "_i")},               \
                   {.name = "c_i", .formula = "s_i * r_i - W_i"},                      \
                   {.name = "u_i", .formula = "r_i^2 - W_i"},                          \
                   MTP_PAIR_TOTAL("f_i * y_i"), MTP_PAIR_TOTAL("f_i * y_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i^2"), MTP_PAIR_TOTAL("f_i * c_i"),   \
                   MTP_PAIR_TOTAL("f_i * c_i * v_i"), MTP_PAIR_TOTAL("f_i * u_i")}},   \
        .line = {{"ell", "ln(delta * sum(f_i))"},                                      \
                 {"g_a", MEAN("s_i")}, {"g_s", MEAN("s_i * v_i")},                     \
                 {"A_aa", "g_a^2 - " MEAN("y_i")},                                     \
                 {"A_as", "g_a * g_s - " MEAN("y_i * v_i")},                           \
                 {"A_ss", "g_s^2 - " MEAN("y_i * v_i^2")},                             \
                 {"B_a", "-" MEAN("c_i")}, {"B_s", "-" MEAN("c_i * v_i")},             \
                 {"D", "-" MEAN("u_i")}}, \
        .mode = {{"b2_0", "alpha_s + sigma_s * v_0"}, {"b1_0", "b2_0 + l"}, \
                 {"E1_0", MTP_PAIR_E_##KIND("1", "_0")}, {"E2_0", MTP_PAIR_E_##KIND("2", "_0")}, \
                 {"R_0", "sigma_s * (x1 - E1_0 + x2 - E2_0)"}, \
                 {"s_0", "1 / sqrt(1 + sigma_s^2 * (" MTP_PAIR_W_##KIND("1", "_0") " + " MTP_PAIR_W_##KIND("2", "_0") "))"}} \
    }

/* Of group 2 alone. */
#define REST(KIND, constant)                                                           \
    {                                                                                  \
        .over = "v_i", .before = {{"lc", constant}},                                   \
        .table = {{{.name = "v_i"},                                                    \
                   {.name = "b2_i", .formula = LEVEL},                                 \
                   {.name = "E2_i", .formula = MTP_PAIR_E_##KIND("2", "_i")},                \
                   {.name = "f_i",                                                     \
                    .formula = "exp(lc + " MTP_PAIR_LN_##KIND("2") ") * phi(v_i)",     \
                    .total = true},                                                    \
                   {.name = "s_i", .formula = "x2 - E2_i"},                            \
                   {.name = "y_i", .formula = "s_i^2 - " MTP_PAIR_W_##KIND("2", "_i")},      \
                   MTP_PAIR_TOTAL("f_i * s_i"), MTP_PAIR_TOTAL("f_i * s_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * y_i"), MTP_PAIR_TOTAL("f_i * y_i * v_i"),     \
                   MTP_PAIR_TOTAL("f_i * y_i * v_i^2")}},                              \
        .line = {{"ell", "ln(delta * sum(f_i))"},                                      \
                 {"g_a", MEAN("s_i")}, {"g_s", MEAN("s_i * v_i")},                     \
                 {"A_aa", "g_a^2 - " MEAN("y_i")},                                     \
                 {"A_as", "g_a * g_s - " MEAN("y_i * v_i")},                           \
                 {"A_ss", "g_s^2 - " MEAN("y_i * v_i^2")}}, \
        .mode = {{"b2_0", "alpha_s + sigma_s * v_0"}, \
                 {"E2_0", MTP_PAIR_E_##KIND("2", "_0")}, \
                 {"R_0", "sigma_s * (x2 - E2_0)"}, \
                 {"s_0", "1 / sqrt(1 + sigma_s^2 * " MTP_PAIR_W_##KIND("2", "_0") ")"}} \
    }
/* clang-format on */

enum { ELL, G_A, G_S, A_AA, A_AS, A_SS, B_A, B_S, D, LINES };

static const mtp_law own_law[] = {OWN(BINOMIAL, MTP_PAIR_CONSTANT_BINOMIAL),
                                  OWN(POISSON, MTP_PAIR_CONSTANT_POISSON)};
static const mtp_law rest_law[] = {
    REST(BINOMIAL, "lnfact(n2) - lnfact(x2) - lnfact(n2 - x2)"),
    REST(POISSON, "x2 * ln(t2) - lnfact(x2)")};

/* The lines of all studies, [k] each, with what rounding has done to them. */
typedef struct sums {
    double *line[LINES], *error[LINES];
    mtp_random_own own;
} sums;

static bool has_own(const mtp_mixed *m, size_t i)
{
    return m->datum[0][i] > 0.0 && (m->rates || m->datum[0][i] < m->datum[1][i]);
}

static double log_own(const mtp_mixed *m, size_t i, double v)
{
    double level = m->alpha + m->sigma * v;

    return mtp_random_group(m, m->datum[2][i], m->datum[3][i], level) +
           (has_own(m, i) ? mtp_random_group(m, m->datum[0][i], m->datum[1][i],
                                             level + m->datum[4][i])
                          : 0.0) -
           0.5 * v * v;
}

/* The effects of the studies, found as the model finds them. */
static double *find_own(const mtp_mixed *m)
{
    const mtp_two_group_fit *fit = &m->random->fit;
    double *l = MTP_ARENA_ARRAY(m->s->arena, m->k, double);
    mtp_glmm_rule rule;

    mtp_glmm_rule_init(&rule, m->fit->nodes);
    rule.step = 0.5;
    m->s->failed = m->s->failed || !l;
    for (size_t i = 0; i < m->k && !m->s->failed; i++) {
        const mtp_two_groups one = {1, &m->datum[0][i], &m->datum[2][i],
                                    &m->datum[1][i], &m->datum[3][i]};
        double at[MTP_PAIR_PARTS] = {[MTP_PAIR_A] = fit->saturated_alpha,
                                     [MTP_PAIR_SIGMA] = sqrt(fit->saturated_sigma2)};
        mtp_pair_value value;
        mtp_pairs pairs;

        l[i] = (double)NAN;
        if (!has_own(m, i)) {
            continue;
        }
        if (mtp_pairs_make(m->rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, &one, false,
                           m->s->arena, &pairs, NULL) != MTP_OK) {
            m->s->failed = true;
            break;
        }
        pairs.own = MTP_PAIR_THETA;
        pairs.c[0] = 1.0;
        pairs.c[1] = 0.0;
        mtp_pairs_reset(&pairs);
        mtp_pairs_find_own(&pairs, pairs.pair, &rule, at, &value);
        mtp_pairs_find_own(&pairs, pairs.pair, &rule, at, &value);
        l[i] = pairs.pair[0].own;
    }
    return l;
}

static bool sums_make(const mtp_mixed *m, sums *to)
{
    mtp_arena *arena = m->s->arena;
    bool good;

    *to = (sums){.own = {.label = MTP_ARENA_ARRAY(arena, m->k, const char *),
                         .l = MTP_ARENA_ARRAY(arena, m->k, double),
                         .D = MTP_ARENA_ARRAY(arena, m->k, double),
                         .B = {MTP_ARENA_ARRAY(arena, m->k, double),
                               MTP_ARENA_ARRAY(arena, m->k, double)}}};
    good = to->own.label && to->own.l && to->own.D && to->own.B[0] && to->own.B[1];
    for (size_t l = 0; l < LINES; l++) {
        to->line[l] = MTP_ARENA_ARRAY(arena, m->k, double);
        to->error[l] = MTP_ARENA_ARRAY(arena, m->k, double);
        good = good && to->line[l] && to->error[l];
    }
    m->s->failed = m->s->failed || !good;
    return good;
}

/* Each study's sum, shown if it is to be, with its lines. */
static void sum_studies(mtp_mixed *m, sums *to)
{
    size_t kind = m->rates ? 1 : 0;
    mtp_figure line[MTP_LAW_LINES];

    for (size_t i = 0; i < m->k && !m->s->failed; i++) {
        bool own = has_own(m, i);

        m->law = own ? &own_law[kind] : &rest_law[kind];
        m->name[4] = own ? "l" : NULL;
        if (mtp_mixed_is_worked(m, i)) {
            (void)mtp_mixed_study(m, i, true, NULL);
        }
        (void)mtp_mixed_study(m, i, false, line);
        for (size_t l = 0; l < LINES; l++) {
            bool has = m->rule ? l == ELL : own || l < B_A;

            to->line[l][i] = has ? line[l].value : 0.0;
            to->error[l][i] = has ? line[l].error : 0.0;
        }
        if (own) {
            to->own.label[to->own.n] = m->label[i];
            to->own.l[to->own.n] = m->datum[4][i];
            to->own.D[to->own.n] = to->line[D][i];
            to->own.B[0][to->own.n] = to->line[B_A][i];
            to->own.B[1][to->own.n++] = to->line[B_S][i];
        }
    }
}

static bool is_flat(const mtp_mixed *m, const sums *of)
{
    bool flat = mtp_mixed_is_zero(m, "g_a", of->line[G_A], of->error[G_A]);

    return mtp_mixed_is_zero(m, "g_s", of->line[G_S], of->error[G_S]) && flat;
}

static void all_studies(const mtp_mixed *m, const sums *of)
{
    static const char *const name[] = {"ell_i",  "g_a_i",  "g_s_i",
                                       "A_aa_i", "A_as_i", "A_ss_i"};
    mtp_solution_column column[MTP_MIXED_DATA + LINES];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    for (size_t l = 0; l < (m->rule ? 1 : B_A); l++) {
        column[n++] = (mtp_solution_column){.name = name[l],
                                            .values = of->line[l],
                                            .error = of->error[l],
                                            .total = true};
    }
    mtp_solution_heading(s, 3, "All studies");
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "ll_s", "sum(ell_i)", m->random->fit.saturated_loglik);
    if (m->rule) {
        return;
    }
    if (is_flat(m, of)) {
        mtp_solution_text(s, "The derivatives of the log-likelihood are 0: no other "
                             "`alpha_s` and `sigma_s` nearby are more likely.");
    }
    (void)mtp_solution_line(s, "A_aa", "sum(A_aa_i)", (double)NAN);
    (void)mtp_solution_line(s, "A_as", "sum(A_as_i)", (double)NAN);
    (void)mtp_solution_line(s, "A_ss", "sum(A_ss_i)", (double)NAN);
    (void)mtp_solution_line(s, "det", "A_aa * A_ss - A_as^2", (double)NAN);
}

static void random_levels(const mtp_mixed *m, sums *to)
{
    const mtp_two_group_fit *fit = &m->random->fit;
    mtp_mixed at = *m;
    mtp_solution *s = m->s;

    mtp_solution_given(s, "alpha_s", fit->saturated_alpha);
    mtp_solution_know(s, "alpha_s", fit->saturated_alpha);
    at.sigma = at.tau = sqrt(fit->saturated_sigma2);
    mtp_solution_given(s, "sigma_s", at.sigma);
    mtp_solution_know(s, "sigma_s", at.sigma);
    at.alpha = fit->saturated_alpha;
    at.inner = NULL;
    at.shift = NULL;
    at.rule_law = NULL;
    at.pair = false;
    at.log_density = log_own;
    at.datum[4] = find_own(m);
    if (m->rule) {
        mtp_mixed_rule_show(m);
    }
    if (!s->failed) {
        sum_studies(&at, to);
    }
    if (!s->failed) {
        all_studies(m, to);
    }
}

/* Levels that do not vary: a study's effect fits its group 1 fully. */
static void one_level(const mtp_mixed *m, sums *to)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);
    double alpha = m->random->fit.saturated_alpha;

    mtp_solution_text(s, "The variance of the levels is 0 here: a study's effect fits "
                         "its group 1 fully. `A_aa_i`, its information about "
                         "`alpha_s`, is the sum of the variances of the counts, D and "
                         "B are that of group 1.");
    column[2].total = column[3].total = true;
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "alpha_s",
                            m->rates ? "ln(sum(x2_i) / sum(t2_i))"
                                     : "ln(sum(x2_i) / (sum(n2_i) - sum(x2_i)))",
                            alpha);
    (void)mtp_solution_line(
        s, "pi_2", m->rates ? "exp(alpha_s)" : "1 / (1 + exp(-alpha_s))", (double)NAN);
    column[2].total = column[3].total = false;
    column[n++] = (mtp_solution_column){
        .name = "ell_i",
        .formula =
            m->rates
                ? "x1_i * ln(max(x1_i, 1)) - x1_i - lnfact(x1_i) + x2_i * ln(t2_i * "
                  "pi_2) - t2_i * pi_2 - lnfact(x2_i)"
                : "lnfact(n1_i) - lnfact(x1_i) - lnfact(n1_i - x1_i) + x1_i * "
                  "ln(max(x1_i, 1) / n1_i) + (n1_i - x1_i) * ln(max(n1_i - x1_i, 1) / "
                  "n1_i) + lnfact(n2_i) - lnfact(x2_i) - lnfact(n2_i - x2_i) + x2_i * "
                  "ln(pi_2) + (n2_i - x2_i) * ln(1 - pi_2)",
        .total = true};
    column[n++] = (mtp_solution_column){
        .name = "A_aa_i",
        .formula = m->rates ? "x1_i + t2_i * pi_2"
                            : "x1_i * (n1_i - x1_i) / n1_i + n2_i * pi_2 * (1 - pi_2)",
        .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "ll_s", "sum(ell_i)", m->random->fit.saturated_loglik);
    (void)mtp_solution_line(s, "A_aa", "sum(A_aa_i)", (double)NAN);
    for (size_t i = 0; i < m->k; i++) {
        double x = m->datum[0][i], size = m->datum[1][i];

        if (has_own(m, i)) {
            to->own.label[to->own.n] = m->label[i];
            to->own.l[to->own.n] = log(x / (m->rates ? size : size - x)) - alpha;
            to->own.D[to->own.n] = to->own.B[0][to->own.n] =
                m->rates ? x : x * (size - x) / size;
            to->own.n++;
        }
    }
}

static void introduce(const mtp_mixed *m, bool levels)
{
    mtp_solution_text(
        m->s,
        "The tests are about a model in which each study has an effect l of its own "
        "and group 2 random levels, `alpha_s + sigma_s * v`, all found by search. A "
        "study whose group 1 has no events, or nothing else, has no l: there the "
        "group is fitted fully and drops out.");
    if (levels) {
        mtp_solution_text(
            m->s,
            "Likelihoods are sums over v as before; `g_a` and `g_s` are the "
            "derivatives of their logarithm in `alpha_s` and `sigma_s`, A, B and D the "
            "second ones, less their sign: A of the level, D of l, B of both. The sum "
            "of `f_i * r_i` is 0: no other l is more likely.");
    }
}

void mtp_random_tests(const mtp_mixed *m)
{
    mtp_solution *s = m->s;
    bool levels = m->random->fit.saturated_sigma2 > 0.0;
    size_t mark = s->scope.n;
    sums of;

    if (!sums_make(m, &of)) {
        return;
    }
    introduce(m, levels && !m->rule);
    if (levels) {
        random_levels(m, &of);
    } else {
        one_level(m, &of);
    }
    if (s->failed) {
        return;
    }
    mtp_mixed_gain(s, "LRT", "2 * (ll_s - ll_c)", m->h->LRT);
    if (m->rule && levels) {
        mtp_solution_text(s, "Wald's `Q` compares the l of the studies by the second "
                             "derivatives of the log-likelihood, and is taken as "
                             "given.");
        mtp_solution_given(s, "Q", m->h->Q);
    } else if (of.own.n > 1) {
        mtp_solution_text(s,
                          "Wald's `Q` compares the l of the studies, whose precision "
                          "is the matrix D - B' A^-1 B: `w_i` are the sums of its "
                          "rows, m is the weighted mean.");
        mtp_random_wald(m, &of.own, levels);
    } else {
        mtp_solution_given(s, "Q", m->h->Q);
    }
    s->scope.n = mark;
    mtp_solution_know(s, "Q", m->h->Q);
    mtp_solution_know(s, "LRT", m->h->LRT);
}
